// Bundles the suite for the two kinds of extension host. Both get mocha's browser build, so that the suite runs in one form.
import esbuild from 'esbuild';
import { inRoot } from '../../scripts/tools/paths.mjs';

/**
 * @param {'node' | 'web'} kind
 * @param {string} mark what each line printed in the web worker begins with (the offline host's launcher looks for it)
 * @returns {Promise<string>} the bundle
 */
export async function bundleSuite(kind, mark) {
  const outfile = inRoot('out/e2e', `suite-${kind}.js`);
  await esbuild.build({
    absWorkingDir: inRoot(),
    entryPoints: ['test/e2e/suite/index.ts'],
    bundle: true,
    outfile,
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
    // Without `exports`, mocha makes itself global instead of taking the place of what the bundle exports.
    define: { exports: 'undefined', global: 'globalThis', OUTPUT_MARK: JSON.stringify(kind === 'web' ? mark : '') },
  });
  return outfile;
}
