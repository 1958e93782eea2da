import type { Dockerfile, Instruction } from '../syntax/dockerfile.ts';
import { type ShellScript, scriptOf } from '../syntax/shell.ts';
import { copySpec } from './copySpec.ts';
import type { EnvironmentList } from './environment.ts';
import { expand } from './expand.ts';
import type { CopyFrom, CopySpec, Mount, Stage, Step } from './graph.ts';
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
const noMounts: readonly Mount[] = [];

/** A class for the sake of its lazy members: after a keystroke nobody looks at most steps' mounts, words and scripts. */
export class LazyStep implements Step {
  readonly keyword: string;
  readonly operation: boolean;
  readonly environment: EnvironmentList;
  readonly user: string;
  readonly shell: readonly string[];
  private readMounts: readonly Mount[] | undefined;
  private readCopy: { readonly spec: CopySpec | undefined } | undefined;
  private readScript: { readonly script: ShellScript | undefined } | undefined;

  constructor(
    private readonly context: StepContext,
    readonly stage: Stage,
    readonly index: number,
    readonly instruction: Instruction,
    readonly fromOnbuild: boolean,
    before: StageState,
    readonly workdir: string,
  ) {
    this.keyword = instruction.keyword;
    this.operation = operations.has(instruction.keyword);
    this.environment = before.environment;
    this.user = before.user;
    this.shell = before.shell;
  }

  get mounts(): readonly Mount[] {
    this.readMounts ??=
      this.keyword === 'RUN' ? parseMounts(this.instruction, this.workdir, (word) => this.expand(word)) : noMounts;
    return this.readMounts;
  }

  get copy(): CopySpec | undefined {
    const { workdir, instruction, context } = this;
    const copies = this.keyword === 'COPY' || this.keyword === 'ADD';
    this.readCopy ??= {
      spec: copies
        ? copySpec(instruction, { workdir, expand: (word) => this.expand(word), from: context.from })
        : undefined,
    };
    return this.readCopy.spec;
  }

  get script(): ShellScript | undefined {
    const { instruction, context, shell } = this;
    this.readScript ??= {
      script: this.keyword === 'RUN' ? scriptOf(instruction, context.dockerfile, shell) : undefined,
    };
    return this.readScript.script;
  }

  private expand(word: string) {
    return expand(word, this.environment.bind, this.context.dockerfile);
  }
}
