import assert from 'node:assert/strict';
import { analyze } from '../../server/src/core/analyze.ts';
import { defaultConfig } from '../../server/src/core/config.ts';
import { fixAll } from '../../server/src/core/fixAll.ts';
import { applyEdits } from '../../server/src/core/fixes.ts';
import { noFacts } from '../../server/src/core/workspace.ts';

const split = 'RUN apt-get update\nRUN apt-get install -y curl\n';
const merged = 'RUN apt-get update && apt-get install -y curl\n';

describe('fixAll', () => {
  const fix = (text: string, applicability: 'safe' | 'suggestion' = 'safe') =>
    fixAll(analyze(text, noFacts, defaultConfig), applicability);

  it('applies every safe fix, and its edits make the text it promises', () => {
    const text = `FROM debian:12 AS a\n${split}\nFROM debian:12\n${split}`;
    const fixed = fix(text);
    assert.equal(fixed.text, `FROM debian:12 AS a\n${merged}\nFROM debian:12\n${merged}`);
    assert.equal(applyEdits(text, fixed.edits), fixed.text);
    assert.deepEqual(fixed.analysis.dockerfile.text, fixed.text);
  });

  it('goes on until nothing is left, and makes one edit of several passes', () => {
    // The two fixes touch each other, so that the second waits for the next pass.
    const text = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\nRUN apt-get install -y git\n';
    const fixed = fix(text);
    assert.equal(applyEdits(text, fixed.edits), fixed.text);
    assert.deepEqual(fix(fixed.text).edits, []);
  });

  it('keeps CRLF: no edit begins or ends within a line break', () => {
    const text = `FROM debian:12\r\n${split.replaceAll('\n', '\r\n')}`;
    const fixed = fix(text);
    assert.equal(fixed.text, `FROM debian:12\r\n${merged.replaceAll('\n', '\r\n')}`);
    for (const { span } of fixed.edits)
      for (const offset of [span.start, span.end]) assert.notEqual(text.slice(offset - 1, offset + 1), '\r\n');
  });

  it('leaves a text alone that has no findings', () => {
    const fixed = fix('FROM scratch\n', 'suggestion');
    assert.deepEqual([fixed.text, fixed.edits], ['FROM scratch\n', []]);
  });
});
