import { isTable, parseYaml, type Table, tableAt } from '../managers/documents.ts';
import type { WrittenBuild } from './declared.ts';
import { interpolate, noVariables, type Variables } from './interpolate.ts';

/** Set by the shell and by compose itself, whatever a file says. */
const alwaysSet = /^(HOME|PATH|PWD|OLDPWD|SHELL|USER|LOGNAME|TERM|LANG|COMPOSE_PROJECT_NAME)$/;

/**
 * The builds of a compose file: https://docs.docker.com/reference/compose-file/build/. `env` is the `.env` beside it: what builds in this
 * folder use unless the shell says otherwise.
 */
export function composeBuilds(text: string, file: string, env: Variables = noVariables): WrittenBuild[] {
  const services = tableAt(parseYaml(text), 'services');
  // A file that is merged over another may leave out what that one says.
  const isWhole = /(^|\/)(docker-)?compose\.ya?ml$/.test(file);
  return Object.entries(services).flatMap(([name, service]) => {
    const { build } = withMerged(service);
    const here = buildOf(name, build, isWhole, env);
    const elsewhere = env === noVariables ? here : buildOf(name, build, isWhole, noVariables);
    if (!here) return [];
    if (elsewhere === here) return [here];
    const differs = here.dockerfile !== elsewhere?.dockerfile || here.target !== elsewhere.target;
    // Where there is no such .env, as it is seldom committed, another Dockerfile or stage is built.
    const others = elsewhere && differs ? [elsewhere] : [];
    return [{ ...here, usesEnv: here.context !== elsewhere?.context }, ...others];
  });
}

function buildOf(service: string, value: unknown, isWhole: boolean, env: Variables): WrittenBuild | undefined {
  const whole = typeof value === 'string' ? { context: value } : withMerged(value);
  const { context: written = isWhole ? '.' : undefined, dockerfile: file = 'Dockerfile', target } = whole;
  const known: Variables = (name) => (alwaysSet.test(name) ? { value: undefined } : env(name));
  const context = interpolated(written, known);
  const dockerfile = interpolated(file, known);
  const isBuild = typeof value === 'string' || isTable(value);
  if (!isBuild || context === undefined || dockerfile === undefined || 'dockerfile_inline' in whole) return undefined;
  const clause = `build${typeof value === 'string' ? '' : '.context'} of service ${service}`;
  const named = pairs(whole.additional_contexts, known).map(([name]) => name);
  // What stands in a .env may be secret, and arguments are shown: that they are given is all that counts.
  const args = new Map(pairs(whole.args, (name) => known(name) && { value: undefined }));
  return { context, dockerfile, dockerfileFrom: 'context', target: interpolated(target, known), args, named, clause };
}

/** `<<: *anchor` merged in; an empty table for what is none. */
function withMerged(value: unknown): Table {
  if (!isTable(value)) return {};
  const merged = Array.isArray(value['<<']) ? value['<<'] : [value['<<']];
  return Object.assign({}, ...merged.filter(isTable).reverse(), value);
}

/** A mapping, or a list of `NAME=VALUE`; a name alone takes its value from the environment. */
function pairs(value: unknown, variables: Variables): [string, string | undefined][] {
  if (isTable(value))
    return Object.entries(value).map(([name, item]) => [
      name,
      interpolated(typeof item === 'string' ? item : item?.toString(), variables),
    ]);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item): [string, string | undefined][] => {
    if (typeof item !== 'string') return [];
    const at = item.indexOf('=');
    return [at < 0 ? [item, undefined] : [item.slice(0, at), interpolated(item.slice(at + 1), variables)]];
  });
}

const interpolated = (value: unknown, variables: Variables): string | undefined =>
  typeof value === 'string' ? interpolate(value, variables) : undefined;
