import type { Step } from '../build/graph.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand } from '../syntax/shell.ts';

/** Programs that take long enough for a cache miss to hurt: they download, compile or unpack. */
const slow = new Set(
  `curl wget git make cmake ninja gcc g++ cc rustc javac bazel tsc webpack vite node python python3 ruby php perl R Rscript install2.r rustup
  docker-php-ext-install install-php-extensions pecl`.split(/\s+/),
);

/**
 * Whether running a step again costs more than a moment: a RUN that installs, downloads or builds. Scripts that cannot be read count as
 * costly; unknown programs, mkdir, chmod, echo and the like do not.
 */
export function isCostly(step: Step): boolean {
  if (step.keyword !== 'RUN') return false;
  if (invocationsOf(step).some(({ action }) => action !== 'clean')) return true;
  return step.script?.commands.some(isSlow) ?? true;
}

/** Git waits for nobody but where it fetches; a version is told at once. */
function isSlow({ words: [first, ...rest] }: ShellCommand): boolean {
  const program = baseName(first?.value ?? '');
  if (!slow.has(program)) return false;
  if (program === 'git') return rest.some(({ text }) => /^(clone|fetch|pull|submodule|lfs|svn|checkout)$/.test(text));
  return !(rest.length === 1 && /^(--version|-[vV])$/.test(rest[0]?.text ?? ''));
}
