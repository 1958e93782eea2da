// Node's assert is not there in a web worker.

export function ok(value: unknown, message: string): asserts value {
  if (!value) throw new Error(message);
}

export function equal(actual: unknown, expected: unknown, message = 'not equal'): void {
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value, null, 1));
  if (is !== should) throw new Error(`${message}\nexpected: ${should}\n     but: ${is}`);
}

export function includes(text: string, part: string): void {
  ok(text.includes(part), `"${part}" is not in:\n${text}`);
}
