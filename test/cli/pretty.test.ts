import assert from 'node:assert/strict';
import type { Report } from '../../server/src/cli/check.ts';
import { textDocument } from '../../server/src/cli/document.ts';
import { pretty } from '../../server/src/cli/format/pretty.ts';
import { wrap } from '../../server/src/cli/style.ts';
import type { Finding } from '../../server/src/core/rule.ts';
import { testIo } from './lib/io.ts';
import { checkedFile, finding, reportOf, spanOf, text } from './lib/report.ts';

const print = (report: Report, options: Parameters<typeof testIo>[0] = {}): string => pretty(report, testIo(options));

const inText = (source: string, part: string, message = 'M.'): Report => {
  const one: Finding = { ...finding, span: spanOf(part, source), message, related: [], fixes: [] };
  return { ...reportOf(), files: [{ ...checkedFile([one]), document: textDocument(source) }] };
};

describe('format pretty', () => {
  it('shows the cause, the lines and the fix', () => {
    assert.equal(
      print(reportOf(finding)),
      [
        'app/Dockerfile:2:6 warning early-arg',
        '  Any of 214 files makes this run again.',
        '',
        '  2 │ COPY . .',
        '    │      ^^^',
        '  3 │ RUN npm ci \\',
        '    │ ^^^ Runs again.',
        '  fix (safe): Copy less',
        '',
        '1 finding in 1 of 1 file: 1 warning. --fix mends 1.',
        '',
      ].join('\n'),
    );
  });

  it('marks several places of one line below it once', () => {
    const two = { ...finding, related: [{ span: spanOf('COPY'), message: 'Here.' }], fixes: [] };
    const lines = print(reportOf(two)).split('\n').slice(3, 6);
    assert.deepEqual(lines, ['  2 │ COPY . .', '    │ ^^^^ Here.', '    │      ^^^']);
  });

  it('wraps to the terminal, within reason', () => {
    const message = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
    const widest = (columns: number | undefined) =>
      Math.max(
        ...print(reportOf({ ...finding, message }), { columns })
          .split('\n')
          .map((line) => line.length),
      );
    assert.ok(widest(60) <= 60 && widest(60) > 50);
    assert.ok(widest(5) <= 52);
    assert.ok(widest(undefined) <= 100 && widest(undefined) > 80);
    assert.deepEqual(wrap('a bb cccccccc d\ne', 4), ['a bb', 'cccccccc', 'd', 'e']);
  });

  it('puts a message that has no room behind the carets below them', () => {
    const message = 'This is a sentence that goes on for quite a while, much longer than the terminal is wide.';
    const related = [{ span: spanOf('RUN'), message }];
    const lines = print(reportOf({ ...finding, related }), { columns: 60 })
      .split('\n')
      .slice(6, 9);
    assert.deepEqual(lines, [
      '    │ ^^^',
      '    │ This is a sentence that goes on for quite a while,',
      '    │ much longer than the terminal is wide.',
    ]);
  });

  it('cuts a long line around what it is about', () => {
    const source = `RUN ${'x '.repeat(200)}CAUSE ${'y '.repeat(200)}\n`;
    const [, , , line = '', carets = ''] = print(inText(source, 'CAUSE'), { columns: 80 }).split('\n');
    assert.ok(line.length <= 80);
    assert.equal(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'CAUSE');
  });

  it('keeps carets under the text behind tabs', () => {
    const [, , , line, carets] = print(inText('RUN\ta\tb\n', 'b')).split('\n');
    assert.deepEqual([line, carets], ['  1 │ RUN\ta\tb', '    │    \t \t^']);
  });

  it('marks the first line of a span over several', () => {
    const [, , , line, carets] = print(inText(text, 'npm ci \\\n  && npm test')).split('\n');
    assert.deepEqual([line, carets], ['  3 │ RUN npm ci \\', '    │     ^^^^^^^^']);
  });

  it('obeys no escape sequence of a file, a name or a message', () => {
    const report = inText('RUN echo \u001b]0;owned\u0007 \u202e\n', 'echo', 'Bad \u001b[31m.');
    const named = { ...report, files: report.files.map((file) => ({ ...file, path: 'a\u001b[2J/Dockerfile' })) };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not come through
    assert.doesNotMatch(print(named), /[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('sums up what was found and what can be mended', () => {
    const suggestion: Finding = { ...finding, fixes: [{ title: 'T', applicability: 'suggestion', edits: [] }] };
    const last = (...findings: Finding[]) =>
      print(reportOf(...findings))
        .trimEnd()
        .split('\n')
        .at(-1);
    assert.equal(last(), 'No findings in 1 file.');
    assert.equal(
      last(finding, suggestion, { ...finding, severity: 'information', fixes: [] }),
      '3 findings in 1 of 1 file: 2 warnings, 1 information. --fix mends 1, --fix=all 2.',
    );
    assert.equal(last(suggestion), '1 finding in 1 of 1 file: 1 warning. --fix=all mends 1.');
  });

  it('says what was fixed', () => {
    const fixed = {
      rules: new Map([
        ['early-arg', 2],
        ['split-apt-update', 1],
      ]),
      others: ['.dockerignore'],
    };
    const report = { ...reportOf(), files: [{ ...checkedFile([]), fixed }] };
    assert.equal(
      print(report),
      'fixed app/Dockerfile: early-arg (2 times), split-apt-update; wrote .dockerignore as well\nNo findings in 1 file.\n',
    );
  });
});

describe('colours', () => {
  const coloured = (options: Parameters<typeof testIo>[0]) => print(reportOf(finding), options).includes('\u001b[');

  it('are for terminals', () => {
    assert.equal(coloured({}), false);
    assert.equal(coloured({ isTerminal: true }), true);
    assert.equal(coloured({ isTerminal: true, env: { TERM: 'dumb' } }), false);
  });

  it('follow NO_COLOR and FORCE_COLOR', () => {
    assert.equal(coloured({ isTerminal: true, env: { NO_COLOR: '1' } }), false);
    assert.equal(coloured({ env: { FORCE_COLOR: '1' } }), true);
    assert.equal(coloured({ isTerminal: true, env: { FORCE_COLOR: '0' } }), false);
    assert.equal(coloured({ env: { FORCE_COLOR: '1', NO_COLOR: '1' } }), false);
  });
});
