import type { Step } from '../build/graph.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import { callsOf, managerOf } from './calls.ts';
import { cleans, isRemoval } from './cleanups.ts';
import { managers } from './index.ts';
import type { Call, Invocation, Manager } from './manager.ts';

const cache = new WeakMap<Step, readonly Invocation[]>();

/** The package managers that a RUN calls, in order. A removal that empties the caches of several managers is one invocation of each. */
export function invocationsOf(step: Step): readonly Invocation[] {
  const found = cache.get(step) ?? (step.keyword === 'RUN' ? recognise(callsOf(step)) : []);
  cache.set(step, found);
  return found;
}

/** The same by the command that makes the call; of a removal that empties several managers' caches the last one. */
export const invocationsByCommand = (step: Step): ReadonlyMap<ShellCommand, Invocation> =>
  new Map(invocationsOf(step).map((invocation) => [invocation.call.command, invocation]));

/** The calls that a package manager knows. */
export function recognise(calls: readonly Call[]): Invocation[] {
  const direct = calls.flatMap((call) => {
    const manager = managerOf(call.program);
    const action = manager?.action(call);
    return manager && action ? [{ manager, call, action }] : [];
  });
  const placesOf = (manager: Manager): readonly string[] | undefined => {
    const own = direct.filter((each) => each.manager === manager);
    return own.length === 0
      ? undefined
      : own.flatMap(({ call }) => manager.caches(call).flatMap(({ path }) => path ?? []));
  };
  return calls.flatMap((call) =>
    isRemoval(call)
      ? managers.flatMap((manager) => {
          const kept = placesOf(manager);
          return cleans(call, manager, kept) ? { manager, call, action: 'clean' as const, kept } : [];
        })
      : direct.filter((invocation) => invocation.call === call),
  );
}
