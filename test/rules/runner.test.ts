import assert from 'node:assert/strict';
import type { Fix } from '../../server/src/core/fixes.ts';
import type { Finding } from '../../server/src/core/rule.ts';
import { annotate, readAnnotated } from './lib/annotations.ts';
import { type Analyze, checkFixture } from './lib/check.ts';
import { parseFixture } from './lib/fixture.ts';

interface Flaws {
  readonly edit?: (at: number, text: string) => Fix['edits'];
  readonly end?: number;
  readonly ignoresCrlf?: boolean;
  readonly problemAfter?: boolean;
  readonly failure?: boolean;
}

/** A rule about the letter X, right or with a flaw that the runner must see. */
function analyzer(flaws: Flaws = {}): Analyze {
  return (text) => {
    const findings = [...text.matchAll(/X/g)].flatMap(({ index }): Finding[] => {
      if (flaws.ignoresCrlf && text.includes('\r')) return [];
      const edits = flaws.edit?.(index, text) ?? [{ span: { start: index, end: index + 1 }, newText: 'Y' }];
      return [
        {
          rule: 'no-x',
          severity: 'warning',
          span: { start: index, end: index + (flaws.end ?? 1) },
          message: `There is an X in ${text.trimEnd().split('\n').length} lines.`,
          related: [{ span: { start: text.indexOf('RUN'), end: text.indexOf('RUN') + 3 }, message: 'Runs again.' }],
          fixes: [{ title: 'Use Y', applicability: 'safe', edits }],
        },
      ];
    });
    const fixed = !text.includes('X');
    return {
      findings,
      failures: flaws.failure ? ['no-x: broken'] : [],
      dockerfile: { problems: flaws.problemAfter && fixed ? ['broken'] : [] },
    };
  };
}

const right = `Prose about the case.
--- Dockerfile
FROM X
#    ^ no-x warning
RUN y
^^^ related: again
--- fixed: Use Y
FROM Y
RUN y
--- message
There is an X
in 2 lines
`;

const check = (source: string, flaws: Flaws = {}) => checkFixture('no-x', parseFixture(source), analyzer(flaws));

describe('the runner of rule fixtures', () => {
  it('accepts a case that is right', () => check(right));

  const wrong: Record<string, string> = {
    'a finding that is not annotated': right.replace('#    ^ no-x warning\n', ''),
    'an annotation without a finding': right.replace('RUN y\n', 'RUN y\n#   ^ no-x\n'),
    'a caret in the wrong column': right.replace('#    ^', '#   ^'),
    'carets that are too long': right.replace('FROM X', 'FROM Xx').replace('#    ^', '#    ^^'),
    'another rule': right.replace('^ no-x', '^ no-y'),
    'another severity': right.replace('no-x warning', 'no-x hint'),
    'a related step that is not annotated': right.replace('^^^ related: again\n', ''),
    'a related step that is not found': right.replace('RUN y\n', 'RUN y\n#   ^ related\n'),
    'another related message': right.replace('related: again', 'related: never'),
    'another message': right.replace('in 2 lines', 'in 3 lines'),
    'a fix that is not listed': right.replace(/--- fixed.*\n.*\n.*\n/, ''),
    'a fix that is not offered': right.replace('--- fixed: Use Y', '--- fixed: Use Z'),
    'another applicability': right.replace('fixed: Use', 'fixed (suggestion): Use'),
    'another fixed text': right.replace('FROM Y\n', 'FROM Z\n'),
  };
  for (const [name, source] of Object.entries(wrong)) {
    it(`rejects ${name}`, () => {
      assert.notEqual(source, right, 'the case is not wrong');
      assert.throws(() => check(source), assert.AssertionError);
    });
  }

  const flawed: Record<string, [Flaws, RegExp]> = {
    'a rule that fails': [{ failure: true }, /broken/],
    'a span that is too long': [{ end: 2 }, /what was found/],
    'a fix that edits nothing': [{ edit: () => [] }, /edits nothing/],
    'edits out of bounds': [{ edit: (at) => [{ span: { start: at, end: 999 }, newText: 'Y' }] }, /out of bounds/],
    'edits that overlap': [
      { edit: (at) => [0, 1].map(() => ({ span: { start: at, end: at + 1 }, newText: 'Y' })) },
      /edits overlap/,
    ],
    'a fix that breaks the syntax': [{ problemAfter: true }, /after "Use Y"/],
    'a rule that stumbles over CRLF': [{ ignoresCrlf: true }, /CRLF/],
    'a fix that writes LF into a file with CRLF': [
      {
        edit: (at, text) =>
          text.includes('\r')
            ? [{ span: { start: at, end: at + 3 }, newText: 'Y\n' }]
            : [{ span: { start: at, end: at + 1 }, newText: 'Y' }],
      },
      /CRLF/,
    ],
    'a fix that trips over a byte order mark': [
      { edit: (at, text) => [{ span: { start: text.startsWith('\uFEFF') ? at - 1 : at, end: at + 1 }, newText: 'Y' }] },
      /byte order mark/,
    ],
  };
  for (const [name, [flaws, message]] of Object.entries(flawed)) {
    it(`rejects ${name}`, () => assert.throws(() => check(right, flaws), message));
  }

  it('rejects a fix that leaves its finding', () => {
    const edit: Flaws['edit'] = (at) => [{ span: { start: at, end: at }, newText: 'Y' }];
    assert.throws(() => check(right.replace('FROM Y', 'FROM YX'), { edit }), /still there/);
  });

  it('rejects fixes that never come to rest', () => {
    const two = right
      .replace('FROM X\n#    ^ no-x warning', 'FROM XX\n#    ^ no-x\n#     ^ no-x')
      .replace('FROM Y\nRUN y', 'FROM YX\nRUN y\n--- fixed: Use Y\nFROM XY\nRUN y');
    check(two);
    // Both replace the same two letters, so that only one goes through, and the next pass brings the other X back.
    const edit: Flaws['edit'] = (at, text) => {
      const newText = text.includes('XX') ? `${text.slice(5, at)}Y${text.slice(at + 1, 7)}` : 'XX';
      return [{ span: { start: 5, end: 7 }, newText }];
    };
    assert.throws(() => check(two, { edit }), /never come to rest/);
  });

  it('checks the text of other files that a fix edits', () => {
    const edit: Flaws['edit'] = (at) => [
      { span: { start: at, end: at + 1 }, newText: 'Y' },
      { path: 'a.txt', span: { start: 0, end: 0 }, newText: 'new\n' },
    ];
    const source = right.replace('--- message', '--- fixed file: a.txt\nnew\nold\n--- a.txt\nold\n--- message');
    check(source, { edit });
    assert.throws(() => check(source.replace('new\nold', 'old'), { edit }), /a\.txt after "Use Y"/);
    assert.throws(() => check(right, { edit }), /a\.txt after "Use Y"/);
  });
});

describe('the format of rule fixtures', () => {
  it('reads files, many files, history and configuration', () => {
    const fixture = parseFixture(
      [
        '--- docker/Dockerfile (no final newline)\nFROM a\n',
        '--- package.json\n{}\n',
        '--- run.sh (mode 755, size 9)\n',
        '--- link (symlink)\nrun.sh\n',
        '--- files\nsrc/{1..3}.ts 1500\nREADME.md\n',
        '--- history\nsrc/1.ts README.md\nsrc/2.ts\n',
        '--- config\n{"target": "test"}\n',
        '--- fixed (suggestion): Do it (now)\nFROM b\n--- fixed file: run.sh\n#!/bin/sh\n',
      ].join(''),
    );
    const file = { type: 'file', text: '', size: undefined, mode: 0o644 };
    assert.equal(fixture.path, 'docker/Dockerfile');
    assert.equal(fixture.text, 'FROM a');
    assert.deepEqual(Object.fromEntries(fixture.files ?? []), {
      'package.json': { ...file, text: '{}\n' },
      'run.sh': { ...file, size: 9, mode: 0o755 },
      link: { ...file, type: 'symlink', text: 'run.sh' },
      'src/1.ts': { ...file, size: 1500 },
      'src/2.ts': { ...file, size: 1500 },
      'src/3.ts': { ...file, size: 1500 },
      'README.md': { ...file, size: 100 },
    });
    assert.deepEqual(fixture.history, [['src/1.ts', 'README.md'], ['src/2.ts']]);
    assert.deepEqual(fixture.config, { target: 'test' });
    const files = new Map([['run.sh', '#!/bin/sh\n']]);
    assert.deepEqual(fixture.fixed, [{ title: 'Do it (now)', applicability: 'suggestion', text: 'FROM b\n', files }]);
  });

  it('knows a case without a build context', () => {
    assert.equal(parseFixture('--- Dockerfile\nFROM a\n--- no context\n').files, undefined);
  });

  it('refuses what it does not understand', () => {
    const sources = {
      'no document': 'FROM a\n',
      'an unknown attribute': '--- Dockerfile\nFROM a\n--- a.txt (big)\n',
      'a file twice': '--- Dockerfile\nFROM a\n--- a.txt\n--- a.txt\n',
      'a fix without a title': '--- Dockerfile\nFROM a\n--- fixed :\nFROM b\n',
      'a caret behind the line': '--- Dockerfile\nFROM a\n#       ^ no-x\n',
      'a caret under no line': '--- Dockerfile\n#  ^ no-x\nFROM a\n',
      'a caret without a name': '--- Dockerfile\nFROM a\n#    ^\n',
      'a span that is not closed': '--- Dockerfile\nFROM a\n#    ^> no-x\n',
      'a span that is not opened': '--- Dockerfile\nFROM a\n#   <^ no-x\n',
    };
    for (const [name, source] of Object.entries(sources)) assert.throws(() => parseFixture(source), name);
  });

  it('reads spans over several lines, and writes what it reads', () => {
    const source = 'RUN a \\\n#   ^> one\n  b\n#<^ one\nCMD c\n^^^ two\n';
    const { text, annotations } = readAnnotated(source);
    assert.equal(text, 'RUN a \\\n  b\nCMD c\n');
    assert.deepEqual(
      annotations.map(({ span, label }) => [text.slice(span.start, span.end), label]),
      [
        ['a \\\n  b', 'one'],
        ['CMD', 'two'],
      ],
    );
    const findings = annotations.map(({ span, label }): Finding => {
      return { rule: label, span, severity: 'hint', message: '', related: [], fixes: [] };
    });
    assert.equal(annotate(text, findings), source);
  });
});
