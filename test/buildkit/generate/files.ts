import type { FileSpec } from '../scenario.ts';
import { writeTar } from '../tar.ts';
import type { Random } from './random.ts';

/** What a Dockerfile may name: nothing ignores these. */
const core = [
  'a.txt',
  'b.txt',
  'package.json',
  'package-lock.json',
  'src/main.js',
  'src/lib/util.js',
  'src/lib/deep/x.js',
  'conf/app.conf',
  'conf/web.conf',
  'bin/run.sh',
];

/** What only a broad COPY selects, and ignore files are about. */
const noise = [
  'README.md',
  'docs/guide.md',
  'docs/img/logo.svg',
  '.env',
  '.hidden',
  'data/1.csv',
  'data/2.csv',
  'test.log',
];
const odd = [
  'a b.txt',
  'é.txt',
  'e\u0301.txt',
  'A.txt',
  'SRC/main.js',
  'src/[x].js',
  'src/back\\slash.js',
  'src/main.test.js',
  'src/ends in blank ',
  'node_modules/m/index.js',
  'src/node_modules/n.js',
];

/** A build context as the generator knows it. */
export interface Context {
  readonly files: Record<string, FileSpec>;
  /** Files that COPY may name one by one. */
  readonly sources: readonly string[];
  readonly folders: readonly string[];
  readonly links: readonly string[];
  /** Named contexts, each a folder beside. */
  readonly named: readonly string[];
  /** What ADD unpacks. */
  readonly archives: readonly string[];
}

export function generateContext(random: Random): Context {
  const files: Record<string, FileSpec> = {};
  const sources = random.some(core, 0.7, 3);
  for (const path of [...sources, ...random.some(noise, 0.4), ...random.some(odd, 0.15)])
    files[path] = file(random, path);
  const links = random.chance(0.3) ? addLinks(random, files, sources) : [];
  if (random.chance(0.1)) files.empty = { dir: true };
  if (random.chance(0.4)) files['.dockerignore'] = ignoreFile(random);
  if (random.chance(0.05)) files['Dockerfile.dockerignore'] = ignoreFile(random);
  const archives = random.chance(0.08) ? ['bundle.tar'] : [];
  for (const path of archives) files[path] = content(random, path);
  const named = random.chance(0.12) ? [random.pick(['other', 'other', 'dir-1', 'test'])] : [];
  for (const path of named.flatMap((name) => inNamed.map((file) => `../${name}/${file}`)))
    if (random.chance(0.8)) files[path] = path.endsWith('ignore') ? '*.md\nsrc/lib\n' : file(random, path);
  return { files, sources, links, archives, named, folders: foldersOf(sources) };
}

const inNamed = ['a.txt', 'package.json', 'src/main.js', 'src/lib/util.js', 'README.md', '.dockerignore'];

function file(random: Random, path: string): FileSpec {
  const text = content(random, path);
  if (path.endsWith('.sh')) return { text, mode: '755' };
  return random.chance(0.08) ? { text, mode: random.pick(['600', '755', '444', '664']) } : text;
}

/** Now and then two files have the same content. */
export function content(random: Random, path: string): string {
  const text = random.chance(0.1) ? 'same content\n' : `${path} ${random.fresh()}\n`;
  return path.endsWith('.tar') ? archive(text) : text;
}

/** An archive of small texts is text itself. */
const archive = (text: string): string =>
  writeTar([
    { path: 'in', type: 'directory', mode: 0o755, uid: 0, gid: 0, target: '', content: Buffer.alloc(0) },
    { path: 'in/file', type: 'file', mode: 0o644, uid: 0, gid: 0, target: '', content: Buffer.from(text) },
  ]).toString('latin1');

function addLinks(random: Random, files: Record<string, FileSpec>, sources: readonly string[]): string[] {
  files.link = { symlink: random.pick(sources) };
  if (random.chance(0.7)) return ['link'];
  files.folderlink = { symlink: random.pick(['src', 'conf', 'src/lib']) };
  files['src/up'] = { symlink: '../a.txt' };
  return ['link'];
}

export function foldersOf(paths: readonly string[]): string[] {
  const folders = paths.flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...new Set(folders)].sort();
}

const ignoreLines = [
  '*.md',
  'docs',
  '/docs',
  'docs/',
  '**/*.md',
  '.*',
  '!.env',
  '.env',
  'data',
  'data/*.csv',
  '!data/1.csv',
  '*.log',
  '# comment',
  '**/node_modules',
  'node_modules',
  'Dockerfile',
  '.dockerignore',
  '**/*.test.js',
  'docs/../data',
  './data',
  'd*',
  '!docs/img',
  '**/img',
  '[a-d]ata',
  'é.*',
  'test.???',
  '',
  '  docs  ',
  '!README.md',
  'docs/**',
  '**',
  '!src',
  '!conf',
  '!*.txt',
  '!*.json',
  '!bin',
]; // prettier-ignore

export const ignoreFile = (random: Random): string => {
  const lines = random.some(ignoreLines.slice(0, 27), 0.15, 1);
  const all = random.chance(0.15) ? ['**', '!src', '!conf', '!*.txt', '!*.json', '!bin', ...lines] : lines;
  return `${all.join('\n')}\n`;
};
