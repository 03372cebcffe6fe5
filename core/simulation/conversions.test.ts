/** Every conversion between elementary types: both engines agree, and those of times and dates match BigInt references. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectId } from '../language/dialects/dialect-id.js';
import { createSimulation, type Simulation } from './simulation.js';
import { projectOf } from './test-support.js';
import type { RunTimeValue } from './values.js';
import type { Engine } from './wasm/tiered-machine.js';

const NS_PER_DAY = 86_400_000_000_000n;

interface WholeType {
  readonly name: string;
  readonly bits: number;
  readonly isSigned: boolean;
}

const WHOLE: readonly WholeType[] = [
  ...['SINT', 'INT', 'DINT', 'LINT'].map((name, at) => ({ name, bits: 8 << at, isSigned: true })),
  ...['USINT', 'UINT', 'UDINT', 'ULINT'].map((name, at) => ({ name, bits: 8 << at, isSigned: false })),
  ...['BYTE', 'WORD', 'DWORD', 'LWORD'].map((name, at) => ({ name, bits: 8 << at, isSigned: false })),
];

interface TemporalType {
  readonly name: string;
  /** Nanoseconds of the number to and from which the type converts. */
  readonly unit: bigint;
  /** A value in nanoseconds from the number, as a controller of the CODESYS family holds it. */
  fromNumber(number: bigint): bigint;
  readonly values: fc.Arbitrary<bigint>;
  /** True when the simulator holds it as a number of JavaScript. */
  readonly isNumber: boolean;
}

const MS = 1_000_000n;
const S = 1_000_000_000n;
const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;
const upTo = (limit: bigint, unit: bigint): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: 0n, max: limit / unit }).map((value) => value * unit);

const TEMPORAL: readonly TemporalType[] = [
  {
    name: 'TIME',
    unit: MS,
    fromNumber: (x) => BigInt.asUintN(32, x) * MS,
    values: upTo(49n * NS_PER_DAY, MS),
    isNumber: true,
  },
  {
    name: 'LTIME',
    unit: 1n,
    fromNumber: (x) => BigInt.asIntN(64, x),
    values: upTo(2n ** 63n - 1n, 1n),
    isNumber: false,
  },
  {
    name: 'TOD',
    unit: MS,
    fromNumber: (x) => modulo(x * MS, NS_PER_DAY),
    values: upTo(NS_PER_DAY - 1n, MS),
    isNumber: true,
  },
  {
    name: 'LTOD',
    unit: 1n,
    fromNumber: (x) => modulo(x, NS_PER_DAY),
    values: upTo(NS_PER_DAY - 1n, 1n),
    isNumber: false,
  },
  {
    name: 'DT',
    unit: S,
    fromNumber: (x) => BigInt.asUintN(32, x) * S,
    values: upTo((2n ** 32n - 1n) * S, S),
    isNumber: false,
  },
  { name: 'LDT', unit: 1n, fromNumber: (x) => BigInt.asIntN(64, x), values: upTo(2n ** 63n - 1n, 1n), isNumber: false },
  {
    name: 'DATE',
    unit: S,
    fromNumber: (x) => BigInt.asUintN(32, x) * S,
    values: upTo((2n ** 32n - 1n) * S, NS_PER_DAY),
    isNumber: false,
  },
  {
    name: 'LDATE',
    unit: 1n,
    fromNumber: (x) => BigInt.asIntN(64, x),
    values: upTo(2n ** 63n - 1n, NS_PER_DAY),
    isNumber: false,
  },
];

const wrap = (value: bigint, { bits, isSigned }: WholeType): bigint =>
  isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);

function valuesOf({ bits, isSigned }: WholeType): fc.Arbitrary<bigint> {
  const [min, max] = isSigned
    ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
    : [0n, 2n ** BigInt(bits) - 1n];
  return fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n, 1n));
}

function start(text: string, engine: Engine, dialect: DialectId = 'codesys'): Simulation {
  const project = { ...projectOf(text, 'codesys'), dialect };
  const errors = project.findings.filter((each) => each.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((each) => each.message).join('\n'));
  const created = createSimulation(project, { engine });
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  return created.simulation;
}

function put(simulation: Simulation, name: string, value: RunTimeValue): void {
  const tag = simulation.tag(name);
  if (tag === null) throw new Error(`no ${name}`);
  simulation.poke(tag, value);
}

const raw = (type: { readonly bits: number }, value: bigint): RunTimeValue =>
  type.bits === 64 ? value : Number(value);
const big = (value: unknown): bigint => BigInt(value as number | bigint);

/** A program that converts x of a type to every type of the list. */
const program = (from: string, to: readonly string[]): string => `PROGRAM Main
VAR x : ${from}; ${to.map((name) => `y${name} : ${name};`).join(' ')} END_VAR
${to.map((name) => `y${name} := ${from}_TO_${name}(x);`).join('\n')}
END_PROGRAM`;

describe.each(['javascript', 'wasm'] as const)('times and dates in %s', (engine) => {
  it.each(TEMPORAL)('$name to every whole number: its unit, cut to the width', (from) => {
    const simulation = start(
      program(
        from.name,
        WHOLE.map(({ name }) => name),
      ),
      engine,
    );
    fc.assert(
      fc.property(from.values, (x) => {
        put(simulation, 'Main.x', from.isNumber ? Number(x) : x);
        expect(simulation.scan()).toBeNull();
        for (const to of WHOLE) expect(big(simulation.read(`Main.y${to.name}`)), to.name).toBe(wrap(x / from.unit, to));
      }),
    );
    expect(simulation.engine).toBe(engine);
  });

  it.each(WHOLE)('$name to every time and date', (from) => {
    const simulation = start(
      program(
        from.name,
        TEMPORAL.map(({ name }) => name),
      ),
      engine,
    );
    fc.assert(
      fc.property(valuesOf(from), (x) => {
        put(simulation, 'Main.x', raw(from, x));
        expect(simulation.scan()).toBeNull();
        for (const to of TEMPORAL) expect(big(simulation.read(`Main.y${to.name}`)), to.name).toBe(to.fromNumber(x));
      }),
    );
    expect(simulation.engine).toBe(engine);
  });

  it.each(TEMPORAL)('$name to REAL and LREAL: the nearest number of its unit', (from) => {
    const simulation = start(program(from.name, ['REAL', 'LREAL']), engine);
    fc.assert(
      fc.property(from.values, (x) => {
        put(simulation, 'Main.x', from.isNumber ? Number(x) : x);
        simulation.scan();
        expect(simulation.read('Main.yLREAL')).toBe(Number(x / from.unit));
        const single = Number(simulation.read('Main.yREAL'));
        expect(Math.abs(single - Number(x / from.unit))).toBeLessThanOrEqual(Number(x / from.unit) * 2 ** -24);
      }),
    );
  });

  it.each(TEMPORAL)('$name to STRING and back', (from) => {
    const simulation = start(
      `PROGRAM Main VAR x, back : ${from.name}; s : STRING; END_VAR
s := ${from.name}_TO_STRING(x); back := STRING_TO_${from.name}(s);
END_PROGRAM`,
      engine,
    );
    fc.assert(
      fc.property(from.values, (x) => {
        put(simulation, 'Main.x', from.isNumber ? Number(x) : x);
        simulation.scan();
        expect(big(simulation.read('Main.back'))).toBe(x);
      }),
    );
  });

  it('among each other: LDT has the parts of a date and a time of day', () => {
    const simulation = start(program('LDT', ['DT', 'LDATE', 'DATE', 'LTOD', 'TOD']), engine);
    const limit = (2n ** 32n - 1n) * S;
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: limit }), (x) => {
        put(simulation, 'Main.x', x);
        simulation.scan();
        const day = x - (x % NS_PER_DAY);
        expect(['DT', 'LDATE', 'DATE', 'LTOD', 'TOD'].map((name) => big(simulation.read(`Main.y${name}`)))).toEqual([
          x - (x % S),
          day,
          day,
          x - day,
          x - day - ((x - day) % MS),
        ]);
      }),
    );
  });
});

/** Values of every type, as texts of ST. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  BOOL: ['FALSE', 'TRUE'],
  ...Object.fromEntries(
    WHOLE.map(({ name, bits, isSigned }) => [
      name,
      ['0', '1', '57', `${2n ** BigInt(bits - (isSigned ? 1 : 0)) - 1n}`, ...(isSigned ? ['-1', '-99'] : [])].map(
        (text) => `${name}#${text}`,
      ),
    ]),
  ),
  REAL: ['0.0', '1.5', '-2.5', '3.4E38', '123456.7'],
  LREAL: ['0.0', '1.5', '-2.5', '1.0E300', '123456789.125'],
  TIME: ['T#0s', 'T#1500ms', 'T#49d'],
  LTIME: ['LTIME#0s', 'LTIME#1s2ns', 'LTIME#100d'],
  TOD: ['TOD#00:00:00', 'TOD#23:59:59.5'],
  LTOD: ['LTOD#00:00:00', 'LTOD#23:59:59.000000001'],
  DT: ['DT#1970-01-01-00:00:00', 'DT#2024-02-29-12:30:15'],
  LDT: ['LDT#1970-01-01-00:00:00', 'LDT#2024-02-29-12:30:15.25'],
  DATE: ['D#1970-01-01', 'D#2024-02-29'],
  LDATE: ['LDATE#1970-01-01', 'LDATE#2024-02-29'],
  STRING: ["''", "'42'", "'-7.5'", "'TRUE'", "'T#5s'", "'DT#2024-02-29-12:30:15'", "'text'"],
};

describe('every pair of elementary types', () => {
  const names = Object.keys(SOURCES);

  describe.each(['codesys', 'iec', 'siemens', 'rockwell'] as const)('%s', (dialect) => {
    it.each(names)('%s to every other type is a conversion, the same in both engines', (from) => {
      const targets = names.filter((name) => name !== from);
      const text = `PROGRAM Main
VAR step : INT; x : ${from}; ${targets.map((name) => `y${name} : ${name};`).join(' ')} END_VAR
CASE step OF
${(SOURCES[from] ?? []).map((value, at) => `${at}: x := ${value};`).join('\n')}
END_CASE;
${targets.map((name) => `y${name} := ${from}_TO_${name}(x);`).join('\n')}
END_PROGRAM`;
      const script = start(text, 'javascript', dialect);
      const native = start(text, 'wasm', dialect);
      expect(script.unknownBlocks).toEqual([]);
      for (const [step] of (SOURCES[from] ?? []).entries()) {
        for (const each of [script, native]) {
          each.start('cold');
          each.write('Main.step', step);
          each.scan();
        }
        expect(script.isUnknown).toBe(false);
        expect(native.fault?.message ?? null).toBe(script.fault?.message ?? null);
        expect(native.values()).toEqual(script.values());
      }
    });
  });
});
