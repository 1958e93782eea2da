import assert from 'node:assert/strict';
import { type Case, checkAll } from './inputCases.ts';
import { contextOf, invocationIn } from './support.ts';

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

const two = ['package-lock.json', 'package.json'];

/** Lifecycle script → what it reads besides, and what stays open. */
const scripts: Readonly<Record<string, Case>> = {
  'node scripts/x.js': {
    files: { ...script('node scripts/x.js'), 'scripts/x.js': '' },
    reads: two,
    says: [/"postinstall" script of package\.json runs `node scripts\/x\.js`/],
  },
  'tsc -b': { files: script('tsc -b', 'prepare'), reads: two, says: [/"prepare" script.*`tsc -b`/] },
  'scripts that are never run by an install': {
    files: { 'package.json': json({ scripts: { build: 'tsc', test: 'jest' } }), ...lock },
    reads: two,
  },
  'echo and only-allow': { files: script('echo hi && npx only-allow npm', 'preinstall'), reads: two },
  'husky without a repository': { files: script('husky install || true', 'prepare'), reads: two },
  'husky with a repository': {
    files: { ...script('husky', 'prepare'), '.git/HEAD': '' },
    reads: two,
    says: [/`husky`/],
  },
  'husky behind is-ci': { files: script('is-ci || husky install', 'prepare'), reads: two },
  'husky behind cross-env': { files: script('cross-env A=1 husky', 'prepare'), reads: two },
  'patch-package': {
    files: { ...script('patch-package'), 'patches/a+1.patch': '' },
    reads: [...two, 'patches/a+1.patch'],
  },
  'patch-package with another folder': {
    files: { ...script('patch-package --patch-dir ops/p'), 'ops/p/a.patch': '', 'patches/b.patch': '' },
    reads: ['ops/p/a.patch', ...two],
  },
  'patch-package without patches': { files: script('patch-package'), reads: two },
  'prisma generate': {
    files: { ...script('prisma generate'), 'prisma/schema.prisma': '', 'prisma/migrations/1.sql': '' },
    reads: [...two, 'prisma/schema.prisma'],
  },
  'prisma generate by npx and --schema': {
    files: { ...script('npx prisma generate --schema=db/s.prisma'), 'db/s.prisma': '' },
    reads: ['db/s.prisma', ...two],
  },
  'prisma generate without a schema': {
    files: script('prisma generate'),
    reads: two,
    says: [/schema\.prisma, which is not in/],
  },
  'prisma generate with a configuration': {
    files: { ...script('prisma generate'), 'prisma/schema.prisma': '', 'prisma.config.ts': '' },
    reads: two,
    says: [/prisma\.config\.ts/],
  },
  'prisma generate with an environment file': {
    files: { ...script('prisma generate'), 'prisma/schema.prisma': '', '.env': '' },
    reads: [...two, 'prisma/schema.prisma'],
    says: [/\.env/],
  },
  'prisma generate into the sources': {
    files: {
      ...script('prisma generate'),
      'prisma/schema.prisma': 'generator c {\n  provider = "x"\n  output = "../src/db"\n}',
      'src/db/a.ts': '',
    },
    reads: [...two, 'prisma/schema.prisma'],
    says: [/writes to src\/db/],
  },
  'the prisma client looks for a schema by itself': {
    files: { 'package.json': json({ dependencies: { '@prisma/client': '5' } }), ...lock, 'prisma/schema.prisma': '' },
    reads: [...two, 'prisma/schema.prisma'],
  },
  'scripts of scripts': {
    files: {
      'package.json': json({
        scripts: { postinstall: 'npm run gen', pregen: 'echo', gen: 'npm run patch', patch: 'patch-package' },
      }),
      ...lock,
      'patches/a.patch': '',
    },
    reads: [...two, 'patches/a.patch'],
  },
  'scripts that call themselves': {
    files: { 'package.json': json({ scripts: { postinstall: 'npm run postinstall' } }), ...lock },
    reads: two,
    says: [/could not be followed/],
  },
  'an install in another folder': {
    files: { ...script('cd client && npm install'), 'client/package.json': '{}', 'client/package-lock.json': '' },
    reads: ['client/package-lock.json', 'client/package.json', ...two],
  },
  'an install in another folder by --prefix': {
    files: { ...script('npm --prefix client install'), 'client/package.json': '{}' },
    reads: ['client/package.json', ...two],
  },
  'a redirection': { files: script('echo x > generated.ts'), reads: two, says: [/echo x/] },
  'a condition on the environment': { files: script('[ -n "$CI" ] || husky', 'prepare'), reads: two },
  'a condition on a file': { files: script('test -f tsconfig.json && echo', 'prepare'), reads: two, says: [/test -f/] },
  'what cannot be parsed': { files: script('if ((('), reads: two, says: [/could not be followed/] },
  'prepare of a workspace': {
    files: {
      'package.json': json({ workspaces: ['a'] }),
      ...lock,
      'a/package.json': json({ scripts: { prepare: 'tsc' } }),
    },
    reads: ['a/package.json', ...two],
    says: [/"prepare" script of a\/package\.json/],
  },
};

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

describe('what npm reads', () => checkAll(npm));
describe('what lifecycle scripts read', () => checkAll(scripts, 'npm ci'));
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
