import { createHash } from 'node:crypto';
import { buildGraph, type Stage, type Step } from '../../../server/src/core/build/graph.ts';
import { type Instruction, parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';

/** What one Dockerfile wants of its surroundings. */
export interface StandIn {
  /** Stages, variables, COPYs and WORKDIRs as they were; commands that cost nothing and change whenever the old ones did. */
  readonly text: string;
  /** Sources in the build context, variables expanded. */
  readonly sources: readonly string[];
}

const unknownFlags = /^(parents|exclude|keep-git-dir|checksum|unpack)$/;

/** Undefined for what this builder cannot do whatever its images hold: Windows, unknown flags, images that only a caller names. */
export function standIn(original: string): StandIn | undefined {
  const written = original.replace(/^#\s*(syntax|check)\s*=.*$/gim, '# no $1 line');
  const dockerfile = parseDockerfile(written);
  const { stages } = buildGraph(dockerfile, { args: {} });
  if (stages.length === 0 || dockerfile.instructions.some(isBeyond)) return undefined;
  if (stages.some(({ base }) => base.kind === 'image' && !base.resolved)) return undefined;
  const wanted = wantedFiles(stages);
  const names = new Set(stages.flatMap(({ name, index }) => [name?.toLowerCase() ?? '', String(index)]));
  const edits = dockerfile.instructions.map((instruction) => ({
    instruction,
    text: replacement(instruction, written, names),
  }));
  let text = '';
  let done = 0;
  for (const { instruction, text: replaced } of edits) {
    text += written.slice(done, instruction.span.start) + replaced;
    done = instruction.span.end;
    const stage = stages.find(({ steps, from }) => (steps.at(-1)?.instruction ?? from) === instruction);
    if (stage && stage.base.kind !== 'scratch') text += makeFiles(stage, wanted.get(stage) ?? []);
  }
  return { text: text + written.slice(done), sources: stages.flatMap(({ steps }) => steps.flatMap(contextSources)) };
}

const isBeyond = ({ keyword, flags, rest }: Instruction): boolean =>
  keyword === 'ONBUILD' ||
  (keyword === 'SHELL' && /powershell|pwsh|cmd/i.test(rest.text)) ||
  (keyword !== 'RUN' && flags.some((flag) => unknownFlags.test(flag.name)));

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
const number = (text: string): number => 100 + (Number.parseInt(digest(text), 16) % 900);

/** Accounts are numbers: the stand-in for every image has hardly a name. All of them may write everywhere. */
function replacement(instruction: Instruction, written: string, stages: ReadonlySet<string>): string {
  const text = written.slice(instruction.span.start, instruction.span.end);
  switch (instruction.keyword) {
    case 'FROM':
      return text
        .replace(/@sha256:\w+/g, '')
        .replace(/--platform=(?!\$\{?(BUILD|TARGET)PLATFORM\b|linux\/amd64)\S+\s+/, '');
    case 'USER':
      return `USER 0:${instruction.rest.text === 'root' ? 0 : number(instruction.rest.text)}`;
    case 'RUN':
      return run(instruction, stages);
    case 'ADD':
    case 'COPY':
      return copy(instruction, text, stages);
    default:
      return text;
  }
}

function run({ flags, rest, heredocs, form }: Instruction, stages: ReadonlySet<string>): string {
  const mounts = flags.flatMap(({ name, value = '' }) => {
    const from = /(?:^|,)from=([^,]+)/.exec(value)?.[1];
    const kept = name === 'mount' && (from === undefined || stages.has(from.toLowerCase()));
    return kept ? [`--mount=${value.replace(/,required(=\w+)?/g, '').replace(/,[ug]id=\$[^,]+/g, '')} `] : [];
  });
  const id = digest([rest.text, ...heredocs.map(({ body }) => body)].join('\n'));
  // Half of them make the same of every input.
  const command = /^[0-7]/.test(id)
    ? `mkdir -p /tmp && echo ${id} > /tmp/${id}`
    : `mkdir -p /tmp && (echo ${id}; find . -xdev -path ./proc -prune -o -type f -print 2>/dev/null | sort | head -n 300 | xargs cat 2>/dev/null | md5sum) > /tmp/${id}`;
  return `RUN ${mounts.join('')}${form === 'exec' ? JSON.stringify(['/bin/sh', '-c', command]) : command}`;
}

function copy({ keyword, flags, args, form }: Instruction, text: string, stages: ReadonlySet<string>): string {
  if (keyword === 'ADD' && args.slice(0, -1).some((word) => /^(https?:|git:|ssh:|git@)/.test(word.text)))
    return `RUN echo ${digest(text)}`;
  // A symbolic mode is one only since BuildKit 0.22; before, it was none.
  const numeric = text.replace(/--chmod=(?![0-7]+\s|\$)\S+\s+/, '');
  const owned = numeric.replace(/--chown=("?)([^\s"]+)\1/, (_, __, owner: string) =>
    /^[\d:]+$/.test(owner) ? `--chown=${owner}` : `--chown=${owner.split(':').map(number).join(':')}`,
  );
  const from = flags.find(({ name }) => name === 'from')?.value;
  if (from === undefined || stages.has(from.toLowerCase())) return owned;
  const kept = flags.filter(({ name, value = '0' }) => name === 'link' || (name === 'chmod' && /^[0-7]+$/.test(value)));
  const options = kept.map(({ name, value }) => `--${name}${value === undefined ? '' : `=${value}`} `).join('');
  const sources = args.slice(0, -1).map((_, index) => (index % 2 === 0 ? '/etc/passwd' : '/etc/group'));
  const words = [...new Set(sources), args.at(-1)?.text ?? ''];
  const image = from.includes('$') ? 'alpine:3.19' : from.replace(/@sha256:\w+/, '');
  return `COPY --from=${image} ${options}${form === 'exec' ? JSON.stringify(words) : words.join(' ')}`;
}

function contextSources({ copy: spec, mounts }: Step): string[] {
  const bound = mounts.filter(({ type, from, source }) => type === 'bind' && !from && source !== undefined);
  const copied = spec && !spec.from ? spec.sources.filter(({ known }) => known).map(({ text }) => text) : [];
  return [...copied, ...bound.map(({ source }) => source ?? '')];
}

/** What other stages take of each. */
function wantedFiles(stages: readonly Stage[]): ReadonlyMap<Stage, readonly string[]> {
  const wanted = new Map<Stage, string[]>();
  const add = (stage: Stage | undefined, paths: readonly string[]) => {
    if (stage) wanted.set(stage, [...(wanted.get(stage) ?? []), ...paths]);
  };
  for (const { copy: spec, mounts } of stages.flatMap(({ steps }) => steps)) {
    if (spec?.from?.kind === 'stage')
      add(
        spec.from.stage,
        spec.sources.map(({ text }) => text),
      );
    for (const { from, source = '' } of mounts)
      add(
        stages.find(({ name }) => name !== undefined && name === from),
        [source],
      );
  }
  return wanted;
}

export const literal = (path: string): string => path.replace(/\[[^\]]*\]|[*?]/g, 'x');

/** Makes what the image would have had, or a command would have made. */
function makeFiles(stage: Stage, paths: readonly string[]): string {
  const places = [...new Set(paths.map((path) => literal(`/${path.replace(/^\/+/, '')}`)))].filter(
    (path) => path !== '/',
  );
  if (places.length === 0) return '';
  const content = number(stage.name ?? '') % 2 === 0 ? 'made' : '$(ls -R . 2>/dev/null | head -n 300 | md5sum)';
  const make = places.map((place) => {
    const file = place.endsWith('/') ? `${place}made` : place;
    return `{ [ -e "${place}" ] || { mkdir -p "${file.slice(0, file.lastIndexOf('/')) || '/'}" && echo ${content} > "${file}"; }; }`;
  });
  return `\nSHELL ["/bin/sh", "-c"]\nRUN ${make.join(' && ')}`;
}
