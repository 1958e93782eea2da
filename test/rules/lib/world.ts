import { createHash } from 'node:crypto';
import { makeSnapshot } from '../../../server/src/core/context/snapshot.ts';
import type { Example } from '../../../server/src/core/rule.ts';
import type { ContextSnapshot, Entry, Facts } from '../../../server/src/core/workspace.ts';
import type { Files, Fixture, FixtureFile } from './fixture.ts';

const entryOf = ([path, { type, text, size, mode }]: readonly [string, FixtureFile]): Entry => ({
  path,
  type,
  size: size ?? Buffer.byteLength(text),
  mode,
  target: type === 'symlink' ? text : undefined,
});

/** The document is a file of its context. It is counted in one spelling, so that messages do not differ by the others. */
function contextOf(dockerfile: string, spelled: string, files: Files): ContextSnapshot {
  const text = spelled.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
  const all = new Map([...files, [dockerfile, { text, type: 'file', mode: 0o644 } as const]]);
  const ignorePath = [`${dockerfile}.dockerignore`, '.dockerignore'].find((path) => all.has(path));
  return makeSnapshot({
    root: '/context',
    entries: [...all].map(entryOf),
    ignore: ignorePath === undefined ? undefined : { path: ignorePath, text: all.get(ignorePath)?.text ?? '' },
    dockerfile,
    text: (path) => all.get(path)?.text,
    digest: (path) =>
      createHash('sha256')
        .update(all.get(path)?.text ?? '')
        .digest('hex'),
  });
}

/** What a host would say of a case's build context, with its files as they are after a fix. */
export const factsOf = (
  { path, text, history }: Pick<Fixture, 'path' | 'text' | 'history'>,
  files: Files | undefined,
): Facts => ({
  context: files && contextOf(path, text, files),
  history: history && { commits: history },
});

/** The context of documentation examples that bring none: a small project in three languages. */
const defaultFiles: Readonly<Record<string, string>> = {
  'README.md': '# Example\n',
  'go.mod': 'module example.com/app\n\ngo 1.24\n',
  'go.sum': '',
  'main.go': 'package main\n\nfunc main() {}\n',
  'package-lock.json': '{"name": "app", "lockfileVersion": 3, "packages": {}}\n',
  'package.json': '{"name": "app", "version": "1.0.0"}\n',
  'requirements.txt': 'flask==3.1.0\n',
  'src/index.js': "console.log('hello');\n",
  'src/app.py': "print('hello')\n",
};

/** The facts that a documentation example runs with. */
export function exampleFacts({ dockerfile, files = defaultFiles }: Example): Facts {
  const entries = Object.entries(files).map(([path, text]): [string, FixtureFile] => [
    path,
    { text, type: 'file', mode: 0o644 },
  ]);
  return factsOf({ path: 'Dockerfile', text: dockerfile, history: undefined }, new Map(entries));
}
