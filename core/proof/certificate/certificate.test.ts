import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machine } from '../../safety/rules/example-machine.js';
import { siteOf } from '../../safety/testing/site-of.js';
import { type Circuit, type Literal, not } from '../circuit.js';
import { impossible } from '../claim.js';
import { proveObligations } from '../prove.js';
import { TermStore } from '../terms.js';
import type { Certificate, RefutationCertificate } from './certificate.js';
import { type CertificateFile, certifyProofs, checkCertificates } from './certified-proofs.js';
import { certify } from './certify.js';
import { checkCertificate } from './check-certificate.js';

/** A latch that needs an invariant, a limit and a choice of modes: proofs with steps and with order axioms. */
const PARTS = {
  variables: 'run : BOOL; tripped : BOOL; speed AT %IW2 : INT; slow : BOOL;',
  body: `IF NOT EStop_OK OR NOT Guard_Closed THEN tripped := TRUE; run := FALSE; ELSIF Reset_PB THEN tripped := FALSE; END_IF
IF Start_PB AND NOT tripped THEN run := TRUE; END_IF
slow := speed < 100;
Motor := run AND (slow OR speed < 50 OR speed >= 100);`,
};

function certificatesOf(body: string): CertificateFile {
  const proved = proveObligations(siteOf(machine({ ...PARTS, body })));
  const { file, problems } = certifyProofs(proved.flatMap(({ proof }) => (proof === null ? [] : [proof])));
  expect(problems).toEqual([]);
  return file;
}

describe('certificates', () => {
  it('exist for every proof of a machine and check', () => {
    const file = certificatesOf(PARTS.body);
    expect(file.proofs.map(({ id }) => id)).toContain('dominance:Main.Motor:Main.EStop_OK');
    expect(file.proofs.every(({ certificates }) => certificates.length > 0)).toBe(true);
    expect(checkCertificates(JSON.parse(JSON.stringify(file)) as CertificateFile)).toEqual([]);
  });

  it('hold for an interlock in arithmetic only with the order of numbers', () => {
    const body =
      'Motor := Start_PB AND EStop_OK AND Guard_Closed AND (speed < 50 OR NOT (speed < 100 OR speed >= 50));';
    const file = certificatesOf(body);
    expect(checkCertificates(file)).toEqual([]);
  });
});

const VARIABLES = 5;
type Clause = readonly number[];
const literal = fc.tuple(fc.nat(VARIABLES - 1), fc.boolean());
const formulas = fc.array(fc.array(literal, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 24 });

function build(formula: readonly (readonly [number, boolean][])[]): { terms: TermStore; conjuncts: Literal[] } {
  const terms = new TermStore();
  const inputs = Array.from({ length: VARIABLES }, (_, index) => terms.boolean(`x${index}`));
  const of = ([index, isTrue]: readonly [number, boolean]): Literal => {
    const input = inputs[index] ?? 0;
    return isTrue ? input : not(input);
  };
  return { terms, conjuncts: formula.map((clause) => terms.circuit.any(clause.map(of))) };
}

function isSatisfiable(formula: readonly (readonly [number, boolean][])[]): boolean {
  return Array.from({ length: 1 << VARIABLES }, (_, row) => row).some((row) =>
    formula.every((clause) => clause.some(([index, isTrue]) => (((row >> index) & 1) === 1) === isTrue)),
  );
}

describe('the checker', () => {
  it('accepts exactly what is so: refutations of what can not be, interpretations of what can', () => {
    fc.assert(
      fc.property(formulas, (formula) => {
        const { terms, conjuncts } = build(formula);
        const refutation = certify(terms, impossible('never', ...conjuncts));
        const model = certify(terms, { kind: 'possible', name: 'once', conjuncts, assignment: new Map() });
        const certificate = isSatisfiable(formula) ? model : refutation;
        expect(isSatisfiable(formula) ? refutation : model).toBeNull();
        expect(certificate === null ? null : checkCertificate(certificate)).toEqual({ ok: true });
      }),
      { numRuns: 300 },
    );
  });

  it('never accepts a refutation of what can be, whatever steps it is given', () => {
    const clause: fc.Arbitrary<Clause> = fc.array(fc.nat(40), { maxLength: 3 });
    fc.assert(
      fc.property(formulas.filter(isSatisfiable), fc.array(clause, { maxLength: 8 }), (formula, steps) => {
        const { terms, conjuncts } = build(formula);
        const model = certify(terms, { kind: 'possible', name: 'once', conjuncts, assignment: new Map() });
        if (model === null) throw new Error('no interpretation');
        const { gates, atoms, asserted } = model;
        const forged: Certificate = { kind: 'refutation', claim: 'never', gates, atoms, asserted, axioms: [], steps };
        expect(checkCertificate(forged).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses what was tampered with', () => {
    const file = certificatesOf(PARTS.body);
    const refutations = file.proofs
      .flatMap(({ certificates }) => certificates)
      .filter((each): each is RefutationCertificate => each.kind === 'refutation' && each.gates.length > 0);
    expect(refutations.length).toBeGreaterThan(5);
    for (const certificate of refutations) {
      // one gate with inverted output: then the conclusion must not follow any more, or must still be true
      const withoutAsserted: Certificate = { ...certificate, asserted: [] };
      expect(checkCertificate(withoutAsserted).ok).toBe(false);
      const inventedAxiom: Certificate = { ...certificate, axioms: [[1, 1]] };
      expect(checkCertificate(inventedAxiom)).toEqual({
        ok: false,
        problem: '"1 or 1" does not follow from the order of numbers',
      });
      const [first] = certificate.gates;
      if (first !== undefined)
        expect(checkCertificate({ ...certificate, gates: [...certificate.gates, first] }).ok).toBe(false);
    }
  });

  it.each<[string, Partial<RefutationCertificate>]>([
    ['a bound that does not imply the other', { axioms: [[3, 4]] }],
    ['a step out of nothing', { axioms: [], steps: [[2]] }],
    ['a gate that uses itself', { gates: [[3, 6, 2]] }],
    ['a gate over the constant', { gates: [[0, 2, 4]] }],
    ['a literal that is none', { steps: [[-1]] }],
  ])('refuses %s', (_, part) => {
    const honest: RefutationCertificate = {
      kind: 'refutation',
      claim: 'a number is below 5 and not below 7',
      gates: [],
      atoms: [
        { node: 1, left: 'x', right: 'i:7', orEqual: false },
        { node: 2, left: 'x', right: 'i:5', orEqual: false },
      ],
      asserted: [3, 4],
      axioms: [[5, 2]],
      steps: [],
    };
    expect(checkCertificate(honest)).toEqual({ ok: true });
    expect(checkCertificate({ ...honest, ...part }).ok).toBe(false);
  });

  it('reads real bounds with and without equality', () => {
    const atoms = [
      { node: 1, left: 'x', right: 'r:2.5', orEqual: true },
      { node: 2, left: 'x', right: 'r:2.5', orEqual: false },
    ];
    const base = { kind: 'refutation', claim: 'x', gates: [], atoms, steps: [] } as const;
    expect(checkCertificate({ ...base, asserted: [4, 3], axioms: [[5, 2]] })).toEqual({ ok: true });
    expect(checkCertificate({ ...base, asserted: [2, 5], axioms: [[3, 4]] }).ok).toBe(false);
  });
});

it('a circuit whose conclusion is folded away has the shortest certificate there is', () => {
  const terms = new TermStore();
  const { circuit }: { circuit: Circuit } = terms;
  const a = terms.boolean('a');
  const certificate = certify(terms, impossible('never', circuit.and(a, not(a))));
  expect(certificate).toEqual({
    kind: 'refutation',
    claim: 'never',
    gates: [],
    atoms: [],
    asserted: [0],
    axioms: [],
    steps: [],
  });
  expect(certificate === null ? null : checkCertificate(certificate)).toEqual({ ok: true });
});
