import assert from 'node:assert/strict';
import { type Analysis, analyze } from '../../server/src/core/analyze.ts';
import { defaultConfig } from '../../server/src/core/config.ts';
import { isIgnoreFileName } from '../../server/src/core/filenames.ts';
import { applyEdits, type Fix } from '../../server/src/core/fixes.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import { parseDockerfile } from '../../server/src/core/syntax/parseDockerfile.ts';
import { fixtureSources } from './lib/files.ts';
import { type Fixture, parseFixture } from './lib/fixture.ts';
import { factsOf } from './lib/world.ts';

interface Change {
  readonly what: string;
  readonly before: string;
  readonly behind: string;
}

const changes: readonly Change[] = [
  { what: 'comments, empty lines and blanks at the ends', before: ' \t', behind: '  # why\n\n' },
  { what: 'words that are commented out', before: '', behind: '  # libxml2 \\\n' },
];

/** The document with a line for each command and each option of its RUNs. */
function onLines(text: string): string {
  const { instructions, directives } = parseDockerfile(text);
  if (directives.some(({ name }) => name === 'escape')) return text;
  const edits = instructions
    .filter(({ keyword, form, heredocs }) => keyword === 'RUN' && form === 'shell' && heredocs.length === 0)
    .flatMap(({ span }) =>
      [...text.slice(span.start, span.end).matchAll(/ (?=&& |--[a-z])/g)].map(({ index }) => ({
        span: { start: span.start + index, end: span.start + index + 1 },
        newText: ' \\\n    ',
      })),
    );
  return applyEdits(text, edits);
}

/** The document with something behind each break of a continued line, or before it. */
function withBreaks(text: string, change: Change): string {
  const { instructions, directives } = parseDockerfile(text);
  if (directives.some(({ name }) => name === 'escape')) return text;
  const breaks = instructions
    .filter(({ heredocs }) => heredocs.length === 0)
    .flatMap(({ span }) =>
      [...text.slice(span.start, span.end).matchAll(/\\\n/g)].map(({ index }) => span.start + index + 2),
    );
  const edits = breaks.map((at) => ({
    span: { start: at - 1, end: at },
    newText: `${change.before}\n${change.behind}`,
  }));
  return applyEdits(text, edits);
}

/** What BuildKit makes of it: no comments, no empty lines, no breaks of continued lines. */
const plain = (text: string): string =>
  text
    .replace(/^[ \t]*(#.*)?\r?\n/gm, '')
    .replace(/[ \t]*\\[ \t]*\n[ \t]*/g, ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/[ \t]+/g, ' ');

const fixesOf = ({ findings }: Analysis): Map<string, Fix> =>
  new Map(
    findings.flatMap(({ rule, fixes }, index) =>
      fixes.map((fix, at) => [[rule, index, at, fix.title.replace(/\d+/g, '')].join(' '), fix]),
    ),
  );

const applied = (text: string, { edits }: Fix): string =>
  plain(
    applyEdits(
      text,
      edits.filter(({ path }) => path === undefined),
    ),
  );

function check(fixture: Fixture, change: Change): void {
  const text = withBreaks(onLines(fixture.text), change);
  if (text === fixture.text) return;
  const [bare, full] = [fixture.text, text].map((each) =>
    fixesOf(analyze(each, factsOf({ ...fixture, text: each }, fixture.files), defaultConfig)),
  );
  for (const [key, fix] of full ?? []) {
    const same = bare?.get(key);
    if (same) assert.equal(applied(text, fix), applied(fixture.text, same), `${key}\n${text}`);
  }
}

describe('fixes of continued lines', () => {
  for (const { id } of rules) {
    const fixtures = fixtureSources(id)
      .map(({ source }) => parseFixture(source))
      .filter(({ path }) => !isIgnoreFileName(path));
    for (const change of changes)
      it(`of ${id} do the same with ${change.what}`, () => {
        for (const fixture of fixtures) check(fixture, change);
      });
  }
});
