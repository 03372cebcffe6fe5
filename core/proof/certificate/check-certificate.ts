/**
 * Checks a certificate. This file knows nothing of the prover: no circuit, no decision diagram, no solver. It reads
 * gates, clauses and an interpretation, and does unit propagation; that is all that an answer has to be trusted for.
 */

import type { Certificate, ModelCertificate, OrderAtom, OrderShift, RefutationCertificate } from './certificate.js';
import { ClauseSet } from './clause-set.js';

export type CertificateCheck = { readonly ok: true } | { readonly ok: false; readonly problem: string };

const OK: CertificateCheck = { ok: true };

function refused(problem: string): CertificateCheck {
  return { ok: false, problem };
}

/** Whether a certificate shows what it claims. Never throws: what can't be read is refused. */
export function checkCertificate(certificate: Certificate): CertificateCheck {
  const shape = checkGates(certificate);
  if (!shape.ok) return shape;
  return certificate.kind === 'refutation' ? checkRefutation(certificate) : checkModel(certificate);
}

/** Each node is defined at most once, and only from what stands before it. */
function checkGates({ gates, asserted }: Certificate): CertificateCheck {
  const defined = new Set<number>([0]);
  const used = new Set<number>();
  for (const [node, left, right] of gates) {
    if (![node, left, right].every((each) => Number.isSafeInteger(each) && each >= 0))
      return refused(`gate ${node} is not made of literals`);
    if (defined.has(node)) return refused(`node ${node} is defined twice`);
    used.add(left >> 1);
    used.add(right >> 1);
    if (used.has(node)) return refused(`node ${node} is used before it is defined`);
    defined.add(node);
  }
  return asserted.every((each) => Number.isSafeInteger(each) && each >= 0)
    ? OK
    : refused('an asserted literal is none');
}

// ---------------------------------------------------------------------------------------------- refutations

function checkRefutation({ gates, atoms, asserted, axioms, steps }: RefutationCertificate): CertificateCheck {
  const clauses = new ClauseSet();
  clauses.add([1]);
  for (const [node, left, right] of gates) {
    const output = 2 * node;
    clauses.add([output ^ 1, left]);
    clauses.add([output ^ 1, right]);
    clauses.add([output, left ^ 1, right ^ 1]);
  }
  const byNode = new Map(atoms.map((atom) => [atom.node, atom]));
  if (gates.some(([node]) => byNode.has(node))) return refused('a comparison is defined as a gate');
  for (const axiom of axioms) {
    if (!isValidAxiom(axiom, byNode))
      return refused(`"${axiom.join(' or ')}" does not follow from the order of numbers`);
    clauses.add(axiom);
  }
  for (const literal of asserted) clauses.add([literal]);
  for (const [index, step] of steps.entries()) {
    if (!step.every((each) => Number.isSafeInteger(each) && each >= 0))
      return refused(`step ${index + 1} is no clause`);
    if (!clauses.implies(step))
      return refused(`step ${index + 1} of ${steps.length} does not follow by unit propagation`);
    clauses.add(step);
  }
  return clauses.implies([]) ? OK : refused('the steps do not end in a contradiction');
}

/** `a < k` implies `a < m` for k <= m, and so on; of `a < b` and `b < a` one is FALSE. */
function isValidAxiom([first, second]: readonly [number, number], atoms: ReadonlyMap<number, OrderAtom>): boolean {
  const a = atoms.get(first >> 1);
  const b = atoms.get(second >> 1);
  if (a === undefined || b === undefined) return false;
  if ((first & 1) === 1 && (second & 1) === 1)
    return !a.orEqual && !b.orEqual && a.right === `t:${b.left}` && b.right === `t:${a.left}` && a.left !== b.left;
  if ((first & 1) !== 1 || (second & 1) !== 0) return false;
  // b compares a number that lies at or below that of a with one that lies at or above it
  const left = compareNames(b.left, b.leftShift, a.left, a.leftShift);
  const right = compareRights(a, b);
  if (left === null || right === null || left > 0 || right > 0) return false;
  if (!a.orEqual || b.orEqual) return true;
  // up to and including k lies below m only for k < m; shifts that differ may still round to the same number
  return right < 0 && !a.right.startsWith('t:');
}

/** Order of the right sides: of two constants, or of two numbers that are shifts of one; null when none is known. */
function compareRights(a: OrderAtom, b: OrderAtom): number | null {
  if (!a.right.startsWith('t:') && !b.right.startsWith('t:')) return compareBounds(a.right, b.right);
  if (!a.right.startsWith('t:') || !b.right.startsWith('t:')) return null;
  return compareNames(a.right.slice(2), a.rightShift, b.right.slice(2), b.rightShift);
}

/** Order of two numbers by name, or by what they are shifted from and how far. */
function compareNames(
  a: string,
  aShift: OrderShift | undefined,
  b: string,
  bShift: OrderShift | undefined,
): number | null {
  if (a === b) return 0;
  const one = aShift ?? { base: a, by: 0 };
  const other = bShift ?? { base: b, by: 0 };
  if (one.base !== other.base || !Number.isFinite(one.by) || !Number.isFinite(other.by)) return null;
  return one.by - other.by;
}

/** Order of two constants; null when they are not both constants of an order. */
function compareBounds(a: string, b: string): number | null {
  const [kindA, textA] = [a.slice(0, 2), a.slice(2)];
  const [kindB, textB] = [b.slice(0, 2), b.slice(2)];
  if (kindA === 't:' || kindB === 't:') return null;
  if (kindA === 's:' || kindB === 's:') return textA < textB ? -1 : textA > textB ? 1 : 0;
  if (kindA === 'i:' && kindB === 'i:') {
    const [x, y] = [BigInt(textA), BigInt(textB)];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const [x, y] = [Number(textA), Number(textB)];
  if (Number.isNaN(x) || Number.isNaN(y)) return null;
  return x < y ? -1 : x > y ? 1 : 0;
}

// ---------------------------------------------------------------------------------------------- interpretations

function checkModel({ gates, atoms, asserted, trueNodes }: ModelCertificate): CertificateCheck {
  const values = new Map<number, boolean>(trueNodes.map((node) => [node, true]));
  if (values.has(0)) return refused('the constant FALSE is not TRUE');
  const isTrue = (literal: number): boolean => (values.get(literal >> 1) === true) !== ((literal & 1) === 1);
  for (const [node, left, right] of gates) {
    if (values.has(node)) return refused(`node ${node} is both free and a gate`);
    values.set(node, isTrue(left) && isTrue(right));
  }
  for (const a of atoms) {
    for (const b of atoms) {
      const isImplication = isValidAxiom(
        [2 * a.node + 1, 2 * b.node],
        new Map([a, b].map((each) => [each.node, each])),
      );
      if (a.node !== b.node && isImplication && isTrue(2 * a.node) && !isTrue(2 * b.node))
        return refused(`no number has ${a.left} below ${a.right} and not below ${b.right}`);
      const isExclusion = isValidAxiom(
        [2 * a.node + 1, 2 * b.node + 1],
        new Map([a, b].map((each) => [each.node, each])),
      );
      if (isExclusion && isTrue(2 * a.node) && isTrue(2 * b.node))
        return refused(`${a.left} and ${b.left} can not each be the smaller`);
    }
  }
  const wrong = asserted.find((literal) => !isTrue(literal));
  return wrong === undefined ? OK : refused(`literal ${wrong} is FALSE in the interpretation`);
}
