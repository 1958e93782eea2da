// Bundles client, server and command line into dist/ (or --out=DIR).
// --production: minified, without source maps. --watch: again at each change.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** What the language server's library wants of Node for pipes and sockets that nobody asks for is loaded when it is called: 6 ms of a start. */
const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    const namespace = 'late';
    build.onResolve({ filter: /^(child_process|crypto|net)$/ }, ({ path, importer }) =>
      /node_modules.vscode-/.test(importer) ? { path, namespace } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('node:${path}')[name] })`,
    }));
  },
};

/**
 * The server in files that import each other, so that it can reply before all of it is loaded and no module is there twice. esbuild splits
 * ES modules only; Node takes 10 ms more to start one than CommonJS, so each file is rewritten.
 */
const asCommonJs = {
  name: 'as-common-js',
  setup(build) {
    build.onEnd(async ({ outputFiles = [] }) => {
      for (const { path: file, text } of outputFiles) {
        const { code } = await esbuild.transform(text, {
          format: 'cjs',
          platform: 'node',
          target: 'node20',
          supported: { 'dynamic-import': false }, // `require`: the loader of ES modules stays out
          minify: production,
          sourcemap: production ? false : 'inline',
          sourcefile: file,
          legalComments: 'none',
        });
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, code);
      }
    });
  },
};

const server = { plugins: [noRuleDocs] };
const vscode = { external: ['vscode'], plugins: [noVersionCheck] };

const bundles = [
  { ...node, ...vscode, entryPoints: ['client/src/node/main.ts'], outfile: `${out}/client.js` },
  {
    ...node,
    format: 'esm',
    splitting: true,
    write: false,
    sourcemap: production ? false : 'inline',
    entryPoints: { server: 'server/src/node/main.ts', 'server/serve': 'server/src/node/serve.ts' },
    chunkNames: 'server/library', // what both use: there is but one
    outdir: out,
    plugins: [noRuleDocs, lateBuiltins, asCommonJs],
  },
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
];

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
