import type { Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { settingOf } from '../managers/account.ts';
import { callsOf } from '../managers/calls.ts';
import { tableAt } from '../managers/documents.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { type Package, packageAt, scriptOf } from '../managers/javascript/packageJson.ts';
import type { Call, Invocation } from '../managers/manager.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { isBuild } from './installAndBuild.ts';
import type { Start } from './product.ts';
import { projectOf } from './project.ts';

/** An install of a Node project that brings the development dependencies, and a build with them. */
export interface Development {
  readonly install: Invocation;
  /** The last step that builds. */
  readonly build: Step;
  readonly manifest: Package;
  /** The development dependencies; at least one. */
  readonly names: readonly string[];
}

const ofNode = /^(npm|pnpm|yarn|bun)$/;

const omits = ({ program, args }: Call): boolean =>
  ofNode.test(program) &&
  args.some(({ text }) => /^(--omit=?(dev)?|--production.*|--prod|-P|--only=prod.*|prune|focus|deploy)$/.test(text));

/** Development dependencies that a file system is left with below a folder: nothing takes them away again. */
export function developmentIn(
  steps: readonly Step[],
  folder: string,
  context: ContextSnapshot | undefined,
): Development | undefined {
  const runs = steps.filter(({ keyword, fromOnbuild }) => keyword === 'RUN' && !fromOnbuild);
  const install = runs
    .flatMap((step) => invocationsOf(step))
    .findLast(
      ({ manager, action, call: { cwd } }) =>
        ofNode.test(manager.id) && action === 'install' && cwd !== undefined && within(folder, cwd) !== undefined,
    );
  if (!install || runs.some((step) => callsOf(step).some(omits))) return undefined;
  // What runs before the install cannot use the dependencies: `bash setup.sh` of a package source.
  const build = runs
    .slice(runs.indexOf(install.call.step))
    .findLast((step) => step.script?.commands.some((command) => isBuild(command, undefined)));
  const setting = settingOf(install.call, 'NODE_ENV');
  const project = projectOf(install.call, context);
  const manifest = project && packageAt(project.context, project.directory);
  const names = Object.keys(tableAt(manifest?.json, 'devDependencies'));
  if (!build || !manifest || names.length === 0 || (setting.known && setting.value === 'production')) return undefined;
  return { install, build, manifest, names };
}

/** Words of a command line that starts what reloads, or tests. */
const developing = /^(dev|watch|serve|test|storybook)\b|[:.-](dev|watch|test)\b/;
const tools =
  /^(go|cargo|mvn|mvnw|gradle|gradlew|sbt|swift|stack|cabal|npx|bunx|tsx|ts-node|nodemon|make|vite|air|reflex|bash|sh|sleep|tail)$/;

/** The command that `npm start` and its like run. */
export function scriptStarted({ program, args }: Start, manifest: Package | undefined): string | undefined {
  if (!ofNode.test(program) || !manifest) return undefined;
  const [name = 'start'] = args.filter((word) => word !== 'run' && !word.startsWith('-'));
  return scriptOf(manifest, name);
}

/** Whether what an image starts needs the sources, or the tools that build them: development, tests, a shell. */
export function needsSources(start: Start, development: Development | undefined): boolean {
  const { program, args, file } = start;
  if (tools.test(program) || /\.(sh|bash)$/.test(file ?? '')) return true;
  if (program === 'dotnet' && !file?.endsWith('.dll')) return true;
  const script = scriptStarted(start, development?.manifest) ?? '';
  const words = [...args, ...script.split(/[\s;&|]+/)].filter(Boolean);
  return words.some(
    (word) => developing.test(word) || (script !== '' && tools.test(word)) || development?.names.includes(word),
  );
}
