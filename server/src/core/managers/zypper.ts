import { type Arguments, parseArgs, syntax } from './args.ts';
import { commandDefeater } from './defeaters.ts';
import type { Action, CacheLocation, Call, Companion, Manager } from './manager.ts';
import { fileOperand } from './operands.ts';

const options = syntax(
  '-R --root --installroot --releasever -c --config -D --reposd-dir -C --cache-dir -r --repo --from -t --type -p --plus-repo -x --xmlout',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand } = argsOf(call);
  if (/^(install|in|update|up|patch|dist-upgrade|dup|source-install|si|install-new-recommends|inr)$/.test(subcommand))
    return 'install';
  if (/^(refresh|ref|refresh-services|refs)$/.test(subcommand)) return 'index';
  return /^(clean|cc)$/.test(subcommand) ? 'clean' : undefined;
}

const locations: readonly CacheLocation[] = [{ path: '/var/cache/zypp', class: 'A', sharing: 'locked' }];

/** Repositories keep no packages unless they are told to (zypper(8), modifyrepo). */
const companions = (call: Call): Companion[] =>
  action(call) === 'install' &&
  !call.step.script?.commands.some(({ words }) => words.some(({ value }) => value === '--keep-packages'))
    ? [
        {
          kind: 'command',
          text: 'zypper modifyrepo --keep-packages --all',
          why: 'zypper deletes what it has downloaded unless the repository says to keep it.',
        },
      ]
    : [];

/** System packages of openSUSE and SLES. */
export const zypper: Manager = {
  id: 'zypper',
  title: 'zypper',
  programs: ['zypper'],
  action,
  caches: () => locations,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  companions,
  kept: ['/var/cache/zypp'],
  packages: (call) => argsOf(call).operands.slice(1),
  obstacle: (call) => fileOperand(call, argsOf(call).operands.slice(1)),
  manifests: [],
};
