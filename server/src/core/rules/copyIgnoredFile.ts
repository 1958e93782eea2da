import { allContextSources, type ContextSource } from '../cache/contextReads.ts';
import { type IgnoreMatcher, type IgnorePattern, parseIgnore } from '../context/ignore.ts';
import { folderOf } from '../context/path.ts';
import { hasWildcards } from '../context/pick.ts';
import { letEnter } from '../fixes/ignoreInContext.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

type Context = NonNullable<RuleContext['facts']['context']>;

/** The pattern that keeps a source out; undefined where it enters, or may. */
function keptOut(context: Context, { matches, canPrune }: IgnoreMatcher, path: string): IgnorePattern | undefined {
  if (path === '' || context.get(path)) return undefined;
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder))
    if (context.get(folder)?.type === 'symlink') return undefined;
  const { ignored, pattern } = matches(path);
  if (!ignored || !pattern) return undefined;
  // What is not there: an exception may bring it back once it is made; a pattern for everything does not mean it, and another context may be in use.
  return context.exists(path) === true || (canPrune(path) && !/^[*/]+$/.test(pattern.cleaned)) ? pattern : undefined;
}

function report({ model }: RuleContext, context: Context, source: ContextSource, pattern: IgnorePattern): Report {
  const { ignore } = context;
  const line = (ignore?.text ?? '').slice(0, pattern.span.start).split('\n').length;
  const what = model.graph.reachable.has(source.step.stage) ? 'The build fails' : 'A build of this stage fails';
  return {
    span: source.span,
    message: `${what} here: ${ignore?.path} keeps ${source.path} out of the build context (line ${line}, ${pattern.text}), so there is nothing to ${source.step.keyword === 'RUN' ? 'mount' : 'copy'}. Add an exception to that file, or take the pattern out.`,
    fixes: letEnter(context, source.path),
  };
}

export const copyIgnoredFile: Rule = {
  id: 'copy-ignored-file',
  severity: 'warning',
  category: 'context',
  docs: {
    summary: 'A COPY, ADD or bind mount names a file that the ignore file keeps out of the build context',
    why: `What \`.dockerignore\` excludes does not reach the builder. A \`COPY\`, \`ADD\` or bind mount that names such a file or folder fails with "not found", although it lies there on the disk.

The ignore file is read as BuildKit reads it: the last pattern that matches decides, an exception (\`!\`) brings back, a pattern that matches a folder holds for all that is in it. A folder of which an exception brings back a part is not
reported, nor is a source with wildcards: BuildKit copies nothing when they match nothing.`,
    fix: 'Adds an exception for the source to the end of the ignore file, or removes the pattern where it alone keeps the source out. Both change what other `COPY`s bring, so somebody should look.',
    ignore: 'When another ignore file is in force where the image is built.',
    bad: {
      dockerfile: 'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
      files: { 'nginx.conf': '', '.dockerignore': '*.conf\n' },
    },
    good: {
      dockerfile: 'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
      files: { 'nginx.conf': '', '.dockerignore': '*.conf\n!nginx.conf\n' },
    },
    references: [
      'https://docs.docker.com/reference/build-checks/copy-ignored-file/',
      'https://docs.docker.com/build/concepts/context/#dockerignore-files',
    ],
  },
  *check(rule) {
    const { context } = rule.facts;
    if (!context?.ignore) return;
    const parsed = parseIgnore(context.ignore.text);
    if (parsed.patterns.length === 0 || context.refused?.length) return;
    for (const source of allContextSources(rule.graph)) {
      if (!source.known || hasWildcards(source.path) || source.text.includes('/./') || source.text.includes('\\'))
        continue;
      const pattern = keptOut(context, parsed.matcher, source.path);
      if (pattern) yield report(rule, context, source, pattern);
    }
  },
};
