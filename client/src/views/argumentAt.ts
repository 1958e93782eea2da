/** The argument that an ARG line declares at a column, or the first one; on other lines the variable (`$NAME`, `${NAME…}`) that is there. */
export function argumentAt(line: string, column: number): string | undefined {
  const keyword = /^\s*(?:ONBUILD\s+)?ARG\s+/i.exec(line)?.[0];
  const pattern =
    keyword === undefined ? /\$\{?([A-Za-z_]\w*)[^\s}]*\}?/g : /(?<=\s)([A-Za-z_]\w*)(?:=(?:"[^"]*"|'[^']*'|\S)*)?/g;
  pattern.lastIndex = keyword === undefined ? 0 : keyword.length;
  const found = [...line.matchAll(pattern)];
  const here = found.find(({ index, 0: text }) => index <= column && column <= index + text.length);
  return (here ?? (keyword === undefined ? undefined : found[0]))?.[1];
}
