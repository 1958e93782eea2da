import type { Fix } from '../fixes.ts';

/** The fix, or the sentence that says why there is none. */
export interface Plan {
  readonly fixes: readonly Fix[];
  readonly refusal: string | undefined;
}

/** `reason` is the end of the sentence. */
export const noFix = (reason: string): Plan => ({ fixes: [], refusal: `There is no fix: ${reason}` });
