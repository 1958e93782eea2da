/** What is known under a key; made, and kept, where nothing is yet. */
export function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
