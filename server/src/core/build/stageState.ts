import type { Dockerfile, Instruction } from '../syntax/dockerfile.ts';
import { EnvironmentList, type ImageEnvironment, variableOf } from './environment.ts';
import { type Expanded, expand } from './expand.ts';
import { argValue, type GlobalArgs, passedValue } from './globals.ts';
import type { Base, BuildOptions, ImageFacts, Variable } from './graph.ts';
import { imageName } from './imageName.ts';
import { resolveWorkdir } from './paths.ts';
import type { StageState } from './step.ts';
import { isWindowsImage } from './windows.ts';

/** PATH of an image that sets none (system.DefaultPathEnv in BuildKit). */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const defaultShell: readonly string[] = ['/bin/sh', '-c'];
const windowsShell: readonly string[] = ['cmd', '/S', '/C'];
const noFacts: ImageFacts = { digest: '', env: [] };

/** The state at the end of a stage. */
export interface StageEnd extends StageState {
  readonly image: ImageEnvironment;
}

/** What is known of a base image; undefined where nothing is. */
export function imageFacts(base: Base, options: BuildOptions): ImageFacts | undefined {
  if (base.kind === 'scratch') return noFacts;
  return base.kind === 'image' ? options.images?.get(imageName(base.ref)) : undefined;
}

/** The state in which a stage starts that is not built FROM another stage. */
export function stateOfImage(base: Base, options: BuildOptions): StageEnd {
  const facts = imageFacts(base, options);
  const image: ImageEnvironment = facts?.env
    ? { unknownImage: undefined, variables: imageVariables(facts.env) }
    : { unknownImage: identityOf(base, facts), variables: new Map() };
  return {
    environment: EnvironmentList.empty.withImage(image),
    user: facts?.user ?? '',
    workdir: facts?.workdir || '/',
    shell: facts?.shell?.length
      ? facts.shell
      : base.kind === 'image' && isWindowsImage(base.ref)
        ? windowsShell
        : defaultShell,
    image,
  };
}

function identityOf(base: Base, facts: ImageFacts | undefined): string {
  if (facts) return facts.digest;
  if (base.kind === 'image') return imageName(base.ref);
  return base.kind === 'context' ? `context ${base.name}` : '';
}

function imageVariables(entries: readonly string[]): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const [name, text] = equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
    variables.set(name, variableOf(name, { text, known: true }, 'image', undefined));
  }
  if (!variables.has('PATH'))
    variables.set('PATH', variableOf('PATH', { text: defaultPath, known: true }, 'image', undefined));
  return variables;
}

export interface BuildScope {
  readonly dockerfile: Dockerfile;
  readonly options: BuildOptions;
  readonly globals: GlobalArgs;
}

/** The state after an instruction (dispatchEnv, dispatchArg, dispatchUser, dispatchWorkdir, dispatchShell in dockerfile2llb/convert.go). */
export function stateAfter(state: StageState, instruction: Instruction, scope: BuildScope): StageState {
  const { environment } = state;
  const text = (word: string): Expanded => expand(word, environment.bind, scope.dockerfile);
  switch (instruction.keyword) {
    case 'ENV':
      return { ...state, environment: afterEnv(environment, instruction, scope) };
    case 'ARG':
      return { ...state, environment: afterArg(environment, instruction, scope) };
    case 'USER':
      return { ...state, user: text(instruction.rest.text).text };
    case 'WORKDIR':
      return { ...state, workdir: resolveWorkdir(state.workdir, text(instruction.rest.text).text) };
    case 'SHELL':
      return instruction.form === 'exec' ? { ...state, shell: instruction.args.map((word) => word.text) } : state;
    default:
      return state;
  }
}

/** All values of one ENV are expanded with what was in force before it. */
const envVariables = (before: EnvironmentList, instruction: Instruction, { dockerfile }: BuildScope) =>
  instruction.properties.map(({ name, value }) =>
    variableOf(
      expand(name, before.bind, dockerfile).text,
      expand(value ?? '', before.bind, dockerfile),
      'env',
      instruction,
    ),
  );

const afterEnv = (before: EnvironmentList, instruction: Instruction, scope: BuildScope): EnvironmentList =>
  envVariables(before, instruction, scope).reduce((list, variable) => list.withVariable(variable), before);

/** Arguments that only BuildKit itself reads: they never become part of the environment. */
export const frontendArgs: ReadonlySet<string> = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

/** An ARG without a default takes the global argument of its name; each default sees the ARGs before it. */
function afterArg(before: EnvironmentList, instruction: Instruction, scope: BuildScope): EnvironmentList {
  return instruction.properties.reduce((environment, property) => {
    const own = argValue(property, scope.options, (word) => expand(word, environment.bind, scope.dockerfile));
    const value = own ?? scope.globals.get(property.name) ?? passedValue(scope.options, property.name);
    if (!value || frontendArgs.has(property.name)) return environment.withDeclaration(property.name);
    return environment.withVariable(variableOf(property.name, value, 'arg', instruction));
  }, before);
}
