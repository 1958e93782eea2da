import { ancestors, type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { hasFrom } from '../build/stageNames.ts';
import { absolute, contextFolderAt, destinationOf, within } from '../cache/placement.ts';
import { isMounted } from '../fixes/cacheMounts.ts';
import { copyOut } from '../fixes/copyOut.ts';
import { isHarmless } from '../fixes/harmless.ts';
import { type CacheMount, cacheMountsOf, cachesOf, overlap } from '../fixes/mountUse.ts';
import { commandLines, startSteps } from '../fixes/starts.ts';
import { callsOf } from '../managers/calls.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { line, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Word } from '../syntax/dockerfile.ts';
import { baseName } from '../syntax/path.ts';
import type { Span } from '../syntax/span.ts';

/** Something that is read where only a cache mount of another step has it. */
interface Loss {
  readonly mount: CacheMount;
  /** Absolute; the mount's target itself, or below it. */
  readonly path: string;
  readonly reader: Step;
  readonly span: Span;
  /** Of a COPY. */
  readonly word: Word | undefined;
}

/** Whether a step other than those with the mount may put something there. */
function mayFill({ facts }: RuleContext, step: Step, { target }: CacheMount, path: string): boolean {
  if (isMounted(step, path)) return false;
  if (step.keyword === 'RUN') return mayWrite(step, target);
  const destination = destinationOf(step);
  if (destination === undefined || !overlap(destination, path)) return false;
  if (within(target, destination) !== undefined || step.copy?.from || !facts.context) return true;
  const folder = contextFolderAt(step, target, facts.context);
  return folder !== undefined && facts.context.get(folder) !== undefined;
}

function mayWrite(step: Step, target: string): boolean {
  const system = new Set(invocationsOf(step).flatMap(({ manager, call }) => (manager.inputs ? [] : [call.command])));
  return (
    step.fromOnbuild ||
    step.script?.complete !== true ||
    step.script.commands.some((command) => !system.has(command) && !isHarmless(command, [target]))
  );
}

/** Whether the RUN puts something into the mount: a manager's cache or output lies there, or its text names what is read. */
function produces({ facts }: RuleContext, { step, target }: CacheMount, path: string): boolean {
  const isKept = invocationsOf(step).some((each) =>
    cachesOf(each, facts.context).some((location) => location.path !== undefined && overlap(location.path, target)),
  );
  return isKept || step.instruction.rest.text.includes(baseName(path)) || within(step.workdir, target) !== undefined;
}

/** The mount in which a path lies, of the steps given, where no other of them may have put something there. */
function mountWith(context: RuleContext, steps: readonly Step[], path: string): CacheMount | undefined {
  const mount = steps
    .flatMap(cacheMountsOf)
    .findLast((each) => each.target !== '/' && !each.mount.from && within(each.target, path) !== undefined);
  if (!mount || !produces(context, mount, path)) return undefined;
  return steps.some((step) => mayFill(context, step, mount, path)) ? undefined : mount;
}

/** The targets of each stage's own cache mounts. */
const targetsIn = ({ ofEachStage }: RuleContext): readonly (readonly string[])[] =>
  ofEachStage(({ steps }) => steps.flatMap(cacheMountsOf).map(({ target }) => target));

/** Whether a step that runs before the end of the stage has a mount there: of most COPYs it says that nothing is lost. */
function hasMountAt(targets: readonly (readonly string[])[], stage: Stage, path: string): boolean {
  const own = targets[stage.index]?.some((target) => within(target, path) !== undefined);
  return own || (stage.base.kind === 'stage' && hasMountAt(targets, stage.base.stage, path));
}

function* copied(context: RuleContext, step: Step): Generator<Loss> {
  const copy = hasFrom(step) && !step.fromOnbuild ? step.copy : undefined;
  if (copy?.from?.kind !== 'stage') return;
  const { stage } = copy.from;
  const targets = targetsIn(context);
  for (const { text, known, word } of copy.sources) {
    const path = absolute(text);
    if (!known || !hasMountAt(targets, stage, path)) continue;
    const mount = mountWith(context, [...stageAncestors(stage), ...stage.steps], path);
    if (mount) yield { mount, path, reader: step, span: word.span, word };
  }
}

/** Commands that need the files that they name. */
const readers = /^(cp|mv|install|strip|upx|tar|zip|cat|ldd|file|chmod|chown|java|node|python3?|du|sha256sum)$/;

function* run(context: RuleContext, step: Step): Generator<Loss> {
  if (step.keyword !== 'RUN' || step.fromOnbuild) return;
  const before = [...ancestors(step)];
  if (!before.some((each) => cacheMountsOf(each).length > 0)) return;
  for (const { command, program, args, shellCwd } of callsOf(step)) {
    const [name] = command.words;
    const words = readers.test(program) ? args : name?.value?.includes('/') ? [name] : [];
    for (const { value, span } of words) {
      if (value === undefined || value.startsWith('-') || shellCwd === undefined) continue;
      const path = absolute(value, shellCwd);
      const mount = isMounted(step, path) ? undefined : mountWith(context, before, path);
      if (!mount || path === mount.target) continue;
      yield { mount, path, reader: step, span, word: undefined };
      return;
    }
  }
}

/** What the container starts, where it lies in a mount. */
function* started(context: RuleContext, target: Stage): Generator<Loss> {
  for (const step of startSteps(target)) {
    const all = [...stageAncestors(target), ...target.steps].filter((each) => each !== step);
    for (const word of commandLines(step, context.dockerfile).flat()) {
      const path = absolute(word, step.workdir);
      const mount = word.includes('/') && !word.startsWith('-') ? mountWith(context, all, path) : undefined;
      if (!mount || path === mount.target) continue;
      yield { mount, path, reader: step, span: step.instruction.restSpan, word: undefined };
      return;
    }
  }
}

function report({ dockerfile }: RuleContext, { mount, path, reader, span, word }: Loss): Report {
  const writer = line(mount.step.instruction);
  const plan = word ? copyOut(dockerfile, mount.step, path, word) : undefined;
  const isAll = path === mount.target;
  const effect = isAll
    ? 'it is empty here'
    : reader.keyword === 'RUN' || reader.keyword === 'COPY'
      ? `this ${reader.keyword} does not find it`
      : 'the container does not find it';
  return {
    span,
    message: sentences(
      `${path} ${isAll ? 'is' : 'lies in'} the cache mount${isAll ? '' : ` at ${mount.target}`} of the RUN on ${writer}: what is in there is in no layer, and ${effect}. Copy it out of the mount in the RUN on ${writer}.`,
      plan?.refusal,
    ),
    related: [{ span: mount.mount.flag.span, message: 'The files are in this mount only.' }],
    fixes: plan?.fixes ?? [],
  };
}

export const lostBuildOutput: Rule = {
  id: 'lost-build-output',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A step reads what another one left in a cache mount: it is in no layer',
    why: `The content of a cache mount is in no layer. A program that is built into a mounted folder (Cargo's \`target\`, for example) is gone when the \`RUN\` ends: a \`COPY --from\` does not find it, nor does a later \`RUN\` or the
container. What must stay has to be copied out of the mount in the same \`RUN\`.`,
    fix: 'Copies the file to a folder of the layer at the end of the `RUN` with the mount, and lets the `COPY` take it from there. A suggestion. There is no fix for scripts that do not end in a plain command.',
    ignore: 'When a script that the Dockerfile does not show puts the file there.',
    bad: {
      dockerfile:
        'FROM rust:1.90 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,id=app,target=/src/target,sharing=locked cargo build --release\n\nFROM debian:12-slim\nCOPY --from=build /src/target/release/app /usr/local/bin/app\n',
      files: { 'Cargo.toml': '[package]\nname = "app"\n', 'src/main.rs': 'fn main() {}\n' },
    },
    good: {
      dockerfile:
        'FROM rust:1.90 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,id=app,target=/src/target,sharing=locked cargo build --release && cp target/release/app /app\n\nFROM debian:12-slim\nCOPY --from=build /app /usr/local/bin/app\n',
      files: { 'Cargo.toml': '[package]\nname = "app"\n', 'src/main.rs': 'fn main() {}\n' },
    },
    references: ['https://docs.docker.com/reference/dockerfile/#run---mounttypecache'],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps)
      for (const loss of [...copied(context, step), ...run(context, step)]) yield report(context, loss);
    if (stage === context.graph.target) for (const loss of started(context, stage)) yield report(context, loss);
  },
};
