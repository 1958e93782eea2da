import { type Glob, parseGlob } from '../core/context/glob.ts';
import { indexOf, type Listing } from '../core/context/listing.ts';
import { isDockerfileName } from '../core/filenames.ts';
import { managers } from '../core/managers/index.ts';
import { baseName } from '../core/syntax/path.ts';
import type { Entry } from '../core/workspace.ts';
import type { Disk } from './disk.ts';
import { inSlices } from './slices.ts';

const mostBytesOfFile = 512 * 1024;
/** Of a lock file that is larger only the head is kept: its first lines tell whose it is. */
const mostBytesOfLock = 8 * 1024 * 1024;
const headOfLock = 4096;
const mostBytes = 16 * 1024 * 1024;
const mostFiles = 2000;

const names = [...new Set(managers.flatMap(({ manifests }) => manifests))];
const exact = new Set(names.filter((name) => !/[*?[{]/.test(name)));

interface NameGlob extends Glob {
  /** What every match begins and ends with. */
  readonly start: string;
  readonly end: string;
}

const globs = names
  .filter((name) => !exact.has(name))
  .map((name): NameGlob => {
    const [start = ''] = /^[^*?[{]*/.exec(name) ?? [];
    const [end = ''] = /[^*?\]}]*$/.exec(name) ?? [];
    return { ...parseGlob(name), start, end };
  });

/** Of 100,000 files few have an ending that any of them may match. */
const byEnding = new Map<string, readonly NameGlob[]>();
const mostEndings = 1000;

function globsFor(name: string): readonly NameGlob[] {
  const ending = name.slice(Math.max(0, name.lastIndexOf('.')));
  const known = byEnding.get(ending);
  if (known) return known;
  const found = globs.filter(({ end }) => ending.endsWith(end) || end.endsWith(ending));
  if (byEnding.size >= mostEndings) byEnding.clear();
  byEnding.set(ending, found);
  return found;
}

/** Folders of what was installed: their manifests are nobody's input. */
const installed = /(^|\/)(node_modules|vendor|\.venv|venv|site-packages|\.git|bower_components|target)\//;

const nameOf = ({ path }: Entry): string => baseName(path);

const isText = ({ path, type, size }: Entry, most: number): boolean =>
  type === 'file' && size <= most && !installed.test(path);

/** Whether a package manager reads this file's text. */
const isManifest = (entry: Entry): boolean =>
  hasManifestName(nameOf(entry)) && isText(entry, nameOf(entry) === 'yarn.lock' ? mostBytesOfLock : mostBytesOfFile);

const hasManifestName = (name: string): boolean =>
  exact.has(name) || globsFor(name).some((glob) => name.startsWith(glob.start) && glob.matches(name));

/** What else a build runs or is configured by: it may ask git, or name files that nothing else does. */
const scriptName =
  /^(Makefile|GNUmakefile|makefile|CMakeLists\.txt|[Jj]ustfile|[Tt]askfile\.ya?ml|Rakefile|build\.rs|setup\.(py|cfg)|manage\.py|pom\.xml|mkdocs\.yml|tox\.ini|MANIFEST\.in|magefile\.go|gulpfile\.\w+|Directory\.Build\.\w+|.*\.(sh|bash|mk|cmake|gradle|gradle\.kts|gemspec|csproj|props|targets|cabal)|.*\.config\.[cm]?[jt]s|tsconfig.*\.json|.*(build|version|git).*\.[cm]?[jt]s)$/s;
const scriptEnding = /\.([cm]?[jt]s|py|rb|pl|ps1|bat)$/;
const scriptFolders = new Set(['script', 'scripts', 'bin', 'hack', 'build', 'tools', 'ci']);
const mostBytesOfScript = 64 * 1024;
const mostScripts = 300;

function isScript(entry: Entry): boolean {
  const { path } = entry;
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const folder = slash < 0 ? '' : path.slice(path.lastIndexOf('/', slash - 1) + 1, slash);
  const isOne = scriptName.test(name) || (scriptFolders.has(folder) && scriptEnding.test(name));
  return isOne && isText(entry, mostBytesOfScript);
}

/** Whether the text counts although the ignore file keeps the file out: other Dockerfiles of the folder, and what git ignores. */
const isOfFolder = (entry: Entry): boolean => {
  const name = nameOf(entry);
  return (name === '.gitignore' || isDockerfileName(name)) && isText(entry, mostBytesOfScript);
};

const candidates = new WeakMap<Listing, readonly Entry[]>();

/** Few of many: another ignore file lets others of them in, and need not look at the names of all again. */
function* candidateSteps(listing: Listing): Generator<undefined, readonly Entry[]> {
  const known = candidates.get(listing);
  if (known) return known;
  const found: Entry[] = [];
  for (const [index, entry] of listing.entries()) {
    if ((index & 1023) === 1023) yield;
    if (isOfFolder(entry) || isManifest(entry) || isScript(entry)) found.push(entry);
  }
  candidates.set(listing, found);
  return found;
}

/** The files of a folder whose text is read; `entries` are those that enter. */
export async function readable(listing: Listing, entries: Listing): Promise<Entry[]> {
  const found = await inSlices(candidateSteps(listing));
  return found.filter((entry) => indexOf(entries, entry.path) >= 0 || isOfFolder(entry));
}

/** Texts of `readable` files, of manifests and of the outer folders first; those that are no text are left out. */
export async function readTexts(disk: Disk, root: string, files: readonly Entry[]): Promise<Map<string, string>> {
  const depth = ({ path }: Entry): number => path.split('/').length;
  const sorted = [...files].sort((a, b) => depth(a) - depth(b));
  const important = (entry: Entry): boolean => isManifest(entry) || isOfFolder(entry);
  const others = sorted.filter((entry) => !important(entry)).slice(0, mostScripts);
  const texts = new Map<string, string>();
  let bytes = 0;
  for (const { path, size } of [...sorted.filter(important).slice(0, mostFiles), ...others]) {
    bytes += size;
    if (bytes > mostBytes) break;
    const all = (await disk.read(`${root}/${path}`))?.toString('utf8');
    const text = size > mostBytesOfFile ? all?.slice(0, headOfLock) : all;
    if (text !== undefined && !text.includes('\0')) texts.set(path, text.replace(/^\uFEFF/, ''));
  }
  return texts;
}
