import type { Environment, Step, Variable } from '../build/graph.ts';
import { mentions } from './mentions.ts';

const kinds: Record<Variable['origin'], string> = { arg: 'ARG', env: 'ENV', image: "the image's" };

export function shown(text: string | undefined): string {
  if (text === undefined || text === '') return '""';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** "ARG V is 2 instead of 1": the first variable in which two environments differ; undefined where only their order does. */
function firstChange(before: Environment, after: Environment, counts: (name: string) => boolean): string | undefined {
  for (const { name, text, origin } of after.variables) {
    if (!counts(name)) continue;
    const old = before.lookup(name);
    if (!old) return `${kinds[origin]} ${name} is set to ${shown(text)}`;
    if (old.text !== text) return `${kinds[origin]} ${name} is ${shown(text)} instead of ${shown(old.text)}`;
  }
  const gone = before.variables.find(({ name }) => counts(name) && !after.lookup(name));
  return gone && `${kinds[gone.origin]} ${gone.name} is no longer set`;
}

/** Why a RUN's environment is another one; undefined where only the image below is. */
export function environmentChange(before: Step, after: Step): string | undefined {
  const names = ({ environment }: Step) => environment.variables.map(({ name }) => name).join(' ');
  const change = firstChange(before.environment, after.environment, () => true);
  return change ?? (names(before) === names(after) ? undefined : 'its variables are set in another order');
}

/** The variable that gives a text which stayed the same another meaning. */
export function expansionChange(before: Step, after: Step): string | undefined {
  const { instruction } = after;
  const text = [
    instruction.rest.text,
    ...instruction.flags.map(({ value }) => value ?? ''),
    ...instruction.heredocs.map(({ body }) => body),
  ].join('\n');
  return firstChange(before.environment, after.environment, (name) => mentions(text, name));
}
