import { endOfFolder, indexOf } from '../../context/listing.ts';
import { perObject } from '../../syntax/memo.ts';
import type { ContextSnapshot } from '../../workspace.ts';
import { escapePattern } from '../ignoreInContext.ts';
import { type Candidate, candidatesIn, rootAt } from './candidates.ts';
import type { Kind } from './kinds.ts';

const documentation: Kind = { title: 'Documentation', names: [], tracked: true };
const tests: Kind = { title: 'Tests', names: [], tracked: true };

/** Texts and pictures. A folder of documentation that holds more is part of a program. */
const prose =
  /\.(md|mdx|markdown|rst|txt|adoc|asciidoc|png|jpe?g|gif|svg|webp|ico|pdf|drawio|puml|mmd|mp4|webm)$|(^|\/)(LICENSE|CNAME|\.nojekyll|_config\.yml|mkdocs\.yml)$/i;

/** Files that make a folder a project of its own, which a workspace or a solution may ask for. */
const project =
  /(^|\/)(package\.json|Cargo\.toml|go\.mod|pyproject\.toml|setup\.py|pom\.xml|build\.gradle(\.kts)?|[^/]*\.(cs|fs|vb)proj|mix\.exs|composer\.json|Gemfile|Package\.swift|CMakeLists\.txt|meson\.build)$/;

const proseFile =
  /^(README|CHANGELOG|CHANGES|HISTORY|NEWS|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|AUTHORS|CONTRIBUTORS|SUPPORT|ROADMAP|MAINTAINERS|GOVERNANCE)([._-][\w.-]*)?\.(md|rst|adoc|txt)$/i;
const docFolder = /^(docs?|documentation)$/;
const testFolder = /^(tests?|__tests__|e2e|cypress|playwright|specs?)$/;

/** What belongs to a repository rather than to its program: documentation, tests, settings of editors and CI. At the context's root alone. */
export const asidesIn = perObject((context: ContextSnapshot): readonly Candidate[] => {
  const own = context.entries.flatMap(({ path, type }) => {
    if (path.includes('/')) return [];
    const kind = type === 'directory' ? folderKind(context, path) : fileKind(context, path);
    return kind ? [{ kind, name: path, patterns: [escapePattern(path)], roots: [rootAt(context, path)] }] : [];
  });
  return [...own, ...candidatesIn(context).filter(({ kind }) => kind.tracked)];
});

/** Rust programs and Python packages carry their README in many ways; include_str! reads whatever lies beside the sources. */
const fileKind = ({ get }: ContextSnapshot, path: string): Kind | undefined =>
  proseFile.test(path) && !(/^(README|CHANGE)/i.test(path) && ['Cargo.toml', 'pyproject.toml', 'setup.py'].some(get))
    ? documentation
    : undefined;

function folderKind(context: ContextSnapshot, path: string): Kind | undefined {
  const isDoc = docFolder.test(path) && !context.get('Cargo.toml');
  if (!isDoc && !testFolder.test(path)) return undefined;
  const { entries } = context;
  const index = indexOf(entries, path);
  const below = entries.slice(index + 1, endOfFolder(entries, index));
  if (isDoc)
    return below.every(({ path: file, type }) => type === 'directory' || prose.test(file)) ? documentation : undefined;
  return below.some(({ path: file }) => project.test(file)) || declaresTests(context) ? undefined : tests;
}

/** Cargo looks for the tests and benchmarks that a manifest declares. */
const declaresTests = (context: ContextSnapshot): boolean =>
  /\[\[(test|bench|example)\]\]/.test(context.text('Cargo.toml') ?? '');

/** Commands that may run tests. */
export const runsTests =
  /\b(tests?|pytest|jest|vitest|mocha|rspec|phpunit|tox|nox|ctest|cypress|playwright|check|verify)\b/;

export const isTest = ({ kind }: Candidate): boolean => kind === tests;
