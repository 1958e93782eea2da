import { type Files, json, type Project } from '../project.ts';

const scripts = { build: 'tsc' };
const sources: Files = { 'src/main.ts': 'main\n', 'src/lib/util.ts': 'util\n', 'tsconfig.json': '{}\n' };
const manifest = (more: object = {}): string => json({ name: 'app', version: '1.0.0', scripts, ...more });
const lock = (...packages: string[]): string =>
  `{"name": "app", "lockfileVersion": 3, "packages": {\n  "": {"name": "app"}${packages.map((line) => `,\n  ${line}`).join('')}\n}}\n`;
const link = (name: string, folder: string): string =>
  `"${folder}": {"name": "${name}"},\n  "node_modules/${name}": {"resolved": "${folder}", "link": true}`;

const npm = (name: string, files: Files, more: Partial<Project> = {}): Project => ({
  name: `npm ${name}`,
  image: 'node:22',
  files: { 'package.json': manifest(), 'package-lock.json': lock(), ...sources, ...files },
  installs: ['npm ci', 'npm ci --omit=dev', 'npm ci --no-audit --no-fund'],
  build: 'npm run build',
  source: 'src/main.ts',
  output: 'dist',
  user: 'node',
  mounts: ['type=cache,target=/root/.npm', 'type=cache,target=/home/node/.npm', 'type=cache,id=npm,target=/root/.npm'],
  cleanup: 'npm cache clean --force',
  env: ['NODE_ENV=production', 'npm_config_cache=/opt/npm'],
  ignore: 'node_modules\n',
  leftovers: { 'node_modules/.installed': 'old\n', 'node_modules/left/index.js': 'old\n', 'dist/main.js': 'old\n' },
  ...more,
});

const member = (name: string, more: object = {}): string => json({ name, version: '1.0.0', ...more });

export const npmProjects: readonly Project[] = [
  npm('alone', {}),
  npm('of Alpine', {}, { image: 'node:22-alpine', installs: ['npm ci', 'npm ci --prefer-offline'] }),
  npm('shrinkwrapped', { 'npm-shrinkwrap.json': lock() }),
  npm(
    'workspaces',
    {
      'package.json': manifest({ workspaces: ['packages/*', 'web'] }),
      'package-lock.json': lock(link('a', 'packages/a'), link('b', 'packages/b'), link('web', 'web')),
      'packages/a/package.json': member('a'),
      'packages/a/src/index.ts': 'a\n',
      'packages/b/package.json': member('b', { dependencies: { a: '1.0.0' } }),
      'packages/b/src/index.ts': 'b\n',
      'web/package.json': member('web'),
      'web/index.ts': 'web\n',
    },
    { source: 'packages/a/src/index.ts', ignore: '**/node_modules\n' },
  ),
  npm(
    'workspaces with hooks',
    {
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'package-lock.json': lock(link('a', 'packages/a')),
      'packages/a/package.json': member('a', { scripts: { postinstall: 'node ./hook.js' } }),
      'packages/a/hook.js': "require('./lib/names.js')\n",
      'packages/a/lib/names.js': 'names\n',
    },
    { ignore: '**/node_modules\n' },
  ),
  npm('a script after the install', {
    'package.json': manifest({ scripts: { ...scripts, postinstall: 'node tools/hook.js' } }),
    'tools/hook.js': "const names = require('./names.js')\n",
    'tools/names.js': 'names\n',
  }),
  npm('prisma', {
    'package.json': manifest({ scripts: { ...scripts, postinstall: 'prisma generate' } }),
    'prisma/schema.prisma': 'model A\n',
    'prisma/migrations/1/migration.sql': 'create\n',
  }),
  npm('patched', {
    'package.json': manifest({ scripts: { ...scripts, postinstall: 'patch-package' } }),
    'patches/left+1.0.0.patch': 'patch\n',
  }),
  npm('husky', {
    'package.json': manifest({ scripts: { ...scripts, prepare: 'husky || true' } }),
    '.husky/pre-commit': 'npm test\n',
  }),
  npm('built by its install', { 'package.json': manifest({ scripts: { ...scripts, prepare: 'npm run build' } }) }),
  npm('local packages', {
    'package.json': manifest({ dependencies: { core: 'file:libs/core', tool: 'file:libs/tool-1.0.0.tgz' } }),
    'package-lock.json': lock(
      link('core', 'libs/core'),
      '"node_modules/tool": {"resolved": "file:libs/tool-1.0.0.tgz"}',
    ),
    'libs/core/package.json': member('core'),
    'libs/core/index.js': 'core\n',
    'libs/tool-1.0.0.tgz': 'archive\n',
  }),
  npm('native', {
    'binding.gyp': '{"targets": [{"target_name": "addon", "sources": ["native/addon.cc"]}]}\n',
    'native/addon.cc': 'addon\n',
  }),
  npm('its own cache', { '.npmrc': 'cache=/tmp/npm\nfund=false\n' }, { mounts: ['type=cache,target=/root/.npm'] }),
  npm('no scripts', {
    '.npmrc': 'ignore-scripts=true\n',
    'package.json': manifest({ scripts: { ...scripts, postinstall: 'node tools/hook.js' } }),
    'tools/hook.js': 'hook\n',
  }),
  npm('unlocked', {}, { installs: ['npm install', 'npm i --production'] }),
  npm('without a lock', { 'package-lock.json': undefined }, { installs: ['npm install'] }),
  npm(
    'part of a repository',
    {
      'package.json': json({ name: 'root', private: true }),
      'frontend/package.json': manifest(),
      'frontend/package-lock.json': lock(),
      'frontend/src/main.ts': 'frontend\n',
      'backend/main.go': 'package main\n',
    },
    {
      installs: ['npm --prefix frontend ci', 'npm ci --prefix=frontend'],
      build: 'npm run build --prefix frontend',
      source: 'frontend/src/main.ts',
      output: 'frontend/dist',
      ignore: '**/node_modules\n',
    },
  ),
];
