import type { Stage, Step } from '../build/graph.ts';
import { absolute, within } from '../cache/placement.ts';
import { parseArgs, syntax } from '../managers/args.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { projectOf } from './project.ts';
import { commandLines, startSteps } from './starts.ts';

/** What the ENTRYPOINT and CMD of a stage start. */
export interface Start {
  /** Base name of the program, wrappers such as tini left out. */
  readonly program: string;
  /** The file that runs, absolute; a name without a slash is looked up in PATH. Of an interpreter the file that it is given. */
  readonly file: string | undefined;
  /** The words behind the program. */
  readonly args: readonly string[];
}

const wrapper = /^(tini|dumb-init|catatonit|exec|env|nice|gosu|su-exec)$/;
const interpreter = /^(java|dotnet|node|nodejs|bun|deno|python3?|ruby|php)$/;

/** Undefined where nothing is started, or more than one command line is. */
export function startOf(stage: Stage, dockerfile: Dockerfile): Start | undefined {
  const lines = startSteps(stage).map((step) => commandLines(step, dockerfile));
  if (lines.length === 0 || lines.some(({ length }) => length !== 1)) return undefined;
  const words = lines.flat(2);
  while (wrapper.test(baseName(words[0] ?? ''))) {
    if (/gosu|su-exec/.test(words.shift() ?? '')) words.shift();
    while (/^-|^\w+=/.test(words[0] ?? '')) if (words.shift() === '--') break;
  }
  const [first = '', ...args] = words;
  if (first === '') return undefined;
  const program = baseName(first);
  const given = interpreter.test(program) ? fileOf(program, args) : first;
  const workdir = stage.steps.at(-1)?.workdir;
  const isPath = given !== first || first.includes('/');
  return { program, args, file: given && isPath ? absolute(given, workdir) : given };
}

/** The file that an interpreter runs. */
const fileOf = (program: string, args: readonly string[]): string | undefined =>
  program === 'java'
    ? args[args.indexOf('-jar') + 1 || args.length]
    : args.find((word) => !word.startsWith('-') && word !== 'run');

/** What a build leaves for the image that runs it. */
export interface Product {
  readonly invocation: Invocation;
  /** Absolute: a file, or a folder that holds all of it. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** What each tool that compiles is told when it makes what runs, and not tests or documentation. */
const makes: Readonly<Record<string, RegExp>> = {
  go: /^(build|install)$/,
  cargo: /^(build|b|install|zigbuild)$/,
  maven: /./,
  gradle: /./,
  dotnet: /^(publish|build)$/,
  swift: /^build$/,
  sbt: /./,
  cabal: /^(build|install|v2-build|v2-install)$/,
  stack: /^(build|install)$/,
};

const subcommand = ({ call }: Invocation): string => call.args.find(({ text }) => !/^[-+]/.test(text))?.value ?? '';

const isRun = /^(run|test|watch|bootRun|spring-boot:run|quarkus:dev|quarkusDev|check|testClasses)$/;

/** The calls of a RUN that compile the project. */
export const compilations = perObject((step: Step): readonly Invocation[] =>
  invocationsOf(step).filter(
    (invocation) =>
      (invocation.action === 'build' || invocation.action === 'consume') &&
      Object.hasOwn(makes, invocation.manager.id) &&
      makes[invocation.manager.id]?.test(subcommand(invocation)) === true &&
      !invocation.call.args.some(({ value }) => isRun.test(value ?? '')),
  ),
);

const goOptions = syntax('-C -o -p -mod -modfile -tags -ldflags -gcflags -asmflags -pgo -buildmode -trimpath=', false);
const netOptions = syntax(
  '-c --configuration -o --output -r --runtime -f --framework -v --verbosity -a --arch --os',
  false,
);

/** Where programs without a path are looked for in the images of the languages. */
const searched = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/go/bin',
  '/usr/local/cargo/bin',
];

const isStarted = (path: string, { file = '' }: Start): boolean =>
  file === path || (!file.includes('/') && searched.some((folder) => path === `${folder}/${file}`));

/** The one file that `go build -o FILE` writes, or what it is called without -o. */
function goProduct(invocation: Invocation, start: Start, context: ContextSnapshot | undefined): string | undefined {
  const { call } = invocation;
  const args = parseArgs(call.args, goOptions);
  if (call.cwd === undefined || !args.known) return undefined;
  const output = args.find('-o');
  const project = projectOf(call, context);
  const module =
    project &&
    /^module\s+"?([^\s"]+)/m.exec(
      project.context.text(`${project.directory ? `${project.directory}/` : ''}go.mod`) ?? '',
    )?.[1];
  const packages = args.operands.slice(1);
  const target = packages.length > 1 ? undefined : (packages[0]?.value ?? '.').replace(/\/$/, '');
  const name = target === '.' ? module?.replace(/\/v\d+$/, '') : target;
  if (!output && (!name || /\.\.\.$/.test(name))) return undefined;
  const written = output
    ? output.value
    : args.subcommand === 'install'
      ? `/go/bin/${baseName(name ?? '')}`
      : baseName(name ?? '');
  const path = written === undefined ? undefined : absolute(written, call.cwd);
  return path !== undefined && isStarted(path, start) ? path : undefined;
}

function cargoProduct({ call }: Invocation, start: Start): string | undefined {
  const { file } = start;
  if (file === undefined || call.cwd === undefined) return undefined;
  if (call.args[0]?.value === 'install')
    return call.args.some(({ text }) => text.startsWith('--root')) ? undefined : isIn('/usr/local/cargo/bin', file);
  const rest = within(`${call.cwd}/target`, file);
  return rest !== undefined && /^([\w-]+\/)?(release|debug)\/[^/]+$/.test(rest) ? file : undefined;
}

const isIn = (folder: string, file: string): string | undefined =>
  file.includes('/') ? (within(folder, file) === undefined ? undefined : file) : `${folder}/${file}`;

/** Build plugins that put all dependencies into the one jar. */
const fat =
  /spring-boot|org\.springframework\.boot|shadow|maven-shade|maven-assembly|jar-with-dependencies|uber-jar|fatJar/;

/** A jar that needs nothing beside it, or the folder of a distribution. */
function jvmProduct(invocation: Invocation, { file }: Start, context: ContextSnapshot | undefined) {
  const { call } = invocation;
  if (file === undefined || call.cwd === undefined) return undefined;
  const rest = within(call.cwd, file);
  const installed = /^(.*\/)?build\/install\/[^/]+(?=\/)/.exec(rest ?? '')?.[0];
  if (installed) return { path: `${call.cwd}/${installed}`, isFolder: true };
  if (!rest || !/(^|\/)(target|build\/libs)\/[^/*]+\.jar$/.test(rest)) return undefined;
  const project = projectOf(call, context);
  const texts = ['pom.xml', 'build.gradle', 'build.gradle.kts'].map(
    (name) =>
      project?.context.text(
        `${project.directory ? `${project.directory}/` : ''}${rest.replace(/(target|build\/libs)\/[^/]+$/, '')}${name}`,
      ) ?? '',
  );
  return texts.some((text) => fat.test(text)) ? { path: file, isFolder: false } : undefined;
}

function dotnetProduct({ call }: Invocation, { file }: Start): string | undefined {
  if (file === undefined || call.cwd === undefined || subcommand({ call } as Invocation) !== 'publish')
    return undefined;
  const output = parseArgs(call.args, netOptions).find('-o', '--output');
  const folder = output
    ? output.value && absolute(output.value, call.cwd)
    : /^(.*\/bin\/(Release|Debug)\/[^/]+(\/[^/]+)?\/publish)\//.exec(file)?.[1];
  return folder && within(folder, file) !== undefined ? folder : undefined;
}

/** What a compilation makes of which the image starts a file; undefined where that is not sure. */
export function productOf(
  invocation: Invocation,
  start: Start,
  context: ContextSnapshot | undefined,
): Product | undefined {
  const one = (path: string | undefined, isFolder = false) => (path === undefined ? undefined : { path, isFolder });
  const { id } = invocation.manager;
  const found =
    id === 'go'
      ? one(goProduct(invocation, start, context))
      : id === 'cargo'
        ? one(cargoProduct(invocation, start))
        : id === 'dotnet'
          ? one(dotnetProduct(invocation, start), true)
          : id === 'maven' || id === 'gradle'
            ? jvmProduct(invocation, start, context)
            : undefined;
  return found && { invocation, ...found };
}

const aside =
  /(^|\/)(?!\.env)(\.[^/]*|Dockerfile[^/]*|[^/]*\.[Dd]ockerfile|Makefile|LICENSE[^/]*|NOTICE|[^/]*\.(md|rst|adoc)|(docker-)?compose[^/]*\.ya?ml|[Jj]ustfile|[Tt]askfile\.ya?ml|renovate\.json)$|(^|\/)(\.[^/]+|docs?|tests?|testdata|examples?|benches|hack|k8s)\//;
/** Files that surely nothing reads when a program runs: documentation, tests, what configures tools. */
export const isAside = (file: string): boolean => aside.test(file);

const sources: Readonly<Record<string, RegExp>> = {
  go: /\.(go|mod|sum|work|proto)$/,
  cargo: /\.rs$|(^|\/)(Cargo\.(toml|lock)|rust-toolchain(\.toml)?|rustfmt\.toml|clippy\.toml|deny\.toml)$/,
};

/** Files of the context beside the sources, which a program may read when it runs. What .NET and the JVM need is in what they make. */
export const neededBeside = ({ manager }: Invocation, files: readonly string[]): string[] => {
  const own = sources[manager.id];
  return own ? files.filter((file) => !own.test(file) && !isAside(file)) : [];
};
