import { ancestors, type Step } from '../build/graph.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import { type Arguments, parseArgs, syntax, wordBefore } from './args.ts';
import { commandDefeater } from './defeaters.ts';
import { baseImage } from './images.ts';
import type { Action, CacheLocation, Call, Companion, Defeater, Manager } from './manager.ts';
import { fileOperand } from './operands.ts';

const options = syntax(
  '-o --option -c --config-file -t --target-release --default-release -a --host-architecture',
  true,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

const actions: Readonly<Record<string, Action>> = {
  install: 'install',
  reinstall: 'install',
  upgrade: 'install',
  'safe-upgrade': 'install',
  'full-upgrade': 'install',
  'dist-upgrade': 'install',
  'build-dep': 'install',
  download: 'fetch',
  source: 'fetch',
  update: 'index',
  clean: 'clean',
  distclean: 'clean',
  'dist-clean': 'clean',
};

function action(call: Call): Action | undefined {
  const { subcommand } = argsOf(call);
  return Object.hasOwn(actions, subcommand) ? actions[subcommand] : undefined;
}

/** Whether an install refreshes the package lists by itself: `apt-get install --update` (apt-get(8), since apt 2.9). */
export const updatesLists = (call: Call): boolean => argsOf(call).has('--update') || argsOf(call).has('-U');

const kind = { class: 'A', sharing: 'locked' } as const;

/** Archives and lists; `clean` leaves the lists alone, `autoclean` all that can still be downloaded. Source: Docker's reference of `RUN --mount=type=cache`, example for apt. */
const archives: CacheLocation = { path: '/var/cache/apt', ...kind };
const locations: readonly CacheLocation[] = [archives, { path: '/var/lib/apt', ...kind }];

const dockerClean = '/etc/apt/apt.conf.d/docker-clean';

/** Images that are not made of Debian or Ubuntu, so that they have no docker-clean. */
const withoutDockerClean = /^(alpine|busybox|fedora|rockylinux|almalinux|amazonlinux|centos|archlinux)$/;

const removesDockerClean = ({ words }: ShellCommand): boolean =>
  words.some(({ value }) => /^(rm|mv|unlink)$/.test(value ?? '')) &&
  words.some(({ text }) => text.includes('docker-clean') || /^\/etc\/apt\/apt\.conf\.d(\/\*?)?$/.test(text));

/** Whether the file that deletes every archive after an install may still be there. */
function mayHaveDockerClean({ step, command }: Call): boolean {
  if (withoutDockerClean.test(baseImage(step.stage).repository ?? '')) return false;
  const isBefore = (each: Step, other: ShellCommand): boolean => each !== step || other.span.start < command.span.start;
  const removes = [...ancestors(step), step].some((each) =>
    each.script?.commands.some((other) => other.unconditional && isBefore(each, other) && removesDockerClean(other)),
  );
  return !removes;
}

/** Whether an earlier command of the RUN installs as well: what a mount needs comes once. */
const isRepeated = ({ step, command }: Call): boolean =>
  (step.script?.commands ?? []).some(
    ({ words, span }) =>
      span.start < command.span.start &&
      // What xargs starts is no call that anything could stand before.
      words[0]?.value !== 'xargs' &&
      words.some(({ value }) => value === 'install') &&
      words.some(({ value }) => isApt(value)),
  );

/** A command above that runs apt itself, with docker-clean's hooks: `curl … | bash` of a package source, `add-apt-repository`. */
function runsApt({ step, command }: Call): ShellCommand | undefined {
  const commands = step.script?.commands ?? [];
  const at = commands.findIndex(({ words, connector, span }) =>
    span.start < command.span.start && connector?.operator === '|'
      ? words.some(({ value }) => /^(ba|da)?sh$/.test(value ?? ''))
      : span.start < command.span.start && words.some(({ value }) => value === 'add-apt-repository'),
  );
  let first = at;
  while (commands[first]?.connector?.operator === '|') first--;
  const found = commands[first];
  return found?.unconditional && found.within.length === 0 ? found : undefined;
}

const isApt = (program: string | undefined): boolean => /^(apt|apt-get|aptitude)$/.test(program ?? '');

/** `apt` (not `apt-get`) deletes what it downloaded unless it is told to keep it (apt.conf, Binary::apt). */
function companions(call: Call): Companion[] {
  if (action(call) !== 'install') return [];
  const found: Companion[] = [];
  if (mayHaveDockerClean(call) && !isRepeated(call))
    found.push({
      kind: 'command',
      text: `rm -f ${dockerClean}`,
      before: runsApt(call),
      why: `${dockerClean} of the Debian and Ubuntu images deletes the downloaded packages after each install.`,
    });
  if (call.program === 'apt' && !call.args.some(({ text }) => text.includes('Keep-Downloaded-Packages')))
    found.push({
      kind: 'words',
      text: ' -o APT::Keep-Downloaded-Packages=true',
      at: wordBefore(call).span.end,
      why: '`apt` deletes what it has downloaded, unlike `apt-get`.',
    });
  return found;
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  const flag = argsOf(call).options.find(({ value, name }) =>
    /Keep-Downloaded-Packages=(false|0|no)/i.test(`${name}=${value ?? ''}`),
  );
  return flag ? [{ span: flag.span, what: flag.word.text, kind: 'words' }] : [];
}

/** System packages of Debian and Ubuntu. They read nothing of the project, local `.deb` files aside. */
export const apt: Manager = {
  id: 'apt',
  title: 'apt',
  programs: ['apt-get', 'apt', 'aptitude', 'apt-fast', 'xx-apt-get', 'xx-apt'],
  action,
  caches: (call) => (argsOf(call).subcommand === 'clean' ? [archives] : locations),
  defeaters,
  companions,
  packages: (call) => argsOf(call).operands.slice(1),
  obstacle: (call) => fileOperand(call, argsOf(call).operands.slice(1)),
  kept: ['/var/cache/apt', '/var/lib/apt'],
  manifests: [],
};
