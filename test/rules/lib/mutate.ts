/** Numbers that look random and are the same in every run: mulberry32. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const fragments = [
  '"',
  "'",
  '\\',
  '$',
  '<<EOF',
  '&&',
  ';',
  '#',
  '\t',
  '${A:-',
  '`',
  '[',
  ']',
  '--mount=type=cache',
  '|| true',
];

type Edit = (lines: string[], at: number, other: string, pick: (below: number) => number) => void;

const edits: readonly Edit[] = [
  (lines, at) => lines.splice(at, 1),
  (lines, at, other) => lines.splice(at, 0, other),
  (lines, at, _, pick) => lines.splice(at, 1, (lines[at] ?? '').slice(0, pick((lines[at] ?? '').length + 1))),
  (lines, at) => lines.splice(at, 1, `${lines[at]} \\`),
  (lines, at) => lines.push(...lines.splice(at, 1)),
  (lines, at) => lines.splice(at, 1, (lines[at] ?? '').toLowerCase()),
  (lines, at, other) => lines.splice(at, 0, 'RUN <<EOF', other, 'EOF'),
  (lines, at, _, pick) => {
    const line = lines[at] ?? '';
    const column = pick(line.length + 1);
    lines.splice(at, 1, line.slice(0, column) + fragments[pick(fragments.length)] + line.slice(column));
  },
];

/** A document as it looks while somebody edits it: one to three small changes, with lines of other documents. */
export function mutate(text: string, others: readonly string[], pick: (below: number) => number): string {
  const lines = text.split('\n');
  for (let left = 1 + pick(3); left > 0; left--) {
    edits[pick(edits.length)]?.(lines, pick(lines.length), others[pick(others.length)] ?? '', pick);
  }
  return lines.join('\n');
}
