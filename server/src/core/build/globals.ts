import type { Dockerfile, Instruction, Property } from '../syntax/dockerfile.ts';
import { type Binding, type Expanded, expand, type Lookup } from './expand.ts';
import type { BuildOptions } from './graph.ts';

const defaultPlatform = 'linux/amd64';

/** The platform a stage without `--platform` is built for. */
export const targetPlatform = (options: BuildOptions): string => options.platform ?? defaultPlatform;

/** The arguments that BuildKit sets itself (dockerfile2llb/platform.go), by name. */
function predefined(options: BuildOptions, targetStage: string | undefined): [string, string][] {
  const build = (options.buildPlatform ?? options.platform ?? defaultPlatform).split('/');
  const target = targetPlatform(options).split('/');
  return [
    ['BUILDPLATFORM', build.join('/')],
    ['BUILDOS', build[0] ?? ''],
    ['BUILDOSVERSION', ''],
    ['BUILDARCH', build[1] ?? ''],
    ['BUILDVARIANT', build[2] ?? ''],
    ['TARGETPLATFORM', target.join('/')],
    ['TARGETOS', target[0] ?? ''],
    ['TARGETOSVERSION', ''],
    ['TARGETARCH', target[1] ?? ''],
    ['TARGETVARIANT', target[2] ?? ''],
    ['TARGETSTAGE', options.target || targetStage || 'default'],
  ];
}

/** What FROM lines and ARGs without a default in stages see: predefined arguments, then the ARGs before the first FROM. */
export interface GlobalArgs {
  readonly get: (name: string) => Expanded | undefined;
  readonly bind: Lookup;
}

export function globalArgs(
  dockerfile: Dockerfile,
  declarations: readonly Instruction[],
  options: BuildOptions,
  targetStage: string | undefined,
): GlobalArgs {
  const values = new Map<string, Expanded>();
  const declared = new Set<string>();
  const bind = (name: string): Binding => values.get(name) ?? (declared.has(name) ? 'argument' : 'unset');
  for (const [name, value] of predefined(options, targetStage))
    values.set(name, { text: buildArg(options, name) ?? value, known: true });
  for (const property of declarations.flatMap(({ properties }) => properties)) {
    const value =
      argValue(property, options, (word) => expand(word, bind, dockerfile)) ?? passedValue(options, property.name);
    declared.add(property.name);
    if (value) values.set(property.name, value);
  }
  return { get: (name) => values.get(name), bind };
}

/** The value given by `--build-arg`. */
export const buildArg = ({ args }: BuildOptions, name: string): string | undefined =>
  Object.hasOwn(args, name) ? args[name] : undefined;

/** An ARG's value: the build's, or its own default; undefined where it has neither. */
export function argValue(
  { name, value }: Property,
  options: BuildOptions,
  expandDefault: (word: string) => Expanded,
): Expanded | undefined {
  const given = buildArg(options, name);
  if (given !== undefined) return { text: given, known: true };
  return value === undefined ? undefined : expandDefault(value);
}

/** The value of an ARG that has none of its own. */
export function passedValue({ passed }: BuildOptions, name: string): Expanded | undefined {
  const value = passed && Object.hasOwn(passed, name) ? passed[name] : undefined;
  if (value === undefined) return undefined;
  return value === null ? { text: `\${${name}}`, known: false } : { text: value, known: true };
}
