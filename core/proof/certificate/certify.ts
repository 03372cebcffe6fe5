/**
 * Makes certificates. Every claim, however it was decided, is decided again by the SAT solver, whose learnt clauses are
 * the proof; then everything that the proof does not use is left out.
 */

import { FALSE, type Literal, nodeOf, not, TRUE } from '../circuit.js';
import type { Claim } from '../claim.js';
import { type OrderClause, orderClauses } from '../order-axioms.js';
import { describeTerm } from '../query.js';
import { solve } from '../sat.js';
import type { TermConstant, TermStore } from '../terms.js';
import type { Certificate, ModelCertificate, OrderAtom, RefutationCertificate } from './certificate.js';
import { ClauseSet } from './clause-set.js';

/** Conflicts after which a claim stays without a certificate. */
const CONFLICT_LIMIT = 100_000;

/** Null when the solver gives up, or contradicts the claim: both count as "not certified". */
export function certify(terms: TermStore, claim: Claim, signal?: AbortSignal): Certificate | null {
  return claim.kind === 'impossible' ? certifyImpossible(terms, claim, signal) : certifyPossible(terms, claim, signal);
}

/** A claim as a formula over nodes of the circuit. */
interface Formula {
  readonly asserted: readonly Literal[];
  /** Gates in order: operands before users. */
  readonly gates: readonly (readonly [number, Literal, Literal])[];
  readonly inputs: readonly number[];
  readonly axioms: readonly OrderClause[];
}

function formulaOf(terms: TermStore, claim: Claim): Formula {
  const { circuit } = terms;
  const asserted = [...new Set(claim.conjuncts)].filter((literal) => literal !== TRUE);
  const cone = circuit.cone(asserted);
  const inputs = cone.filter((node) => circuit.isInput(node));
  return {
    asserted,
    gates: cone.filter((node) => !circuit.isInput(node)).map((node) => [node, ...circuit.operandsOf(node)] as const),
    inputs,
    axioms: orderClauses(terms, inputs),
  };
}

/** The clauses of a formula, in the order: constant, three per gate, axioms, asserted literals. */
function clausesOf({ gates, axioms, asserted }: Formula): Literal[][] {
  return [
    [TRUE],
    ...gates.flatMap(([node, left, right]) => {
      const output = 2 * node;
      return [
        [not(output), left],
        [not(output), right],
        [output, not(left), not(right)],
      ];
    }),
    ...axioms.map((axiom) => [...axiom]),
    ...asserted.map((literal) => [literal]),
  ];
}

/** Solves over the nodes of a formula; variable numbers are dense, as the solver wants them. */
function solveFormula(
  formula: Formula,
  signal: AbortSignal | undefined,
): { readonly steps: readonly Literal[][] } | { readonly trueNodes: ReadonlySet<number> } | null {
  const nodes = [0, ...formula.inputs, ...formula.gates.map(([node]) => node)];
  const variables = new Map(nodes.map((node, index) => [node, index + 1]));
  const toSolver = (literal: Literal): number => ((literal & 1) === 1 ? -1 : 1) * (variables.get(nodeOf(literal)) ?? 0);
  const fromSolver = (literal: number): Literal => 2 * (nodes[Math.abs(literal) - 1] ?? 0) + (literal < 0 ? 1 : 0);
  const steps: Literal[][] = [];
  const clauses = clausesOf(formula).map((clause) => clause.map(toSolver));
  const result = solve(nodes.length, clauses, CONFLICT_LIMIT, signal, (clause) => steps.push(clause.map(fromSolver)));
  if (result.kind === 'limit') return null;
  if (result.kind === 'unsatisfiable') return { steps };
  return { trueNodes: new Set(nodes.filter((node) => result.model.has(variables.get(node) ?? 0))) };
}

// ---------------------------------------------------------------------------------------------- refutations

function certifyImpossible(terms: TermStore, claim: Claim, signal: AbortSignal | undefined): Certificate | null {
  if (claim.conjuncts.includes(FALSE)) {
    return { kind: 'refutation', claim: claim.name, gates: [], atoms: [], asserted: [0], axioms: [], steps: [] };
  }
  const formula = formulaOf(terms, claim);
  const solved = solveFormula(formula, signal);
  if (solved === null || !('steps' in solved)) return null;
  const used = usedClauses(formula, solved.steps);
  if (used === null) return null;
  const { gates, axioms, asserted } = formula;
  const firstAxiom = 1 + 3 * gates.length;
  const firstStep = firstAxiom + axioms.length + asserted.length;
  const kept: Omit<RefutationCertificate, 'kind' | 'claim' | 'atoms'> = {
    gates: gates.filter((_, index) => [1, 2, 3].some((part) => used.has(3 * index + part))),
    axioms: axioms.filter((_, index) => used.has(firstAxiom + index)),
    asserted,
    steps: solved.steps.filter((_, index) => used.has(firstStep + index)),
  };
  const numbering = numberingOf(kept);
  const of = (literal: Literal): number => numbering.literal(literal);
  return {
    kind: 'refutation',
    claim: claim.name,
    gates: kept.gates.map(([node, left, right]) => [numbering.node(node), of(left), of(right)]),
    atoms: atomsOf(terms, kept.axioms.flat().map(nodeOf), numbering),
    asserted: asserted.map(of),
    axioms: kept.axioms.map(([a, b]) => [of(a), of(b)]),
    steps: kept.steps.map((step) => step.map(of)),
  };
}

/** Backwards from the contradiction: which clauses and steps the proof needs. Null when a step does not follow. */
function usedClauses(formula: Formula, steps: readonly Literal[][]): ReadonlySet<number> | null {
  const set = new ClauseSet();
  const originals = clausesOf(formula);
  for (const clause of [...originals, ...steps]) set.add(clause);
  const used = new Set<number>();
  const need = (clause: readonly Literal[], end: number): boolean => {
    const why = set.whyImplied(clause, end);
    for (const index of why ?? []) used.add(index);
    return why !== null;
  };
  if (!need([], originals.length + steps.length)) return null;
  for (let index = steps.length - 1; index >= 0; index--) {
    const place = originals.length + index;
    if (used.has(place) && !need(steps[index] ?? [], place)) return null;
  }
  return used;
}

// ---------------------------------------------------------------------------------------------- interpretations

function certifyPossible(terms: TermStore, claim: Claim, signal: AbortSignal | undefined): Certificate | null {
  const formula = formulaOf(terms, claim);
  const solved = solveFormula(formula, signal);
  if (solved === null || !('trueNodes' in solved)) return null;
  const isTrue = (literal: Literal): boolean =>
    solved.trueNodes.has(nodeOf(literal)) !== ((literal & 1) === 1) || literal === TRUE;
  const operands = new Map(formula.gates.map(([node, left, right]) => [node, [left, right] as const]));
  const needed = new Set<number>();
  const stack = formula.asserted.map(nodeOf);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const gate = operands.get(node);
    if (needed.has(node) || gate === undefined) continue;
    needed.add(node);
    // a gate that is FALSE is so because of one operand; the other one may be anything
    const reasons = isTrue(2 * node) ? gate : [gate.find((literal) => !isTrue(literal)) ?? gate[0]];
    stack.push(...reasons.map(nodeOf));
  }
  const gates = formula.gates.filter(([node]) => needed.has(node));
  const numbering = numberingOf({ gates, axioms: [], asserted: formula.asserted, steps: [] });
  const free = numbering.nodes.filter((node) => node !== 0 && !needed.has(node));
  const certificate: ModelCertificate = {
    kind: 'model',
    claim: claim.name,
    gates: gates.map(([node, left, right]) => [
      numbering.node(node),
      numbering.literal(left),
      numbering.literal(right),
    ]),
    atoms: atomsOf(terms, free, numbering),
    asserted: formula.asserted.map((literal) => numbering.literal(literal)),
    trueNodes: free.filter((node) => isTrue(2 * node)).map((node) => numbering.node(node)),
  };
  return certificate;
}

// ---------------------------------------------------------------------------------------------- numbering

interface Numbering {
  /** Nodes in the order of their new numbers. */
  readonly nodes: readonly number[];
  node(node: number): number;
  literal(literal: Literal): number;
}

function numberingOf(parts: Omit<RefutationCertificate, 'kind' | 'claim' | 'atoms'>): Numbering {
  const literals = [
    ...parts.gates.flatMap(([node, left, right]) => [left, right, 2 * node]),
    ...parts.axioms.flat(),
    ...parts.asserted,
    ...parts.steps.flat(),
  ];
  const nodes = [...new Set([0, ...literals.map(nodeOf)])];
  const numbers = new Map(nodes.map((node, index) => [node, index]));
  const node = (each: number): number => numbers.get(each) ?? 0;
  return { nodes, node, literal: (literal) => 2 * node(nodeOf(literal)) + (literal & 1) };
}

function atomsOf(terms: TermStore, nodes: readonly number[], numbering: Numbering): OrderAtom[] {
  return [...new Set(nodes)].flatMap((node): OrderAtom[] => {
    const meaning = terms.meaningOf(node);
    if (meaning?.kind !== 'less') return [];
    const nameOf = (term: number): string => `${describeTerm(terms, term, (name) => name)} #${term}`;
    const constant = terms.constantOf(meaning.right);
    return [
      {
        node: numbering.node(node),
        left: nameOf(meaning.left),
        right: constant === null ? `t:${nameOf(meaning.right)}` : constantText(constant),
        orEqual: meaning.orEqual,
      },
    ];
  });
}

function constantText(constant: TermConstant): string {
  return typeof constant === 'bigint'
    ? `i:${constant}`
    : typeof constant === 'number'
      ? `r:${constant}`
      : `s:${constant}`;
}
