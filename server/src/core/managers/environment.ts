import { settingOf } from './account.ts';
import type { Call, Defeater } from './manager.ts';

/** A variable that defeats the cache, where it is set to a value that `counts`: in front of the command, earlier in the RUN, or by ENV or ARG. */
export function variableDefeater(call: Call, name: string, counts: (value: string) => boolean): Defeater[] {
  const setting = settingOf(call, name);
  if (!setting.known || setting.value === undefined || !counts(setting.value)) return [];
  const what = `${name}=${setting.value}`;
  const own = call.command.assignments.find((assignment) => assignment.name === name);
  if (own) return [{ span: own.span, what, kind: 'words' }];
  const word = call.command.words.find(({ value }) => value === what);
  if (word) return [{ span: word.span, what, kind: 'words' }];
  if (call.env.has(name)) return [{ span: call.command.span, what, kind: 'variable' }];
  const property = call.step.environment.lookup(name)?.declaredBy?.properties.find((each) => each.name === name);
  return property ? [{ span: property.span, what, kind: 'variable' }] : [];
}
