import { compiledTools } from './compiled.ts';
import { javascriptTools } from './javascript.ts';
import { library } from './library.ts';
import { managedTools } from './managed.ts';
import { pythonTools } from './python.ts';
import { systemTools } from './system.ts';

export interface StubFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** By name: the body of a shell script that has the library's functions. More tools are more entries. */
export type Tools = Readonly<Record<string, string>>;

const tools: Tools = { ...javascriptTools, ...pythonTools, ...compiledTools, ...managedTools, ...systemTools };

/**
 * Tools that stand in for the real ones: they read what the real ones read, fail where it is missing, and write files whose content
 * depends on it and on nothing else, so that a changed input shows in the image and an unchanged one does not.
 */
export const stubFiles = (): StubFile[] => [
  { path: 'usr/local/lib/stub.sh', text: library, mode: 0o644 },
  ...Object.entries(tools).map(([name, body]) => ({
    path: `usr/local/bin/${name}`,
    text: `#!/bin/sh\n. /usr/local/lib/stub.sh\n${body.trim()}\n`,
    mode: 0o755,
  })),
];
