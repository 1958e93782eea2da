/** A variable that is set; `value` is undefined where nobody knows to what. */
export interface Setting {
  readonly value: string | undefined;
}

/** Undefined for what is not set, as far as that is known. */
export type Variables = (name: string) => Setting | undefined;

export const noVariables: Variables = () => undefined;

/** Of defaults in defaults; nobody writes more. */
const deepest = 10;

const reference = /\$(?:(\$)|([a-z_][a-z0-9_]*)|(\{)(?:([a-z_][a-z0-9_]*)(:?[-+?])?)?)/iy;

/**
 * What compose makes of `$NAME`, `${NAME:-default}`, `${NAME:+other}` and `${NAME:?error}` (compose-go's template/template.go).
 * Undefined where it cannot be known: compose puts nothing in the place of a variable that is not set, but the shell, which counts more than
 * any file, may well set it. Where there is a default, it is taken to be unset. Never throws.
 */
export function interpolate(text: string, variables: Variables, depth = 0): string | undefined {
  let result = '';
  let at = 0;
  for (let next = text.indexOf('$'); next >= 0; next = text.indexOf('$', at)) {
    result += text.slice(at, next);
    reference.lastIndex = next;
    const [whole = '$', escaped, plain, brace, name = plain, operator = ''] = reference.exec(text) ?? [];
    const behind = next + whole.length;
    const end = brace ? closing(text, behind) : behind;
    at = brace ? end + 1 : end;
    if (name === undefined && !brace) {
      result += escaped ?? whole;
      continue;
    }
    const isWhole = operator !== '' || end === behind;
    if (name === undefined || end < 0 || !isWhole || depth > deepest) return undefined;
    const value = resolve(variables(name), operator, () => interpolate(text.slice(behind, end), variables, depth + 1));
    if (value === undefined) return undefined;
    result += value;
  }
  return result + text.slice(at);
}

/** Of the brace that is open at `from`; -1 where there is none. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') open++;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return -1;
}

function resolve(setting: Setting | undefined, operator: string, other: () => string | undefined): string | undefined {
  if (setting && setting.value === undefined) return undefined;
  const value = setting?.value;
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator.endsWith('-')) return isSet ? value : other();
  if (operator.endsWith('+')) return isSet ? other() : value;
  return isSet ? value : undefined;
}
