import { described, needlessIn } from '../fixes/ignore/plan.ts';
import { addIgnoreLines, ignorePath } from '../fixes/ignoreInContext.ts';
import { bytes, listing, named, plural } from '../prose.ts';
import type { Rule } from '../rule.ts';

const repository = Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`.git/objects/${at}`, 'object']));

export const ignorableContext: Rule = {
  id: 'ignorable-context',
  severity: 'warning',
  category: 'context',
  docs: {
    summary: '`.git`, installed dependencies, build output, caches or logs enter the build with a whole folder',
    why: `The ignore file lets in what nothing in the build reads. Every commit and every \`git fetch\` changes \`.git\`; every install, test run and build on the machine changes dependencies, caches and output. With \`COPY . .\` each of these
changes runs the step and all that follows again, and a \`node_modules\` of another platform overwrites the one that the image installed.

Reported is what really enters with a whole folder, is there now, and is not read: the Dockerfiles of the folder do not name it, dependencies and build output are made in the image itself, git ignores the rest or its name leaves no doubt,
and no tool derives a version from \`.git\`. It takes 20 files or 1 MB to be reported.`,
    fix: `Adds the patterns to the end of the ignore file: \`**/node_modules\` where all folders of that name are meant, paths otherwise. It is a suggestion, as an image that ships the folder holds these files no longer, and a script may read
them in a way that cannot be seen here.`,
    ignore: 'When a script reads them in a way that the message does not know of.',
    bad: {
      dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      files: { 'app.py': '', '.dockerignore': 'docs\n', ...repository },
    },
    good: {
      dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      files: { 'app.py': '', '.dockerignore': 'docs\n.git\n', ...repository },
    },
    references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  *check(rule) {
    const { model } = rule;
    const { context } = rule.facts;
    if (!context?.ignore) return;
    const found = needlessIn(rule, context);
    if (!found) return;
    const { copy, entering, files } = found;
    const patterns = entering.flatMap((each) => each.patterns);
    const follow = model.consequences(copy.step).runs.length;
    const size = `${plural(files, 'file')} (${bytes(found.bytes)})`;
    const file = ignorePath(context);
    yield {
      span: copy.span,
      message: `Through ${named(copy.step)}, ${context.truncated ? 'at least ' : ''}${size} ${found.files === 1 ? 'enters' : 'enter'} the build that no step is known to read: ${described(entering)}. A change of any of them runs ${follow > 0 ? `this step and ${plural(follow, 'step')} after it` : 'this step'} again. Name them in ${file}.`,
      fixes: [
        {
          title: `Add ${listing(patterns)} to ${file}: ${size} fewer in the build`,
          applicability: 'suggestion',
          edits: [addIgnoreLines(context, patterns)],
        },
      ],
    };
  },
};
