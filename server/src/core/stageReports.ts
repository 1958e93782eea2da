import { relativesIn, type Stage } from './build/graph.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import type { Span } from './syntax/span.ts';

/** What the rules said of each stage of one version of a file, for the next version. */
export interface StageMemory {
  readonly layout: Layout;
  /** By stage number. */
  readonly told: ReadonlyMap<Rule, readonly (readonly Report[])[]>;
}

type Known = Omit<RuleContext, 'options'>;

/** What decides whether a stage and its relatives are as they were. */
interface Layout extends Pick<Known, 'facts' | 'config'> {
  /** What any stage may depend on: the text above the first FROM, and all FROMs. */
  readonly shared: string;
  readonly sections: readonly Section[];
}

/** A stage's text with the comments above and below it. Of the text between two stages, the lower one owns the offsets. */
interface Section {
  readonly start: number;
  /** Of the FROM: messages name lines. */
  readonly line: number;
  readonly text: string;
  /** Numbers of the stage's relatives. */
  readonly relatives: readonly number[];
}

/** Beyond it, finding out what is as it was costs more than it saves. */
const mostStages = 300;

/** The reports of a rule, stage by stage: those of stages that are as they were in the last version are taken over from it. */
export function stageReports(
  known: Known,
  before: StageMemory | undefined,
): {
  of(rule: Rule, options: RuleContext['options']): Report[];
  readonly memory: StageMemory | undefined;
} {
  const { graph } = known;
  const layout = graph.stages.length > mostStages ? undefined : layoutOf(known);
  const moves = layout && before ? movesFrom(before.layout, layout) : [];
  const told = new Map<Rule, readonly (readonly Report[])[]>();
  return {
    of(rule, options) {
      const { checkStage } = rule;
      if (!checkStage) return [];
      const say = (stage: Stage) => [...checkStage.call(rule, { ...known, options }, stage)];
      const reports = graph.stages.map((stage) =>
        graph.reachable.has(stage)
          ? (moved(before?.told.get(rule)?.[stage.index], moves[stage.index]) ?? say(stage))
          : [],
      );
      told.set(rule, reports);
      return firstAtEachPlace(reports);
    },
    memory: layout && { layout, told },
  };
}

function layoutOf({ dockerfile, graph, facts, config }: Known): Layout {
  const { text, eol, instructions } = dockerfile;
  const { stages } = graph;
  const relativesOf = relativesIn(graph);
  const shared = [text.slice(0, stages[0]?.from.span.start), eol, ...stages.map(({ from }) => textOf(text, from.span))];
  let before = 0;
  const starts = stages.map(({ from }) => {
    const at = instructions.indexOf(from, before);
    before = at;
    return instructions[at - 1]?.span.end ?? 0;
  });
  const sections = stages.map((stage, index) => ({
    start: starts[index] ?? 0,
    line: stage.from.line,
    text: text.slice(starts[index], stages[index + 1]?.from.span.start),
    relatives: [...relativesOf(stage)].map((relative) => relative.index),
  }));
  return { facts, config, shared: shared.join('\n'), sections };
}

const textOf = (text: string, { start, end }: Span): string => text.slice(start, end);

/** Where an offset of the last version is now; undefined in a stage that has changed. */
type Move = (offset: number) => number | undefined;

/** For each stage that is as it was, with all its relatives. */
function movesFrom(before: Layout, now: Layout): (Move | undefined)[] {
  if (!isSameFile(before, now)) return [];
  const isKept = now.sections.map(
    ({ text, line }, index) => before.sections[index]?.text === text && before.sections[index]?.line === line,
  );
  const move: Move = (offset) => {
    const index = before.sections.findLastIndex(({ start }) => start <= offset);
    if (index < 0) return offset;
    const [from, to] = [before.sections[index]?.start ?? 0, now.sections[index]?.start ?? 0];
    return isKept[index] ? offset + to - from : undefined;
  };
  return now.sections.map(({ relatives }, index) => {
    const were = before.sections[index]?.relatives ?? [];
    const areKept =
      were.length === relatives.length && relatives.every((each, at) => isKept[each] && were[at] === each);
    return areKept ? move : undefined;
  });
}

function isSameFile(before: Layout, now: Layout): boolean {
  const { facts } = before;
  return (
    before.shared === now.shared &&
    before.config === now.config &&
    facts.context === now.facts.context &&
    facts.history === now.facts.history &&
    facts.builds === now.facts.builds
  );
}

function moved(reports: readonly Report[] | undefined, move: Move | undefined): readonly Report[] | undefined {
  if (!reports || !move) return undefined;
  let isKnown = true;
  const at = (span: Span): Span => {
    const [start, end] = [move(span.start), move(span.end)];
    if (start === undefined || end === undefined) isKnown = false;
    return start === span.start && end === span.end ? span : { start: start ?? 0, end: end ?? 0 };
  };
  const result = reports.map((report) => ({
    ...report,
    span: at(report.span),
    related: report.related?.map((each) => ({ ...each, span: at(each.span) })),
    fixes: report.fixes?.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => (edit.path === undefined ? { ...edit, span: at(edit.span) } : edit)),
    })),
  }));
  return isKnown ? result : undefined;
}

/** Stages built on one stage may all name the same cause in it. */
function firstAtEachPlace(reports: readonly (readonly Report[])[]): Report[] {
  const told = new Set<string>();
  const [only, ...others] = reports.filter(({ length }) => length > 0);
  if (others.length === 0) return [...(only ?? [])];
  return reports.flatMap((ofStage) => {
    const fresh = ofStage.filter(({ span }) => !told.has(`${span.start} ${span.end}`));
    for (const { span } of fresh) told.add(`${span.start} ${span.end}`);
    return fresh;
  });
}
