import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIALECT_RULES } from './dialect-rules.js';
import { elementary, integerRangeOf } from './elementary-types.js';
import { commonElementary, conversionTo } from './type-relations.js';
import type { ElementaryTypeName, Type } from './types.js';

const INTEGERS: readonly ElementaryTypeName[] = ['SINT', 'INT', 'DINT', 'LINT', 'USINT', 'UINT', 'UDINT', 'ULINT'];
const { iec, codesys } = DIALECT_RULES;

const integer = fc.constantFrom(...INTEGERS).map(elementary);

describe('implicit conversion', () => {
  test('widens whole numbers only where every value fits', () => {
    fc.assert(
      fc.property(integer, integer, (to, from) => {
        const conversion = conversionTo(to, from, iec);
        const [outer, inner] = [integerRangeOf(to), integerRangeOf(from)];
        if (outer === null || inner === null) throw new Error('a whole number has a range');
        const fits = outer.lower <= inner.lower && inner.upper <= outer.upper;
        expect(conversion === 'same' || conversion === 'widening').toBe(fits);
      }),
    );
  });

  test('computes two whole numbers in a type that holds both, where there is one', () => {
    fc.assert(
      fc.property(integer, integer, (left, right) => {
        const common = commonElementary(left, right, iec);
        expect(common).not.toBeNull();
        const ranges = [left, right, common ?? left].map(integerRangeOf);
        const [a, b, c] = ranges;
        if (a == null || b == null || c == null) throw new Error('a whole number has a range');
        const isMixedWithUlint =
          [left, right].some((one) => one.name === 'ULINT') &&
          left.name !== right.name &&
          (a.lower < 0n || b.lower < 0n);
        expect(c.lower <= a.lower && c.lower <= b.lower).toBe(true);
        if (!isMixedWithUlint) expect(c.upper >= a.upper && c.upper >= b.upper).toBe(true);
      }),
    );
  });

  test('accepts a literal exactly where its value fits', () => {
    fc.assert(
      fc.property(integer, fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }), (to, value) => {
        const range = integerRangeOf(to);
        if (range === null) throw new Error('a whole number has a range');
        const fits = value >= range.lower && value <= range.upper;
        const literal: Type = { kind: 'literal', class: 'integer', value };
        expect(conversionTo(to, literal, iec)).toBe(fits ? 'same' : 'literal-range');
      }),
    );
  });

  test.each<[ElementaryTypeName, ElementaryTypeName, string, string]>([
    ['REAL', 'INT', 'widening', 'widening'],
    ['LREAL', 'LINT', 'widening', 'widening'],
    ['REAL', 'LREAL', 'narrowing', 'narrowing'],
    ['INT', 'REAL', 'real-to-integer', 'real-to-integer'],
    ['WORD', 'BYTE', 'widening', 'widening'],
    ['BYTE', 'WORD', 'narrowing', 'narrowing'],
    ['WORD', 'INT', 'incompatible', 'widening'],
    ['BOOL', 'INT', 'incompatible', 'incompatible'],
    ['INT', 'BOOL', 'incompatible', 'incompatible'],
    ['TIME', 'INT', 'incompatible', 'widening'],
    ['DATE', 'TIME', 'incompatible', 'incompatible'],
    ['LTIME', 'TIME', 'widening', 'widening'],
    ['BOOL', 'SAFEBOOL', 'same', 'same'],
    ['SAFEBOOL', 'BOOL', 'unsafe-to-safe', 'unsafe-to-safe'],
  ])('%s := %s is %s in IEC and %s in CODESYS', (to, from, inIec, inCodesys) => {
    expect(conversionTo(elementary(to), elementary(from), iec)).toBe(inIec);
    expect(conversionTo(elementary(to), elementary(from), codesys)).toBe(inCodesys);
  });
});
