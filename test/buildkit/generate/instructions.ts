import { copyFromInstruction, copyHeredoc, copyInstruction } from './copy.ts';
import type { Draft, StageDraft } from './draft.ts';
import { runInstruction } from './run.ts';

type Maker = (draft: Draft, stage: StageDraft) => string;

const variableNames = ['V1', 'V2', 'V3', 'NODE_ENV'];

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
    [0.5, `\${${other}#v}`],
    [0.5, `\${${other}%1}`],
    [0.5, `\${${other}/v/w}`],
    [0.3, "''"],
    [0.3, `'$${other}'`],
    [0.3, `\\$${other}`],
    [0.3, `"a \\"$${other}\\" b"`],
    [0.3, `x$${other}y\${${other}}z`],
  ]);
}

function env(draft: Draft, stage: StageDraft): string {
  const { random } = draft;
  const names = random.some(variableNames, 0.2, 1);
  const pairs = names.map((name) => `${name}=${value(draft, stage)}`);
  for (const name of names) stage.variables.add(name);
  return random.chance(0.1) ? `ENV ${names[0]} v${random.below(4)}` : `ENV ${pairs.join(' ')}`;
}

function arg(draft: Draft, stage: StageDraft): string {
  const { random } = draft;
  const name = random.pick([...variableNames, 'G1', 'TARGETARCH', 'BUILDPLATFORM', 'TARGETOS', 'HTTP_PROXY']);
  draft.argNames.add(name);
  stage.variables.add(name);
  if (random.chance(0.3)) return `ARG ${name}`;
  return random.chance(0.1) ? `ARG ${name}=v0 W=w` : `ARG ${name}=${value(draft, stage)}`;
}

const workdirs = ['/w', '/w/', '/app', 'sub', '/', '/w/./x', '../up', '/w/$V1', `/q/\${V2:-d}`];
const accounts = ['node', 'root', '1000', '1000:1000', 'nobody', 'node:node', '0'];
const shells = ['["/bin/sh", "-c"]', '["/bin/sh", "-ec"]', '["/bin/bash", "-c"]'];

/** Instructions that only describe the image. */
const metadata: Maker = ({ random }) =>
  random.pick([
    `LABEL k=${random.below(9)}`,
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

const onbuild: Maker = (draft, stage) =>
  draft.random.pick([
    () => `ONBUILD RUN echo triggered ${draft.random.below(3)}`,
    () => `ONBUILD COPY ${draft.random.pick(draft.context.sources)} /onbuild/`,
    () => `ONBUILD ENV ONB=${draft.random.below(3)}`,
    () => 'ONBUILD WORKDIR /onb',
    () => `ONBUILD ${env(draft, stage)}`,
  ])();

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
  [0.4, onbuild],
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
