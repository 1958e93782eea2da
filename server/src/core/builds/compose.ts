import { isTable, parseYaml, type Table, tableAt } from '../managers/documents.ts';
import type { WrittenBuild } from './declared.ts';

/** The builds of a compose file: https://docs.docker.com/reference/compose-file/build/ */
export function composeBuilds(text: string, file: string): WrittenBuild[] {
  const services = tableAt(parseYaml(text), 'services');
  // A file that is merged over another may leave out what that one says.
  const isWhole = /(^|\/)(docker-)?compose\.ya?ml$/.test(file);
  return Object.entries(services).flatMap(([name, service]) => buildOf(name, withMerged(service).build, isWhole));
}

function buildOf(service: string, value: unknown, isWhole: boolean): WrittenBuild[] {
  const whole = typeof value === 'string' ? { context: value } : withMerged(value);
  const { context: written = isWhole ? '.' : undefined, dockerfile: file = 'Dockerfile', target } = whole;
  const context = interpolated(written);
  const dockerfile = interpolated(file);
  const isBuild = typeof value === 'string' || isTable(value);
  if (!isBuild || context === undefined || dockerfile === undefined || 'dockerfile_inline' in whole) return [];
  const clause = `build${typeof value === 'string' ? '' : '.context'} of service ${service}`;
  const named = pairs(whole.additional_contexts).map(([name]) => name);
  const args = new Map(pairs(whole.args));
  return [{ context, dockerfile, dockerfileFrom: 'context', target: interpolated(target), args, named, clause }];
}

/** `<<: *anchor` merged in; an empty table for what is none. */
function withMerged(value: unknown): Table {
  if (!isTable(value)) return {};
  const merged = Array.isArray(value['<<']) ? value['<<'] : [value['<<']];
  return Object.assign({}, ...merged.filter(isTable).reverse(), value);
}

/** A mapping, or a list of `NAME=VALUE`; a name alone takes its value from the environment. */
export function pairs(value: unknown): [string, string | undefined][] {
  if (isTable(value))
    return Object.entries(value).map(([name, item]) => [
      name,
      interpolated(typeof item === 'string' ? item : item?.toString()),
    ]);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item): [string, string | undefined][] => {
    if (typeof item !== 'string') return [];
    const at = item.indexOf('=');
    return [at < 0 ? [item, undefined] : [item.slice(0, at), interpolated(item.slice(at + 1))]];
  });
}

/** What compose makes of a string: a default takes the place of a variable; without one it cannot be known. */
function interpolated(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  let known = true;
  const text = value.replace(/\$(\$|\{\w+:?-([^{}$]*)\}|\{[^}]*\}?|\w*)/g, (_, variable: string, fallback?: string) => {
    if (variable === '$') return '$';
    if (fallback === undefined) known = false;
    return fallback ?? '';
  });
  return known ? text : undefined;
}
