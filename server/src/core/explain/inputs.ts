import type { Analysis } from '../analyze.ts';
import { ancestors, rootOf, type Stage, type Step } from '../build/graph.ts';
import { imageFacts } from '../build/stageState.ts';
import { churnOf, commitsByPath } from '../cache/churn.ts';
import type { KeyInput, Selection } from '../cache/model.ts';
import { bytes, clipped, code, line, listing, plural, share, thousands } from '../prose.ts';
import { perObject } from '../syntax/memo.ts';
import type { History } from '../workspace.ts';

export const stageTitle = ({ name, from }: Stage): string =>
  name ? `stage ${code(name)}` : `the stage on ${line(from)}`;

/** What enters a step's own key, one line each; its parents left out. */
export function inputItems(analysis: Analysis, step: Step): string[] {
  const inputs = analysis.model.inputs(step);
  return [
    ...inputs.flatMap((input) => describe(analysis, step, input)),
    ...variableItem(analysis, step, inputs),
    ...mountItems(step),
  ];
}

/** One line for all variables: each with where it comes from. */
function variableItem({ model }: Analysis, { keyword }: Step, inputs: readonly KeyInput[]): string[] {
  const variables = inputs.filter((input) => input.kind === 'variable');
  if (variables.length === 0) return [];
  const names = listing(
    variables.map(({ name, origin }) => `${code(name)} (${origin.toUpperCase()})`),
    8,
  );
  const one = variables.length === 1;
  if (keyword !== 'RUN' || model.builder === 'kaniko')
    return [`the ${one ? 'variable' : 'variables'} ${names}, expanded in its text`];
  return [one ? `the variable ${names}, used or not` : `the variables in force, used or not: ${names}`];
}

function describe(analysis: Analysis, step: Step, input: KeyInput): string[] {
  switch (input.kind) {
    case 'instruction':
      return ['its own text'];
    case 'files':
      return [describeFiles(analysis, input.selection, input.via === 'mount')];
    case 'stage-files':
      return [stageFiles(analysis, input)];
    case 'image-files':
      return [`${contentOf(input.paths)} in ${input.named ? 'the named context' : 'the image'} ${code(input.ref)}`];
    case 'remote':
      return [remote(input)];
    case 'base-image':
      return [
        input.named
          ? `what the build gives as the named context ${code(input.ref)}`
          : `the layers of the base image ${code(input.ref)}`,
      ];
    case 'user':
      return input.value ? [`the user ${code(input.value)}`] : [];
    case 'workdir':
      return [workdir(analysis, step, input.value)];
    case 'shell':
      return isDefaultShell(input.value) ? [] : [`the shell ${code(clipped(input.value.join(' '), longest))}`];
    default:
      return [];
  }
}

/** Where no WORKDIR names a folder from the root, the image's own counts, which is not known. */
function workdir({ graph }: Analysis, step: Step, path: string): string {
  const steps = [...ancestors(step)].filter(({ keyword }) => keyword === 'WORKDIR');
  const { base } = rootOf(step.stage);
  const isSet =
    base.kind === 'scratch' ||
    imageFacts(base, graph.options) !== undefined ||
    steps.some(({ instruction }) => /^["']?([/\\$]|[a-z]:)/i.test(instruction.rest.text));
  if (isSet) return `the working directory ${code(path)}`;
  return path === '/'
    ? 'the working directory of the image'
    : `the working directory ${code(path.slice(1))} below that of the image`;
}

const isDefaultShell = (shell: readonly string[]): boolean => shell.join(' ') === '/bin/sh -c';

/** The root of what is read, however it is spelled. */
export const isAll = (path: string): boolean => /^[./]*$/.test(path);

const contentOf = (paths: readonly string[]): string =>
  paths.some(isAll) ? 'the content of everything' : `the content of ${listing(paths.map(code))}`;

function stageFiles({ graph }: Analysis, { stage, paths }: KeyInput & { kind: 'stage-files' }): string {
  const at = graph.stages[stage];
  const where = at ? stageTitle(at) : 'another stage';
  const rest = paths.some(isAll) ? '' : ', and nothing else there';
  return `${contentOf(paths)} in ${where}${rest}: when that stage runs again with the same result, this stays cached`;
}

/** Of a URL or a shell: more fills a hover and says no more. */
const longest = 120;

/** Whether a git URL names a commit in full: no ref is looked up then (IsCommitSHA in BuildKit's util/gitutil). */
const isCommit = (url: string): boolean => /#([0-9a-f]{40}|[0-9a-f]{64})(:|$)/.test(url);

function remote({ url, git, checksum }: KeyInput & { kind: 'remote' }): string {
  if (git)
    return isCommit(url)
      ? `the files of the checkout of ${code(clipped(url, longest))}: its commit is given in full, so that the builder does not ask the repository again`
      : `the files of the checkout of ${code(clipped(url, longest))}: the builder asks the repository at each build`;
  return checksum
    ? `the checksum that it gives for ${code(clipped(url, longest))}: the builder does not ask the server again`
    : `the content that ${code(clipped(url, longest))} has at each build: the builder asks the server every time`;
}

/** What mounts hold, which people expect to count. */
function mountItems({ mounts }: Step): string[] {
  const caches = mounts.filter(({ type, from }) => type === 'cache' && !from);
  const secrets = mounts.filter(({ type }) => type === 'secret').map(({ id, target }) => code(id ?? target ?? ''));
  const is = caches.length === 1 ? ['is a cache mount', 'it'] : ['are cache mounts', 'them'];
  return [
    ...(caches.length > 0
      ? [
          `that ${listing(caches.map(({ target, writtenTarget = '?' }) => code(target ?? writtenTarget)))} ${is[0]}, but never what is in ${is[1]}`,
        ]
      : []),
    ...(secrets.length > 0
      ? [
          `that it mounts the ${secrets.length === 1 ? 'secret' : 'secrets'} ${listing(secrets)}, but never what ${secrets.length === 1 ? 'it holds' : 'they hold'}`,
        ]
      : []),
    ...(mounts.some(({ type }) => type === 'ssh') ? ['that it mounts an SSH agent, but never the keys in it'] : []),
  ];
}

/** Whether git's own record of the last commit is among the files: each commit changes it, and no history tells. */
export const changesWithCommits = perObject(({ files }: Selection) =>
  files.some((path) => path.startsWith('.git/') && /^\.git\/(index$|logs\/|objects\/|refs\/heads\/)/.test(path)),
);

/** "31% of the last 1,000 commits changed one of them". */
export function sharePast({ facts }: Analysis, selection: Selection): string | undefined {
  if (changesWithCommits(selection)) return 'every commit changes what is in `.git`, which is among them';
  const past = churnOf(facts.history, selection);
  return (
    past &&
    `${share(past.touching, past.commits)} of the last ${thousands(past.commits)} commits changed ${selection.files.length === 1 ? 'it' : 'one of them'}`
  );
}

const most = 3;

/** The files that most commits changed, the most frequent first, then the latest. */
const oftenest = perObject((history: History) =>
  perObject(({ files }: Selection): readonly string[] => {
    const byPath = commitsByPath(history);
    return files
      .flatMap((path) => {
        const commits = byPath.get(path);
        return commits ? [{ path, often: commits.length, last: commits[0] ?? 0 }] : [];
      })
      .sort((a, b) => b.often - a.often || a.last - b.last)
      .slice(0, most)
      .map(({ path }) => path);
  }),
);

/** The files whose names say most: those that change, then what is no part of `.git`. */
function examplesOf({ facts }: Analysis, selection: Selection): string[] {
  const changing = facts.history && selection.files.length > most ? oftenest(facts.history)(selection) : [];
  const own: string[] = [];
  for (const path of selection.files) if (!path.startsWith('.git/') && own.push(path) === most) break;
  return [...new Set([...changing, ...own, ...selection.files.slice(0, most)])].slice(0, most);
}

/** "214 files of the build context (3.1 MB), such as `src/app.ts`; 31% of the last 400 commits changed one of them". */
export function describeFiles(analysis: Analysis, selection: Selection, mounted = false): string {
  if (!selection.known)
    return `the content and mode of the files it ${mounted ? 'mounts' : 'copies'} from the build context (not known here)`;
  const { files, missing } = selection;
  if (files.length === 0)
    return missing.length > 0
      ? `files of the build context, of which there is none now: nothing matches ${listing(missing.map(code))}`
      : 'a folder of the build context in which there is no file now';
  const more = analysis.facts.context?.truncated ? 'at least ' : '';
  const past = sharePast(analysis, selection);
  const examples = listing(examplesOf(analysis, selection).map(code));
  const such = files.length > most ? `, such as ${examples}` : `: ${examples}`;
  return `the content and mode of ${more}${plural(files.length, 'file')} (${bytes(selection.bytes)}) of the build context${such}${past === undefined ? '' : `; ${past}`}`;
}
