/** Records how decisions came out and which conditions they saw, for branch, condition and MC/DC coverage. */

/** Conditions of one decision that can be told apart: a vector has one ternary digit each and must stay below 2^53. */
export const RECORDED_CONDITIONS = 32;

/** A vector holds one digit in base 3 for each condition: 0 (not evaluated), 1 (FALSE) or 2 (TRUE). */
const DIGITS: readonly number[] = Array.from({ length: RECORDED_CONDITIONS }, (_, index) => 3 ** index);

/** The value of a condition in a vector; null when it was not evaluated. */
export function conditionIn(vector: number, index: number): boolean | null {
  const digit = Math.floor(vector / (DIGITS[index] ?? Number.POSITIVE_INFINITY)) % 3;
  return digit === 0 ? null : digit === 2;
}

export class CoverageRecorder {
  readonly #vectors: number[] = [];
  readonly #records = new Map<number, Map<number, number>>();
  readonly #branches: number[] = [];

  /** A decision begins. Gives its number back, so that the call can stand as an argument before its value. */
  enter(decision: number): number {
    this.#vectors[decision] = 0;
    return decision;
  }

  condition(decision: number, index: number, value: boolean): boolean {
    const digit = DIGITS[index];
    if (digit !== undefined) this.#vectors[decision] = (this.#vectors[decision] ?? 0) + (value ? 2 : 1) * digit;
    return value;
  }

  decide(decision: number, outcome: boolean): boolean {
    let records = this.#records.get(decision);
    if (records === undefined) {
      records = new Map();
      this.#records.set(decision, records);
    }
    const key = 2 * (this.#vectors[decision] ?? 0) + (outcome ? 1 : 0);
    records.set(key, (records.get(key) ?? 0) + 1);
    return outcome;
  }

  branch(branch: number): void {
    this.#branches[branch] = (this.#branches[branch] ?? 0) + 1;
  }

  /** Distinct records of a decision with their counts: keys are `2 * vector + outcome`. */
  recordsOf(decision: number): ReadonlyMap<number, number> {
    return this.#records.get(decision) ?? new Map();
  }

  hitsOfBranch(branch: number): number {
    return this.#branches[branch] ?? 0;
  }
}
