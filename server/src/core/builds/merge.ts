import type { Fix } from '../fixes.ts';
import { listing } from '../prose.ts';
import type { Finding } from '../rule.ts';

/** What was found with one of several build contexts. */
export interface FoundIn {
  /** Why that folder is the context, as a clause. */
  readonly reason: string;
  readonly findings: readonly Finding[];
}

/**
 * The findings of a Dockerfile that is built in several contexts, in order. One that holds in all of them keeps the fixes that are the same
 * in all; one that does not names those in which it holds, and has no fix: it may break the others.
 */
export function mergeFindings(all: readonly FoundIn[]): Finding[] {
  const byPlace = new Map<string, { readonly finding: Finding; readonly in: Set<FoundIn>; fixes: readonly Fix[] }>();
  for (const found of all)
    for (const finding of found.findings) {
      const key = `${finding.rule} ${finding.span.start} ${finding.span.end}`;
      const known = byPlace.get(key);
      if (!known) byPlace.set(key, { finding, in: new Set([found]), fixes: finding.fixes.filter(staysHere) });
      else {
        known.in.add(found);
        known.fixes = known.fixes.flatMap((fix) => sameFix(fix, finding.fixes) ?? []);
      }
    }
  const merged = [...byPlace.values()].map(({ finding, in: places, fixes }) =>
    places.size === all.length
      ? { ...finding, fixes }
      : { ...finding, message: named(finding, [...places]), fixes: [] },
  );
  return merged.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.rule < b.rule ? -1 : 1));
}

const named = ({ message }: Finding, places: readonly FoundIn[]): string =>
  `${message} Of the contexts that this file is built in, this holds for one named by ${listing(places.map(({ reason }) => reason))}.`;

/** A path means another file in each context. */
const staysHere = ({ edits }: Fix): boolean => edits.every(({ path }) => path === undefined);

function sameFix(fix: Fix, fixes: readonly Fix[]): Fix | undefined {
  const same = fixes.find(({ edits }) => JSON.stringify(edits) === JSON.stringify(fix.edits));
  return same && (same.applicability === 'suggestion' ? same : fix);
}
