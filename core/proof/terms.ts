/**
 * Values that are not Boolean. The prover does no arithmetic: a number is either a constant, a symbol, or an operator
 * applied to terms; equal construction gives the same term. Comparisons of terms become Boolean atoms, and the order
 * axioms between the atoms of one term (`order-axioms.ts`) keep the abstraction exact enough for limits and state machines.
 *
 * Atoms are reduced to few forms so that different spellings meet: an integer `x` compared with constants only ever
 * gives `x < k` (`x <= 4` is `x < 5`, `x = 4` is `NOT x < 4 AND x < 5`); reals give `x < k` and `x <= k` (NaN is
 * left out by assumption); two terms give `a < b` with the operands as they are.
 */

import { Circuit, FALSE, type Literal, nodeOf, not, TRUE } from './circuit.js';

export type TermId = number;
export type TermConstant = bigint | number | string;

/** How the values of a comparison are ordered. `opaque`: only equality means something. */
export type Domain = 'integer' | 'real' | 'opaque';

export interface IntegerRange {
  readonly lower: bigint;
  readonly upper: bigint;
}

export type Term =
  | { readonly kind: 'constant'; readonly value: TermConstant }
  | { readonly kind: 'symbol'; readonly name: string; readonly range: IntegerRange | null }
  /** A pointer, reference or interface value: the access path of what it points to. */
  | { readonly kind: 'address'; readonly path: string }
  | { readonly kind: 'apply'; readonly operator: string; readonly operands: readonly TermId[] };

/** A value that depends on conditions: the guards exclude each other and one of them always holds. */
export interface Alternative {
  readonly guard: Literal;
  readonly term: TermId;
}
export type Choice = readonly Alternative[];

/** The value of a variable: a literal for BOOL, else a choice of terms. */
export type Value = Literal | Choice;

/** The same terms under the same guards: equal without a look at what they are, as two versions mostly compute. */
function isSameChoice(a: Choice, b: Choice): boolean {
  return (
    a.length === b.length &&
    a.every(({ guard, term }) => b.some((other) => other.guard === guard && other.term === term))
  );
}

export function isChoice(value: Value): value is Choice {
  return typeof value !== 'number';
}

/** What a free Boolean of the circuit stands for, for witnesses. */
export type Meaning =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'less'; readonly left: TermId; readonly right: TermId; readonly orEqual: boolean }
  | { readonly kind: 'equal'; readonly left: TermId; readonly right: TermId }
  | { readonly kind: 'bit'; readonly term: TermId; readonly bit: string };

/** More alternatives than this are no longer told apart. */
const ALTERNATIVE_LIMIT = 64;
/** Merged choices of the same terms that are compared with each other. */
const MERGED_LIMIT = 6;

interface OracleCall {
  readonly inputs: readonly Value[];
  readonly outputs: Map<string, Value>;
  readonly name: string;
}

/** Answers for what has no model: some function of its inputs, the same for the same inputs. */
export interface Oracle {
  boolean(pin: string): Literal;
  choice(pin: string, range?: IntegerRange | null): Choice;
}

/** `tuned`: the difference is no matter of safety. Else the shorter of both times in nanoseconds. */
export type ChangedTime = 'tuned' | bigint;

export class TermStore {
  readonly circuit = new Circuit();
  readonly #terms: Term[] = [];
  readonly #ids = new Map<string, TermId>();
  readonly #booleans = new Map<string, Literal>();
  readonly #meanings = new Map<number, Meaning>();
  readonly #atoms = new Map<string, Literal>();
  readonly #oracles = new Map<string, OracleCall[]>();
  /** Timers whose constant, positive time changed, by path before the change. */
  readonly changedTimes: ReadonlyMap<string, ChangedTime>;

  constructor(changedTimes: ReadonlyMap<string, ChangedTime> = new Map()) {
    this.changedTimes = changedTimes;
  }

  term(id: TermId): Term {
    const term = this.#terms[id];
    if (term === undefined) throw new RangeError(`no term ${id}`);
    return term;
  }

  #intern(key: string, term: Term): TermId {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#terms.push(term);
    this.#ids.set(key, this.#terms.length - 1);
    return this.#terms.length - 1;
  }

  constant(value: TermConstant): TermId {
    return this.#intern(`${typeof value}:${value}`, { kind: 'constant', value });
  }

  symbol(name: string, range: IntegerRange | null = null): TermId {
    return this.#intern(`symbol:${name}`, { kind: 'symbol', name, range });
  }

  address(path: string): TermId {
    return this.#intern(`address:${path}`, { kind: 'address', path });
  }

  apply(operator: string, operands: readonly TermId[]): TermId {
    return this.#intern(`${operator}(${operands.join()})`, { kind: 'apply', operator, operands });
  }

  constantOf(id: TermId): TermConstant | null {
    const term = this.term(id);
    return term.kind === 'constant' ? term.value : null;
  }

  /** The free Boolean variable of this name; the same name gives the same literal. */
  boolean(name: string): Literal {
    const known = this.#booleans.get(name);
    if (known !== undefined) return known;
    return this.#newInput({ kind: 'variable', name }, (literal) => this.#booleans.set(name, literal));
  }

  meaningOf(node: number): Meaning | null {
    return this.#meanings.get(node) ?? null;
  }

  #newInput(meaning: Meaning, register: (literal: Literal) => void): Literal {
    const literal = this.circuit.input();
    this.#meanings.set(nodeOf(literal), meaning);
    register(literal);
    return literal;
  }

  // ------------------------------------------------------------------------------------------------ choices

  single(term: TermId): Choice {
    return [{ guard: TRUE, term }];
  }

  constantChoice(value: TermConstant): Choice {
    return this.single(this.constant(value));
  }

  /** `condition ? whenTrue : whenFalse` of two values of one kind. */
  ite(condition: Literal, whenTrue: Value, whenFalse: Value): Value {
    if (condition === TRUE) return whenTrue;
    if (condition === FALSE) return whenFalse;
    if (isChoice(whenTrue) && isChoice(whenFalse)) {
      return this.#collect([
        ...whenTrue.map(({ guard, term }) => ({ guard: this.circuit.and(condition, guard), term })),
        ...whenFalse.map(({ guard, term }) => ({ guard: this.circuit.and(not(condition), guard), term })),
      ]);
    }
    return this.circuit.ite(condition, this.asLiteral(whenTrue), this.asLiteral(whenFalse));
  }

  /** Applies a function to every combination of alternatives. */
  combine(operands: readonly Choice[], operation: (terms: readonly TermId[]) => Choice): Choice {
    let rows: { guard: Literal; terms: readonly TermId[] }[] = [{ guard: TRUE, terms: [] }];
    for (const operand of operands) {
      const source = rows.length * operand.length > ALTERNATIVE_LIMIT ? this.#merged(operand) : operand;
      rows = rows.flatMap((row) =>
        source
          .map(({ guard, term }) => ({ guard: this.circuit.and(row.guard, guard), terms: [...row.terms, term] }))
          .filter(({ guard }) => guard !== FALSE),
      );
    }
    return this.#collect(
      rows.flatMap((row) =>
        operation(row.terms).map(({ guard, term }) => ({ guard: this.circuit.and(row.guard, guard), term })),
      ),
    );
  }

  /** Some Boolean function of every combination of alternatives. */
  combineBoolean(operands: readonly Choice[], operation: (terms: readonly TermId[]) => Literal): Literal {
    let result = FALSE;
    const visit = (index: number, guard: Literal, terms: readonly TermId[]): void => {
      if (guard === FALSE) return;
      const operand = operands[index];
      if (operand === undefined) {
        result = this.circuit.or(result, this.circuit.and(guard, operation(terms)));
        return;
      }
      for (const each of operand) visit(index + 1, this.circuit.and(guard, each.guard), [...terms, each.term]);
    };
    visit(0, TRUE, []);
    return result;
  }

  #collect(alternatives: readonly Alternative[]): Choice {
    const byTerm = new Map<TermId, Literal>();
    for (const { guard, term } of alternatives) {
      if (guard !== FALSE) byTerm.set(term, this.circuit.or(byTerm.get(term) ?? FALSE, guard));
    }
    const merged = [...byTerm].map(([term, guard]) => ({ guard, term }));
    return merged.length > ALTERNATIVE_LIMIT ? this.#merged(merged) : merged;
  }

  /**
   * A choice whose alternatives are no longer told apart: an unknown value that is the same as that of another merged
   * choice of the same terms wherever their guards agree.
   */
  #merged(choice: Choice): Choice {
    if (choice.length === 1) return choice;
    const sorted = [...choice].sort((a, b) => a.term - b.term);
    const group = `merged:${sorted.map(({ term }) => term).join()}`;
    const guards = sorted.map(({ guard }) => guard);
    const isCrowded = (this.#oracles.get(group)?.length ?? 0) >= MERGED_LIMIT;
    return isCrowded
      ? this.single(this.symbol(`${group}:${guards.join()}`))
      : this.oracle(group, guards).choice('value');
  }

  asLiteral(value: Value): Literal {
    return isChoice(value) ? this.combineBoolean([value], ([term]) => this.#truthOf(term ?? 0)) : value;
  }

  asChoice(value: Value): Choice {
    return isChoice(value)
      ? value
      : this.#collect([
          { guard: value, term: this.constant(1n) },
          { guard: not(value), term: this.constant(0n) },
        ]);
  }

  #truthOf(term: TermId): Literal {
    const constant = this.constantOf(term);
    if (constant !== null) return constant === 0n || constant === 0 || constant === '' ? FALSE : TRUE;
    return not(this.#equalTerms(term, this.constant(0n), 'integer'));
  }

  // ------------------------------------------------------------------------------------------------ comparisons

  equal(a: Value, b: Value, domain: Domain): Literal {
    if (!isChoice(a) && !isChoice(b)) return this.circuit.equal(a, b);
    const left = this.asChoice(a);
    const right = this.asChoice(b);
    if (isSameChoice(left, right)) return TRUE;
    return this.combineBoolean([left, right], ([l, r]) => this.#equalTerms(l ?? 0, r ?? 0, domain));
  }

  less(a: Value, b: Value, domain: Domain): Literal {
    return this.combineBoolean([this.asChoice(a), this.asChoice(b)], ([l, r]) =>
      this.#lessTerms(l ?? 0, r ?? 0, domain),
    );
  }

  lessOrEqual(a: Value, b: Value, domain: Domain): Literal {
    return domain === 'opaque'
      ? this.circuit.or(this.less(a, b, domain), this.equal(a, b, domain))
      : not(this.less(b, a, domain));
  }

  #equalTerms(first: TermId, second: TermId, domain: Domain): Literal {
    const a = this.#inDomain(first, domain);
    const b = this.#inDomain(second, domain);
    if (a === b) return TRUE;
    const left = this.term(a);
    const right = this.term(b);
    if (left.kind === 'constant' && right.kind === 'constant')
      return compareConstants(left.value, right.value) === 0 ? TRUE : FALSE;
    if (left.kind === 'address' && right.kind === 'address') return FALSE;
    if (domain === 'opaque' || left.kind === 'address' || right.kind === 'address') {
      const [low, high] = a < b ? [a, b] : [b, a];
      return this.#atom(`=:${low}:${high}`, { kind: 'equal', left: low, right: high });
    }
    return this.circuit.and(not(this.#lessTerms(a, b, domain)), not(this.#lessTerms(b, a, domain)));
  }

  /** Constants of a comparison of reals are reals: `x > 5` and `x > 5.0` are one atom. */
  #inDomain(term: TermId, domain: Domain): TermId {
    const value = domain === 'real' ? this.constantOf(term) : null;
    return typeof value === 'bigint' ? this.constant(Number(value)) : term;
  }

  #lessTerms(first: TermId, second: TermId, domain: Domain): Literal {
    const a = this.#inDomain(first, domain);
    const b = this.#inDomain(second, domain);
    if (a === b) return FALSE;
    const left = this.constantOf(a);
    const right = this.constantOf(b);
    if (left !== null && right !== null) return compareConstants(left, right) < 0 ? TRUE : FALSE;
    if (domain === 'integer' && typeof right === 'bigint') return this.#below(a, right);
    // k < x is NOT x < k + 1
    if (domain === 'integer' && typeof left === 'bigint') return not(this.#below(b, left + 1n));
    if (domain === 'real' && left !== null) {
      return not(this.#atom(`<=:${b}:${a}`, { kind: 'less', left: b, right: a, orEqual: true }));
    }
    return this.#atom(`<:${a}:${b}`, { kind: 'less', left: a, right: b, orEqual: false });
  }

  #below(term: TermId, bound: bigint): Literal {
    const range = this.rangeOf(term);
    if (range !== null && bound <= range.lower) return FALSE;
    if (range !== null && bound > range.upper) return TRUE;
    const right = this.constant(bound);
    return this.#atom(`<:${term}:${right}`, { kind: 'less', left: term, right, orEqual: false });
  }

  /** Integers that a term can have; null when nothing is known. */
  rangeOf(id: TermId): IntegerRange | null {
    const term = this.term(id);
    if (term.kind === 'symbol') return term.range;
    if (term.kind === 'constant')
      return typeof term.value === 'bigint' ? { lower: term.value, upper: term.value } : null;
    return null;
  }

  /** One bit of a term; `bit` names it, for example `3`. */
  bit(term: TermId, bit: string): Literal {
    return this.#atom(`bit:${term}:${bit}`, { kind: 'bit', term, bit });
  }

  #atom(key: string, meaning: Meaning): Literal {
    const known = this.#atoms.get(key);
    if (known !== undefined) return known;
    return this.#newInput(meaning, (literal) => this.#atoms.set(key, literal));
  }

  // ------------------------------------------------------------------------------------------------ oracles

  /** Whether two lists of values are equal, as a literal. */
  allEqual(a: readonly Value[], b: readonly Value[]): Literal {
    if (a.length !== b.length) return FALSE;
    let result = TRUE;
    for (let index = 0; index < a.length && result !== FALSE; index++) {
      result = this.circuit.and(result, this.equal(a[index] ?? FALSE, b[index] ?? FALSE, 'integer'));
    }
    return result;
  }

  /**
   * An unknown function named `group` at these inputs. Two calls of one group answer alike where their inputs are
   * equal, so an unchanged timer of two versions of a program is the same timer.
   */
  oracle(group: string, inputs: readonly Value[]): Oracle {
    const calls = this.#oracles.get(group) ?? [];
    this.#oracles.set(group, calls);
    const same = calls.find((call) => this.allEqual(call.inputs, inputs) === TRUE);
    if (same !== undefined) return this.#answersOf(same, []);
    const call: OracleCall = { inputs, outputs: new Map(), name: `${group}#${calls.length}` };
    const earlier = [...calls];
    calls.push(call);
    return this.#answersOf(call, earlier);
  }

  #answersOf(call: OracleCall, earlier: readonly OracleCall[]): Oracle {
    const answer = (pin: string, fresh: () => Value, of: (oracle: Oracle) => Value): Value => {
      const known = call.outputs.get(pin);
      if (known !== undefined) return known;
      let value = fresh();
      earlier.forEach((other, index) => {
        const agrees = this.allEqual(other.inputs, call.inputs);
        if (agrees !== FALSE) value = this.ite(agrees, of(this.#answersOf(other, earlier.slice(0, index))), value);
      });
      call.outputs.set(pin, value);
      return value;
    };
    const name = (pin: string): string => `${call.name}.${pin}`;
    return {
      boolean: (pin) =>
        this.asLiteral(
          answer(
            pin,
            () => this.boolean(name(pin)),
            (oracle) => oracle.boolean(pin),
          ),
        ),
      choice: (pin, range = null) =>
        this.asChoice(
          answer(
            pin,
            () => this.single(this.symbol(name(pin), range)),
            (oracle) => oracle.choice(pin, range),
          ),
        ),
    };
  }
}

/** Order of two constants; numbers of both kinds compare by value, texts by code units. */
export function compareConstants(a: TermConstant, b: TermConstant): number {
  if (typeof a === 'string' || typeof b === 'string') {
    const left = String(a);
    const right = String(b);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
