import type { Stage } from '../build/graph.ts';
import { type ContextSource, contextSourcesIn } from '../cache/contextReads.ts';
import { isGitIgnored } from '../context/gitIgnored.ts';
import { hasWildcards } from '../context/pick.ts';
import { resolveLinks } from '../context/resolve.ts';
import { nearestPath } from '../fixes/nearestPath.ts';
import type { Fix } from '../fixes.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';

type Context = NonNullable<RuleContext['facts']['context']>;

/** Nobody mends more at once. */
const most = 50;

const isPlain = ({ path, text, known }: ContextSource): boolean =>
  known && path !== '' && !hasWildcards(path) && !text.includes('/./') && !text.includes('\\');

/** Why a source that is not there surely belongs there; undefined where the build may well make it first, or another folder is the context. */
function evidence(
  { facts }: RuleContext,
  context: Context,
  { path }: ContextSource,
): { readonly nearest?: string | undefined } | undefined {
  const nearest = nearestPath(context, path);
  return nearest !== undefined || wasThere(facts.history, context, path) ? { nearest } : undefined;
}

type History = RuleContext['facts']['history'];

const pasts = perObject((_: NonNullable<History>) => new Map<string, boolean>());

/** Whether it was there, and the Dockerfile has not been edited since it is gone: who edits it and keeps the name has a build that makes the file. Asked again at each keystroke. */
function wasThere(history: History, { dockerfile }: Context, path: string): boolean {
  if (!history) return false;
  const known = pasts(history);
  const lastOf = (name: string): number =>
    history.commits.findIndex((paths) => paths.some((changed) => changed === name || changed.startsWith(`${name}/`)));
  const find = (): boolean => {
    const gone = lastOf(path);
    const edited = dockerfile === undefined || gone < 0 ? -1 : lastOf(dockerfile);
    return gone >= 0 && (edited < 0 || edited >= gone);
  };
  const key = `${dockerfile}\n${path}`;
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

/** GoReleaser builds in a folder of its own, with the programs that it has made. */
const isReleased = (context: Context): boolean =>
  ['.goreleaser.yml', '.goreleaser.yaml', 'goreleaser.yml', 'goreleaser.yaml'].some((name) => context.get(name));

/** Whether its COPY names more that nothing is known of: made together before the build, it only shares its name with a file elsewhere. */
const comesWithOthers = (
  rule: RuleContext,
  context: Context,
  source: ContextSource,
  all: readonly ContextSource[],
): boolean => {
  const nearest = nearestPath(context, source.path);
  return (
    nearest !== undefined &&
    baseName(nearest) === baseName(source.path) &&
    all.some((other) => other.step === source.step && evidence(rule, context, other) === undefined)
  );
};

function report(rule: RuleContext, context: Context, source: ContextSource): Report | undefined {
  const found = evidence(rule, context, source);
  if (!found) return undefined;
  const { nearest } = found;
  const { span, path, text, step } = source;
  const fails = rule.graph.reachable.has(step.stage) ? 'The build fails here' : 'A build of this stage fails here';
  const advice = nearest ? `There is ${nearest}.` : 'The git history says that it was there once.';
  const isWord = rule.dockerfile.text.slice(span.start, span.end) === text && step.keyword !== 'RUN';
  const fix: Fix[] =
    nearest !== undefined && isWord && !/[\s"'$]/.test(nearest)
      ? [
          {
            title: `Copy ${nearest}`,
            applicability: 'suggestion',
            edits: [{ span, newText: `${/^(\.?\/)/.exec(text)?.[0] ?? ''}${nearest}${text.endsWith('/') ? '/' : ''}` }],
          },
        ]
      : [];
  return { span, message: `${fails}: ${path} is not in the build context. ${advice}`, fixes: fix };
}

export const missingCopySource: Rule = {
  id: 'missing-copy-source',
  severity: 'information',
  category: 'context',
  docs: {
    summary: 'A COPY, ADD or bind mount names a file that is not in the build context, while a similar one is',
    why: `A source that is not in the build context fails the build. Names are case-sensitive for the builder, whatever the file system of the machine says, and relative to the context's root, not to the Dockerfile.

Much of what is not there is made before the image is built: binaries of a release tool, the output of a build on the host. It is reported only where something says that the name is wrong: another file of the context has the same name but for
a slip or in another case, a single other folder has a file of that name, or the git history knows the path and no later edit of the Dockerfile. Nothing is said of what \`.gitignore\` names, of sources with wildcards, which may match nothing, of projects that GoReleaser releases, and where the build context may well be another folder because none of the named sources is in it.`,
    fix: 'Replaces the source by the path that is there.',
    ignore: 'When the file is made just before the build.',
    bad: {
      dockerfile: 'FROM nginx:1.29\nCOPY site/ /usr/share/nginx/html/\nCOPY ngnix.conf /etc/nginx/nginx.conf\n',
      files: { 'nginx.conf': '', 'site/index.html': '' },
    },
    good: {
      dockerfile: 'FROM nginx:1.29\nCOPY site/ /usr/share/nginx/html/\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
      files: { 'nginx.conf': '', 'site/index.html': '' },
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#copy',
      'https://docs.docker.com/build/concepts/context/',
    ],
  },
  *check(rule) {
    const { context } = rule.facts;
    if (!context || context.truncated || isReleased(context)) return;
    const plainSources = (stage: Stage) => contextSourcesIn(rule.graph, stage).filter(isPlain);
    const isMissing = ({ path }: ContextSource): boolean => resolveLinks(context, path) === undefined;
    const counts = rule.ofEachStage((stage) => {
      const sources = plainSources(stage);
      return { sources: sources.length, missing: sources.filter(isMissing).length };
    });
    const sources = counts.reduce((sum, each) => sum + each.sources, 0);
    const missing = counts.reduce((sum, each) => sum + each.missing, 0);
    if (missing === 0 || 2 * missing > sources + 1) return;
    const all = rule.graph.stages.flatMap((stage) => plainSources(stage).filter(isMissing));
    const reported = all.slice(0, most);
    for (const source of reported) {
      if (context.exists(source.path) !== false || isGitIgnored(context, source.path)) continue;
      if (comesWithOthers(rule, context, source, reported)) continue;
      const found = report(rule, context, source);
      if (found) yield found;
    }
  },
};
