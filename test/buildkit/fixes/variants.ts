import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Analysis, analyze } from '../../../server/src/core/analyze.ts';
import { type Config, defaultConfig } from '../../../server/src/core/config.ts';
import { fixAll } from '../../../server/src/core/fixAll.ts';
import { type Applicability, applyEdits, type Edit } from '../../../server/src/core/fixes.ts';
import { gatherFacts } from '../../../server/src/node/gatherFacts.ts';
import { contextFolder } from '../contextFolder.ts';
import { inputsOf } from '../inputs.ts';
import type { FixCase } from './case.ts';

/** A Dockerfile, and files beside it, after one fix or after all of them. */
export interface Variant {
  /** The fix's title, or "all safe fixes". */
  readonly title: string;
  /** Of all fixes that it may apply. */
  readonly titles: readonly string[];
  /** The rules of which it applies fixes. */
  readonly rules: readonly string[];
  readonly applicability: Applicability;
  readonly dockerfile: string;
  /** Other files with their new text. */
  readonly others: Readonly<Record<string, string>>;
}

const config: Config = { ...defaultConfig, history: false };

/** Analyses a case with what the host finds out about its files, as the command line does. */
async function analyzeOnDisk(fixCase: FixCase): Promise<Analysis> {
  const root = await mkdtemp(join(tmpdir(), 'cache-lens-fixes-'));
  try {
    await mkdir(root, { recursive: true });
    const [input] = inputsOf({ ...fixCase, changes: [] });
    if (input) await contextFolder(root)(input.files);
    const { dockerfile: text } = fixCase;
    const facts = await gatherFacts({ file: join(root, 'Dockerfile'), text, config, context: undefined });
    return analyze(text, facts, { ...config, buildArgs: fixCase.args });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Each fix by itself, all safe ones, and all there are; those that come to the same once. */
export async function variantsOf(fixCase: FixCase): Promise<{ analysis: Analysis; variants: Variant[] }> {
  const analysis = await analyzeOnDisk(fixCase);
  const single = analysis.findings.flatMap(({ rule, fixes }) =>
    fixes.map(({ title, applicability, edits }) =>
      variant(fixCase, analysis, { title, titles: [title], rules: [rule], applicability }, edits),
    ),
  );
  const titles = analysis.findings.flatMap(({ fixes }) => fixes.map(({ title }) => title));
  const all = (['safe', 'suggestion'] as const).map((applicability) => {
    const fixed = fixAll(analysis, applicability);
    const rules = mended(analysis, fixed.analysis);
    const about = { title: `all fixes (${applicability})`, titles, rules, applicability };
    return variant(fixCase, analysis, about, fixed.edits);
  });
  return { analysis, variants: distinct(fixCase, [...single, ...all]) };
}

/** The rules of which something that had a fix is gone. */
function mended(before: Analysis, after: Analysis): string[] {
  const count = ({ findings }: Analysis, wanted: string) => findings.filter(({ rule }) => rule === wanted).length;
  const fixable = new Set(before.findings.filter(({ fixes }) => fixes.length > 0).map(({ rule }) => rule));
  return [...fixable].filter((rule) => count(after, rule) < count(before, rule));
}

function variant(
  { dockerfile, files }: FixCase,
  { facts }: Analysis,
  about: Pick<Variant, 'title' | 'titles' | 'rules' | 'applicability'>,
  edits: readonly Edit[],
): Variant {
  const paths = [...new Set(edits.flatMap(({ path }) => path ?? []))];
  const of = (path: string | undefined) => edits.filter((edit) => edit.path === path);
  const textOf = (path: string): string => {
    const spec = files[path];
    return typeof spec === 'string' ? spec : (facts.context?.text(path) ?? '');
  };
  const others = Object.fromEntries(paths.map((path) => [path, applyEdits(textOf(path), of(path))]));
  return { ...about, dockerfile: applyEdits(dockerfile, of(undefined)), others };
}

/** Those that come to the same are one: it applies the rules of the longest list, and must hold as a safe one if any is. */
function distinct({ dockerfile }: FixCase, variants: readonly Variant[]): Variant[] {
  const seen = new Map<string, Variant>();
  for (const each of variants) {
    const key = JSON.stringify([each.dockerfile, each.others]);
    if (each.dockerfile === dockerfile && Object.keys(each.others).length === 0) continue;
    const known = seen.get(key);
    const applicability = known?.applicability === 'safe' ? 'safe' : each.applicability;
    seen.set(key, { ...each, applicability });
  }
  return [...seen.values()];
}
