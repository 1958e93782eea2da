import type { IgnorePattern } from './ignore.ts';

/** A line that reads like something that ignore files do not have. `mended`: how it would be written. */
export interface Misread {
  readonly message: string;
  readonly title: string;
  readonly mended: readonly string[];
}

/** A comment that is none; what a file may really be called is left to those who know the files. */
export function misreadComment({ text }: IgnorePattern): Misread | undefined {
  if (text.startsWith('#'))
    return {
      message: 'A comment begins in the first column: with blanks before the `#` this is a pattern.',
      title: 'Begin the comment in the first column',
      mended: [text],
    };
  const [, inside = ''] = /^\/\*\s+(.*?)\s*\*\/$/.exec(text) ?? [];
  if (inside)
    return {
      message: 'A comment begins with `#`: between `/*` and `*/` this is a pattern.',
      title: 'Begin the comment with #',
      mended: [`# ${inside}`],
    };
  if (!/^\/\/\s/.test(text)) return undefined;
  return {
    message: 'A comment begins with `#`: with `//` this is a pattern.',
    title: 'Begin the comment with #',
    mended: [`#${text.slice(2)}`],
  };
}

export function misread(pattern: IgnorePattern): Misread | undefined {
  const { text, cleaned, error } = pattern;
  const comment = error === undefined ? misreadComment(pattern) : undefined;
  if (error !== undefined || comment) return comment;
  const [all = '', list = ''] = /\{([^{}]*[^\d,{}][^{}]*)\}/.exec(cleaned) ?? [];
  if (list.includes(','))
    return {
      message: `Braces are not expanded here: ${all} stands for itself. Write one line for each.`,
      title: 'Write one line for each alternative',
      mended: list.split(',').map((part) => text.replace(all, () => part.trim())),
    };
  if (/[\w*]\\\w/.test(cleaned))
    return {
      message:
        'A backslash takes the meaning of the character behind it away; folders are separated by `/`, on Windows as well.',
      title: 'Write / for the backslashes',
      mended: [text.replace(/\\(?=\w)/g, '/')],
    };
  return undefined;
}
