import { ancestors, type Step } from '../build/graph.ts';
import { type Brought, broughtBy, filesAt, isBelow, type Where } from '../cache/brought.ts';
import { absolute, destinationOf, within } from '../cache/placement.ts';
import { isShipped } from '../cache/shipped.ts';
import { attributesInCopy, type Change } from '../fixes/attributesInCopy.ts';
import type { Plan } from '../fixes/plan.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { bytes, listing, named, plural, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';

/** A second copy of less than this is not worth a word. */
const fewestBytes = 1_000_000;

interface Case {
  readonly change: Change;
  readonly sources: readonly Brought[];
  readonly plan: Plan;
}

const isRecursive = ({ text }: ShellWord): boolean => text === '--recursive' || /^-[a-zA-Z]*R/.test(text);
const isOption = ({ text }: ShellWord): boolean => /^-[a-zA-Z-]/.test(text);

/** Folders that the shell would look up from its own directory are known as long as nothing changes it. */
function foldersOf(step: Step, words: readonly ShellWord[]): string[] {
  const moves = step.script?.commands.some(({ words: [program] }) => /^(cd|pushd)$/.test(program?.value ?? ''));
  return words
    .map(({ value }) => value ?? '')
    .filter((value) => value !== '' && (value.startsWith('/') || !moves))
    .map((value) => absolute(value, step.workdir));
}

const whereOf = ({ model, facts }: RuleContext, folders: readonly string[]): Where => ({
  model,
  context: facts.context,
  paths: folders,
});

const sourceOf = (context: RuleContext, step: Step, folders: readonly string[]): Brought | undefined =>
  broughtBy(whereOf(context, folders), step) ??
  (installsBelow(step, folders) ? { step, amount: undefined } : undefined);

const installsBelow = (step: Step, folders: readonly string[]): boolean =>
  invocationsOf(step).some(
    ({ manager, action, call }) =>
      action === 'install' && manager.writes?.includes('node_modules') && isBelow(call.cwd ?? '', folders),
  );

/** COPY and ADD that put files into one of the folders, or may. */
const bringers = (context: RuleContext, step: Step, folders: readonly string[]): Step[] =>
  [...ancestors(step)].filter(
    (each) => isNear(each, folders) && filesAt(whereOf(context, folders), each)?.length !== 0,
  );

function isNear(step: Step, folders: readonly string[]): boolean {
  const destination = destinationOf(step);
  return (
    destination !== undefined &&
    folders.some((folder) => within(folder, destination) !== undefined || within(destination, folder) !== undefined)
  );
}

function changeOf(context: RuleContext, step: Step, command: ShellCommand): Change | undefined {
  const [program, ...rest] = command.words;
  const flag = program?.value;
  if (flag !== 'chown' && flag !== 'chmod') return undefined;
  const options = rest.filter(isOption);
  const [value, ...targets] = rest.filter((word) => !isOption(word));
  const recursive = options.find(isRecursive);
  const folders = foldersOf(step, targets);
  if (!value || !recursive || folders.length === 0 || folders.length < targets.length) return undefined;
  if (options.some(({ text }) => /^--(from|reference)/.test(text))) return undefined;
  const copies = bringers(context, step, folders);
  const isAlone = options.length === 1 && /^(-R|--recursive)$/.test(recursive.text);
  return { step, command, flag, value, recursive: isAlone ? recursive : undefined, folders, copies };
}

function caseOf(context: RuleContext, step: Step, command: ShellCommand): Case | undefined {
  const change = changeOf(context, step, command);
  if (!change) return undefined;
  const sources = [...ancestors(step)]
    .map((each) => sourceOf(context, each, change.folders))
    .filter((source) => source !== undefined && source.step.copy?.[change.flag] === undefined) as Brought[];
  const known = sources.reduce((sum, { amount }) => sum + (amount?.bytes ?? 0), 0);
  const isWorth = sources.some(({ amount }) => amount === undefined) || known >= fewestBytes;
  return isWorth ? { change, sources, plan: attributesInCopy(change) } : undefined;
}

function whatOf(sources: readonly Brought[]): string {
  const from = listing(
    sources.map(({ step }) => named(step)),
    2,
  );
  const amounts = sources.flatMap(({ amount }) => amount ?? []);
  if (amounts.length < sources.length) return `what ${from} put there`;
  const files = amounts.reduce((sum, amount) => sum + amount.files, 0);
  const size = amounts.reduce((sum, amount) => sum + amount.bytes, 0);
  return `the ${plural(files, 'file')} (${bytes(size)}) that ${from} put there`;
}

/** Whether the image that the stage starts from may have files in the folders: nothing is known of it. */
const mayBringFiles = ({ step: { stage } }: Change): boolean => stage.image !== undefined && !baseImage(stage).known;

function report({ change, sources, plan }: Case, others: readonly Case[]): Report {
  const set = change.flag === 'chown' ? 'owner' : 'mode';
  return {
    span: change.command.span,
    message: sentences(
      `A new ${set} is a new file: this layer stores ${whatOf(sources)} a second time, and does so again whenever that changes. Set the ${set} while copying, with COPY --${change.flag}.`,
      plan.refusal,
      plan.fixes.length > 0 && mayBringFiles(change) && `What the base image has there would keep its ${set}.`,
    ),
    related: [
      ...sources.map(({ step }) => ({ span: step.instruction.span, message: `Stored again with the new ${set}.` })),
      ...others.map((other) => ({ span: other.change.command.span, message: 'The same here.' })),
    ],
    fixes: plan.fixes,
  };
}

/** Each with a fix by itself, those without in one finding. */
function* reports(cases: readonly Case[]): Generator<Report> {
  for (const each of cases) if (each.plan.fixes.length > 0) yield report(each, []);
  const [first, ...others] = cases.filter(({ plan }) => plan.fixes.length === 0);
  if (first) yield report(first, others);
}

export const chownInRun: Rule = {
  id: 'chown-in-run',
  severity: 'information',
  category: 'layers',
  docs: {
    summary: '`chown -R` or `chmod -R` stores what a COPY brought a second time',
    why: `Layers hold whole files: to change the owner or the mode of a file that an earlier layer holds, the layer of the \`RUN\` stores the file once more. \`RUN chown -R node:node /app\` behind \`COPY . /app\` makes the image
larger by everything in \`/app\`, and as the \`RUN\` depends on the \`COPY\`, it is done again with every change. \`COPY --chown\` and \`COPY --chmod\` set both while the layer is written.

Only stages whose layers ship are reported, and only where a megabyte or more, or an amount that is not known, is stored twice.`,
    fix: `Adds \`--chown\` or \`--chmod\` to the \`COPY\`s and takes \`-R\` off the command, which keeps setting the folder itself: a \`COPY\` into a folder that exists leaves that folder as it is. Safe where the folder is of this
Dockerfile's own making. Withheld where a \`RUN\` writes there too, where the user is created after the \`COPY\`, and where the owner or mode is something that \`COPY\` cannot say.`,
    ignore: 'When the files must first be changed by root and their size does not matter.',
    bad: {
      dockerfile:
        'FROM node:22 AS build\nWORKDIR /app\nRUN make dist\n\nFROM node:22\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\nRUN chown -R node:node /app\nUSER node\n',
    },
    good: {
      dockerfile:
        'FROM node:22 AS build\nWORKDIR /app\nRUN make dist\n\nFROM node:22\nWORKDIR /app\nCOPY --from=build --chown=node:node /app/dist ./dist\nUSER node\n',
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#copy---chown---chmod',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  *checkStage(context, stage) {
    if (!isShipped(context.graph, stage)) return;
    const cases = stage.steps.flatMap((step) =>
      (step.fromOnbuild ? [] : (step.script?.commands ?? [])).flatMap(
        (command) => caseOf(context, step, command) ?? [],
      ),
    );
    yield* reports(cases);
  },
};
