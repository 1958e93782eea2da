import type { Dockerfile, Instruction } from '../syntax/dockerfile.ts';
import { type ShellScript, scriptOf } from '../syntax/shell.ts';
import { copySpec } from './copySpec.ts';
import type { EnvironmentList } from './environment.ts';
import { type Expanded, expand } from './expand.ts';
import type { CopyFrom, Mount, Stage, Step } from './graph.ts';
import { parseMounts } from './mounts.ts';

/** What is in force at a place of a stage. */
export interface StageState {
  readonly environment: EnvironmentList;
  readonly user: string;
  readonly workdir: string;
  readonly shell: readonly string[];
}

export interface StepContext {
  readonly dockerfile: Dockerfile;
  readonly from: (name: string) => CopyFrom;
}

const operations = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);
const none: readonly Mount[] = [];

const once = <T>(compute: () => T): (() => T) => {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
};

/** A step whose mounts, words and script are read when somebody asks: most are not looked at after a keystroke. */
export function makeStep(
  { dockerfile, from }: StepContext,
  stage: Stage,
  instruction: Instruction,
  place: { readonly index: number; readonly fromOnbuild: boolean },
  before: StageState,
  workdir: string,
): Step {
  const { keyword } = instruction;
  const { environment, user, shell } = before;
  const expandWord = (word: string): Expanded => expand(word, environment.bind, dockerfile);
  const hasMounts = keyword === 'RUN' && instruction.flags.some(({ name }) => name === 'mount');
  const mounts = hasMounts ? once(() => parseMounts(instruction, workdir, expandWord)) : () => none;
  const copies = keyword === 'COPY' || keyword === 'ADD';
  const copy = once(() => (copies ? copySpec(instruction, { workdir, expand: expandWord, from }) : undefined));
  const script = once((): ShellScript | undefined =>
    keyword === 'RUN' ? scriptOf(instruction, dockerfile, shell) : undefined,
  );
  return {
    ...{ stage, instruction, keyword, environment, user, workdir, shell, ...place },
    operation: operations.has(keyword),
    get mounts() {
      return mounts();
    },
    get copy() {
      return copy();
    },
    get script() {
      return script();
    },
  };
}
