/** Counts what the verifiers did with the mutations. */

import type { Judgement } from './judge-mutation.js';
import type { Candidate } from './sample.js';

export type Outcome =
  /** Vetoed, and the code compiles (or the compiler's refusal is part of the offence). */
  | 'vetoed'
  /** Passed. */
  | 'passed'
  /** The compiler refuses it: not a change of a running machine. */
  | 'excluded-compile'
  /** Passed, and proved to switch no hazard on in any scan: all of them equal or stronger. */
  | 'excluded-proved';

export interface Result {
  readonly site: string;
  readonly group: string;
  readonly operator: string;
  readonly place: string;
  readonly reason: string;
  readonly outcome: Outcome;
  readonly judgement: Judgement;
}

/** What became of an unsafe edit. */
export function unsafeResult({ machine, operator, mutation }: Candidate, judgement: Judgement): Result {
  const isRefused = operator.refused === 'excluded' && judgement.vetoes.includes('compile');
  const isProved = operator.proofExcuses && judgement.status === 'passed' && judgement.isEqualOrStronger;
  return {
    site: machine.name,
    group: operator.group,
    operator: operator.name,
    place: mutation.place,
    reason: mutation.reason,
    outcome: isRefused
      ? 'excluded-compile'
      : judgement.status === 'failed'
        ? 'vetoed'
        : isProved
          ? 'excluded-proved'
          : 'passed',
    judgement,
  };
}

/** What became of a harmless edit. */
export function harmlessResult({ machine, operator, mutation }: Candidate, judgement: Judgement): Result {
  return {
    site: machine.name,
    group: operator.group,
    operator: operator.name,
    place: mutation.place,
    reason: mutation.reason,
    outcome:
      judgement.status === 'passed' ? 'passed' : judgement.vetoes.includes('compile') ? 'excluded-compile' : 'vetoed',
    judgement,
  };
}

export interface GroupCount {
  readonly group: string;
  readonly vetoed: number;
  readonly passed: number;
  readonly excludedCompile: number;
  readonly excludedProved: number;
}

export function countByGroup(results: readonly Result[]): GroupCount[] {
  const groups = [...new Set(results.map(({ group }) => group))].sort();
  return groups.map((group) => {
    const own = results.filter((each) => each.group === group);
    const count = (outcome: Outcome): number => own.filter((each) => each.outcome === outcome).length;
    return {
      group,
      vetoed: count('vetoed'),
      passed: count('passed'),
      excludedCompile: count('excluded-compile'),
      excludedProved: count('excluded-proved'),
    };
  });
}

/** Per stage: vetoed mutants that it vetoed, and those that it alone vetoed. */
export function countByStage(results: readonly Result[]): Readonly<Record<string, { vetoed: number; alone: number }>> {
  const counts: Record<string, { vetoed: number; alone: number }> = {};
  for (const { outcome, judgement } of results) {
    if (outcome !== 'vetoed') continue;
    for (const stage of judgement.vetoes) {
      const count = counts[stage] ?? { vetoed: 0, alone: 0 };
      counts[stage] = { vetoed: count.vetoed + 1, alone: count.alone + (judgement.vetoes.length === 1 ? 1 : 0) };
    }
  }
  return counts;
}

/** The value below which the given share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
