import { stat } from 'node:fs/promises';
import path from 'node:path';
import { bytes, plural } from '../core/prose.ts';
import type { ContextSnapshot } from '../core/workspace.ts';
import type { ContextArguments } from './arguments.ts';
import { displayPath, placeOf, textDocument } from './document.ts';
import { open } from './explain.ts';
import { type Problem, reason } from './find.ts';
import { complain, type ExitCode, type Io, printable, UsageError } from './io.ts';
import { loadConfig } from './settings.ts';
import { styleFor, widthOf, wrap } from './style.ts';

/** What enters a build, and what is left out. */
interface Listed {
  readonly context: ContextSnapshot;
  /** What other builds of the Dockerfile take. */
  readonly others: readonly ContextSnapshot[];
  /** Files and symbolic links, biggest first. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Why the builder takes none of them, or why there may be more. */
  readonly problems: readonly (Problem & { readonly line?: number })[];
}

/** Files that the text names; JSON names all. */
const most = 100;

/** Prints what reaches the builder, biggest first. */
export async function showContext(io: Io, args: ContextArguments): Promise<ExitCode> {
  const { context, others } = await readContext(io, args);
  const refused = (context.refused ?? []).length > 0;
  const files = refused
    ? []
    : context.entries
        .filter(({ type }) => type !== 'directory')
        .map(({ path: name, size }) => ({ path: name, bytes: size }))
        .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  const listed: Listed = { context, others, files, problems: [...problemsOf(context, files.length)] };
  for (const { path: name, line, message } of listed.problems)
    complain(io, `${line === undefined ? name : `${name}:${line}`}: ${message}`);
  io.stdout.write(args.format === 'json' ? toJson(listed) : toText(io, listed));
  return refused ? 1 : listed.problems.length > 0 ? 2 : 0;
}

/** @throws UsageError where there is nothing to build. */
async function readContext(io: Io, args: ContextArguments): Promise<Pick<Listed, 'context' | 'others'>> {
  const config = { ...(await loadConfig(io, args.config)), history: false };
  const named = path.resolve(io.cwd, args.path);
  const isFolder = await stat(named).then(
    (found) => found.isDirectory(),
    (error) => {
      throw new UsageError(`${args.path}: ${reason(error)}`);
    },
  );
  // A folder may be all that is known: what "docker build" makes of it does not hang on the Dockerfile's text.
  const { file, text } = isFolder ? { file: path.join(named, 'Dockerfile'), text: '' } : await open(io, args.path);
  const { around, context: folder = isFolder ? named : undefined } = placeOf(io.cwd, args.context, file);
  const { context, others = [] } = await io.gather({ file, text, config, context: folder, around, count: true });
  if (!context || context.unreadable?.includes(''))
    throw new UsageError(
      `${displayPath(io.cwd, context?.root ?? folder ?? named)}: it is not a folder that can be read`,
    );
  return { context, others };
}

function* problemsOf({ ignore, refused = [], unreadable = [], truncated }: ContextSnapshot, count: number) {
  const document = textDocument(ignore?.text ?? '');
  for (const { start, text, error } of refused) {
    const message = `the builder refuses the pattern ${text}: ${error}`;
    yield { path: ignore?.path ?? '', line: document.positionAt(start).line + 1, message };
  }
  for (const name of unreadable) yield { path: name, message: 'it cannot be read, and the builder fails on it' };
  if (truncated) yield { path: '.', message: `counted ${plural(count, 'file')}, more exist` };
}

function toJson({ context: { root, ignore, excluded }, files, problems }: Listed): string {
  const left = problems.length > 0 && files.length === 0 ? { files: 0, bytes: 0 } : excluded;
  return `${JSON.stringify({ version: 1, context: root, ignoreFile: ignore?.path ?? null, files, excluded: left, problems })}\n`;
}

function toText(io: Io, { context, others, files }: Listed): string {
  const style = styleFor(io);
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const shown = files.slice(0, most).map((file) => ({ size: bytes(file.bytes), name: printable(file.path) }));
  const width = Math.max(0, ...shown.map((each) => each.size.length));
  const more = files.length - shown.length;
  return [
    ...wrap(printable(`The build context is ${context.root} (${context.reason}).`), widthOf(io)),
    ...others.flatMap(({ root, reason: why }) => wrap(printable(`Another build takes ${root} (${why}).`), widthOf(io))),
    style.bold(
      context.refused?.length
        ? 'Nothing enters: the builder refuses the ignore file.'
        : `${plural(files.length, 'file')} ${files.length === 1 ? 'enters' : 'enter'}, ${bytes(size)}.`,
    ),
    ...shown.map((each) => `${style.dim(each.size.padStart(width + 2))}  ${each.name}`),
    ...(more > 0 ? [`  … and ${plural(more, 'smaller file')}; --format json names all.`] : []),
    ...leftOut(context),
    '',
  ].join('\n');
}

function leftOut({ ignore, excluded, refused }: ContextSnapshot): string[] {
  if (!ignore) return ['There is no ignore file.'];
  if (refused?.length) return [];
  return [`${printable(ignore.path)} keeps out ${plural(excluded.files, 'file')}, ${bytes(excluded.bytes)}.`];
}
