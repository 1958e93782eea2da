import type { Candidate } from './candidates.ts';
import { kinds } from './kinds.ts';

/** The lines of an ignore file that names these: one paragraph for each kind, in the order of the kinds and then of the candidates. */
export function newIgnoreFile(candidates: readonly Candidate[]): string[] {
  const titles = [...new Set([...kinds, ...candidates.map(({ kind }) => kind)].map(({ title }) => title))];
  return titles
    .flatMap((title) => {
      const patterns = candidates.filter(({ kind }) => kind.title === title).flatMap((each) => each.patterns);
      return patterns.length > 0 ? ['', `# ${title}`, ...new Set(patterns)] : [];
    })
    .slice(1);
}
