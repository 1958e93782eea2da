import { buildGraph } from '../../../server/src/core/build/graph.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { type Random, random as seeded } from '../generate/random.ts';
import { type BuildInput, dockerfileOf, type FileState } from '../scenario.ts';

/** Changes that nobody committed: builds of the same Dockerfile after each, what may make a build fail at the end. */
export function whatIf(input: BuildInput, seed: number, count: number): BuildInput[] {
  const random = seeded(seed);
  let last = input;
  const changed: BuildInput[] = [];
  for (let index = 0; index < count; index++) {
    const next = random.weighted(index < count - 2 ? harmless : [...harmless, ...harmful])(last, random);
    if (next === undefined) continue;
    changed.push(next);
    last = { ...next, target: input.target };
  }
  return changed;
}

type Change = (input: BuildInput, random: Random) => BuildInput | undefined;

let clock = 1_900_000_000;

const isOther = (path: string): boolean => path !== 'Dockerfile' && !path.endsWith('.dockerignore');

const filesOf = ({ files }: BuildInput, random: Random): [string, FileState] | undefined => {
  const all = [...files].filter(([path, { type }]) => type === 'file' && isOther(path));
  return all.length > 0 ? random.pick(all) : undefined;
};

const withFile = (input: BuildInput, path: string, state: FileState | undefined): BuildInput => {
  const files = new Map(input.files);
  if (state) files.set(path, state);
  else files.delete(path);
  return { ...input, files };
};

const onFile =
  (make: (path: string, state: FileState, random: Random, input: BuildInput) => BuildInput): Change =>
  (input, random) => {
    const found = filesOf(input, random);
    return found && make(found[0], found[1], random, input);
  };

const write = onFile((path, state, random, input) =>
  withFile(input, path, { ...state, text: `changed ${random.fresh()} ${path}\n`, mtime: ++clock }),
);
const touch = onFile((path, state, _, input) => withFile(input, path, { ...state, mtime: ++clock }));
const chmod = onFile((path, state, _, input) =>
  withFile(input, path, { ...state, mode: state.mode === 0o755 ? 0o644 : 0o755, mtime: ++clock }),
);
const add = onFile((path, state, random, input) =>
  withFile(input, path.replace(/[^/]*$/, random.pick(['new', 'Ünew.txt', 'a b.md', '.new', 'new.js', 'new.test.ts'])), {
    ...state,
    text: `added ${random.fresh()}\n`,
    mtime: ++clock,
  }),
);
const remove = onFile((path, _, __, input) => withFile(input, path, undefined));
const rename = onFile((path, state, random, input) =>
  withFile(
    withFile(input, path, undefined),
    random.pick([`${path}.moved`, path.replace(/[^/]*$/, (base) => base.toUpperCase()), path.replace(/^.*\//, '')]),
    { ...state },
  ),
);
const link = onFile((path, _, random, input) => {
  const target = filesOf(input, random)?.[0] ?? 'nowhere';
  return withFile(input, path, {
    type: 'symlink',
    text: `${'../'.repeat(path.split('/').length - 1)}${target}`,
    mode: 0o777,
    mtime: ++clock,
  });
});

const argument: Change = (input, random) => {
  const declared = parseDockerfile(dockerfileOf(input)).instructions.filter(({ keyword }) => keyword === 'ARG');
  const names = declared.flatMap(({ properties }) => properties.map(({ name }) => name));
  const froms = buildGraph(parseDockerfile(dockerfileOf(input)), { args: {} }).stages.map(({ from }) => from.rest.text);
  const free = names.filter((name) => !froms.some((from) => from.includes(name)));
  if (free.length === 0) return undefined;
  return { ...input, args: { ...input.args, [random.pick(free)]: random.pick(['1', 'other', 'made']) } };
};

const target: Change = (input, random) => {
  const { stages } = buildGraph(parseDockerfile(dockerfileOf(input)), { args: {} });
  const named = stages.flatMap(({ name }) => name ?? []);
  return named.length > 0 ? { ...input, target: random.pick(named) } : undefined;
};

/** An ignore file without one of its lines, or with one more. */
const ignore: Change = (input, random) => {
  const file = input.files.get('.dockerignore');
  const lines = file ? file.text.split('\n') : [];
  const path = filesOf(input, random)?.[0] ?? 'x';
  const at = random.below(lines.length + 1);
  const more = random.pick([`!${path}`, '*.md', `**/${path.replace(/^.*\//, '')}`, '!**/*.json', path]);
  const next = lines.length > 0 && random.chance(0.5) ? lines.toSpliced(at, 1) : lines.toSpliced(at, 0, more);
  return withFile(input, '.dockerignore', { type: 'file', text: next.join('\n'), mode: 0o644, mtime: ++clock });
};

/** One instruction less, or two in the other order. */
const edit: Change = (input, random) => {
  const text = dockerfileOf(input);
  const instructions = parseDockerfile(text).instructions.filter(
    ({ keyword }) => !/^(FROM|ARG|ENV|SHELL|USER)$/.test(keyword),
  );
  const at = random.below(Math.max(1, instructions.length - 1));
  const [first, second] = instructions.slice(at);
  const file = input.files.get('Dockerfile');
  if (!first || !second || !file) return undefined;
  const cut = (span: { start: number; end: number }) => text.slice(span.start, span.end);
  const swapped = `${text.slice(0, first.span.start)}${cut(second.span)}${text.slice(first.span.end, second.span.start)}${cut(first.span)}${text.slice(second.span.end)}`;
  const less = `${text.slice(0, first.span.start)}# nothing\n${text.slice(first.span.end)}`;
  return withFile(input, 'Dockerfile', { ...file, text: random.chance(0.5) ? swapped : less, mtime: ++clock });
};

const harmless: readonly (readonly [number, Change])[] = [
  [5, write],
  [1, touch],
  [2, chmod],
  [3, add],
  [2, argument],
  [1, target],
];

const harmful: readonly (readonly [number, Change])[] = [
  [3, remove],
  [4, rename],
  [3, link],
  [8, ignore],
  [4, edit],
];
