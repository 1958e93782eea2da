import type { LoggedStep } from '../workspace.ts';

/** More steps than any build has: what has more is no log, or one of many builds. */
const mostSteps = 2_000;

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** Services that run builds put their job's name with tabs, the time and a stream's name before each line. */
const numbered = /^(?:[^#]*\t)?(?:\d{4}-\d\d-\d\dT[\d:.]+Z )?(?:\d\d[OE][ +])?#(\d+) (.*)$/;

/** As prefixCommand in BuildKit's frontend/dockerfile/dockerfile2llb/convert.go writes it. */
const heading = /^\[ *((?:\S+ +)*)(\d+)\/\d+\] (?!FROM )([A-Z].*)$/;

/** What stays of a text in the name of its step: no blanks, of which an empty variable may leave two, and no quotes and escapes, which some builders keep. */
export const withoutBlanks = (text: string): string => text.replace(/["'\\`\s]/g, '');

/** A heredoc stands in parentheses with the beginning of its first line; long names end in dots unless PROGRESS_NO_TRUNC is set. */
function named(command: string): Pick<LoggedStep, 'text' | 'cut'> {
  const whole = /^(RUN (?:--\S+ +)*<<\S+ \(.*)\)$/.exec(command)?.[1] ?? command;
  const cut = whole.endsWith('...');
  return { text: withoutBlanks(cut ? whole.slice(0, -3) : whole), cut };
}

/** The steps that ran, each with the time that it took last, in the order of the log; those that came from the cache are left out. */
export function loggedSteps(text: string): readonly LoggedStep[] {
  const headings = new Map<string, Omit<LoggedStep, 'seconds'>>();
  const steps = new Map<string, LoggedStep>();
  for (const line of text.split('\n')) {
    const [, id = '', said = ''] = numbered.exec(line.replace(colours, '').trimEnd()) ?? [];
    const [, before = '', number, command = ''] = heading.exec(said) ?? [];
    if (number !== undefined) {
      const names = before.split(' ').filter((word) => word !== '' && !word.includes('/'));
      headings.set(id, { names, number: Number(number), ...named(command) });
      continue;
    }
    const seconds = /^DONE (\d+(?:\.\d+)?)s$/.exec(said)?.[1];
    const found = seconds === undefined ? undefined : headings.get(id);
    if (!found) continue;
    const key = JSON.stringify(found);
    steps.delete(key);
    steps.set(key, { ...found, seconds: Number(seconds) });
  }
  return [...steps.values()].slice(-mostSteps);
}
