import { type Case, checkAll } from './inputCases.ts';

const json = JSON.stringify;

const lock = { 'package-lock.json': '{}' };

const script = (text: string, name = 'postinstall') => ({
  'package.json': json({ scripts: { [name]: text } }),
  ...lock,
});

const two = ['package-lock.json', 'package.json'];

const scripts: Readonly<Record<string, Case>> = {
  'node scripts/x.js': {
    files: { ...script('node scripts/x.js'), 'scripts/x.js': '' },
    reads: [...two, 'scripts/x.js'],
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
  'husky where it is installed': { files: script('test -d node_modules/husky && husky || echo no'), reads: two },
  'a file of the project that is looked for': {
    files: script('test -f scripts/x.js && echo yes'),
    reads: two,
    says: [/`test -f scripts\/x\.js`/],
  },
  'husky behind is-ci': { files: script('is-ci || husky install', 'prepare'), reads: two },
  'husky behind cross-env': { files: script('cross-env A=1 husky', 'prepare'), reads: two },
  'patch-package': {
    files: { ...script('patch-package'), 'patches/a+1.patch': '' },
    reads: [...two, 'patches/a+1.patch'],
  },
  'a program by yarn': {
    run: 'yarn',
    files: { 'package.json': json({ scripts: { postinstall: 'yarn patch-package' } }), 'patches/a.patch': '' },
    reads: ['package.json', 'patches/a.patch'],
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
    files: {
      'package.json': json({ scripts: { postinstall: 'npm run a && tsc', a: 'npm run postinstall' } }),
      ...lock,
    },
    reads: two,
    says: [/`tsc`/],
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

describe('what lifecycle scripts read', () => checkAll(scripts, 'npm ci'));
