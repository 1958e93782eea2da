import type { Step } from '../build/graph.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { type InstallStep, installsUntil } from './installStep.ts';

/** A RUN that installs a project's dependencies and then builds its sources. */
export interface InstallAndBuild {
  readonly step: Step;
  /** The installs before the first command that builds. */
  readonly install: InstallStep;
  readonly build: ShellCommand;
}

/** Programs that do nothing but build, or run what a project brings. */
const builders = new Set(
  `cmake esbuild gmake grunt gulp hugo jekyll make meson mkdocs ng ninja npx nx parcel rollup sphinx-build tsc turbo vite vue-cli-service
  webpack xcodebuild`.split(/\s+/),
);

/** Command lines that read the sources: scripts of the manifest, and programs of the project. */
const builds: readonly RegExp[] = [
  /^(npm|pnpm|yarn|bun) (run|run-script|rebuild|test)\b/,
  /^(yarn|pnpm|bun)( -r| --recursive| --filter[ =]\S+)* (build|bundle|compile|dist|generate|prod|production|release)\b/,
  /^(python|python3|node|php|ruby|perl|bash|sh) (-[a-zA-Z]+ )*(\.\/)?[\w/-]+\.(py|m?js|php|rb|pl|sh)\b/,
  /^(php )?artisan\b/,
  /^(bundle exec )?(rake|rails)\b/,
  /^mix (compile|release|assets\.\w+|phx\.digest)\b/,
  /^\.\/(?!(mvnw|gradlew)\b)[\w./-]+/,
];

export const isBuild = (command: ShellCommand, invocation: Invocation | undefined): boolean => {
  if (invocation) return invocation.action === 'build' || invocation.action === 'consume';
  const [program, ...rest] = command.words;
  const name = baseName(program?.value ?? '');
  const text = [program?.text.startsWith('./') ? program.text : name, ...rest.map((word) => word.text)].join(' ');
  return builders.has(name) || builds.some((pattern) => pattern.test(text));
};

/** Undefined for a RUN that does not do both, in this order. */
export function installAndBuild(step: Step, context: ContextSnapshot | undefined): InstallAndBuild | undefined {
  const calls = new Map(
    step.keyword === 'RUN' ? invocationsOf(step).map((invocation) => [invocation.call.command, invocation]) : [],
  );
  const first = [...calls.values()].find(({ manager, action }) => isOfProject(manager, action));
  const start = first?.call.command.span.start;
  if (start === undefined) return undefined;
  const build = step.script?.commands.find(
    (command) => command.span.start > start && isBuild(command, calls.get(command)),
  );
  const install = build && installsUntil(step, context, build.span.start);
  return install && !install.isSystem && !install.installsProject && !install.isElsewhere
    ? { step, install, build }
    : undefined;
}

const isOfProject = (manager: Invocation['manager'], action: Invocation['action']): boolean =>
  manager.inputs !== undefined && (action === 'install' || action === 'fetch');
