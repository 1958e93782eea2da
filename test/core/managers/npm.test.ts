import { type Case, checkAll } from './inputCases.ts';

const json = JSON.stringify;

const lock = { 'package-lock.json': '{}' };

const script = (text: string, name = 'postinstall') => ({
  'package.json': json({ scripts: { [name]: text } }),
  ...lock,
});

const npm: Readonly<Record<string, Case>> = {
  'reads manifest, lock and configuration': {
    run: 'npm ci',
    files: { 'package.json': '{}', ...lock, '.npmrc': '', 'src/a.js': '' },
    reads: ['.npmrc', 'package-lock.json', 'package.json'],
  },
  'prefers a shrinkwrap': {
    run: 'npm ci',
    files: { 'package.json': '{}', ...lock, 'npm-shrinkwrap.json': '{}' },
    reads: ['npm-shrinkwrap.json', 'package.json'],
  },
  'npm install looks at yarn.lock too': {
    run: 'npm install',
    files: { 'package.json': '{}', 'yarn.lock': '' },
    reads: ['package.json', 'yarn.lock'],
  },
  'npm ci without a lock cannot run': {
    run: 'npm ci',
    files: { 'package.json': '{}' },
    reads: ['package.json'],
    says: [/package-lock\.json, which is not in the build context/],
  },
  'says that a lock is ignored': {
    run: 'npm ci',
    files: { 'package.json': '{}', '!package-lock.json': '' },
    reads: ['package.json'],
    says: [/package-lock\.json, which the ignore file keeps out/],
  },
  'a missing manifest': {
    run: 'npm ci',
    files: { ...lock },
    reads: ['package-lock.json'],
    says: [/needs package\.json/],
  },
  'a broken manifest': {
    run: 'npm ci',
    files: { 'package.json': '{,', ...lock },
    reads: ['package-lock.json', 'package.json'],
    says: [/not valid JSON/],
  },
  'manifests of all workspaces': {
    run: 'npm ci',
    files: {
      'package.json': json({ workspaces: ['packages/*', 'apps/**', '!packages/old'] }),
      ...lock,
      'packages/a/package.json': '{}',
      'packages/a/node_modules/x/package.json': '{}',
      'packages/old/package.json': '{}',
      'packages/none/readme.md': '',
      'apps/x/y/package.json': '{}',
      'other/package.json': '{}',
    },
    reads: ['apps/x/y/package.json', 'package-lock.json', 'package.json', 'packages/a/package.json'],
  },
  'workspaces below a folder': {
    run: 'npm ci',
    directory: 'web',
    files: {
      'web/package.json': json({ workspaces: { packages: ['./libs/*/'] } }),
      'web/package-lock.json': '',
      'web/libs/a/package.json': '{}',
      'libs/b/package.json': '{}',
    },
    reads: ['web/libs/a/package.json', 'web/package-lock.json', 'web/package.json'],
  },
  'a workspace installs its root': {
    run: 'FROM node\nWORKDIR /app/packages/a\nRUN npm ci\n',
    directory: 'packages/a',
    files: { 'package.json': json({ workspaces: ['packages/*'] }), ...lock, 'packages/a/package.json': '{}' },
    reads: ['package-lock.json', 'package.json', 'packages/a/package.json'],
  },
  'a folder copied alone is no workspace any more': {
    run: 'FROM node\nWORKDIR /app\nRUN npm ci\n',
    directory: 'packages/a',
    files: {
      'package.json': json({ workspaces: ['packages/*'] }),
      'packages/a/package.json': '{}',
      'packages/a/package-lock.json': '',
    },
    reads: ['packages/a/package-lock.json', 'packages/a/package.json'],
  },
  'executable programs of workspaces': {
    run: 'npm ci',
    files: {
      'package.json': json({ workspaces: ['a'] }),
      ...lock,
      'a/package.json': json({ bin: { x: 'cli.js', y: 'dist/y.js' } }),
      'a/cli.js*': '',
    },
    reads: ['a/cli.js', 'a/package.json', 'package-lock.json', 'package.json'],
  },
  'programs that npm would make executable': {
    run: 'npm ci',
    files: {
      'package.json': json({ workspaces: ['a'] }),
      ...lock,
      'a/package.json': json({ bin: 'cli.js' }),
      'a/cli.js': '',
    },
    reads: ['a/cli.js', 'a/package.json', 'package-lock.json', 'package.json'],
    says: [/makes executable/],
  },
  'file dependencies: archives and folders': {
    run: 'npm ci',
    files: {
      'package.json': json({ dependencies: { a: 'file:vendor/a.tgz', b: 'file:./b', c: '^1' } }),
      ...lock,
      'vendor/a.tgz': '',
      'b/package.json': '{}',
      'b/index.js': '',
      'b/node_modules/x/x.js': '',
    },
    reads: ['b/index.js', 'b/package.json', 'package-lock.json', 'package.json', 'vendor/a.tgz'],
  },
  'file dependencies of file dependencies': {
    run: 'npm ci',
    files: {
      'package.json': json({ dependencies: { b: 'file:b' } }),
      ...lock,
      'b/package.json': json({ dependencies: { c: 'file:../c' } }),
      'c/package.json': '{}',
    },
    reads: ['b/package.json', 'c/package.json', 'package-lock.json', 'package.json'],
  },
  'a file dependency outside the context': {
    run: 'npm ci',
    files: { 'package.json': json({ dependencies: { b: 'file:../b' } }), ...lock },
    reads: ['package-lock.json', 'package.json'],
    says: [/outside the build context/],
  },
  'overrides with files': {
    run: 'npm ci',
    files: { 'package.json': json({ overrides: { a: { b: 'file:b.tgz' } } }), ...lock, 'b.tgz': '' },
    reads: ['b.tgz', 'package-lock.json', 'package.json'],
  },
  'the configuration of puppeteer': {
    run: 'npm ci',
    files: { 'package.json': json({ dependencies: { puppeteer: '^24' } }), ...lock, '.puppeteerrc.cjs': '' },
    reads: ['.puppeteerrc.cjs', 'package-lock.json', 'package.json'],
  },
  'git dependencies are no obstacle': {
    run: 'npm ci',
    files: { 'package.json': json({ dependencies: { a: 'github:x/y', b: 'git+ssh://git@x/y.git#v1' } }), ...lock },
    reads: ['package-lock.json', 'package.json'],
  },
  'a global tool reads nothing': {
    run: 'npm install -g typescript',
    files: { 'package.json': '{}', ...lock },
    reads: [],
  },
  'packages by name without a project read nothing': {
    run: 'npm install express',
    files: { 'src/a.js': '' },
    reads: [],
  },
  'packages by name rewrite the manifest': {
    run: 'npm install express',
    files: { 'package.json': '{}', ...lock },
    reads: ['package-lock.json', 'package.json'],
    says: [/`npm install express` rewrites package\.json/],
  },
  'a native module': {
    run: 'npm ci',
    files: { 'package.json': '{}', ...lock, 'binding.gyp': '' },
    reads: ['package-lock.json', 'package.json'],
    says: [/binding\.gyp/],
  },
  'no scripts where they are switched off': {
    run: 'npm ci --ignore-scripts',
    files: script('node x.js'),
    reads: ['package-lock.json', 'package.json'],
  },
  'no scripts where .npmrc says so': {
    run: 'npm ci',
    files: { ...script('node x.js'), '.npmrc': 'ignore-scripts = true\n' },
    reads: ['.npmrc', 'package-lock.json', 'package.json'],
  },
  'no scripts where the environment says so': {
    run: 'FROM node\nENV npm_config_ignore_scripts=true\nRUN npm ci\n',
    files: script('node x.js'),
    reads: ['package-lock.json', 'package.json'],
  },
};

describe('what npm reads', () => checkAll(npm));
