import { allContextSources, isPlain } from '../cache/contextReads.ts';
import type { Fix } from '../fixes.ts';
import { listing } from '../prose.ts';
import type { IgnoreContext, Report, Rule } from '../rule.ts';

type Elsewhere = Extract<IgnoreContext['facts']['misplaced'], { kind: 'elsewhere' }>;
type ReadPlace = Elsewhere['places'][number];

/** What the file would keep out at another place although a Dockerfile names it, as a sentence; undefined where nothing is known. */
function breaks({ file, read }: IgnoreContext, { users }: ReadPlace): string | undefined {
  for (const { path, graph } of users.map(read)) {
    const kept = allContextSources(graph).find((each) => isPlain(each) && file.matcher.matches(each.path).ignored);
    if (kept)
      return `As it is it would keep ${kept.path} out, which ${path} line ${kept.step.instruction.line + 1} needs.`;
  }
  return undefined;
}

const isRoot = ({ path }: ReadPlace): boolean => /(^|\/)\.dockerignore$/.test(path);

/** The patterns may have been meant for another folder: somebody should look. */
const move = (place: ReadPlace, folder: string): Fix => ({
  title: isRoot(place) ? `Move it to ${folder}` : `Rename it to ${place.path}`,
  applicability: 'suggestion',
  edits: [],
  moveTo: place.path,
});

function reportElsewhere(context: IgnoreContext, misplaced: Elsewhere): Omit<Report, 'span'> {
  const { dockerfile, context: name, taken, places } = misplaced;
  const folder = name || 'the top folder';
  const why = `No build reads this file: ${dockerfile} is built in ${folder}, and BuildKit looks for .dockerignore at the root of the build context.`;
  if (taken) return { message: `${why} There is one already. Move what is missing there, and delete this one.` };
  const message = `${why} Move it there, or call it ${dockerfile}.dockerignore; its patterns start at that root in either case.`;
  if (context.file.errors.length > 0) return { message };
  const broken = places.flatMap((place) => breaks(context, place) ?? []);
  const fixes = places.filter((place) => !breaks(context, place)).map((place) => move(place, folder));
  return { message: [message, ...broken.slice(0, 1)].join(' '), fixes };
}

function report(context: IgnoreContext): Omit<Report, 'span'> | undefined {
  const { misplaced } = context.facts;
  switch (misplaced?.kind) {
    case 'shadowed':
      return {
        message: `No build reads this file: ${listing(misplaced.by)} ${misplaced.by.length === 1 ? 'takes' : 'take'} its place, and BuildKit never reads both. Move what is missing there, and delete this one.`,
      };
    case 'elsewhere':
      return reportElsewhere(context, misplaced);
    case 'orphan':
      return {
        message: `No build reads this file: there is no ${misplaced.dockerfile} beside it, and its name makes it the ignore file of that one alone.`,
      };
    default:
      return undefined;
  }
}

export const misplacedDockerignore: Rule = {
  id: 'misplaced-dockerignore',
  severity: 'warning',
  category: 'context',
  docs: {
    summary: 'No build reads this ignore file',
    why: `BuildKit reads one ignore file per build: \`<Dockerfile>.dockerignore\` beside the Dockerfile where there is one, else \`.dockerignore\` at the root of the build context. A \`.dockerignore\` beside a Dockerfile that is built
from a folder above (\`docker build -f docker/Dockerfile .\`) is never read, and neither is one beside which every Dockerfile has its own. Whoever edits it changes nothing.`,
    fix: `Moves the file to the root of the build context, or gives it the name that makes it count for the Dockerfile beside it. The patterns are relative to that root wherever the file lies: whoever meant another folder has to mend them, so
somebody should look, and the command line moves it with \`--fix=all\` alone. There is no fix where an ignore file lies there already, where the patterns would keep out what a Dockerfile copies by name, and for symbolic links. Nothing is ever overwritten.`,
    ignore: 'When a build that is not seen here uses it.',
    bad: {
      ignoreFile: '.git\n',
      files: { Dockerfile: 'FROM alpine:3.22\nCOPY . .\n', 'Dockerfile.dockerignore': '.git\ntests\n' },
    },
    good: { ignoreFile: '.git\n', files: { Dockerfile: 'FROM alpine:3.22\nCOPY . .\n' } },
    references: ['https://docs.docker.com/build/concepts/context/#filename-and-location'],
  },
  *checkIgnore(context) {
    const found = report(context);
    const [first] = context.file.patterns;
    if (found && first) yield { span: first.span, ...found };
  },
};
