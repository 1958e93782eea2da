import assert from 'node:assert/strict';
import { analyze } from '../../server/src/core/analyze.ts';
import { parseConfig } from '../../server/src/core/config.ts';
import { snapshotOfTexts } from '../../server/src/core/context/snapshot.ts';
import { explainInstruction, toText } from '../../server/src/core/explain.ts';
import { type Facts, noFacts } from '../../server/src/core/workspace.ts';

export const files = { 'a.txt': 'a', 'src/x.js': 'x', 'src/y.js': 'y', 'src/z.js': 'z', 'src/ä.js': 'ä' };

interface Given {
  readonly facts?: Partial<Facts>;
  readonly builder?: string;
}

/** What is said of the instruction on the line that begins so, as plain text on one line. */
export function said(text: string, begins: string, { facts, builder = 'buildkit' }: Given = {}): string {
  const { config } = parseConfig({ builder });
  const analysis = analyze(text, { ...noFacts, context: snapshotOfTexts(files), ...facts }, config);
  const at = text.split('\n').findIndex((each) => each.startsWith(begins));
  const instruction = analysis.dockerfile.instructions.find(({ line }) => line === at);
  assert.ok(instruction, `no instruction ${begins}`);
  return toText(explainInstruction(analysis, instruction)).replace(/\s+/g, ' ');
}
