import type { Instruction, Word } from '../syntax/dockerfile.ts';
import type { Expanded } from './expand.ts';
import type { CopyFrom, CopySpec } from './graph.ts';
import { resolveDestination } from './paths.ts';

/** What turns a COPY's words and names into what they stand for. */
export interface CopyScope {
  readonly workdir: string;
  expand(word: string): Expanded;
  from(name: string): CopyFrom;
}

/** Remote sources of ADD: HTTP, and git in its spellings; `github.com/…` is a local path (BuildKit's frontend/dockerfile/dfgitutil). */
const remote = /^(https?:\/\/|git:\/\/|ssh:\/\/|[\w.-]+@[\w.-]+:)/;

/** Undefined where there is no destination: BuildKit refuses that. */
export function copySpec(instruction: Instruction, scope: CopyScope): CopySpec | undefined {
  const destination = instruction.args.at(-1);
  if (!destination || instruction.args.length < 2) return undefined;
  const isHeredoc = ({ span }: Word) =>
    instruction.form !== 'exec' && instruction.heredocs.some((heredoc) => heredoc.span.start === span.start);
  const words = instruction.args
    .slice(0, -1)
    .filter((word) => !isHeredoc(word))
    .map((word) => expandedWord(word, scope));
  const isRemote = ({ text }: { readonly text: string }) => instruction.keyword === 'ADD' && remote.test(text);
  const from = flagValue(instruction, 'from');
  return {
    sources: words.filter((word) => !isRemote(word)),
    urls: words.filter(isRemote),
    heredocs: instruction.heredocs,
    destination: resolveDestination(scope.workdir, scope.expand(destination.text).text),
    from: from && instruction.keyword === 'COPY' ? scope.from(from) : undefined,
    exclude: instruction.flags.filter(({ name }) => name === 'exclude').map(({ value }) => value ?? ''),
    parents: isSet(instruction, 'parents'),
    link: isSet(instruction, 'link'),
    chown: expandedFlag(instruction, 'chown', scope),
    chmod: expandedFlag(instruction, 'chmod', scope),
    options: optionsOf(instruction, scope),
  };
}

const expandedWord = (word: Word, scope: CopyScope) => ({ ...scope.expand(word.text), word });

const flagValue = ({ flags }: Instruction, name: string): string | undefined =>
  flags.findLast((flag) => flag.name === name)?.value;

const isSet = ({ flags }: Instruction, name: string): boolean => {
  const flag = flags.findLast((candidate) => candidate.name === name);
  return flag !== undefined && (flag.value ?? 'true').toLowerCase() === 'true';
};

const expandedFlag = (instruction: Instruction, name: string, scope: CopyScope): string | undefined => {
  const value = flagValue(instruction, name);
  return value ? scope.expand(value).text : undefined;
};

const optionNames = ['keep-git-dir', 'checksum', 'unpack'];

const optionsOf = (instruction: Instruction, scope: CopyScope): ReadonlyMap<string, string> =>
  new Map(
    instruction.flags
      .filter(({ name }) => optionNames.includes(name))
      .map(({ name, value }) => [name, value === undefined ? 'true' : scope.expand(value).text]),
  );
