import { readFileSync } from 'node:fs';
import type { Store } from './daemon.ts';
import type { IgnoreCase, Included } from './ignore.ts';
import type { Scenario } from './scenario.ts';

/** A scenario on which builder and model once disagreed, with what the builder did. */
export interface Case extends Scenario {
  /** Where only one of the stores does what is recorded. */
  readonly store?: Store;
}

/** An ignore file on which builder and matcher once disagreed. */
export interface IgnoreRecord extends IgnoreCase {
  readonly about: string;
  /** Null where the builder refuses the ignore file. */
  readonly observed: NonNullable<Included> | null;
}

const lines = <T>(path: string): T[] =>
  readFileSync(new URL(path, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): T => JSON.parse(line));

export const readCases = (): Case[] => lines('cases/scenarios.jsonl');

export const readIgnoreCases = (): IgnoreRecord[] => lines('cases/ignore.jsonl');

/** What several builders did before this project began; not all of them were of this builder's version. */
export const readObservedScenarios = (): Scenario[] => lines('../fixtures/cache-scenarios.jsonl');
