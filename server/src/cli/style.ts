import type { Io } from './io.ts';

/** Writes text in a style, or plain. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  green(text: string): string;
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  blue: [34, 39],
  green: [32, 39],
} as const;

/** Colours on a terminal alone, unless NO_COLOR (no-color.org) or FORCE_COLOR says otherwise. */
export function hasColour({ env, stdout }: Pick<Io, 'env' | 'stdout'>): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return stdout.isTerminal && env.TERM !== 'dumb';
}

export function styleFor(io: Pick<Io, 'env' | 'stdout'>): Style {
  const coloured = hasColour(io);
  const paint = (name: keyof typeof codes) => (text: string) =>
    coloured && text !== '' ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    yellow: paint('yellow'),
    blue: paint('blue'),
    green: paint('green'),
  };
}

/** Lines of at most `width` characters, broken at blanks; a longer word stays whole. Line breaks of the text are kept. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}

/** The terminal's width within what can be read; 100 where there is no terminal. */
export const widthOf = ({ stdout }: Pick<Io, 'stdout'>): number => Math.min(Math.max(stdout.columns ?? 100, 40), 120);
