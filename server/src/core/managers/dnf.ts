import { type Arguments, parseArgs, syntax, wordBefore } from './args.ts';
import { commandDefeater } from './defeaters.ts';
import { baseImage } from './images.ts';
import type { Action, CacheLocation, Call, Companion, Defeater, Manager } from './manager.ts';
import { fileOperand } from './operands.ts';

const options = syntax(
  '-c --config -d --debuglevel -e --errorlevel -R --randomwait -x --exclude --excludepkgs --installroot --releasever --enablerepo --disablerepo --repo --repoid --setopt --forcearch --comment --disableplugin --enableplugin --advisory --repofrompath',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

const installs =
  /^(install|reinstall|upgrade|update|up|upgrade-minimal|update-minimal|downgrade|distro-sync|distrosync|dsync|localinstall|groupinstall|builddep|swap|in)$/;

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  const second = operands[1]?.value ?? '';
  if (installs.test(subcommand)) return 'install';
  if (/^(group|groups|module|environment)$/.test(subcommand))
    return /^(install|upgrade|update)$/.test(second) ? 'install' : undefined;
  if (subcommand === 'makecache' || subcommand === 'check-update' || subcommand === 'check-upgrade') return 'index';
  if (subcommand === 'download') return 'fetch';
  return subcommand === 'clean' ? 'clean' : undefined;
}

const kind = { class: 'A', sharing: 'locked' } as const;

/** Fedora 41 and later call dnf 5 by the name of dnf (fedoraproject.org/wiki/Changes/SwitchToDnf5). */
function isDnf5(call: Call): boolean {
  const { repository = '', tag } = baseImage(call.step.stage);
  if (call.program === 'dnf5') return true;
  const isFedora = /(^|\/)fedora(-minimal|-toolbox)?$/.test(repository);
  // quay.io/fedora/s2i-core:42 is counted like Fedora itself.
  const isCounted = isFedora || /(^|\/)fedora\//.test(repository);
  return (isFedora && /^(latest|rawhide|)$/.test(tag)) || (isCounted && Number.parseInt(tag, 10) >= 41);
}

/** Where `yum` is the old one, in Python 2; later images have dnf by this name. */
const oldYum =
  /^(.*\/)?((centos|oraclelinux|rhel|scientificlinux\/sl):(centos)?[5-7](?!\d)|rhel[67]\b|ubi7\b|amazonlinux:(1|2|2017|2018)(\.|$))/;
const dnfAsYum =
  /^(fedora|rockylinux|almalinux|amazonlinux|centos|oraclelinux|.*\/(rockylinux|almalinux|fedora|centos|ubi\d+|ubi))(:|$)/;

function location(call: Call): CacheLocation {
  if (argsOf(call).has('--installroot'))
    return { path: undefined, reason: 'With --installroot the cache lies elsewhere.', ...kind };
  if (isDnf5(call)) return { path: '/var/cache/libdnf5', ...kind };
  if (call.program !== 'yum')
    return { path: call.program === 'microdnf' ? '/var/cache/yum' : '/var/cache/dnf', ...kind };
  const { repository = '', tag } = baseImage(call.step.stage);
  const image = `${repository}:${tag}`;
  if (oldYum.test(image)) return { path: '/var/cache/yum', ...kind };
  if (dnfAsYum.test(image) || /\/ubi[89]\b/.test(repository)) return { path: '/var/cache/dnf', ...kind };
  return {
    path: undefined,
    reason: `Whether yum is dnf in the image ${repository || 'of this stage'}, which keeps its cache elsewhere, is not known.`,
    ...kind,
  };
}

const keepcache = (args: Arguments): string | undefined =>
  args
    .all('--setopt')
    .map(({ value }) => /^(?:main\.)?keepcache=(.*)$/.exec(value ?? '')?.[1])
    .findLast((value) => value !== undefined);

const isOn = (value: string | undefined): boolean => value !== undefined && /^(1|true|yes|on)$/i.test(value);

/** Source: dnf.conf(5), keepcache: false by default. */
function companions(call: Call): Companion[] {
  const args = argsOf(call);
  if (action(call) !== 'install' || keepcache(args) !== undefined) return [];
  return [
    {
      kind: 'words',
      text: ' --setopt=keepcache=1',
      at: wordBefore(call).span.end,
      why: `${call.program} deletes what it has downloaded after a successful install.`,
    },
  ];
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  const args = argsOf(call);
  const value = keepcache(args);
  const option = args.all('--setopt').findLast((each) => each.value?.includes('keepcache='));
  return value !== undefined && !isOn(value) && option
    ? [{ span: option.span, what: option.word.text, kind: 'words' }]
    : [];
}

/** System packages of Fedora, RHEL and their kin: dnf 4 and 5, microdnf, yum. */
export const dnf: Manager = {
  id: 'dnf',
  title: 'dnf',
  programs: ['dnf', 'dnf5', 'microdnf', 'yum'],
  action,
  caches: (call) => [location(call)],
  defeaters,
  companions,
  kept: ['/var/cache/dnf', '/var/cache/yum', '/var/cache/libdnf5'],
  packages: (call) => argsOf(call).operands.slice(1),
  obstacle: (call) => fileOperand(call, argsOf(call).operands.slice(1)),
  manifests: [],
};
