/**
 * Makes certificates. Every claim, however it was decided, is decided again by the SAT solver, whose learnt clauses are
 * the proof; then everything that the proof does not use is left out.
 */

import { FALSE, type Literal, nodeOf, not, TRUE } from '../circuit.js';
import type { Claim } from '../claim.js';
import { type OrderClause, orderClauses, shiftOf } from '../order-axioms.js';
import { describeTerm } from '../query.js';
import { solve } from '../sat.js';
import type { TermConstant, TermStore } from '../terms.js';
import type { Certificate, ModelCertificate, OrderAtom, OrderShift, RefutationCertificate } from './certificate.js';

/** Conflicts after which a claim stays without a certificate. */
const CONFLICT_LIMIT = 100_000;

/** Several obligations rest on the same claim: by the formulas and the literals that it speaks of. */
const MADE = new WeakMap<TermStore, Map<string, Certificate | null>>();

/** Null when the solver gives up, or contradicts the claim: both count as "not certified". */
export function certify(terms: TermStore, claim: Claim, signal?: AbortSignal): Certificate | null {
  const made = MADE.get(terms) ?? new Map<string, Certificate | null>();
  MADE.set(terms, made);
  const key = `${claim.kind} ${[...new Set(claim.conjuncts)].sort((a, b) => a - b).join()}`;
  let certificate = made.get(key);
  if (certificate === undefined) {
    certificate =
      claim.kind === 'impossible' ? certifyImpossible(terms, claim, signal) : certifyPossible(terms, claim, signal);
    made.set(key, certificate);
  }
  return certificate === null ? null : { ...certificate, claim: claim.name };
}

/** A claim as a formula over nodes of the circuit. */
interface Formula {
  readonly asserted: readonly Literal[];
  /** Every node, operands before users: the order in which the solver knows them. */
  readonly nodes: readonly number[];
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
    nodes: cone,
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

interface Refutation {
  readonly steps: readonly Literal[][];
  /** Per step, and for the contradiction at the end: numbers of the clauses and steps that it needs. */
  readonly antecedents: readonly (readonly number[])[];
}

/** Solves over the nodes of a formula; variable numbers are dense, as the solver wants them. */
function solveFormula(
  formula: Formula,
  signal: AbortSignal | undefined,
): Refutation | { readonly trueNodes: ReadonlySet<number> } | null {
  const nodes = [...formula.nodes, 0];
  const variables = new Map(nodes.map((node, index) => [node, index + 1]));
  const toSolver = (literal: Literal): number => ((literal & 1) === 1 ? -1 : 1) * (variables.get(nodeOf(literal)) ?? 0);
  const fromSolver = (literal: number): Literal => 2 * (nodes[Math.abs(literal) - 1] ?? 0) + (literal < 0 ? 1 : 0);
  const steps: Literal[][] = [];
  const antecedents: (readonly number[])[] = [];
  const clauses = clausesOf(formula).map((clause) => clause.map(toSolver));
  const result = solve(nodes.length, clauses, CONFLICT_LIMIT, signal, (learnt, needed) => {
    if (learnt.length > 0) steps.push(learnt.map(fromSolver));
    antecedents.push(needed);
  });
  if (result.kind === 'limit') return null;
  if (result.kind === 'unsatisfiable') return { steps, antecedents };
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
  const { gates, axioms, asserted } = formula;
  const firstAxiom = 1 + 3 * gates.length;
  const firstStep = firstAxiom + axioms.length + asserted.length;
  const used = usedClauses(solved, firstStep);
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

/** Backwards from the contradiction: which clauses and steps the proof needs. */
function usedClauses({ antecedents }: Refutation, firstStep: number): ReadonlySet<number> {
  const used = new Set<number>(antecedents.at(-1));
  for (let index = antecedents.length - 2; index >= 0; index--) {
    if (used.has(firstStep + index)) for (const each of antecedents[index] ?? []) used.add(each);
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
    const shiftedBy = (term: number): OrderShift | null => {
      const { base, shift } = shiftOf(terms, term);
      return shift === 0 ? null : { base: nameOf(base), by: shift };
    };
    const leftShift = shiftedBy(meaning.left);
    const rightShift = constant === null ? shiftedBy(meaning.right) : null;
    return [
      {
        node: numbering.node(node),
        left: nameOf(meaning.left),
        right: constant === null ? `t:${nameOf(meaning.right)}` : constantText(constant),
        orEqual: meaning.orEqual,
        ...(leftShift === null ? {} : { leftShift }),
        ...(rightShift === null ? {} : { rightShift }),
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
