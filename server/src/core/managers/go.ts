import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { foldersAbove } from './folders.ts';
import { inHome, inKnownImage, movedBy, movedTo } from './locations.ts';
import type { Action, CacheLocation, Call, Defeater, InstallInputs, Manager, Project } from './manager.ts';
import { escapes, resolve } from './paths.ts';

const options = syntax(
  `-C -o -p -mod -modfile -overlay -tags -ldflags -gcflags -asmflags -gccgoflags -pgo -pkgdir -toolexec -buildmode -compiler -covermode -coverpkg
  -installsuffix -run -bench -timeout -count -cpu -parallel -coverprofile -exec -f -go -compat`,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

const second = (args: Arguments): string => args.operands[1]?.value ?? '';

/** `go install example.com/tool@v1` neither needs nor looks at the module around it. */
const isTool = (args: Arguments): boolean =>
  args.operands.slice(1).some(({ value, text }) => (value ?? text).includes('@'));

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  switch (args.subcommand) {
    case 'mod':
      return /^(tidy|vendor)$/.test(second(args))
        ? 'install'
        : second(args) === 'download'
          ? 'fetch'
          : /^(verify|why|graph)$/.test(second(args))
            ? 'consume'
            : undefined;
    case 'work':
      return /^(sync|vendor)$/.test(second(args)) ? 'install' : undefined;
    case 'get':
      return 'install';
    case 'install':
    case 'run':
      return isTool(args) ? 'self' : 'build';
    case 'build':
    case 'test':
    case 'vet':
    case 'generate':
    case 'list':
      return 'build';
    case 'clean':
      return args.has('-modcache', '-cache', '--modcache', '--cache') ? 'clean' : undefined;
    default:
      return undefined;
  }
}

const modules = { class: 'B', sharing: 'shared' } as const;
const objects = { class: 'A', sharing: 'shared', compiled: true } as const;

/** Source: go.dev/ref/mod#environment-variables. The golang image sets GOPATH=/go. */
function moduleCache(call: Call): CacheLocation {
  const moved = movedBy(
    call,
    [
      ['GOMODCACHE', ''],
      ['GOPATH', '/pkg/mod'],
    ],
    modules,
  );
  if (!moved) return inKnownImage(call, 'GOPATH', inHome(call, 'go/pkg/mod', modules));
  // Of several folders in GOPATH the first has the modules.
  const [first, ...others] = (moved.path ?? '').split(':');
  return others.length > 0 ? { ...moved, path: `${first}/pkg/mod` } : moved;
}

const buildCache = (call: Call): CacheLocation =>
  movedBy(
    call,
    [
      ['GOCACHE', ''],
      ['XDG_CACHE_HOME', '/go-build'],
    ],
    objects,
  ) ?? inHome(call, '.cache/go-build', objects);

/** Whether the modules come from vendor/ and nothing is downloaded. */
function isVendored(call: Call, project: Project | undefined): boolean {
  const mod = argsOf(call).find('-mod')?.value ?? /-mod=(\w+)/.exec(variableOf(call, 'GOFLAGS') ?? '')?.[1];
  if (mod !== undefined) return mod === 'vendor';
  return project?.context.get(resolve(project.directory, 'vendor/modules.txt')) !== undefined;
}

/** What `go clean` empties. */
const cleaned = (call: Call): CacheLocation[] => [
  ...(argsOf(call).has('-modcache', '--modcache') ? [moduleCache(call)] : []),
  ...(argsOf(call).has('-cache', '--cache') ? [buildCache(call)] : []),
];

function caches(call: Call, project?: Project): CacheLocation[] {
  const what = action(call);
  if (what === 'clean') return cleaned(call);
  if (what === 'build' || what === 'self')
    return isVendored(call, project) ? [buildCache(call)] : [moduleCache(call), buildCache(call)];
  return [moduleCache(call)];
}

const readsSources = (args: Arguments): boolean =>
  args.subcommand === 'get'
    ? args.operands.slice(1).some(({ text }) => /^\.|\.\.\.$/.test(text)) || args.operands.length === 1
    : second(args) !== 'download';

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const root =
    [directory, ...foldersAbove(call, directory)].find((folder) => context.get(resolve(folder, 'go.mod'))) ?? directory;
  const work =
    variableOf(call, 'GOWORK') === 'off'
      ? undefined
      : [directory, ...foldersAbove(call, directory)].find((folder) => context.get(resolve(folder, 'go.work')));
  if (work !== undefined) collectWork(collect, work);
  if (work === undefined || context.get(resolve(root, 'go.mod')))
    collectModule(collect, root, args.find('-modfile')?.value);
  if (action(call) === 'build' || readsSources(args)) {
    collect.installsProject();
    collect.obstacle(`\`go ${args.subcommand} ${second(args)}`.trim().concat('` reads the sources of the project.'));
  } else if (args.subcommand === 'get')
    collect.obstacle(`\`go get\` rewrites ${resolve(root, 'go.mod')}, and a COPY after it would undo that.`);
  return collect.result();
}

/** Source: go.dev/ref/mod#workspaces. */
function collectWork(collect: Collector, folder: string): void {
  const path = resolve(folder, 'go.work');
  collect.required(path, 'go');
  collect.optional(resolve(folder, 'go.work.sum'));
  const text = collect.text(path);
  if (text === undefined) return;
  for (const [used] of directives(text, 'use'))
    if (used !== undefined) collectModule(collect, resolve(folder, used), undefined);
  collectReplacements(collect, folder, path, text);
}

function collectModule(collect: Collector, folder: string, modfile: string | undefined): void {
  const path = resolve(folder, modfile ?? 'go.mod');
  if (escapes(path)) collect.obstacle(`go reads ${path}, which lies outside the build context.`);
  else if (collect.required(path, 'go')) {
    collect.optional(path.replace(/\.mod$/, '.sum'));
    if (modfile !== undefined) collect.optional(resolve(folder, 'go.mod'));
    const text = collect.text(path);
    if (text !== undefined) collectReplacements(collect, folder, path, text);
  }
}

/** Of a module that is replaced by a folder, go needs the go.mod to know what that module requires. */
function collectReplacements(collect: Collector, folder: string, from: string, text: string): void {
  for (const words of directives(text, 'replace')) {
    const target = words[words.indexOf('=>') + 1];
    if (target === undefined || !/^\.{0,2}\/|^\.{1,2}$/.test(target)) continue;
    const path = target.startsWith('/') ? target : resolve(folder, target);
    if (escapes(path))
      collect.obstacle(`${from} replaces a module by ${target}, which lies outside the build context.`);
    else collect.required(resolve(path, 'go.mod'), from);
  }
}

/** The words of each `replace …` or of each line of `replace ( … )`. */
function directives(text: string, keyword: string): string[][] {
  const found: string[][] = [];
  let inBlock = false;
  for (const line of text.split(/\r?\n/)) {
    const words = line
      .replace(/\/\/.*$/, '')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => word.replace(/^["`](.*)["`]$/, '$1'));
    if (inBlock) {
      if (words[0] === ')') inBlock = false;
      else if (words.length > 0) found.push(words);
    } else if (words[0] === keyword) {
      if (words[1] === '(') inBlock = true;
      else found.push(words.slice(1));
    }
  }
  return found;
}

/** Source: `go help build`; measured, `-a` compiles for 50 s what takes 0.4 s without it. */
function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  const rebuild = argsOf(call).all('-a');
  return rebuild.map(({ span }) => ({ span, what: '-a', kind: 'words', compiled: true }));
}

export const go: Manager = {
  id: 'go',
  title: 'go',
  programs: ['go', 'xx-go'],
  action,
  caches,
  defeaters,
  kept: ['/go/pkg', '~/go/pkg', '~/.cache/go-build', '/root/.cache/go-build'],
  directory: (call) => movedTo(call, argsOf(call).find('-C')),
  isLocked: (call) => !/^(tidy|get)$/.test(argsOf(call).subcommand === 'get' ? 'get' : second(argsOf(call))),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'go.sum');
    const what = action(call);
    return what === 'install' || what === 'fetch'
      ? { file: context.get(path) ? path : undefined, form: 'go mod download' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [variableOf(call, 'GOWORK') ?? ''], () => inputs(call, directory, context)),
  manifests: ['go.mod', 'go.work'],
};
