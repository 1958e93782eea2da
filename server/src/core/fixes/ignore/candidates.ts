import { sizeOf } from '../../context/entering.ts';
import { isGitIgnored } from '../../context/gitIgnored.ts';
import { endOfFolder, indexOf } from '../../context/listing.ts';
import { byName } from '../../context/names.ts';
import { folderOf } from '../../context/path.ts';
import { perObject } from '../../syntax/memo.ts';
import type { ContextSnapshot } from '../../workspace.ts';
import { escapePattern } from '../ignoreInContext.ts';
import { type Kind, kinds } from './kinds.ts';

/** A file or folder, and how much of it enters. */
export interface Root {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** Files and folders of one name that enter the build, and the patterns that keep them out. */
export interface Candidate {
  readonly kind: Kind;
  readonly name: string;
  readonly patterns: readonly string[];
  /** The outermost of that name. Empty for what is not there, but will be, as .gitignore says. */
  readonly roots: readonly Root[];
}

const names = [...new Set(kinds.flatMap((kind) => kind.names))];

/** What of a context could be kept out, by what it is. Whether a build reads it is another question. */
export const candidatesIn = perObject((context: ContextSnapshot): readonly Candidate[] => {
  const taken = new Set<string>();
  const found = names.flatMap((name) => candidatesOf(context, name, taken));
  const outermost = found
    .map((each) => ({ ...each, roots: each.roots.filter(({ path }) => !isBelow(taken, folderOf(path))) }))
    .filter(({ roots }) => roots.length > 0);
  return [...outermost, ...logs(context, taken), ...expected(context)];
});

function isBelow(taken: ReadonlySet<string>, folder: string): boolean {
  for (let at = folder; at !== ''; at = folderOf(at)) if (taken.has(at)) return true;
  return false;
}

/** More files and folders than this are named only if one pattern can name them all. */
const mostPaths = 5;

function candidatesOf(context: ContextSnapshot, name: string, taken: Set<string>): Candidate[] {
  const paths = byName(context).get(name) ?? [];
  const ofKind = new Map<Kind, string[]>();
  const others: string[] = [];
  for (const path of paths) {
    if (isBelow(taken, path)) continue;
    const kind = context.get(path) && kindOf(context, path, name);
    if (!kind) others.push(path);
    else {
      ofKind.set(kind, [...(ofKind.get(kind) ?? []), path]);
      taken.add(path);
    }
  }
  const isOnly = ofKind.size === 1 && others.every((path) => isBelow(taken, path));
  return [...ofKind].flatMap(([kind, found]) => {
    const everywhere = isOnly && !kind.atRoot;
    const roots = found.map((path) => rootAt(context, path)).filter(({ files }) => files > 0);
    if (roots.length === 0 || (!everywhere && roots.length > mostPaths)) return [];
    return [
      { kind, name, patterns: everywhere ? [`**/${name}`] : roots.map(({ path }) => escapePattern(path)), roots },
    ];
  });
}

const kindOf = (context: ContextSnapshot, path: string, name: string): Kind | undefined =>
  kinds.find(
    (kind) => kind.names.includes(name) && !(kind.atRoot && path.includes('/')) && (!kind.is || kind.is(context, path)),
  );

export function rootAt({ entries }: ContextSnapshot, path: string): Root {
  const index = indexOf(entries, path);
  const end = entries[index]?.type === 'directory' ? endOfFolder(entries, index) : index + 1;
  return { path, ...sizeOf(entries.slice(index, end)) };
}

/** The candidate as far as it lies where `counts` says; undefined where it does not. */
export function partOf(candidate: Candidate, counts: (path: string) => boolean): Candidate | undefined {
  const roots = candidate.roots.filter(({ path }) => counts(path));
  if (roots.length === 0) return undefined;
  const isWhole = candidate.patterns[0]?.startsWith('**/') || roots.length === candidate.roots.length;
  return { ...candidate, roots, patterns: isWhole ? candidate.patterns : roots.map(({ path }) => escapePattern(path)) };
}

const logKind: Kind = { title: 'What tools leave behind', names: ['*.log'] };

/** Log files, where git ignores all of them. */
function logs(context: ContextSnapshot, taken: ReadonlySet<string>): Candidate[] {
  const isLog = (name: string): boolean => name.endsWith('.log');
  const paths = [...byName(context)].filter(([name]) => isLog(name)).flatMap(([, found]) => found);
  const open = paths.filter((path) => !isBelow(taken, folderOf(path)));
  if (!open.every((path) => isGitIgnored(context, path))) return [];
  const roots = open.flatMap((path) => {
    const entry = context.get(path);
    return entry?.type === 'file' ? [{ path, files: 1, bytes: entry.size }] : [];
  });
  return roots.length > 0 ? [{ kind: logKind, name: '*.log', patterns: ['**/*.log'], roots }] : [];
}

const soon: readonly (readonly [name: string, sign: string, pattern: string])[] = [
  ['node_modules', 'package.json', '**/node_modules'],
  ['.venv', 'pyproject.toml', '.venv'],
  ['__pycache__', '', '**/__pycache__'],
  ['target', 'Cargo.toml', 'target'],
  ['.next', 'package.json', '.next'],
  ['coverage', '', 'coverage'],
];

/** What is not there now, but will be as soon as somebody works here. */
const expected = (context: ContextSnapshot): Candidate[] =>
  soon.flatMap(([name, sign, pattern]) => {
    if (byName(context).has(name) || !isGitIgnored(context, name) || (sign !== '' && !context.get(sign))) return [];
    const kind = kinds.find((each) => each.names.includes(name));
    return kind ? [{ kind, name, patterns: [pattern], roots: [] }] : [];
  });
