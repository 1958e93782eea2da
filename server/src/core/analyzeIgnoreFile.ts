import { buildGraph } from './build/graph.ts';
import { buildOptions } from './builds/options.ts';
import type { Config } from './config.ts';
import { type Evaluation, evaluateSteps } from './context/evaluation.ts';
import { type IgnoreFile, parseIgnore } from './context/ignore.ts';
import type { ReadUser } from './rule.ts';
import { type Checked, runRules } from './runRules.ts';
import { suppressionsIn } from './suppression.ts';
import { parseDockerfile } from './syntax/dockerfile.ts';
import type { IgnoreFacts, IgnoreUser } from './workspace.ts';

/** Everything that is known of one version of one ignore file. */
export interface IgnoreAnalysis extends Checked {
  readonly file: IgnoreFile;
  readonly facts: IgnoreFacts;
  readonly users: readonly ReadUser[];
  /** Undefined where the folder is not known. */
  readonly evaluation: Evaluation | undefined;
  readonly config: Config;
}

/** One ignore file in, all that is known of it out, in pieces: a folder may hold 100,000 files. Never throws. */
export function* analyzeIgnoreSteps(
  text: string,
  facts: IgnoreFacts,
  config: Config,
): Generator<undefined, IgnoreAnalysis> {
  const file = parseIgnore(text);
  const evaluation = facts.folder && (yield* evaluateSteps(file, facts.folder));
  const read = (user: IgnoreUser): ReadUser => readUser(user, config);
  const users = facts.users.map(read);
  const known = { file, facts, users, evaluation, config };
  const isSuppressed = suppressionsIn({ text, comments: file.comments, instructions: file.patterns });
  return {
    ...known,
    ...runRules(config, isSuppressed, (rule, options) => [...(rule.checkIgnore?.({ ...known, read, options }) ?? [])]),
  };
}

/** The same at once. */
export function analyzeIgnoreFile(text: string, facts: IgnoreFacts, config: Config): IgnoreAnalysis {
  const steps = analyzeIgnoreSteps(text, facts, config);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const readUsers = new WeakMap<IgnoreUser, { readonly config: Config; readonly user: ReadUser }>();

/** A keystroke in the ignore file does not change the Dockerfiles. */
function readUser(user: IgnoreUser, config: Config): ReadUser {
  const known = readUsers.get(user);
  if (known?.config === config) return known.user;
  const graph = buildGraph(parseDockerfile(user.text), buildOptions(config, user.builds));
  const made = { ...user, graph };
  readUsers.set(user, { config, user: made });
  return made;
}
