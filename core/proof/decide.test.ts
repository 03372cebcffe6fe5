import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BDD_LIMIT, Bdd, type BddNode } from './bdd.js';
import { Circuit, type Literal, not } from './circuit.js';
import { decide } from './decide.js';
import { solve } from './sat.js';

const VARIABLES = 6;

type Formula =
  | { readonly op: 'var'; readonly index: number }
  | { readonly op: 'not'; readonly a: Formula }
  | { readonly op: 'and' | 'or' | 'xor'; readonly a: Formula; readonly b: Formula }
  | { readonly op: 'ite'; readonly a: Formula; readonly b: Formula; readonly c: Formula };

const formulas = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.record({ op: fc.constant('var' as const), index: fc.nat(VARIABLES - 1) }),
    fc.record({ op: fc.constant('not' as const), a: tie('formula') }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const, 'xor' as const),
      a: tie('formula'),
      b: tie('formula'),
    }),
    fc.record({ op: fc.constant('ite' as const), a: tie('formula'), b: tie('formula'), c: tie('formula') }),
  ),
})).formula;

function truth(formula: Formula, row: number): boolean {
  switch (formula.op) {
    case 'var':
      return ((row >> formula.index) & 1) === 1;
    case 'not':
      return !truth(formula.a, row);
    case 'and':
      return truth(formula.a, row) && truth(formula.b, row);
    case 'or':
      return truth(formula.a, row) || truth(formula.b, row);
    case 'xor':
      return truth(formula.a, row) !== truth(formula.b, row);
    case 'ite':
      return truth(formula.a, row) ? truth(formula.b, row) : truth(formula.c, row);
  }
}

function build<T>(
  formula: Formula,
  variables: readonly T[],
  algebra: { not(a: T): T; and(a: T, b: T): T; or(a: T, b: T): T; xor(a: T, b: T): T; ite(a: T, b: T, c: T): T },
): T {
  const at = (each: Formula): T => build(each, variables, algebra);
  switch (formula.op) {
    case 'var': {
      const variable = variables[formula.index];
      if (variable === undefined) throw new Error('no such variable');
      return variable;
    }
    case 'not':
      return algebra.not(at(formula.a));
    case 'ite':
      return algebra.ite(at(formula.a), at(formula.b), at(formula.c));
    default:
      return algebra[formula.op](at(formula.a), at(formula.b));
  }
}

const ROWS = Array.from({ length: 1 << VARIABLES }, (_, row) => row);
const levelsOf = (row: number) =>
  new Map(Array.from({ length: VARIABLES }, (_, level) => [level, ((row >> level) & 1) === 1]));

function newBdd(): { bdd: Bdd; variables: BddNode[] } {
  const bdd = new Bdd(100_000);
  return { bdd, variables: Array.from({ length: VARIABLES }, (_, level) => bdd.variable(level)) };
}

describe('decision diagrams', () => {
  it('agree with the truth table, and equal functions are the same node', () => {
    fc.assert(
      fc.property(formulas, formulas, (first, second) => {
        const { bdd, variables } = newBdd();
        const f = build(first, variables, bdd);
        const g = build(second, variables, bdd);
        for (const row of ROWS) expect(bdd.evaluate(f, levelsOf(row))).toBe(truth(first, row));
        expect(f === g).toBe(ROWS.every((row) => truth(first, row) === truth(second, row)));
      }),
      { numRuns: 200 },
    );
  });

  it('restrict, compose and exists mean what they say', () => {
    fc.assert(
      fc.property(formulas, formulas, fc.nat(VARIABLES - 1), (first, second, level) => {
        const { bdd, variables } = newBdd();
        const f = build(first, variables, bdd);
        const g = build(second, variables, bdd);
        const bit = 1 << level;
        const restricted = bdd.restrict(f, level, true);
        const composed = bdd.compose(f, level, g);
        const quantified = bdd.exists(f, new Set([level]));
        for (const row of ROWS) {
          const high = truth(first, row | bit);
          const low = truth(first, row & ~bit);
          expect(bdd.evaluate(restricted, levelsOf(row))).toBe(high);
          expect(bdd.evaluate(composed, levelsOf(row))).toBe(truth(second, row) ? high : low);
          expect(bdd.evaluate(quantified, levelsOf(row))).toBe(high || low);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a satisfying path satisfies whatever the variables it leaves out', () => {
    fc.assert(
      fc.property(formulas, (formula) => {
        const { bdd, variables } = newBdd();
        const f = build(formula, variables, bdd);
        const path = bdd.satisfyingPath(f);
        expect(path === null).toBe(ROWS.every((row) => !truth(formula, row)));
        if (path === null) return;
        const matching = ROWS.filter((row) =>
          [...path].every(([level, value]) => (((row >> level) & 1) === 1) === value),
        );
        expect(matching.every((row) => truth(formula, row))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('reports its node limit and never mistakes it for a function', () => {
    const bdd = new Bdd(10);
    let parity: BddNode = bdd.variable(0);
    for (let level = 1; level < 20; level++) parity = bdd.xor(parity, bdd.variable(level));
    expect(parity).toBe(BDD_LIMIT);
    expect(bdd.not(parity)).toBe(BDD_LIMIT);
    expect(bdd.and(parity, 0)).toBe(BDD_LIMIT);
  });
});

describe('the SAT solver', () => {
  const literal = fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.boolean())
    .map(([variable, sign]) => (sign ? variable : -variable));

  it('agrees with brute force', () => {
    fc.assert(
      fc.property(fc.array(fc.array(literal, { minLength: 1, maxLength: 3 }), { maxLength: 45 }), (clauses) => {
        const holds = (row: number): boolean =>
          clauses.every((clause) => clause.some((each) => ((row >> (Math.abs(each) - 1)) & 1) === (each > 0 ? 1 : 0)));
        const expected = Array.from({ length: 256 }, (_, row) => row).some(holds);
        const result = solve(8, clauses, 10_000);
        expect(result.kind).toBe(expected ? 'satisfiable' : 'unsatisfiable');
        if (result.kind === 'satisfiable') {
          expect(clauses.every((clause) => clause.some((each) => result.model.has(Math.abs(each)) === each > 0))).toBe(
            true,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('refutes the pigeon hole principle, which needs real search', () => {
    const holes = 6;
    const at = (pigeon: number, hole: number): number => pigeon * holes + hole + 1;
    const clauses: number[][] = [];
    for (let pigeon = 0; pigeon <= holes; pigeon++) {
      clauses.push(Array.from({ length: holes }, (_, hole) => at(pigeon, hole)));
      for (let other = 0; other < pigeon; other++) {
        for (let hole = 0; hole < holes; hole++) clauses.push([-at(pigeon, hole), -at(other, hole)]);
      }
    }
    expect(solve((holes + 1) * holes, clauses, 1_000_000).kind).toBe('unsatisfiable');
    expect(solve((holes + 1) * holes, clauses, 3).kind).toBe('limit');
  });
});

describe('decide', () => {
  const decisionOf = (formula: Formula, nodeLimit: number) => {
    const circuit = new Circuit();
    const inputs = Array.from({ length: VARIABLES }, () => circuit.input());
    const goal = build<Literal>(formula, inputs, {
      not,
      and: (a, b) => circuit.and(a, b),
      or: (a, b) => circuit.or(a, b),
      xor: (a, b) => circuit.xor(a, b),
      ite: (a, b, c) => circuit.ite(a, b, c),
    });
    return { circuit, goal, decision: decide(circuit, goal, { nodeLimit, conflictLimit: 10_000, reorder: true }) };
  };

  for (const [name, nodeLimit] of [
    ['by decision diagram', 100_000],
    ['by the SAT solver when the diagram is too large', 3],
  ] as const) {
    it(`agrees with the truth table ${name}`, () => {
      fc.assert(
        fc.property(formulas, (formula) => {
          const { circuit, goal, decision } = decisionOf(formula, nodeLimit);
          expect(decision.kind).toBe(ROWS.some((row) => truth(formula, row)) ? 'satisfiable' : 'unsatisfiable');
          if (decision.kind === 'satisfiable') expect(circuit.evaluate(goal, decision.assignment)).toBe(true);
        }),
        { numRuns: 300 },
      );
    });
  }
});
