import type { Builder } from './cache/model.ts';
import type { OptionSchema, Rule, Severity } from './rule.ts';
import { rules } from './rules/index.ts';

/** The settings of one folder, checked. */
export interface Config {
  /** Severity per rule id; `off` silences it. Rules that are not named keep their default. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Options per rule id. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly builder: Builder;
  /** Build arguments as the build passes them. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Dockerfile (glob relative to the workspace folder) → context folder. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Dockerfile (glob relative to the workspace folder) → log of a build. */
  readonly buildLogs: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** Whether the git history may be read. */
  readonly history: boolean;
}

export const defaultConfig: Config = {
  rules: {},
  options: {},
  builder: 'buildkit',
  buildArgs: {},
  contexts: {},
  buildLogs: {},
  target: undefined,
  history: true,
};

export const severities: readonly (Severity | 'off')[] = ['error', 'warning', 'information', 'hint', 'off'];
export const builders: readonly Builder[] = ['buildkit', 'docker-graphdriver', 'docker-20.10', 'buildah', 'kaniko'];

/** Settings under `cacheLens.` that only the editor reads: no mistake, but no part of a `Config`. */
export const editorSettings: readonly string[] = ['trace'];

type Values = Readonly<Record<string, unknown>>;

/** Checks one value: what is right of it comes back, what is wrong is reported under the setting's name. */
type Check<T> = (value: unknown, name: string, problem: (text: string) => void) => T | undefined;

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as messages quote it; never more than a few words of it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`;
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : String(value);
}

const oneOf =
  <T extends string>(allowed: readonly T[]): Check<T> =>
  (value, name, problem) => {
    const found = allowed.find((item) => item === value);
    if (found === undefined) problem(`${name}: ${shown(value)} is not one of ${allowed.join(', ')}.`);
    return found;
  };

const boolean: Check<boolean> = (value, name, problem) => {
  if (typeof value === 'boolean') return value;
  problem(`${name}: ${shown(value)} is neither true nor false.`);
  return undefined;
};

const string: Check<string> = (value, name, problem) => {
  if (typeof value === 'string') return value;
  problem(`${name}: ${shown(value)} is not a string.`);
  return undefined;
};

/** `docker build --build-arg` knows only strings; numbers and booleans are written without quotes often enough. */
const argument: Check<string> = (value, name, problem) =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : string(value, name, problem);

const record =
  <T>(check: (key: string) => Check<T> | string): Check<Record<string, T>> =>
  (value, name, problem) => {
    if (!isObject(value)) {
      problem(`${name}: ${shown(value)} is not an object.`);
      return undefined;
    }
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const checkItem = check(key);
      if (typeof checkItem === 'string') problem(`${name}: ${checkItem}`);
      const right = typeof checkItem === 'string' ? undefined : checkItem(item, `${name}.${key}`, problem);
      return right === undefined ? [] : [[key, right] as const];
    });
    return Object.fromEntries(entries);
  };

const ruleOf = (id: string): Rule | undefined => rules.find((rule) => rule.id === id);
const noRule = (id: string): string => `there is no rule ${shown(id)}.`;

const option =
  (schema: OptionSchema): Check<unknown> =>
  (value, name, problem) => {
    const right =
      schema.type === 'array'
        ? Array.isArray(value) && value.every((item) => typeof item === 'string')
        : typeof value === schema.type && !Number.isNaN(value);
    if (right) return value;
    const wanted = schema.type === 'array' ? 'a list of strings' : `a ${schema.type}`;
    problem(`${name}: ${shown(value)} is not ${wanted}.`);
    return undefined;
  };

const optionsOf = (id: string): Check<Values> | string => {
  const rule = ruleOf(id);
  if (!rule) return noRule(id);
  return record((name) => {
    const schema = Object.hasOwn(rule.options ?? {}, name) ? rule.options?.[name] : undefined;
    return schema ? option(schema) : `there is no option ${shown(name)}.`;
  });
};

const checks: { readonly [K in keyof Config]: Check<Config[K]> } = {
  rules: record((id) => (ruleOf(id) ? oneOf(severities) : noRule(id))),
  options: record(optionsOf),
  builder: oneOf(builders),
  buildArgs: record(() => argument),
  contexts: record(() => string),
  buildLogs: record(() => string),
  target: string,
  history: boolean,
};

const isSetting = (key: string): key is keyof Config => Object.hasOwn(checks, key);

/** Settings may be written `rules` or `cacheLens.rules`. Where the long form occurs, what is not ours is somebody else's. */
function ownEntries(values: Values): [string, unknown][] {
  const entries = Object.entries(values);
  const prefixed = entries.filter(([key]) => key.startsWith('cacheLens.'));
  if (prefixed.length === 0) return entries;
  return prefixed.map(([key, value]) => [key.slice('cacheLens.'.length), value]);
}

/**
 * Checks settings: the editor's section `cacheLens`, or the command line's configuration file (the same keys, with or without
 * `cacheLens.` before them). What is wrong is left at its default and named in `problems`, one full sentence each. `null` and
 * the empty string mean "not set", as the editor's settings page writes them.
 */
export function parseConfig(value: unknown): { config: Config; problems: string[] } {
  const problems: string[] = [];
  if (value === undefined || value === null) return { config: defaultConfig, problems };
  if (!isObject(value))
    return { config: defaultConfig, problems: [`The settings are ${shown(value)}, not an object.`] };
  const checked: Partial<Record<keyof Config, unknown>> = {};
  for (const [key, item] of ownEntries(value)) {
    if (editorSettings.includes(key.split('.')[0] ?? '') || key === '$schema') continue;
    if (!isSetting(key)) problems.push(`There is no setting ${shown(key)}.`);
    else if (item !== null && item !== undefined && item !== '') {
      const right = checks[key](item, `cacheLens.${key}`, (problem) => problems.push(problem));
      if (right !== undefined) checked[key] = right;
    }
  }
  return { config: { ...defaultConfig, ...checked } as Config, problems };
}
