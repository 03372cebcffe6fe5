import { describe, expect, it } from 'vitest';
import { FALSE, not, TRUE } from './circuit.js';
import { TermStore } from './terms.js';

describe('equality of numbers that depend on conditions', () => {
  const terms = new TermStore();
  const [a, b] = [terms.boolean('a'), terms.boolean('b')];
  const pick = () =>
    terms.ite(a, terms.constantChoice(1n), terms.ite(b, terms.single(terms.symbol('x')), terms.constantChoice(3n)));

  it('is decided without a question where both versions compute the same', () => {
    expect(terms.equal(pick(), pick(), 'integer')).toBe(TRUE);
    expect(terms.equal(pick(), pick(), 'real')).toBe(TRUE);
  });

  it('is a question where they do not', () => {
    const swapped = terms.ite(not(a), terms.constantChoice(1n), terms.constantChoice(3n));
    const straight = terms.ite(a, terms.constantChoice(1n), terms.constantChoice(3n));
    expect(terms.equal(straight, swapped, 'integer')).toBe(FALSE);
    expect([TRUE, FALSE]).not.toContain(terms.equal(pick(), straight, 'integer'));
  });
});
