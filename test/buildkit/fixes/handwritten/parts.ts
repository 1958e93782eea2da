import type { FixCase } from '../case.ts';
import { caseOf } from '../case.ts';
import { around, type Files, json } from '../project.ts';

export const written = (name: string, dockerfile: readonly string[], files: Files, source = 'src/main.ts'): FixCase =>
  caseOf(name, `${dockerfile.join('\n')}\n`, { ...around, ...files }, source);

export const manifest = (scripts: object = {}): string =>
  json({ name: 'app', version: '1.0.0', scripts: { build: 'tsc', ...scripts } });
export const lock = '{"name": "app", "lockfileVersion": 3, "packages": {}}\n';
export const node: Files = {
  'package.json': manifest(),
  'package-lock.json': lock,
  'src/main.ts': 'main\n',
  '.dockerignore': '**/node_modules\n',
};
export const yarn: Files = { ...node, 'package-lock.json': undefined, 'yarn.lock': '# yarn lockfile v1\n' };
export const flask: Files = { 'requirements.txt': 'flask==3.1.0\n', 'src/main.py': 'main\n' };
export const c: Files = { 'src/main.c': 'main\n' };
export const big = `${'0123456789abcdef'.repeat(80_000)}\n`;
