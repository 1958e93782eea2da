import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StubFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** Other names of the same tool. */
const aliases: Readonly<Record<string, string>> = {
  addgroup: 'useradd',
  adduser: 'useradd',
  apt: 'apt-get',
  flutter: 'dart',
  groupadd: 'useradd',
  mamba: 'conda',
  micromamba: 'conda',
  pip3: 'pip',
  python3: 'python',
  R: 'Rscript',
  rails: 'rake',
  vite: 'tsc',
  webpack: 'tsc',
};

const filesOf = (folder: string): [string, string][] =>
  readdirSync(join(__dirname, folder)).map((name) => [name, readFileSync(join(__dirname, folder, name), 'utf8')]);

/**
 * Tools that stand in for the real ones: they read what the real ones read, fail where it is missing, and write files whose content
 * depends on it and on nothing else, so that a changed input shows in the image and an unchanged one does not. More tools are more files.
 */
export function stubFiles(): StubFile[] {
  const tools = new Map(filesOf('tools'));
  for (const [name, tool] of Object.entries(aliases)) tools.set(name, tools.get(tool) ?? '');
  return [
    ...filesOf('library').map(([name, text]) => ({ path: `usr/local/lib/stubs/${name}`, text, mode: 0o644 })),
    ...[...tools].map(([name, body]) => ({ path: `usr/local/bin/${name}`, text: `#!/bin/sh\n${body}`, mode: 0o755 })),
  ];
}
