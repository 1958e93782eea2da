// Bundles client, server and command line into dist/ (or --out=DIR).
// --production: minified, without source maps. --watch: again at each change.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const root = fileURLToPath(new URL('..', import.meta.url));
const chosen = process.argv.find((argument) => argument.startsWith('--out='))?.slice('--out='.length);
const out = path.resolve(chosen ?? path.join(root, 'dist'));

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  // The ES modules of a package come out smaller than its CommonJS.
  mainFields: ['module', 'main'],
  logLevel: 'info',
};
/** Smaller spellings of the same packages: yaml as modules, of which only the parser stays, and one copy of the types instead of two. */
const alias = {
  yaml: path.join(root, 'node_modules/yaml/browser/index.js'),
  'vscode-languageserver-types': path.join(root, 'node_modules/vscode-languageserver-types/lib/esm/main.js'),
};
const node = { ...common, alias, platform: 'node', target: 'node20', format: 'cjs' };
const browser = { ...common, alias, platform: 'browser', target: 'es2022', mainFields: ['browser', 'module', 'main'] };
/**
 * The client library asks semver whether it runs on a VS Code that is new enough. VS Code itself has checked that by `engines.vscode`
 * before it loads an extension, so the question is answered without 20 kB of library.
 */
const noVersionCheck = {
  name: 'no-version-check',
  setup(build) {
    build.onResolve({ filter: /^semver\/functions\/(parse|satisfies)$/ }, ({ path }) => ({
      path,
      namespace: 'checked',
    }));
    build.onLoad({ filter: /.*/, namespace: 'checked' }, () => ({ contents: 'module.exports = () => ({})' }));
  },
};

/** The rules' documentation is for the pages made from it (scripts/generate.ts): 40 kB of the server, and nothing there reads it. */
const noRuleDocs = {
  name: 'no-rule-docs',
  setup(build) {
    build.onLoad({ filter: /server\/src\/core\/rules\/\w+\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replace(/^ {2}docs: \{\n[\s\S]*?^ {2}\},$/m, (docs) =>
        docs.replace(/[^\n]/g, ''),
      ),
      loader: 'ts',
      watchFiles: [file],
    }));
  },
};

const server = { plugins: [noRuleDocs] };
const vscode = { external: ['vscode'], plugins: [noVersionCheck] };

const bundles = [
  { ...node, ...vscode, entryPoints: ['client/src/node/main.ts'], outfile: `${out}/client.js` },
  { ...node, ...server, entryPoints: ['server/src/node/main.ts'], outfile: `${out}/server.js` },
  {
    ...node,
    ...server,
    entryPoints: ['server/src/cli/main.ts'],
    outfile: `${out}/cli.js`,
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...browser,
    ...vscode,
    format: 'cjs',
    entryPoints: ['client/src/browser/main.ts'],
    outfile: `${out}/browser/client.js`,
  },
  {
    ...browser,
    ...server,
    format: 'iife',
    entryPoints: ['server/src/browser/main.ts'],
    inject: ['server/src/browser/buffer.ts'],
    outfile: `${out}/browser/server.js`,
  },
].filter(({ entryPoints: [entry] }) => existsSync(`${root}/${entry}`));

/** What VS Code's task waits for, once for all bundles: see the problem matcher in .vscode/tasks.json. */
let building = 0;
const announce = {
  name: 'announce',
  setup(build) {
    build.onStart(() => {
      if (building++ === 0) console.log('[bundles] started');
    });
    build.onEnd(() => {
      if (--building === 0) console.log('[bundles] finished');
    });
  },
};

if (watch) {
  const contexts = bundles.map((bundle) =>
    esbuild.context({ ...bundle, plugins: [...(bundle.plugins ?? []), announce] }),
  );
  for (const context of await Promise.all(contexts)) void context.watch();
} else {
  try {
    await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
    if (existsSync(`${out}/cli.js`)) chmodSync(`${out}/cli.js`, 0o755);
  } catch {
    process.exitCode = 1; // esbuild has said why
  }
}
