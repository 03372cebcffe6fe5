import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOfTrace, decodedValue, lastChangeAt, sampleAt, samplesOf } from './change-trace.js';
import { packTrace, unpackTrace } from './packed-trace.js';
import { readTrace } from './read-trace.js';
import { type Trace, traceToCsv, traceToJson } from './trace.js';

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

  it.each([
    ['run.vcd', '', 'ends in .json or .csv'],
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
