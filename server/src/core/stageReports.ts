import { relativesIn, type Stage } from './build/graph.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import type { Span } from './syntax/span.ts';

/** What the rules said of each stage of one version of a file, for the next version. */
export interface StageMemory {
  readonly layout: Layout;
  /** By stage number, stages of which there is nothing to say left out. */
  readonly told: ReadonlyMap<Rule, ReadonlyMap<number, readonly Report[]>>;
  /** What rules that look at the whole file wanted to know of each stage. */
  readonly found: ReadonlyMap<Rule, readonly unknown[]>;
}

type Known = Omit<RuleContext, 'options' | 'ofEachStage'>;

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

/** The reports of a rule. Those of stages that are as they were in the last version are taken over from it. */
export function stageReports(
  known: Known,
  before: StageMemory | undefined,
): {
  of(rule: Rule, options: RuleContext['options']): readonly Report[];
  readonly memory: StageMemory | undefined;
} {
  const { dockerfile, graph, model, facts, config } = known;
  const layout = graph.stages.length > mostStages ? undefined : layoutOf(known);
  const moves = layout && before ? movesFrom(before.layout, layout) : [];
  const changed = graph.stages.filter((_, index) => !moves[index]);
  const told = new Map<Rule, ReadonlyMap<number, readonly Report[]>>();
  const found = new Map<Rule, readonly unknown[]>();

  const find = <T>(rule: Rule, findIn: (stage: Stage) => T): readonly T[] => {
    // A rule always asks the same.
    const asked = found.get(rule) as readonly T[] | undefined;
    if (asked) return asked;
    const last = before?.found.get(rule) as readonly T[] | undefined;
    const answers = last?.length === graph.stages.length ? [...last] : graph.stages.map(findIn);
    if (last?.length === graph.stages.length) for (const stage of changed) answers[stage.index] = findIn(stage);
    found.set(rule, answers);
    return answers;
  };

  const ask = (rule: Rule, context: RuleContext): readonly Report[] => {
    if (!rule.checkStage) return noReports;
    const last = before?.told.get(rule);
    const reports = new Map<number, readonly Report[]>();
    let again: readonly Stage[] = last ? changed : graph.stages;
    if (last && last.size > 0) again = [...again, ...keep(last, reports)];
    for (const stage of again) {
      if (!graph.reachable.has(stage)) continue;
      const made = arrayOf(rule.checkStage(context, stage));
      if (made.length > 0) reports.set(stage.index, made);
    }
    told.set(rule, reports.size > 0 ? reports : nothingTold);
    return inFileOrder(reports);
  };

  /** Takes over what was told of stages that are as they were; gives those of which a part has no place any more. */
  const keep = (last: ReadonlyMap<number, readonly Report[]>, reports: Map<number, readonly Report[]>): Stage[] => {
    const lost: Stage[] = [];
    for (const [index, kept] of last) {
      const stage = graph.stages[index];
      const move = moves[index];
      if (!stage || !move || !graph.reachable.has(stage)) continue;
      const now = moved(kept, move);
      if (now) reports.set(index, now);
      else lost.push(stage);
    }
    return lost;
  };

  return {
    of(rule, options) {
      const ofEachStage: RuleContext['ofEachStage'] = (findIn) => find(rule, findIn);
      const context: RuleContext = { dockerfile, graph, model, facts, config, options, ofEachStage };
      const ofFile = rule.check ? arrayOf(rule.check(context)) : noReports;
      const ofStages = ask(rule, context);
      return ofFile.length === 0 ? ofStages : [...ofFile, ...ofStages];
    },
    memory: layout && { layout, told, found },
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
    facts.builds === now.facts.builds &&
    facts.log === now.facts.log
  );
}

function moved(reports: readonly Report[], move: Move): readonly Report[] | undefined {
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

const noReports: readonly Report[] = [];
const nothingTold: ReadonlyMap<number, readonly Report[]> = new Map();

const arrayOf = (reports: Iterable<Report>): readonly Report[] => (Array.isArray(reports) ? reports : [...reports]);

function inFileOrder(reports: ReadonlyMap<number, readonly Report[]>): readonly Report[] {
  if (reports.size === 0) return noReports;
  return firstAtEachPlace([...reports].sort(([a], [b]) => a - b).map(([, ofStage]) => ofStage));
}

/** Stages built on one stage may all name the same cause in it. */
function firstAtEachPlace(reports: readonly (readonly Report[])[]): Report[] {
  const told = new Set<string>();
  if (reports.length < 2) return reports.flat();
  return reports.flatMap((ofStage) => {
    const fresh = ofStage.filter(({ span }) => !told.has(`${span.start} ${span.end}`));
    for (const { span } of fresh) told.add(`${span.start} ${span.end}`);
    return fresh;
  });
}
