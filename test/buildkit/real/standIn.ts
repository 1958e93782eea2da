import { expand } from '../../../server/src/core/build/expand.ts';
import {
  type BuildGraph,
  buildGraph,
  type CopyFrom,
  mountFrom,
  type Stage,
  type Step,
} from '../../../server/src/core/build/graph.ts';
import { type Dockerfile, type Instruction, parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { accountLines, accountsIn } from './accounts.ts';
import { run, shell } from './command.ts';
import { digest, isOwn, numberOf, type Original, type StandInOptions, withoutDigest } from './original.ts';
import { makeFiles, wantedFiles } from './places.ts';

/** What one Dockerfile wants of its surroundings. */
export interface StandIn {
  /** Stages, variables, COPYs and WORKDIRs as they were; commands that cost nothing, with the old ones behind them as a comment. */
  readonly text: string;
  /** Sources in the build context, variables expanded. */
  readonly sources: readonly string[];
  /** Sources in named contexts. */
  readonly beside: readonly { readonly context: string; readonly source: string }[];
  /** Names of users and groups that steps need. */
  readonly accounts: readonly string[];
  /** Values for what only a caller knows: arguments without a default that name images. */
  readonly args: Readonly<Record<string, string>>;
}

/** Undefined for what no stand-in can do: Windows, no stage at all, images whose name cannot be known. */
export function standIn(original: string, options: StandInOptions): StandIn | undefined {
  const written = original.replace(/^#[ \t]*(syntax|check)[ \t]*=.*\r?\n/gim, '');
  const dockerfile = parseDockerfile(written);
  const args = imageArguments(dockerfile);
  const graph = buildGraph(dockerfile, { args, namedContexts: options.contexts });
  const { stages } = graph;
  if (stages.length === 0 || dockerfile.instructions.some(isWindows)) return undefined;
  if (stages.some(({ base }) => base.kind === 'image' && !base.resolved)) return undefined;
  const replacement = replacements({ written, dockerfile, graph, options });
  const wanted = wantedFiles(graph, written);
  let text = '';
  let done = 0;
  for (const instruction of dockerfile.instructions) {
    text += written.slice(done, instruction.span.start) + replacement(instruction);
    done = instruction.span.end;
    const begun = stages.find(({ from }) => from === instruction);
    if (begun?.base.kind === 'image') text += accountLines(options.accounts);
    const ended = stages.find((stage) => lastOf(stage) === instruction);
    if (ended && hasShell(ended)) text += makeFiles(ended, wanted.get(ended) ?? []);
  }
  const sources = stages.flatMap(({ steps }) => steps.flatMap(contextSources));
  return { text: text + written.slice(done), sources, beside: besideSources(graph), args, accounts: accountsIn(graph) };
}

const lastOf = ({ steps, from }: Stage): Instruction =>
  steps.findLast(({ fromOnbuild }) => !fromOnbuild)?.instruction ?? from;

const hasShell = ({ base }: Stage): boolean => (base.kind === 'stage' ? hasShell(base.stage) : base.kind === 'image');

const isWindows = ({ keyword, rest }: Instruction): boolean =>
  keyword === 'SHELL' && /powershell|pwsh|cmd/i.test(rest.text);

/** Arguments without a default that images are named by. */
function imageArguments(dockerfile: Dockerfile): Record<string, string> {
  const first = dockerfile.instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const open = dockerfile.instructions
    .slice(0, Math.max(0, first))
    .flatMap(({ properties }) => properties.filter(({ value }) => (value ?? '') === '').map(({ name }) => name));
  const froms = dockerfile.instructions.filter(({ keyword }) => keyword === 'FROM').map(({ rest }) => rest.text);
  const named = open.filter((name) => froms.some((from) => new RegExp(`\\$\\{?${name}\\b`).test(from)));
  return Object.fromEntries(named.map((name) => [name, 'made']));
}

function replacements(original: Original): (instruction: Instruction) => string {
  const { written, graph } = original;
  const steps = new Map(graph.stages.flatMap(({ steps: own }) => own.map((step) => [step.instruction, step] as const)));
  const replacement = (instruction: Instruction, step: Step | undefined): string => {
    const text = written.slice(instruction.span.start, instruction.span.end);
    switch (instruction.keyword) {
      case 'FROM':
        return from(text);
      case 'USER':
        return user(original, instruction, step);
      case 'RUN':
        return run(original, instruction, step);
      case 'SHELL':
        return shell(instruction, text);
      case 'ADD':
      case 'COPY':
        return copy(original, instruction, step);
      case 'ONBUILD': {
        const { trigger } = instruction;
        if (!trigger || trigger.span.start <= instruction.span.start) return text;
        return `${written.slice(instruction.span.start, trigger.span.start)}${replacement(trigger, steps.get(trigger))}`;
      }
      default:
        return text;
    }
  };
  return (instruction) => replacement(instruction, steps.get(instruction));
}

const from = (text: string): string =>
  withoutDigest(text).replace(/--platform=(?!\$\{?(BUILD|TARGET)PLATFORM\b|linux\/amd64)\S+\s+/, '');

/** Numbers own nothing of the image: only names can be given all rights. */
function user({ dockerfile, written }: Original, instruction: Instruction, step: Step | undefined): string {
  const { text, known } = step
    ? expand(instruction.rest.text, step.environment.bind, dockerfile)
    : { text: instruction.rest.text, known: true };
  if (known && /^[a-z_][\w-]*(:[a-z_][\w-]*)?$/i.test(text))
    return written.slice(instruction.span.start, instruction.span.end);
  return `USER 0:${numberOf(instruction.rest.text)}`;
}

function copy(original: Original, instruction: Instruction, step: Step | undefined): string {
  const { written, options } = original;
  const { keyword, flags, args, form, span } = instruction;
  const text = written.slice(span.start, span.end);
  if (keyword === 'ADD' && (step?.copy?.urls.length ?? 0) > 0) return remote(options, text, step);
  const unknown = options.modern ? /\s--parents(=\w+)?(?=\s)/g : /\s--(parents(=\w+)?|exclude=\S+)(?=\s)/g;
  // A symbolic mode is one only since BuildKit 0.22; before, it was none.
  const numeric = text
    .replace(unknown, '')
    .replace(/--(checksum|unpack)=\S+\s+/g, '')
    .replace(options.modern ? /$^/ : /--chmod=(?![0-7]+\s|\$)\S+\s+/, '');
  const owned = step && hasShell(step.stage) ? numeric : numbered(numeric);
  const source = flags.find(({ name }) => name === 'from')?.value;
  if (source === undefined || isOwn(original, source)) return owned;
  const kept = flags.filter(({ name, value = '0' }) => name === 'link' || (name === 'chmod' && /^[0-7]+$/.test(value)));
  const chosen = kept.map(({ name, value }) => `--${name}${value === undefined ? '' : `=${value}`} `).join('');
  const sources = args.slice(0, -1).map((_, index) => (index % 2 === 0 ? '/etc/group' : '/bin/busybox'));
  const words = [...new Set(sources), args.at(-1)?.text ?? ''];
  const image = source.includes('$') ? 'alpine:3.19' : from(source);
  return `COPY --from=${image} ${chosen}${form === 'exec' ? JSON.stringify(words) : words.join(' ')}`;
}

const numbered = (text: string): string =>
  text.replace(/--chown=("?)([^\s"]+)\1/, (_, __, owner: string) =>
    /^[\d:]+$/.test(owner) ? `--chown=${owner}` : `--chown=${owner.split(':').map(numberOf).join(':')}`,
  );

/** What comes over HTTP comes from the server, by the same path; checkouts, and what nobody can name, are commands. */
function remote({ server }: StandInOptions, text: string, step: Step | undefined): string {
  const urls = step?.copy?.urls ?? [];
  const plain = urls.every(({ text: url, known }) => known && /^https?:/.test(url) && !/\.git(#|\?|$)/.test(url));
  if (!plain || step?.copy?.sources.length !== 0 || /--(checksum|keep-git-dir)/.test(text))
    return `RUN echo ${digest(text)}`;
  return text.replace(/https?:\/\//g, `${server}/`);
}

function besideSources(graph: BuildGraph): { context: string; source: string }[] {
  const of = (from: CopyFrom | undefined, sources: readonly string[]) => {
    const origin = from?.kind === 'stage' ? from.stage.base : from;
    return origin?.kind === 'context' ? sources.map((source) => ({ context: origin.name, source })) : [];
  };
  return graph.stages
    .flatMap(({ steps }) => steps)
    .flatMap((step) => [
      ...of(
        step.copy?.from,
        (step.copy?.sources ?? []).map(({ text }) => text),
      ),
      ...step.mounts.flatMap((mount) => of(mountFrom(graph, step, mount), [mount.source ?? ''])),
    ]);
}

function contextSources({ copy: spec, mounts }: Step): string[] {
  const bound = mounts.filter(({ type, from: source }) => type === 'bind' && !source);
  const copied = spec && !spec.from ? spec.sources.filter(({ known }) => known).map(({ text }) => text) : [];
  return [...copied, ...bound.flatMap(({ source }) => source ?? [])];
}
