/**
 * Boolean functions as a shared and-inverter graph. Everything that the prover knows about a scan is built here;
 * decision diagrams and the SAT solver are only two ways to decide a literal of it.
 *
 * A literal is `2 * node`, plus 1 when inverted; node 0 is the constant, so FALSE is 0 and TRUE is 1. Equal structure
 * gives the same literal: comparing two literals with `===` is a sound (incomplete) test for equal functions.
 */

export type Literal = number;

export const FALSE: Literal = 0;
export const TRUE: Literal = 1;

/** The opposite of a literal. */
export function not(literal: Literal): Literal {
  return literal ^ 1;
}

export function nodeOf(literal: Literal): number {
  return literal >> 1;
}

const INPUT_MARK = -1;

export class Circuit {
  /** Operands per node; `INPUT_MARK` on the left for inputs. */
  readonly #left: number[] = [INPUT_MARK];
  readonly #right: number[] = [INPUT_MARK];
  readonly #unique = new Map<number, Literal>();

  get nodeCount(): number {
    return this.#left.length;
  }

  /** A new free variable. */
  input(): Literal {
    this.#left.push(INPUT_MARK);
    this.#right.push(INPUT_MARK);
    return (this.#left.length - 1) * 2;
  }

  isInput(node: number): boolean {
    return node > 0 && this.#left[node] === INPUT_MARK;
  }

  /** Operands of an AND node. */
  operandsOf(node: number): readonly [Literal, Literal] {
    return [this.#left[node] ?? FALSE, this.#right[node] ?? FALSE];
  }

  and(a: Literal, b: Literal): Literal {
    if (a === b) return a;
    if (a === not(b) || a === FALSE || b === FALSE) return FALSE;
    if (a === TRUE) return b;
    if (b === TRUE) return a;
    const low = Math.min(a, b);
    const high = Math.max(a, b);
    const absorbed = this.#absorb(low, high) ?? this.#absorb(high, low);
    if (absorbed !== null) return absorbed;
    const key = low * 0x4000000 + high;
    const known = this.#unique.get(key);
    if (known !== undefined) return known;
    this.#left.push(low);
    this.#right.push(high);
    const literal = (this.#left.length - 1) * 2;
    this.#unique.set(key, literal);
    return literal;
  }

  /** `a AND b` where `b` is itself a (possibly inverted) AND that mentions `a`. */
  #absorb(a: Literal, b: Literal): Literal | null {
    const node = nodeOf(b);
    const left = this.#left[node] ?? INPUT_MARK;
    if (left === INPUT_MARK) return null;
    const right = this.#right[node] ?? FALSE;
    const inverted = (b & 1) === 1;
    if (left === a || right === a) return inverted ? this.and(a, not(left === a ? right : left)) : b;
    if (left === not(a) || right === not(a)) return inverted ? a : FALSE;
    return null;
  }

  or(a: Literal, b: Literal): Literal {
    return not(this.and(not(a), not(b)));
  }

  implies(a: Literal, b: Literal): Literal {
    return not(this.and(a, not(b)));
  }

  xor(a: Literal, b: Literal): Literal {
    return this.or(this.and(a, not(b)), this.and(not(a), b));
  }

  equal(a: Literal, b: Literal): Literal {
    return not(this.xor(a, b));
  }

  /** `condition ? whenTrue : whenFalse`. */
  ite(condition: Literal, whenTrue: Literal, whenFalse: Literal): Literal {
    if (condition === TRUE || whenTrue === whenFalse) return whenTrue;
    if (condition === FALSE) return whenFalse;
    if (whenTrue === condition) return this.or(condition, whenFalse);
    if (whenTrue === not(condition)) return this.and(not(condition), whenFalse);
    if (whenFalse === condition) return this.and(condition, whenTrue);
    if (whenFalse === not(condition)) return this.or(not(condition), whenTrue);
    return this.or(this.and(condition, whenTrue), this.and(not(condition), whenFalse));
  }

  all(literals: Iterable<Literal>): Literal {
    let result = TRUE;
    for (const literal of literals) result = this.and(result, literal);
    return result;
  }

  any(literals: Iterable<Literal>): Literal {
    let result = FALSE;
    for (const literal of literals) result = this.or(result, literal);
    return result;
  }

  /** Nodes on which the roots depend, operands before users; inputs in the order of their first occurrence. */
  cone(roots: readonly Literal[]): number[] {
    const order: number[] = [];
    const seen = new Set<number>([0]);
    const stack: number[] = [];
    for (const root of roots) {
      stack.push(nodeOf(root));
      while (stack.length > 0) {
        const top = stack.at(-1) ?? 0;
        if (top < 0) {
          stack.pop();
          order.push(-top);
          continue;
        }
        stack.pop();
        if (seen.has(top)) continue;
        seen.add(top);
        const left = this.#left[top] ?? INPUT_MARK;
        if (left === INPUT_MARK) {
          order.push(top);
          continue;
        }
        stack.push(-top, nodeOf(this.#right[top] ?? FALSE), nodeOf(left));
      }
    }
    return order;
  }

  /** Inputs on which the roots depend structurally, in order of first occurrence. */
  support(roots: readonly Literal[]): number[] {
    return this.cone(roots).filter((node) => this.isInput(node));
  }

  /** The value of a literal under an assignment of input nodes; inputs that are not assigned are FALSE. */
  evaluate(literal: Literal, assignment: ReadonlyMap<number, boolean>): boolean {
    return this.evaluateAll([literal], (node) => (assignment.get(node) === true ? -1 : 0))[0] !== 0;
  }

  /**
   * Values of literals in 32 interpretations at once: bit i of each word belongs to interpretation i.
   * @param inputWord the word of an input node
   */
  evaluateAll(literals: readonly Literal[], inputWord: (node: number) => number): number[] {
    const values = new Map<number, number>([[0, 0]]);
    const wordOf = (operand: Literal): number => {
      const word = values.get(nodeOf(operand)) ?? 0;
      return (operand & 1) === 1 ? ~word : word;
    };
    for (const node of this.cone(literals)) {
      if (this.isInput(node)) values.set(node, inputWord(node));
      else {
        const [left, right] = this.operandsOf(node);
        values.set(node, wordOf(left) & wordOf(right));
      }
    }
    return literals.map(wordOf);
  }
}
