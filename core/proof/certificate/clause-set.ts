/** Clauses with unit propagation: two watched literals per clause, nothing is ever learnt or guessed. */

/** Clauses over literals `2 * node + sign`. */
export class ClauseSet {
  readonly #clauses: number[][] = [];
  readonly #watches = new Map<number, number[]>();
  readonly #units: number[] = [];
  #hasEmpty = false;

  /** Adds a clause and gives its number, counted from 0. */
  add(literals: readonly number[]): number {
    const clause = [...new Set(literals)];
    const index = this.#clauses.length;
    this.#clauses.push(clause);
    const [first, second] = clause;
    if (first === undefined) this.#hasEmpty = true;
    else if (second === undefined) this.#units.push(index);
    else {
      this.#watch(first, index);
      this.#watch(second, index);
    }
    return index;
  }

  /** Whether the clause follows by unit propagation: its negation leads to a contradiction. */
  implies(clause: readonly number[]): boolean {
    return this.whyImplied(clause, this.#clauses.length) !== null;
  }

  /**
   * Numbers of the clauses that a contradiction with the negation of `clause` uses, among those before `end`; null when
   * unit propagation finds none.
   */
  whyImplied(clause: readonly number[], end: number): readonly number[] | null {
    if (this.#hasEmpty) {
      const empty = this.#clauses.findIndex((each) => each.length === 0);
      if (empty < end) return [empty];
    }
    /** TRUE literals with the clause that forced them; -1 for what is assumed. */
    const reasons = new Map<number, number>();
    const trail: number[] = [];
    const assign = (literal: number, reason: number): boolean => {
      if (reasons.has(literal ^ 1)) return false;
      if (!reasons.has(literal)) {
        reasons.set(literal, reason);
        trail.push(literal);
      }
      return true;
    };
    for (const literal of clause) if (!assign(literal ^ 1, -1)) return [];
    for (const index of this.#units) {
      if (index < end && !assign(this.#clauses[index]?.[0] ?? 0, index)) return this.#usedFrom(index, reasons);
    }
    for (let next = 0; next < trail.length; next++) {
      const conflict = this.#propagate((trail[next] ?? 0) ^ 1, end, reasons, assign);
      if (conflict !== null) return this.#usedFrom(conflict, reasons);
    }
    return null;
  }

  #watch(literal: number, index: number): void {
    const list = this.#watches.get(literal);
    if (list === undefined) this.#watches.set(literal, [index]);
    else list.push(index);
  }

  /** Visits the clauses that watch a literal that became FALSE; gives one that is FALSE altogether. */
  #propagate(
    falsified: number,
    end: number,
    reasons: ReadonlyMap<number, number>,
    assign: (literal: number, reason: number) => boolean,
  ): number | null {
    const watchers = this.#watches.get(falsified) ?? [];
    const kept: number[] = [];
    let conflict: number | null = null;
    for (const index of watchers) {
      const clause = this.#clauses[index] ?? [];
      if (conflict !== null || index >= end) {
        kept.push(index);
        continue;
      }
      if (clause[0] === falsified) [clause[0], clause[1]] = [clause[1] ?? 0, falsified];
      const other = clause[0] ?? 0;
      const replacement = reasons.has(other)
        ? -1
        : clause.findIndex((literal, at) => at > 1 && !reasons.has(literal ^ 1));
      if (replacement > 1) {
        const literal = clause[replacement] ?? 0;
        [clause[1], clause[replacement]] = [literal, falsified];
        this.#watch(literal, index);
        continue;
      }
      kept.push(index);
      if (!reasons.has(other) && !assign(other, index)) conflict = index;
    }
    this.#watches.set(falsified, kept);
    return conflict;
  }

  /** The clauses on which a conflict rests. */
  #usedFrom(conflict: number, reasons: ReadonlyMap<number, number>): readonly number[] {
    const used = new Set<number>();
    const stack = [conflict];
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (used.has(index)) continue;
      used.add(index);
      for (const literal of this.#clauses[index] ?? []) {
        const reason = reasons.get(literal ^ 1) ?? -1;
        if (reason >= 0 && !used.has(reason)) stack.push(reason);
      }
    }
    return [...used];
  }
}
