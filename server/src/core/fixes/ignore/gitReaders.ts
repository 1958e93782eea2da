import type { BuildGraph, Step } from '../../build/graph.ts';
import { ancestors } from '../../build/graph.ts';
import { allContextSources } from '../../cache/contextReads.ts';
import { byName } from '../../context/names.ts';
import { callsOf } from '../../managers/calls.ts';
import type { Call } from '../../managers/manager.ts';
import type { ContextSnapshot } from '../../workspace.ts';

/**
 * What of a build reads the repository's history, or may: "setuptools-scm in pyproject.toml". Undefined where nothing does, as far as the
 * Dockerfiles, the manifests and the scripts tell.
 */
export function gitReader(context: ContextSnapshot, graphs: readonly BuildGraph[]): string | undefined {
  const found = first(graphs, (graph) => inGraph(context, graph).reader);
  return (
    found ??
    configuredIn(
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

const inGraphs = new WeakMap<ContextSnapshot, WeakMap<BuildGraph, InGraph>>();

/** Asked again at each keystroke, of all the other Dockerfiles as well. */
function inGraph(context: ContextSnapshot, graph: BuildGraph): InGraph {
  const known = inGraphs.get(context) ?? new WeakMap<BuildGraph, InGraph>();
  inGraphs.set(context, known);
  const found = known.get(graph) ?? lookInto(context, graph);
  known.set(graph, found);
  return found;
}

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
  const texts = stages.flatMap(({ steps }) => steps.filter(isRun).map(({ instruction }) => instruction.rest.text));
  return texts.some((text) => installsIt.test(text)) && !texts.some((text) => /\bgit\s+(-\S+\s+)*clone\b/.test(text))
    ? 'git, which the image installs'
    : undefined;
}

const installsIt = /\b(apk|apt-get|apt|dnf|yum|microdnf|zypper)\b[^&;|]*\s(add|install)\s[^&;|]*(?<![\w-])git(?![\w-])/;

function first<T, R>(items: Iterable<T>, test: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = test(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isRun = ({ keyword }: Step): boolean => keyword === 'RUN';

/** git's verbs that have nothing to do with a repository that is there. */
const apart = /^(clone|config|init|lfs|ls-remote|--version|version|help)$/;

function readerIn(context: ContextSnapshot, step: Step): string | undefined {
  const text = step.instruction.rest.text + step.instruction.heredocs.map(({ body }) => body).join('\n');
  if (/(^|[^\w])\.git\b(?!\w)(?![\w/]*\.git)|\bGIT_DIR\b/.test(text.replace(/[\w.-]+\.git\b/g, '')))
    return 'a RUN that names .git';
  const found = first(callsOf(step), (call) => readerOf(context, step, call));
  return found ?? (step.script?.complete !== false || !/\bgit\b/.test(text) ? undefined : 'a RUN that calls git');
}

function readerOf(context: ContextSnapshot, step: Step, call: Call): string | undefined {
  const { program, args } = call;
  const verb = args.find(({ value }) => value === undefined || !value.startsWith('-'))?.value;
  if (program === 'git' && !apart.test(verb ?? '')) return `git ${verb ?? ''}`.trim();
  if (program === 'go' && /^(build|install|run)$/.test(verb ?? '') && stampsVersion(step, call))
    return `go ${verb}, which stamps the commit into the program unless -buildvcs=false`;
  if (program === 'dotnet' && /^(build|publish|pack)$/.test(verb ?? ''))
    return `dotnet ${verb}, which stamps the commit into the assemblies`;
  if (/^(goreleaser|gitversion|nbgv|semantic-release|hatch|git-.*)$/.test(program)) return program;
  return scriptReader(context, call);
}

/** Go asks git where it is installed: https://pkg.go.dev/cmd/go, -buildvcs=auto. */
function stampsVersion(step: Step, { args, env }: Call): boolean {
  const flags = [env.get('GOFLAGS'), step.environment.lookup('GOFLAGS')?.value, ...args.map(({ text }) => text)];
  if (flags.some((flag) => flag?.includes('-buildvcs=false'))) return false;
  // A package that is downloaded has no repository here.
  if (args.some(({ text }) => /@(latest|v?\d|master|main|\$)/.test(text))) return false;
  return !/alpine/.test(step.stage.image ?? '') || installsGit(step);
}

const installsGit = (step: Step): boolean =>
  [...ancestors(step), step].some((each) => isRun(each) && installsIt.test(each.instruction.rest.text));

/** A script of the project: what it calls is known only where its text is. */
function scriptReader(context: ContextSnapshot, { program, args, command }: Call): string | undefined {
  const called = command.words[0]?.value ?? '';
  const operand = args.find(({ value }) => value === undefined || !value.startsWith('-'))?.value;
  const interpreted = /^(ba|da|z|k)?sh$|^(python|node|perl|ruby|php|deno|tsx|ts-node)[\d.]*$/.test(program);
  const inline = args.some(({ text }) => /^-(\w*c|m|e|p|-eval|-print|r)$/.test(text));
  const path =
    interpreted && !inline ? operand : /^\.{0,2}\/?[\w.-]+\/|\.(sh|py|bash)$/.test(called) ? called : undefined;
  if (path === undefined) return undefined;
  const base = path.slice(path.lastIndexOf('/') + 1);
  const candidates = (byName(context).get(base) ?? []).filter((file) => !file.includes('node_modules/'));
  if (candidates.length === 0 || /^(mvnw|gradlew|configure)$/.test(base)) return undefined;
  const reads = candidates.find((file) => {
    const text = context.text(file);
    return text === undefined || callsGit.test(text);
  });
  return reads && `${reads}, which may read it`;
}

const callsGit =
  /\bgit\s+(-\S+\s+)*(describe|rev-\w+|log|show|status|diff|ls-files|tag|branch|symbolic-ref|name-rev|archive|shortlog|cat-file|submodule|worktree)\b|['"`]git['"`]|git-commit-id|gitProperties|gradle-git|git-version|grgit|axion-release|reckon|nebula\.release|jgitver|buildnumber-maven|GetGitRevision|find_package\(Git|\.git\/(HEAD|refs|index)|simple-git|isomorphic-git|git-rev|git-revision|git-describe|git-repo-info|last-commit|showLastUpdate|lastUpdated|gitinfo|next-build-id|vite-plugin-git|unplugin-info|nbgv|MinVer|GitVersion|GitInfo|SourceLink|gitrev|githash/;

/** Tools that derive versions from the history, by the manifest that names them. */
const tools: readonly (readonly [file: RegExp, text: RegExp])[] = [
  [
    /(^|\/)(pyproject\.toml|setup\.py|setup\.cfg)$/,
    /setuptools[-_]scm|hatch-vcs|versioneer|versioningit|dynamic-versioning|source\s*=\s*["'](vcs|scm)["']|\bpbr\b|dunamai|miniver|setuptools-git|flit_scm|scikit-build.*git/,
  ],
  [
    /(^|\/)Cargo\.toml$/,
    /^\s*\[?[\w.-]*\b(vergen[\w-]*|shadow-rs|built|git-version[\w-]*|build-info[\w-]*|git-testament|gitversion|git2|gix|bugreport|rustc-tools-util|build-data|build-time)\b\s*(=|\])/m,
  ],
  [/(^|\/)build\.rs$/, /git/i],
  [/\.gemspec$/, /\bgit\b/],
  [/(^|\/)mix\.exs$/, /\bgit\b(?!hub)\s|"git"/],
];

/** Scripts of the project, which only those who run them read. */
const scripts =
  /(^|\/)(Makefile|GNUmakefile|makefile|[Jj]ustfile|[Tt]askfile\.ya?ml|Rakefile|magefile\.go)$|\.(sh|bash|mk)$|(^|\/)(scripts?|bin|hack|build|tools|ci)\/[^/]+$/;
const tasks = /\b(make|just|task|mage|rake|gulp|grunt)\b|\.sh\b/;

/** By whether the build runs the project's own scripts. */
const known = new WeakMap<ContextSnapshot, Map<boolean, string | undefined>>();

function configuredIn(context: ContextSnapshot, runsTasks: boolean): string | undefined {
  const answers = known.get(context) ?? new Map<boolean, string | undefined>();
  known.set(context, answers);
  if (!answers.has(runsTasks)) answers.set(runsTasks, configured(context, runsTasks));
  return answers.get(runsTasks);
}

function configured(context: ContextSnapshot, runsTasks: boolean): string | undefined {
  const texts = [...(context.folder?.texts ?? [])].filter(([path]) => context.get(path));
  return first(texts, ([path, text]) => {
    const isTool = tools.some(([file, sign]) => file.test(path) && sign.test(text));
    if (isTool || (path.endsWith('package.json') && packageReads(context, text))) return path;
    if (/\.lock$|lock\.(json|yaml)$|\.gitignore$/.test(path) || tools.some(([file]) => file.test(path)))
      return undefined;
    if (path.endsWith('package.json')) return undefined;
    if (scripts.test(path) && !runsTasks) return undefined;
    return callsGit.test(text) ? path : undefined;
  });
}

const gitPackage =
  /"(git-rev[\w-]*|git-describe[\w-]*|git-repo-info|git-last-commit|last-commit-log|nerdbank-gitversioning|simple-git|isomorphic-git|git-semver[\w-]*|gitinfo|next-build-id|semantic-release|[\w@/-]*plugin-git[\w-]*|git-revision[\w-]*|unplugin-info|gatsby-transformer-gitinfo|genversion|nodegit|vite-plugin-version-mark)"\s*:/;

/** Scripts that a build may run, by whatever name; files that node runs are looked at where their text is known. */
function packageReads(context: ContextSnapshot, text: string): boolean {
  if (gitPackage.test(text)) return true;
  const block = /"scripts"\s*:\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  return [...block.matchAll(/"([^"]+)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)].some(([, name = '', script = '']) => {
    if (!/build|compile|install|prepare|prepack|generate|version|bundle|^(pre|post)/i.test(name)) return false;
    if (/\bgit\b(?!hub|-hooks|ignore)/.test(script)) return true;
    return [...script.matchAll(/\b(?:node|tsx|ts-node|bun|sh|bash)\s+(?:-\S+\s+)*([\w./-]+\.\w+)/g)].some(
      ([, file = '']) => {
        const base = file.replace(/^\.\//, '');
        const found = [...(context.folder?.texts ?? [])].find(([path]) => path === base || path.endsWith(`/${base}`));
        return found !== undefined && callsGit.test(found[1]);
      },
    );
  });
}
