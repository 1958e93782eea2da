import { plural } from '../../core/prose.ts';
import type { WhatIfStep } from '../../core/whatIf.ts';
import { type Io, printable } from '../io.ts';
import { type Style, styleFor, widthOf, wrap } from '../style.ts';

const paint: Readonly<Record<WhatIfStep['outcome'], keyof Style>> = { cached: 'dim', runs: 'yellow', depends: 'blue' };

/** One line per step, with the reason below it where there is one, and a summary. */
export function toText(io: Io, steps: readonly WhatIfStep[]): string {
  const style = styleFor(io);
  const digits = String(Math.max(0, ...steps.map(({ line }) => line))).length;
  const indent = ' '.repeat(9 + digits + 2);
  const lines = steps.flatMap(({ line, stage, instruction, outcome, because }) => {
    const head = `${style[paint[outcome]](outcome.padEnd(7))}  ${style.dim(String(line).padStart(digits))}  `;
    const reasons = because === '' ? [] : wrap(printable(because), widthOf(io) - indent.length);
    return [
      `${head}${printable(instruction)} ${style.dim(printable(`[${shown(stage)}]`))}`,
      ...reasons.map((part) => indent + part),
    ];
  });
  return `${[...lines, summary(steps)].join('\n')}\n`;
}

/** A stage without a name as the output of a build has it. */
const shown = (stage: string): string => (/^\d+$/.test(stage) ? `stage-${stage}` : stage);

function summary(steps: readonly WhatIfStep[]): string {
  const count = (outcome: WhatIfStep['outcome']) => steps.filter((step) => step.outcome === outcome).length;
  const [runs, depends] = [count('runs'), count('depends')];
  const perhaps =
    depends > 0
      ? `, and ${depends}${runs > 0 ? ' more' : ''} if what ${depends === 1 ? 'it takes' : 'they take'} from another stage comes out different`
      : '';
  return `${runs} of ${plural(steps.length, 'step')} ${runs === 1 ? 'runs' : 'run'} again${perhaps}.`;
}
