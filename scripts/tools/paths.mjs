import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** An absolute path inside the checkout. */
export const inRoot = (...parts) => path.join(root, ...parts);
