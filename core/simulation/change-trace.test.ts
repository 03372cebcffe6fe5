import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOfTrace, decodedValue, lastChangeAt, sampleAt, samplesOf } from './change-trace.js';
import { packTrace, unpackTrace } from './packed-trace.js';
import { readTrace } from './read-trace.js';
import { type Trace, traceToCsv, traceToJson, traceToVcd } from './trace.js';

const TRACE: Trace = {
  timesNs: [0, 10e6, 20e6, 30e6],
  signals: [
    { name: 'Main.Motor', type: 'BOOL', kind: 'bool', values: [false, true, true, false] },
    { name: 'Main.Speed', type: 'REAL', kind: 'number', values: [0, 1.5, 1.5, null] },
    { name: 'Main.Mode', type: 'Mode', kind: 'text', values: ['Off', 'Auto', 'Off', 'Off'] },
  ],
  markers: [{ timeNs: 10e6, kind: 'step', label: 'Main.Start' }],
};

const values = fc.array(fc.oneof(fc.boolean()), { minLength: 1, maxLength: 50 });

describe('a trace by its changes', () => {
  it('keeps only the samples in which a value changed', () => {
    const { signals } = changesOfTrace(TRACE);
    expect(signals.map(({ changes }) => [...changes])).toEqual([
      [0, 1, 3],
      [0, 1, 3],
      [0, 1, 2],
    ]);
  });

  it('keeps durations as milliseconds, however they are written', () => {
    const times = {
      name: 'Main.t.ET',
      type: 'TIME',
      kind: 'text' as const,
      values: ['T#0s', 'T#1s500ms', 'T#-20ms', null],
    };
    const [signal] = changesOfTrace({ ...TRACE, signals: [times] }).signals;
    expect([signal?.kind, ...(signal?.values ?? [])]).toEqual(['number', 0, 1500, -20, Number.NaN]);
  });

  it('gives the samples back as they were', () => {
    expect(samplesOf(changesOfTrace(TRACE))).toEqual(TRACE);
  });

  it('gives back any part', () => {
    fc.assert(
      fc.property(values, fc.nat(60), fc.nat(60), (list, a, b) => {
        const trace: Trace = {
          timesNs: list.map((_, index) => index),
          signals: [{ name: 'x', type: 'BOOL', kind: 'bool', values: list }],
          markers: [],
        };
        const [from, to] = [Math.min(a, b, list.length - 1), Math.min(Math.max(a, b), list.length - 1)];
        expect(samplesOf(changesOfTrace(trace), from, to).signals[0]?.values).toEqual(list.slice(from, to + 1));
      }),
    );
  });

  it('is the same after it was packed for a channel', () => {
    expect(unpackTrace(packTrace(changesOfTrace(TRACE)))).toEqual(changesOfTrace(TRACE));
  });

  it('finds the value in force at a time', () => {
    const trace = changesOfTrace(TRACE);
    const [motor] = trace.signals;
    if (motor === undefined) throw new Error('no signal');
    const at = (timeNs: number): unknown => decodedValue(motor, lastChangeAt(motor, sampleAt(trace, timeNs)));
    expect([at(-1), at(0), at(15e6), at(29e6), at(30e6), at(99e6)]).toEqual([null, false, true, true, false, false]);
  });
});

function readBack(name: string, text: string): Trace | string {
  const reading = readTrace(name, text);
  return 'problem' in reading ? reading.problem : samplesOf(reading.trace);
}

describe('reading a trace back', () => {
  it('reads what is written as JSON', () => {
    expect(readBack('run.json', traceToJson(TRACE))).toEqual(TRACE);
  });

  it('reads what is written as CSV, with names that need quotes', () => {
    const trace: Trace = {
      timesNs: [0, 10_500_000],
      signals: [
        { name: 'Main.list[1,2]', type: 'BOOL', kind: 'bool', values: [true, false] },
        { name: 'Main.Text', type: 'STRING', kind: 'text', values: ['a "b", c', '1'] },
        { name: 'Main.Speed', type: 'LREAL', kind: 'number', values: [2.5, null] },
      ],
      markers: [],
    };
    expect(readBack('run.CSV', traceToCsv(trace))).toEqual(trace);
  });

  it('reads what is written as VCD', () => {
    const trace: Trace = {
      timesNs: [0, 10e6, 20e6, 30e6],
      signals: [
        { name: 'Main.Motor', type: 'BOOL', kind: 'bool', values: [false, true, true, false] },
        { name: 'Main.Speed', type: 'LREAL', kind: 'number', values: [0, 1.5, 1.5, -3] },
        { name: 'Main.Mode', type: 'STRING', kind: 'text', values: ['Off', 'Auto', 'Off', 'Off'] },
      ],
      markers: [],
    };
    expect(readBack('run.vcd', traceToVcd(trace))).toEqual(trace);
  });

  it('reads a dump of another tool: scopes as path, vectors as numbers, floating bits as FALSE', () => {
    const dump = `$date today $end $version any $end
$timescale 10ns $end
$scope module top $end $scope module Main $end
$var wire 1 ! Motor $end $var reg 8 " Count [7:0] $end
$upscope $end $upscope $end $enddefinitions $end
#0 $dumpvars x! b00000011 " $end
#100 1! bx1 "
`;
    expect(readBack('tool.vcd', dump)).toEqual({
      timesNs: [0, 1000],
      signals: [
        { name: 'Main.Motor', type: 'BOOL', kind: 'bool', values: [false, true] },
        { name: 'Main.Count', type: 'LINT', kind: 'number', values: [3, 1] },
      ],
      markers: [],
    });
  });

  it.each([
    ['semicolons and decimal commas', 'Zeit [s];Main.Motor;Main.Speed\n0,5;TRUE;1,25\n0,75;FALSE;2\n', 5e8, 7.5e8],
    [
      'tabs and no unit but dates',
      'timestamp\tMain.Motor\tMain.Speed\n2026-05-03T06:00:00.5Z\ttrue\t1.25\n2026-05-03 06:00:00.750Z\tfalse\t2\n',
      1_777_788_000.5e9,
      1_777_788_000.75e9,
    ],
    ['microseconds', '"t (us)","Main.Motor","Main.Speed"\n500000,1,1.25\n750000,0,2\n', 5e8, 7.5e8],
  ])('reads CSV of recorders: %s', (_, text, first, second) => {
    expect(readBack('recorder.csv', text)).toEqual({
      timesNs: [first, second],
      signals: [
        { name: 'Main.Motor', type: 'BOOL', kind: 'bool', values: [true, false] },
        { name: 'Main.Speed', type: 'LREAL', kind: 'number', values: [1.25, 2] },
      ],
      markers: [],
    });
  });

  it.each([
    ['run.txt', '', 'ends in .json, .csv or .vcd'],
    ['run.vcd', '', 'declares no variable'],
    ['run.vcd', '$timescale soon $end', 'Line 1: $timescale needs'],
    ['run.vcd', '$var wire 1 ! Motor $end\n#0\n1"', 'Line 3: no $var has declared the code'],
    ['run.vcd', '$var wire 1 ! Motor $end\n#5\n1!\n#4', 'Line 4: the time is earlier'],
    ['run.vcd', '$var wire 1 ! Motor $end\nMotor', 'Line 2: "Motor" is no value change'],
    ['run.csv', 'time,b\n1,0', 'does not say in which unit'],
    ['run.csv', 'Zeit [s];b\n0,5;TRUE\nx;TRUE', 'Line 3: "x" is no time in s'],
    ['run.json', '{', 'no JSON document'],
    ['run.json', '[]', 'timesNs'],
    ['run.json', '{"timesNs":[1,0],"signals":[]}', 'timesNs[1] is earlier'],
    [
      'run.json',
      '{"timesNs":[1],"signals":[{"name":"x","type":"BOOL","kind":"wave","values":[]}]}',
      'signals[0] needs a kind',
    ],
    [
      'run.json',
      '{"timesNs":[1],"signals":[{"name":"x","type":"BOOL","kind":"bool","values":[]}]}',
      '0 values for 1 times',
    ],
    ['run.csv', 'a,b\r\n1,2', 'first column'],
    ['run.csv', 'time_ms,b\r\nsoon,2', 'Line 2'],
    ['run.csv', 'time_ms,b\r\n1', 'Line 2 has 1 cells'],
    ['run.csv', 'time_ms,b\n1,0\n2,a "b" c', 'Line 3 has'],
    ['run.csv', 'time_ms,b\n10,0\n5,1', 'Line 3: the time is earlier'],
  ])('%s with %j is refused in words', (name, text, expected) => {
    const reading = readTrace(name, text);
    expect('problem' in reading ? reading.problem : '').toContain(expected);
  });
});
