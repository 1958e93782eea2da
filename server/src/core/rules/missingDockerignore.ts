import { newIgnoreFile } from '../fixes/ignore/newIgnoreFile.ts';
import { described, needlessIn } from '../fixes/ignore/plan.ts';
import { addIgnoreLines } from '../fixes/ignoreInContext.ts';
import { bytes, named, plural } from '../prose.ts';
import type { Rule } from '../rule.ts';

/** A repository as a build gets it: the history of a few commits. */
const repository = Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`.git/objects/${at}`, 'object']));

export const missingDockerignore: Rule = {
  id: 'missing-dockerignore',
  severity: 'warning',
  category: 'context',
  docs: {
    summary: 'A whole folder is copied, there is no `.dockerignore`, and much that no step reads enters the build',
    why: `\`COPY . .\` brings everything that is in the build context. Without a \`.dockerignore\` that includes \`.git\`, which every commit, fetch and even \`git status\` changes, and what tools leave on the machine: dependencies that the
image installs itself, build output, caches, coverage reports, log files. All of it is sent to the builder and is part of the cache key: the steps from there on run again although no source has changed, and a \`node_modules\` of another platform
overwrites the one that the image installed.

It is reported where at least 20 files or 1 MB enter that nothing reads; the message names them with their sizes. A small example, or a folder that holds little but its sources, is left alone.`,
    fix: `Creates a \`.dockerignore\` for this folder from what is there and what \`.gitignore\` says will be. It names only what the Dockerfiles of this folder do not read:

- \`.git\`, unless a step or a tool asks it: \`git describe\` and the like in a \`RUN\`, a script or a Makefile, setuptools-scm, hatch-vcs, versioneer, vergen, \`go build\` without \`-buildvcs=false\`, \`dotnet publish\`. Then no file that git tracks is named either: the version would say that it was changed.
- dependencies and build output, where the image installs or builds them itself;
- caches, coverage reports, log files and virtual environments, as far as git ignores them or their name leaves no doubt;
- settings of editors and CI, Dockerfiles and compose files, where no manifest or script mentions them.

Never a README, documentation, tests or any other source. What any Dockerfile in the folder copies by name stays. It is a suggestion, as an image that ships the folder holds these files no longer.`,
    ignore: 'When the image is meant to hold the repository as it is.',
    bad: {
      dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      files: { 'app.py': '', ...repository },
    },
    good: {
      dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      files: { 'app.py': '', '.dockerignore': '.git\n', ...repository },
    },
    references: [
      'https://docs.docker.com/build/concepts/context/#dockerignore-files',
      'https://docs.docker.com/build/cache/optimize/#keep-the-context-small',
    ],
  },
  *check(rule) {
    const { model } = rule;
    const { context } = rule.facts;
    if (!context || context.ignore) return;
    const found = needlessIn(rule, context);
    if (!found) return;
    const { copy, entering, besides, files } = found;
    const follow = model.consequences(copy.step).runs.length;
    const size = `${plural(files, 'file')} (${bytes(found.bytes)})`;
    const more = context.truncated ? 'at least ' : '';
    yield {
      span: copy.span,
      message: `There is no .dockerignore: through ${named(copy.step)}, ${more}${size} ${found.files === 1 ? 'enters' : 'enter'} the build that no step is known to read: ${described(entering)}. A change of any of them runs ${follow > 0 ? `this step and ${plural(follow, 'step')} after it` : 'this step'} again.`,
      fixes: [
        {
          title: `Create .dockerignore: ${size} fewer in the build`,
          applicability: 'suggestion',
          edits: [addIgnoreLines(context, newIgnoreFile([...entering, ...besides]))],
        },
      ],
    };
  },
};
