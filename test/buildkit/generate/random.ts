/** Random choices that a seed repeats. */
export interface Random {
  /** An integer from 0 to below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Some of the list, in its order, at least `least` where it has as many. */
  some<T>(list: readonly T[], probability: number, least?: number): T[];
  /** By weight: `weighted([[3, 'often'], [1, 'rarely']])`. */
  weighted<T>(choices: readonly (readonly [number, T])[]): T;
  /** A number that no earlier call of this generator gave: makes texts unlike all others. */
  fresh(): number;
}

/** Marsaglia's xorshift with 32 bits of state. */
export function random(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  let counter = 0;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(list: readonly T[]): T => {
    const item = list[below(list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  return {
    below,
    pick,
    chance: (probability) => next() < probability,
    some(list, probability, least = 0) {
      const chosen = new Set(list.filter(() => next() < probability));
      while (chosen.size < Math.min(least, list.length)) chosen.add(pick(list));
      return list.filter((item) => chosen.has(item));
    },
    weighted(choices) {
      const total = choices.reduce((sum, [weight]) => sum + weight, 0);
      let left = next() * total;
      for (const [weight, choice] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      return pick(choices)[1];
    },
    fresh: () => ++counter,
  };
}
