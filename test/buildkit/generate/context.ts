import { fileTree, type Tree } from '../fileTree.ts';
import { generateIgnoreFile, generateTree } from './ignore.ts';
import { type Random, random as seeded } from './random.ts';

/** A folder with an ignore file: files, symbolic links to anything or nothing, empty folders. The same for a seed. */
export function generateContext(seed: number): Tree {
  const random = seeded(seed);
  const tree = fileTree();
  const paths = generateTree(random);
  for (const path of paths) {
    if (random.chance(0.12)) tree.put(path, 'directory', '');
    else if (random.chance(0.15)) tree.put(path, 'symlink', linkTarget(random, paths));
    else tree.put(path, 'file', 'x'.repeat(random.below(40)));
  }
  tree.put('.dockerignore', 'file', generateIgnoreFile(random, paths));
  if (random.chance(0.5)) tree.put('Dockerfile', 'file', 'FROM scratch\n');
  return tree;
}

const linkTarget = (random: Random, paths: readonly string[]): string =>
  random.weighted([
    [3, random.pick(paths)],
    [1, '.'],
    [1, '..'],
    [1, '/etc/passwd'],
    [1, 'nowhere'],
  ]);
