import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder with these files, path → text; deleted after the test. */
export interface Tree {
  /** Absolute, with `/`. */
  readonly root: string;
  write(file: string, text: string | Buffer): void;
  link(file: string, target: string): void;
  remove(file: string): void;
}

const made: string[] = [];

export function makeTree(files: Readonly<Record<string, string>>): Tree {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cache-lens-')));
  made.push(root);
  const within = (file: string): string => {
    const location = path.join(root, file);
    mkdirSync(path.dirname(location), { recursive: true });
    return location;
  };
  const tree: Tree = {
    root,
    write: (file, text) => writeFileSync(within(file), text),
    link: (file, target) => symlinkSync(target, within(file)),
    remove: (file) => rmSync(path.join(root, file), { recursive: true }),
  };
  for (const [file, text] of Object.entries(files)) tree.write(file, text);
  return tree;
}

export function removeTrees(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
}
