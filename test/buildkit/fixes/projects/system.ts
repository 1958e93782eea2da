import type { Project } from '../project.ts';

/** Projects of plain C, whose only dependencies come from the distribution. */
const system = (name: string, image: string, installs: readonly string[], more: Partial<Project> = {}): Project => ({
  name,
  image,
  files: { 'src/main.c': 'main\n', 'src/main.h': 'main\n', Makefile: 'all:\n\tgcc -o app\n' },
  installs,
  build: 'gcc -o /out/app src/main.c',
  source: 'src/main.c',
  output: '/out/app',
  ...more,
});

const apt = 'apt-get update && apt-get install -y --no-install-recommends';

export const systemProjects: readonly Project[] = [
  system(
    'apt',
    'debian:12',
    [
      `${apt} gcc libc6-dev`,
      `${apt} gcc && rm -rf /var/lib/apt/lists/*`,
      `${apt} gcc && apt-get clean && rm -rf /var/lib/apt/lists/*`,
    ],
    {
      mounts: [
        'type=cache,target=/var/cache/apt',
        'type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked',
        'type=cache,target=/var/lib/apt/lists',
      ],
      cleanup: 'rm -rf /var/lib/apt/lists/*',
    },
  ),
  system('apt of Ubuntu', 'ubuntu:24.04', ['apt update && apt install -y gcc make', `${apt} gcc=4:13 make`]),
  system(
    'apk',
    'alpine:3.21',
    ['apk add --no-cache gcc musl-dev', 'apk add gcc', 'apk update && apk add gcc', 'apk add --update --no-cache gcc'],
    {
      mounts: [
        'type=cache,target=/etc/apk/cache',
        'type=cache,target=/var/cache/apk',
        'type=cache,target=/etc/apk/cache,sharing=locked',
      ],
      cleanup: 'rm -rf /var/cache/apk/*',
    },
  ),
  system(
    'dnf',
    'fedora:41',
    ['dnf install -y gcc', 'dnf install -y gcc && dnf clean all', 'dnf -y --setopt=keepcache=1 install gcc'],
    {
      mounts: [
        'type=cache,target=/var/cache/dnf',
        'type=cache,target=/var/cache/libdnf5',
        'type=cache,target=/var/cache/dnf,sharing=locked',
      ],
      cleanup: 'dnf clean all',
    },
  ),
  system('microdnf', 'almalinux:9-minimal', [
    'microdnf install -y gcc',
    'microdnf install -y gcc && microdnf clean all',
  ]),
  system('yum', 'amazonlinux:2', ['yum install -y gcc', 'yum install -y gcc && yum clean all']),
  system(
    'zypper',
    'opensuse/leap:15.6',
    ['zypper refresh && zypper install -y gcc', 'zypper --non-interactive install gcc && zypper clean'],
    { mounts: ['type=cache,target=/var/cache/zypp'] },
  ),
  system(
    'pacman',
    'archlinux:base',
    ['pacman -Sy --noconfirm gcc', 'pacman -Syu --noconfirm gcc && pacman -Scc --noconfirm'],
    { mounts: ['type=cache,target=/var/cache/pacman/pkg'] },
  ),
];
