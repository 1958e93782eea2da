import assert from 'node:assert/strict';
import { model, outcomes, someFiles, type TestBuild } from './builds.ts';

/** The outcome of `after` where `before` was built; `expected` as `outcomes` writes it. */
export type Case = readonly [before: string, after: string, expected: string];

export const check = (cases: readonly Case[], options: TestBuild = {}): void => {
  for (const [before, after, expected] of cases) {
    const told = outcomes(model(`FROM a\n${before}\n`, options), model(`FROM a\n${after}\n`, options));
    assert.equal(told, expected, `${before} → ${after}`);
  }
};

export const withArgs = (
  text: string,
  before: Record<string, string>,
  after: Record<string, string>,
  options: TestBuild = {},
) => outcomes(model(text, { ...options, args: before }), model(text, { ...options, args: after }));

export const withFiles = (text: string, change: Readonly<Record<string, string | undefined>>): string => {
  const kept = Object.entries({ ...someFiles, ...change }).filter(
    (file): file is [string, string] => file[1] !== undefined,
  );
  return outcomes(model(text), model(text, { files: Object.fromEntries(kept) }));
};
