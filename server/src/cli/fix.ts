import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { IgnoreAnalysis } from '../core/analyzeIgnoreFile.ts';
import type { FixedAll } from '../core/fixAll.ts';
import { applyEdits, type Edit } from '../core/fixes.ts';
import type { Finding } from '../core/rule.ts';
import type { ContextSnapshot } from '../core/workspace.ts';
import { encode, type Source } from './document.ts';
import { type Problem, reason } from './find.ts';
import { type Change, liesWithin, moveFile, writeAtomically } from './write.ts';

/** What --fix did to one file. */
export interface Fixed {
  /** Findings that are gone, by rule. */
  readonly rules: ReadonlyMap<string, number>;
  /** Other files that were written, relative to the build context. */
  readonly others: readonly string[];
  /** As results name files; undefined where the file stays. */
  readonly movedFrom?: string | undefined;
}

interface Checked {
  readonly findings: readonly Finding[];
}

/**
 * Applies the fixes of a file until none is left and writes what changed, all or nothing: a COPY that needs an edit of the ignore file
 * must not go without it. Undefined where there was nothing to mend; what could not be written is added to `problems`.
 */
export async function mend<A extends Checked>(
  source: Source,
  { findings }: A,
  result: FixedAll<A>,
  context: ContextSnapshot | undefined,
  problems: Problem[],
): Promise<{ analysis: A; fixed: Fixed } | undefined> {
  if (result.edits.length === 0) return undefined;
  const others = [...new Set(result.edits.flatMap((edit) => edit.path ?? []))];
  try {
    const changes: Change[] = [];
    for (const other of others) changes.push(await changeOf(context, other, result.edits));
    const own = { file: source.file, before: encode(source), after: encode({ ...source, text: result.text }) };
    for (const change of [...changes, own]) if (change.before !== change.after) await writeAtomically(change);
  } catch (error) {
    problems.push({ path: source.path, message: `not fixed: ${reason(error)}` });
    return undefined;
  }
  return { analysis: result.analysis, fixed: { rules: gone(findings, result.analysis.findings), others } };
}

async function changeOf(context: ContextSnapshot | undefined, name: string, edits: readonly Edit[]): Promise<Change> {
  const file = path.resolve(context?.root ?? '', name);
  if (!context || !(await liesWithin(context.root, file))) throw new Error(`${name} lies outside the build context`);
  const known = context.ignore?.path === name ? context.ignore.text : context.text(name);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  // The edits count in the text that the facts hold.
  if (before !== known) throw new Error(`${name} has changed since it was read`);
  const own = edits.filter((edit) => edit.path === name);
  return { file, before, after: applyEdits(known ?? '', own) };
}

function gone(before: readonly Finding[], after: readonly Finding[]): Map<string, number> {
  const rules = new Map<string, number>();
  for (const { rule } of before) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  for (const { rule } of after) rules.set(rule, (rules.get(rule) ?? 0) - 1);
  return new Map([...rules].filter(([, count]) => count > 0));
}

/** Moves a file to where its first finding that can be mended so wants it; undefined where none does, or where it stays. */
export async function relocate(
  { file, path: name }: Source,
  { findings, facts }: IgnoreAnalysis,
  problems: Problem[],
): Promise<{ file: string; rule: string } | undefined> {
  for (const { rule, fixes } of findings) {
    const [fix] = fixes;
    if (fix?.moveTo === undefined || !facts.folder) continue;
    const to = path.resolve(facts.folder.root, fix.moveTo);
    try {
      await moveFile(file, to);
      return { file: to, rule };
    } catch (error) {
      problems.push({ path: name, message: `not moved: ${reason(error)}` });
    }
  }
  return undefined;
}
