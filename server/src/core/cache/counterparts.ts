import type { Stage, Step } from '../build/graph.ts';
import type { StepVertices } from './vertices.ts';

/** Which step of the build before a step corresponds to, as a person would say: by stage, then by place and text. Only for explanations. */
export function counterparts(built: readonly StepVertices[], wanted: readonly StepVertices[]): Map<Step, StepVertices> {
  const pairs = new Map<Step, StepVertices>();
  const oldStages = byStage(built);
  const newStages = byStage(wanted);
  for (const [stage, steps] of newStages) {
    const old = oldStages.get(sameStage(stage, [...oldStages.keys()]));
    if (old) pair(old, steps, pairs);
  }
  return pairs;
}

function byStage(all: readonly StepVertices[]): Map<Stage | undefined, StepVertices[]> {
  const stages = new Map<Stage | undefined, StepVertices[]>();
  for (const vertices of all) {
    const steps = stages.get(vertices.step.stage);
    if (steps) steps.push(vertices);
    else stages.set(vertices.step.stage, [vertices]);
  }
  return stages;
}

const sameStage = (stage: Stage | undefined, candidates: readonly (Stage | undefined)[]): Stage | undefined =>
  candidates.find((other) => other?.name !== undefined && other.name.toLowerCase() === stage?.name?.toLowerCase()) ??
  candidates.find((other) => other?.index === stage?.index);

const textOf = ({ step: { instruction } }: StepVertices): string =>
  [instruction.keyword, ...instruction.flags.map(({ name, value }) => `${name}=${value}`), instruction.rest.text].join(
    ' ',
  );

/** Equal heads and tails go together; between them steps of one kind, in order. */
function pair(old: readonly StepVertices[], wanted: readonly StepVertices[], pairs: Map<Step, StepVertices>): void {
  const same = (a: StepVertices | undefined, b: StepVertices | undefined) => a && b && textOf(a) === textOf(b);
  const most = Math.min(old.length, wanted.length);
  let head = 0;
  while (head < most && same(old[head], wanted[head])) head++;
  let tail = 0;
  while (tail < most - head && same(old.at(-1 - tail), wanted.at(-1 - tail))) tail++;
  const left = old.slice(head, old.length - tail);
  wanted.forEach((vertices, at) => {
    const other =
      at < head
        ? old[at]
        : at >= wanted.length - tail
          ? old[old.length - wanted.length + at]
          : takeLike(left, vertices);
    if (other) pairs.set(vertices.step, other);
  });
}

function takeLike(left: StepVertices[], vertices: StepVertices): StepVertices | undefined {
  const equal = left.findIndex((other) => textOf(other) === textOf(vertices));
  const at = equal >= 0 ? equal : left.findIndex(({ step }) => step.keyword === vertices.step.keyword);
  return at < 0 ? undefined : left.splice(0, at + 1).at(-1);
}
