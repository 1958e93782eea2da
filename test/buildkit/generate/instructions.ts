import { copyFromInstruction, copyHeredoc, copyInstruction } from './copy.ts';
import type { Draft, StageDraft } from './draft.ts';
import { runInstruction } from './run.ts';

type Maker = (draft: Draft, stage: StageDraft) => string;

const variableNames = ['V1', 'V2', 'V3', 'NODE_ENV', 'PATH'];

/** How a value is written: plain, quoted, or made of other variables. */
function value({ random }: Draft, stage: StageDraft): string {
  const other = stage.variables.size > 0 ? random.pick([...stage.variables]) : 'V1';
  const plain = `v${random.below(4)}`;
  return random.weighted([
    [6, plain],
    [1, `"${plain} x"`],
    [1, `$${other}`],
    [1, `\${${other}:-${plain}}`],
    [1, `\${${other}:+${plain}}`],
    [1.5, `\${${other}${random.pick(operators)}}`],
    [0.3, "''"],
    [0.3, `'$${other}'`],
    [0.3, `\\$${other}`],
    [0.3, `"a \\"$${other}\\" b"`],
    [0.3, `x$${other}y\${${other}}z`],
  ]);
}

/** Of `${…}`, with patterns that match some of the values and not others. */
const operators = [
  '-d',
  '+d',
  ':-$V2',
  '#v',
  '##*v',
  '#v?',
  '%1',
  '%%[0-9]',
  '%%?',
  '/v/w',
  '//v/w',
  '/?/',
  '/v*/$V3',
  '/\\//_',
]; // prettier-ignore

function env(draft: Draft, stage: StageDraft): string {
  const { random } = draft;
  const names = random.some(variableNames, 0.2, 1);
  const pairs = names.map((name) => (name === 'PATH' ? 'PATH=$PATH:/opt' : `${name}=${value(draft, stage)}`));
  if (random.chance(0.05)) pairs.push(...Array.from({ length: 12 }, (_, index) => `MANY_${index}=${random.below(9)}`));
  for (const name of names) stage.variables.add(name);
  const single = names.find((name) => name !== 'PATH');
  return single && random.chance(0.1)
    ? `ENV ${single} v${random.below(4)}`
    : `ENV ${pairs.join(random.chance(0.1) ? ' \\\n    ' : ' ')}`;
}

/** Arguments that have a value without anybody giving one, and proxies, which count only where they are declared. */
const predefined = [
  'TARGETARCH',
  'BUILDPLATFORM',
  'TARGETPLATFORM',
  'TARGETVARIANT',
  'BUILDARCH',
  'HTTP_PROXY',
  'no_proxy',
];

function arg(draft: Draft, stage: StageDraft): string {
  const { random } = draft;
  const name = random.pick([...variableNames.filter((other) => other !== 'PATH'), 'G1', ...predefined]);
  draft.argNames.add(name);
  stage.variables.add(name);
  if (random.chance(0.3)) return `ARG ${name}`;
  return random.chance(0.1) ? `ARG ${name}=v0 W=w` : `ARG ${name}=${value(draft, stage)}`;
}

const workdirs = ['/w', '/w/', '/app', 'sub', '/', '/w/./x', '../up', '/w/$V1', `/q/\${V2:-d}`];
const accounts = ['node', 'root', '1000', '1000:1000', 'nobody', 'node:node', '0', `\${V9:-node}`];
const shells = ['["/bin/sh", "-c"]', '["/bin/sh", "-ec"]', '["/bin/bash", "-c"]'];

/** Instructions that only describe the image. */
const metadata: Maker = ({ random }) =>
  random.pick([
    `LABEL k=${random.below(9)}`,
    `LABEL v=$V1 \\\n      w="${random.below(9)}"`,
    `CMD ["echo", "${random.below(9)}"]`,
    `CMD echo ${random.below(9)}`,
    'ENTRYPOINT ["/bin/sh"]',
    `EXPOSE ${8000 + random.below(9)}`,
    `HEALTHCHECK CMD true ${random.below(9)}`,
    `STOPSIGNAL ${random.pick(['9', '15', 'SIGTERM'])}`,
    `VOLUME /vol${random.below(3)}`,
    'MAINTAINER someone',
    '# only a comment',
  ]);

/** What a trigger makes is there only in stages FROM this one. */
const onbuild: Maker = (draft, { outputs: _, ...rest }) => {
  const stage = { ...rest, outputs: [], variables: new Set(rest.variables) };
  return draft.random.pick([
    () => `ONBUILD RUN echo triggered ${draft.random.below(3)}`,
    () => `ONBUILD COPY ${draft.random.pick(draft.context.sources)} /onbuild/`,
    () => `ONBUILD ENV ONB=${draft.random.below(3)}`,
    () => 'ONBUILD WORKDIR /onb',
    () => `ONBUILD ${arg(draft, stage)}`,
    () => `ONBUILD USER ${draft.random.pick(accounts)}`,
    () => `ONBUILD SHELL ${draft.random.pick(shells)}`,
    () => `ONBUILD ${copyInstruction(draft, stage)}`,
    () => `ONBUILD ${copyHeredoc(draft, stage)}`,
    () => `ONBUILD ${copyFromInstruction(draft)}`,
    () => `ONBUILD ${runInstruction(draft, stage)}`,
    () => 'ONBUILD LABEL a=b',
    () => `ONBUILD ${env(draft, stage)}`,
  ])();
};

const makers: readonly (readonly [number, Maker])[] = [
  [9, runInstruction],
  [8, copyInstruction],
  [4, copyFromInstruction],
  [1, copyHeredoc],
  [3, env],
  [3, arg],
  [2, ({ random }) => `WORKDIR ${random.pick(workdirs)}`],
  [1, ({ random }) => `USER ${random.pick(accounts)}`],
  [0.6, ({ random }) => `SHELL ${random.pick(shells)}`],
  [1.5, metadata],
  [0.7, onbuild],
];

/** Without a shell there is nothing to run. */
const scratchMakers: readonly (readonly [number, Maker])[] = [
  [4, copyInstruction],
  [4, copyFromInstruction],
  [1, copyHeredoc],
  [1, env],
  [1, ({ random }) => `WORKDIR ${random.pick(workdirs)}`],
  [1, metadata],
];

/** One instruction that suits what stands before it in the stage. */
export const instruction = (draft: Draft, stage: StageDraft): string =>
  draft.random.weighted(stage.scratch ? scratchMakers : makers)(draft, stage);
