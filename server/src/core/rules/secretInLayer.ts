import type { Step } from '../build/graph.ts';
import type { Selection } from '../cache/model.ts';
import { absolute, imagePath } from '../cache/placement.ts';
import { isShipped } from '../cache/shipped.ts';
import { ignoreInContext } from '../fixes/ignoreInContext.ts';
import type { Fix } from '../fixes.ts';
import { listing } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import type { Span } from '../syntax/span.ts';

/** Files that hold nothing but secrets, by their path. Public keys and what tests bring along are none. */
const secretFile =
  /(^|\/)(\.netrc|_netrc|\.pypirc|\.git-credentials|\.vault-token|id_(rsa|dsa|ecdsa|ed25519)|privkey\.pem|private[_-]?key\.pem|\.aws\/credentials|\.docker\/config\.json|\.kube\/config|\.ssh\/id_\w+|application_default_credentials\.json)$/;
const ofTests = /(^|\/)(tests?|__tests__|spec|fixtures?|testdata|examples?|samples?|e2e|mocks?|docs?)\//i;

/** Some hold settings as well: only what is written in them tells. `${TOKEN}` is not the token. */
const settingsFile = /(^|\/)\.npmrc$/;
const literalToken = /^\s*(\/\/\S+:)?_(authToken|auth|password)\s*=\s*["']?(?!\$\{)\S{8,}/m;

const environmentFile = /(^|\/)\.env(\.local)?$/;

type Kind = 'secret' | 'environment' | undefined;

/** Histories up to this size are whole: the host stops at a thousand commits, or at many megabytes. */
const fewCommits = 1000;
const fewPaths = 20_000;

/** Whether git has never seen the file; false where the history does not reach back to the beginning. */
function isUntracked({ history }: RuleContext['facts'], path: string): boolean {
  if (!history || history.commits.length === 0 || history.commits.length >= fewCommits) return false;
  const paths = history.commits.reduce((sum, commit) => sum + commit.length, 0);
  return paths < fewPaths && !history.commits.some((commit) => commit.includes(path));
}

/** An environment file that git knows is there for everybody to see. */
function kindOf({ facts }: RuleContext, path: string): Kind {
  const { context } = facts;
  const type = context?.get(path)?.type;
  if (ofTests.test(path) || type === 'directory' || type === 'symlink') return undefined;
  if (secretFile.test(path) || (settingsFile.test(path) && literalToken.test(context?.text(path) ?? '')))
    return 'secret';
  return environmentFile.test(path) && isUntracked(facts, path) ? 'environment' : undefined;
}

/** Files of a selection whose names are worth a look; a large one is searched once. */
const candidatesIn = perObject((selection: Selection): readonly string[] =>
  selection.files.filter((path) => secretFile.test(path) || settingsFile.test(path) || environmentFile.test(path)),
);

const where = ({ graph }: RuleContext, { stage }: Step, several = false): string =>
  isShipped(graph, stage)
    ? `everybody who has the image can read ${several ? 'them' : 'it'}, even where a later step removes ${several ? 'them' : 'it'}`
    : `${several ? 'they stay' : 'it stays'} in the build cache, and in the cache that is exported with mode=max`;

const severity = ({ graph }: RuleContext, { stage }: Step, isCertain: boolean): 'warning' | 'information' =>
  isCertain && isShipped(graph, stage) ? 'warning' : 'information';

function ofCopy(context: RuleContext, step: Step): Report | undefined {
  const { copy, instruction } = step;
  if (!copy || copy.from) return undefined;
  const { model, facts } = context;
  const selection = model.selection(step);
  const files = selection.known
    ? candidatesIn(selection)
    : copy.sources.map(({ text }) => absolute(text).slice(1)).filter((path) => secretFile.test(path));
  const secrets = files.filter((path) => kindOf(context, path) !== undefined);
  const [first] = secrets;
  if (first === undefined) return undefined;
  const named = copy.sources.find(({ text }) => absolute(text).slice(1) === first);
  const target = imagePath(step, first, facts.context) ?? `/run/secrets/${baseName(first)}`;
  const several = secrets.length > 1;
  const fixes: Fix[] = named || !facts.context ? [] : [ignoreInContext(facts.context, secrets)];
  return {
    span: named?.word.span ?? instruction.span,
    severity: severity(
      context,
      step,
      secrets.some((path) => kindOf(context, path) === 'secret'),
    ),
    message: `${listing(secrets)} ${several ? 'go' : 'goes'} into a layer: ${where(context, step, several)}. ${
      named
        ? `Mount it where it is needed: RUN --mount=type=secret,id=${idOf(first)},target=${target}.`
        : `Keep ${several ? 'them' : 'it'} out of the build context, and mount ${several ? 'each' : 'it'} where it is needed with RUN --mount=type=secret.`
    }`,
    fixes,
  };
}

const idOf = (path: string): string => baseName(path).replace(/^[._]+/, '');

const tokenVariable = /\$\{?\w*(TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|AUTH)\w*\}?/i;
const secretTarget = /(^|\/)(\.npmrc|\.netrc|\.pypirc|\.git-credentials|credentials|settings\.xml|auth\.json)$/;

/** The file into which a command writes a token. */
function writes({ redirects, words }: ShellCommand): { readonly path: string; readonly span: Span } | undefined {
  const text = words.map((word) => word.text).join(' ');
  const redirect = redirects.find(
    ({ operator, target }) =>
      /^\d?>{1,2}$/.test(operator) && target && secretTarget.test(target.text.replace(/["']/g, '')),
  );
  if (redirect?.target && tokenVariable.test(text))
    return { path: baseName(redirect.target.text.replace(/["']/g, '')), span: redirect.target.span };
  const program = words[0]?.value;
  const configures =
    (program === 'npm' && /^npm (config )?set .*_(authToken|auth|password)/.test(text)) ||
    (program === 'git' && /^git config --(global|system) .*insteadOf/i.test(text));
  const [start, end] = [words[0]?.span.start, words.at(-1)?.span.end];
  if (!configures || !tokenVariable.test(text) || start === undefined || end === undefined) return undefined;
  return { path: program === 'npm' ? '.npmrc' : '.gitconfig', span: { start, end } };
}

/** A token that a RUN writes into a file and leaves there. */
function ofRun(context: RuleContext, step: Step): Report | undefined {
  const commands = step.script?.commands ?? [];
  const written = commands.map(writes).find((each) => each !== undefined);
  if (!written) return undefined;
  const isRemoved = commands.some(
    ({ words }) =>
      /^(rm|shred|npm|git|unset)$/.test(words[0]?.value ?? '') &&
      words.some(({ text }) => text.includes(written.path) || /^(delete|--unset(-all)?|--remove-section)$/.test(text)),
  );
  if (isRemoved || step.mounts.some(({ target }) => target?.endsWith(`/${written.path}`))) return undefined;
  return {
    span: written.span,
    severity: severity(context, step, true),
    message: `The token is written into ${written.path}, and with it into a layer: ${where(context, step)}. Mount a file that holds it instead, with RUN --mount=type=secret, or remove it in the same RUN.`,
  };
}

export const secretInLayer: Rule = {
  id: 'secret-in-layer',
  severity: 'warning',
  category: 'layers',
  docs: {
    summary: 'A file with credentials goes into a layer',
    why: `What a \`COPY\` or \`RUN\` puts into a layer stays in it: a later \`rm\` only hides it. \`.netrc\`, \`.pypirc\`, private keys, cloud credentials or an \`.npmrc\` with a token can be read by everybody who has the image, or the
exported build cache. A renewed token is also a changed file, which runs everything behind the \`COPY\` again; the content of a secret mount is part of no key.

An \`.npmrc\` is reported only when it is known to hold a token (\`\${NPM_TOKEN}\` is none), a \`.env\` only when git does not know it. Files of tests and examples are left alone. In stages that do not ship it is an
information.`,
    fix: 'Where a broad `COPY` brings the file, adds it to the ignore file: a suggestion, as the build may read it. Where it is copied by name there is none: the message shows the secret mount that takes its place.',
    ignore: 'When the file holds no secret.',
    bad: {
      dockerfile:
        'FROM python:3.13\nWORKDIR /app\nCOPY .netrc /root/.netrc\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n',
      files: { '.netrc': 'machine example.com login me password secret\n', 'requirements.txt': 'flask==3.1.0\n' },
    },
    good: {
      dockerfile:
        'FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=netrc,target=/root/.netrc pip install -r requirements.txt\n',
      files: { '.netrc': 'machine example.com login me password secret\n', 'requirements.txt': 'flask==3.1.0\n' },
    },
    references: [
      'https://docs.docker.com/build/building/secrets/',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypesecret',
    ],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps) {
      const found = step.fromOnbuild ? undefined : (ofCopy(context, step) ?? ofRun(context, step));
      if (found) yield found;
    }
  },
};
