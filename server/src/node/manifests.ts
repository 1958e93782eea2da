import { parseGlob } from '../core/context/glob.ts';
import type { Listing } from '../core/context/listing.ts';
import { isDockerfileName } from '../core/filenames.ts';
import { managers } from '../core/managers/index.ts';
import type { Entry } from '../core/workspace.ts';
import type { Disk } from './disk.ts';

const mostBytesOfFile = 512 * 1024;
const mostBytes = 16 * 1024 * 1024;
const mostFiles = 2000;

const names = [...new Set(managers.flatMap(({ manifests }) => manifests))];
const exact = new Set(names.filter((name) => !/[*?[{]/.test(name)));
const globs = names.filter((name) => !exact.has(name)).map(parseGlob);

/** Folders of what was installed: their manifests are nobody's input. */
const installed = /(^|\/)(node_modules|vendor|\.venv|venv|site-packages|\.git|bower_components|target)\//;

const nameOf = ({ path }: Entry): string => path.slice(path.lastIndexOf('/') + 1);

const isText = ({ path, type, size }: Entry, most: number): boolean =>
  type === 'file' && size <= most && !installed.test(path);

/** Whether a package manager reads this file's text. */
function isManifest(entry: Entry): boolean {
  if (!isText(entry, mostBytesOfFile)) return false;
  const name = nameOf(entry);
  return exact.has(name) || globs.some((glob) => glob.matches(name));
}

/** What else a build runs or is configured by: it may ask git, or name files that nothing else does. */
const scripts =
  /(^|\/)(Makefile|GNUmakefile|makefile|CMakeLists\.txt|[Jj]ustfile|[Tt]askfile\.ya?ml|Rakefile|build\.rs|setup\.(py|cfg)|pom\.xml|mkdocs\.yml|tox\.ini|MANIFEST\.in|magefile\.go|gulpfile\.\w+|Directory\.Build\.\w+|[^/]*\.(sh|bash|mk|cmake|gradle|gradle\.kts|gemspec|csproj|props|targets|cabal)|[^/]*\.config\.[cm]?[jt]s|tsconfig[^/]*\.json|[^/]*(build|version|git)[^/]*\.[cm]?[jt]s)$|(^|\/)(scripts?|bin|hack|build|tools|ci)\/[^/]*\.([cm]?[jt]s|py|rb|pl|ps1|bat)$/;
const mostBytesOfScript = 64 * 1024;
const mostScripts = 300;

const isScript = (entry: Entry): boolean => scripts.test(entry.path) && isText(entry, mostBytesOfScript);

/** Whether the text counts although the ignore file keeps the file out: other Dockerfiles of the folder, and what git ignores. */
const isOfFolder = (entry: Entry): boolean => {
  const name = nameOf(entry);
  return (name === '.gitignore' || isDockerfileName(name)) && isText(entry, mostBytesOfScript);
};

/** The files of a folder whose text is read; `entries` are those that enter. */
export const readable = (listing: Listing, entries: Listing): Entry[] => [
  ...listing.filter(isOfFolder),
  ...entries.filter((entry) => !isOfFolder(entry) && (isManifest(entry) || isScript(entry))),
];

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
    const text = (await disk.read(`${root}/${path}`))?.toString('utf8');
    if (text !== undefined && !text.includes('\0')) texts.set(path, text.replace(/^\uFEFF/, ''));
  }
  return texts;
}
