import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../../server/src/cli/run.ts';
import { type LogPlace, readBuildLog } from '../../../server/src/node/buildLog.ts';
import { openDisk } from '../../../server/src/node/disk.ts';
import { gatherFacts, rememberingGather } from '../../../server/src/node/gatherFacts.ts';
import { git } from '../../../server/src/node/git.ts';
import { gatherIgnoreFacts } from '../../../server/src/node/ignoreFiles.ts';
import { type IoOptions, testIo } from './io.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole command line in this process, with the real host. */
export async function cli(cwd: string, args: readonly string[], options: IoOptions = {}): Promise<Outcome> {
  const real = {
    gather: gatherFacts,
    gatherOnce: rememberingGather,
    gatherIgnore: gatherIgnoreFacts(),
    readBuildLog: (place: LogPlace) => readBuildLog(openDisk(), place),
    git: async (folder: string, words: readonly string[]) => (await git(folder, words))?.text,
  };
  const io = testIo({ ...options, cwd });
  const code = await run(args, { ...io, ...real });
  return { code, ...io.written };
}

/** What --format json says, by path. */
export async function findingsOf(cwd: string, args: readonly string[] = []): Promise<Record<string, string[]>> {
  const { stdout } = await cli(cwd, ['check', '--format', 'json', ...args]);
  const { files }: { files: { path: string; findings: { rule: string }[] }[] } = JSON.parse(stdout);
  return Object.fromEntries(files.map((file) => [file.path, file.findings.map(({ rule }) => rule)]));
}

/** A folder of its own for each test of a suite, gone afterwards. */
export function temporaryFolder(): (files: Readonly<Record<string, string>>) => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return (files) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cache-lens-'));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return folder;
  };
}

/** Has the warnings copy-before-install and nothing else; with its files the fix is safe. */
export const bad = {
  Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
  'package.json': '{"name": "app", "version": "1.0.0"}\n',
  'package-lock.json': '{"name": "app", "lockfileVersion": 3, "packages": {}}\n',
  'index.js': 'console.log(1);\n',
  '.dockerignore': 'node_modules\n',
};

/** Nothing to find. */
export const clean = 'FROM alpine:3.22\nCMD ["sh"]\n';
