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

/** The document with a comment behind each break of a continued line. */
function commented(text: string, comment: string): string {
  const { instructions, directives } = parseDockerfile(text);
  if (directives.some(({ name }) => name === 'escape')) return text;
  const breaks = instructions
    .filter(({ heredocs }) => heredocs.length === 0)
    .flatMap(({ span }) =>
      [...text.slice(span.start, span.end).matchAll(/\\\n/g)].map(({ index }) => span.start + index + 2),
    );
  const edits = breaks.map((at) => ({ span: { start: at, end: at }, newText: `${comment}\n` }));
  return applyEdits(text, edits);
}

/** What BuildKit makes of it: no comments, no empty lines, no breaks of continued lines. */
const plain = (text: string): string =>
  text
    .replace(/^[ \t]*(#.*)?\r?\n/gm, '')
    .replace(/[ \t]*\\\n[ \t]*/g, ' ')
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

function check(fixture: Fixture, comment: string): void {
  const text = commented(fixture.text, comment);
  if (text === fixture.text) return;
  const [bare, full] = [fixture.text, text].map((each) =>
    fixesOf(analyze(each, factsOf({ ...fixture, text: each }, fixture.files), defaultConfig)),
  );
  for (const [key, fix] of full ?? []) {
    const same = bare?.get(key);
    if (same) assert.equal(applied(text, fix), applied(fixture.text, same), `${key}\n${text}`);
  }
}

describe('fixes of continued lines with comments between them', () => {
  for (const { id } of rules) {
    const fixtures = fixtureSources(id)
      .map(({ source }) => parseFixture(source))
      .filter(({ path }) => !isIgnoreFileName(path));
    for (const comment of ['  # why', '  # libxml2 \\', ''])
      it(`of ${id} do the same as without: ${comment.trim() || 'empty lines'}`, () => {
        for (const fixture of fixtures) check(fixture, comment);
      });
  }
});
