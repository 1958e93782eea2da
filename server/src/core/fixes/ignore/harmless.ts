import type { BuildGraph, Stage, Step } from '../../build/graph.ts';
import { allContextSources } from '../../cache/contextReads.ts';
import { within } from '../../cache/placement.ts';
import { isGitIgnored } from '../../context/gitIgnored.ts';
import { type Glob, parseGlob } from '../../context/glob.ts';
import { parseIgnore } from '../../context/ignore.ts';
import { endOfFolder, indexOf } from '../../context/listing.ts';
import { hasWildcards } from '../../context/pick.ts';
import { invocationsOf } from '../../managers/invocations.ts';
import { perObject } from '../../syntax/memo.ts';
import type { ShellCommand } from '../../syntax/shell.ts';
import type { ContextSnapshot } from '../../workspace.ts';
import type { Candidate } from './candidates.ts';
import { gitReader } from './gitReaders.ts';
import { siblingsIn } from './siblings.ts';

const notAsked: readonly string[] = [];

/**
 * The candidates that can be kept out: no Dockerfile of the folder names them, what a build needs of them it makes itself, and no script
 * mentions what is the repository's own. `forced` is that of the history, where it is known.
 */
export function harmless(
  context: ContextSnapshot,
  graph: BuildGraph,
  candidates: readonly Candidate[],
  forced: readonly string[] = notAsked,
): readonly Candidate[] {
  const isOwn = context.ignore !== undefined && context.ignore.path === `${context.dockerfile}.dockerignore`;
  const siblings = isOwn ? [] : siblingsIn(context);
  const graphs = [graph, ...siblings.filter(({ isApart }) => !isApart).map((each) => each.graph)];
  const apart = siblings.filter(({ isApart }) => isApart).map((each) => each.graph);
  const left = candidates.filter(
    (each) =>
      !isLetIn(context, each) &&
      !(each.kind.tracked && isInTexts(context, each.name)) &&
      graphs.every((user) => verdict(user, each).fits) &&
      apart.every((user) => !verdict(user, each).named),
  );
  const isOfGit = (each: Candidate): boolean =>
    each.kind.tracked === true || each.name === '.git' || mayBeTracked(context)(forced)(each);
  return left.some(isOfGit) && readsHistory(context, graphs) ? left.filter((each) => !isOfGit(each)) : left;
}

const repository: Candidate = {
  kind: { title: '', names: [] },
  name: '.git',
  patterns: [],
  roots: [{ path: '.git', files: 1, bytes: 0 }],
};

/** Whether something of a build may ask git: it is told to, or somebody says that .git is wanted. Where that stays out, nothing can. */
function readsHistory(context: ContextSnapshot, graphs: readonly BuildGraph[]): boolean {
  if (context.ignore && parseIgnore(context.ignore.text).matcher.matches('.git/HEAD').ignored) return false;
  return (
    isLetIn(context, repository) ||
    graphs.some((graph) => verdict(graph, repository).named) ||
    gitReader(context, graphs) !== undefined
  );
}

/** People commit .DS_Store by mistake: only what git ignores, and tracks nothing of, is surely not missing where git looks for what was changed. */
const mayBeTracked = perObject((context: ContextSnapshot) =>
  perObject((forced: readonly string[]) =>
    perObject(
      ({ kind, roots }: Candidate): boolean =>
        context.get('.git') !== undefined &&
        roots.some(
          ({ path }) =>
            (forced === notAsked ? kind.shared : forced.some((file) => within(path, file) !== undefined)) ||
            (!isGitIgnored(context, path) && filesIn(context, path).some((file) => !isGitIgnored(context, file))),
        ),
    ),
  ),
);

function filesIn({ entries }: ContextSnapshot, root: string): string[] {
  const index = indexOf(entries, root);
  return entries
    .slice(index, Math.max(endOfFolder(entries, index), index + 1))
    .flatMap(({ path, type }) => (type === 'directory' ? [] : [path]));
}

/** Whether an exception of the ignore file lets some of it in: somebody has said that it is wanted. */
function isLetIn({ ignore }: ContextSnapshot, { roots }: Candidate): boolean {
  const exceptions = ignore ? parseIgnore(ignore.text).patterns.filter(({ negated }) => negated) : [];
  return exceptions.some(({ cleaned }) => roots.some(({ path }) => cleaned.startsWith(`${path}/`) || cleaned === path));
}

interface Verdict {
  /** A source or a command names it. */
  readonly named: boolean;
  /** Nothing names it, and where it is needed it is made. */
  readonly fits: boolean;
}

const verdicts = perObject((graph: BuildGraph) =>
  perObject((candidate: Candidate): Verdict => {
    const named = isNamed(graph, candidate) || (candidate.kind.tracked === true && isInCommands(graph, candidate.name));
    return { named, fits: !named && isMade(graph, candidate) };
  }),
);

/** Asked again at each keystroke, of all the other Dockerfiles as well. */
const verdict = (graph: BuildGraph, candidate: Candidate): Verdict => verdicts(graph)(candidate);

/** A folder that is copied as a whole does not name what is in it. */
const isNamed = (graph: BuildGraph, { roots, name }: Candidate): boolean =>
  allContextSources(graph).some((source) => {
    if (source.path === '') return false;
    if (!source.known) return source.path.split('/').includes(name) || /^\$[^/]*$/.test(source.path);
    if (roots.length === 0) return source.path.split('/').includes(name);
    const glob = hasWildcards(source.path) && !source.filtered ? parseGlob(source.path) : undefined;
    return roots.some(({ path }) => within(path, source.path) !== undefined || (glob && matches(glob, path)));
  });

function matches(glob: Glob, root: string): boolean {
  const parts = root.split('/');
  return parts.some((_, at) => glob.matches(parts.slice(0, at + 1).join('/')) !== false);
}

/** The stages whose file system what a step brings is part of, or that it may take from. */
const related = ({ stages }: BuildGraph, { stage }: Step): Stage[] =>
  stages.filter((each) => isOn(each, stage) || isOn(stage, each));

function isOn(stage: Stage, below: Stage): boolean {
  for (let at: Stage | undefined = stage; at; at = at.base.kind === 'stage' ? at.base.stage : undefined)
    if (at === below) return true;
  return false;
}

/** Whether each stage that gets it with a folder makes it itself, or takes it from another one. */
function isMade(graph: BuildGraph, { kind: { made, useless }, name, roots }: Candidate): boolean {
  if (!made || (useless && !isInCommands(graph, name))) return true;
  const bringing = allContextSources(graph)
    .filter(({ path }) => roots.length === 0 || roots.some((root) => within(path, root.path) !== undefined))
    .map(({ step }) => step);
  const makes = (step: Step): boolean =>
    takes(step, name) || (made === 'installed' ? installs(step, name) : runs(step, made));
  return [...new Set(bringing)].every((step) => related(graph, step).some(({ steps }) => steps.some(makes)));
}

const installs = (step: Step, name: string): boolean =>
  invocationsOf(step).some(
    ({ manager, action, call }) =>
      (action === 'install' || action === 'fetch') && manager.writes?.includes(name) && !isOptional(step, call.command),
  );

/** A test of a variable: `if [ "$CI" != true ]`. */
const asksVariable = /(^|[\s;&|(])(if|elif|case|test|\[\[?)\s[^;\n]*\$/;

/** Whether a variable decides that a command runs: where it does not, the build takes what the machine has made. */
const isOptional = ({ instruction }: Step, { unconditional }: ShellCommand): boolean =>
  !unconditional && asksVariable.test(instruction.rest.text);

/** Only so much of a command says what it does. */
const longestCommand = 500;

function runs(step: Step, made: RegExp): boolean {
  const { keyword, script, instruction } = step;
  if (keyword !== 'RUN') return false;
  const commands = script?.commands
    .filter((command) => !isOptional(step, command))
    .map(({ words }) =>
      words
        .slice(0, 40)
        .map(({ text }) => text)
        .join(' '),
    );
  return (commands ?? [instruction.rest.text]).some((command) => made.test(command.slice(0, longestCommand)));
}

const takes = ({ copy }: Step, name: string): boolean =>
  copy?.from !== undefined && copy.sources.some(({ text }) => text.split('/').includes(name));

/** Whether a text names a file or folder. */
const mentions = (text: string, name: string): boolean =>
  text.includes(name) && new RegExp(`(^|[^\\w.-])${name.replaceAll('.', '\\.')}($|[^\\w-])`, 'm').test(text);

const isInCommands = ({ stages }: BuildGraph, name: string): boolean =>
  stages.some(({ steps }) =>
    steps.some(
      ({ keyword, instruction: { rest, heredocs } }) =>
        /^(RUN|CMD|ENTRYPOINT|ENV)$/.test(keyword) &&
        (mentions(rest.text, name) || heredocs.some(({ body }) => mentions(body, name))),
    ),
  );

/** Files that name others without a build reading these. */
const unrelated = /(^|\/)(\.gitignore|[^/]*ockerfile[^/]*|[^/]*\.lock|[^/]*lock\.(json|yaml)|go\.sum)$/;

const inTexts = perObject((_: ContextSnapshot) => new Map<string, boolean>());

/** Whether a manifest or a script that enters the build names it. */
function isInTexts(context: ContextSnapshot, name: string): boolean {
  const known = inTexts(context);
  const found =
    known.get(name) ??
    [...(context.folder?.texts ?? [])].some(
      ([path, text]) => context.get(path) && !unrelated.test(path) && mentions(text, name),
    );
  known.set(name, found);
  return found;
}
