import { baseName } from '../syntax/path.ts';
import type { Call } from './manager.ts';
import { dirname } from './paths.ts';

/**
 * The folders above that the install can see: as long as the image's folders are named like the context's, a folder further up was
 * copied along. `/app/web` made of `web` has `/app` made of the context's root above it; `/app` made of `web` has nothing.
 */
export function* foldersAbove({ cwd }: Call, directory: string): Generator<string> {
  for (let inContext = directory, inImage = cwd; inContext !== '' && inImage !== undefined; ) {
    if (baseName(inContext) !== baseName(inImage)) return;
    inContext = dirname(inContext);
    inImage = dirname(inImage);
    yield inContext;
  }
}
