/** Seeded pseudo-random numbers: the same seed gives the same campaign on every machine. */

export interface RandomSource {
  /** At least 0, below 1. */
  next(): number;
  /** An integer at least 0, below `limit`. */
  below(limit: number): number;
}

/** The mulberry32 generator: 32 bits of state, good enough to choose inputs. */
export function createRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (limit) => Math.floor(next() * limit) };
}
