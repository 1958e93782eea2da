import type { Proposal, Proposals, Typing } from '../complete.ts';
import { cachesOf } from '../fixes/mountUse.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { line } from '../prose.ts';
import { completeMountOptions, runFlags } from './mountOptions.ts';
import { contextPaths } from './paths.ts';
import { earlierStages } from './stages.ts';

/** Flags of a RUN, options and values of a `--mount`: where the package managers of the stage keep what they download, stages, paths of the context. */
export function completeMount(typing: Typing): Proposals | undefined {
  const options = /^--mount=(.*)$/s.exec(typing.word)?.[1]?.split(',');
  if (!options) return /^--\w*$/.test(typing.word) ? runFlags(typing) : undefined;
  const written = options.pop() ?? '';
  const [, key = '', value = ''] = /^(\w+)=(.*)$/s.exec(written) ?? [];
  const type = options.find((option) => option.startsWith('type='))?.slice('type='.length) ?? 'bind';
  const hasFrom = options.some((option) => option.startsWith('from='));
  if (/^(target|dst|destination)$/.test(key))
    return type === 'cache' ? cacheTargets(typing, value, options) : undefined;
  if (key === 'from') return type === 'bind' || type === 'cache' ? earlierStages(typing, value) : undefined;
  if (/^(source|src)$/.test(key)) return type === 'bind' && !hasFrom ? contextPaths(typing, value) : undefined;
  return completeMountOptions(typing, { type, before: options, written, key, value });
}

/** The nearest RUN first, the one at hand before all others. */
function cacheTargets(
  { analysis, instruction, offset }: Typing,
  written: string,
  options: readonly string[],
): Proposals {
  const stage = analysis.graph.stages.findLast(({ from }) => from.span.start < instruction.span.start);
  const runs = (stage?.steps ?? []).filter(({ keyword }) => keyword === 'RUN');
  const sharing = options.some((option) => option.startsWith('sharing='));
  const found = new Map<string, Proposal>();
  for (const step of [...runs].sort((a, b) => distance(a.instruction.line) - distance(b.instruction.line))) {
    for (const invocation of invocationsOf(step)) {
      for (const location of cachesOf(invocation, analysis.facts.context)) {
        const { path } = location;
        if (path === undefined || location.class === 'B' || found.has(path)) continue;
        const locked = location.sharing === 'locked' && !sharing ? ',sharing=locked' : '';
        const where = step.instruction === instruction ? 'in this RUN' : `on ${line(step.instruction)}`;
        found.set(path, {
          label: path,
          kind: 'cache',
          detail: `${invocation.manager.title} ${where}`,
          newText: path + locked,
          order: String(1000 + found.size),
        });
      }
    }
  }
  return { span: { start: offset - written.length, end: offset }, items: [...found.values()], truncated: false };

  function distance(at: number): number {
    return Math.abs(at - instruction.line);
  }
}
