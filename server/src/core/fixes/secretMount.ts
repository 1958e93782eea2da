import type { Step } from '../build/graph.ts';
import { environmentUse, mentions } from '../cache/environmentUse.ts';
import { type Edit, isBroken, removeInstructions } from '../fixes.ts';
import { named } from '../prose.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { isSince } from './frontend.ts';
import { noFix, type Plan } from './plan.ts';

/** With more users than this a person should choose which of them get to see the secret. */
const mostUsers = 4;

/** Hands a secret that an ARG brings to the RUNs that use it as a mount, which enters no key and stays in no layer. */
export function secretMount(dockerfile: Dockerfile, arg: Step, name: string, inherits: boolean): Plan {
  if (!isSince(dockerfile, 10))
    return noFix(
      'secrets as variables need Dockerfile syntax 1.10. Put "# syntax=docker/dockerfile:1" on the first line.',
    );
  if (arg.instruction.properties.length > 1) return noFix('the ARG declares other variables too.');
  const later = arg.stage.steps.slice(arg.index + 1);
  const passing = later.find((step) => step.keyword !== 'RUN' && mentions(step.instruction.rest.text, name));
  if (passing) return noFix(`${named(passing)} passes it on.`);
  if (inherits) return noFix('another stage is built FROM this one and may use it.');
  const users = usersOf(later, name);
  if (users.length === 0 || users.length > mostUsers) return noFix('which RUNs need it cannot be told.');
  const broken = users.find((step) => isBroken(dockerfile, step.instruction) || step.fromOnbuild);
  if (broken) return noFix(`${named(broken)} cannot be read.`);
  const edits = users.map(({ instruction: { flags, keywordSpan } }): Edit => {
    const at = (flags.at(-1)?.span ?? keywordSpan).end;
    return { span: { start: at, end: at }, newText: ` --mount=type=secret,id=${name},env=${name}` };
  });
  const title = `Pass ${name} as a build secret (--secret id=${name},env=${name})`;
  return {
    fixes: [
      { title, applicability: 'suggestion', edits: [...removeInstructions(dockerfile, [arg.instruction]), ...edits] },
    ],
    refusal: undefined,
  };
}

/** RUNs that name it; where none does, those whose tools look it up by themselves. */
function usersOf(steps: readonly Step[], name: string): Step[] {
  const runs = steps.filter(({ keyword }) => keyword === 'RUN');
  const naming = runs.filter((step) => environmentUse(step, name) === 'reads');
  return naming.length > 0 ? naming : runs.filter((step) => environmentUse(step, name) === 'may');
}
