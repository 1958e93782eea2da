import { type Instruction, parseDockerfile } from '../../server/src/core/syntax/dockerfile.ts';
import type { Operation, Scenario } from './scenario.ts';

/** Takes away whatever is not needed for `fails` to hold, one thing at a time, until nothing more can go. */
export async function shrink(scenario: Scenario, fails: (scenario: Scenario) => Promise<boolean>): Promise<Scenario> {
  let smallest = scenario;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smaller(smallest)) {
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

/** Each a little smaller than the scenario, what takes away most first. Some cannot be built or replayed: they do not fail in the way that is looked for. */
function* smaller(scenario: Scenario): Generator<Scenario> {
  yield* withoutChanges(scenario);
  yield* withoutInstructions(scenario);
  for (const path of Object.keys(scenario.files)) yield { ...scenario, files: without(scenario.files, path) };
  for (const name of Object.keys(scenario.args ?? {})) yield { ...scenario, args: without(scenario.args ?? {}, name) };
  yield* withSimplerInstructions(scenario);
}

function* withoutChanges(scenario: Scenario): Generator<Scenario> {
  const changes = scenario.changes.map((change) => [change].flat());
  for (const [index, operations] of changes.entries()) {
    yield { ...scenario, changes: changes.toSpliced(index, 1) };
    const next = changes[index + 1];
    if (next) yield { ...scenario, changes: changes.toSpliced(index, 2, [...operations, ...next]) };
    if (operations.length < 2) continue;
    for (const at of operations.keys()) {
      yield { ...scenario, changes: changes.with(index, operations.toSpliced(at, 1)) };
    }
  }
}

const textOf = (dockerfile: string, { span }: Instruction): string => dockerfile.slice(span.start, span.end);

function* withoutInstructions(scenario: Scenario): Generator<Scenario> {
  for (const instruction of parseDockerfile(scenario.dockerfile).instructions) {
    yield replaced(scenario, `${textOf(scenario.dockerfile, instruction)}\n`, '');
  }
}

function* withSimplerInstructions(scenario: Scenario): Generator<Scenario> {
  for (const instruction of parseDockerfile(scenario.dockerfile).instructions) {
    const text = textOf(scenario.dockerfile, instruction);
    for (const { span } of instruction.flags) {
      const flag = scenario.dockerfile.slice(span.start, span.end);
      yield replaced(scenario, text, text.replace(`${flag} `, ''));
    }
    const plain = instruction.keyword === 'RUN' ? `RUN echo ${instruction.line}` : text;
    if (text.length > plain.length) yield replaced(scenario, text, plain);
    // A script without one of its words may never end.
    if (instruction.args.length < 3 || instruction.keyword === 'RUN') continue;
    for (const { text: word } of instruction.args) yield replaced(scenario, text, text.replace(` ${word}`, ''));
  }
}

/** In the Dockerfile and in every edit of it. */
function replaced(scenario: Scenario, old: string, value: string): Scenario {
  const inText = (text: string) => text.replace(old, () => value);
  const inOperation = (operation: Operation): Operation =>
    operation.op === 'sub' ? { ...operation, old: inText(operation.old), new: inText(operation.new) } : operation;
  const changes = scenario.changes.map((change) => [change].flat().map(inOperation));
  return { ...scenario, dockerfile: inText(scenario.dockerfile), changes };
}

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
