/** Clauses with unit propagation: two watched literals per clause, nothing is ever learnt or guessed. */

const UNASSIGNED = -2;
const ASSUMED = -1;

/** Clauses over literals `2 * node + sign` with small node numbers. */
export class ClauseSet {
  readonly #clauses: number[][] = [];
  /** Clauses by watched literal. */
  readonly #watches: number[][] = [];
  readonly #units: number[] = [];
  /** By literal: the clause that made it TRUE, `ASSUMED`, or `UNASSIGNED`. */
  readonly #reasons: number[] = [];
  readonly #trail: number[] = [];
  /** Literals at the start of the trail that follow from the clauses alone, and how far they were propagated. */
  #settled = 0;
  #settledUnits = 0;
  #firstEmpty = -1;

  /** Adds a clause and gives its number, counted from 0. */
  add(literals: readonly number[]): number {
    const clause = [...new Set(literals)];
    const index = this.#clauses.length;
    this.#clauses.push(clause);
    for (const literal of clause) this.#reserve(literal | 1);
    const [first, second] = this.#withOpenFirst(clause);
    if (first === undefined) {
      if (this.#firstEmpty < 0) this.#firstEmpty = index;
    } else if (second === undefined) this.#units.push(index);
    else {
      this.#watches[first]?.push(index);
      this.#watches[second]?.push(index);
      // all but the first literal may be FALSE already: then it is a unit of what is settled
      if (this.#isFalse(second)) this.#units.push(index);
    }
    return index;
  }

  /** Whether the clause follows by unit propagation: its negation leads to a contradiction. */
  implies(clause: readonly number[]): boolean {
    if (this.#firstEmpty >= 0) return true;
    if (!this.#settle()) return true;
    const conflict = this.#assume(clause) ?? this.#run(this.#clauses.length);
    this.#undo(this.#settled);
    return conflict !== null;
  }

  #reserve(literal: number): void {
    while (this.#reasons.length <= literal) {
      this.#reasons.push(UNASSIGNED);
      this.#watches.push([]);
    }
  }

  #isTrue(literal: number): boolean {
    return (this.#reasons[literal] ?? UNASSIGNED) !== UNASSIGNED;
  }

  #isFalse(literal: number): boolean {
    return this.#isTrue(literal ^ 1);
  }

  /** Moves literals that are not FALSE to the front, so that they are watched. */
  #withOpenFirst(clause: number[]): number[] {
    clause.sort((a, b) => Number(this.#isFalse(a)) - Number(this.#isFalse(b)));
    return clause;
  }

  /** Propagates the clauses alone, once for all that follows; false when they contradict each other. */
  #settle(): boolean {
    this.#undo(this.#settled);
    for (; this.#settledUnits < this.#units.length; this.#settledUnits++) {
      if (this.#force(this.#units[this.#settledUnits] ?? 0) === null) continue;
      return this.#contradicted();
    }
    if (this.#run(this.#clauses.length) !== null) return this.#contradicted();
    this.#settled = this.#trail.length;
    return true;
  }

  #contradicted(): false {
    this.#undo(0);
    this.#settled = 0;
    this.#settledUnits = 0;
    return false;
  }

  /** Makes the only literal of a clause TRUE that is not FALSE; gives the clause when there is none. */
  #force(index: number): number | null {
    const first = this.#clauses[index]?.find((literal) => !this.#isFalse(literal));
    if (first === undefined) return index;
    const isUnit = this.#clauses[index]?.every((literal) => literal === first || this.#isFalse(literal)) === true;
    if (isUnit && !this.#isTrue(first)) this.#assign(first, index);
    return null;
  }

  #assign(literal: number, reason: number): void {
    this.#reasons[literal] = reason;
    this.#trail.push(literal);
  }

  /** Assumes the negation of a clause. Gives -1 when that is a contradiction at once. */
  #assume(clause: readonly number[]): number | null {
    for (const literal of clause) {
      this.#reserve(literal | 1);
      if (this.#isTrue(literal)) return this.#reasons[literal] ?? ASSUMED;
      if (!this.#isFalse(literal)) this.#assign(literal ^ 1, ASSUMED);
    }
    return null;
  }

  #undo(length: number): void {
    for (let index = this.#trail.length - 1; index >= length; index--)
      this.#reasons[this.#trail[index] ?? 0] = UNASSIGNED;
    this.#trail.length = length;
  }

  /** Propagates to the end; gives a clause that is FALSE, or null. */
  #run(end: number): number | null {
    for (let next = this.#settled; next < this.#trail.length; next++) {
      const conflict = this.#propagate((this.#trail[next] ?? 0) ^ 1, end);
      if (conflict !== null) return conflict;
    }
    return null;
  }

  /** Visits the clauses that watch a literal that became FALSE; gives one that is FALSE altogether. */
  #propagate(falsified: number, end: number): number | null {
    const watchers = this.#watches[falsified] ?? [];
    let kept = 0;
    let conflict: number | null = null;
    for (let at = 0; at < watchers.length; at++) {
      const index = watchers[at] ?? 0;
      const clause = this.#clauses[index] ?? [];
      if (conflict !== null || index >= end) {
        watchers[kept++] = index;
        continue;
      }
      if (clause[0] === falsified) {
        clause[0] = clause[1] ?? 0;
        clause[1] = falsified;
      }
      const other = clause[0] ?? 0;
      if (this.#isTrue(other)) {
        watchers[kept++] = index;
        continue;
      }
      let replacement = -1;
      for (let place = 2; place < clause.length && replacement < 0; place++)
        if (!this.#isFalse(clause[place] ?? 0)) replacement = place;
      if (replacement > 0) {
        const literal = clause[replacement] ?? 0;
        clause[1] = literal;
        clause[replacement] = falsified;
        this.#watches[literal]?.push(index);
        continue;
      }
      watchers[kept++] = index;
      if (this.#isFalse(other)) conflict = index;
      else this.#assign(other, index);
    }
    watchers.length = kept;
    return conflict;
  }
}
