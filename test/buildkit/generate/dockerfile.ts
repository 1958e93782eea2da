import { copyFromStage } from './copy.ts';
import { type Dialect, type Draft, images, type StageDraft } from './draft.ts';
import type { Context } from './files.ts';
import { instruction } from './instructions.ts';
import type { Random } from './random.ts';

const names = ['base', 'deps', 'Build', 'test', 'final'];

/** A Dockerfile of one to four stages for this context. */
export function generateDockerfile(random: Random, context: Context, dialect: Dialect): Draft {
  const draft: Draft = { random, context, globals: [], stages: [], argNames: new Set(), dialect };
  if (random.chance(0.3)) draft.globals.push(`ARG G1=g${random.below(3)}`, `ARG IMAGE=${random.pick(images)}`);
  if (draft.globals.length > 0) for (const name of random.some(['G1', 'IMAGE'], 0.4)) draft.argNames.add(name);
  const count = random.weighted([
    [4, 1],
    [4, 2],
    [3, 3],
    [1, 4],
  ]);
  for (let index = 0; index < count; index++) addStage(draft, index, count);
  return draft;
}

function addStage(draft: Draft, index: number, count: number): void {
  const { random } = draft;
  const last = index === count - 1;
  const name = random.chance(last ? 0.3 : 0.85) ? names[index] : undefined;
  const parents = draft.stages.filter((stage) => stage.name !== undefined);
  const parent = parents.length > 0 && random.chance(0.35) ? random.pick(parents) : undefined;
  const [named] = draft.context.named;
  const folder = named && !last && random.chance(0.15) ? named : undefined;
  const base = folder ?? parent?.name ?? (random.chance(0.04) ? 'scratch' : baseImage(draft));
  const platform = random.chance(0.06) ? `--platform=${random.pick(['linux/amd64', '$BUILDPLATFORM'])} ` : '';
  const stage: StageDraft = {
    name: name?.toLowerCase(),
    from: `FROM ${platform}${base}${name ? ` ${random.pick(['AS', 'as'])} ${name}` : ''}`,
    scratch: folder !== undefined || (parent?.scratch ?? base === 'scratch'),
    lines: [],
    outputs: folder ? ['/a.txt'] : [...(parent?.outputs ?? [])],
    variables: new Set(folder ? [] : parent?.variables),
  };
  const twin = random.chance(0.05) ? draft.stages.find(({ from }) => from.split(' ')[1] === base) : undefined;
  if (twin) stage.lines.push(...twin.lines.slice(0, 3));
  const length = 1 + random.below(7);
  for (let line = 0; line < length; line++) stage.lines.push(instruction(draft, stage));
  if (last) readOthers(draft, stage);
  draft.stages.push(stage);
}

/** Only stages that the target needs are built, so the last one reads most of the others. */
function readOthers(draft: Draft, last: StageDraft): void {
  for (const [index, { outputs }] of draft.stages.entries()) {
    const line = copyFromStage(draft, index);
    if (outputs.length > 0 && draft.random.chance(0.7))
      last.lines.splice(draft.random.below(last.lines.length + 1), 0, line);
  }
}

const baseImage = ({ random, globals }: Draft): string =>
  globals.length > 0 && random.chance(0.3) ? random.pick(['$IMAGE', `\${IMAGE}`]) : random.pick(images);
