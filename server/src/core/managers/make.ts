import type { Step } from '../build/graph.ts';
import { parseShell, type ShellWord } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { callOf, callsOf, scopeOf } from './calls.ts';
import { recognise } from './invocations.ts';
import { movedTo } from './locations.ts';
import { type MakeRule, parseMakefile } from './makefile.ts';
import type { Call, Invocation } from './manager.ts';
import { resolve } from './paths.ts';

const options = syntax(
  '-C --directory -f --file --makefile -I --include-dir -j --jobs -l --load-average -o --old-file -W --what-if -O',
  true,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

/** The calls of make in a RUN, their `cwd` moved by `-C`. */
export const makeCallsOf = (step: Step): readonly Call[] =>
  callsOf(step)
    .filter(({ program }) => program === 'make' || program === 'gmake')
    .map((call) => ({ ...call, cwd: movedTo(call, argsOf(call).find('-C', '--directory')) }));

/** What the targets of a call of make do. */
export type MakeRun =
  | {
      /** Their package managers. Words and commands have the place of the call of make in the document. */
      readonly invocations: readonly Invocation[];
      /** What else the recipes run, as written. */
      readonly others: readonly string[];
      /** The Makefile and the files that its rules depend on, context-relative. */
      readonly files: readonly string[];
    }
  | { /** Why that cannot be told, a full sentence. */ readonly refusal: string };

const refuse = (refusal: string): MakeRun => ({ refusal });

const maxRules = 50;

/** Reads the recipes that `make TARGET` runs in the context folder `directory`; refuses where it is not sure. */
export function makeInvocations(call: Call, directory: string, context: ContextSnapshot): MakeRun {
  const args = argsOf(call);
  if (!args.known || args.options.some(({ name }) => /^(-e|--environment-overrides|-k|-i|-n|-I)/.test(name)))
    return refuse('Which targets make builds is not known.');
  const named = args.find('-f', '--file', '--makefile')?.value;
  const names = named === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [named];
  const path = names.map((name) => resolve(directory, name)).find((each) => context.get(each));
  const text = path === undefined ? undefined : context.text(path);
  if (path === undefined || text === undefined)
    return refuse(`The Makefile of ${directory || 'the build context'} is not known.`);
  const words = args.operands.map(({ value }) => value ?? '');
  const given = new Map(
    words.flatMap((word) =>
      /^\w+=/.test(word) ? [[word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const] : [],
    ),
  );
  const makefile = parseMakefile(text, given);
  if (!makefile) return refuse(`${path} is more than a simple Makefile.`);
  const targets = words.filter((word) => !word.includes('='));
  const wanted = targets.length > 0 ? targets : makefile.first === undefined ? [] : [makefile.first];
  const plan = planOf(makefile.rules, wanted, directory, context);
  return typeof plan === 'string' ? refuse(`${path}: ${plan}`) : run(call, plan.rules, [path, ...plan.files], path);
}

interface Plan {
  readonly rules: readonly MakeRule[];
  readonly files: readonly string[];
}

/** The rules in the order in which make runs them, prerequisites first; or why that is not known. */
function planOf(
  all: ReadonlyMap<string, MakeRule>,
  targets: readonly string[],
  directory: string,
  context: ContextSnapshot,
): Plan | string {
  const rules: MakeRule[] = [];
  const files: string[] = [];
  const seen = new Set<string>();
  const visit = (target: string): string | undefined => {
    if (seen.has(target)) return undefined;
    seen.add(target);
    if (seen.size > maxRules || target.includes('%')) return 'its rules cannot be followed.';
    const rule = all.get(target);
    const path = resolve(directory, target);
    const exists = context.get(path) !== undefined;
    if (!rule) {
      if (!exists) return `nothing is known of the target ${target}.`;
      files.push(path);
      return undefined;
    }
    // Whether an existing file is out of date depends on times that are not known.
    if (exists && !rule.phony) return `whether ${target}, which is in the build context, is made again is not known.`;
    for (const each of rule.prerequisites) {
      const problem = visit(each);
      if (problem !== undefined) return problem;
    }
    rules.push(rule);
    return undefined;
  };
  for (const target of targets) {
    const problem = visit(target);
    if (problem !== undefined) return problem;
  }
  return { rules, files };
}

function run(call: Call, rules: readonly MakeRule[], files: readonly string[], path: string): MakeRun {
  const calls: Call[] = [];
  for (const line of rules.flatMap(({ recipe }) => recipe)) {
    const script = parseShell(line, 0);
    if (!script.complete) return refuse(`${path} has a recipe that cannot be read.`);
    // Each line of a recipe has a shell of its own.
    const scope = scopeOf(call.step, call.cwd);
    for (const command of script.commands) {
      scope.enter(command);
      const found = callOf(call.step, command, scope);
      if (found) calls.push(found);
      scope.leave(command);
    }
  }
  if (calls.some(({ program }) => program === 'make')) return refuse(`${path} calls make again.`);
  const invocations = recognise(calls);
  const known = new Set(invocations.map((invocation) => invocation.call));
  return {
    invocations: invocations.map((invocation) => ({ ...invocation, call: placedAt(invocation.call, call) })),
    others: calls
      .filter((each) => !known.has(each))
      .map(({ command }) => command.words.map(({ text }) => text).join(' ')),
    files,
  };
}

/** A call of a recipe as if it stood where make is called: spans of a Makefile mean nothing in the document. */
function placedAt(found: Call, make: Call): Call {
  const word = ({ text, value }: ShellWord): ShellWord => ({ text, value, span: make.command.span });
  return { ...found, command: make.command, args: found.args.map(word) };
}
