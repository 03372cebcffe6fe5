/**
 * A small conflict-driven clause-learning SAT solver: two watched literals, first-UIP learning, VSIDS activities with
 * phase saving, Luby restarts. It decides what outgrows a decision diagram.
 *
 * Variables count from 1; a literal is `+variable` or `-variable`, as in DIMACS.
 */

export type SatResult =
  | { readonly kind: 'satisfiable'; readonly model: ReadonlySet<number> }
  | { readonly kind: 'unsatisfiable' }
  /** The limit of conflicts, or of the clauses looked at for them, was reached first. */
  | { readonly kind: 'limit' };

/**
 * Told how an answer came about. Clauses are numbered from 0: first those that were given, then those that were learnt.
 * The last clause of a refutation is the empty one.
 */
export type ProofTrace = (learnt: readonly number[], antecedents: readonly number[]) => void;

const UNASSIGNED = 0;
/**
 * Clauses that may be looked at, so that few conflicts in a large formula can't take for ever either: some for the
 * formula itself and some for each conflict that is allowed. A count and not a time: the same on every machine.
 */
const VISITS = 2_000_000;
const VISITS_PER_CONFLICT = 2_000;
const VISITS_BETWEEN_SIGNALS = 0x3ffff;
const RESTART_UNIT = 100;
const ACTIVITY_DECAY = 0.95;
const ACTIVITY_CEILING = 1e100;

/** Term `index` (from 1) of the Luby sequence 1 1 2 1 1 2 4 … */
function luby(index: number): number {
  let size = 1;
  while (size < index + 1) size = 2 * size + 1;
  let position = index;
  let length = size;
  while (length - 1 !== position) {
    length = (length - 1) >> 1;
    position %= length;
    if (length <= 1) return 1;
  }
  return (length + 1) >> 1;
}

/**
 * Decides a formula in conjunctive normal form.
 * @param variableCount number of variables; every literal is in ±1..±variableCount
 * @param clauses each a disjunction; an empty clause is FALSE
 * @param conflictLimit conflicts after which the answer is `limit`; it bounds the clauses that are looked at as well
 * @param trace told of each learnt clause in order: with `unsatisfiable` they are a proof by unit propagation
 */
export function solve(
  variableCount: number,
  clauses: readonly (readonly number[])[],
  conflictLimit: number,
  signal?: AbortSignal,
  trace: ProofTrace | null = null,
): SatResult {
  const solver = new Solver(variableCount, trace);
  for (const clause of clauses) solver.addClause(clause);
  return solver.search(conflictLimit, signal);
}

class Solver {
  readonly #variableCount: number;
  readonly #trace: ProofTrace | null;
  /** Numbers of clauses, and of those that consist of one literal; kept only for a trace. */
  readonly #numbers = new Map<readonly number[], number>();
  readonly #unitNumbers = new Map<number, number>();
  #clauseCount = 0;
  readonly #units: number[] = [];
  /** 1 true, -1 false, 0 unassigned. */
  readonly #values: Int8Array;
  readonly #phases: Int8Array;
  readonly #levels: Int32Array;
  /** Clause that forced a variable; null for decisions. */
  readonly #reasons: (number[] | null)[];
  readonly #activities: Float64Array;
  readonly #watches: number[][][];
  readonly #trail: number[] = [];
  readonly #levelStarts: number[] = [];
  readonly #heap: number[] = [];
  readonly #heapPlaces: Int32Array;
  #propagated = 0;
  #visits = 0;
  #visitLimit = VISITS;
  #activityStep = 1;

  constructor(variableCount: number, trace: ProofTrace | null) {
    this.#variableCount = variableCount;
    this.#trace = trace;
    this.#values = new Int8Array(variableCount + 1);
    this.#phases = new Int8Array(variableCount + 1).fill(-1);
    this.#levels = new Int32Array(variableCount + 1);
    this.#reasons = new Array<number[] | null>(variableCount + 1).fill(null);
    this.#activities = new Float64Array(variableCount + 1);
    this.#watches = Array.from({ length: 2 * variableCount + 2 }, () => []);
    this.#heapPlaces = new Int32Array(variableCount + 1).fill(-1);
    for (let variable = 1; variable <= variableCount; variable++) this.#heapInsert(variable);
  }

  addClause(literals: readonly number[]): void {
    const number = this.#clauseCount++;
    const distinct = [...new Set(literals)];
    if (distinct.some((literal) => distinct.includes(-literal))) return;
    const [first, second] = distinct;
    if (second !== undefined) {
      this.#watch(distinct);
      if (this.#trace !== null) this.#numbers.set(distinct, number);
      return;
    }
    // an empty clause is an assignment that can't be made
    this.#units.push(first ?? 0);
    if (!this.#unitNumbers.has(first ?? 0)) this.#unitNumbers.set(first ?? 0, number);
  }

  /** Assigns the clauses of one literal; false when that is a contradiction. */
  #assignUnits(): boolean {
    for (const literal of this.#units) {
      if (literal === 0 || this.#valueOf(literal) === -1) {
        this.#trace?.([], [this.#unitNumbers.get(literal) ?? 0, ...(literal === 0 ? [] : this.#settledBy([literal]))]);
        return false;
      }
      if (this.#valueOf(literal) === UNASSIGNED) this.#assign(literal, null);
    }
    return true;
  }

  search(conflictLimit: number, signal: AbortSignal | undefined): SatResult {
    this.#visitLimit = VISITS + VISITS_PER_CONFLICT * conflictLimit;
    if (!this.#assignUnits()) return { kind: 'unsatisfiable' };
    let conflicts = 0;
    let restarts = 1;
    let untilRestart = RESTART_UNIT * luby(restarts);
    for (;;) {
      const conflict = this.#propagate(signal);
      if (this.#visits > this.#visitLimit) return { kind: 'limit' };
      if (conflict !== null) {
        if (this.#levelStarts.length === 0) {
          this.#trace?.([], [this.#numbers.get(conflict) ?? 0, ...this.#settledBy(conflict)]);
          return { kind: 'unsatisfiable' };
        }
        conflicts++;
        if ((conflicts & 0xf) === 0) signal?.throwIfAborted();
        if (conflicts > conflictLimit) return { kind: 'limit' };
        this.#learn(conflict);
        untilRestart--;
        continue;
      }
      if (untilRestart <= 0) {
        restarts++;
        untilRestart = RESTART_UNIT * luby(restarts);
        this.#backtrack(0);
        continue;
      }
      const variable = this.#nextDecision();
      if (variable === 0) {
        const model = new Set<number>();
        for (let each = 1; each <= this.#variableCount; each++) if (this.#values[each] === 1) model.add(each);
        return { kind: 'satisfiable', model };
      }
      this.#levelStarts.push(this.#trail.length);
      this.#assign((this.#phases[variable] ?? -1) * variable, null);
    }
  }

  #valueOf(literal: number): number {
    const value = this.#values[Math.abs(literal)] ?? UNASSIGNED;
    return literal > 0 ? value : -value;
  }

  #watchersOf(literal: number): number[][] {
    return this.#watches[literal > 0 ? 2 * literal : -2 * literal + 1] ?? [];
  }

  #watch(clause: number[]): void {
    this.#watchersOf(clause[0] ?? 0).push(clause);
    this.#watchersOf(clause[1] ?? 0).push(clause);
  }

  #assign(literal: number, reason: number[] | null): void {
    const variable = Math.abs(literal);
    this.#values[variable] = literal > 0 ? 1 : -1;
    this.#levels[variable] = this.#levelStarts.length;
    this.#reasons[variable] = reason;
    this.#trail.push(literal);
  }

  /** Unit propagation; returns a clause that is false, or null. It may end early once the limit of visits is passed. */
  #propagate(signal: AbortSignal | undefined): number[] | null {
    while (this.#propagated < this.#trail.length && this.#visits <= this.#visitLimit) {
      const falsified = -(this.#trail[this.#propagated++] ?? 0);
      const watchers = this.#watchersOf(falsified);
      const visits = this.#visits + watchers.length + 1;
      if (Math.floor(visits / VISITS_BETWEEN_SIGNALS) > Math.floor(this.#visits / VISITS_BETWEEN_SIGNALS))
        signal?.throwIfAborted();
      this.#visits = visits;
      let kept = 0;
      for (let index = 0; index < watchers.length; index++) {
        const clause = watchers[index] ?? [];
        if (clause[0] === falsified) {
          clause[0] = clause[1] ?? 0;
          clause[1] = falsified;
        }
        const other = clause[0] ?? 0;
        if (this.#valueOf(other) === 1 || !this.#moveWatch(clause)) {
          watchers[kept++] = clause;
          if (this.#valueOf(other) === 1) continue;
          if (this.#valueOf(other) === -1) {
            for (let rest = index + 1; rest < watchers.length; rest++) watchers[kept++] = watchers[rest] ?? [];
            watchers.length = kept;
            this.#propagated = this.#trail.length;
            return clause;
          }
          this.#assign(other, clause);
        }
      }
      watchers.length = kept;
    }
    return null;
  }

  /** Finds another literal to watch in place of the falsified `clause[1]`. */
  #moveWatch(clause: number[]): boolean {
    for (let index = 2; index < clause.length; index++) {
      const candidate = clause[index] ?? 0;
      if (this.#valueOf(candidate) === -1) continue;
      clause[index] = clause[1] ?? 0;
      clause[1] = candidate;
      this.#watchersOf(candidate).push(clause);
      return true;
    }
    return false;
  }

  /** First unique implication point: learns a clause, jumps back and asserts its literal. */
  #learn(conflict: readonly number[]): void {
    const level = this.#levelStarts.length;
    const seen = new Set<number>();
    const learnt: number[] = [];
    let open = 0;
    let clause: readonly number[] = conflict;
    let position = this.#trail.length - 1;
    let pivot = 0;
    const antecedents: number[] = [];
    const settled: number[] = [];
    for (;;) {
      if (this.#trace !== null) antecedents.push(this.#numbers.get(clause) ?? 0);
      for (const literal of clause) {
        const variable = Math.abs(literal);
        if (literal === pivot || seen.has(variable)) continue;
        if ((this.#levels[variable] ?? 0) === 0) {
          settled.push(literal);
          continue;
        }
        seen.add(variable);
        this.#bump(variable);
        if (this.#levels[variable] === level) open++;
        else learnt.push(literal);
      }
      while (!seen.has(Math.abs(this.#trail[position] ?? 0))) position--;
      pivot = this.#trail[position] ?? 0;
      position--;
      open--;
      if (open === 0) break;
      clause = this.#reasons[Math.abs(pivot)] ?? [];
    }
    this.#activityStep /= ACTIVITY_DECAY;
    learnt.sort((a, b) => (this.#levels[Math.abs(b)] ?? 0) - (this.#levels[Math.abs(a)] ?? 0));
    const asserted = [-pivot, ...learnt];
    if (this.#trace !== null) {
      const number = this.#clauseCount++;
      // the clause itself is reordered while it is watched
      this.#trace([...asserted], [...antecedents, ...this.#settledBy(settled)]);
      if (asserted.length > 1) this.#numbers.set(asserted, number);
      else this.#unitNumbers.set(-pivot, number);
    }
    this.#backtrack(learnt.length === 0 ? 0 : (this.#levels[Math.abs(learnt[0] ?? 0)] ?? 0));
    if (asserted.length > 1) this.#watch(asserted);
    this.#assign(-pivot, asserted.length > 1 ? asserted : null);
  }

  /** Numbers of the clauses that make these literals FALSE before any decision. */
  #settledBy(literals: readonly number[]): number[] {
    const numbers = new Set<number>();
    const seen = new Set<number>();
    const stack = [...literals];
    for (let literal = stack.pop(); literal !== undefined; literal = stack.pop()) {
      const variable = Math.abs(literal);
      if (seen.has(variable) || this.#valueOf(literal) !== -1) continue;
      seen.add(variable);
      const reason = this.#reasons[variable] ?? null;
      numbers.add(reason === null ? (this.#unitNumbers.get(-literal) ?? 0) : (this.#numbers.get(reason) ?? 0));
      stack.push(...(reason ?? []));
    }
    return [...numbers];
  }

  #backtrack(level: number): void {
    if (this.#levelStarts.length <= level) return;
    const start = this.#levelStarts[level] ?? 0;
    for (let index = this.#trail.length - 1; index >= start; index--) {
      const literal = this.#trail[index] ?? 0;
      const variable = Math.abs(literal);
      this.#phases[variable] = literal > 0 ? 1 : -1;
      this.#values[variable] = UNASSIGNED;
      this.#reasons[variable] = null;
      if ((this.#heapPlaces[variable] ?? -1) < 0) this.#heapInsert(variable);
    }
    this.#trail.length = start;
    this.#levelStarts.length = level;
    this.#propagated = start;
  }

  #nextDecision(): number {
    while (this.#heap.length > 0) {
      const variable = this.#heapPop();
      if (this.#values[variable] === UNASSIGNED) return variable;
    }
    return 0;
  }

  #bump(variable: number): void {
    this.#activities[variable] = (this.#activities[variable] ?? 0) + this.#activityStep;
    if ((this.#activities[variable] ?? 0) > ACTIVITY_CEILING) {
      for (let each = 1; each <= this.#variableCount; each++) {
        this.#activities[each] = (this.#activities[each] ?? 0) / ACTIVITY_CEILING;
      }
      this.#activityStep /= ACTIVITY_CEILING;
    }
    const place = this.#heapPlaces[variable] ?? -1;
    if (place >= 0) this.#siftUp(place);
  }

  // A binary max-heap of variables by activity; equal activities by number, so that runs are reproducible.

  #before(a: number, b: number): boolean {
    const difference = (this.#activities[a] ?? 0) - (this.#activities[b] ?? 0);
    return difference > 0 || (difference === 0 && a < b);
  }

  #heapInsert(variable: number): void {
    this.#heap.push(variable);
    this.#heapPlaces[variable] = this.#heap.length - 1;
    this.#siftUp(this.#heap.length - 1);
  }

  #heapPop(): number {
    const top = this.#heap[0] ?? 0;
    const last = this.#heap.pop() ?? 0;
    this.#heapPlaces[top] = -1;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#heapPlaces[last] = 0;
      this.#siftDown();
    }
    return top;
  }

  #siftUp(from: number): void {
    let place = from;
    const variable = this.#heap[place] ?? 0;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#heap[parentPlace] ?? 0;
      if (!this.#before(variable, parent)) break;
      this.#heap[place] = parent;
      this.#heapPlaces[parent] = place;
      place = parentPlace;
    }
    this.#heap[place] = variable;
    this.#heapPlaces[variable] = place;
  }

  #siftDown(): void {
    let place = 0;
    const variable = this.#heap[0] ?? 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && this.#before(this.#heap[child + 1] ?? 0, this.#heap[child] ?? 0)) child++;
      const candidate = this.#heap[child] ?? 0;
      if (!this.#before(candidate, variable)) break;
      this.#heap[place] = candidate;
      this.#heapPlaces[candidate] = place;
      place = child;
    }
    this.#heap[place] = variable;
    this.#heapPlaces[variable] = place;
  }
}
