/** Remembers what is found out about an object for as long as that lives: several rules ask the same, and at each keystroke again. */
export function perObject<K extends object, V>(find: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as V;
    const value = find(key);
    known.set(key, value);
    return value;
  };
}

/**
 * Remembers results by source text, the least recently used half forgotten: two generations, each of at most `limit` characters of
 * keys. Keys are copied, as a slice would keep the whole document alive that it was cut from; `compute` gets the copy.
 */
export function memoize<T>(limit: number, compute: (source: string) => T): (source: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  let weight = 0;
  const keep = (key: string, value: T) => {
    weight += key.length;
    if (weight > limit) {
      old = young;
      young = new Map();
      weight = key.length;
    }
    young.set(key, value);
  };
  return (source) => {
    const fresh = young.get(source);
    if (fresh !== undefined) return fresh;
    const kept = old.get(source);
    const key = copied(source);
    const value = kept ?? compute(key);
    if (key.length <= limit) keep(key, value);
    return value;
  };
}

/** A string of its own: engines cut slices out of the string they come from. Joining and cutting once more copies. */
function copied(text: string): string {
  return ` ${text}`.slice(1);
}
