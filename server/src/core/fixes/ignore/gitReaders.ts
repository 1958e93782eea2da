import type { BuildGraph, Step } from '../../build/graph.ts';
import { ancestors } from '../../build/graph.ts';
import { allContextSources } from '../../cache/contextReads.ts';
import { byName } from '../../context/names.ts';
import { callsOf } from '../../managers/calls.ts';
import type { Call } from '../../managers/manager.ts';
import { perObject } from '../../syntax/memo.ts';
import { baseName } from '../../syntax/path.ts';
import type { ContextSnapshot } from '../../workspace.ts';
import { callsGit, configuredReader, tasks } from './gitTools.ts';

/**
 * What of a build reads the repository's history, or may: "setuptools-scm in pyproject.toml". Undefined where nothing does, as far as the
 * Dockerfiles, the manifests and the scripts tell.
 */
export function gitReader(context: ContextSnapshot, graphs: readonly BuildGraph[]): string | undefined {
  const found = first(graphs, (graph) => inGraph(context, graph).reader);
  return (
    found ??
    configuredReader(
      context,
      graphs.some((graph) => inGraph(context, graph).runsTasks),
    )
  );
}

interface InGraph {
  readonly reader: string | undefined;
  /** Whether it runs the project's own scripts. */
  readonly runsTasks: boolean;
}

const inGraphs = perObject((context: ContextSnapshot) => perObject((graph: BuildGraph) => lookInto(context, graph)));

/** Asked again at each keystroke, of all the other Dockerfiles as well. */
const inGraph = (context: ContextSnapshot, graph: BuildGraph): InGraph => inGraphs(context)(graph);

function lookInto(context: ContextSnapshot, graph: BuildGraph): InGraph {
  const getsIt = allContextSources(graph).some((source) => !source.known || /^(\.git(\/.*)?)?$/.test(source.path));
  const runs = getsIt ? graph.stages.flatMap(({ steps }) => steps.filter(isRun)) : [];
  return {
    reader: (getsIt ? installed(graph) : undefined) ?? first(runs, (step) => readerIn(context, step)),
    runsTasks: runs.some(({ instruction }) => tasks.test(instruction.rest.text)),
  };
}

/** Somebody who installs git without cloning anything means the repository that is there. */
function installed({ stages }: BuildGraph): string | undefined {
  const calls = stages.flatMap(({ steps }) => steps.filter(isRun).flatMap(callsOf));
  const clones = calls.some(({ program, args }) => program === 'git' && args.some(({ value }) => value === 'clone'));
  return !clones && calls.some(installsIt) ? 'git, which the image installs' : undefined;
}

const installsIt = ({ program, args }: Call): boolean =>
  /^(apk|apt-get|apt|dnf|yum|microdnf|zypper)$/.test(program) &&
  args.some(({ value }) => value === 'add' || value === 'install') &&
  args.some(({ value = '' }) => /^git(-core|-all)?([=~<>@].*)?$/.test(value));

function first<T, R>(items: Iterable<T>, test: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = test(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isRun = ({ keyword }: Step): boolean => keyword === 'RUN';

/** git's verbs that have nothing to do with a repository that is there. */
const apart = /^(clone|init|lfs|ls-remote|--version|version|help)$/;

/** Settings of the user or the machine; who trusts a directory has something ask git in it. */
const isElsewhere = (verb: string, args: Call['args']): boolean =>
  apart.test(verb) ||
  (verb === 'config' &&
    args.some(({ text }) => /^(--global|--system|-f|--file\b.*)$/.test(text)) &&
    !args.some(({ text }) => text.includes('safe.directory')));

function readerIn(context: ContextSnapshot, step: Step): string | undefined {
  const text = step.instruction.rest.text + step.instruction.heredocs.map(({ body }) => body).join('\n');
  if (/(^|[^\w.-])\.git(?![\w-])|\bGIT_DIR\b/.test(text)) return 'a RUN that names .git';
  const found = first(callsOf(step), (call) => readerOf(context, step, call));
  return found ?? (step.script?.complete !== false || !/\bgit\b/.test(text) ? undefined : 'a RUN that calls git');
}

function readerOf(context: ContextSnapshot, step: Step, call: Call): string | undefined {
  const { program, args } = call;
  const verb = args.find(({ value }) => value === undefined || !value.startsWith('-'))?.value;
  if (program === 'git' && !isElsewhere(verb ?? '', args)) return `git ${verb ?? ''}`.trim();
  if (program === 'go' && /^(build|install|run)$/.test(verb ?? '') && stampsVersion(step, call))
    return `go ${verb}, which stamps the commit into the program unless -buildvcs=false`;
  if (program === 'dotnet' && /^(build|publish|pack)$/.test(verb ?? ''))
    return `dotnet ${verb}, which stamps the commit into the assemblies`;
  if (program === 'nix' && readsFlake(call)) return 'nix, which takes a flake from the repository that it lies in';
  if (/^(goreleaser|gitversion|nbgv|semantic-release|hatch|lefthook|pre-commit|overcommit|git-.*)$/.test(program))
    return program;
  return scriptReader(context, call);
}

/** A flake in a folder is that of its repository, revision and list of files: https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#types. */
const readsFlake = ({ args }: Call): boolean =>
  args.some(({ text }) => /^["']?(\.{1,2}($|["'#/?])|\/|git\+file:)/.test(text)) ||
  (args.some(({ value }) => /^(build|develop|run|flake)$/.test(value ?? '')) &&
    !args.some(({ text }) => /[#:]/.test(text)));

/** Go asks git where it is installed: https://pkg.go.dev/cmd/go, -buildvcs=auto. */
function stampsVersion(step: Step, { args, env }: Call): boolean {
  const flags = [env.get('GOFLAGS'), step.environment.lookup('GOFLAGS')?.value, ...args.map(({ text }) => text)];
  if (flags.some((flag) => flag?.includes('-buildvcs=false'))) return false;
  // A package that is downloaded has no repository here.
  if (args.some(({ text }) => /@(latest|v?\d|master|main|\$)/.test(text))) return false;
  return !/alpine/.test(step.stage.image ?? '') || installsGit(step);
}

const installsGit = (step: Step): boolean =>
  [...ancestors(step), step].some((each) => isRun(each) && callsOf(each).some(installsIt));

/** A script of the project: what it calls is known only where its text is. */
function scriptReader(context: ContextSnapshot, { program, args, command }: Call): string | undefined {
  const called = command.words[0]?.value ?? '';
  const operand = args.find(({ value }) => value === undefined || !value.startsWith('-'))?.value;
  const interpreted = /^(ba|da|z|k)?sh$|^(python|node|perl|ruby|php|deno|tsx|ts-node)[\d.]*$/.test(program);
  const inline = args.some(({ text }) => /^-(\w*c|m|e|p|-eval|-print|r)$/.test(text));
  const path =
    interpreted && !inline ? operand : /^\.{0,2}\/?[\w.-]+\/|\.(sh|py|bash)$/.test(called) ? called : undefined;
  if (path === undefined) return undefined;
  const base = baseName(path);
  const candidates = (byName(context).get(base) ?? []).filter((file) => !file.includes('node_modules/'));
  if (candidates.length === 0 || /^(mvnw|gradlew|configure)$/.test(base)) return undefined;
  const reads = candidates.find((file) => {
    const text = context.text(file);
    return text === undefined || callsGit.test(text);
  });
  return reads && `${reads}, which may read it`;
}
