import type { Stage, Step } from '../build/graph.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import type { Unmounted } from './cacheMounts.ts';
import { runsOwnScript } from './listReader.ts';

/** Python scripts of the project, and spaCy's download, which starts pip. What Django's manage.py does is known. */
const mayInstall = ({ words }: ShellCommand): boolean =>
  words.some(({ value = '' }) => value === 'spacy' || (/\.py$/.test(value) && !/(^|\/)manage\.py$/.test(value)));

/** Another RUN that may install without being seen to, and that a variable which the mounts have no use for (`PIP_NO_CACHE_DIR=1`) keeps from leaving downloads in the image. */
export function variableUser(
  stages: readonly Stage[],
  unmounted: readonly Unmounted[],
): { readonly step: Step; readonly variable: string } | undefined {
  const steps = new Set(unmounted.map(({ step }) => step));
  const variables = unmounted
    .flatMap(({ invocations }) => invocations.flatMap(defeatersOf))
    .filter(({ kind, compiled }) => kind === 'variable' && !compiled)
    .map(({ what }) => what);
  for (const variable of new Set(variables)) {
    const [, name = '', value] = /^(\w+)=(.*)$/s.exec(variable) ?? [];
    const step = stages
      .flatMap((stage) => stage.steps)
      .find(
        (each) =>
          each.keyword === 'RUN' &&
          !steps.has(each) &&
          each.environment.lookup(name)?.value === value &&
          (runsOwnScript(each) || each.script?.commands.some(mayInstall)),
      );
    if (step) return { step, variable };
  }
  return undefined;
}
