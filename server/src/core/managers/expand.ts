import type { ShellWord } from '../syntax/shell.ts';

/** `undefined` for a variable that is not known. */
export type Lookup = (name: string) => string | undefined;

const plain = /^[A-Za-z0-9_@%+=:,./~{}$^"-]*$/;

/**
 * A word with the variables filled in that are known, so that `$APP_HOME/requirements.txt` is a path. It stays as it is where it holds
 * anything but literals, double quotes, `$NAME` and `${NAME}`, or where a value would be split or globbed.
 */
export function expandWord(word: ShellWord, lookup: Lookup): ShellWord {
  if (word.value !== undefined || !word.text.includes('$') || !plain.test(word.text)) return word;
  const value = expandText(word.text.replaceAll('"', ''), lookup);
  return value === undefined ? word : { ...word, value };
}

function expandText(text: string, lookup: Lookup): string | undefined {
  let known = true;
  const expanded = text.replace(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g, (_, bare?: string, braced?: string) => {
    const value = lookup(bare ?? braced ?? '');
    known &&= value !== undefined && /^[^\s*?[\]$`'"\\{}]*$/.test(value);
    return value ?? '';
  });
  return known && !/[${}]/.test(expanded) ? expanded : undefined;
}
