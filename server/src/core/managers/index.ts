import { apt } from './apt.ts';
import type { Manager } from './manager.ts';
import { npm } from './npm.ts';
import { pnpm } from './pnpm.ts';
import { yarn } from './yarn.ts';

/** All package managers: the only list of them. */
export const managers: readonly Manager[] = [npm, yarn, pnpm, apt];
