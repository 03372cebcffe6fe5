/** Integer arithmetic and conversions of every type against BigInt references, on random and edge values. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Simulation } from './simulation.js';
import { simulate } from './test-support.js';

interface IntegerType {
  readonly name: string;
  readonly bits: number;
  readonly isSigned: boolean;
}

const TYPES: readonly IntegerType[] = [
  { name: 'SINT', bits: 8, isSigned: true },
  { name: 'INT', bits: 16, isSigned: true },
  { name: 'DINT', bits: 32, isSigned: true },
  { name: 'LINT', bits: 64, isSigned: true },
  { name: 'USINT', bits: 8, isSigned: false },
  { name: 'UINT', bits: 16, isSigned: false },
  { name: 'UDINT', bits: 32, isSigned: false },
  { name: 'ULINT', bits: 64, isSigned: false },
];
const BIT_STRINGS: readonly IntegerType[] = [
  { name: 'BYTE', bits: 8, isSigned: false },
  { name: 'WORD', bits: 16, isSigned: false },
  { name: 'DWORD', bits: 32, isSigned: false },
  { name: 'LWORD', bits: 64, isSigned: false },
];

function wrap(value: bigint, type: IntegerType): bigint {
  return type.isSigned ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

function valuesOf(type: IntegerType): fc.Arbitrary<bigint> {
  const least = type.isSigned ? -(1n << BigInt(type.bits - 1)) : 0n;
  const greatest = type.isSigned ? (1n << BigInt(type.bits - 1)) - 1n : (1n << BigInt(type.bits)) - 1n;
  const edges = [
    least,
    least + 1n,
    0n,
    1n,
    2n,
    greatest - 1n,
    greatest,
    1n << BigInt(type.bits - 2),
    type.isSigned ? -1n : 3n,
  ];
  return fc.oneof(fc.bigInt({ min: least, max: greatest }), fc.constantFrom(...edges));
}

function read(simulation: Simulation, tag: string): bigint {
  return BigInt(simulation.read(tag) as number | bigint);
}

function set(simulation: Simulation, tag: string, value: bigint): void {
  const problem = simulation.write(tag, value);
  if (problem !== null) throw new Error(problem);
}

const ENGINES = ['javascript', 'wasm'] as const;

describe.each(ENGINES)('integer operators (%s)', (engine) => {
  it.each(TYPES)('$name: + - * / MOD, negation, ABS and comparisons', (type) => {
    const negation = type.isSigned ? 'neg := -a; mag := ABS(a);' : 'mag := ABS(a);';
    const simulation = simulate(
      `PROGRAM Main
VAR a, b, sum, diff, prod, quot, rest, neg, mag : ${type.name}; less, same : BOOL; END_VAR
sum := a + b; diff := a - b; prod := a * b; ${negation}
IF b <> 0 THEN quot := a / b; rest := a MOD b; END_IF;
less := a < b; same := a = b;
END_PROGRAM`,
      'codesys',
      { engine },
    );
    fc.assert(
      fc.property(valuesOf(type), valuesOf(type), (a, b) => {
        set(simulation, 'Main.a', a);
        set(simulation, 'Main.b', b);
        expect(simulation.scan()).toBeNull();
        expect(read(simulation, 'Main.sum')).toBe(wrap(a + b, type));
        expect(read(simulation, 'Main.diff')).toBe(wrap(a - b, type));
        expect(read(simulation, 'Main.prod')).toBe(wrap(a * b, type));
        expect(read(simulation, 'Main.mag')).toBe(wrap(a < 0n ? -a : a, type));
        if (type.isSigned) expect(read(simulation, 'Main.neg')).toBe(wrap(-a, type));
        if (b !== 0n) {
          expect(read(simulation, 'Main.quot')).toBe(wrap(a / b, type));
          expect(read(simulation, 'Main.rest')).toBe(wrap(a % b, type));
        }
        expect(simulation.read('Main.less')).toBe(a < b);
        expect(simulation.read('Main.same')).toBe(a === b);
      }),
    );
  });

  it.each(BIT_STRINGS)('$name: AND OR XOR NOT, shifts and rotations', (type) => {
    const simulation = simulate(
      `PROGRAM Main
VAR a, b, conj, disj, excl, inv, l, r, rl, rr, rl1, rr3 : ${type.name}; n : INT; END_VAR
conj := a AND b; disj := a OR b; excl := a XOR b; inv := NOT a;
l := SHL(a, n); r := SHR(a, n); rl := ROL(a, n); rr := ROR(a, n); rl1 := ROL(a, 1); rr3 := ROR(a, 3);
END_PROGRAM`,
      'codesys',
      { engine },
    );
    const width = BigInt(type.bits);
    const rotate = (value: bigint, count: bigint): bigint => {
      const turn = ((count % width) + width) % width;
      return wrap((value << turn) | (value >> (width - turn)), type);
    };
    fc.assert(
      fc.property(valuesOf(type), valuesOf(type), fc.integer({ min: 0, max: type.bits + 2 }), (a, b, n) => {
        set(simulation, 'Main.a', a);
        set(simulation, 'Main.b', b);
        set(simulation, 'Main.n', BigInt(n));
        simulation.scan();
        expect(read(simulation, 'Main.conj')).toBe(a & b);
        expect(read(simulation, 'Main.disj')).toBe(a | b);
        expect(read(simulation, 'Main.excl')).toBe(a ^ b);
        expect(read(simulation, 'Main.inv')).toBe(wrap(~a, type));
        expect(read(simulation, 'Main.l')).toBe(n >= type.bits ? 0n : wrap(a << BigInt(n), type));
        expect(read(simulation, 'Main.r')).toBe(n >= type.bits ? 0n : a >> BigInt(n));
        expect(read(simulation, 'Main.rl')).toBe(rotate(a, BigInt(n)));
        expect(read(simulation, 'Main.rr')).toBe(rotate(a, -BigInt(n)));
        expect(read(simulation, 'Main.rl1')).toBe(rotate(a, 1n));
        expect(read(simulation, 'Main.rr3')).toBe(rotate(a, -3n));
      }),
    );
  });
});

describe.each(ENGINES)('conversions (%s)', (engine) => {
  const all = [...TYPES, ...BIT_STRINGS];

  it.each(all)('$name to every other integer type', (from) => {
    const others = all.filter((each) => each !== from);
    const simulation = simulate(
      `PROGRAM Main
VAR x : ${from.name}; ${others.map((to) => `y${to.name} : ${to.name};`).join(' ')} END_VAR
${others.map((to) => `y${to.name} := ${from.name}_TO_${to.name}(x);`).join('\n')}
END_PROGRAM`,
      'codesys',
      { engine },
    );
    fc.assert(
      fc.property(valuesOf(from), (x) => {
        set(simulation, 'Main.x', x);
        simulation.scan();
        for (const to of others) expect(read(simulation, `Main.y${to.name}`), to.name).toBe(wrap(x, to));
      }),
    );
  });

  it.each(TYPES)('$name to REAL is the nearest single, to LREAL the nearest double, to STRING its digits', (from) => {
    const simulation = simulate(
      `PROGRAM Main
VAR x : ${from.name}; r : REAL; l : LREAL; s : STRING; b : BOOL; back : ${from.name}; END_VAR
r := ${from.name}_TO_REAL(x); l := ${from.name}_TO_LREAL(x); s := ${from.name}_TO_STRING(x); b := ${from.name}_TO_BOOL(x);
back := STRING_TO_${from.name}(s);
END_PROGRAM`,
      'codesys',
      { engine },
    );
    fc.assert(
      fc.property(valuesOf(from), (x) => {
        set(simulation, 'Main.x', x);
        simulation.scan();
        expect(simulation.read('Main.r')).toBe(nearestSingle(x));
        expect(simulation.read('Main.l')).toBe(Number(x));
        expect(simulation.read('Main.s')).toBe(x.toString());
        expect(simulation.read('Main.b')).toBe(x !== 0n);
        expect(read(simulation, 'Main.back')).toBe(x);
      }),
    );
  });

  it.each(all)('LREAL and REAL to $name: the nearest whole number, halves away from zero, cut to its width', (to) => {
    const simulation = simulate(
      `PROGRAM Main
VAR x : LREAL; r : REAL; y, z : ${to.name}; END_VAR
y := LREAL_TO_${to.name}(x); z := REAL_TO_${to.name}(r);
END_PROGRAM`,
      'codesys',
      { engine },
    );
    const nearest = (value: number): bigint => BigInt(Math.sign(value) * Math.round(Math.abs(value)));
    const inRange = valuesOf(to).map((value) => Number(value) / 4);
    fc.assert(
      fc.property(fc.oneof(inRange, fc.double({ min: -100, max: 100, noNaN: true })), (x) => {
        const [double, single] = [to.isSigned ? x : Math.abs(x), Math.fround(to.isSigned ? x : Math.abs(x))];
        simulation.write('Main.x', double);
        simulation.write('Main.r', single);
        expect(simulation.scan()).toBeNull();
        expect(read(simulation, 'Main.y')).toBe(wrap(nearest(double), to));
        expect(read(simulation, 'Main.z')).toBe(wrap(nearest(single), to));
      }),
    );
  });
});

describe('rounding', () => {
  it.each([
    ['iec', [0, 2, 2, -2, 0, -2, 4]],
    ['codesys', [1, 2, 3, -2, -1, -3, 4]],
  ] as const)('REAL_TO_INT of halves after the profile of %s, TRUNC cuts', (dialect, expected) => {
    const simulation = simulate(
      'PROGRAM Main VAR x : LREAL; i : INT; t : DINT; END_VAR i := LREAL_TO_INT(x); t := TRUNC(x); END_PROGRAM',
      dialect,
    );
    const halves = [0.5, 1.5, 2.5, -1.5, -0.5, -2.5, 3.5];
    const rounded = halves.map((x) => {
      simulation.write('Main.x', x);
      simulation.scan();
      expect(simulation.read('Main.t')).toBe(Math.trunc(x) + 0);
      return Number(simulation.read('Main.i')) + 0;
    });
    expect(rounded).toEqual(expected);
  });
});

/** Reference without double rounding: the two singles around the value, the nearer one, the even one when halfway. */
function nearestSingle(x: bigint): number {
  const guess = Math.fround(Number(x));
  const bits = new DataView(new ArrayBuffer(4));
  const neighbours = [-1, 0, 1].map((step) => {
    bits.setFloat32(0, guess);
    bits.setInt32(0, bits.getInt32(0) + step);
    return bits.getFloat32(0);
  });
  const distance = (single: number): bigint => {
    const difference = BigInt(single) - x;
    return difference < 0n ? -difference : difference;
  };
  const whole = neighbours.filter(Number.isInteger);
  return whole.reduce((best, each) => {
    if (distance(each) < distance(best)) return each;
    if (distance(each) > distance(best)) return best;
    bits.setFloat32(0, each);
    return (bits.getInt32(0) & 1) === 0 ? each : best;
  }, guess);
}

describe('durations and dates', () => {
  it('adds, scales and compares TIME', () => {
    const simulation = simulate(
      'PROGRAM Main VAR a : TIME := T#1s500ms; b, c, d : TIME; n : INT := 3; less : BOOL; i : DINT; END_VAR b := a * n; c := a / 2; d := b - a; less := c < a; i := TIME_TO_DINT(a); END_PROGRAM',
    );
    simulation.scan();
    expect(simulation.values()).toMatchObject({
      'Main.b': 'T#4s500ms',
      'Main.c': 'T#750ms',
      'Main.d': 'T#3s',
      'Main.less': true,
      'Main.i': 1500,
    });
  });

  it('wraps TIME of 32 bits after 49.7 days where the controller does', () => {
    const simulation = simulate(
      'PROGRAM Main VAR a : TIME := T#49d; b : TIME; END_VAR b := a + T#1d; END_PROGRAM',
      'codesys',
    );
    simulation.scan();
    expect(simulation.readJson('Main.b')).toBe('T#6h57m12s704ms');
  });

  it('computes with dates and times of day', () => {
    const simulation = simulate(
      'PROGRAM Main VAR d : DT := DT#2024-02-28-23:00:00; e : DT; span : TIME; t : TOD := TOD#23:30:00; u : TOD; END_VAR e := d + T#25h; span := e - d; u := t + T#1h; END_PROGRAM',
      'iec',
    );
    simulation.scan();
    expect(simulation.values()).toMatchObject({
      'Main.e': 'DT#2024-03-01-00:00:00',
      'Main.span': 'T#1d1h',
      'Main.u': 'TOD#00:30:00',
    });
  });
});

describe('strings', () => {
  it.each([
    ["LEFT('abcdef', 3)", 'abc'],
    ["RIGHT('abcdef', 2)", 'ef'],
    ["MID('abcdef', 2, 3)", 'cd'],
    ["CONCAT('ab', 'cd', 'ef')", 'abcdef'],
    ["INSERT('abef', 'cd', 2)", 'abcdef'],
    ["DELETE('abcdef', 2, 3)", 'abef'],
    ["REPLACE('abcdef', 'XY', 2, 3)", 'abXYef'],
    ["INT_TO_STRING(FIND('abcdef', 'cd'))", '3'],
    ["INT_TO_STRING(LEN('abc'))", '3'],
    ['REAL_TO_STRING(0.1)', '0.1'],
    ['TIME_TO_STRING(T#1500ms)', 'T#1s500ms'],
    ['BOOL_TO_STRING(TRUE)', 'TRUE'],
  ])('%s', (expression, expected) => {
    const simulation = simulate(`PROGRAM Main VAR s : STRING(20); END_VAR s := ${expression}; END_PROGRAM`);
    simulation.scan();
    expect(simulation.read('Main.s')).toBe(expected);
  });

  it('cuts to the declared length', () => {
    const simulation = simulate(
      "PROGRAM Main VAR s : STRING(4); t : STRING(10) := 'abcdefgh'; END_VAR s := t; END_PROGRAM",
    );
    simulation.scan();
    expect(simulation.read('Main.s')).toBe('abcd');
  });
});
