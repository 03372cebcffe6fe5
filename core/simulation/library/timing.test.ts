/** Timing tables of the standard blocks, scan by scan at 10 ms: one character per scan. `.` in an expectation: any. */

import { describe, expect, it } from 'vitest';
import type { DialectId } from '../../language/dialects/dialect-id.js';
import { createSimulation, type Simulation } from '../simulation.js';
import { projectOf, simulate } from '../test-support.js';
import type { Engine } from '../wasm/tiered-machine.js';

/** Dialects whose timers read PT at every call, and those that latch it at the start. */
const LIVE = ['iec', 'codesys', 'twincat', 'rockwell'] as const satisfies readonly DialectId[];
const LATCHED = ['siemens'] as const satisfies readonly DialectId[];
const ALL = [...LIVE, ...LATCHED];

/** Dialects whose TIME may be negative, and those whose TIME is unsigned. */
const SIGNED_LIVE = ['iec', 'rockwell'] as const satisfies readonly DialectId[];
const UNSIGNED = ['codesys', 'twincat'] as const satisfies readonly DialectId[];

interface TimerRow {
  /** Dialects whose semantics the row states. Default: all. */
  readonly of?: readonly DialectId[];
  readonly title: string;
  readonly block: 'TON' | 'TOF' | 'TP';
  /** IN per scan. */
  readonly input: string;
  /** Q per scan. */
  readonly q: string;
  /** ET per scan in tens of milliseconds. */
  readonly et: readonly number[];
  /** PT in milliseconds: one for all scans, or by scan. */
  readonly preset: number | Readonly<Record<number, number>>;
  /** Scans in which the block is called; default: all. */
  readonly called?: string;
}

const TIMERS: readonly TimerRow[] = [
  {
    title: 'edge scan has ET 0, Q at PT',
    block: 'TON',
    input: '011111110',
    q: '000001110',
    et: [0, 0, 1, 2, 3, 4, 4, 4, 0],
    preset: 40,
  },
  {
    title: 'IN TRUE at cold start times from the first scan',
    block: 'TON',
    input: '11110',
    q: '00110',
    et: [0, 1, 2, 2, 0],
    preset: 20,
  },
  { title: 'IN falls before PT', block: 'TON', input: '0110110', q: '0000000', et: [0, 0, 1, 0, 0, 1, 0], preset: 40 },
  {
    title: 'retrigger starts anew',
    block: 'TON',
    input: '0111011110',
    q: '0001000110',
    et: [0, 0, 1, 2, 0, 0, 1, 2, 2, 0],
    preset: 20,
  },
  {
    title: 'PT shortened while running acts at once',
    of: LIVE,
    block: 'TON',
    input: '0111111',
    q: '0000111',
    et: [0, 0, 1, 2, 2, 2, 2],
    preset: { 0: 50, 4: 20 },
  },
  {
    title: 'PT lengthened while running acts at once',
    of: LIVE,
    block: 'TON',
    input: '01111111',
    q: '00000011',
    et: [0, 0, 1, 2, 3, 4, 5, 5],
    preset: { 0: 30, 3: 50 },
  },
  {
    title: 'PT changed after expiry changes nothing',
    block: 'TON',
    input: '0111111',
    q: '0001111',
    et: [0, 0, 1, 2, 2, 2, 2],
    preset: { 0: 20, 5: 90 },
  },
  {
    title: 'PT 0 fires in the second call',
    of: LIVE,
    block: 'TON',
    input: '01110',
    q: '00110',
    et: [0, 0, 0, 0, 0],
    preset: 0,
  },
  {
    title: 'a call gap counts as time, the edge is the first call',
    block: 'TON',
    input: '0111111',
    q: '0000011',
    et: [0, 0, 0, 0, 0, 3, 3],
    preset: 30,
    called: '1100011',
  },

  {
    title: 'Q follows IN up at once, down after PT',
    block: 'TOF',
    input: '0110000011',
    q: '0111110011',
    et: [0, 0, 0, 0, 1, 2, 3, 3, 0, 0],
    preset: 30,
  },
  { title: 'cold start with IN FALSE: Q FALSE', block: 'TOF', input: '0000', q: '0000', et: [0, 0, 0, 0], preset: 30 },
  {
    title: 'retrigger before expiry keeps Q',
    block: 'TOF',
    input: '1001000',
    q: '1111110',
    et: [0, 0, 1, 0, 0, 1, 2],
    preset: 20,
  },
  {
    title: 'ET stays at PT after expiry until IN',
    block: 'TOF',
    input: '100001',
    q: '110001',
    et: [0, 0, 1, 1, 1, 0],
    preset: 10,
  },
  {
    title: 'PT 0 drops in the second call',
    of: LIVE,
    block: 'TOF',
    input: '1000',
    q: '1100',
    et: [0, 0, 0, 0],
    preset: 0,
  },
  {
    title: 'PT shortened while running',
    of: LIVE,
    block: 'TOF',
    input: '1000000',
    q: '1111000',
    et: [0, 0, 1, 2, 2, 2, 2],
    preset: { 0: 50, 4: 20 },
  },

  {
    title: 'a pulse of PT, ET stays at PT while IN',
    block: 'TP',
    input: '01111110',
    q: '01110000',
    et: [0, 0, 1, 2, 3, 3, 3, 0],
    preset: 30,
  },
  {
    title: 'a short IN still gives the whole pulse',
    block: 'TP',
    input: '01000000',
    q: '01110000',
    et: [0, 0, 1, 2, 0, 0, 0, 0],
    preset: 30,
  },
  {
    title: 'retrigger in the pulse is ignored',
    block: 'TP',
    input: '01010000',
    q: '01110000',
    et: [0, 0, 1, 2, 0, 0, 0, 0],
    preset: 30,
  },
  {
    title: 'one pulse only while IN stays TRUE',
    block: 'TP',
    input: '0111111111',
    q: '0110000000',
    et: [0, 0, 1, 2, 2, 2, 2, 2, 2, 2],
    preset: 20,
  },
  {
    title: 'a new edge after the pulse gives a new pulse',
    block: 'TP',
    input: '010001000',
    q: '011001100',
    et: [0, 0, 1, 0, 0, 0, 1, 0, 0],
    preset: 20,
  },

  // What the list of mandatory cases adds, and what the latched preset of the S7-1500 makes of them.
  {
    title: 'PT 0 fires in the scan of the edge',
    of: LATCHED,
    block: 'TON',
    input: '0110',
    q: '0110',
    et: [0, 0, 0, 0],
    preset: 0,
  },
  {
    title: 'PT 0 drops in the scan of the edge',
    of: LATCHED,
    block: 'TOF',
    input: '1000',
    q: '1000',
    et: [0, 0, 0, 0],
    preset: 0,
  },
  { title: 'PT 0 gives no pulse', of: LATCHED, block: 'TP', input: '0110', q: '0000', et: [0, 0, 0, 0], preset: 0 },
  {
    title: 'PT 0 gives a pulse of one call',
    of: LIVE,
    block: 'TP',
    input: '0110',
    q: '0100',
    et: [0, 0, 0, 0],
    preset: 0,
  },
  {
    title: 'PT changed while running acts at the next start',
    of: LATCHED,
    block: 'TON',
    input: '01111101111',
    q: '00001100011',
    et: [0, 0, 1, 2, 3, 3, 0, 0, 1, 2, 2],
    preset: { 0: 30, 2: 10, 3: 20 },
  },
  {
    title: 'PT changed while running acts at the next start',
    of: LATCHED,
    block: 'TOF',
    input: '10000100',
    q: '11110111',
    et: [0, 0, 1, 2, 3, 0, 0, 1],
    preset: { 0: 30, 2: 90 },
  },
  {
    title: 'PT changed in the pulse acts at the next pulse',
    of: LATCHED,
    block: 'TP',
    input: '0111110100',
    q: '0111000110',
    et: [0, 0, 1, 2, 3, 3, 0, 0, 1, 0],
    preset: { 0: 30, 2: 10, 3: 20 },
  },
  {
    title: 'PT lengthened while running acts at once',
    of: LIVE,
    block: 'TOF',
    input: '1000000',
    q: '1111110',
    et: [0, 0, 1, 2, 3, 4, 5],
    preset: { 0: 30, 3: 50 },
  },
  {
    title: 'PT shortened in the pulse ends it at once',
    of: LIVE,
    block: 'TP',
    input: '0111111',
    q: '0111000',
    et: [0, 0, 1, 2, 2, 2, 2],
    preset: { 0: 50, 4: 20 },
  },
  { title: 'IN TRUE at cold start is an edge', block: 'TP', input: '1111', q: '1100', et: [0, 1, 2, 2], preset: 20 },
  {
    title: 'a call gap counts as time',
    block: 'TOF',
    input: '1000000',
    q: '1111110',
    et: [0, 0, 0, 0, 0, 0, 3],
    preset: 30,
    called: '1100001',
  },
  {
    title: 'a call gap counts as time, and the pulse is longer by it',
    block: 'TP',
    input: '0111111',
    q: '0111110',
    et: [0, 0, 0, 0, 0, 0, 2],
    preset: 20,
    called: '1100001',
  },
  {
    title: 'a negative PT is over in the second call, with ET 0',
    of: SIGNED_LIVE,
    block: 'TON',
    input: '01110',
    q: '00110',
    et: [0, 0, 0, 0, 0],
    preset: -10,
  },
  {
    title: 'a negative PT drops in the second call, with ET 0',
    of: SIGNED_LIVE,
    block: 'TOF',
    input: '1000',
    q: '1100',
    et: [0, 0, 0, 0],
    preset: -10,
  },
  {
    title: 'a negative PT gives a pulse of one call',
    of: SIGNED_LIVE,
    block: 'TP',
    input: '0110',
    q: '0100',
    et: [0, 0, 0, 0],
    preset: -10,
  },
  {
    title: 'a negative PT is over in the scan of the edge',
    of: LATCHED,
    block: 'TON',
    input: '0110',
    q: '0110',
    et: [0, 0, 0, 0],
    preset: -10,
  },
  {
    title: 'a negative PT wraps to 49 days: it is not over',
    of: UNSIGNED,
    block: 'TON',
    input: '01111',
    q: '00000',
    et: [0, 0, 1, 2, 3],
    preset: -10,
  },
  {
    title: 'PT changed after expiry changes nothing until the next start',
    block: 'TOF',
    input: '1000000',
    q: '1110000',
    et: [0, 0, 1, 2, 2, 2, 2],
    preset: { 0: 20, 5: 90 },
  },
  {
    title: 'PT changed after expiry changes nothing until the next pulse',
    block: 'TP',
    input: '1111111',
    q: '1100000',
    et: [0, 1, 2, 2, 2, 2, 2],
    preset: { 0: 20, 4: 90 },
  },
  {
    title: 'retriggered in its last scan it starts anew',
    block: 'TOF',
    input: '100100000',
    q: '111111000',
    et: [0, 0, 1, 0, 0, 1, 2, 2, 2],
    preset: 20,
  },
  {
    title: 'an edge in a call gap is not seen before the next call',
    block: 'TON',
    input: '0101111',
    q: '0000001',
    et: [0, 0, 0, 0, 0, 1, 2],
    preset: 20,
    called: '1000111',
  },
];

const ENGINES = ['javascript', 'wasm'] as const satisfies readonly Engine[];

/** Every dialect in both engines. */
const PROFILES = ENGINES.flatMap((engine) => ALL.map((dialect) => ({ engine, dialect })));

/** The program with the semantics of a dialect: all are written in one language, so that one table holds for all. */
function withSemantics(text: string, dialect: DialectId, engine: Engine = 'javascript'): Simulation {
  const created = createSimulation({ ...projectOf(text, 'codesys'), dialect }, { engine });
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  return created.simulation;
}

function runTimer(row: TimerRow, dialect: DialectId, engine: Engine): { q: string; et: number[] } {
  const simulation = withSemantics(
    `PROGRAM Main
VAR t : ${row.block}; x : BOOL; called : BOOL; pt, less : TIME; q : BOOL; et : TIME; END_VAR
// A negative preset is computed: where TIME is unsigned it wraps.
IF called THEN t(IN := x, PT := pt - less, Q => q, ET => et); END_IF;
END_PROGRAM`,
    dialect,
    engine,
  );
  let q = '';
  const et: number[] = [];
  for (let scan = 0; scan < row.input.length; scan++) {
    const preset = typeof row.preset === 'number' ? (scan === 0 ? row.preset : undefined) : row.preset[scan];
    if (preset !== undefined) {
      simulation.write('Main.pt', `${Math.max(preset, 0)}ms`);
      simulation.write('Main.less', `${Math.max(-preset, 0)}ms`);
    }
    simulation.write('Main.x', row.input[scan] === '1');
    simulation.write('Main.called', (row.called ?? '1'.repeat(row.input.length))[scan] === '1');
    simulation.scan();
    q += simulation.read('Main.q') === true ? '1' : '0';
    et.push(Number(simulation.read('Main.et')) / 10_000_000);
  }
  expect(simulation.engine).toBe(engine);
  return { q, et };
}

describe('timers', () => {
  describe.each(PROFILES)('$dialect in $engine', ({ dialect, engine }) => {
    it.each(TIMERS.filter((row) => (row.of ?? ALL).some((each) => each === dialect)))('$block: $title', (row) => {
      const { q, et } = runTimer(row, dialect, engine);
      expect(q).toBe(row.q);
      expect(et).toEqual(row.et);
    });
  });

  describe.each(PROFILES)('two calls in one scan: $dialect in $engine', ({ dialect, engine }) => {
    /** Q after each call of each scan; the inputs of both calls of a scan, one character each. */
    function twice(block: string, scans: readonly string[]): string[] {
      const simulation = withSemantics(
        `PROGRAM Main
VAR b : ${block}; x1, x2, q1, q2 : BOOL; END_VAR
b(IN := x1, PT := T#20ms, Q => q1);
b(IN := x2, PT := T#20ms, Q => q2);
END_PROGRAM`,
        dialect,
        engine,
      );
      return scans.map((inputs) => {
        simulation.write('Main.x1', inputs[0] === '1');
        simulation.write('Main.x2', inputs[1] === '1');
        simulation.scan();
        return ['q1', 'q2'].map((pin) => Number(simulation.read(`Main.${pin}`))).join('');
      });
    }

    it('TON: the clock is that of the scan, so the calls do not add up', () => {
      expect(twice('TON', ['11', '11', '11', '11'])).toEqual(['00', '00', '11', '11']);
    });

    it('TON: a pulse of IN between two calls is no time', () => {
      expect(twice('TON', ['10', '11', '11', '11'])).toEqual(['00', '00', '00', '11']);
    });

    it('TON: a gap of IN between two calls starts it anew', () => {
      expect(twice('TON', ['11', '11', '01', '11', '11'])).toEqual(['00', '00', '00', '00', '11']);
    });

    it('TOF: a pulse of IN between two calls starts it', () => {
      expect(twice('TOF', ['00', '10', '00', '00'])).toEqual(['00', '11', '11', '00']);
    });

    it('TP: a pulse of IN between two calls gives the whole pulse', () => {
      expect(twice('TP', ['10', '00', '00', '00'])).toEqual(['11', '11', '00', '00']);
    });
  });

  it('edges, counters and bistables in two calls of one scan see two calls', () => {
    const simulation = simulate(`PROGRAM Main
VAR r : R_TRIG; f : F_TRIG; c : CTU; s : SR; q : ARRAY[1..4] OF BOOL; END_VAR
r(CLK := TRUE); q[1] := r.Q; r(CLK := FALSE); r(CLK := TRUE); q[2] := r.Q; r(CLK := FALSE);
f(CLK := TRUE); f(CLK := FALSE); q[3] := f.Q;
c(CU := TRUE, PV := 9); c(CU := FALSE); c(CU := TRUE); c(CU := FALSE);
s(S1 := TRUE, R := FALSE); s(S1 := FALSE, R := TRUE); q[4] := s.Q1;
END_PROGRAM`);
    simulation.scan();
    simulation.scan();
    expect([1, 2, 3, 4].map((index) => simulation.read(`Main.q[${index}]`))).toEqual([true, true, true, false]);
    expect(simulation.read('Main.c.CV')).toBe(4);
  });

  it.each(PROFILES)('TON inside of IF stands still while it is not called: $dialect $engine', ({ dialect, engine }) => {
    const simulation = withSemantics(
      'PROGRAM Main VAR t : TON; go : BOOL; END_VAR IF go THEN t(IN := TRUE, PT := T#30ms); END_IF; END_PROGRAM',
      dialect,
      engine,
    );
    const seen = [...'110000011'].map((go) => {
      simulation.write('Main.go', go === '1');
      simulation.scan();
      return `${Number(simulation.read('Main.t.ET')) / 1e7}${simulation.read('Main.t.Q') === true ? 'Q' : ''}`;
    });
    // ET keeps its value, not the time: the first call after the gap counts all of it.
    expect(seen).toEqual(['0', '1', '1', '1', '1', '1', '1', '3Q', '3Q']);
  });

  it('Siemens multi-mode timers time by the method they are called with', () => {
    const simulation = simulate(
      `FUNCTION_BLOCK "Delay"
VAR t : IEC_TIMER; q : Bool; e : Time; x : Bool; END_VAR
BEGIN
  #t.TON(IN := #x, PT := T#20ms, Q => #q, ET => #e);
END_FUNCTION_BLOCK
DATA_BLOCK "DelayDB" "Delay"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "OB1"
BEGIN
  "DelayDB"();
END_ORGANIZATION_BLOCK`,
      'siemens',
    );
    simulation.write('DelayDB.x', true);
    const seen = [1, 2, 3, 4].map(() => {
      simulation.scan();
      return [simulation.read('DelayDB.q'), Number(simulation.read('DelayDB.t.ET')) / 1e6];
    });
    expect(simulation.unknownBlocks).toEqual([]);
    expect(seen).toEqual([
      [false, 0],
      [false, 10],
      [true, 20],
      [true, 20],
    ]);
  });

  it('latches PT at the start where the controller does', () => {
    const simulation = simulate(
      `FUNCTION_BLOCK "Delay"
VAR t : TON_TIME; pt : Time := T#40ms; END_VAR
BEGIN
  #t(IN := TRUE, PT := #pt);
END_FUNCTION_BLOCK
DATA_BLOCK "DelayDB" "Delay"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "OB1"
BEGIN
  "DelayDB"();
END_ORGANIZATION_BLOCK`,
      'siemens',
    );
    simulation.runFor(20_000_000);
    simulation.write('DelayDB.pt', '10ms');
    simulation.runFor(20_000_000);
    expect(simulation.read('DelayDB.t.Q')).toBe(false);
    simulation.scan();
    expect(simulation.read('DelayDB.t.Q')).toBe(true);
  });

  it('times LTIME with the same rules', () => {
    const simulation = simulate(`PROGRAM Main
VAR t : TON_LTIME; END_VAR
t(IN := TRUE, PT := LTIME#25ms);
END_PROGRAM`);
    simulation.runFor(30_000_000);
    expect(simulation.read('Main.t.Q')).toBe(false);
    expect(simulation.read('Main.t.ET')).toBe(20_000_000n);
    simulation.scan();
    expect(simulation.read('Main.t.ET')).toBe(25_000_000n);
    expect(simulation.read('Main.t.Q')).toBe(true);
  });
});

/** Dialects whose counters stop at PV and 0, and those whose counters go on to the limits of their type. */
const STOPS_AT_PRESET = ['iec', 'codesys', 'twincat'] as const satisfies readonly DialectId[];
const GOES_ON = ['siemens', 'rockwell'] as const satisfies readonly DialectId[];

interface CounterRow {
  /** Dialects whose semantics the row states. Default: all. */
  readonly of?: readonly DialectId[];
  readonly title: string;
  readonly block: 'CTU' | 'CTD' | 'CTUD';
  readonly pins: Readonly<Record<string, string>>;
  readonly pv: number;
  readonly cv: readonly number[];
  readonly outputs: Readonly<Record<string, string>>;
}

const COUNTERS: readonly CounterRow[] = [
  {
    title: 'counts rising edges, Q at PV, stops at PV',
    of: STOPS_AT_PRESET,
    block: 'CTU',
    pins: { CU: '0101010101', R: '0000000000' },
    pv: 3,
    cv: [0, 1, 1, 2, 2, 3, 3, 3, 3, 3],
    outputs: { Q: '0000011111' },
  },
  {
    title: 'R wins over CU',
    block: 'CTU',
    pins: { CU: '010101', R: '000100' },
    pv: 2,
    cv: [0, 1, 1, 0, 0, 1],
    outputs: { Q: '000000' },
  },
  {
    title: 'CU TRUE at cold start counts once',
    block: 'CTU',
    pins: { CU: '1111', R: '0000' },
    pv: 2,
    cv: [1, 1, 1, 1],
    outputs: { Q: '0000' },
  },
  {
    title: 'loads, counts down to 0, Q at 0',
    of: STOPS_AT_PRESET,
    block: 'CTD',
    pins: { CD: '0010101010', LD: '1000000000' },
    pv: 2,
    cv: [2, 2, 1, 1, 0, 0, 0, 0, 0, 0],
    outputs: { Q: '0000111111' },
  },
  {
    title: 'CTD is done before the first load',
    block: 'CTD',
    pins: { CD: '00', LD: '01' },
    pv: 2,
    cv: [0, 2],
    outputs: { Q: '10' },
  },
  {
    title: 'both edges at once change nothing',
    block: 'CTUD',
    pins: { CU: '010101', CD: '000100', R: '000000', LD: '000000' },
    pv: 2,
    cv: [0, 1, 1, 1, 1, 2],
    outputs: { QU: '000001', QD: '100000' },
  },
  {
    title: 'R before LD before counting',
    block: 'CTUD',
    pins: { CU: '0001', CD: '0000', R: '0010', LD: '0110' },
    pv: 5,
    cv: [0, 5, 0, 1],
    outputs: { QU: '0100', QD: '1010' },
  },
  {
    title: 'counts beyond PV',
    of: GOES_ON,
    block: 'CTU',
    pins: { CU: '0101010101', R: '0000000000' },
    pv: 3,
    cv: [0, 1, 1, 2, 2, 3, 3, 4, 4, 5],
    outputs: { Q: '0000011111' },
  },
  {
    title: 'counts below 0',
    of: GOES_ON,
    block: 'CTD',
    pins: { CD: '0010101010', LD: '1000000000' },
    pv: 2,
    cv: [2, 2, 1, 1, 0, 0, -1, -1, -2, -2],
    outputs: { Q: '0000111111' },
  },
  {
    title: 'stops at PV and at 0',
    of: STOPS_AT_PRESET,
    block: 'CTUD',
    pins: { CU: '01010100000000', CD: '00000001010101', R: '00000000000000', LD: '00000000000000' },
    pv: 2,
    cv: [0, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0, 0],
    outputs: { QU: '00011110000000', QD: '10000000011111' },
  },
  {
    title: 'LD wins over CD, and the edge under it is lost',
    block: 'CTD',
    pins: { CD: '010111', LD: '010000' },
    pv: 5,
    cv: [0, 5, 5, 4, 4, 4],
    outputs: { Q: '100000' },
  },
  {
    title: 'an edge under R is lost',
    block: 'CTU',
    pins: { CU: '011101', R: '010000' },
    pv: 5,
    cv: [0, 0, 0, 0, 0, 1],
    outputs: { Q: '000000' },
  },
  {
    title: 'PV 0 is reached at once',
    block: 'CTU',
    pins: { CU: '00', R: '00' },
    pv: 0,
    cv: [0, 0],
    outputs: { Q: '11' },
  },
];

describe('counters', () => {
  const rows = PROFILES.flatMap((profile) =>
    COUNTERS.filter((row) => (row.of ?? ALL).some((each) => each === profile.dialect)).map((row) => ({
      ...row,
      ...profile,
    })),
  );
  it.each(rows)('$dialect $engine $block: $title', (row) => {
    const names = Object.keys(row.pins);
    const simulation = withSemantics(
      `PROGRAM Main
VAR c : ${row.block}; ${names.map((name) => `x${name} : BOOL;`).join(' ')} END_VAR
c(${names.map((name) => `${name} := x${name}`).join(', ')}, PV := ${row.pv});
END_PROGRAM`,
      row.dialect,
      row.engine,
    );
    const counted: number[] = [];
    const seen: Record<string, string> = Object.fromEntries(Object.keys(row.outputs).map((name) => [name, '']));
    for (let scan = 0; scan < row.cv.length; scan++) {
      for (const name of names) simulation.write(`Main.x${name}`, row.pins[name]?.[scan] === '1');
      simulation.scan();
      counted.push(Number(simulation.read('Main.c.CV')));
      for (const name of Object.keys(seen)) seen[name] += simulation.read(`Main.c.${name}`) === true ? '1' : '0';
    }
    expect(counted).toEqual(row.cv);
    expect(seen).toEqual(row.outputs);
  });
});

const SIMPLE: readonly {
  title: string;
  block: string;
  pins: Readonly<Record<string, string>>;
  output: string;
  expected: string;
}[] = [
  { title: 'one scan per rising edge', block: 'R_TRIG', pins: { CLK: '0110011' }, output: 'Q', expected: '0100010' },
  { title: 'CLK TRUE at cold start is an edge', block: 'R_TRIG', pins: { CLK: '1110' }, output: 'Q', expected: '1000' },
  { title: 'one scan per falling edge', block: 'F_TRIG', pins: { CLK: '1100110' }, output: 'Q', expected: '0010001' },
  {
    title: 'CLK FALSE at cold start gives one pulse',
    block: 'F_TRIG',
    pins: { CLK: '0001' },
    output: 'Q',
    expected: '1000',
  },
  { title: 'set is dominant', block: 'SR', pins: { S1: '0100110', R: '0001100' }, output: 'Q1', expected: '0110111' },
  { title: 'reset is dominant', block: 'RS', pins: { S: '0100110', R1: '0001100' }, output: 'Q1', expected: '0110011' },
];

describe('edges and bistables', () => {
  const rows = PROFILES.flatMap((profile) => SIMPLE.map((row) => ({ ...row, ...profile })));
  it.each(rows)('$dialect $engine $block: $title', ({ block, pins, output, expected, dialect, engine }) => {
    const names = Object.keys(pins);
    const simulation = withSemantics(
      `PROGRAM Main
VAR b : ${block}; ${names.map((name) => `x${name} : BOOL;`).join(' ')} END_VAR
b(${names.map((name) => `${name} := x${name}`).join(', ')});
END_PROGRAM`,
      dialect,
      engine,
    );
    let seen = '';
    for (let scan = 0; scan < expected.length; scan++) {
      for (const name of names) simulation.write(`Main.x${name}`, pins[name]?.[scan] === '1');
      simulation.scan();
      seen += simulation.read(`Main.b.${output}`) === true ? '1' : '0';
    }
    expect(seen).toBe(expected);
  });
});

describe('blocks and the power supply', () => {
  const text = `PROGRAM Main
VAR x : BOOL; END_VAR
VAR RETAIN kept : TON; count : CTU; rise : R_TRIG; latch : SR; END_VAR
VAR lost : TON; END_VAR
kept(IN := x, PT := T#100ms); lost(IN := x, PT := T#100ms);
count(CU := x, R := FALSE, PV := 5); rise(CLK := x); latch(S1 := x, R := FALSE);
END_PROGRAM`;

  it('a retained timer goes on after a warm start, another begins anew; a retained edge is no new edge', () => {
    const simulation = withSemantics(text, 'codesys');
    simulation.write('Main.x', true);
    simulation.runFor(50_000_000);
    simulation.start('warm');
    simulation.write('Main.x', true);
    simulation.scan();
    const read = (tag: string) => simulation.read(`Main.${tag}`);
    expect([read('kept.ET'), read('lost.ET')]).toEqual([50_000_000, 0]);
    expect([read('count.CV'), read('rise.Q'), read('latch.Q1')]).toEqual([1, false, true]);
  });

  it('nothing is left after a cold start', () => {
    const simulation = withSemantics(text, 'codesys');
    simulation.write('Main.x', true);
    simulation.runFor(50_000_000);
    simulation.start('cold');
    simulation.scan();
    const read = (tag: string) => simulation.read(`Main.${tag}`);
    expect([read('kept.ET'), read('count.CV'), read('latch.Q1')]).toEqual([0, 0, false]);
  });
});

describe('the clock of a timer', () => {
  const text = `PROGRAM Main VAR t : TON; x : BOOL; END_VAR t(IN := x, PT := T#1s); END_PROGRAM`;

  it.each(ALL)('%s: a clock that jumps an hour ahead ends a running timer, one that jumps back does not', (dialect) => {
    const simulation = withSemantics(text, dialect);
    simulation.write('Main.x', true);
    simulation.runFor(100_000_000);
    simulation.jumpClock(3600e9);
    simulation.scan();
    expect(simulation.read('Main.t.Q')).toBe(true);
    simulation.reset();
    simulation.write('Main.x', true);
    simulation.runFor(100_000_000);
    simulation.jumpClock(-50_000_000);
    simulation.scan();
    expect(simulation.read('Main.t.Q')).toBe(false);
  });

  it.each(ALL)('%s: times across the wrap of a millisecond clock of 32 bits', (dialect) => {
    for (const wrap of [2 ** 31, 2 ** 32]) {
      const simulation = withSemantics(text, dialect);
      simulation.jumpClock((wrap - 500) * 1e6);
      simulation.write('Main.x', true);
      simulation.scan();
      simulation.runFor(980_000_000);
      expect(simulation.fault?.message ?? null).toBeNull();
      expect([dialect, simulation.read('Main.t.Q')]).toEqual([dialect, false]);
      simulation.runFor(40_000_000);
      expect([dialect, simulation.read('Main.t.Q')]).toEqual([dialect, true]);
    }
  });
});
