import type { Step } from '../build/graph.ts';
import { join } from '../cache/placement.ts';
import { comparePaths, folderOf } from '../context/path.ts';
import { perContext } from '../context/remember.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { startsAnywhere } from '../managers/locations.ts';
import { makeCallsOf, makeInvocations } from '../managers/make.ts';
import type { InstallInputs, Invocation } from '../managers/manager.ts';
import { readsNothing } from '../managers/reads.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { isSkipped } from './branches.ts';
import { isHarmless } from './harmless.ts';
import { contextFolder, projectOf } from './project.ts';

/** A RUN that installs or downloads dependencies. */
export interface InstallStep {
  readonly step: Step;
  /** Its installs and downloads, in order; at least one. */
  readonly invocations: readonly Invocation[];
  /** As messages name it: "npm ci". */
  readonly title: string;
  /** What all of them read from the build context. */
  readonly inputs: InstallInputs;
  /** True where it installs system packages only and so reads nothing of the project. */
  readonly isSystem: boolean;
  readonly installsProject: boolean;
  /** True where each works in a folder that nothing of the build context was put into: a clone, a download. */
  readonly isElsewhere: boolean;
  /** What else the RUN does that may read or write files of the project, as written. */
  readonly alsoRuns: readonly string[];
}

const isInstall = ({ action }: Invocation): boolean => action === 'install' || action === 'fetch' || action === 'self';

/** The installs of a RUN and what they read; undefined for a step that installs nothing. */
export const installStep = perContext((step: Step, context) => installsUntil(step, context, Number.POSITIVE_INFINITY));

/** The same of a RUN that is thought to end at `until`, an offset of the document. */
export function installsUntil(
  step: Step,
  context: ContextSnapshot | undefined,
  until: number,
): InstallStep | undefined {
  const isPart = ({ span }: ShellCommand): boolean => span.start < until;
  if (step.keyword !== 'RUN') return undefined;
  const made = context ? madeInstalls(step, context).filter(({ command }) => isPart(command)) : [];
  const calls = [...invocationsOf(step), ...made.flatMap(({ invocations }) => invocations)].filter(({ call }) =>
    isPart(call.command),
  );
  const invocations = calls.filter((each) => isInstall(each) && !isSkipped(each.call, context));
  const [first] = invocations;
  if (!first) return undefined;
  const ofProject = invocations.filter(({ manager, action }) => manager.inputs && action !== 'self');
  const inputs = ofProject.map((each) => inputsOf(each, context));
  const known = new Set(calls.map(({ call }) => call.command));
  const builds = calls
    .filter(({ action }) => action === 'build' || action === 'consume')
    .map(({ call }) => call.command);
  const others = (step.script?.commands ?? []).filter(
    (command) =>
      isPart(command) && !known.has(command) && !isHarmless(command) && !setsUpBundler(command, ofProject, context),
  );
  return {
    step,
    invocations,
    title: titleOf(ofProject[0] ?? first),
    inputs: {
      files: asWritten([...inputs, ...made].flatMap(({ files }) => files)),
      obstacles: [
        ...new Set([
          ...inputs.flatMap(({ obstacles }) => obstacles),
          ...invocations.flatMap(({ manager, call }) => manager.obstacle?.(call) ?? []),
        ]),
      ],
    },
    isSystem: inputs.length === 0,
    installsProject: inputs.some(({ installsProject }) => installsProject),
    isElsewhere: context !== undefined && ofProject.length > 0 && ofProject.every((each) => isOutside(each, context)),
    alsoRuns: [...builds, ...others].map((command) => command.words.map(({ text }) => text).join(' ')),
  };
}

/** Settings that say nothing of where gems go. */
const bundlerSetting =
  /^bundle config (?:set |--local |--global )*(?:without|with|only|frozen|jobs|retry|timeout|silence_root_warning|force_ruby_platform|build\.[\w-]+|clean|no_prune|[\w-]+\.(?:com|io|org))\b/;

/** `bundle config set --local without development`: it writes `.bundle/config`, which a COPY behind it must not bring. */
const setsUpBundler = (
  { words, redirects }: ShellCommand,
  calls: readonly Invocation[],
  context: ContextSnapshot | undefined,
): boolean =>
  redirects.length === 0 &&
  bundlerSetting.test(words.map(({ text }) => text).join(' ')) &&
  calls.every(({ call }) => {
    const project = projectOf(call, context);
    return project !== undefined && context?.exists(join(project.directory, '.bundle/config')) === false;
  });

const isOutside = ({ call: { step, cwd } }: Invocation, context: ContextSnapshot): boolean =>
  cwd !== undefined && !startsAnywhere(step, cwd) && contextFolder(step, cwd, context) === undefined;

const isLock = (path: string): number => (/lock|shrinkwrap|\.sum$/.test(baseName(path)) ? 1 : 0);

/** By folder, and in it as people write them: `package.json package-lock.json`. */
export const asWritten = (files: readonly string[]): string[] =>
  [...new Set(files)].sort(
    (a, b) => comparePaths(folderOf(a), folderOf(b)) || isLock(a) - isLock(b) || comparePaths(a, b),
  );

/** A call of make whose recipes install and do nothing else. */
interface MadeInstall {
  readonly command: ShellCommand;
  readonly invocations: readonly Invocation[];
  /** The Makefile and what its rules depend on. */
  readonly files: readonly string[];
}

const madeInstalls = (step: Step, context: ContextSnapshot): MadeInstall[] =>
  makeCallsOf(step).flatMap((call) => {
    const directory = call.cwd === undefined ? undefined : contextFolder(step, call.cwd, context);
    const run = directory === undefined ? undefined : makeInvocations(call, directory, context);
    return run && !('refusal' in run) && run.others.length === 0 && run.invocations.every(isInstall)
      ? [{ command: call.command, ...run }]
      : [];
  });

/** "npm ci", "pip install"; the program alone where its first word is an option. */
function titleOf({ call: { program, args } }: Invocation): string {
  const first = args[0]?.value ?? '';
  return /^[a-z][a-z\d-]*$/.test(first) ? `${program} ${first}` : program;
}

function inputsOf(invocation: Invocation, context: ContextSnapshot | undefined): InstallInputs {
  const { manager, call } = invocation;
  if (readsNothing(invocation)) return { files: [], obstacles: [] };
  if (!context) return { files: [], obstacles: ['The build context is not known here.'] };
  const project = projectOf(call, context);
  if (!project)
    return { files: [], obstacles: [`Which folder of the build context ${manager.title} runs in is not known.`] };
  return manager.inputs?.(call, project.directory, context) ?? { files: [], obstacles: [] };
}
