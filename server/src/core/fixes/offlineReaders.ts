import { type BuildGraph, reachableStages, type Step, standsOn } from '../build/graph.ts';
import { variableOf } from '../managers/account.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation, Manager } from '../managers/manager.ts';

/** Sources: the managers' command references. `--prefer-offline` still asks where something is missing. */
const flags: Readonly<Record<string, RegExp>> = { bundler: /^--local$/, cargo: /^--(offline|frozen)$/ };
const anyFlag = /^--(offline|cached-only)$/;
const variables: Readonly<Record<string, string>> = {
  cargo: 'CARGO_NET_OFFLINE',
  npm: 'npm_config_offline',
  pnpm: 'npm_config_offline',
  uv: 'UV_OFFLINE',
};

/** Whether a call takes all it needs from what an earlier one fetched, and fails where that is not there. */
export function neverDownloads({ manager, call, action }: Invocation): boolean {
  if (action === 'consume') return true;
  const flag = flags[manager.id] ?? anyFlag;
  const variable = variables[manager.id];
  return (
    call.args.some(({ text }) => flag.test(text)) ||
    (variable !== undefined && /^(1|true)$/.test(variableOf(call, variable) ?? ''))
  );
}

/** The first RUN that works offline from what a step leaves in its layer, in whatever stage that may be used. */
export const offlineReader = (graph: BuildGraph, first: Step, manager: Manager): Step | undefined =>
  reachableStages(graph)
    .filter((stage) => standsOn(stage, first.stage))
    .flatMap((stage) => stage.steps)
    .find(
      (step) =>
        step.keyword === 'RUN' &&
        (step.stage !== first.stage || step.index > first.index) &&
        invocationsOf(step).some((each) => each.manager === manager && neverDownloads(each)),
    );
