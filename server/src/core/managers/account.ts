import { ancestors, type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import { parseArgs, syntax } from './args.ts';
import { baseImage, type KnownUser } from './images.ts';
import type { Call } from './manager.ts';
import { normalize } from './paths.ts';

/** The user a RUN runs as. */
export interface Account {
  readonly isRoot: boolean;
  /** As written, `root` where nothing set it and the image is not known to have another. */
  readonly name: string;
  /** Undefined where it is not known. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Undefined where it is not known; `reason` then says why, as a clause. */
  readonly home: string | undefined;
  readonly reason: string | undefined;
}

const root: Account = { isRoot: true, name: 'root', uid: 0, gid: 0, home: '/root', reason: undefined };

/** Who a step runs as: from USER, the users that earlier RUNs create, and the known users of the image. */
export const accountOf = perObject(compute);

function compute(step: Step): Account {
  const image = baseImage(step.stage);
  const [name = '', group] = (step.user || image.facts.user || '').split(':');
  if (name === '' && image.unknownUser) return unknown('', image.unknownUser);
  if (name === '' && !image.known && hasOwnUser(step.stage))
    return unknown('', `the image ${image.repository ?? 'of the stage'} seems to run as a user of its own`);
  if (name === '' || name === 'root' || name === '0') return root;
  const ofOtherImages = name === nodeUser.name ? [nodeUser] : [];
  const known = [...createdUsers(step), ...(image.facts.users ?? []), ...ofOtherImages].find((each) =>
    isSame(each, name),
  );
  if (!known) return unknown(name, `nothing says which home and number the user ${name} has`);
  return {
    isRoot: false,
    name,
    uid: known.uid,
    gid:
      group === undefined
        ? known.gid
        : /^\d+$/.test(group)
          ? Number(group)
          : group === known.name
            ? known.gid
            : undefined,
    home: known.home,
    reason: undefined,
  };
}

/** Commands that only root can run. */
const ofRoot =
  /^(apt|apt-get|dpkg|apk|dnf|microdnf|yum|zypper|pacman|useradd|adduser|usermod|groupadd|addgroup|chown|update-ca-certificates|locale-gen)$/;

/** Signs that an image nobody here knows does not run as root: a return to root, `sudo`, files given to a user that nothing makes or becomes. What only root can do says that it does. */
const hasOwnUser = perObject((stage: Stage): boolean => {
  const steps = [...stageAncestors(stage), ...stage.steps];
  const first = steps.find(({ keyword }) => keyword === 'USER')?.instruction.args[0]?.text;
  const ofImage = steps.filter(({ user }) => user === '');
  if (ofImage.some((step) => runs(step, ([program]) => ofRoot.test(baseName(program?.value ?? ''))))) return false;
  if (first !== undefined) return /^(root|0)(:|$)/.test(first) || ofImage.some(usesSudo);
  return ofImage.some((step) => usesSudo(step) || givesAway(step.copy?.chown, step));
});

const runs = ({ script }: Step, is: (words: readonly ShellWord[]) => boolean): boolean =>
  script?.commands.some(({ words }) => is(words)) ?? false;

/** As root one uses it to become somebody else. */
const usesSudo = (step: Step): boolean =>
  runs(
    step,
    ([program, ...args]) => program?.value === 'sudo' && !args.some(({ text }) => /^(-\w*u|--user)/.test(text)),
  );

function givesAway(chown: string | undefined, step: Step): boolean {
  const [owner = ''] = chown?.split(':') ?? [];
  return /^[a-z_][\w-]*$/.test(owner) && owner !== 'root' && !createdUsers(step).some(({ name }) => name === owner);
}

/** Images of which nothing is known have a user of this name because they are built from the node image. */
const nodeUser: KnownUser = { name: 'node', uid: 1000, gid: 1000, home: '/home/node' };

const unknown = (name: string, reason: string): Account => ({
  isRoot: false,
  name,
  uid: /^\d+$/.test(name) ? Number(name) : undefined,
  gid: undefined,
  home: undefined,
  reason,
});

type User = Omit<KnownUser, 'uid' | 'gid'> & { readonly uid: number | undefined; readonly gid: number | undefined };

const isSame = (user: User, written: string): boolean =>
  user.name === written ||
  (user.uid !== undefined && String(user.uid) === written) ||
  (user.variable !== undefined && written.replace(/^\$\{?|\}$/g, '') === user.variable && written.startsWith('$'));

/** Users that RUNs before a step create, the latest first. */
function createdUsers(step: Step): User[] {
  return [...ancestors(step)]
    .flatMap((each) => each.script?.commands ?? [])
    .map(createdUser)
    .filter((user) => user !== undefined)
    .reverse();
}

const options = syntax(
  '-u --uid -g --gid --ingroup -G --groups -d --home --home-dir -s --shell -c --comment --gecos -k --skel -b --base-dir -e -f -K -p',
  true,
);

/** `useradd -m -u 1001 app`, `adduser -D -h /app app`. */
function createdUser({ words }: ShellCommand): User | undefined {
  const program = baseName(words[0]?.value ?? '');
  if (program !== 'useradd' && program !== 'adduser') return undefined;
  const args = parseArgs(
    words.slice(1),
    program === 'adduser' ? { ...options, values: new Set([...options.values, '-h', '-G']) } : options,
  );
  const name = args.operands[0]?.value;
  if (name === undefined) return undefined;
  const numbered = (option: string | undefined): number | undefined =>
    option !== undefined && /^\d+$/.test(option) ? Number(option) : undefined;
  const home = args.find('-d', '--home', '--home-dir', ...(program === 'adduser' ? ['-h'] : []));
  const base = args.find('-b', '--base-dir')?.value ?? '/home';
  if (home && home.value === undefined) return undefined;
  return {
    name,
    uid: numbered(args.find('-u', '--uid')?.value),
    gid: numbered(args.find('-g', '--gid')?.value),
    home: normalize(home?.value ?? `${base}/${name}`),
  };
}

/** A variable as a call sees it. `known: false`: it is set, or may be, to something unknown. */
export type Setting = { readonly known: true; readonly value: string | undefined } | { readonly known: false };

/** Environment of the call, of its step, then of the image where that is known. An empty value counts as set. */
export function settingOf(call: Pick<Call, 'step' | 'env'>, name: string): Setting {
  if (call.env.has(name)) {
    const value = call.env.get(name);
    return value === undefined ? { known: false } : { known: true, value };
  }
  const variable = call.step.environment.lookup(name);
  if (variable && variable.origin !== 'image')
    return variable.value === undefined ? { known: false } : { known: true, value: variable.value };
  return { known: true, value: baseImage(call.step.stage).facts.env?.[name] };
}

/** The value of a variable, undefined where it is not set, empty or not known. */
export function variableOf(call: Call, name: string): string | undefined {
  const setting = settingOf(call, name);
  return setting.known && setting.value !== '' ? setting.value : undefined;
}

/** The home of a call's user: HOME where it is set, else the account's. */
export function homeOf(call: Pick<Call, 'step' | 'env'>): {
  readonly path: string | undefined;
  readonly reason: string | undefined;
} {
  const home = settingOf(call, 'HOME');
  if (!home.known) return { path: undefined, reason: 'the value of HOME is not known' };
  // A relative one is another folder wherever a command runs.
  if (home.value && !/^(\/|[A-Za-z]:)/.test(home.value))
    return { path: undefined, reason: 'the value of HOME is no absolute path' };
  if (home.value) return { path: normalize(home.value), reason: undefined };
  const account = accountOf(call.step);
  return { path: account.home, reason: account.reason };
}
