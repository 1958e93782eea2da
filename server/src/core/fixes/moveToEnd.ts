import type { Step } from '../build/graph.ts';
import { type Edit, type Fix, isBroken, removeInstructions } from '../fixes.ts';
import { ownPart } from '../managers/cleanups.ts';
import { invocationsByCommand, invocationsOf } from '../managers/invocations.ts';
import type { Call } from '../managers/manager.ts';
import { removalOf } from '../managers/removal.ts';
import { named } from '../prose.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { ShellWord } from '../syntax/shell.ts';
import { isHarmless } from './harmless.ts';
import { runsOwnScript } from './listReader.ts';
import { noFix, type Plan } from './plan.ts';

/** Moves a cleanup to the end of an earlier RUN of its stage. */
export function moveToEnd(dockerfile: Dockerfile, call: Call, earlier: Step): Plan {
  const { step, command } = call;
  const part = ownPart(
    call,
    cleanedBy(call).map(({ manager }) => manager),
  );
  if (part?.length === 0) return noFix(`\`${call.program}\` removes more than the cache.`);
  const text = part ? textOf(call, part) : dockerfile.text.slice(command.span.start, command.span.end);
  if (earlier.stage !== step.stage) return noFix(`${named(earlier)} lies in another stage.`);
  const end = endOf(dockerfile, earlier);
  if (end === undefined || text.includes('\n'))
    return noFix(`the script of ${named(earlier)} cannot simply be continued.`);
  const removal = part ? takeWords(dockerfile, call, part) : takeOut(dockerfile, call);
  if (typeof removal === 'string') return noFix(removal);
  const between = [...step.stage.steps.slice(earlier.index + 1, step.index), step].filter(
    ({ keyword }) => keyword === 'RUN',
  );
  const user = between.find((each) => usesCache(each, call));
  if (user)
    return noFix(
      `${named(user)} ${runsOwnScript(user) ? 'may use what it removes, or leave more of it' : 'uses what it removes'}.`,
    );
  return {
    fixes: [
      {
        title: `Clean up in the RUN on line ${earlier.instruction.line + 1}`,
        applicability: between.every((each) => leavesCacheAlone(each, call)) ? 'safe' : 'suggestion',
        edits: [...removal, { span: { start: end, end }, newText: ` && ${text}` }],
      },
    ],
    refusal: undefined,
  };
}

/** Adds a command at the end of a RUN. */
export function appendCommand(dockerfile: Dockerfile, step: Step, command: string): Plan {
  const end = endOf(dockerfile, step);
  if (end === undefined) return noFix('the script cannot simply be continued.');
  const fix: Fix = {
    title: `Add ${command}`,
    applicability: 'suggestion',
    edits: [{ span: { start: end, end }, newText: ` && ${command}` }],
  };
  return { fixes: [fix], refusal: undefined };
}

/** Where a script can go on with `&&`; undefined where that would mean something else. */
function endOf(dockerfile: Dockerfile, { instruction, script, fromOnbuild }: Step): number | undefined {
  const { start, end } = instruction.restSpan;
  const written = dockerfile.text.slice(start, end);
  const isPlain = !fromOnbuild && instruction.form === 'shell' && instruction.heredocs.length === 0 && script?.complete;
  const isLoose =
    /\|\||(?<![&>|])&(?![&>\d])|#|<</.test(written) ||
    script?.commands.some(({ connector }) => connector?.operator === '&');
  return isPlain && !isLoose && !isBroken(dockerfile, instruction) ? start + written.trimEnd().length : undefined;
}

function takeOut(dockerfile: Dockerfile, call: Call): Edit[] | string {
  const { step, command } = call;
  if (step.script?.complete && step.script.commands.length === 1)
    return removeInstructions(dockerfile, [step.instruction]);
  const what = `\`${call.program}\``;
  const removal = removalOf(dockerfile.text, call, { span: command.span, kind: 'command', what });
  return 'refusal' in removal ? removal.refusal : [removal];
}

/** The part of a removal that goes: what else it removes may serve the steps in between, or be made by them. */
const textOf = ({ program, args }: Call, part: readonly ShellWord[]): string =>
  [program, ...args.filter((word) => word.text.startsWith('-') || part.includes(word)).map(({ text }) => text)].join(
    ' ',
  );

function takeWords(dockerfile: Dockerfile, call: Call, part: readonly ShellWord[]): Edit[] | string {
  const edits: Edit[] = [];
  for (const { span, text } of part) {
    const removal = removalOf(dockerfile.text, call, { span, kind: 'words', what: text });
    if ('refusal' in removal) return removal.refusal;
    edits.push({ span: removal.span, newText: '' });
  }
  return edits;
}

const cleanedBy = ({ step, command }: Call) => invocationsOf(step).filter(({ call }) => call.command === command);

/** apt-get install from the lists of an earlier RUN, for instance. */
const usesCache = (step: Step, cleanup: Call): boolean => {
  const cleaned = cleanedBy(cleanup);
  // A script of the project may install system packages as well: from what is there, and with leftovers of its own.
  if (cleaned.some(({ manager }) => !manager.inputs) && runsOwnScript(step)) return true;
  return invocationsOf(step).some(
    ({ manager, action }) => action !== 'clean' && cleaned.some((each) => each.manager === manager),
  );
};

/** Whether nothing of a step can use what would be gone already: harmless commands, and installs of other managers. */
function leavesCacheAlone(step: Step, { command: cleanup }: Call): boolean {
  const calls = invocationsByCommand(step);
  return (
    step.script?.complete === true &&
    step.script.commands.every(
      (command) => command === cleanup || calls.has(command) || isHarmless(command, ['/var/lib/apt', '/var/cache']),
    )
  );
}
