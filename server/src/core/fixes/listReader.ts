import { type BuildGraph, reachableStages, type Step, standsOn } from '../build/graph.ts';
import { updatesLists } from '../managers/apt.ts';
import { wordBefore } from '../managers/args.ts';
import { callsOf } from '../managers/calls.ts';
import { emptiedBy } from '../managers/cleanups.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Call, Invocation } from '../managers/manager.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import { overlap } from './mountUse.ts';

/**
 * A later RUN that may install from the package lists that this one leaves in its layer: apt in a stage that continues it, without an update of
 * its own, or a script of the project, of which nobody knows. A mount over the lists would hide them.
 */
export function listReader(graph: BuildGraph, step: Step): Step | undefined {
  if (!leavesLists(step)) return undefined;
  for (const stage of reachableStages(graph)) {
    if (!standsOn(stage, step.stage)) continue;
    const own = stage === step.stage;
    const found = stage.steps.find(
      (later) => later.keyword === 'RUN' && (!own || later.index > step.index) && readsLists(later, own),
    );
    if (found) return found;
  }
  return undefined;
}

const aptCalls = (step: Step): Invocation[] => invocationsOf(step).filter(({ manager }) => manager.id === 'apt');

/** Whether a call fetches the package lists: `apt-get update`, `apt-get install --update`. */
export const refreshesLists = ({ manager, action, call }: Invocation): boolean =>
  action === 'index' || (manager.id === 'apt' && updatesLists(call));

/** A script that nobody has read may refresh the lists, as those of package sources do (`curl … | bash -`, `bash setup.sh`); so does Ubuntu's `add-apt-repository`. */
const runsScript = ({ words }: ShellCommand): boolean =>
  /^(\.|source|bash|dash|sh|zsh|add-apt-repository|\.?\/.+)$/.test(words[0]?.text ?? '') && words[1]?.text !== '-c';

/** Whether a RUN may have refreshed the lists before an offset, without a call that says so. */
export const mayRefreshLists = ({ script }: Step, end = Number.POSITIVE_INFINITY): boolean =>
  script?.commands.some((command) => command.span.start < end && runsScript(command)) ?? false;

function leavesLists(step: Step): boolean {
  const calls = aptCalls(step);
  const last = calls.findLastIndex(refreshesLists);
  const isCleaned = ({ action, call }: Invocation): boolean =>
    action === 'clean' && emptiedBy(call).some((folder) => overlap(folder, '/var/lib/apt'));
  return last !== -1 && !calls.slice(last).some(isCleaned);
}

function readsLists(later: Step, own: boolean): boolean {
  const apt = aptCalls(later).find(({ action }) => action !== 'clean');
  return apt ? !own && !refreshesLists(apt) : runsOwnScript(later);
}

/** Whether a RUN starts a script of the project: nobody knows what it installs. */
export const runsOwnScript = (step: Step): boolean => callsOf(step).some((call) => isOwnScript(step, call));

/** Build tools that projects bring along. */
const builders = /(^|\/)(mvnw|gradlew|configure|manage\.py|node_modules\/.*)$/;

/** `./install.sh`, `bash scripts/setup`, and a script that a bind mount puts on the PATH. */
function isOwnScript({ mounts }: Step, call: Call): boolean {
  const isShell = /^(sh|bash|dash|ash)$/.test(call.program);
  const word = isShell ? call.args.find(({ text }) => !text.startsWith('-')) : wordBefore(call);
  const path = word?.value ?? '';
  if (mounts.some(({ type, target }) => type === 'bind' && target && baseName(target) === call.program)) return true;
  return /\.(ba)?sh$|^\.{0,2}\/(?!(usr|opt|s?bin)\/)/.test(path) && !builders.test(path);
}
