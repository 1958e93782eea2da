// Packs the extension into a .vsix, and checks what is in it: node scripts/package.mjs [FILE]
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setup } from './setup.mjs';
import { inRoot } from './tools/paths.mjs';
import { main, run } from './tools/process.mjs';
import { readZip } from './tools/zip.mjs';

const largest = 1_000_000; // bytes

/** What may ship. A file that matches nothing here was not meant to, whatever .vscodeignore lets through. */
const expected = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE(\.txt|\.md)?)$/i,
  /^extension\/dist\/(client|server|server\/library|server\/serve)\.js$/,
  /^extension\/dist\/browser\/(client|server)\.js$/,
  /^extension\/syntaxes\/[\w.-]+\.json$/,
  /^extension\/images\/icon\.png$/,
  /^extension\/docs\/rules\/[\w-]+\.md$/,
];

/** What the manifest and the code reach for at run time. */
const needed = [
  'package.json',
  'dist/client.js',
  'dist/server.js',
  'dist/server/library.js',
  'dist/server/serve.js',
  'dist/browser/client.js',
  'dist/browser/server.js',
];

function check(file) {
  const names = readZip(file).map(({ name }) => name);
  const unexpected = names.filter((name) => !expected.some((pattern) => pattern.test(name)));
  const missing = needed.filter((name) => !names.includes(`extension/${name}`));
  const { size } = statSync(file);
  const problems = [
    unexpected.length > 0 && `should not ship: ${unexpected.join(', ')}`,
    missing.length > 0 && `is missing: ${missing.join(', ')}`,
    size > largest && `is ${size} bytes, more than ${largest}`,
  ].filter(Boolean);
  if (problems.length > 0) throw new Error(`${path.basename(file)}: ${problems.join('; ')}`);
  return { files: names.length, size };
}

/**
 * Packs without asking the network for anything.
 * @param {string} [file] where to
 * @returns {Promise<string>} the .vsix
 */
export async function packExtension(file) {
  const { name, version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const target = path.resolve(file ?? inRoot(`${name}-${version}.vsix`));
  mkdirSync(path.dirname(target), { recursive: true });
  const options = [
    '--no-dependencies', // all is bundled
    '--no-rewrite-relative-links', // VS Code shows no picture of an installed README that is not on the web: none ships
    '--allow-missing-repository',
    `--out=${target}`,
  ];
  await run(process.execPath, [inRoot('node_modules/@vscode/vsce/vsce'), 'package', ...options], { output: 'hide' });
  const { files, size } = check(target);
  console.log(`${path.relative(process.cwd(), target)}: ${files} files, ${(size / 1000).toFixed(0)} kB`);
  return target;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await setup();
    await packExtension(process.argv[2]);
  });
}
