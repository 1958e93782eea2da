import type { Rule } from '../rule.ts';
import { earlyArg } from './earlyArg.ts';
import { splitAptUpdate } from './splitAptUpdate.ts';

/** Every rule there is: the only list. */
export const rules: readonly Rule[] = [earlyArg, splitAptUpdate];
