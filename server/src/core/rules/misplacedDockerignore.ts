import { listing } from '../prose.ts';
import type { IgnoreContext, Rule } from '../rule.ts';

function messageOf({ misplaced }: IgnoreContext['facts']): string | undefined {
  switch (misplaced?.kind) {
    case 'shadowed':
      return `No build reads this file: ${listing(misplaced.by)} ${misplaced.by.length === 1 ? 'takes' : 'take'} its place, and BuildKit never reads both. Move what is missing there, and delete this one.`;
    case 'elsewhere': {
      const folder = misplaced.context || 'the top folder';
      return `No build reads this file: ${misplaced.dockerfile} is built in ${folder}, and BuildKit looks for .dockerignore at the root of the build context. Move it there, or call it ${misplaced.dockerfile}.dockerignore; its patterns start at that root in either case.`;
    }
    case 'orphan':
      return `No build reads this file: there is no ${misplaced.dockerfile} beside it, and its name makes it the ignore file of that one alone.`;
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
    fix: 'None: files are moved by hand. The patterns are relative to the root of the build context wherever the file lies.',
    ignore: 'When a build that is not seen here uses it.',
    bad: {
      ignoreFile: '.git\n',
      files: { Dockerfile: 'FROM alpine:3.22\nCOPY . .\n', 'Dockerfile.dockerignore': '.git\ntests\n' },
    },
    good: { ignoreFile: '.git\n', files: { Dockerfile: 'FROM alpine:3.22\nCOPY . .\n' } },
    references: ['https://docs.docker.com/build/concepts/context/#filename-and-location'],
  },
  *checkIgnore({ file, facts }) {
    const message = messageOf(facts);
    const [first] = file.patterns;
    if (message && first) yield { span: first.span, message };
  },
};
