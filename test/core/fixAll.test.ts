import assert from 'node:assert/strict';
import { analyze } from '../../server/src/core/analyze.ts';
import { defaultConfig, parseConfig } from '../../server/src/core/config.ts';
import { snapshotOfTexts } from '../../server/src/core/context/snapshot.ts';
import { fixAll } from '../../server/src/core/fixAll.ts';
import { applyEdits } from '../../server/src/core/fixes.ts';
import { noFacts } from '../../server/src/core/workspace.ts';
import { onlyRule } from '../lsp/lib/onlyRule.ts';

const split = 'RUN apt-get update\nRUN apt-get install -y curl\n';
const merged = 'RUN apt-get update && apt-get install -y curl\n';

describe('fixAll', () => {
  const fix = (text: string, applicability: 'safe' | 'suggestion' = 'safe', rule?: string) =>
    fixAll(analyze(text, noFacts, parseConfig(onlyRule('warning', rule)).config), applicability);

  it('applies every safe fix, and its edits make the text it promises', () => {
    const text = `FROM debian:12 AS a\n${split}\nFROM debian:12\n${split}COPY --from=a /a /a\n`;
    const fixed = fix(text);
    assert.equal(fixed.text, `FROM debian:12 AS a\n${merged}\nFROM debian:12\n${merged}COPY --from=a /a /a\n`);
    assert.equal(applyEdits(text, fixed.edits), fixed.text);
    assert.deepEqual(fixed.analysis.dockerfile.text, fixed.text);
  });

  it('goes on until nothing is left, and makes one edit of several passes', () => {
    // Both arguments belong in the same place, so that the second has to wait for the next pass.
    const text =
      'FROM debian:12\nARG GIT_SHA\nARG BUILD_DATE\nRUN apt-get install -y curl\nRUN echo $GIT_SHA $BUILD_DATE\n';
    const fixed = fix(text, 'safe', 'early-arg');
    const wanted =
      'FROM debian:12\nRUN apt-get install -y curl\nARG GIT_SHA\nARG BUILD_DATE\nRUN echo $GIT_SHA $BUILD_DATE\n';
    assert.equal(fixed.text, wanted);
    assert.equal(fixed.edits.length, 1);
    assert.equal(applyEdits(text, fixed.edits), wanted);
    assert.deepEqual(fix(wanted, 'safe', 'early-arg').edits, []);
  });

  it('keeps CRLF: no edit begins or ends within a line break', () => {
    const text = `FROM debian:12\r\n${split.replaceAll('\n', '\r\n')}`;
    const fixed = fix(text);
    assert.equal(fixed.text, `FROM debian:12\r\n${merged.replaceAll('\n', '\r\n')}`);
    for (const { span } of fixed.edits)
      for (const offset of [span.start, span.end]) assert.notEqual(text.slice(offset - 1, offset + 1), '\r\n');
  });

  it('edits another file in a later pass where the first one had no room for the fix', () => {
    const text = 'FROM node:22\nARG GIT_SHA\nCOPY . .\nRUN npm ci\nRUN npm run build\n';
    const context = snapshotOfTexts({ 'package.json': '{"name": "app"}', 'package-lock.json': '{}', 'a.js': '' });
    const fixed = fixAll(analyze(text, { context, history: undefined }, defaultConfig), 'suggestion');
    assert.match(fixed.text, /COPY package.json package-lock.json .*\nRUN .*npm ci\nCOPY \. \.\nARG GIT_SHA\n/);
    assert.deepEqual(
      fixed.edits.map(({ path, newText }) => (path === undefined ? [] : [path, newText])).filter(([path]) => path),
      [['.dockerignore', '**/node_modules\n']],
    );
  });

  it('comes to rest where a later pass wants in another file what an earlier one has done', () => {
    const text =
      'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY scripts ./scripts\nCOPY src ./src\nRUN npm ci\n';
    const manifest =
      '{"name": "app", "workspaces": ["scripts/*", "src/*"], "scripts": {"postinstall": "node src/generate.js"}}';
    const files = {
      'package.json': manifest,
      'package-lock.json': '{}',
      'scripts/a.js': '',
      'scripts/lint/package.json': '{"name": "lint"}',
      'src/web/package.json': '{"name": "web"}',
      'src/generate.js': 'require("./" + name)',
    };
    const facts = { context: snapshotOfTexts(files), history: undefined };
    const fixed = fixAll(
      analyze(text, facts, parseConfig(onlyRule('warning', 'copy-before-install')).config),
      'suggestion',
    );
    assert.match(fixed.text, /ignore-scripts\nCOPY src .*\nCOPY scripts .*\nRUN npm rebuild/);
    assert.deepEqual(
      fixed.edits.filter(({ path }) => path).map(({ newText }) => newText),
      ['**/node_modules\n'],
    );
    assert.deepEqual(fixAll(fixed.analysis, 'suggestion').edits, []);
  });

  it('moves an instruction once where two rules would move it, each to another place', () => {
    const text =
      'FROM golang:trixie\nWORKDIR /src\nCOPY . .\n\nRUN apt-get update\nRUN apt-get install -y gcc\nRUN make app\n';
    const context = snapshotOfTexts({ Makefile: 'app:\n\tgcc main.c\n', 'main.c': '' });
    const history = { commits: Array.from({ length: 20 }, () => ['main.c']) };
    const analysis = analyze(text, { context, history }, defaultConfig);
    const rules = analysis.findings.filter(({ fixes }) => fixes.length > 0).map(({ rule }) => rule);
    assert.deepEqual(rules.filter((rule) => /^(copy-before-install|frequent-before-rare)$/.test(rule)).sort(), [
      'copy-before-install',
      'frequent-before-rare',
    ]);
    assert.equal(fixAll(analysis, 'safe').text.match(/COPY/g)?.length, 1);
  });

  it('leaves a text alone that has no findings', () => {
    const fixed = fix('FROM scratch\n', 'suggestion');
    assert.deepEqual([fixed.text, fixed.edits], ['FROM scratch\n', []]);
  });
});
