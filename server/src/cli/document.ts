import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Span } from '../core/syntax/span.ts';

/** A place as editors count: both from zero, in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A text whose offsets can be turned into places. */
export interface TextDocument {
  readonly text: string;
  positionAt(offset: number): Position;
  rangeOf(span: Span): Range;
  /** The line's text without its break; empty behind the last one. */
  lineText(line: number): string;
}

export function textDocument(text: string): TextDocument {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const positionAt = (offset: number): Position => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low, character: offset - (starts[low] ?? 0) };
  };
  return {
    text,
    positionAt,
    rangeOf: ({ start, end }) => ({ start: positionAt(start), end: positionAt(end) }),
    lineText: (line) => text.slice(starts[line] ?? text.length, starts[line + 1] ?? text.length).replace(/\r?\n$/, ''),
  };
}

/** A file as it was read. */
export interface Source {
  /** Absolute. */
  readonly file: string;
  /** As messages and results name it: relative to the current folder where it lies below it, with `/`. */
  readonly path: string;
  /** Without a byte order mark: no editor counts it. */
  readonly text: string;
  readonly hasBom: boolean;
}

const bom = '\uFEFF';

/** No real Dockerfile comes near this; what does is something else under its name. */
const mostBytes = 4_000_000;

/** The outermost of these folders that holds the file, the root of the file system left out. All absolute. */
function folderAround(folders: readonly string[], file: string): string | undefined {
  const holds = (folder: string): boolean => folder !== path.dirname(folder) && file.startsWith(folder + path.sep);
  return folders.filter(holds).sort((a, b) => a.length - b.length)[0];
}

/** Where a file is built, as far as the command line tells: its option `--context`, and the folders that it names or runs in. */
export const placeOf = (
  cwd: string,
  context: string | undefined,
  file: string,
  searched: readonly string[] = [],
): { readonly context: string | undefined; readonly around: string | undefined } => ({
  context: context === undefined ? undefined : path.resolve(cwd, context),
  around: folderAround([cwd, ...searched.map((each) => path.resolve(cwd, each))], file),
});

export function displayPath(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  const isBelow = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (isBelow ? relative : file).split(path.sep).join('/');
}

/** @throws Error in words for people, where the bytes are no text. */
export function decode(bytes: Uint8Array): { text: string; hasBom: boolean } {
  if (bytes.length > mostBytes) throw new Error('it is too large for a Dockerfile');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8 text');
  }
  if (text.includes('\0')) throw new Error('it is not text');
  const hasBom = text.startsWith(bom);
  return { text: hasBom ? text.slice(bom.length) : text, hasBom };
}

export const encode = ({ text, hasBom }: Pick<Source, 'text' | 'hasBom'>): string => (hasBom ? bom : '') + text;

/** @throws Error of the file system, or in words for people. */
export async function readSource(cwd: string, file: string): Promise<Source> {
  const { size } = await regularFile(file);
  if (size > mostBytes) throw new Error('it is too large for a Dockerfile');
  return { file, path: displayPath(cwd, file), ...decode(await readFile(file)) };
}

/** Reading a pipe or a device might never end. */
async function regularFile(file: string): Promise<{ size: number }> {
  const found = await stat(file);
  if (found.isDirectory()) throw new Error('it is a folder');
  if (!found.isFile()) throw new Error('it is not a regular file');
  return found;
}
