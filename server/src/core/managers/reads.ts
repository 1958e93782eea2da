import { perObject } from '../syntax/memo.ts';
import type { ContextSnapshot } from '../workspace.ts';
import type { Invocation } from './manager.ts';

/** Whether what a call reads has nothing to do with the build context: `pip install flask`, wherever it runs. */
export const readsNothing = perObject(({ manager, call }: Invocation): boolean => {
  if (!manager.inputs) return manager.obstacle?.(call) === undefined;
  let looked = false;
  const look = <T>(answer: T): T => {
    looked = true;
    return answer;
  };
  const context: ContextSnapshot = {
    root: '',
    reason: '',
    get entries() {
      return look([]);
    },
    get: () => look(undefined),
    exists: () => look(undefined),
    text: () => look(undefined),
    digest: () => undefined,
    dockerfile: undefined,
    ignore: undefined,
    excluded: { files: 0, bytes: 0 },
    truncated: false,
  };
  const { files, obstacles, installsProject } = manager.inputs(call, '', context);
  return !looked && files.length === 0 && obstacles.length === 0 && !installsProject;
});
