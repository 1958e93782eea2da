/** A value: a string template (`${NAME}` in it as written; a bare NAME reads the same), a list, or an object. Null where it is something else. */
export type HclValue = string | null | readonly HclValue[] | HclObject;
export type HclObject = ReadonlyMap<string, HclValue>;

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclObject;
}

const token = /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"|[\w.-]+|==|\S/g;

/** A heredoc is text that no build hangs on: `null` stands for it. */
function withoutHeredocs(text: string): string {
  let end: string | undefined;
  const kept = text.split('\n').flatMap((line) => {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      return [];
    }
    const [, start, tag] = /^(.*?)<<-?(\w+)\s*$/.exec(line) ?? [];
    end = tag;
    return [start === undefined ? line : `${start}null`];
  });
  return kept.join('\n');
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

/** Beyond it brackets are not followed. */
const deepest = 20;

/** The blocks at the top of an HCL file, as far as bake files go: what is not understood is passed over. Never throws. */
export function parseHcl(text: string): HclBlock[] {
  const tokens = (withoutHeredocs(text).match(token) ?? []).filter((part) => !/^(\s|#|\/\/|\/\*)/.test(part));
  const reader: Reader = { tokens, at: 0 };
  const blocks: HclBlock[] = [];
  while (reader.at < tokens.length) {
    const type = tokens[reader.at++] ?? '';
    const labels: string[] = [];
    while (/^["\w]/.test(tokens[reader.at] ?? '')) labels.push(unquoted(tokens[reader.at++] ?? ''));
    if (tokens[reader.at] !== '{') continue;
    reader.at++;
    blocks.push({ type, labels, body: readObject(reader, 1) });
  }
  return blocks;
}

/** Behind the opening brace; attributes of a body and items of an object are written alike. */
function readObject(reader: Reader, depth: number): Map<string, HclValue> {
  const found = new Map<string, HclValue>();
  for (let next = take(reader); next !== undefined && next !== '}'; next = take(reader)) {
    // `(NAME) = …`: the key is what the variable says.
    if (next === '(' && reader.tokens[reader.at + 1] === ')') {
      next = `\${${take(reader)}}`;
      reader.at++;
    } else if (!/^["\w]/.test(next)) continue;
    const sign = reader.tokens[reader.at];
    if (sign === '=' || sign === ':') {
      reader.at++;
      found.set(unquoted(next), readValue(reader, depth));
    } else if (sign === '{') {
      reader.at++;
      skipTo(reader, '}');
    }
  }
  return found;
}

const take = (reader: Reader): string | undefined => reader.tokens[reader.at++];

function readValue(reader: Reader, depth: number): HclValue {
  const value = readOperand(reader, depth);
  if (!operators.test(reader.tokens[reader.at] ?? '')) return value;
  // An expression: its operands are passed over.
  while (operators.test(reader.tokens[reader.at] ?? '')) {
    reader.at++;
    readOperand(reader, depth);
  }
  return null;
}

const operators = /^([-+*/%<>!&|?:([.]|==)$/;

function readOperand(reader: Reader, depth: number): HclValue {
  const next = take(reader);
  if (next === undefined) return null;
  if (next === '{' && depth < deepest) return readObject(reader, depth + 1);
  if (next === '[' && depth < deepest) return readList(reader, depth + 1);
  if (next === '{' || next === '[' || next === '(') {
    skipTo(reader, next === '{' ? '}' : next === '[' ? ']' : ')');
    return null;
  }
  if (next.startsWith('"')) return unquoted(next);
  if (reader.tokens[reader.at] === '(') {
    reader.at++;
    if (next === 'merge' && depth < deepest) return readMerge(reader, depth + 1);
    skipTo(reader, ')');
    return null;
  }
  if (/^(\d[\d.]*|true|false)$/.test(next)) return next;
  return /^[A-Za-z_][\w.-]*$/.test(next) && next !== 'null' ? `\${${next}}` : null;
}

/** The objects that are known of those that `merge` makes one of. */
const readMerge = (reader: Reader, depth: number): HclObject =>
  new Map(readList(reader, depth, ')').flatMap((each) => (each instanceof Map ? [...each] : [])));

function readList(reader: Reader, depth: number, close = ']'): HclValue[] {
  const items: HclValue[] = [];
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== close) {
    if (reader.tokens[reader.at] === ',') reader.at++;
    else items.push(readValue(reader, depth));
  }
  reader.at++;
  return items;
}

/** Behind the bracket that closes the one just read. */
function skipTo(reader: Reader, close: string): void {
  const open = { '}': '{', ']': '[', ')': '(' }[close];
  for (let depth = 1; depth > 0 && reader.at < reader.tokens.length; reader.at++) {
    const next = reader.tokens[reader.at];
    if (next === open) depth++;
    if (next === close) depth--;
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const unquoted = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter) : text;
