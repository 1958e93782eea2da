import type { Step } from '../build/graph.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import { listing } from '../prose.ts';
import type { Report, Rule } from '../rule.ts';
import type { ShellWord } from '../syntax/shell.ts';

/** How a version is written behind a package's name, and an example of it. */
const versions: Readonly<Record<string, readonly [RegExp, string]>> = {
  apt: [/[=/]/, 'curl=8.14.1-2'],
  apk: [/[=~<>@]/, 'curl=8.14.1-r1'],
  dnf: [/-\d|[<>=]|^@/, 'curl-8.11.1'],
  zypper: [/[<>=]|-\d/, 'curl=8.14.1'],
  pacman: [/[<>=]/, 'curl=8.15.0'],
};

const installs = /^(install|add|in)$/;

/** Names without a version; files, groups, removals and what the shell makes are not looked at. */
const unpinned = ({ manager, call }: Invocation, version: RegExp): ShellWord[] =>
  (manager.packages?.(call) ?? []).filter(
    ({ value }) =>
      value !== undefined &&
      /^[a-z0-9][\w.+:-]*$/i.test(value) &&
      !version.test(value) &&
      !/\.(deb|rpm|apk)$|[-+]$/.test(value),
  );

function report(invocation: Invocation): Report | undefined {
  const { manager, call, action } = invocation;
  const [version, example] = (Object.hasOwn(versions, manager.id) && versions[manager.id]) || [];
  const isInstall =
    action === 'install' && (manager.id === 'pacman' || call.args.some(({ value }) => installs.test(value ?? '')));
  if (!version || !isInstall) return undefined;
  const names = unpinned(invocation, version);
  const [first] = names;
  if (!first) return undefined;
  return {
    span: first.span,
    message: `${listing(
      names.map(({ text }) => text),
      3,
    )} ${names.length > 1 ? 'have' : 'has'} no version: what is installed depends on the day on which this step runs, and the cache keeps it until then. Name the versions (${example}), or pin the base image by its digest.`,
    related: names.slice(1).map(({ span }) => ({ span, message: 'No version either.' })),
  };
}

const reports = (step: Step): Report[] => invocationsOf(step).flatMap((invocation) => report(invocation) ?? []);

export const unpinnedPackages: Rule = {
  id: 'unpinned-packages',
  severity: 'off',
  category: 'layers',
  hadolint: ['DL3008', 'DL3018', 'DL3033', 'DL3037', 'DL3041'],
  docs: {
    summary: 'System packages are installed without a version',
    why: `A \`RUN\` is keyed by its text and not by what it downloads: a package without a version is whatever the distribution offered when the step ran last, and stays until something else runs it again. Two builders may hold different ones.

The rule is off by default. Distributions remove old versions from their mirrors, so that a pinned version breaks the build on the day of the next security update. Switch it on where packages come from a mirror that keeps them.`,
    fix: 'None: which version you want is not in the Dockerfile.',
    ignore: 'When the base image is pinned by its digest and its packages come from a snapshot.',
    bad: {
      dockerfile:
        'FROM alpine:3.22\nRUN --mount=type=cache,target=/etc/apk/cache,sharing=locked apk add --update-cache curl\n',
    },
    good: {
      dockerfile:
        'FROM alpine:3.22\nRUN --mount=type=cache,target=/etc/apk/cache,sharing=locked apk add --update-cache curl=8.14.1-r1\n',
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
      'https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper#Holding_a_specific_package_back',
    ],
  },
  *checkStage(_, stage) {
    for (const step of stage.steps) if (step.keyword === 'RUN' && !step.fromOnbuild) yield* reports(step);
  },
};
