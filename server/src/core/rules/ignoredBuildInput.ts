import { allContextSources, type ContextSource, isPlain } from '../cache/contextReads.ts';
import type { Evaluation } from '../context/evaluation.ts';
import { type IgnorePattern, parseIgnore } from '../context/ignore.ts';
import { folderOf } from '../context/path.ts';
import { snapshotUnder } from '../context/underIgnore.ts';
import { escapePattern } from '../fixes/ignoreInContext.ts';
import { insertBelow, quoted, removeLines } from '../fixes/ignoreLines.ts';
import { applyEdits, type Fix } from '../fixes.ts';
import { listing } from '../prose.ts';
import type { IgnoreContext, ReadUser, Report, Rule } from '../rule.ts';

/** A source that a pattern keeps out. */
interface Kept {
  readonly user: ReadUser;
  readonly source: ContextSource;
}

/** The pattern that keeps a source out; undefined where it enters, or something in it does. */
function keptOut(
  { file }: IgnoreContext,
  evaluation: Evaluation,
  path: string,
  { present }: ReadUser,
): IgnorePattern | undefined {
  const context = snapshotUnder(file, evaluation);
  if (context.get(path)) return undefined;
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder))
    if (context.get(folder)?.type === 'symlink') return undefined;
  const { ignored, pattern } = file.matcher.matches(path);
  if (!ignored || !pattern) return undefined;
  // What is not there: an exception may bring it back once it is made; a pattern for everything does not mean it, and another context may be in use.
  const isMeant = file.matcher.canPrune(path) && !/^[*/]+$/.test(pattern.cleaned);
  return context.exists(path) === true || present?.has(path) || isMeant ? pattern : undefined;
}

function keptByPattern(context: IgnoreContext, evaluation: Evaluation): Map<IgnorePattern, Kept[]> {
  const found = new Map<IgnorePattern, Kept[]>();
  for (const user of context.users)
    for (const source of allContextSources(user.graph)) {
      const pattern = isPlain(source) ? keptOut(context, evaluation, source.path, user) : undefined;
      if (pattern) found.set(pattern, [...(found.get(pattern) ?? []), { user, source }]);
    }
  return found;
}

/** An exception right below the pattern, or no pattern where the exception would take all of it back. */
function fixesOf({ file }: IgnoreContext, pattern: IgnorePattern, paths: readonly string[]): Fix[] {
  const lines = paths.map((path) => `!${escapePattern(path)}`);
  const isAll = paths.includes(pattern.cleaned);
  const fix: Fix = {
    title: isAll ? `Remove ${quoted(pattern)}` : `Add ${listing(lines)} below it`,
    applicability: 'suggestion',
    edits: isAll ? removeLines(file, [pattern]) : [insertBelow(file, pattern, lines.join(file.eol))],
  };
  const { matcher } = parseIgnore(applyEdits(file.text, fix.edits));
  return paths.some((path) => matcher.matches(path).ignored) ? [] : [fix];
}

function report(context: IgnoreContext, pattern: IgnorePattern, kept: readonly Kept[]): Report {
  const paths = [...new Set(kept.map(({ source }) => source.path))];
  const places = [...new Set(kept.map(({ user, source }) => `${user.path} line ${source.step.instruction.line + 1}`))];
  const [first] = kept;
  const isBuilt = kept.some(({ user, source }) => user.graph.reachable.has(source.step.stage));
  const verb = first?.source.step.keyword === 'RUN' ? 'mounts' : 'copies';
  return {
    span: pattern.span,
    message: `This keeps ${listing(paths)} out of the build context, which ${listing(places, 2)} ${verb}: ${isBuilt ? 'the build' : 'a build of that stage'} fails there. Add an exception below this line, or take the pattern out.`,
    fixes: fixesOf(context, pattern, paths),
  };
}

export const ignoredBuildInput: Rule = {
  id: 'ignored-build-input',
  severity: 'warning',
  category: 'context',
  docs: {
    summary: 'A line of the ignore file excludes what a Dockerfile copies or mounts by name',
    why: `What the ignore file excludes does not reach the builder. A \`COPY\`, \`ADD\` or bind mount that names it fails with "not found" although it is there on the disk. The same mistake is reported in the Dockerfile as
\`copy-ignored-file\`; here it shows where the line is.

Every Dockerfile that is built with this file counts: those whose build context is its folder and that have no \`<Dockerfile>.dockerignore\` of their own. Sources with wildcards are left alone, they may match nothing.`,
    fix: 'Adds an exception below the line, or removes the line where it excludes nothing else. It changes what other `COPY`s bring, so somebody should look.',
    ignore: 'When the Dockerfile is built with another context.',
    bad: {
      ignoreFile: '.git\n*.conf\n',
      files: { Dockerfile: 'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n', 'nginx.conf': '' },
    },
    good: {
      ignoreFile: '.git\n*.conf\n!nginx.conf\n',
      files: { Dockerfile: 'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n', 'nginx.conf': '' },
    },
    references: ['https://docs.docker.com/reference/build-checks/copy-ignored-file/'],
  },
  *checkIgnore(context) {
    const { evaluation, file } = context;
    if (!evaluation || file.errors.length > 0) return;
    for (const [pattern, kept] of keptByPattern(context, evaluation)) yield report(context, pattern, kept);
  },
};
