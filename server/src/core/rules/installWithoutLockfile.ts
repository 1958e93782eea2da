import { ancestors, type CopySource, type Step } from '../build/graph.ts';
import { absolute, destinationOf, imagePath, join, within } from '../cache/placement.ts';
import { projectOf } from '../fixes/project.ts';
import type { Edit, Fix } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation, LockUse, Project } from '../managers/manager.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { baseName } from '../syntax/path.ts';

/** Whether another stage takes the lock file from this one: it is built to write it anew. */
const isLockTaken = ({ graph }: RuleContext, { stage }: Step, file: string): boolean =>
  graph.stages.some(({ steps }) =>
    steps.some(
      ({ copy }) =>
        copy?.from?.kind === 'stage' &&
        copy.from.stage === stage &&
        copy.sources.some(({ text }) => baseName(text) === baseName(file)),
    ),
  );

const insert = (offset: number, newText: string): Edit => ({ span: { start: offset, end: offset }, newText });

/** Whether the lock file is in the image, or in a mount, when the call runs; undefined where another stage may have brought it. */
function isThere({ model }: RuleContext, { call }: Invocation, file: string): boolean | undefined {
  const before = [...ancestors(call.step), call.step];
  if (before.some((step) => model.selection(step).has(file))) return true;
  const mayBring = (step: Step): boolean =>
    step.copy?.from !== undefined && within(destinationOf(step) ?? '', call.cwd ?? '/') !== undefined;
  return before.some(mayBring) ? undefined : false;
}

/**
 * Whether the manifest that the call reads is the one beside the lock file: a COPY puts it where the call runs. A generated manifest may ask for
 * what the lock file does not hold.
 */
function isOwnManifest(
  { model, facts }: RuleContext,
  { manager, call }: Invocation,
  project: Project,
  file: string,
): boolean {
  if (model.selection(call.step).has(file)) return true;
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  const below = within(folder, project.directory);
  if (below === undefined || call.cwd === undefined) return false;
  const root = below === '' ? call.cwd : call.cwd.slice(0, -below.length - 1);
  const inputs = manager.inputs?.(call, project.directory, project.context).files ?? [];
  const beside = inputs.filter((path) => path !== file && join(folder, baseName(path)) === path);
  return [...ancestors(call.step)].some((step) =>
    beside.some((path) => imagePath(step, path, facts.context) === join(root, baseName(path))),
  );
}

/**
 * The words of the locked form in place of the subcommand, or behind it: `npm install` → `npm ci`; a variable of its own before the program:
 * `bundle install with BUNDLE_FROZEN=true`. Undefined where the call is of another kind.
 */
function lockedEdits({ call: { command, program, args } }: Invocation, form: string): Edit[] | undefined {
  const [written = '', variable] = form.split(' with ');
  const [name, subcommand, ...flags] = written.split(' ');
  if (name !== program || subcommand === undefined || args.some(({ value }) => value === undefined)) return undefined;
  const [first, ...rest] = args;
  const own = command.words.findLast(({ span }) => span.end <= (first?.span.start ?? Number.POSITIVE_INFINITY));
  if (!own || command.within.includes('exec form')) return undefined;
  if (variable !== undefined) return command.words[0] === own ? [insert(own.span.start, `${variable} `)] : undefined;
  if (rest.some(({ text }) => !text.startsWith('-'))) return undefined;
  const isOther = first !== undefined && !first.text.startsWith('-') && first.text !== subcommand;
  if (isOther && !understands(program, rest)) return [];
  const added = flags.map((flag) => ` ${flag}`).join('');
  if (!first || first.text.startsWith('-')) return [insert(own.span.end, ` ${subcommand}${added}`)];
  return [{ span: first.span, newText: subcommand + added }];
}

const sharedFlags =
  /^(-[nqov]+|--(no-(dev|scripts|autoloader|interaction|progress|plugins|ansi|self|editable|isolation)|prefer-(dist|source)|optimize-autoloader|classmap-authoritative|quiet|verbose|system|dev|prod|production|ignore-platform-reqs?(=.*)?))$/;

/** Whether another subcommand does the same but for the lock file, with flags that it knows. `poetry lock` installs nothing. */
const understands = (program: string, flags: Invocation['call']['args']): boolean =>
  /^(npm|bun|pnpm|yarn)$/.test(program) ||
  (/^(composer|pdm|pipenv)$/.test(program) && flags.every(({ text }) => sharedFlags.test(text)));

/** Calls that take all they need from what an earlier one fetched by the lock file. */
const prefersOffline = ({ call }: Invocation): boolean =>
  call.args.some(({ text }) => /^--(prefer-)?offline$/.test(text));

const isFolder = (destination: string): boolean => /(\/|^\.{1,2}|\/\.{1,2})$/.test(destination);

/** A file of the lock file's own folder that a COPY names, so that the lock file can go beside it. */
function neighbour(step: Step, file: string): CopySource | undefined {
  const folder = file.slice(0, file.length - baseName(file).length);
  for (const { copy, instruction, fromOnbuild, stage } of [...ancestors(step)].reverse()) {
    const last = instruction.args.at(-1)?.text ?? '';
    if (!copy || copy.from || fromOnbuild || stage !== step.stage || instruction.form === 'exec' || !isFolder(last))
      continue;
    const found = copy.sources.find(({ text }) => {
      const path = absolute(text).slice(1);
      return !/[*?[]/.test(path) && folder + baseName(path) === path;
    });
    if (found) return found;
  }
  return undefined;
}

function fix(invocation: Invocation, { form }: LockUse, missing: string | undefined): Fix[] {
  const locked = form === undefined ? undefined : lockedEdits(invocation, form);
  const source = missing === undefined ? undefined : neighbour(invocation.call.step, missing);
  if (missing !== undefined && (!source || /[\s"'$\\]/.test(missing))) return [];
  const copy = source && missing ? [insert(source.word.span.end, ` ${missing}`)] : [];
  const edits = [...copy, ...(locked ?? [])];
  if (edits.length === 0) return [];
  const titles = [
    copy.length > 0 && `Copy ${missing} along`,
    edits.length > copy.length && `${copy.length > 0 ? 'use' : 'Use'} ${form}`,
  ];
  return [{ title: titles.filter(Boolean).join(' and '), applicability: 'suggestion', edits }];
}

function report(context: RuleContext, invocation: Invocation): Report | undefined {
  const { manager, call, action } = invocation;
  const files = context.facts.context;
  if (!files || action !== 'install' || manager.isLocked?.(call) !== false || prefersOffline(invocation))
    return undefined;
  const project = projectOf(invocation.call, files);
  const use = project && manager.lock?.(call, project);
  if (!project || !use?.file || !isOwnManifest(context, invocation, project, use.file)) return undefined;
  if (isLockTaken(context, call.step, use.file)) return undefined;
  const there = isThere(context, invocation, use.file);
  const isKnown = use.form !== undefined && lockedEdits(invocation, use.form) !== undefined;
  if (there === undefined || (there && !isKnown)) return undefined;
  const written = [call.program, call.args[0]?.text].filter((word) => word && !word.startsWith('-')).join(' ');
  return {
    span: call.command.span,
    message: there
      ? `\`${written}\` may resolve versions anew and rewrite ${use.file}: the cached layer then holds what was newest when it was built, and another builder gets something else. \`${use.form?.replace(' with ', '` with `')}\` follows the lock file, or fails.`
      : `${use.file} is in the build context, but no COPY brings it before \`${written}\`: versions are resolved anew whenever this step runs, and the cached layer keeps them until something above changes. Copy the lock file along.`,
    fixes: fix(invocation, use, there ? undefined : use.file),
  };
}

export const installWithoutLockfile: Rule = {
  id: 'install-without-lockfile',
  severity: 'information',
  category: 'layers',
  docs: {
    summary: 'An install may resolve versions anew although the project has a lock file',
    why: `A \`RUN\` is cached by its text and what is before it, not by what the registry offers today. An install that resolves versions itself gives another result on each builder and after each cache miss,
and the same old one as long as the cache holds. The lock file makes the result depend on nothing but files that are part of the key: when it is copied, and when the install is told to follow it.

Reported are installs that may rewrite the lock file, and those before which the lock file of the project is not copied. Projects without a lock file are left alone.`,
    fix: `Uses the form that follows the lock file or fails (\`npm ci\`, \`yarn install --immutable\`, \`uv sync --locked\`), and copies the lock file beside the manifest. A suggestion: other versions than today may be
installed, and an outdated lock file fails the build.`,
    ignore: 'When the newest versions that the manifest allows are wanted in each build.',
    bad: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm install\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    references: [
      'https://docs.npmjs.com/cli/commands/npm-ci',
      'https://docs.docker.com/build/cache/invalidation/#run-instructions',
    ],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps)
      for (const invocation of step.keyword === 'RUN' && !step.fromOnbuild ? invocationsOf(step) : []) {
        const found = report(context, invocation);
        if (found) yield found;
      }
  },
};
