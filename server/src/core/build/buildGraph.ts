import { type Dockerfile, type Instruction, parseDockerfile } from '../syntax/dockerfile.ts';
import { expand } from './expand.ts';
import { globalArgs } from './globals.ts';
import type { Base, BuildGraph, BuildOptions, Stage, Step } from './graph.ts';
import { placeAt } from './placeAt.ts';
import { stagesFrom } from './relatives.ts';
import { isNamedContext, resolveFrom, stageNamed, stagesRead } from './stageNames.ts';
import { type BuildScope, imageFacts, type StageEnd, stateAfter, stateOfImage } from './stageState.ts';
import { LazyStep, type StageState } from './step.ts';

/** Stages, steps and what is in force at each, as BuildKit's dockerfile2llb resolves them. Every text gives a graph. */
export function buildGraph(dockerfile: Dockerfile, options: BuildOptions): BuildGraph {
  const firstFrom = dockerfile.instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const before = firstFrom < 0 ? dockerfile.instructions : dockerfile.instructions.slice(0, firstFrom);
  const declarations = before.filter(({ keyword }) => keyword === 'ARG');
  const sections = firstFrom < 0 ? [] : stageSections(dockerfile.instructions.slice(firstFrom));
  const globals = globalArgs(dockerfile, declarations, options, nameOf(sections.at(-1)?.from)?.toLowerCase());
  const build: Build = { dockerfile, options, globals, stages: [], ends: new Map(), handedOn: 0 };
  for (const section of sections) addStage(build, section);
  const { stages } = build;
  const target = targetStage(stages, options.target);
  const sources = new Map(stages.map((stage) => [stage, sourcesOf(stage, { stages, options })] as const));
  const others = (options.otherTargets ?? []).flatMap((name) => targetStage(stages, name) ?? []);
  const reachable = target ? stagesFrom([target, ...others], sources) : new Set<Stage>();
  return { dockerfile, options, stages, sources, globalArgs: declarations, target, reachable };
}

interface Build extends BuildScope {
  readonly stages: Stage[];
  readonly ends: Map<Stage, StageEnd>;
  /** Variables of images that were handed on from stage to stage. */
  handedOn: number;
}

/** No real file comes near: beyond it, variables keep the places that they have. */
const mostHandedOn = 500_000;

interface Section {
  readonly from: Instruction;
  readonly instructions: Instruction[];
}

function stageSections(instructions: readonly Instruction[]): Section[] {
  const sections: Section[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') sections.push({ from: instruction, instructions: [] });
    else sections.at(-1)?.instructions.push(instruction);
  }
  return sections;
}

const nameWord = (from: Instruction) => (from.args[1]?.text.toUpperCase() === 'AS' ? from.args[2] : undefined);
const nameOf = (from: Instruction | undefined): string | undefined => from && nameWord(from)?.text;

function addStage(build: Build, { from, instructions }: Section): void {
  const { stages, options, ends } = build;
  const name = nameWord(from);
  const base = baseOf(build, from, name?.text);
  const stage: Stage & { steps: Step[] } = {
    index: stages.length,
    name: name?.text,
    nameSpan: name?.span,
    key: name?.text.toLowerCase(),
    from,
    base,
    image: bottomImage(base),
    platform: platformOf(build, from, base),
    steps: [],
  };
  const start = startOf(build, base);
  // A named context of the stage's own name takes its place: nothing of it runs.
  const replaced = base.kind === 'context' && name !== undefined && isNamedContext(options, name.text);
  const triggers = triggersOf(build, stage);
  const own = instructions.map((instruction) => ({ instruction, fromOnbuild: false }));
  const end = replaced ? start : addSteps(build, stage, [...triggers, ...own], start);
  ends.set(stage, end);
  stages.push(stage);
}

function baseOf({ dockerfile, globals, stages, options }: Build, from: Instruction, name: string | undefined): Base {
  const { text, known } = expand(from.args[0]?.text ?? '', globals.bind, dockerfile);
  if (name !== undefined && isNamedContext(options, name)) return { kind: 'context', name };
  const stage = known ? stageNamed(stages, text, stages.length) : undefined;
  if (stage) return { kind: 'stage', stage };
  if (known && text === 'scratch') return { kind: 'scratch' };
  if (known && isNamedContext(options, text)) return { kind: 'context', name: text };
  return { kind: 'image', ref: text, resolved: known && text !== '' };
}

function bottomImage(base: Base): string | undefined {
  if (base.kind === 'stage') return base.stage.image;
  return base.kind === 'image' && base.resolved ? base.ref : undefined;
}

function platformOf({ dockerfile, globals }: Build, from: Instruction, base: Base): string | undefined {
  if (base.kind === 'stage') return base.stage.platform;
  const written = from.flags.find(({ name }) => name === 'platform')?.value;
  return written ? expand(written, globals.bind, dockerfile).text : undefined;
}

/** A stage built FROM another inherits everything; the variables of the image's configuration are set once more. */
function startOf(build: Build, base: Base): StageEnd {
  const parent = base.kind === 'stage' ? build.ends.get(base.stage) : undefined;
  if (!parent) return stateOfImage(base, build.options);
  build.handedOn += parent.image.variables.size;
  if (build.handedOn > mostHandedOn) return parent;
  return { ...parent, environment: parent.environment.withImage(parent.image) };
}

interface Placed {
  readonly instruction: Instruction;
  readonly fromOnbuild: boolean;
}

/** ONBUILD triggers of the base, which run before the stage's own instructions. */
function triggersOf({ options }: Build, { base, from }: Stage): Placed[] {
  if (base.kind === 'stage') {
    const triggers = base.stage.steps.flatMap(({ instruction }) => instruction.trigger ?? []);
    return triggers.map((instruction) => ({ instruction, fromOnbuild: true }));
  }
  const texts = imageFacts(base, options)?.onbuild ?? [];
  return texts
    .flatMap((text) => parseDockerfile(text).instructions)
    .map((instruction) => ({ instruction: placeAt(instruction, from), fromOnbuild: true }));
}

function addSteps(
  build: Build,
  stage: Stage & { steps: Step[] },
  placed: readonly Placed[],
  start: StageEnd,
): StageEnd {
  const { dockerfile, options, stages } = build;
  const context = { dockerfile, from: (name: string) => resolveFrom(name, stages, stage.index, options, true) };
  let state: StageState = start;
  const setsVariables =
    build.handedOn <= mostHandedOn && placed.some(({ instruction: { keyword } }) => keyword === 'ENV');
  const variables = setsVariables ? new Map(start.image.variables) : undefined;
  placed.forEach(({ instruction, fromOnbuild }, index) => {
    const after = stateAfter(state, instruction, build);
    stage.steps.push(new LazyStep(context, stage, index, instruction, fromOnbuild, state, after.workdir));
    if (variables && instruction.keyword === 'ENV')
      for (const variable of after.environment.variablesSince(state.environment))
        variables.set(variable.name, variable);
    state = after;
  });
  return { ...state, image: variables ? { ...start.image, variables } : start.image };
}

function targetStage(stages: readonly Stage[], target: string | undefined): Stage | undefined {
  if (!target) return stages.at(-1);
  return stageNamed(stages, target, stages.length) ?? (/^\d+$/.test(target) ? stages[Number(target)] : undefined);
}

function sourcesOf(stage: Stage, graph: Pick<BuildGraph, 'stages' | 'options'>): Set<Stage> {
  const sources = new Set(stage.base.kind === 'stage' ? [stage.base.stage] : []);
  for (const step of stage.steps) for (const source of stagesRead(graph, step)) sources.add(source);
  return sources;
}
