import type { BuildGraph, Stage } from './build/graph.ts';
import type { Model } from './cache/model.ts';
import type { Config } from './config.ts';
import type { Evaluation } from './context/evaluation.ts';
import type { IgnoreFile } from './context/ignore.ts';
import type { Fix } from './fixes.ts';
import type { Dockerfile } from './syntax/dockerfile.ts';
import type { Span } from './syntax/span.ts';
import type { Facts, IgnoreFacts, IgnoreUser } from './workspace.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';
export type Category = 'order' | 'mounts' | 'layers' | 'stages' | 'context' | 'ci';

export interface Related {
  readonly span: Span;
  readonly message: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The cause. */
  readonly span: Span;
  /** What is wrong, why it matters (in numbers), what to do. Full sentences. */
  readonly message: string;
  /** The steps that it makes run again. */
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** Dead text, shown faded. */
  readonly unnecessary?: boolean | undefined;
}

/** A finding as a rule yields it: the rest is filled in from the rule and the configuration. */
export type Report = Omit<Finding, 'rule' | 'severity' | 'related' | 'fixes'> & {
  readonly severity?: Severity | undefined;
  readonly related?: readonly Related[] | undefined;
  readonly fixes?: readonly Fix[] | undefined;
};

export interface OptionSchema {
  readonly type: 'boolean' | 'number' | 'string' | 'array';
  readonly default: unknown;
  readonly description: string;
}

/** A document, a Dockerfile or an ignore file, in its context. */
export type Example = (
  | { readonly dockerfile: string; readonly ignoreFile?: undefined }
  | { readonly ignoreFile: string; readonly dockerfile?: undefined }
) & {
  /** Files of the context, path → text. A default context is used where there is none. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** The git history, newest commit first: the paths that each changed. */
  readonly history?: readonly (readonly string[])[] | undefined;
};

export interface RuleDocs {
  /** One line: README row and settings description. No full stop. */
  readonly summary: string;
  /** Markdown: why it matters, in BuildKit's terms. */
  readonly why: string;
  /** Markdown: what the fix does, when it is safe, when it is withheld. */
  readonly fix: string;
  /** Markdown: when to ignore the finding. */
  readonly ignore: string;
  readonly bad: Example;
  readonly good: Example;
  readonly references: readonly string[];
}

/** What a rule may look at. Everything in it is read-only and already computed or computed on first use. */
export interface RuleContext {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  readonly model: Model;
  readonly facts: Facts;
  readonly config: Config;
  /** This rule's options, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * What `find` makes of each stage, also of those that no build runs: for stages that are as they were, with their relatives
   * (build/relatives.ts), what it made of them in the last version. Strings and numbers, nothing that has a place in the text. Once per rule.
   */
  ofEachStage<T>(find: (stage: Stage) => T): readonly T[];
}

/** A Dockerfile that is built with an ignore file, read. */
export interface ReadUser extends IgnoreUser {
  readonly graph: BuildGraph;
}

/** The same for an ignore file. */
export interface IgnoreContext {
  readonly file: IgnoreFile;
  readonly facts: IgnoreFacts;
  /** `facts.users`, read. */
  readonly users: readonly ReadUser[];
  /** Reads another one that the facts name. */
  readonly read: (user: IgnoreUser) => ReadUser;
  /** What the file makes of its folder; undefined where that is not known. */
  readonly evaluation: Evaluation | undefined;
  readonly config: Config;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A rule looks at Dockerfiles, whole or stage by stage, at ignore files, or at both. */
export interface Rule {
  /** Kebab-case; reads well as "ignore <id>". */
  readonly id: string;
  readonly severity: Severity | 'off';
  readonly category: Category;
  readonly docs: RuleDocs;
  readonly options?: Readonly<Record<string, OptionSchema>> | undefined;
  /** hadolint codes whose `# hadolint ignore=` silences this rule as well. */
  readonly hadolint?: readonly string[] | undefined;
  check?(context: RuleContext): Iterable<Report>;
  /**
   * What there is to say of one stage that a build may run. It may look at that stage's relatives (build/relatives.ts) and at all FROMs, at no
   * other stage: while those stay as they are, it is not asked again. Of reports that several stages have at one place the first counts.
   */
  checkStage?(context: RuleContext, stage: Stage): Iterable<Report>;
  checkIgnore?(context: IgnoreContext): Iterable<Report>;
}
