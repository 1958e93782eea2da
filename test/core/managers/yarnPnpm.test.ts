import assert from 'node:assert/strict';
import { type Case, checkAll } from './inputCases.ts';
import { contextOf, invocationIn } from './support.ts';

const json = JSON.stringify;

const classic = { 'yarn.lock': '# yarn lockfile v1\n' };

const berry = { 'yarn.lock': '__metadata:\n  version: 8\n' };

const yarn: Readonly<Record<string, Case>> = {
  'classic: manifest, lock, configuration': {
    run: 'yarn install --frozen-lockfile',
    files: { 'package.json': '{}', ...classic, '.yarnrc': '', '.npmrc': '' },
    reads: ['.npmrc', '.yarnrc', 'package.json', 'yarn.lock'],
  },
  'classic: its own release and its mirror': {
    run: 'yarn',
    files: {
      'package.json': '{}',
      ...classic,
      '.yarnrc': 'yarn-path ".yarn/releases/yarn-1.22.js"\nyarn-offline-mirror "./mirror"\n',
      '.yarn/releases/yarn-1.22.js': '',
      'mirror/a.tgz': '',
    },
    reads: ['.yarn/releases/yarn-1.22.js', '.yarnrc', 'mirror/a.tgz', 'package.json', 'yarn.lock'],
  },
  'classic: prepare is run': {
    run: 'yarn',
    files: { 'package.json': json({ scripts: { prepare: 'tsc' } }), ...classic },
    reads: ['package.json', 'yarn.lock'],
    says: [/prepare/],
  },
  'classic: prepare is not run for production': {
    run: 'yarn install --production',
    files: { 'package.json': json({ scripts: { prepare: 'tsc' } }), ...classic },
    reads: ['package.json', 'yarn.lock'],
  },
  'classic: prepare of workspaces is not run': {
    run: 'yarn',
    files: {
      'package.json': json({ workspaces: ['a'] }),
      'a/package.json': json({ scripts: { prepare: 'tsc' } }),
      ...classic,
    },
    reads: ['a/package.json', 'package.json', 'yarn.lock'],
  },
  'berry: prepare is not run': {
    run: 'yarn',
    files: { 'package.json': json({ scripts: { prepare: 'tsc' } }), ...berry },
    reads: ['package.json', 'yarn.lock'],
  },
  'berry: postinstall is run, switched off or not': {
    run: 'yarn',
    files: {
      'package.json': json({ scripts: { postinstall: 'node x.js' } }),
      ...berry,
      '.yarnrc.yml': 'enableScripts: false\n',
    },
    reads: ['.yarnrc.yml', 'package.json', 'yarn.lock'],
    says: [/node x\.js/],
  },
  'berry: release, plugins, patches': {
    run: 'yarn install --immutable',
    files: {
      'package.json': json({
        dependencies: {
          a: 'patch:a@npm%3A1.0.0#~/.yarn/patches/a.patch',
          b: 'patch:b@npm:1#./fix/b.patch&optional!builtin<x>',
        },
      }),
      ...berry,
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.js\nplugins:\n  - path: tools/p.cjs\n',
      '.yarn/releases/yarn-4.js': '',
      '.yarn/plugins/a.cjs': '',
      '.yarn/patches/a.patch': '',
      'fix/b.patch': '',
      'tools/p.cjs': '',
      '.pnp.cjs': '',
    },
    reads: [
      '.pnp.cjs',
      '.yarn/patches/a.patch',
      '.yarn/plugins/a.cjs',
      '.yarn/releases/yarn-4.js',
      '.yarnrc.yml',
      'fix/b.patch',
      'package.json',
      'tools/p.cjs',
      'yarn.lock',
    ],
  },
  'berry: leftovers of an install': {
    run: 'yarn',
    files: { 'package.json': '{}', ...berry, '.yarn/install-state.gz': '' },
    reads: ['package.json', 'yarn.lock'],
    says: [/install-state/],
  },
  'berry: portals': {
    run: 'yarn',
    files: {
      'package.json': json({ dependencies: { a: 'portal:./a', b: 'link:./b' } }),
      ...berry,
      'a/package.json': '{}',
      'a/x.js': '',
    },
    reads: ['a/package.json', 'package.json', 'yarn.lock'],
  },
  'berry: constraints': {
    run: 'yarn',
    files: { 'package.json': '{}', ...berry, '.yarnrc.yml': 'enableConstraintsChecks: true\n' },
    reads: ['.yarnrc.yml', 'package.json', 'yarn.lock'],
    says: [/constraints/],
  },
  'a broken .yarnrc.yml does not stop it': {
    run: 'yarn',
    files: { 'package.json': '{}', ...berry, '.yarnrc.yml': 'a: [\n' },
    reads: ['.yarnrc.yml', 'package.json', 'yarn.lock'],
  },
};

const plock = { 'pnpm-lock.yaml': '' };

const pnpm: Readonly<Record<string, Case>> = {
  'manifest, lock, configuration, hooks': {
    run: 'pnpm install --frozen-lockfile',
    files: { 'package.json': '{}', ...plock, '.npmrc': '', '.pnpmfile.cjs': 'module.exports = {}' },
    reads: ['.npmrc', '.pnpmfile.cjs', 'package.json', 'pnpm-lock.yaml'],
  },
  'hooks that read files': {
    run: 'pnpm i',
    files: { 'package.json': '{}', ...plock, '.pnpmfile.cjs': "require('./x')" },
    reads: ['.pnpmfile.cjs', 'package.json', 'pnpm-lock.yaml'],
    says: [/\.pnpmfile\.cjs reads other files/],
  },
  'workspaces and patches': {
    run: 'pnpm i',
    files: {
      'package.json': json({ pnpm: { patchedDependencies: { 'a@1': 'patches/a.patch' } } }),
      ...plock,
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\npatchedDependencies:\n  b@1: patches/b.patch\n',
      'packages/x/package.json': '{}',
      'packages/x/.npmrc': '',
      'patches/a.patch': '',
      'patches/b.patch': '',
      'patches/unused.patch': '',
    },
    reads: [
      'package.json',
      'packages/x/.npmrc',
      'packages/x/package.json',
      'patches/a.patch',
      'patches/b.patch',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
    ],
  },
  'a missing patch': {
    run: 'pnpm i',
    files: { 'package.json': '{}', ...plock, 'pnpm-workspace.yaml': 'patchedDependencies:\n  b@1: patches/b.patch\n' },
    reads: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'],
    says: [/patches\/b\.patch/],
  },
  'overrides with files': {
    run: 'pnpm i',
    files: { 'package.json': '{}', ...plock, 'pnpm-workspace.yaml': 'overrides:\n  a: file:a.tgz\n', 'a.tgz': '' },
    reads: ['a.tgz', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  },
  'prepublish is not run': {
    run: 'pnpm i',
    files: { 'package.json': json({ scripts: { prepublish: 'tsc' } }), ...plock },
    reads: ['package.json', 'pnpm-lock.yaml'],
  },
  'injected workspaces': {
    run: 'pnpm i',
    files: { 'package.json': json({ dependenciesMeta: { a: { injected: true } } }), ...plock },
    reads: ['package.json', 'pnpm-lock.yaml'],
    says: [/injected/],
  },
  'package.json has no workspaces for pnpm': {
    run: 'pnpm i',
    files: { 'package.json': json({ workspaces: ['a'] }), ...plock, 'a/package.json': '{}' },
    reads: ['package.json', 'pnpm-lock.yaml'],
  },
  'pnpm fetch reads no manifests': {
    run: 'pnpm fetch',
    files: { 'package.json': '{}', ...plock, 'pnpm-workspace.yaml': 'packages: [a]\n', 'a/package.json': '{}' },
    reads: ['pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  },
  'pnpm fetch with a version in the manifest': {
    run: 'pnpm fetch',
    files: { 'package.json': json({ packageManager: 'pnpm@9' }), ...plock },
    reads: ['package.json', 'pnpm-lock.yaml'],
  },
  'a root above': {
    run: 'FROM node\nWORKDIR /app/web\nRUN pnpm i\n',
    directory: 'web',
    files: { 'package.json': '{}', 'pnpm-workspace.yaml': 'packages: [web]\n', ...plock, 'web/package.json': '{}' },
    reads: ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'web/package.json'],
  },
};

const others: Readonly<Record<string, Case>> = {
  'bun: manifest, lock, configuration': {
    run: 'bun install',
    files: { 'package.json': '{}', 'bun.lock': '', 'bunfig.toml': '' },
    reads: ['bun.lock', 'bunfig.toml', 'package.json'],
  },
  'bun: patches': {
    run: 'bun install',
    files: { 'package.json': json({ patchedDependencies: { a: 'patches/a.patch' } }), 'patches/a.patch': '' },
    reads: ['package.json', 'patches/a.patch'],
  },
  'deno: manifest, lock, import map': {
    run: 'deno install',
    files: { 'deno.json': json({ importMap: 'map.json' }), 'deno.lock': '', 'map.json': '' },
    reads: ['deno.json', 'deno.lock', 'map.json'],
  },
  'deno: entry points': {
    run: 'deno install --entrypoint main.ts',
    files: { 'deno.json': '{}' },
    reads: ['deno.json'],
    says: [/entry points/],
  },
};

describe('what yarn reads', () => checkAll(yarn));
describe('what pnpm reads', () => checkAll(pnpm));
describe('what bun and deno read', () => checkAll(others));

describe('locks of JavaScript', () => {
  const locked: Readonly<Record<string, boolean>> = {
    'npm ci': true,
    'npm install': false,
    'yarn install': false,
    'yarn install --immutable': true,
    'yarn --frozen-lockfile': true,
    'pnpm i': false,
    'pnpm i --frozen-lockfile': true,
    'pnpm i --no-frozen-lockfile': false,
    'FROM node\nENV CI=true\nRUN pnpm i\n': true,
    'bun install': false,
    'bun ci': true,
  };
  for (const [run, expected] of Object.entries(locked))
    it(`${run.trim()} is ${expected ? '' : 'not '}locked`, () => {
      const { manager, call } = invocationIn(run);
      assert.equal(manager.isLocked?.(call), expected);
    });

  it('names the lock file and the locked form', () => {
    const { manager, call } = invocationIn('yarn install');
    const at = (files: Record<string, string>) => manager.lock?.(call, { directory: '', context: contextOf(files) });
    assert.deepEqual(at(classic), { file: 'yarn.lock', form: 'yarn install --frozen-lockfile' });
    assert.deepEqual(at(berry), { file: 'yarn.lock', form: 'yarn install --immutable' });
    assert.deepEqual(at({ 'package.json': '{}' }), { file: undefined, form: undefined });
  });
});
