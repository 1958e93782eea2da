import { createHash } from 'node:crypto';
import { analyze } from '../../../server/src/core/analyze.ts';
import { analyzeIgnoreFile } from '../../../server/src/core/analyzeIgnoreFile.ts';
import { loggedSteps } from '../../../server/src/core/cache/buildLog.ts';
import type { Config } from '../../../server/src/core/config.ts';
import { useOf } from '../../../server/src/core/context/ignoreUsers.ts';
import { toListing } from '../../../server/src/core/context/listing.ts';
import { makeSnapshot } from '../../../server/src/core/context/snapshot.ts';
import { isDockerfileName, isIgnoreFileName } from '../../../server/src/core/filenames.ts';
import type { Example } from '../../../server/src/core/rule.ts';
import type { ContextSnapshot, Entry, Facts, IgnoreFacts } from '../../../server/src/core/workspace.ts';
import type { Found } from './check.ts';
import type { Files, Fixture, FixtureFile } from './fixture.ts';

const entryOf = ([path, { type, text, size, mode }]: readonly [string, FixtureFile]): Entry => ({
  path,
  type,
  size: size ?? Buffer.byteLength(text),
  mode,
  target: type === 'symlink' ? text : undefined,
});

/** The document is a file of its context. It is counted in one spelling, so that messages do not differ by the others. */
function withDocument(path: string, spelled: string, files: Files): Map<string, FixtureFile> {
  const text = spelled.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
  return new Map([...files, [path, { text, type: 'file', mode: 0o644 } as const]]);
}

function contextOf(dockerfile: string, spelled: string, files: Files): ContextSnapshot {
  const all = withDocument(dockerfile, spelled, files);
  const ignorePath = [`${dockerfile}.dockerignore`, '.dockerignore'].find((path) => all.has(path));
  return makeSnapshot({
    root: '/context',
    entries: [...all].map(entryOf),
    ignore: ignorePath === undefined ? undefined : { path: ignorePath, text: all.get(ignorePath)?.text ?? '' },
    dockerfile,
    text: (path) => all.get(path)?.text,
    digest: (path) =>
      createHash('sha256')
        .update(all.get(path)?.text ?? '')
        .digest('hex'),
  });
}

/** What a host would say of a case's build context, with its files as they are after a fix. */
export const factsOf = ({ path, text, history, buildLog }: World, files: Files | undefined): Facts => ({
  context: files && contextOf(path, text, files),
  history: history && { commits: history },
  log: buildLog === undefined ? undefined : { name: 'build.log', steps: loggedSteps(buildLog) },
});

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a host would say of an ignore file: the case's whole folder is the context of all Dockerfiles in it. */
export function ignoreFactsOf({ path, text }: Pick<Fixture, 'path' | 'text'>, files: Files | undefined): IgnoreFacts {
  if (!files) return { folder: undefined, users: [], misplaced: undefined };
  const all = withDocument(path, text, files);
  const dockerfiles = [...all].filter(([name]) => isDockerfileName(baseName(name)));
  const own = (name: string) => (all.has(`${name}.dockerignore`) ? `${name}.dockerignore` : undefined);
  const found = dockerfiles.map(([name, file]) => ({
    path: name,
    text: file.text,
    contexts: [''],
    ownIgnoreFile: own(name),
    ignoreFile: own(name) ?? (all.has('.dockerignore') ? '.dockerignore' : undefined),
  }));
  const folder = {
    root: '/context',
    path,
    listing: toListing([...all].map(entryOf)),
    texts: new Map([...all].map(([name, file]) => [name, file.text])),
    unlisted: [],
    counted: new Map(),
    truncated: false,
  };
  return { folder, ...useOf(path, found) };
}

type World = Pick<Fixture, 'path' | 'text' | 'history' | 'buildLog'>;

/** The analysis of a document, Dockerfile or ignore file, in its world. */
export function analyzeIn(world: World, files: Files | undefined, config: Config): Found {
  if (!isIgnoreFileName(baseName(world.path))) return analyze(world.text, factsOf(world, files), config);
  const { file, ...checked } = analyzeIgnoreFile(world.text, ignoreFactsOf(world, files), config);
  return { ...checked, dockerfile: { problems: file.errors } };
}

/** The context of documentation examples that bring none: a small project in three languages. */
const defaultFiles: Readonly<Record<string, string>> = {
  'README.md': '# Example\n',
  'go.mod': 'module example.com/app\n\ngo 1.24\n',
  'go.sum': '',
  'main.go': 'package main\n\nfunc main() {}\n',
  'package-lock.json': '{"name": "app", "lockfileVersion": 3, "packages": {}}\n',
  'package.json': '{"name": "app", "version": "1.0.0"}\n',
  'requirements.txt': 'flask==3.1.0\n',
  'src/index.js': "console.log('hello');\n",
  'src/app.py': "print('hello')\n",
};

export const textOf = (example: Example): string => example.dockerfile ?? example.ignoreFile;

/** The analysis of a documentation example. */
export function analyzeExample(example: Example, config: Config): Found {
  const { files = defaultFiles } = example;
  const entries = Object.entries(files).map(([path, text]): [string, FixtureFile] => [
    path,
    { text, type: 'file', mode: 0o644 },
  ]);
  const path = example.dockerfile === undefined ? '.dockerignore' : 'Dockerfile';
  return analyzeIn({ path, text: textOf(example), history: example.history }, new Map(entries), config);
}
