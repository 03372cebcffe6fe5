/** Deterministic choice of mutations: the same seed always judges the same ones. */

import type { Machine } from './machine.js';
import type { Mutation, Operator } from './mutation.js';

export interface Candidate {
  readonly machine: Machine;
  readonly operator: Operator;
  readonly mutation: Mutation;
}

/** Every mutation of the operators on the machines, without those that change nothing or make the same files again. */
export function candidatesOf(machines: readonly Machine[], operators: readonly Operator[]): Candidate[] {
  return machines.flatMap((machine) => {
    const seen = new Set<string>();
    return operators.flatMap((operator) =>
      operator.mutations(machine).flatMap((mutation): Candidate[] => {
        const key = [...mutation.changed]
          .map(([path, bytes]) => `${path}\n${bytes === null ? '' : Buffer.from(bytes).toString('latin1')}`)
          .join('\n');
        const isSame = [...mutation.changed].every(([path, bytes]) => {
          const old = machine.site.snapshot.get(path);
          return bytes !== null && old !== undefined && Buffer.compare(old, bytes) === 0;
        });
        if (isSame || seen.has(key)) return [];
        seen.add(key);
        return [{ machine, operator, mutation }];
      }),
    );
  });
}

/**
 * At most `limit` candidates, dealt round robin over group and machine, so that a small sample still holds every class.
 * Null keeps all.
 */
export function sampled(candidates: readonly Candidate[], limit: number | null, seed: number): Candidate[] {
  if (limit === null || candidates.length <= limit) return [...candidates];
  const random = generator(seed);
  const piles = new Map<string, Candidate[]>();
  for (const candidate of shuffled(candidates, random)) {
    const key = candidate.operator.group;
    piles.set(key, [...(piles.get(key) ?? []), candidate]);
  }
  const chosen: Candidate[] = [];
  for (let round = 0; chosen.length < limit; round += 1) {
    const dealt = [...piles.values()].flatMap((pile) => pile.slice(round, round + 1));
    if (dealt.length === 0) break;
    chosen.push(...dealt.slice(0, limit - chosen.length));
  }
  return chosen;
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** mulberry32: small, and the same on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
