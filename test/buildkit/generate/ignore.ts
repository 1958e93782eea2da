import type { Random } from './random.ts';

const names = [
  'a',
  'b',
  'ab',
  'a.b',
  '.a',
  'A',
  'é',
  'a b',
  '[a]',
  'a*',
  'x.txt',
  'y.txt',
  'foo',
  'bar',
  'src',
  'node_modules',
  'a+',
  '{a}',
  '^',
  '$a',
  '\\a',
];

/** Paths of regular files, none of them a folder of another. */
export function generateTree(random: Random): string[] {
  const paths = Array.from({ length: 40 }, () => {
    const depth = 1 + random.below(4);
    return Array.from({ length: depth }, () => random.pick(names)).join('/');
  });
  const unlike = [...new Set(paths)];
  return unlike.filter((path) => !unlike.some((other) => other.startsWith(`${path}/`))).sort();
}

const wildcards = [
  '*',
  '**',
  '?',
  '*.txt',
  'a*',
  '*b',
  '?.txt',
  '[ab]',
  '[^a]',
  '[a-c]*',
  '**b',
  'a**',
  '***',
  '*/*',
  '.*',
  '*.*',
];
const oddities = [
  '.',
  '..',
  '',
  '\\a',
  'a\\*',
  '\\[a\\]',
  'a b',
  '[a-]',
  '[]a]',
  '[!a]',
  'a.',
  '{a,b}',
  '(a)',
  'a|b',
  '#a',
];
const malformed = ['[', '[a', '[a-', 'a\\', '[]', '[^]', '[b-a]', '!'];

function pattern(random: Random, paths: readonly string[]): string {
  if (random.chance(0.25)) return prefix(random) + slice(random, random.pick(paths)) + suffix(random);
  const length = 1 + random.below(3);
  const segment = () =>
    random.weighted([
      [6, random.pick(names)],
      [5, random.pick(wildcards)],
      [1, random.pick(oddities)],
      [0.08, random.pick(malformed)],
    ]);
  return prefix(random) + Array.from({ length }, segment).join('/') + suffix(random);
}

/** The first folders of a path that exists, one segment made a wildcard now and then. */
function slice(random: Random, path: string): string {
  const parts = path.split('/').slice(0, 1 + random.below(4));
  if (random.chance(0.3)) parts[random.below(parts.length)] = random.pick(['*', '**', '?']);
  return parts.join('/');
}

const prefix = (random: Random): string =>
  random.weighted([
    [6, ''],
    [3, '!'],
    [1, '/'],
    [0.5, './'],
    [0.5, '!/'],
    [0.3, '  '],
    [0.2, '! '],
    [0.2, '../'],
    [0.1, '!!'],
    [0.1, '#'],
    [0.1, '//'],
  ]);

const suffix = (random: Random): string =>
  random.weighted([
    [7, ''],
    [1, '/'],
    [1, '/**'],
    [1, '/*'],
    [0.3, ' '],
    [0.3, '/.'],
    [0.2, '/..'],
    [0.2, '\t'],
    [0.1, '//'],
  ]);

/** The text of an ignore file about these paths. */
export function generateIgnoreFile(random: Random, paths: readonly string[]): string {
  const count = 1 + random.below(5);
  const lines = Array.from({ length: count }, () => pattern(random, paths));
  if (random.chance(0.1))
    lines.splice(random.below(lines.length + 1), 0, random.pick(['', '# comment', ' # no comment']));
  const text = lines.join(random.chance(0.08) ? '\r\n' : '\n') + (random.chance(0.8) ? '\n' : '');
  return random.chance(0.04) ? `\uFEFF${text}` : text;
}
