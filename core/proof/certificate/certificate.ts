/**
 * The format of certificates: plain data, small enough to be read, complete enough to be checked without the prover.
 *
 * A literal is `2 * node + sign`, sign 1 for NOT; node 0 is the constant FALSE. A node is a gate (AND of two literals),
 * or free. Clauses use the same literals.
 */

/** What a free node means where it compares a number with a constant, or two numbers. */
export interface OrderAtom {
  readonly node: number;
  /** Names the number on the left; equal names mean the same number. */
  readonly left: string;
  /** A constant, as text with its kind (`i:5`, `r:2.5`, `s:text`), or another number (`t:name`). */
  readonly right: string;
  /** `<=` instead of `<`. */
  readonly orEqual: boolean;
  /** What the numbers are where they are another real plus a constant. */
  readonly leftShift?: OrderShift;
  readonly rightShift?: OrderShift;
}

/** A real plus a constant: between shifts of one real the order is that of the constants, also when sums are rounded. */
export interface OrderShift {
  readonly base: string;
  readonly by: number;
}

interface CertificateBase {
  /** The statement in words. */
  readonly claim: string;
  /** AND gates: node, left literal, right literal. Operands stand before their users. */
  readonly gates: readonly (readonly [number, number, number])[];
  readonly atoms: readonly OrderAtom[];
  /** The literals that are claimed to be impossible, or possible, together. */
  readonly asserted: readonly number[];
}

/** The asserted literals can't all be TRUE. */
export interface RefutationCertificate extends CertificateBase {
  readonly kind: 'refutation';
  /** What follows from the order of numbers: two literals of which one holds. */
  readonly axioms: readonly (readonly [number, number])[];
  /** Clauses that follow one after the other by unit propagation; after the last one the empty clause does. */
  readonly steps: readonly (readonly number[])[];
}

/** The asserted literals are all TRUE in this interpretation. */
export interface ModelCertificate extends CertificateBase {
  readonly kind: 'model';
  /** Free nodes that are TRUE; all others are FALSE. */
  readonly trueNodes: readonly number[];
}

export type Certificate = RefutationCertificate | ModelCertificate;
