import { type Draft, images, type StageDraft } from './draft.ts';

/** Files that hold what a RUN wrote; in /tmp, so that every user can write them. */
const output = ({ random }: Draft): string => `/tmp/o${random.fresh()}`;

export function runInstruction(draft: Draft, stage: StageDraft): string {
  const mounts = draft.random.chance(0.35) ? mountFlags(draft) : { flags: '', reads: '' };
  if (draft.random.chance(0.02)) mounts.flags += `--network=${draft.random.pick(['none', 'default'])} `;
  const out = output(draft);
  stage.outputs.push(out);
  return `RUN ${mounts.flags}${draft.random.weighted(scripts)(draft, stage, out, mounts.reads)}`;
}

type Script = (draft: Draft, stage: StageDraft, out: string, reads: string) => string;

/** Everything the steps before may have made, but never the file that is being written. */
const readAll = (out: string): string =>
  `find /app /d /from /f /tmp -type f ! -path ${out} 2>/dev/null | sort | xargs cat 2>/dev/null`;

/** By weight: output that depends on the input, output that does not, output that never is the same, and every form of RUN. */
const scripts: readonly (readonly [number, Script])[] = [
  [4, (_, __, out, reads) => `(${readAll(out)}; ${reads || 'true'}) > ${out} || true`],
  [3, ({ random }, _, out) => `echo always ${random.pick(['this', 'that'])} > ${out}`],
  [1, (_, __, out) => `mkdir -p ${out}/sub && echo deep > ${out}/sub/f && ln -sf sub/f ${out}/link`],
  [1, (_, __, out) => `cat /proc/sys/kernel/random/uuid > ${out}`],
  [
    2,
    ({ random }, stage, out) => `echo "${[...stage.variables].map((name) => `$${name}`)} ${random.fresh()}" > ${out}`,
  ],
  [1, ({ random }, _, out) => `["/bin/sh", "-c", "echo exec ${random.below(3)} > ${out}"]`],
  [
    1,
    ({ random }, _, out) =>
      `set -e; \\\n    # a comment ${random.fresh()}\n    echo one > ${out} && \\\n\n    echo two >> ${out}`,
  ],
  [1, ({ random }, _, out) => `<<EOF\necho heredoc ${random.fresh()} > ${out}\nEOF`],
  [1, ({ random }, _, out) => `<<"E1" sh\necho piped ${random.fresh()} > ${out}\nE1`],
  [0.5, ({ random }, _, out) => `cat <<A <<-"B" > ${out}\nfirst ${random.fresh()} $V1\nA\n\tsecond\n\tB`],
  [1, ({ random }, _, out) => `<<S\n#!/bin/sh\necho script ${random.fresh()} > ${out}\nS`],
  [
    1,
    (_, __, out) => `echo same > ${out}; [ $(find /app /d /f -type f 2>/dev/null | wc -l) -gt 3 ] || chmod 600 ${out}`,
  ],
];

/** Mount flags, each followed by a blank, and a command that reads what they bring. */
function mountFlags(draft: Draft): { flags: string; reads: string } {
  const { random } = draft;
  const count = random.weighted([
    [4, 1],
    [1, 2],
  ]);
  const targets = (index: number) =>
    random.pick([`/m${index}`, `/m${index}`, `/m${index}/`, `rel${index}`, `/m${index}$V1`]);
  const mounts = Array.from({ length: count }, (_, index) => mount(draft, targets(index)));
  return {
    flags: mounts.map(({ keys }) => `--mount=${keys} `).join(''),
    reads: mounts.map(({ reads }) => reads).join('; '),
  };
}

interface MountDraft {
  readonly keys: string;
  readonly reads: string;
}

function mount(draft: Draft, target: string): MountDraft {
  const { random } = draft;
  const kind = random.weighted<(draft: Draft, target: string) => MountDraft>([
    [3, bindContext],
    [2, bindStage],
    [3, cache],
    [1, (_, to) => ({ keys: `type=tmpfs,target=${to}${random.pick(['', '', ',size=1m'])}`, reads: 'true' })],
    [0.7, (_, to) => ({ keys: `type=secret,id=${random.pick(['s', 't'])},target=${to}`, reads: 'true' })],
    [0.3, () => ({ keys: random.pick(['type=secret,id=s', 'type=secret,id=s,mode=0440,uid=5']), reads: 'true' })],
    [0.3, (_, to) => ({ keys: `type=ssh${random.pick(['', ',id=default', `,target=${to}`])}`, reads: 'true' })],
    [0.5, cacheOfStage],
  ]);
  return kind(draft, target);
}

function bindContext({ random, context, dialect }: Draft, target: string): MountDraft {
  const source = random.weighted([
    [3, random.pick(context.sources)],
    [1, context.folders[0] ?? ''],
    [1, ''],
  ]);
  const type = random.chance(0.3) ? '' : 'type=bind,';
  const options = `${source ? `,${random.pick(['source', 'src'])}=${source}` : ''}${dialect.writableContext && random.chance(0.2) ? ',rw' : ''}`;
  const name = random.pick(['target', 'target', 'dst', 'destination']);
  return { keys: `${type}${name}=${target}${options}`, reads: `find ${target} -type f | sort | xargs cat` };
}

function bindStage(draft: Draft, target: string): MountDraft {
  const { random } = draft;
  const [named] = draft.context.named;
  if (named && random.chance(0.5)) {
    const source = random.pick(['', ',source=src', ',source=a.txt']);
    return {
      keys: `type=bind,from=${named}${source},target=${target}`,
      reads: `find ${target} -type f | sort | xargs cat`,
    };
  }
  const sources = draft.stages.filter(({ name, outputs }) => name !== undefined && outputs.length > 0);
  const stage = sources.length > 0 && random.chance(0.85) ? random.pick(sources) : undefined;
  const from = stage?.name ?? random.pick(images);
  const source = stage ? random.pick([...stage.outputs, '/tmp']) : '/etc/passwd';
  const whole = random.chance(0.1);
  return {
    keys: `type=bind,from=${from}${whole ? '' : `,source=${source}`},target=${target}${random.chance(0.1) ? ',rw' : ''}`,
    reads: whole ? `ls ${target}` : `find ${target} -type f | sort | xargs cat`,
  };
}

/** A cache that begins with what a stage left: it counts by that stage's key. */
function cacheOfStage(draft: Draft, target: string): MountDraft {
  const { random } = draft;
  const stages = draft.stages.filter(({ name, outputs }) => name !== undefined && outputs.length > 0);
  if (stages.length === 0) return cache(draft, target);
  const source = random.pick(['', ',source=/tmp']);
  return { keys: `type=cache,target=${target},from=${random.pick(stages).name}${source}`, reads: 'true' };
}

function cache({ random }: Draft, target: string): MountDraft {
  const options = [
    ...random.some(
      [`id=${random.pick(['one', 'two'])}`, `sharing=${random.pick(['shared', 'locked', 'private'])}`],
      0.3,
    ),
    ...random.some(['uid=1000', 'gid=1000', 'mode=0777', 'readonly'], 0.1),
  ];
  return { keys: ['type=cache', `target=${target}`, ...options].join(','), reads: 'true' };
}
