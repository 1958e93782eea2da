import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Applicability } from '../core/fixes.ts';
import { UsageError } from './io.ts';

export const checkFormats = ['pretty', 'json', 'sarif', 'github'] as const;
export type CheckFormat = (typeof checkFormats)[number];
export type TextFormat = 'text' | 'json';

export interface CheckArguments {
  readonly command: 'check';
  readonly paths: readonly string[];
  readonly format: CheckFormat;
  readonly context: string | undefined;
  readonly config: string | undefined;
  readonly buildLog: string | undefined;
  readonly fix: Applicability | undefined;
  /** The name that standard input goes by; undefined where files are read. */
  readonly stdin: string | undefined;
}

export interface ExplainArguments {
  readonly command: 'explain';
  readonly file: string;
  readonly buildLog: string | undefined;
  readonly format: TextFormat;
  readonly context: string | undefined;
  readonly config: string | undefined;
}

export interface WhatIfArguments {
  readonly command: 'what-if';
  readonly file: string;
  readonly format: TextFormat;
  readonly context: string | undefined;
  readonly config: string | undefined;
  readonly change: readonly string[];
  readonly add: readonly string[];
  readonly delete: readonly string[];
  readonly base: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly against: string | undefined;
  readonly againstBuildArgs: Readonly<Record<string, string>>;
}

export interface ContextArguments {
  readonly command: 'context';
  /** A Dockerfile, or a folder to build. */
  readonly path: string;
  readonly format: TextFormat;
  readonly context: string | undefined;
  readonly config: string | undefined;
}

export type Arguments =
  | CheckArguments
  | ContextArguments
  | ExplainArguments
  | WhatIfArguments
  | { readonly command: 'help'; readonly topic: string | undefined }
  | { readonly command: 'version' };

type Options = NonNullable<ParseArgsConfig['options']>;

const common = {
  format: { type: 'string' },
  context: { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies Options;

const timedOptions = {
  ...common,
  'build-log': { type: 'string' },
} as const satisfies Options;

const checkOptions = {
  ...timedOptions,
  fix: { type: 'string' },
  stdin: { type: 'boolean' },
  'stdin-filename': { type: 'string' },
} as const satisfies Options;

const many = { type: 'string', multiple: true } as const;

const whatIfOptions = {
  ...common,
  change: many,
  add: many,
  delete: many,
  base: many,
  'build-arg': many,
  target: { type: 'string' },
  against: { type: 'string' },
  'against-build-arg': many,
} as const satisfies Options;

/** Node's own parser, its errors as ours. */
function parse<const T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  } catch (error) {
    // Its messages go on to explain `--`, which helps nobody here.
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

function formatOf<T extends string>(value: string | undefined, allowed: readonly [T, ...T[]]): T {
  const format = allowed.find((name) => name === (value ?? allowed[0]));
  if (!format) throw new UsageError(`--format is one of ${allowed.join(', ')}, not "${value}"`);
  return format;
}

function fixOf(value: string | undefined): Applicability | undefined {
  if (value === undefined || value === 'safe') return value;
  if (value === 'all') return 'suggestion';
  throw new UsageError(`--fix takes safe or all, not "${value}"`);
}

/** `--fix` alone means `--fix=safe`; Node's parser knows no optional values. */
function withFixValue(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, index) => (arg === '--fix' && (end < 0 || index < end) ? '--fix=safe' : arg));
}

function parseCheck(args: readonly string[]): Arguments {
  const { values, positionals } = parse(withFixValue(args), checkOptions);
  if (values.help) return { command: 'help', topic: 'check' };
  const name = values['stdin-filename'];
  if (name !== undefined && !values.stdin) throw new UsageError('--stdin-filename goes with --stdin');
  if (values.stdin && positionals.length > 0) throw new UsageError('--stdin goes without paths');
  if (values.stdin && values.fix) throw new UsageError('--fix cannot write to standard input');
  return {
    command: 'check',
    paths: positionals.length > 0 ? positionals : ['.'],
    format: formatOf(values.format, checkFormats),
    context: values.context,
    config: values.config,
    buildLog: values['build-log'],
    fix: fixOf(values.fix),
    stdin: values.stdin ? (name ?? 'Dockerfile') : undefined,
  };
}

function oneFile(command: string, positionals: readonly string[]): string {
  const [file, ...others] = positionals;
  if (file === undefined) throw new UsageError(`${command} needs a Dockerfile`);
  if (others.length > 0) throw new UsageError(`${command} takes one Dockerfile, but got ${positionals.length}`);
  return file;
}

function parseExplain(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args, timedOptions);
  if (values.help) return { command: 'help', topic: 'explain' };
  const { context, config, 'build-log': buildLog } = values;
  const file = oneFile('explain', positionals);
  return { command: 'explain', file, format: formatOf(values.format, ['text', 'json']), context, config, buildLog };
}

function parseContext(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args, common);
  if (values.help) return { command: 'help', topic: 'context' };
  if (positionals.length > 1)
    throw new UsageError(`context takes one Dockerfile or folder, but got ${positionals.length}`);
  const { context, config } = values;
  const path = positionals[0] ?? context ?? '.';
  return { command: 'context', path, format: formatOf(values.format, ['text', 'json']), context, config };
}

type Token = { kind: string; name?: string; value?: string | boolean | undefined };

/**
 * `--change a b` names two paths: what follows a list option belongs to it, until the next option. Only where the Dockerfile
 * would be missing it is the last of them.
 */
function listsOf(tokens: readonly Token[]): { lists: Map<string, string[]>; rest: string[] } {
  const lists = new Map<string, string[]>();
  const rest: string[] = [];
  let list: string[] | undefined;
  for (const { kind, name = '', value } of tokens) {
    if (kind === 'option') {
      const isList = name in whatIfOptions && 'multiple' in whatIfOptions[name as keyof typeof whatIfOptions];
      list = isList ? (lists.get(name) ?? []) : undefined;
      if (list) lists.set(name, list);
    }
    if (kind === 'option-terminator') list = undefined;
    if (typeof value === 'string' && (list || kind === 'positional')) (list ?? rest).push(value);
  }
  const last = list ?? [];
  if (rest.length === 0 && last.length > 1) rest.push(...last.splice(-1));
  return { lists, rest };
}

function pairs(option: string, values: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf('=');
      if (at < 1) throw new UsageError(`--${option} takes NAME=VALUE, not "${value}"`);
      return [value.slice(0, at), value.slice(at + 1)];
    }),
  );
}

function parseWhatIf(args: readonly string[]): Arguments {
  const { values, tokens } = parse(args, whatIfOptions);
  if (values.help) return { command: 'help', topic: 'what-if' };
  const { lists, rest } = listsOf(tokens);
  const { context, config, target, against } = values;
  if (lists.has('against-build-arg') && against === undefined)
    throw new UsageError('--against-build-arg goes with --against');
  return {
    command: 'what-if',
    file: oneFile('what-if', rest),
    format: formatOf(values.format, ['text', 'json']),
    context,
    config,
    change: lists.get('change') ?? [],
    add: lists.get('add') ?? [],
    delete: lists.get('delete') ?? [],
    base: lists.get('base') ?? [],
    buildArgs: pairs('build-arg', lists.get('build-arg')),
    target,
    against,
    againstBuildArgs: pairs('against-build-arg', lists.get('against-build-arg')),
  };
}

/** What the command line asks for. @throws UsageError */
export function parseArguments([command, ...args]: readonly string[]): Arguments {
  switch (command) {
    case 'check':
      return parseCheck(args);
    case 'explain':
      return parseExplain(args);
    case 'context':
      return parseContext(args);
    case 'what-if':
      return parseWhatIf(args);
    case '--version':
    case '-V':
      return { command: 'version' };
    case 'help':
    case '--help':
    case '-h':
      return { command: 'help', topic: args[0] };
    case undefined:
      throw new UsageError('there is no command');
    default:
      throw new UsageError(`there is no command "${command}"`);
  }
}
