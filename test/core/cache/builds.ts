import { type BuildOptions, buildGraph } from '../../../server/src/core/build/graph.ts';
import { type Builder, cacheModel, compareBuilds, type Model } from '../../../server/src/core/cache/model.ts';
import { snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';

export const someFiles = { 'a.txt': 'a', 'b.txt': 'b', 'src/x.js': 'x', 'src/deep/y.js': 'y', 'package.json': '{}' };

export interface TestBuild extends Partial<BuildOptions> {
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly builder?: Builder;
}

/** A model of a text over a small context in which the Dockerfile is not. */
export const model = (text: string, { files = someFiles, builder = 'buildkit', ...options }: TestBuild = {}): Model =>
  cacheModel(buildGraph(parseDockerfile(text), { args: {}, ...options }), { context: snapshotOfTexts(files), builder });

/** Outcomes in file order, one letter each: c, r or d; of a `COPY --link` the copy and then what it is laid over. */
export const outcomes = (before: Model, after: Model): string =>
  compareBuilds(before, after)
    .flatMap(({ outcome, link }) => [outcome, ...(link ? [link.outcome] : [])])
    .map(([letter]) => letter)
    .join('');

export const causes = (before: Model, after: Model): string[] =>
  compareBuilds(before, after).map(({ because }) => because);
