import type { Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { type IgnoreMatcher, parseIgnore } from '../context/ignore.ts';
import { asidesIn, isTest, runsTests } from '../fixes/ignore/asides.ts';
import type { Candidate } from '../fixes/ignore/candidates.ts';
import { harmless } from '../fixes/ignore/harmless.ts';
import { newIgnoreFile } from '../fixes/ignore/newIgnoreFile.ts';
import { broadCopies } from '../fixes/ignore/plan.ts';
import { addIgnoreLines, ignorePath } from '../fixes/ignoreInContext.ts';
import { listing, named, plural, share } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { perObject } from '../syntax/memo.ts';

type Context = NonNullable<RuleContext['facts']['context']>;
type History = NonNullable<RuleContext['facts']['history']>;

/** Fewer commits say too little, and a smaller share is not worth a word. */
const fewestCommits = 40;
const leastShare = 0.25;

interface Past {
  /** Commits that change something of what is copied. */
  readonly touching: number;
  /** Those among them that change nothing else of it than what no step reads. */
  readonly needless: number;
}

const known = perObject((_: History) => perObject((__: Context) => new Map<string, Past>()));

/** Counted once for the same history, context and files. */
function pastOf(history: History, context: Context, candidates: readonly Candidate[]): Past {
  const ofContext = known(history)(context);
  const key = candidates.map(({ name }) => name).join('\n');
  const past = ofContext.get(key) ?? count(history, parseIgnore(context.ignore?.text ?? '').matcher, candidates);
  ofContext.set(key, past);
  return past;
}

function count({ commits }: History, { matches }: IgnoreMatcher, candidates: readonly Candidate[]): Past {
  const roots = candidates.flatMap((each) => each.roots.map(({ path }) => path));
  const isAside = (path: string): boolean => roots.some((root) => within(root, path) !== undefined);
  let touching = 0;
  let needless = 0;
  for (const paths of commits) {
    // Files that are gone count as well: the past stands for what will come.
    const aside = paths.filter(isAside);
    const other = paths.some((path) => !isAside(path) && !matches(path).ignored);
    if (other || aside.length > 0) touching++;
    if (!other && aside.length > 0) needless++;
  }
  return { touching, needless };
}

const isEnough = ({ touching, needless }: Past): boolean =>
  touching >= fewestCommits && needless >= leastShare * touching;

const isRun = ({ keyword }: Step): boolean => keyword === 'RUN';

/** What is copied and belongs to the repository rather than to the program. Who changes the Dockerfile means to build anew. */
function asides({ graph }: RuleContext, context: Context, copied: (path: string) => boolean): Candidate[] {
  const hasTests = graph.stages.some(({ steps }) =>
    steps.some((step) => isRun(step) && runsTests.test(step.instruction.rest.text)),
  );
  return asidesIn(context).filter(
    (each) =>
      !/ockerfile|^\.dockerignore$/.test(each.name) &&
      !(hasTests && isTest(each)) &&
      each.roots.some(({ path }) => copied(path)),
  );
}

function report(rule: RuleContext): Report | undefined {
  const { facts, model, graph } = rule;
  const { context, history } = facts;
  if (!context || !history || history.commits.length < fewestCommits) return undefined;
  const copy = broadCopies(context, model).find(({ path, step }) => path === '' && !step.copy?.exclude.length);
  const selection = copy && model.selection(copy.step);
  if (!copy || !selection?.known) return undefined;
  const candidates = asides(rule, context, selection.has);
  if (candidates.length === 0 || !isEnough(pastOf(history, context, candidates))) return undefined;
  const unread = harmless(context, graph, candidates, history.forced);
  const past = pastOf(history, context, unread);
  if (!isEnough(past)) return undefined;
  const { touching, needless } = past;
  const follow = model.consequences(copy.step).runs.length;
  const file = ignorePath(context);
  return {
    span: copy.span,
    message: `Of the last ${plural(history.commits.length, 'commit')}, ${touching} ran ${named(copy.step)}${follow > 0 ? ` and ${plural(follow, 'step')} after it` : ''} again, and ${needless} of these (${share(needless, touching)}) changed nothing but ${listing(
      unread.map(({ name }) => name),
      5,
    )}, which no step, manifest or script names. Keep them out of the build context with ${file}.`,
    fixes: [
      {
        title: `${context.ignore ? 'Add' : `Create ${file} with`} ${listing(unread.map(({ name }) => name))}${context.ignore ? ` to ${file}` : ''}`,
        applicability: 'suggestion',
        edits: [
          addIgnoreLines(context, context.ignore ? unread.flatMap(({ patterns }) => patterns) : newIgnoreFile(unread)),
        ],
      },
    ],
  };
}

const workflow = '.github/workflows/ci.yml';

export const contextChurn: Rule = {
  id: 'context-churn',
  severity: 'information',
  category: 'context',
  docs: {
    summary:
      'By the git history, many changes that run a copy of the whole folder again concern only documentation, tests or CI',
    why: `\`COPY . .\` runs again, with all that follows, when any file of the context changes. In many repositories a good part of the commits changes only what belongs to the repository rather than to the program: workflows, the
documentation, the tests, the settings of editors.

The git history is asked: of the commits that change something of the copied folder, how many change nothing else than such files at its top? It is reported from 40 such commits on, where at least a quarter of them did. A change of the
Dockerfile does not count, as it builds anew in any case.`,
    fix: `Adds these files and folders to the ignore file. Left out is what a Dockerfile of the folder, a manifest or a script mentions; folders of documentation that hold more than texts and pictures; folders of tests that hold a project of
their own, or where a step runs tests; READMEs of Rust and Python projects, and the documentation of Rust programs; everything, where a version is derived from git. It is a suggestion, as a program can read its own documentation in ways that cannot be seen here.`,
    ignore: 'When the image is meant to hold them, or tests run in it.',
    bad: {
      dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      files: { 'app.py': '', [workflow]: '' },
      history: Array.from({ length: 60 }, (_, at) => [at % 3 === 0 ? workflow : 'app.py']),
    },
    good: {
      dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      files: { 'app.py': '', [workflow]: '', '.dockerignore': '.github\n' },
      history: Array.from({ length: 60 }, (_, at) => [at % 3 === 0 ? workflow : 'app.py']),
    },
    references: ['https://docs.docker.com/build/cache/optimize/#keep-the-context-small'],
  },
  *check(rule) {
    const found = report(rule);
    if (found) yield found;
  },
};
