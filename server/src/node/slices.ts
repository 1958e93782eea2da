import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work after which others get their turn. */
const longest = 8;

/** Says when it is time to let others work. */
export interface Turn {
  /** Resolves at once while there is time left. */
  rest(): Promise<void>;
  readonly isOver: boolean;
}

export function takeTurn(): Turn {
  let start = performance.now();
  return {
    get isOver() {
      return performance.now() - start > longest;
    },
    async rest() {
      if (!this.isOver) return;
      await nextTurn();
      start = performance.now();
    },
  };
}

/** Works off a generator without holding up anything else for long. */
export async function inSlices<T>(steps: Generator<unknown, T>): Promise<T> {
  const turn = takeTurn();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (turn.isOver) await turn.rest();
  }
}
