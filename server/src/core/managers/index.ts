import type { Manager } from './manager.ts';
import { npm } from './npm.ts';

/** All package managers: the only list of them. */
export const managers: readonly Manager[] = [npm];
