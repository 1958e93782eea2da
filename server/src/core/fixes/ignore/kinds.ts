import { isGitIgnored } from '../../context/gitIgnored.ts';
import { folderOf } from '../../context/path.ts';
import { perObject } from '../../syntax/memo.ts';
import type { ContextSnapshot } from '../../workspace.ts';

/** Files and folders that a build seldom reads, known by their names and by what is in or beside them. */
export interface Kind {
  /** Heading of their patterns in an ignore file. */
  readonly title: string;
  readonly names: readonly string[];
  /** At the context's root alone. */
  readonly atRoot?: boolean;
  /** Whether this one is what its name says; each is where this is undefined. */
  is?(context: ContextSnapshot, path: string): boolean;
  /** The build makes them itself: an install that writes them, or a RUN that looks like this, must be there. */
  readonly made?: 'installed' | RegExp | undefined;
  /** That matters only where a command names it: otherwise nobody can use what the machine has. */
  readonly useless?: boolean;
  /** Files of the repository: a version that git tells would name them as changed, and scripts may read them. */
  readonly tracked?: boolean;
  /** Where git is not asked it is taken for committed although it is ignored: settings that a team shares. */
  readonly shared?: boolean;
}

const has =
  (...names: readonly string[]) =>
  ({ get }: ContextSnapshot, path: string): boolean =>
    names.some((name) => get(`${path}/${name}`));

const beside =
  (...names: readonly string[]) =>
  ({ get }: ContextSnapshot, path: string): boolean => {
    const folder = folderOf(path);
    return names.some((name) => get(folder === '' ? name : `${folder}/${name}`));
  };

/** Folders with a project of .NET. */
const projectFolders = perObject(
  (context: ContextSnapshot): ReadonlySet<string> =>
    new Set(context.entries.flatMap(({ path }) => (/\.(cs|fs|vb)proj$/.test(path) ? [folderOf(path)] : []))),
);

const projectBeside = (context: ContextSnapshot, path: string): boolean => projectFolders(context).has(folderOf(path));

const both =
  (...tests: readonly NonNullable<Kind['is']>[]) =>
  (context: ContextSnapshot, path: string): boolean =>
    tests.every((test) => test(context, path));

const either =
  (...tests: readonly NonNullable<Kind['is']>[]) =>
  (context: ContextSnapshot, path: string): boolean =>
    tests.some((test) => test(context, path));

const words = (text: string): string[] => text.split(' ');

/** A script by its name, or a compiler that is started: not `npm ci --production`, nor `npm i -g webpack`. */
const jsBuild =
  /\b(npm|pnpm|yarn|bunx?|npx|turbo|nx|lerna|rush|vite|next|nuxt|nuxi|webpack|tsc|ng|gulp|grunt|parcel|rollup|esbuild|react-scripts|vue-cli-service)\b[^\n]*(?<![-=\w])(build|compile|generate|export|bundle|prod\w*|dist)\b|(^|[;&|\n]\s*|\b(npx|bunx|yarn|pnpm|exec|dlx|--)\s+)(\S*\/)?(tsc|webpack|gulp|rollup|esbuild)\b/;
const gradle = beside('build.gradle', 'build.gradle.kts');
const maven = beside('pom.xml');
const installed = 'Dependencies: the image installs its own';
const output = 'Build output: the image builds its own';
const leftovers = 'What tools leave behind';

/** The first kind that fits counts. */
export const kinds: readonly Kind[] = [
  { title: 'Version control', names: words('.git .hg .svn'), atRoot: true },
  {
    title: installed,
    names: ['node_modules'],
    made: 'installed',
    is: either(isGitIgnored, has('.package-lock.json', '.yarn-integrity', '.yarn-state.yml', '.modules.yaml')),
  },
  {
    title: installed,
    names: words('.venv venv env virtualenv'),
    made: /\b(uv|pip3?|poetry|pdm|pipenv|virtualenv|venv)\b/,
    useless: true,
    is: has('pyvenv.cfg'),
  },
  { title: installed, names: ['vendor'], made: 'installed', is: both(isGitIgnored, has('composer/installed.json')) },
  { title: installed, names: ['deps'], made: /\bmix\b/, is: both(isGitIgnored, beside('mix.exs')) },
  { title: output, names: ['target'], made: /\bcargo\b/, is: has('CACHEDIR.TAG', '.rustc_info.json') },
  { title: output, names: ['target'], made: /\bmvnw?\b/, is: both(isGitIgnored, maven) },
  { title: output, names: ['build'], made: /\bgradlew?\b/, is: both(isGitIgnored, gradle) },
  { title: output, names: words('bin obj'), made: /\bdotnet\b/, is: both(isGitIgnored, projectBeside) },
  { title: output, names: ['_build'], made: /\bmix\b/, is: both(isGitIgnored, beside('mix.exs')) },
  { title: output, names: ['.build'], made: /\bswift\b/, is: both(isGitIgnored, beside('Package.swift')) },
  { title: output, names: words('.stack-work dist-newstyle'), made: /\b(stack|cabal)\b/, is: isGitIgnored },
  {
    title: output,
    names: words('.next .nuxt .output dist build out'),
    made: jsBuild,
    is: both(isGitIgnored, beside('package.json')),
  },
  {
    title: leftovers,
    names: words(
      '__pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nox .hypothesis .ipynb_checkpoints .nyc_output .eslintcache .stylelintcache .DS_Store Thumbs.db',
    ),
  },
  {
    title: leftovers,
    names: words(
      'coverage htmlcov .coverage .gradle .turbo .parcel-cache .sass-cache .angular .terraform .scannerwork',
    ),
    is: isGitIgnored,
  },
  { title: 'Editors', names: words('.idea .vscode .vs .fleet'), is: isGitIgnored, shared: true },
  { title: 'Editors', names: words('.idea .vscode .vs .fleet'), atRoot: true, tracked: true },
  {
    title: 'Continuous integration',
    names: words(
      '.github .gitlab .circleci .buildkite .devcontainer .gitlab-ci.yml .travis.yml azure-pipelines.yml Jenkinsfile .drone.yml .cirrus.yml .appveyor.yml bitbucket-pipelines.yml',
    ),
    atRoot: true,
    tracked: true,
  },
  {
    title: 'The build itself',
    names: words(
      'Dockerfile .dockerignore compose.yaml compose.yml docker-compose.yml docker-compose.yaml docker-bake.hcl',
    ),
    atRoot: true,
    tracked: true,
  },
];
