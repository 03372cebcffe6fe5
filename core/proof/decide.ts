/** Decides whether a literal of a circuit can be TRUE: by structure, then a decision diagram, then the SAT solver. */

import { BDD_FALSE, BDD_LIMIT, BDD_TRUE, Bdd, type BddNode } from './bdd.js';
import { type Circuit, FALSE, type Literal, nodeOf, TRUE } from './circuit.js';
import { solve } from './sat.js';

export type DecisionMethod = 'structure' | 'bdd' | 'sat';

export type Decision =
  | { readonly kind: 'unsatisfiable'; readonly method: DecisionMethod }
  | { readonly kind: 'satisfiable'; readonly method: DecisionMethod; readonly assignment: ReadonlyMap<number, boolean> }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface DecideOptions {
  /** Nodes of one decision diagram before the next method is tried. */
  readonly nodeLimit: number;
  /** Conflicts of the SAT solver before the answer is unknown. */
  readonly conflictLimit: number;
  /** Whether a second order of variables is tried when the first diagram is too large. */
  readonly reorder: boolean;
  readonly signal?: AbortSignal;
}

/** Larger cones are not reordered: the SAT solver is faster then. */
const FORCE_LIMIT = 4_000;

export const DEFAULT_DECIDE_OPTIONS: DecideOptions = { nodeLimit: 100_000, conflictLimit: 20_000, reorder: true };

/** Whether `goal` is satisfiable. An assignment maps input nodes; inputs that it leaves out do not matter. */
export function decide(circuit: Circuit, goal: Literal, options: DecideOptions = DEFAULT_DECIDE_OPTIONS): Decision {
  if (goal === FALSE) return { kind: 'unsatisfiable', method: 'structure' };
  if (goal === TRUE) return { kind: 'satisfiable', method: 'structure', assignment: new Map() };
  options.signal?.throwIfAborted();
  const cone = circuit.cone([goal]);
  const firstOrder = cone.filter((node) => circuit.isInput(node));
  // with a tiny limit the caller wants the SAT solver at once
  const orders =
    options.nodeLimit <= cone.length
      ? []
      : !options.reorder || cone.length > FORCE_LIMIT
        ? [() => firstOrder]
        : [() => firstOrder, () => forceOrder(circuit, cone, firstOrder)];
  for (const order of orders) {
    const inputs = order();
    const decision = decideByBdd(circuit, goal, cone, inputs, options.nodeLimit, options.signal);
    if (decision !== null) return decision;
    options.signal?.throwIfAborted();
  }
  return decideBySat(circuit, goal, cone, options);
}

function decideByBdd(
  circuit: Circuit,
  goal: Literal,
  cone: readonly number[],
  inputs: readonly number[],
  nodeLimit: number,
  signal: AbortSignal | undefined,
): Decision | null {
  const bdd = new Bdd(nodeLimit);
  const root = buildBdd(circuit, bdd, cone, inputs, goal, signal);
  if (root === BDD_LIMIT) return null;
  if (root === BDD_FALSE) return { kind: 'unsatisfiable', method: 'bdd' };
  const assignment = new Map<number, boolean>();
  for (const [level, value] of bdd.satisfyingPath(root) ?? []) assignment.set(inputs[level] ?? 0, value);
  return { kind: 'satisfiable', method: 'bdd', assignment };
}

/** The decision diagram of a literal over inputs in the given order (level = position). */
export function buildBdd(
  circuit: Circuit,
  bdd: Bdd,
  cone: readonly number[],
  inputs: readonly number[],
  root: Literal,
  signal?: AbortSignal,
): BddNode {
  const nodes = new Map<number, BddNode>([[0, BDD_FALSE]]);
  inputs.forEach((input, level) => {
    nodes.set(input, bdd.variable(level));
  });
  const of = (literal: Literal): BddNode => {
    const node = nodes.get(nodeOf(literal)) ?? BDD_LIMIT;
    return (literal & 1) === 1 ? bdd.not(node) : node;
  };
  for (const node of cone) {
    if (circuit.isInput(node)) continue;
    signal?.throwIfAborted();
    const [left, right] = circuit.operandsOf(node);
    const result = bdd.and(of(left), of(right));
    if (result === BDD_LIMIT) return BDD_LIMIT;
    nodes.set(node, result);
  }
  return root === TRUE ? BDD_TRUE : of(root);
}

/**
 * FORCE (Aloul, Markov, Sakallah 2003): moves inputs towards the centre of gravity of the gates that use them, which
 * shortens the span of each gate and with it the width of the diagram.
 */
function forceOrder(circuit: Circuit, cone: readonly number[], start: readonly number[]): number[] {
  const rounds = 20;
  const places = new Map<number, number>();
  cone.forEach((node, place) => {
    places.set(node, place);
  });
  const gates = cone
    .filter((node) => !circuit.isInput(node))
    .map((node) => [node, ...circuit.operandsOf(node).map(nodeOf)]);
  for (let round = 0; round < rounds; round++) {
    const sums = new Map<number, { sum: number; count: number }>();
    for (const gate of gates) {
      const centre = gate.reduce((sum, node) => sum + (places.get(node) ?? 0), 0) / gate.length;
      for (const node of gate) {
        const entry = sums.get(node) ?? { sum: 0, count: 0 };
        entry.sum += centre;
        entry.count++;
        sums.set(node, entry);
      }
    }
    const centreOf = (node: number): number => {
      const entry = sums.get(node);
      return entry === undefined ? (places.get(node) ?? 0) : entry.sum / entry.count;
    };
    const sorted = [...places.keys()].sort((a, b) => centreOf(a) - centreOf(b) || a - b);
    sorted.forEach((node, place) => {
      places.set(node, place);
    });
  }
  return [...start].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

function decideBySat(circuit: Circuit, goal: Literal, cone: readonly number[], options: DecideOptions): Decision {
  const variables = new Map<number, number>();
  cone.forEach((node, index) => {
    variables.set(node, index + 1);
  });
  const literalOf = (literal: Literal): number => {
    const variable = variables.get(nodeOf(literal)) ?? 0;
    return (literal & 1) === 1 ? -variable : variable;
  };
  const clauses: number[][] = [[literalOf(goal)]];
  for (const node of cone) {
    if (circuit.isInput(node)) continue;
    const [left, right] = circuit.operandsOf(node);
    const output = variables.get(node) ?? 0;
    clauses.push(
      [-output, literalOf(left)],
      [-output, literalOf(right)],
      [output, -literalOf(left), -literalOf(right)],
    );
  }
  const result = solve(cone.length, clauses, options.conflictLimit, options.signal);
  if (result.kind === 'unsatisfiable') return { kind: 'unsatisfiable', method: 'sat' };
  if (result.kind === 'limit') {
    return {
      kind: 'unknown',
      reason: `neither a decision diagram of ${options.nodeLimit} nodes nor ${options.conflictLimit} conflicts of the SAT solver were enough`,
    };
  }
  const assignment = new Map<number, boolean>();
  for (const [node, variable] of variables) if (circuit.isInput(node)) assignment.set(node, result.model.has(variable));
  return { kind: 'satisfiable', method: 'sat', assignment };
}
