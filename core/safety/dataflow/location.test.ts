import { describe, expect, test } from 'vitest';
import { addressRange, addressRangesOverlap, enclosingLocations, isUncertain, mayOverlap } from './location.js';

describe('mayOverlap', () => {
  test.each([
    ['MAIN.A', 'MAIN.A', true],
    ['MAIN.A', 'MAIN.AB', false],
    ['MAIN.A', 'MAIN.A.B', true],
    ['MAIN.V[1]', 'MAIN.V[2]', false],
    ['MAIN.V[1]', 'MAIN.V[*]', true],
    ['MAIN.V[*].ON', 'MAIN.V[3].OFF', false],
    ['MAIN.V[*].ON', 'MAIN.V[3].ON', true],
    ['MAIN.V', 'MAIN.V[3].ON', true],
    ['MAIN.M[1,*]', 'MAIN.M[2,5]', false],
    ['MAIN.M[1,*]', 'MAIN.M[1,5]', true],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(mayOverlap(a, b)).toBe(expected);
    expect(mayOverlap(b, a)).toBe(expected);
  });
});

test('enclosing locations go from the outside in', () => {
  expect(enclosingLocations('MAIN.V[3].ON')).toEqual(['MAIN', 'MAIN.V', 'MAIN.V[3]', 'MAIN.V[3].ON']);
  expect(enclosingLocations('%QX0.0')).toEqual(['%QX0.0']);
});

test('an unknown index is uncertain', () => {
  expect(isUncertain('A[*].B')).toBe(true);
  expect(isUncertain('A[1].B')).toBe(false);
});

describe('addresses', () => {
  test.each([
    ['%QX0.3', '%QB0', 'byte', true],
    ['%QX1.0', '%QB0', 'byte', false],
    ['%QW0', '%QX1.7', 'byte', true],
    ['%QW1', '%QX2.0', 'word', true],
    ['%QW1', '%QX2.0', 'byte', true],
    ['%QW1', '%QX1.0', 'word', false],
    ['%QD0', '%IX0.0', 'byte', false],
  ] as const)('%s and %s, counted in units of a %s: %s', (a, b, unit, expected) => {
    const left = addressRange(a, unit);
    const right = addressRange(b, unit);
    expect(left !== null && right !== null && addressRangesOverlap(left, right)).toBe(expected);
  });

  test('an open address has no range', () => expect(addressRange('%I*', 'byte')).toBeNull());
});
