import type { Applicability } from '../../../server/src/core/fixes.ts';
import { type Annotation, readAnnotated } from './annotations.ts';

/** A file of the case's build context. */
export interface FixtureFile {
  readonly text: string;
  readonly type: 'file' | 'symlink';
  /** Bytes; the text's own length where it is undefined. */
  readonly size?: number | undefined;
  readonly mode: number;
}

export type Files = ReadonlyMap<string, FixtureFile>;

/** What a fix must make of the document and of other files. */
export interface FixedText {
  readonly title: string;
  readonly applicability: Applicability;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
}

/** One fixture file: a document, the world around it, and everything that must be found in it. */
export interface Fixture {
  /** The document's path in the build context. */
  readonly path: string;
  readonly text: string;
  /** The build context without the document; undefined where the case says that there is none. */
  readonly files: Files | undefined;
  readonly history: readonly (readonly string[])[] | undefined;
  /** As a builder prints it. */
  readonly buildLog?: string | undefined;
  /** As a settings file holds it. */
  readonly config: unknown;
  readonly annotations: readonly Annotation[];
  readonly fixed: readonly FixedText[];
  /** Each must occur in a message of the rule. */
  readonly messages: readonly string[];
}

interface Section {
  readonly heading: string;
  readonly body: string;
}

const nonBlank = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** `--- heading` and the lines up to the next one. What stands before the first is prose about the case. */
function sectionsOf(source: string): Section[] {
  const parts = source.split(/^--- (.+)\n/m);
  const headings = parts.filter((_, index) => index % 2 === 1);
  return headings.map((heading, index) => ({ heading: heading.trim(), body: parts[2 * index + 2] ?? '' }));
}

const attribute = /^(?:symlink|no final newline|(size|mode) (\d+))$/;

/** `path (attribute, attribute)`: symlink, mode 755, size 5000, no final newline. */
function fileOf({ heading, body }: Section): [string, FixtureFile] {
  const [, path = '', list = ''] = /^(?:\.\/)?(.*?)(?: \(([^()]*)\))?$/.exec(heading) ?? [];
  const attributes = list.split(/, ?/).filter(Boolean);
  const wrong = attributes.find((item) => !attribute.test(item));
  if (wrong) throw new Error(`--- ${heading}: there is no attribute "${wrong}"`);
  const value = (name: string) =>
    attributes.map((item) => attribute.exec(item)).find((match) => match?.[1] === name)?.[2];
  const isLink = attributes.includes('symlink');
  const text = isLink ? body.trim() : attributes.includes('no final newline') ? body.replace(/\n$/, '') : body;
  const size = value('size') ? Number(value('size')) : undefined;
  return [path, { text, type: isLink ? 'symlink' : 'file', size, mode: Number.parseInt(value('mode') ?? '644', 8) }];
}

/** `src/{1..200}.ts 1500`: many files at once, each of so many bytes (100 by default). */
function filesOf(line: string): [string, FixtureFile][] {
  const [, pattern, size = '100'] = /^(\S+)(?: +(\d+))?$/.exec(line.trim()) ?? [];
  if (!pattern) throw new Error(`--- files: "${line}" is not a path with or without a size`);
  const [range = '', first = '0', last = '0'] = /\{(\d+)\.\.(\d+)\}/.exec(pattern) ?? [];
  const numbers = Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
  const file: FixtureFile = { text: '', type: 'file', size: Number(size), mode: 0o644 };
  return numbers.map((n) => [range ? pattern.replace(range, String(n)) : pattern, file]);
}

/** `fixed: TITLE`, `fixed (suggestion): TITLE`; behind it `fixed file: PATH` for other files that the fix edits. */
function fixedOf(sections: readonly Section[]): FixedText[] {
  const fixed: (FixedText & { files: Map<string, string> })[] = [];
  for (const { heading, body } of sections) {
    const [, file, applicability, name = ''] = /^fixed( file)?(?: \((safe|suggestion)\))?: (.+)$/.exec(heading) ?? [];
    if (!name) throw new Error(`--- ${heading}: neither "fixed: TITLE" nor "fixed (suggestion): TITLE"`);
    if (file) fixed.at(-1)?.files.set(name, body);
    else {
      const suggested = applicability === 'suggestion';
      fixed.push({ title: name, applicability: suggested ? 'suggestion' : 'safe', text: body, files: new Map() });
    }
  }
  return fixed;
}

function contextOf(sections: readonly Section[]): Files {
  const entries = sections.flatMap((section) =>
    section.heading === 'files' ? nonBlank(section.body).flatMap(filesOf) : [fileOf(section)],
  );
  const files = new Map(entries);
  if (files.size < entries.length) throw new Error('a file occurs twice');
  return files;
}

const words = ['message', 'history', 'build log', 'config', 'no context'];

/**
 * Parses a fixture file (CONTRIBUTING.md describes the format).
 * @throws Error where the file itself is wrong: better a loud case than one that proves nothing.
 */
export function parseFixture(source: string): Fixture {
  const [document, ...others] = sectionsOf(source);
  if (!document) throw new Error('the fixture has no "--- Dockerfile" section');
  const [path, { text: annotated }] = fileOf(document);
  const { text, annotations } = readAnnotated(annotated);
  const body = (name: string) => others.find(({ heading }) => heading === name)?.body;
  const config = body('config');
  const isFixed = ({ heading }: Section) => /^fixed\b.*:/.test(heading);
  const context = contextOf(others.filter((section) => !isFixed(section) && !words.includes(section.heading)));
  return {
    path,
    text,
    annotations,
    files: body('no context') === undefined ? context : undefined,
    history:
      body('history') === undefined
        ? undefined
        : nonBlank(body('history') ?? '').map((line) => line.trim().split(/\s+/)),
    buildLog: body('build log'),
    config: config === undefined ? undefined : JSON.parse(config),
    fixed: fixedOf(others.filter(isFixed)),
    messages: nonBlank(body('message') ?? ''),
  };
}
