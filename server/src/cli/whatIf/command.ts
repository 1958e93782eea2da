import path from 'node:path';
import type { Config } from '../../core/config.ts';
import { type BuildChange, type BuildInput, type WhatIfStep, whatIf } from '../../core/whatIf.ts';
import type { ContextSnapshot } from '../../core/workspace.ts';
import type { WhatIfArguments } from '../arguments.ts';
import { placeOf } from '../document.ts';
import { open } from '../explain.ts';
import { complain, type ExitCode, type Io, UsageError } from '../io.ts';
import { loadConfig } from '../settings.ts';
import { otherBuild } from './against.ts';
import { withContents } from './contents.ts';
import { doubt } from './doubt.ts';
import { toText } from './text.ts';

/** Prints for each step whether a build after some change takes it from the cache. */
export async function predict(io: Io, args: WhatIfArguments): Promise<ExitCode> {
  const source = await open(io, args.file);
  const config = { ...(await loadConfig(io, args.config)), history: false };
  const { file, text } = source;
  const facts = await io.gather({ file, text, config, ...placeOf(io.cwd, args.context, file) });
  const context = facts.context && withContents(facts.context);
  const target = args.target ?? config.target;
  const now: BuildInput = {
    text: source.text,
    context,
    args: config.buildArgs,
    target,
    builder: config.builder,
    namedContexts: facts.builds?.namedContexts,
  };
  const change = changeOf(io, args, context);
  doubt(io, args, now);
  const { steps } = await compare(io, args, now, change, source.file, config);
  io.stdout.write(args.format === 'json' ? toJson(steps) : toText(io, steps));
  return 0;
}

/** The fields of version 1 and no others. */
function toJson(all: readonly WhatIfStep[]): string {
  const steps = all.map(({ lastLine: _, ...step }) => step);
  return `${JSON.stringify({ version: 1, steps })}\n`;
}

/** The build of before is this one, or the one that `--against` names; the change leads to this one as the options have it. */
async function compare(
  io: Io,
  args: WhatIfArguments,
  now: BuildInput,
  change: BuildChange,
  file: string,
  config: Config,
): Promise<{ readonly steps: readonly WhatIfStep[] }> {
  if (args.against === undefined) return whatIf(now, { ...change, args: args.buildArgs });
  if (!now.context) throw new UsageError('the build context is not known: name it with --context');
  const other = await otherBuild(io, args.against, file, now.context, config);
  const before = { ...now, ...other, args: { ...now.args, ...args.againstBuildArgs } };
  const dropped = Object.fromEntries(Object.keys(args.againstBuildArgs).map((name) => [name, now.args[name]]));
  return whatIf(before, {
    ...change,
    text: now.text,
    context: now.context,
    args: { ...dropped, ...args.buildArgs },
  });
}

function changeOf(io: Io, args: WhatIfArguments, context: ContextSnapshot | undefined): BuildChange {
  const paths = [...args.change, ...args.add, ...args.delete];
  if (paths.length > 0 && !context) throw new UsageError('the build context is not known: name it with --context');
  const inContext = (names: readonly string[], mustExist: boolean) =>
    context ? names.flatMap((name) => contextPath(io, context, name, mustExist)) : [];
  return {
    changed: inContext(args.change, true),
    deleted: inContext(args.delete, true),
    added: inContext(args.add, false),
    images: args.base,
  };
}

/** A path as the context has it. It may be written from the context or from the current folder; what exists counts. */
function contextPath(io: Io, { root, get }: ContextSnapshot, name: string, mustExist: boolean): string[] {
  const fromContext = path.posix.normalize(name.split(path.sep).join('/')).replace(/^\.\/|\/$/g, '');
  const relative = path.relative(root, path.resolve(io.cwd, name)).split(path.sep).join('/');
  const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
  const candidates = [...(isInside ? [relative] : []), fromContext];
  const known = candidates.find((candidate) => candidate === '' || candidate === '.' || get(candidate));
  if (known !== undefined) return [known === '.' ? '' : known];
  if (mustExist) {
    complain(io, `${name} does not reach the builder: it is ignored, or not in the build context ${root}`);
    return [];
  }
  const wanted = candidates.find((candidate) => !candidate.startsWith('..') && !path.isAbsolute(candidate));
  if (wanted === undefined) complain(io, `${name} is not in the build context ${root}`);
  return wanted === undefined ? [] : [wanted];
}
