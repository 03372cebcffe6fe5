/** Tables of the blocks of the CODESYS libraries, scan by scan at 100 ms, in both engines. */

import { describe, expect, it, test } from 'vitest';
import type { DialectId } from '../../language/dialects/dialect-id.js';
import { createSimulation, type Simulation } from '../simulation.js';
import { projectOf } from '../test-support.js';
import type { Engine } from '../wasm/tiered-machine.js';

const ENGINES = ['javascript', 'wasm'] as const satisfies readonly Engine[];

function start(text: string, engine: Engine, dialect: DialectId = 'codesys'): Simulation {
  const created = createSimulation({ ...projectOf(text, 'codesys'), dialect }, { engine, cycleNs: 100_000_000 });
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  expect(created.simulation.unknownBlocks).toEqual([]);
  return created.simulation;
}

/** The numbers of REAL variables, to six digits. */
function rounded(value: unknown): number {
  return Number(Number(value).toPrecision(6));
}

interface ControllerRow {
  readonly title: string;
  readonly block: 'PID' | 'PID_FIXCYCLE' | 'PD';
  /** Pins that keep their value. */
  readonly fixed: Readonly<Record<string, number | boolean>>;
  /** Pins by scan; the last value stays. */
  readonly pins?: Readonly<Record<string, readonly (number | boolean)[]>>;
  readonly y: readonly number[];
  readonly limited?: string;
  readonly overflow?: string;
  /** Scans in which the block is called; default: all. */
  readonly called?: string;
}

const CONTROLLERS: readonly ControllerRow[] = [
  {
    title: 'P part alone: KP times the error, plus the offset',
    block: 'PD',
    fixed: { SET_POINT: 10, ACTUAL: 4, KP: 2, Y_OFFSET: 1 },
    y: [13, 13, 13],
  },
  {
    title: 'D part: the slope of the error per second, none in the first call',
    block: 'PD',
    fixed: { SET_POINT: 10, KP: 1, TV: 0.5 },
    pins: { ACTUAL: [10, 9, 9, 7] },
    // Errors 0, 1, 1, 3; slopes 10, 0, 20 per second.
    y: [0, 6, 1, 13],
  },
  {
    title: 'I part: the error adds up over TN',
    block: 'PID',
    fixed: { SET_POINT: 1, KP: 2, TN: 0.5, Y_OFFSET: 3 },
    y: [5, 5.4, 5.8, 6.2],
  },
  {
    title: 'all three parts together',
    block: 'PID',
    fixed: { SET_POINT: 10, KP: 1, TN: 1, TV: 0.1 },
    pins: { ACTUAL: [8, 9, 9] },
    // Errors 2, 1, 1; sums 0, 0.1, 0.2; slopes 0, -10, 0.
    y: [2, 0.1, 1.2],
  },
  {
    title: 'a call gap counts as time',
    block: 'PID',
    fixed: { SET_POINT: 1, KP: 1, TN: 1 },
    y: [1, 1.1, 1.1, 1.1, 1.4],
    called: '11001',
  },
  {
    title: 'PID_FIXCYCLE counts calls, not time',
    block: 'PID_FIXCYCLE',
    fixed: { SET_POINT: 1, KP: 1, TN: 1, CYCLE: 0.1 },
    y: [1, 1.1, 1.1, 1.1, 1.2],
    called: '11001',
  },
  {
    title: 'a CYCLE of 0 changes nothing after the first call',
    block: 'PID_FIXCYCLE',
    fixed: { SET_POINT: 1, KP: 1, TN: 1, CYCLE: 0 },
    y: [1, 1, 1],
  },
  {
    title: 'Y stays within its limits and says so; the integral does not wind up meanwhile',
    block: 'PID',
    fixed: { KP: 1, TN: 0.1, Y_MIN: -2, Y_MAX: 2 },
    pins: { SET_POINT: [1, 1, 1, 1, 0, -1] },
    // Without the correction the sum would be 3 in the fifth scan.
    y: [1, 2, 2, 2, 1, -1],
    limited: '001100',
  },
  {
    title: 'no limits while Y_MIN is not below Y_MAX',
    block: 'PID',
    fixed: { SET_POINT: 100, KP: 1, TN: 1, Y_MIN: 5, Y_MAX: 5 },
    y: [100, 110],
    limited: '00',
  },
  {
    title: 'manual operation sets Y, past offset and limits; the integral begins anew after it',
    block: 'PID',
    fixed: { SET_POINT: 1, KP: 1, TN: 1, Y_OFFSET: 5, Y_MANUAL: 42, Y_MIN: 0, Y_MAX: 10 },
    pins: { MANUAL: [false, false, true, true, false, false] },
    y: [6, 6.1, 42, 42, 6, 6.1],
    limited: '000000',
  },
  {
    title: 'RESET sets Y to the offset and clears the integral',
    block: 'PID',
    fixed: { SET_POINT: 1, KP: 1, TN: 1, Y_OFFSET: 5 },
    pins: { RESET: [false, false, true, false, false] },
    y: [6, 6.1, 5, 6, 6.1],
  },
  {
    title: 'manual operation wins over RESET',
    block: 'PD',
    fixed: { SET_POINT: 1, KP: 1, Y_OFFSET: 5, Y_MANUAL: 9, MANUAL: true, RESET: true },
    y: [9, 9],
  },
  {
    title: 'parameters are taken over at a start, after RESET and when manual operation ends',
    block: 'PD',
    fixed: { SET_POINT: 1 },
    pins: {
      KP: [1, 2, 2, 2, 3, 3, 3],
      RESET: [false, false, true, false, false, false, false],
      MANUAL: [false, false, false, false, false, true, false],
    },
    y: [1, 1, 0, 2, 2, 0, 3],
  },
  {
    title: 'a TN of 0 suspends the calculation',
    block: 'PID',
    fixed: { SET_POINT: 1, KP: 1, TN: 0 },
    y: [0, 0],
  },
  {
    title: 'an integral beyond REAL suspends the controller until RESET',
    block: 'PID_FIXCYCLE',
    fixed: { SET_POINT: 1e38, KP: 0, TN: 10, CYCLE: 1, Y_OFFSET: 7 },
    pins: { RESET: [false, false, false, false, false, false, true, false] },
    y: [7, 7, 7, 7, 7, 7, 7, 7],
    overflow: '00001100',
  },
];

function runController(row: ControllerRow, engine: Engine): { y: number[]; limited: string; overflow: string } {
  const names = [...Object.keys(row.fixed), ...Object.keys(row.pins ?? {})];
  const isBoolean = (name: string): boolean => name === 'MANUAL' || name === 'RESET';
  const simulation = start(
    `PROGRAM Main
VAR b : ${row.block}; called : BOOL; ${names.map((name) => `x${name} : ${isBoolean(name) ? 'BOOL' : 'REAL'};`).join(' ')} END_VAR
IF called THEN b(${names.map((name) => `${name} := x${name}`).join(', ')}); END_IF;
END_PROGRAM`,
    engine,
  );
  for (const [name, value] of Object.entries(row.fixed)) simulation.write(`Main.x${name}`, value);
  const seen = { y: [] as number[], limited: '', overflow: '' };
  for (let scan = 0; scan < row.y.length; scan++) {
    for (const [name, values] of Object.entries(row.pins ?? {}))
      simulation.write(`Main.x${name}`, values[scan] ?? values.at(-1));
    simulation.write('Main.called', (row.called ?? '1'.repeat(row.y.length))[scan] === '1');
    expect(simulation.scan()).toBeNull();
    seen.y.push(rounded(simulation.read('Main.b.Y')));
    seen.limited += simulation.read('Main.b.LIMITS_ACTIVE') === true ? '1' : '0';
    seen.overflow += simulation.read('Main.b.OVERFLOW') === true ? '1' : '0';
  }
  expect(simulation.engine).toBe(engine);
  return seen;
}

describe.each(ENGINES)('controllers in %s', (engine) => {
  it.each(CONTROLLERS)('$block: $title', (row) => {
    const seen = runController(row, engine);
    expect(seen.y).toEqual(row.y);
    if (row.limited !== undefined) expect(seen.limited).toBe(row.limited);
    if (row.overflow !== undefined) expect(seen.overflow).toBe(row.overflow);
  });

  it('a PID brings a simple process to its set point and keeps it there', () => {
    const simulation = start(
      `PROGRAM Main
VAR b : PID; level : REAL; END_VAR
b(ACTUAL := level, SET_POINT := 50.0, KP := 1.5, TN := 4.0, TV := 0.0, Y_MIN := 0.0, Y_MAX := 100.0);
level := level + (b.Y - level) * 0.02;
END_PROGRAM`,
      engine,
    );
    simulation.runFor(120e9);
    expect(Number(simulation.read('Main.level'))).toBeCloseTo(50, 2);
    expect(simulation.read('Main.b.LIMITS_ACTIVE')).toBe(false);
  });
});

const RTC: readonly {
  readonly dialect: DialectId;
  readonly enable: string;
  readonly q: string;
  /** Minutes and seconds of CDT after 10:00:00 on the day of PDT; null: 1970-01-01. */
  readonly clock: readonly (string | null)[];
}[] = [
  // One character per 500 ms, the first call of each is looked at; the last call with IN TRUE is at 1.4 s.
  {
    dialect: 'iec',
    enable: '0111001',
    q: '0111001',
    clock: [null, '00:00', '00:00', '00:01', '00:01', '00:01', '00:00'],
  },
  {
    dialect: 'codesys',
    enable: '0111001',
    q: '0111001',
    clock: [null, '00:00', '00:00', '00:01', null, null, '00:00'],
  },
  {
    dialect: 'twincat',
    enable: '0111001',
    q: '0111111',
    clock: [null, '00:00', '00:00', '00:01', '00:01', '00:02', '00:00'],
  },
  {
    dialect: 'siemens',
    enable: '0111001',
    q: '0111001',
    clock: [null, '00:00', '00:00', '00:01', '00:01', '00:01', '00:00'],
  },
  {
    dialect: 'rockwell',
    enable: '0111001',
    q: '0111001',
    clock: [null, '00:00', '00:00', '00:01', '00:01', '00:01', '00:00'],
  },
];

describe.each(ENGINES)('RTC in %s', (engine) => {
  it.each(RTC)('$dialect: PDT plus the time since the edge', ({ dialect, enable, q, clock }) => {
    const simulation = start(
      `PROGRAM Main
VAR c : RTC; x : BOOL; END_VAR
c(EN := x, PDT := DT#2024-02-28-10:00:00);
END_PROGRAM`,
      engine,
      dialect,
    );
    let seen = '';
    const passed: (string | null)[] = [];
    for (const each of enable) {
      simulation.write('Main.x', each === '1');
      simulation.scan();
      seen += simulation.read('Main.c.Q') === true ? '1' : '0';
      const time = String(simulation.readJson('Main.c.CDT'));
      passed.push(time === 'DT#1970-01-01-00:00:00' ? null : time.slice('DT#2024-02-28-10:'.length));
      simulation.runFor(400_000_000);
    }
    expect(seen).toBe(q);
    expect(passed).toEqual(clock);
  });

  test('a rising edge while it runs takes PDT anew, and the date moves on at midnight', () => {
    const simulation = start(
      `PROGRAM Main
VAR c : RTC; x : BOOL := TRUE; END_VAR
c(EN := x, PDT := DT#2024-02-28-23:59:59);
END_PROGRAM`,
      engine,
    );
    simulation.runFor(2_100_000_000);
    expect(simulation.readJson('Main.c.CDT')).toBe('DT#2024-02-29-00:00:01');
    simulation.jumpClock(60 * 86_400e9);
    simulation.scan();
    expect(simulation.readJson('Main.c.CDT')).toBe('DT#2024-04-29-00:00:01');
  });
});

describe.each(ENGINES)('signals in %s', (engine) => {
  test('BLINK: TIMELOW FALSE, TIMEHIGH TRUE, and OUT stays as it is without ENABLE', () => {
    const simulation = start(
      'PROGRAM Main VAR b : BLINK; x : BOOL; END_VAR b(ENABLE := x, TIMELOW := T#200ms, TIMEHIGH := T#300ms); END_PROGRAM',
      engine,
    );
    const enable = '011110011111111';
    let seen = '';
    for (const each of enable) {
      simulation.write('Main.x', each === '1');
      simulation.scan();
      seen += simulation.read('Main.b.OUT') === true ? '1' : '0';
    }
    expect(seen).toBe('000111100111001');
  });

  test('HYSTERESIS and LIMITALARM around their limits', () => {
    const simulation = start(
      `PROGRAM Main VAR h : HYSTERESIS; a : LIMITALARM; x : INT; END_VAR
h(IN := x, HIGH := 20, LOW := 10); a(IN := x, HIGH := 20, LOW := 10);
END_PROGRAM`,
      engine,
    );
    const seen = [15, 9, 10, 20, 21, 15, 9].map((x) => {
      simulation.write('Main.x', x);
      simulation.scan();
      return ['h.OUT', 'a.O', 'a.U', 'a.IL'].map((pin) => Number(simulation.read(`Main.${pin}`))).join('');
    });
    expect(seen).toEqual(['0001', '1010', '1001', '1001', '0100', '0001', '1010']);
  });

  test('INTEGRAL adds IN * TM, stops at the range of REAL, goes on after RESET', () => {
    const simulation = start(
      `PROGRAM Main VAR b : INTEGRAL; x : REAL; r : BOOL; END_VAR
b(IN := x, TM := 100, RESET := r);
END_PROGRAM`,
      engine,
    );
    const rows: readonly (readonly [number, boolean, number, boolean])[] = [
      [2, false, 200, false],
      [3, false, 500, false],
      [3e36, false, 3e38, false],
      [3e36, false, 3e38, true],
      [1, false, 3e38, true],
      [1, true, 0, false],
      [1, false, 100, false],
    ];
    for (const [input, reset, out, overflow] of rows) {
      simulation.write('Main.x', input);
      simulation.write('Main.r', reset);
      simulation.scan();
      expect(rounded(simulation.read('Main.b.OUT'))).toBe(out);
      expect(simulation.read('Main.b.OVERFLOW')).toBe(overflow);
    }
  });
});
