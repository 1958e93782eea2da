import type { Operation } from '../scenario.ts';
import { type Draft, images, render, renderStage, type StageDraft } from './draft.ts';
import { content, ignoreFile } from './files.ts';
import { instruction } from './instructions.ts';
import type { Random } from './random.ts';

/** One change: mostly of files, then of the Dockerfile's text, then of arguments, the target or the ignore file. */
export function generateChange(draft: Draft): Operation[] {
  const { random } = draft;
  const kind = random.weighted<(draft: Draft) => Operation>([
    [10, fileChange],
    [8, edit],
    [2, argument],
    [0.4, ({ random: r, argNames }) => ({ op: 'unarg', name: r.pick([...argNames, 'V1']) })],
    [0.3, wholeText],
    [0.5, rewritten],
    [0.5, ({ random: r }) => ({ op: 'ignore', text: ignoreFile(r) })],
    [0.4, target],
    [0.3, () => ({ op: 'nothing' })],
  ]);
  return random.chance(0.1) ? [kind(draft), fileChange(draft)] : [kind(draft)];
}

function fileChange(draft: Draft): Operation {
  const { random, context } = draft;
  const path = random.pick(random.chance(0.6) ? namedFiles(draft) : plainFiles(draft));
  const folder = random.pick([
    '',
    ...context.named.map((name) => `../${name}/`),
    ...context.folders.map((name) => `${name}/`),
  ]);
  const added = `${folder}${random.pick(['new', 'x', 'package-new'])}${random.fresh()}${random.pick(['.txt', '.js', '.json', '.md', ''])}`;
  return random.weighted<Operation>([
    [8, { op: 'write', path, text: content(random, path) }],
    [2, { op: 'touch', path }],
    [3, { op: 'add', path: added, text: content(random, added) }],
    [1.5, { op: 'delete', path }],
    [2, { op: 'chmod', path, mode: random.pick(['755', '600', '644', '777', '4755', '2644', '1644']) }],
    [0.5, { op: 'chmod', path: folder.slice(0, -1) || path, mode: '700' }],
    [1.5, { op: 'rename', path, to: added }],
    [0.3, { op: 'rename', path, to: otherCase(path) }],
    [
      0.5,
      { op: 'rename', path: folder.slice(0, -1) || path, to: `${random.pick(['', 'deep/'])}moved${random.fresh()}` },
    ],
    [0.3, { op: 'delete', path: folder.slice(0, -1) || path }],
    [0.3, { op: 'mkdir', path }],
    [0.3, { op: 'symlink', path, target: random.pick(['nowhere', '/etc/passwd', '..', '.', ...context.sources]) }],
    [0.7, { op: 'mkdir', path: `${folder}made${random.fresh()}` }],
    [0.7, { op: 'symlink', path: context.links[0] ?? added, target: random.pick(context.sources) }],
  ]);
}

const otherCase = (path: string): string => path.replace(/[^/]*$/, (name) => name.toUpperCase());

/** Regular files other than the ignore file. */
const plainFiles = ({ context }: Draft): string[] =>
  Object.entries(context.files)
    .filter(([path, spec]) => !path.endsWith('.dockerignore') && (typeof spec === 'string' || 'text' in spec))
    .map(([path]) => path);

/** Files that some instruction names, or the folder of which it names. */
function namedFiles(draft: Draft): string[] {
  const text = render(draft);
  const files = plainFiles(draft);
  const named = files.filter((path) => text.includes(path) || text.includes(` ${path.split('/')[0]}/`));
  return named.length > 0 ? named : files;
}

function argument(draft: Draft): Operation {
  const { random } = draft;
  const declared = draft.argNames.size > 0 && random.chance(0.9);
  const name = random.pick(declared ? [...draft.argNames] : otherArguments);
  return { op: 'arg', name, value: argumentValue(random, name) };
}

/** That the Dockerfile does not declare: some of them mean something to BuildKit itself. */
const otherArguments = [
  'UNKNOWN',
  'HTTP_PROXY',
  'BUILDKIT_CACHE_MOUNT_NS',
  'BUILDKIT_SANDBOX_HOSTNAME',
  'NO_PROXY',
  'TARGETARCH',
  'BUILDKIT_INLINE_CACHE',
];

export const argumentValue = (random: Random, name: string): string =>
  name === 'IMAGE' ? random.pick(images) : `arg${random.fresh()}`;

function target(draft: Draft): Operation {
  const named = draft.stages.filter(({ name }) => name !== undefined);
  const stage = named.length > 0 ? draft.random.pick(named).name : undefined;
  return stage ? { op: 'target', value: stage } : { op: 'nothing' };
}

/** The same Dockerfile to BuildKit: other line breaks, a byte order mark, a directive. */
function wholeText(draft: Draft): Operation {
  const text = render(draft);
  const variants = [
    text.replaceAll('\n', '\r\n'),
    `\uFEFF${text}`,
    `# escape=\\\n${text}`,
    `# a comment\n\n${text}`,
    text.trimEnd(),
  ];
  return { op: 'dockerfile', text: draft.random.pick(variants) };
}

/** The same build told otherwise, a stage without its place or its name, or the file as it was at first. */
function rewritten(draft: Draft): Operation {
  const { random, stages } = draft;
  const text = render(draft);
  const stage = random.pick(stages);
  const renamed = stage.name
    ? text.replace(new RegExp(`\\b(AS |FROM |from=)${stage.name}\\b`, 'gi'), `$1other-${stage.name}`)
    : text;
  const unread = `FROM ${images[0]} AS unread\nRUN echo ${random.fresh()}\n`;
  const variants = [
    text,
    renamed,
    text.replace(/^[A-Z]+(?= )/gm, (keyword) => keyword.toLowerCase()),
    text.replace(/^(?=FROM )/im, unread),
    text.replace(renderStage(stage), () => `${renderStage(stage)}${stage === stages.at(-1) ? '' : unread}`),
  ];
  return { op: 'dockerfile', text: random.pick(variants) };
}

type Edit = (draft: Draft, stage: StageDraft, index: number, line: string) => string | undefined;

/** Replaces one instruction of the Dockerfile. The draft itself stays as it was. */
function edit(draft: Draft): Operation {
  const { random } = draft;
  const stage = random.pick(draft.stages);
  const index = random.below(stage.lines.length);
  const line = stage.lines[index] ?? '';
  const next = stage.lines[index + 1];
  if (next !== undefined && random.chance(0.15)) return substitution(`${line}\n${next}`, `${next}\n${line}`);
  if (random.chance(0.08)) return fromEdit(draft, stage);
  const changed = random.weighted(edits)(draft, stage, index, line);
  return changed === undefined ? { op: 'nothing' } : substitution(line, changed);
}

const substitution = (old: string, value: string): Operation =>
  value === ''
    ? { op: 'sub', old: `${old}\n`, new: '', count: 1 }
    : { op: 'sub', old: `${old}\n`, new: `${value}\n`, count: 1 };

const fromEdit = ({ random }: Draft, { from }: StageDraft): Operation =>
  substitution(
    from,
    from.replace(
      /FROM( --\S+)? (alpine|node|debian|python)\S*/,
      (_, flag) => `FROM${flag ?? ''} ${random.pick(images)}`,
    ),
  );

const heredoc = /<</;

/** By weight: edits that mean something, and edits that only look so. */
const edits: readonly (readonly [number, Edit])[] = [
  [3, (draft, stage, _, line) => `${line}\n${instruction(draft, stage)}`],
  [3, (draft, stage) => instruction(draft, stage)],
  [2, () => ''],
  [2, ({ random }, _, __, line) => line.replace(/(?<!--chmod=\S*)\b(v\d|always \w+|\d{1,3})\b/, `e${random.fresh()}`)],
  [1, (_, __, ___, line) => `# a comment\n${line}`],
  [1, (_, __, ___, line) => line.replace(/^\w+/, (word) => word.toLowerCase())],
  [1, (_, __, ___, line) => line.replace(' ', '   ')],
  [1, (_, __, ___, line) => (heredoc.test(line) ? undefined : line.replace(/ (?=\S+$)/, ' \\\n      '))],
  [0.7, (_, __, ___, line) => (heredoc.test(line) ? undefined : line.replace(/ (?=\S+$)/, ' \\\n# between\n\n  '))],
  [0.7, (_, __, ___, line) => (heredoc.test(line) ? undefined : `${line}  `)],
  [0.5, (_, __, ___, line) => `\n\n${line}`],
  [
    0.7,
    (_, __, ___, line) =>
      line.replace(/^(COPY|ADD) /, '$1 --link ').replace(/^RUN (?!--)/, 'RUN --mount=type=cache,target=/added '),
  ],
  [0.7, (_, __, ___, line) => line.replace(/^COPY (?!.*--from)/, 'ADD ').replace(/\.\/$/, '.')],
];
