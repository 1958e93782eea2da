import type { DoubleQuotedChild, Word, WordPart } from 'unbash';

/** What the shell makes of a word; undefined where that depends on variables, substitutions, files, or on the shell (`{a,b}`). */
export function staticValue(word: Word): string | undefined {
  if (word.text.startsWith('~')) return undefined;
  if (!word.parts) return word.value;
  let value = '';
  for (const part of word.parts) {
    const piece = partValue(part);
    if (piece === undefined) return undefined;
    value += piece;
  }
  return value;
}

function partValue(part: WordPart): string | undefined {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'DoubleQuoted':
      return literalValue(part.parts);
    default:
      return undefined;
  }
}

function literalValue(parts: readonly DoubleQuotedChild[]): string | undefined {
  let value = '';
  for (const part of parts) {
    if (part.type !== 'Literal') return undefined;
    value += part.value;
  }
  return value;
}
