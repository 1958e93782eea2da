import type { Analysis } from '../analyze.ts';
import { ancestors, type Stage, type Step, stagesRead, standsOn } from '../build/graph.ts';
import { churnOf } from '../cache/churn.ts';
import { isCached } from '../cache/consequences.ts';
import { mergesLinks } from '../cache/link.ts';
import { timeOf } from '../cache/time.ts';
import type { Explanation } from '../explain.ts';
import { brief, code, duration, line, listing, plural } from '../prose.ts';
import { changesWithCommits, inputItems, sharePast, stageTitle } from './inputs.ts';

/** What a RUN, COPY, ADD or WORKDIR depends on, and what depends on it. */
export function explainStep(analysis: Analysis, step: Step): Explanation {
  const { graph } = analysis;
  const reach = graph.reachable.has(step.stage) ? '' : ', which this build does not need: it never runs';
  return {
    span: step.instruction.span,
    title: `**${step.keyword}**, ${position(step)}${reach}.`,
    sections: [
      {
        heading: '**Its cache key depends on**',
        items: [...inputItems(analysis, step), ...parentItems(analysis, step)],
      },
      { heading: '**When it runs again**', items: [...timeItems(analysis, step), ...consequenceItems(analysis, step)] },
    ],
  };
}

/** As the build's output counts, where FROM with an image is the first (cmdTotal in dockerfile2llb/convert.go): "[build 4/9] RUN". */
function position({ stage, index }: Step): string {
  const first = stage.base.kind === 'stage' || stage.base.kind === 'scratch' ? 1 : 2;
  const before = stage.steps.slice(0, index).filter(isCached).length;
  const all = stage.steps.filter(({ operation }) => operation).length + first - 1;
  return `step ${before + first} of ${all} in ${stageTitle(stage)}`;
}

/** "`RUN npm ci` on line 12". */
const nameOf = ({ instruction }: Step): string => `${code(brief(instruction))} on ${line(instruction)}`;

/** What reaches the step through its parents: the step right before it, and the files that those above it read. */
function parentItems(analysis: Analysis, step: Step): string[] {
  if (mergesLinks(step, analysis.model.builder))
    return [
      'nothing before it: with `--link` the copy itself is kept when a step above runs again, and laid over the new result, on which the steps after it run again. Docker without its containerd store runs the copy again as well',
    ];
  const before = [...ancestors(step)].filter(isCached);
  const parent = before.at(-1);
  if (!parent) return [];
  const all =
    before.length > 1
      ? ', and all above: when one of them runs again, so does this'
      : ': when that runs again, so does this';
  return [`the step before it, ${nameOf(parent)}${all}`, ...filesAbove(analysis, before)];
}

/** The files that steps above read, and the step whose files change most often; without a history, which reads most. */
function filesAbove(analysis: Analysis, before: readonly Step[]): string[] {
  const { model, facts } = analysis;
  const readers = before
    .map((step) => ({ step, selection: model.selection(step) }))
    .filter(({ selection }) => selection.files.length > 0)
    .map((each) => ({
      ...each,
      often: changesWithCommits(each.selection) ? 1 : (churnOf(facts.history, each.selection)?.touching ?? 0) / 1e6,
    }))
    .sort((a, b) => b.often - a.often || b.selection.files.length - a.selection.files.length);
  const [worst] = readers;
  if (!worst) return [];
  const files = `the ${plural(worst.selection.files.length, 'file')} of ${nameOf(worst.step)}`;
  const past = sharePast(analysis, worst.selection);
  const [which, what] =
    readers.length > 1 ? ['the files that the steps above read, most of all', files] : ['so also', files];
  return [`${which} ${what}${past === undefined ? '' : ` (${past})`}`];
}

/** How long the step took in a build, and how long those that run again with it. */
function timeItems(analysis: Analysis, step: Step): string[] {
  const { runs } = analysis.model.consequences(step);
  const [own, after] = [timeOf(analysis, [step]), timeOf(analysis, runs)];
  const told: string[] = [];
  if (own) told.push(`it took ${duration(own.seconds)}`);
  if (after) {
    const steps = plural(runs.length, 'step');
    const which = after.measured < runs.length ? `${after.measured} of the ${steps}` : `the ${steps}`;
    told.push(`${which} that ${runs.length > 1 ? 'run' : 'runs'} again with it took ${duration(after.seconds)}`);
  }
  return told.length > 0 ? [`in ${code(analysis.facts.log?.name ?? '')}, ${told.join(', and ')}`] : [];
}

function consequenceItems({ graph, model }: Analysis, step: Step): string[] {
  const { runs, depends } = model.consequences(step);
  const follow =
    runs.length === 0
      ? `no other step ${depends.length > 0 ? 'is sure to run' : 'runs'} again for it`
      : `${plural(runs.length, 'step')} after it ${runs.length === 1 ? 'runs' : 'run'} again: ${listing(runs.map(nameOf), 4)}`;
  const stands = (stage: Stage): boolean => standsOn(stage, step.stage);
  const readers = depends.filter((other) => stagesRead(graph, other).some(stands));
  if (readers.length === 0) return [follow];
  const one = readers.length === 1;
  const stages = new Set(readers.flatMap((reader) => stagesRead(graph, reader).filter(stands)).map(stageTitle));
  const rest = depends.length - readers.length;
  const them = one ? 'it' : 'them';
  const more =
    rest === 0 ? '' : rest === 1 ? `, and then the step after ${them}` : `, and then up to ${rest} steps after ${them}`;
  return [
    follow,
    `${listing(readers.map(nameOf))} ${one ? 'runs' : 'run'} again only if the files ${one ? 'it takes' : 'they take'} from ${listing([...stages])} come out different${more}`,
  ];
}
