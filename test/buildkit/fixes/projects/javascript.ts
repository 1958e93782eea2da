import { type Files, json, type Project } from '../project.ts';

const scripts = { build: 'tsc' };
const manifest = (more: object = {}): string => json({ name: 'app', version: '1.0.0', scripts, ...more });
const member = (name: string, more: object = {}): string => json({ name, version: '1.0.0', ...more });
const sources: Files = { 'src/main.ts': 'main\n', 'src/lib/util.ts': 'util\n' };
const packages: Files = {
  'packages/a/package.json': member('a'),
  'packages/a/src/index.ts': 'a\n',
  'packages/b/package.json': member('b'),
  'packages/b/src/index.ts': 'b\n',
};

const project = (name: string, files: Files, more: Partial<Project>): Project => ({
  name,
  image: 'node:22',
  files: { 'package.json': manifest(), ...sources, ...files },
  installs: [],
  build: 'yarn build',
  source: 'src/main.ts',
  output: 'dist',
  user: 'node',
  ignore: '**/node_modules\n',
  leftovers: { 'node_modules/.installed': 'old\n', 'node_modules/left/index.js': 'old\n' },
  ...more,
});

const classic = (name: string, files: Files, more: Partial<Project> = {}): Project =>
  project(
    `yarn 1 ${name}`,
    { 'yarn.lock': '# yarn lockfile v1\n', ...files },
    {
      installs: [
        'yarn install --frozen-lockfile',
        'yarn --frozen-lockfile',
        'yarn install --frozen-lockfile --production',
      ],
      mounts: ['type=cache,target=/usr/local/share/.cache/yarn', 'type=cache,target=/root/.yarn'],
      cleanup: 'yarn cache clean',
      env: ['NODE_ENV=production', 'YARN_CACHE_FOLDER=/opt/yarn'],
      ...more,
    },
  );

const berry = (name: string, files: Files, more: Partial<Project> = {}): Project =>
  project(
    `yarn 4 ${name}`,
    {
      'package.json': manifest({ packageManager: 'yarn@4.5.0' }),
      'yarn.lock': '__metadata:\n  version: 8\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n',
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
      ...files,
    },
    { installs: ['yarn install --immutable', 'corepack enable && yarn install --immutable'], ...more },
  );

const pnpm = (name: string, files: Files, more: Partial<Project> = {}): Project =>
  project(
    `pnpm ${name}`,
    { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", ...files },
    {
      installs: [
        'pnpm install --frozen-lockfile',
        'corepack enable && pnpm install --frozen-lockfile',
        'pnpm i --frozen-lockfile --prod',
      ],
      build: 'pnpm run build',
      mounts: ['type=cache,target=/root/.local/share/pnpm/store', 'type=cache,id=pnpm,target=/pnpm/store'],
      cleanup: 'pnpm store prune',
      env: ['PNPM_HOME=/pnpm', 'NODE_ENV=production'],
      ...more,
    },
  );

export const javascriptProjects: readonly Project[] = [
  classic('alone', {}),
  classic('configured', { '.yarnrc': 'registry "https://registry.example.com"\n', '.npmrc': 'fund=false\n' }),
  classic('workspaces', {
    'package.json': manifest({ private: true, workspaces: { packages: ['packages/*'] } }),
    ...packages,
  }),
  classic('offline mirror', { '.yarnrc': 'yarn-offline-mirror "./mirror"\n', 'mirror/left-1.0.0.tgz': 'archive\n' }),
  classic('hook', {
    'package.json': manifest({ scripts: { ...scripts, postinstall: 'node ./scripts/setup.js' } }),
    'scripts/setup.js': 'setup\n',
  }),
  classic('unlocked', {}, { installs: ['yarn install', 'yarn'] }),
  berry('alone', {}),
  berry('release and plugins', {
    '.yarnrc.yml':
      'nodeLinker: node-modules\nplugins:\n  - path: .yarn/plugins/tools.cjs\n    spec: tools\nyarnPath: .yarn/releases/yarn-4.5.0.cjs\n',
    '.yarn/releases/yarn-4.5.0.cjs': 'yarn\n',
    '.yarn/plugins/tools.cjs': 'plugin\n',
    'package.json': manifest({ dependencies: { left: 'patch:left@npm%3A1.0.0#~/.yarn/patches/left.patch' } }),
    '.yarn/patches/left.patch': 'patch\n',
  }),
  berry('workspaces', {
    'package.json': manifest({ packageManager: 'yarn@4.5.0', workspaces: ['packages/*'] }),
    'yarn.lock':
      '__metadata:\n  version: 8\n\n"a@workspace:packages/a":\n  version: 0\n\n"b@workspace:packages/b":\n  version: 0\n',
    ...packages,
  }),
  berry('workspaces with hooks', {
    'package.json': manifest({ packageManager: 'yarn@4.5.0', workspaces: ['packages/*'] }),
    ...packages,
    'packages/a/package.json': member('a', { scripts: { postinstall: 'node hook.js' } }),
    'packages/a/hook.js': 'hook\n',
  }),
  berry('zero install', { '.yarn/cache/left-npm-1.0.0.zip': 'archive\n' }),
  pnpm('alone', {}),
  pnpm('workspaces', {
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    'pnpm-lock.yaml':
      "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/a: # importer\n  packages/b: # importer\n",
    ...packages,
  }),
  pnpm('patched', {
    'package.json': manifest({ pnpm: { patchedDependencies: { left: 'patches/left.patch' } } }),
    'patches/left.patch': 'patch\n',
    '.pnpmfile.cjs': 'module.exports = {}\n',
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\npnpmfileChecksum: abc\n",
    '.npmrc': 'auto-install-peers=true\n',
  }),
  pnpm('moved store', { '.npmrc': 'store-dir=/tmp/store\n' }),
  pnpm('fetched first', {}, { installs: ['pnpm fetch && pnpm install --frozen-lockfile --offline'] }),
  pnpm('hook', {
    'package.json': manifest({ scripts: { ...scripts, prepare: 'node tools/prepare.js' } }),
    'tools/prepare.js': 'prepare\n',
  }),
  project(
    'bun alone',
    { 'bun.lock': '{"lockfileVersion": 1}\n', 'bunfig.toml': '[install]\n' },
    {
      image: 'oven/bun:1',
      installs: [
        'bun install --frozen-lockfile',
        'bun install --frozen-lockfile --production',
        'bun install --no-cache',
      ],
      build: 'bun run build',
      user: 'bun',
      mounts: ['type=cache,target=/root/.bun/install/cache', 'type=cache,target=/root/.bun'],
    },
  ),
  project(
    'bun workspaces',
    {
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'bun.lock':
        '{"lockfileVersion": 1, "packages": {\n"a": ["a@workspace:packages/a"],\n"b": ["b@workspace:packages/b"]\n}}\n',
      ...packages,
    },
    { image: 'oven/bun:1', installs: ['bun install --frozen-lockfile'], build: 'bun run build', user: 'bun' },
  ),
  project(
    'deno',
    { 'deno.json': '{"tasks": {"build": "x"}}\n', 'deno.lock': '{"version": "5"}\n', 'main.ts': 'main\n' },
    {
      image: 'denoland/deno:2.1.4',
      installs: ['deno install', 'deno install --frozen'],
      build: 'deno cache main.ts && deno task build',
      source: 'main.ts',
      user: undefined,
      mounts: ['type=cache,target=/deno-dir'],
    },
  ),
];
