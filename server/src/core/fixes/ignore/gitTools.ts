import { parseJson, tableAt } from '../../managers/documents.ts';
import { perObject } from '../../syntax/memo.ts';
import type { ContextSnapshot } from '../../workspace.ts';

/** What in a script or a configuration asks git, or names a tool that does. */
export const callsGit =
  /\bgit\s+(-\S+\s+)*(describe|rev-\w+|log|show|status|diff|ls-files|tag|branch|symbolic-ref|name-rev|archive|shortlog|cat-file|submodule|worktree|config(?!\s+--(global|system)\b))\b|['"`]git['"`]|git-commit-id|gitProperties|gradle-git|git-version|grgit|axion-release|reckon|nebula\.(release|netflixoss|info)|jgitver|buildnumber-maven|GetGitRevision|find_package\(Git|\.git\/(HEAD|refs|index)|simple-git|isomorphic-git|git-rev|git-revision|git-describe|git-repo-info|last-commit|showLastUpdate|lastUpdated|gitinfo|next-build-id|vite-plugin-git|unplugin-info|nbgv|MinVer|GitVersion|GitInfo|SourceLink|gitrev|githash|safe\.directory/;

/** Tools that derive versions from the history, by the manifest that names them. */
const tools: readonly (readonly [file: RegExp, text: RegExp])[] = [
  [
    /(^|\/)(pyproject\.toml|setup\.py|setup\.cfg)$/,
    /setuptools[-_]scm|hatch-vcs|versioneer|versioningit|dynamic-versioning|source\s*=\s*["'](vcs|scm)["']|\bpbr\b|dunamai|miniver|setuptools-git|flit_scm|scikit-build.*git/,
  ],
  [
    /(^|\/)Cargo\.toml$/,
    /^[ \t]*\[?[\w.-]*\b(vergen[\w-]*|shadow-rs|built|git-version[\w-]*|build-info[\w-]*|git-testament|gitversion|git2|gix|bugreport|rustc-tools-util|build-data|build-time)\b[ \t]*(=|\])/m,
  ],
  [/(^|\/)build\.rs$/, /git/i],
  [/\.gemspec$/, /\bgit\b/],
  [/(^|\/)mix\.exs$/, /\bgit\b(?!hub)\s|"git"/],
];

/** Scripts of the project, which only those who run them read. */
const scripts =
  /(^|\/)(Makefile|GNUmakefile|makefile|[Jj]ustfile|[Tt]askfile\.ya?ml|Rakefile|magefile\.go)$|\.(sh|bash|mk)$|(^|\/)(scripts?|bin|hack|build|tools|ci)\/[^/]+$/;
export const tasks = /\b(make|just|task|mage|rake|gulp|grunt)\b|\.sh\b/;

/** By whether the build runs the project's own scripts. */
const answersOf = perObject((_: ContextSnapshot) => new Map<boolean, string | undefined>());

/** The manifest, script or configuration of the context that asks git; those of the project's own scripts only where the build `runsTasks`. */
export function configuredReader(context: ContextSnapshot, runsTasks: boolean): string | undefined {
  const answers = answersOf(context);
  if (!answers.has(runsTasks)) answers.set(runsTasks, configured(context, runsTasks));
  return answers.get(runsTasks);
}

function configured(context: ContextSnapshot, runsTasks: boolean): string | undefined {
  for (const [path, text] of context.folder?.texts ?? []) {
    if (!context.get(path) || /\.lock$|lock\.(json|yaml)$|\.gitignore$/.test(path)) continue;
    if (readsGit(context, path, text, runsTasks)) return path;
  }
  return undefined;
}

function readsGit(context: ContextSnapshot, path: string, text: string, runsTasks: boolean): boolean {
  const tool = tools.find(([file]) => file.test(path));
  if (tool) return tool[1].test(text);
  if (path.endsWith('package.json')) return packageReads(context, text);
  return (runsTasks || !scripts.test(path)) && callsGit.test(text);
}

const gitPackage =
  /"(git-rev[\w-]*|git-describe[\w-]*|git-repo-info|git-last-commit|last-commit-log|nerdbank-gitversioning|simple-git|isomorphic-git|git-semver[\w-]*|gitinfo|next-build-id|semantic-release|[\w@/-]*plugin-git[\w-]*|git-revision[\w-]*|unplugin-info|gatsby-transformer-gitinfo|genversion|nodegit|vite-plugin-version-mark)"\s*:/;

/** Longer scripts are nobody's. */
const longestScript = 2000;

/** Scripts that a build may run, by whatever name; files that node runs are looked at where their text is known. */
function packageReads(context: ContextSnapshot, text: string): boolean {
  if (gitPackage.test(text)) return true;
  const scriptTable = tableAt(parseJson(text) ?? {}, 'scripts');
  return Object.entries(scriptTable ?? {}).some(([name, value]) => {
    if (typeof value !== 'string' || !mayBuild.test(name)) return false;
    const script = value.slice(0, longestScript);
    return /\bgit\b(?!hub|-hooks|ignore)|\b(lefthook|pre-commit) install\b/.test(script) || runsReader(context, script);
  });
}

const mayBuild = /build|compile|install|prepare|prepack|generate|version|bundle|^(pre|post)/i;

function runsReader({ folder }: ContextSnapshot, script: string): boolean {
  const files = [...script.matchAll(/\b(?:node|tsx|ts-node|bun|sh|bash)\s+(?:-\S+\s+)*([\w./-]+\.\w+)/g)];
  return files.some(([, file = '']) => {
    const base = file.replace(/^\.\//, '');
    const found = [...(folder?.texts ?? [])].find(([path]) => path === base || path.endsWith(`/${base}`));
    return found !== undefined && callsGit.test(found[1]);
  });
}
