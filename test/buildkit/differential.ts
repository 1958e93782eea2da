import { modelOf } from '../core/cache/prediction.ts';
import type { Builder } from './builder.ts';
import { inputsOf } from './inputs.ts';
import type { BuildInput, ObservedStep, Scenario } from './scenario.ts';
import { wrongTimes } from './times.ts';
import { unique } from './unique.ts';
import { type Disagreement, judge } from './verdict.ts';

export interface Comparison {
  /** By build, the first one left out. A build that fails ends the scenario. */
  readonly observed: readonly (readonly ObservedStep[])[];
  readonly disagreements: readonly Disagreement[];
  /** Why a build failed; the builds before it were compared. */
  readonly error: string | undefined;
  /** What was built, for a record of it. */
  readonly inputs: readonly BuildInput[];
}

let comparisons = 0;

/** Runs a scenario on the builder and judges the model by it. */
export const compareScenario = (builder: Builder, scenario: Scenario): Promise<Comparison> =>
  compareInputs(builder, inputsOf(scenario));

/** The same for builds one after the other. */
export async function compareInputs(builder: Builder, given: readonly BuildInput[]): Promise<Comparison> {
  const inputs = unique(given, `u${process.pid}-${++comparisons}`);
  const session = builder.session(inputs.some(({ ownImages }) => ownImages) ? 'own' : 'one');
  const observed: (readonly ObservedStep[])[] = [];
  try {
    for (const input of inputs) {
      const { steps, error } = await session.build(input);
      if (error !== undefined)
        return { observed: observed.slice(1), ...result(builder, inputs, observed), error, inputs };
      observed.push(steps);
    }
    return { observed: observed.slice(1), ...result(builder, inputs, observed), error: undefined, inputs };
  } finally {
    await session.close();
  }
}

function result(builder: Builder, inputs: readonly BuildInput[], observed: readonly (readonly ObservedStep[])[]) {
  const models = inputs.map((input) =>
    modelOf(input, builder.store === 'containerd' ? 'buildkit' : 'docker-graphdriver'),
  );
  const disagreements = observed.flatMap((steps, build) => {
    const [model, input] = [models[build], inputs[build]];
    const wrong = judge(models.slice(0, build + 1), build === 0 ? [] : steps, builder.version);
    const times = model && input ? wrongTimes(model, input, steps) : [];
    return [...wrong, ...times].map((text) => `build ${build}: ${text}`);
  });
  return { disagreements };
}
