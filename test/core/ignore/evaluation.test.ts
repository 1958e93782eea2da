import assert from 'node:assert/strict';
import { analyzeIgnoreFile, analyzeIgnoreSteps } from '../../../server/src/core/analyzeIgnoreFile.ts';
import { defaultConfig } from '../../../server/src/core/config.ts';
import { entering, sizeOf } from '../../../server/src/core/context/entering.ts';
import { evaluate } from '../../../server/src/core/context/evaluation.ts';
import { parseIgnore } from '../../../server/src/core/context/ignore.ts';
import { toListing } from '../../../server/src/core/context/listing.ts';
import { snapshotUnder } from '../../../server/src/core/context/underIgnore.ts';
import { contextInWords, explainPatternAt, patternInWords } from '../../../server/src/core/explain/ignoreFile.ts';
import type { Entry, IgnoredFolder, IgnoreFacts } from '../../../server/src/core/workspace.ts';
import { random } from '../../rules/lib/mutate.ts';

const file = (path: string, size = 10): Entry => ({ path, type: 'file', size, mode: 0o644 });
const folder = (entries: readonly Entry[], more: Partial<IgnoredFolder> = {}): IgnoredFolder => ({
  root: '/w',
  path: '.dockerignore',
  listing: toListing(entries),
  texts: new Map(),
  unlisted: [],
  counted: new Map(),
  truncated: false,
  ...more,
});
const facts = (of: IgnoredFolder): IgnoreFacts => ({ folder: of, users: [], misplaced: undefined });
const dependencies: Entry = { path: 'node_modules', type: 'directory', size: 0, mode: 0o755 };

describe('what an ignore file makes of a folder', () => {
  it('agrees with what enters a build, whatever the patterns', () => {
    const pick = random(3);
    const names = ['a', 'b', 'c.d', 'e'];
    const parts = [...names, '*', '**', '*.d', '?'];
    const word = (from: readonly string[], most: number) =>
      Array.from({ length: 1 + pick(most) }, () => from[pick(from.length)]).join('/');
    for (let left = 300; left > 0; left--) {
      // Each file has a name of its own, so that none stands where another one's folder does.
      const entries = Array.from({ length: 30 }, (_, index) => file(`${word(names, 3)}/f${index}`, index));
      const lines = Array.from({ length: 5 }, () => `${pick(3) === 0 ? '!' : ''}${word(parts, 3)}`);
      const parsed = parseIgnore(lines.join('\n'));
      const of = folder(entries);
      const found = evaluate(parsed, of);
      const wanted = entering(of.listing, parsed.matcher);
      assert.deepEqual(found.entering, sizeOf(wanted.entries), lines.join('\n'));
      assert.deepEqual(found.excluded, wanted.excluded);
      const files = ({ type }: Entry) => type === 'file';
      assert.deepEqual(snapshotUnder(parsed, found).entries.filter(files), wanted.entries.filter(files));
      const tallied = [-1, ...lines.keys()].reduce((sum, index) => sum + found.tally(index).files, 0);
      assert.equal(tallied, entries.length);
    }
  });

  it('counts what is in folders that nobody listed, where somebody counted it', () => {
    const counted = new Map([['node_modules', { files: 41_000, bytes: 312_000_000 }]]);
    const unlisted = ['node_modules'];
    const entries = [dependencies, file('a.ts')];
    const known = evaluate(parseIgnore('node_modules'), folder(entries, { unlisted, counted }));
    assert.deepEqual([known.excluded, known.uncounted], [{ files: 41_000, bytes: 312_000_000 }, []]);
    const open = evaluate(parseIgnore('node_modules'), folder(entries, { unlisted }));
    assert.deepEqual([open.excluded, open.uncounted], [{ files: 0, bytes: 0 }, unlisted]);
  });

  it('is made in pieces', () => {
    const entries = Array.from({ length: 20_000 }, (_, index) => file(`src/${index}.ts`));
    let pieces = 0;
    for (
      const steps = analyzeIgnoreSteps('*.log', facts(folder(entries)), defaultConfig);
      !steps.next().done;
      pieces++
    );
    assert.ok(pieces >= 10, `${pieces} pieces`);
  });
});

describe('an ignore file in words', () => {
  it('puts patterns in words', () => {
    const table = {
      node_modules: 'Excludes `node_modules` at the root of the build context; a folder with all that is in it.',
      '**/node_modules': 'Excludes `node_modules` at every depth; a folder with all that is in it.',
      '*.log':
        'Excludes everything that ends with `.log` at the root of the build context; a folder with all that is in it.',
      'docs/**': 'Excludes everything in the folder `docs`; a folder with all that is in it.',
      'src/**/*.test.ts':
        'Excludes everything that ends with `.test.ts` in the folder `src`, at every depth; a folder with all that is in it.',
      '**/dist/x*': 'Excludes everything that begins with `x` in every folder `dist`; a folder with all that is in it.',
      '**/config/**/*.yaml':
        'Excludes everything that ends with `.yaml` in every folder `config`, at every depth; a folder with all that is in it.',
      'pkg/**/src/x': 'Excludes `x` in every folder that matches `pkg/**/src`; a folder with all that is in it.',
      'pkg/*/x': 'Excludes `x` in every folder that matches `pkg/*`; a folder with all that is in it.',
      '**/a*/x': 'Excludes `x` in every folder, at every depth, that matches `a*`; a folder with all that is in it.',
      '!README.md': 'Brings back `README.md` at the root of the build context, where a line above excludes it.',
      'a[': 'The builder refuses this pattern: a "[" begins a list of characters, which must be well formed and end with "]"; "\\[" is the character itself.',
    };
    for (const [text, words] of Object.entries(table)) {
      const [pattern] = parseIgnore(text).patterns;
      assert.equal(pattern && patternInWords(pattern), words);
    }
  });

  it('says what a pattern does here, and which line undoes it', () => {
    const of = folder([file('dist/a.js', 700), file('dist/b.js', 300), file('keep')]);
    const told = (text: string) =>
      explainPatternAt(analyzeIgnoreFile(text, facts(of), defaultConfig), 1)?.sections.flatMap(({ items }) => items);
    assert.deepEqual(told('dist\n'), ['It excludes **2 files, 1.0 kB**: `dist/a.js`, `dist/b.js`']);
    assert.deepEqual(told('dist\n!dist\n'), [
      'It excludes nothing that is there now.',
      'Undone by line 2 (`!dist`), which brings back all of it: the last line that matches wins.',
    ]);
    assert.deepEqual(told('!dist/b.js\ndist\n'), [
      'It has no effect: line 2 (`dist`) excludes it later, and the last line that matches wins.',
    ]);
    assert.deepEqual(told('dist\n!dist/b.js\n'), [
      'It excludes **1 file, 700 B**: `dist/a.js`',
      'Line 2 (`!dist/b.js`) may bring back part of it.',
    ]);
    assert.deepEqual(told('`*`\n')?.length, 1);
    assert.deepEqual(told('.env\n'), ['It excludes nothing that is there now.']);
  });

  it('sums the context up', () => {
    const of = folder([dependencies, file('src/a', 2000), file('b', 500), file('c.log', 9)], {
      unlisted: ['node_modules'],
    });
    const analysis = analyzeIgnoreFile('*.log\nnode_modules\n', facts(of), defaultConfig);
    assert.equal(
      contextInWords(analysis),
      'This folder as a build context: 2 files, 2.5 kB; excluded 1 file, 9 B and what is in node_modules; biggest: src (2.0 kB), b (500 B)',
    );
    const excluded = analyzeIgnoreFile('node_modules\n', facts(of), defaultConfig);
    assert.match(contextInWords(excluded) ?? '', /; excluded what is in node_modules; biggest/);
    assert.deepEqual(explainPatternAt(excluded, 1)?.sections[0]?.items, [
      'It excludes what is in `node_modules`, which was not counted.',
    ]);
    const unknown = analyzeIgnoreFile('*.log\n', { folder: undefined, users: [], misplaced: undefined }, defaultConfig);
    assert.equal(contextInWords(unknown), undefined);
  });
});
