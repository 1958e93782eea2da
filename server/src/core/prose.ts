import type { Step } from './build/graph.ts';
import type { Instruction } from './syntax/dockerfile.ts';

/** "41,022". The engine's own way loads its tables of all languages first, some 30 ms. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 file", "214 files". */
export const plural = (count: number, noun: string): string => `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;

/** "a", "a and b", "a, b and c"; from `most` on the rest is counted: "a, b and 7 more". */
export function listing(items: readonly string[], most = 3): string {
  if (items.length > most) return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/**
 * A text as code in Markdown: the fence is longer than any run of backticks in it (CommonMark, "Code spans").
 * What builders read may hold anything.
 */
export function code(text: string): string {
  if (text === '') return '`""`';
  const [longest = ''] = (text.match(/`+/g) ?? []).sort((a, b) => b.length - a.length);
  const pad = longest === '' ? '' : ' ';
  return `\`${longest}${pad}${text.replace(/\s+/g, ' ')}${pad}${longest}\``;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Decimal units, as Docker prints sizes: "312 MB", "3.1 MB". */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), units.length - 1);
  const value = count / 1000 ** power;
  return `${power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** "31%" of `part` in `whole`; below one per cent "under 1%". */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  return percent > 0 && percent < 1 ? 'under 1%' : `${Math.round(percent)}%`;
}

/** One after the other, those that are empty left out. */
export const sentences = (...all: readonly (string | false | undefined)[]): string => all.filter(Boolean).join(' ');

/** "0.4 s", "34 s", "2 min 5 s", "1 h 3 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** With a capital, as a sentence begins. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Cut where it is longer than `most`. */
export const clipped = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;

/** The instruction on one line, shortened, of its flags only `--from`: "RUN npm ci", "COPY --from=build /app /app". */
export function brief(instruction: Instruction, most = 48): string {
  const from = instruction.flags.find(({ name }) => name === 'from');
  const rest = instruction.keyword === 'RUN' ? firstCommand(instruction) : instruction.rest.text;
  return clipped(
    [instruction.keyword, from && `--from=${from.value}`, rest].filter(Boolean).join(' ').replace(/\s+/g, ' '),
    most,
  );
}

/** The text of a RUN; of a heredoc script the first line that does something. */
function firstCommand({ rest, heredocs }: Instruction): string {
  if (!rest.text.startsWith('<<')) return rest.text;
  const lines = heredocs[0]?.body.split('\n').map((each) => each.trim()) ?? [];
  return lines.find((each) => each !== '' && !/^(#|set\b)/.test(each)) ?? rest.text;
}

/** "line 12", as editors count. */
export const line = (instruction: Instruction): string => `line ${instruction.line + 1}`;

/** "RUN npm ci on line 12". */
export const named = (step: Step | Instruction): string => {
  const instruction = 'instruction' in step ? step.instruction : step;
  return `${brief(instruction)} on ${line(instruction)}`;
};
