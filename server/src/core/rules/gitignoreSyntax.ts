import type { Evaluation } from '../context/evaluation.ts';
import { isGitIgnored } from '../context/gitIgnored.ts';
import type { IgnoreFile, IgnorePattern } from '../context/ignore.ts';
import { endOfFolder } from '../context/listing.ts';
import { excludeMore } from '../fixes/excludeMore.ts';
import { lineSpan } from '../fixes/ignoreLines.ts';
import { bytes, listing, plural } from '../prose.ts';
import type { IgnoreContext, Report, Rule } from '../rule.ts';
import { baseName } from '../syntax/path.ts';

/** What tools leave in every folder they run in, and nobody wants in one depth alone. */
const anywhere =
  /^(node_modules|bower_components|__pycache__|\.(DS_Store|venv|tox|nox|pytest_cache|mypy_cache|ruff_cache|hypothesis|ipynb_checkpoints|gradle|terraform|next|nuxt|svelte-kit|turbo|parcel-cache|nyc_output|vs|idea|coverage)|Thumbs\.db|desktop\.ini|\*\.(py(c|o|d|\[[cod]+\])|class|egg-info|swp|swo|tsbuildinfo)|\*~|(npm|yarn|lerna)-(debug|error)\.log\*?)$/;

/** Folders whose content is there on purpose, whatever git is told to ignore, or that git does not look into. */
const onPurpose = /(^|\/)(\.git|test-?data|fixtures?|__\w+__|tests?|specs?|mocks?|examples?|vendor|third_party)\//i;

/** Sources of programs that are compiled: git has them, whatever it is told to ignore, as no tool leaves them behind. */
const source = /(^|\/)(Cargo\.toml|go\.mod)$|(?<!\.d)\.(rs|go|java|kt|cs|tsx?|vue|svelte)$/;

/** What git reads or people keep folders with: tracked although a pattern for `.git` or for all of a folder ignores it. */
const ofGit = /(^|\/)\.git(ignore|attributes|modules|keep)$/;

/** What enters below the root by a pattern's name: `meant` is worth a word, `others` may be wanted. */
interface Matches {
  readonly meant: Nested[];
  others: number;
}

/** Something in a deeper folder that a pattern would match if it held at every depth. */
interface Nested {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** A pattern that .gitignore would hold for every depth: one name, and no slash before its end. */
const isName = ({ cleaned, negated, text, error }: IgnorePattern): boolean =>
  !negated && error === undefined && !cleaned.includes('/') && !/^\.?\//.test(text) && !/^\*+$/.test(cleaned);

/** What enters of the entries from `start` to before `end`. */
function entering({ folder, enters }: Evaluation, start: number, end: number): { files: number; bytes: number } {
  const sum = { files: 0, bytes: 0 };
  for (let index = start; index < end; index++) {
    const entry = folder.listing[index];
    if (!entry || entry.type === 'directory' || !enters(index)) continue;
    sum.files++;
    sum.bytes += entry.size;
  }
  return sum;
}

/** The pattern that matches a path's name; a look at the path's last character rules most of them out. */
function byName(patterns: readonly IgnorePattern[]): (path: string) => IgnorePattern | undefined {
  const literal = new Map(patterns.map((pattern) => [pattern.cleaned, pattern]));
  const globs = patterns.filter(({ test }) => !test.exact);
  const isOpen = globs.some(({ test }) => test.suffix === '');
  const lasts = new Set(patterns.map(({ test }) => test.suffix.charCodeAt(test.suffix.length - 1)));
  return (path) => {
    if (!isOpen && !lasts.has(path.charCodeAt(path.length - 1))) return undefined;
    const name = baseName(path);
    return literal.get(name) ?? globs.find(({ test }) => test.matches(name));
  };
}

/** What enters below the root although its name matches, by pattern. */
function nestedMatches({ file }: IgnoreContext, evaluation: Evaluation): Map<IgnorePattern, Matches> {
  const { listing: entries } = evaluation.folder;
  const found = new Map<IgnorePattern, Matches>();
  const names = file.patterns.filter(isName);
  const patternOf = byName(names);
  for (let index = 0; names.length > 0 && index < entries.length; index++) {
    const { path = '', type } = entries[index] ?? {};
    const pattern = patternOf(path);
    if (!pattern || !path.includes('/') || path.startsWith('.git/')) continue;
    const end = type === 'directory' ? endOfFolder(entries, index) : index + 1;
    const nested = { path, ...entering(evaluation, index, end) };
    if (nested.files === 0) continue;
    const matches = found.get(pattern) ?? { meant: [], others: 0 };
    found.set(pattern, matches);
    const isMeant =
      (type === 'directory' || !pattern.text.endsWith('/')) &&
      (onPurpose.test(path)
        ? anywhere.test(pattern.cleaned) && isGitIgnored(evaluation, path)
        : anywhere.test(pattern.cleaned) ||
          // A link is no folder: what git ignores with a slash at the end is another one, and links are there because somebody made them.
          (type !== 'symlink' &&
            !ofGit.test(path) &&
            isGitIgnored(evaluation, path) &&
            !entries.slice(index, end).some((each) => source.test(each.path))));
    if (isMeant) matches.meant.push(nested);
    else matches.others++;
    if (isMeant) index = end - 1;
  }
  return found;
}

function depthReport(context: IgnoreContext, pattern: IgnorePattern, { meant: nested, others }: Matches): Report {
  const { span, text } = pattern;
  const files = nested.reduce((sum, each) => sum + each.files, 0);
  const size = nested.reduce((sum, each) => sum + each.bytes, 0);
  const paths = nested.map(({ path }) => path);
  const deep = `**/${text}`;
  const them = nested.length === 1 ? 'it' : 'them';
  const advice =
    others === 0
      ? `\`${deep}\` excludes ${them} as well.`
      : `\`${deep}\` would exclude ${them}, and ${others} more of that name that git does not ignore.`;
  return {
    span,
    message: `In .gitignore this would hold at every depth, here only at the root of the build context: ${listing(paths, 2)} (${plural(files, 'file')}, ${bytes(size)}) ${nested.length === 1 ? 'enters' : 'enter'} the build. ${advice}`,
    fixes: others === 0 ? excludeMore(context, `Write ${deep}`, [{ span, newText: deep }], paths) : [],
  };
}

/** What somebody wrote, what it means here, and what was meant. */
function slipOf({ file, evaluation }: IgnoreContext, pattern: IgnorePattern): Omit<Report, 'span'> | undefined {
  const { text, span, cleaned, negated, error } = pattern;
  if (error !== undefined) return undefined;
  const index = file.patterns.indexOf(pattern);
  const tally = evaluation?.tally(index);
  const [, rule = '', comment = ''] = /^([^#]*[^#\s\\])\s+(#.*)$/.exec(text) ?? [];
  if (rule && !tally?.files)
    return {
      message: `There are no comments behind a pattern: this line matches only a path that ends with \`${comment}\`. Put the comment on a line of its own.`,
      fixes: [
        {
          title: 'Put the comment on a line of its own',
          applicability: 'suggestion',
          edits: [{ span: { ...lineSpan(file, pattern), end: span.end }, newText: `${comment}${file.eol}${rule}` }],
        },
      ],
    };
  if (/\[!/.test(cleaned) && !/\[[^\]]*\[!/.test(cleaned)) {
    const negation = text.replace(/\[!/g, '[^');
    return {
      message: `\`[!…]\` means "none of these" in .gitignore; here it is the list itself, with the exclamation mark in it. \`${negation}\` means what .gitignore means.`,
      fixes: [{ title: `Write ${negation}`, applicability: 'suggestion', edits: [{ span, newText: negation }] }],
    };
  }
  const asFolder =
    /[^/]\/$/.test(text) && !negated ? evaluation && excludedFile(evaluation, file, pattern, index) : undefined;
  return asFolder
    ? {
        message: `In .gitignore the slash at the end means folders alone; here it is dropped, and the file ${asFolder} is excluded as well. An exception below this line brings it back: \`!${asFolder}\`.`,
      }
    : undefined;
}

/** A file that is excluded by its own name, and by no other line: one that names it as well means it. */
function excludedFile(
  { folder, decided }: Evaluation,
  { patterns }: IgnoreFile,
  { test }: IgnorePattern,
  index: number,
): string | undefined {
  const others = patterns.filter(({ negated }, at) => at !== index && !negated);
  const at = decided.findIndex((deciding, entry) => {
    const { type, path = '' } = folder.listing[entry] ?? {};
    return (
      deciding === index &&
      type === 'file' &&
      test.matches(path) &&
      !others.some((other) => other.error === undefined && other.test.matches(path))
    );
  });
  return folder.listing[at]?.path;
}

export const gitignoreSyntax: Rule = {
  id: 'gitignore-syntax',
  severity: 'warning',
  category: 'context',
  docs: {
    summary: 'A line of the ignore file means something else than it would in .gitignore, and the difference shows',
    why: `The two files look alike and are read differently:

| | \`.gitignore\` | \`.dockerignore\` |
|---|---|---|
| \`node_modules\`, \`*.pyc\` | at every depth | at the root of the build context; \`**/node_modules\` at every depth |
| \`build/\` | folders alone | files, too: the slash is dropped |
| \`[!a-z]\` | none of these | \`!\` or one of these; \`[^a-z]\` is none of these |
| \`!keep/me\` below an excluded folder | has no effect | brings it back |
| blanks before a pattern or a \`#\` | belong to it | are dropped, but a comment begins in the first column |

A comment behind a pattern is part of the pattern in both. A line is reported only where the difference shows: something in a deeper folder enters the build, and it is of the kind that is meant at every depth (what tools leave behind, such as
\`node_modules\` or \`*.pyc\`) or the project's own .gitignore excludes it there.`,
    fix: 'Writes what .gitignore would mean. It is safe where no Dockerfile that is built with this ignore file copies or mounts anything of what is excluded in addition, and there is none where a source of one would be gone.',
    ignore: 'When what lies deeper is meant to enter the build.',
    bad: {
      ignoreFile: '.git\nnode_modules\n',
      files: {
        Dockerfile: 'FROM node:22\nCOPY packages packages\n',
        'node_modules/a/index.js': '',
        'packages/web/index.js': '',
        'packages/web/node_modules/b/index.js': '',
      },
    },
    good: {
      ignoreFile: '.git\n**/node_modules\n',
      files: {
        Dockerfile: 'FROM node:22\nCOPY packages packages\n',
        'node_modules/a/index.js': '',
        'packages/web/index.js': '',
        'packages/web/node_modules/b/index.js': '',
      },
    },
    references: [
      'https://docs.docker.com/build/concepts/context/#syntax',
      'https://git-scm.com/docs/gitignore#_pattern_format',
    ],
  },
  *checkIgnore(context) {
    const { file, evaluation } = context;
    const nested = evaluation && nestedMatches(context, evaluation);
    for (const pattern of file.patterns) {
      const slip = slipOf(context, pattern);
      const deeper = nested?.get(pattern);
      if (slip) yield { span: pattern.span, ...slip };
      else if (deeper?.meant.length) yield depthReport(context, pattern, deeper);
    }
  },
};
