import type { Random } from '../generate/random.ts';
import type { Project } from './project.ts';

/** One Dockerfile being made of a project: the choices that its parts have in common. */
export interface Draft {
  readonly random: Random;
  readonly project: Project;
  readonly workdir: string;
  /** The unprivileged user that installs and builds. */
  readonly user: string | undefined;
  /** Lines end with \r\n: no heredocs then, which would hand it to the shell. */
  readonly crlf: boolean;
}

/** Installs, builds and ships a project, in one of the many ways in which people do. */
export function generateDockerfile(random: Random, project: Project): string {
  const user = project.user !== undefined && random.chance(0.2) ? project.user : undefined;
  const workdir = user ? `/home/${user}/app` : random.pick(['/app', '/app', '/usr/src/app', '/srv/app/']);
  const draft: Draft = { random, project, workdir, user, crlf: random.chance(0.08) };
  const lines = [...header(draft), ...buildStage(draft), ...finalStage(draft)];
  const text = `${lines.join('\n')}${random.chance(0.05) ? '' : '\n'}`;
  const spelled = random.chance(0.05)
    ? text.replace(/^(FROM|RUN|COPY|WORKDIR) /gm, (word) => word.toLowerCase())
    : text;
  return draft.crlf ? spelled.replaceAll('\n', '\r\n') : spelled;
}

const maybe = <T>(random: Random, probability: number, make: () => T[]): T[] =>
  random.chance(probability) ? make() : [];

const header = ({ random }: Draft): string[] => [
  ...maybe(random, 0.1, () => ['# syntax=docker/dockerfile:1.7']),
  ...maybe(random, 0.15, () => ['# Builds the application.', '']),
];

function buildStage(draft: Draft): string[] {
  const { random, project } = draft;
  const [from, image] = imageLines(draft);
  const before = [...early(draft), ...settings(draft), ...packages(draft)];
  const place = placeLines(draft);
  const own = [copy(draft), ...maybe(random, 0.05, () => [copyAgain(draft)])];
  const rest = [...work(draft), ...late(draft)];
  if (!random.chance(0.12)) return [...from, `FROM ${image} AS build`, ...before, ...place, ...own, ...rest];
  // The project is copied in a stage that the other inherits.
  const cut = random.below(2);
  const parent = cut === 0 ? [...before, ...place] : [...before, ...place, ...own];
  const child = cut === 0 ? [...own, ...rest] : rest;
  return [
    ...from,
    `FROM ${image} AS base`,
    ...parent,
    '',
    `FROM base AS ${project.name.includes('go') ? 'builder' : 'build'}`,
    ...child,
  ];
}

/** Global arguments, and the image as FROM names it. */
function imageLines({ random, project: { image } }: Draft): [string[], string] {
  const [name, tag] = image.split(':');
  return random.chance(0.1) && tag ? [[`ARG TAG=${tag}`], `${name}:\${TAG}`] : [[], image];
}

/** What changes with every build and stands too far up. */
const early = ({ random }: Draft): string[] =>
  random.weighted([
    [10, []],
    [2, ['ARG GIT_SHA', 'LABEL org.opencontainers.image.revision=$GIT_SHA']],
    [2, ['ARG GIT_SHA=none', 'ENV REVISION=$GIT_SHA']],
    [1, ['ENV APP_VERSION=1.2.3']],
    [1, ['ARG GIT_SHA', '# The version that is shown', 'ENV APP_VERSION=1.2.3 \\', '    REVISION=$GIT_SHA']],
  ]);

const settings = ({ random, project: { env = [] }, user }: Draft): string[] => [
  ...maybe(random, 0.3, () =>
    random
      .some(env, 0.5, 1)
      .map((pair) => `${random.chance(0.25) ? 'ARG' : 'ENV'} ${user ? pair.replace('/opt/', '/tmp/') : pair}`),
  ),
  ...maybe(random, user ? 0 : 0.04, () => ['ENV HOME=/opt/home']),
  ...maybe(random, 0.04, () => ['SHELL ["/bin/sh", "-e", "-c"]']),
];

const debianImages =
  /^(node|python|golang|rust|ruby|debian|ubuntu|php|maven|gradle|gcc|elixir|eclipse-temurin|mcr\.)[^a]*$/;

/** Packages of the distribution that the build wants. */
function packages({ random, project: { image }, user }: Draft): string[] {
  if (user || !random.chance(0.4)) return [];
  if (image.includes('alpine')) {
    return random.pick([
      ['RUN apk add --no-cache git'],
      ['RUN apk update', 'RUN apk add git'],
      ['RUN apk add git curl'],
      ['RUN apk add --no-cache --virtual .build gcc', 'RUN apk del gcc'],
    ]);
  }
  if (!debianImages.test(image)) return [];
  return random.pick([
    ['RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*'],
    ['RUN apt-get update', 'RUN apt-get install -y --no-install-recommends git curl'],
    ['RUN apt-get update', '# Needed by the build', 'RUN apt-get install -y git', 'RUN rm -rf /var/lib/apt/lists/*'],
    [
      'RUN apt-get update \\',
      '    && apt-get install -y \\',
      '        curl \\',
      '        # to clone',
      '        git \\',
      '    && apt-get clean \\',
      '    && rm -rf /var/lib/apt/lists/*',
    ],
    [
      'RUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y git',
    ],
    ['RUN apt-get update && apt-get install -y git && apt-get clean'],
  ]);
}

function placeLines({ random, workdir, user }: Draft): string[] {
  if (user) return [`USER ${user}`, `WORKDIR ${workdir}`];
  if (random.chance(0.1))
    return [`WORKDIR ${workdir.replace(/\/[^/]+\/?$/, '') || '/'}`, 'WORKDIR app'].filter(() =>
      /\/app\/?$/.test(workdir),
    );
  return [`WORKDIR ${workdir}`];
}

/** The whole context, in the spellings that people use. */
function copy({ random, workdir, user }: Draft): string {
  const flag = user ? `--chown=${random.pick([user, `${user}:${user}`])} ` : '';
  return random.weighted([
    [6, `COPY ${flag}. .`],
    [2, `COPY ${flag}. ./`],
    [1, `COPY ${flag}./ ./`],
    [2, `COPY ${flag}. ${workdir}`],
    [1, `COPY ${flag}[".", "./"]`],
    [1, `ADD ${flag}. .`],
    [1, `# Everything\nCOPY ${flag}. .`],
    [1, `COPY ${flag}. $PWD/`.replace('$PWD', workdir.replace(/\/$/, ''))],
  ]);
}

const copyAgain = ({ user }: Draft): string => `COPY ${user ? `--chown=${user} ` : ''}docs ./docs`;

/** Install and build, in one RUN or in two. */
function work(draft: Draft): string[] {
  const { random, project } = draft;
  const install =
    random.pick(project.installs) + (project.cleanup && random.chance(0.12) ? ` && ${project.cleanup}` : '');
  const flags = mounts(draft);
  const later = project.cleanup && random.chance(0.08) ? [run(draft, project.cleanup)] : [];
  if (random.chance(0.2)) return [run(draft, `${install} && ${project.build}`, flags), ...later];
  const between = random.weighted([
    [8, []],
    [1, ['ENV MODE=release']],
    [1, project.user === undefined ? ['RUN mkdir -p /var/log/app'] : ['RUN mkdir -p /tmp/log']],
    [1, ['', '# Build']],
  ]);
  return [run(draft, install, flags), ...later, ...between, run(draft, project.build, random.chance(0.5) ? flags : '')];
}

function mounts({ random, project, user }: Draft): string {
  if (!project.mounts || !random.chance(0.25)) return '';
  const mount = random.pick(project.mounts);
  return `--mount=${user && random.chance(0.5) ? `${mount},uid=1000,gid=1000` : mount} `;
}

/** A RUN of commands that `&&` joins, in one of the forms of RUN. */
function run({ random, crlf }: Draft, script: string, flags = ''): string {
  const commands = script.split(' && ');
  return random.weighted([
    [8, `RUN ${flags}${script}`],
    [commands.length > 1 ? 4 : 1, `RUN ${flags}${commands.join(' \\\n    && ')}`],
    [commands.length > 1 ? 2 : 0, `RUN ${flags}set -eux; \\\n    # step by step\n    ${commands.join('; \\\n    ')}`],
    [commands.length > 1 ? 1 : 0, `RUN ${flags}${commands.join(' && \\\n\n    ')}`],
    [crlf ? 0 : 0.7, `RUN ${flags}<<EOF\nset -e\n${commands.join('\n')}\nEOF`],
    [0.4, `RUN ${flags}${JSON.stringify(['/bin/sh', '-c', script])}`],
  ]);
}

/** What stands behind the build. */
const late = ({ random, workdir, user }: Draft): string[] => [
  ...maybe(random, 0.1, () => ['RUN echo "$GIT_SHA $APP_VERSION" > /tmp/version']),
  ...maybe(random, 0.06, () => (user ? [] : [`RUN chown -R nobody ${workdir}`])),
];

function finalStage({ random, project: { output, image }, workdir }: Draft): string[] {
  if (random.chance(0.4)) return ['CMD ["./app"]'];
  const source = output.startsWith('/') ? output : `${workdir.replace(/\/$/, '')}/${output}`;
  const lines = ['WORKDIR /srv', `COPY --from=build ${source} ./out`];
  const user = random.chance(0.2) ? ['RUN adduser -D -u 1200 runner', 'RUN chown -R runner /srv', 'USER runner'] : [];
  return ['', `FROM ${random.pick([image, 'debian:12-slim', 'alpine:3.21'])}`, ...lines, ...user, 'CMD ["./out"]'];
}
