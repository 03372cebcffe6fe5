import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangeSignal, type ChangeTrace, changesOfTrace } from '../../../core/simulation/change-trace.js';
import type { JsonValue } from '../../../core/simulation/values.js';
import { axisOf, ticksOf, tickTexts, timeText } from './axis.js';
import { differencesOf } from './differences.js';
import { columnsOf, extentOf, runsOf } from './lane.js';
import { orderedSignals, type TagChoice, valueText } from './tag-order.js';
import { viewMessageOf, viewStateOf } from './trace-messages.js';
import { changeBeside, differenceBeside, distanceText, markerBeside, placeText, sampleFrom } from './trace-model.js';
import { panned, showing, wholeOf, zoomed } from './viewport.js';

const MS = 1e6;

function traceOf(signals: Readonly<Record<string, readonly JsonValue[]>>, timesMs?: readonly number[]): ChangeTrace {
  const count = Object.values(signals)[0]?.length ?? 0;
  const times = timesMs ?? Array.from({ length: count }, (_, index) => 10 * index);
  return changesOfTrace({
    timesNs: times.map((time) => time * MS),
    signals: Object.entries(signals).map(([name, values]) => {
      const [first] = values;
      const kind = typeof first === 'boolean' ? 'bool' : typeof first === 'number' ? 'number' : 'text';
      return { name, type: kind, kind, values };
    }),
    markers: [
      { timeNs: 10 * MS, kind: 'step', label: 'Main.Start' },
      { timeNs: 30 * MS, kind: 'failure', label: 'Main.Motor' },
    ],
  });
}

function signalOf(
  values: readonly JsonValue[],
  timesMs?: readonly number[],
): { trace: ChangeTrace; signal: ChangeSignal } {
  const trace = traceOf({ x: values }, timesMs);
  const [signal] = trace.signals;
  if (signal === undefined) throw new Error('no signal');
  return { trace, signal };
}

describe('the axis', () => {
  it('gives the last sample the width of the others', () => {
    const { trace } = signalOf([true, false, true]);
    expect([axisOf(trace, 'time').end, axisOf(trace, 'sample').end]).toEqual([30 * MS, 3]);
  });

  it('finds the sample in force, also between and beyond the samples', () => {
    const { trace } = signalOf([1, 2, 3], [0, 10, 100]);
    const axis = axisOf(trace, 'time');
    expect([-5, 0, 9, 10, 99, 100, 1e9].map((ms) => axis.sampleAt(ms * MS))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  });

  it('stands still for a trace with one sample or none', () => {
    expect(axisOf({ timesNs: new Float64Array([5]) }, 'time')).toMatchObject({ start: 5, end: 5 + MS });
    expect(axisOf({ timesNs: new Float64Array() }, 'time').sampleAt(0)).toBe(0);
  });

  it.each([
    [0, '0 ms'],
    [1, '1 ns'],
    [250, '250 ns'],
    [10 * MS, '10 ms'],
    [1.5e9, '1.5 s'],
    [2.345678e9, '2345.678 ms'],
    [60e9, '1 min'],
    [-20 * MS, '-20 ms'],
    [3600e9, '1 h'],
  ])('%d ns reads %s', (nanoseconds, text) => {
    expect(timeText(nanoseconds)).toBe(text);
  });

  it('puts round numbers on the grid, at most as many as fit', () => {
    const texts = (start: number, end: number): string[] => tickTexts(ticksOf(start, end, 6, 'time'), 'time', 'scan');
    expect(texts(0, 10e9)).toEqual(['0 s', '2 s', '4 s', '6 s', '8 s', '10 s']);
    expect(texts(3598.5e9, 3600e9)).toEqual(['3598.5 s', '3599 s', '3599.5 s', '3600 s']);
    expect(texts(0, 50e6)).toEqual(['0 ms', '10 ms', '20 ms', '30 ms', '40 ms', '50 ms']);
    expect(tickTexts(ticksOf(0, 5, 6, 'sample'), 'sample', 'scan')[1]).toBe('scan 1');
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.double({ min: 1, max: 1e12, noNaN: true }),
        (start, span) => {
          expect(ticksOf(start, start + span, 12, 'time').length).toBeLessThanOrEqual(14);
        },
      ),
    );
  });
});

describe('the viewport', () => {
  const { trace } = signalOf(Array.from({ length: 100 }, (_, index) => index));
  const axis = axisOf(trace, 'time');

  it('zooms around a position, which stays where it is', () => {
    const whole = wholeOf(axis);
    const near = zoomed(whole, axis, 250 * MS, 0.5, 100);
    expect((250 * MS - near.start) / (near.end - near.start)).toBeCloseTo(0.25);
    expect(near.end - near.start).toBeCloseTo(500 * MS);
  });

  it('never leaves the trace, however it is moved', () => {
    const step = fc.record({
      around: fc.double({ min: 0, max: 1, noNaN: true }),
      factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
      by: fc.double({ min: -2e9, max: 2e9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let view = wholeOf(axis);
        for (const { around, factor, by } of steps) {
          view = zoomed(view, axis, view.start + around * (view.end - view.start), factor, 100);
          view = showing(panned(view, axis, by), axis, 500 * MS);
        }
        expect(view.start).toBeGreaterThanOrEqual(axis.start - 1);
        expect(view.end).toBeLessThanOrEqual(axis.end + 1);
        expect(view.end).toBeGreaterThan(view.start);
      }),
    );
  });
});

describe('lanes', () => {
  it('draws each stretch of a value', () => {
    const { trace, signal } = signalOf([false, false, true, false]);
    const runs = runsOf(signal, axisOf(trace, 'time'), { start: 0, end: 40 * MS }, 400);
    expect(runs.map(({ from, to, value }) => [Math.round(from), Math.round(to), value])).toEqual([
      [0, 200, 0],
      [200, 300, 1],
      [300, 400, 0],
    ]);
  });

  it('shows a pulse that is narrower than a pixel', () => {
    const values = Array.from({ length: 10_000 }, (_, index) => index === 5000);
    const { trace, signal } = signalOf(values);
    const runs = runsOf(signal, axisOf(trace, 'time'), { start: 0, end: 100_000 * MS }, 100);
    expect(runs.map(({ isDense }) => isDense)).toEqual([false, true, false]);
  });

  it('never draws more than the width asks for, and covers it without a gap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 2, maxLength: 2000 }),
        fc.integer({ min: 20, max: 200 }),
        (values, width) => {
          const { trace, signal } = signalOf(values);
          const runs = runsOf(signal, axisOf(trace, 'time'), { start: 0, end: 10 * values.length * MS }, width);
          expect(runs.length).toBeLessThanOrEqual(2 * width + 1);
          runs.slice(1).forEach((run, index) => {
            expect(run.from).toBeCloseTo(runs[index]?.to ?? Number.NaN);
          });
          expect(runs.at(-1)?.to).toBeCloseTo(width);
        },
      ),
    );
  });

  it('keeps the least and greatest value of a curve in each pixel', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index === 505 ? 99 : index % 7));
    const { trace, signal } = signalOf(values);
    const columns = columnsOf(signal, axisOf(trace, 'time'), { start: 0, end: 10_000 * MS }, 100);
    expect(columns.length).toBeLessThanOrEqual(101);
    expect(Math.max(...columns.map(({ greatest }) => greatest))).toBe(99);
    expect(Math.min(...columns.map(({ least }) => least))).toBe(0);
  });

  it('has no extent without a number', () => {
    const { signal } = signalOf([1]);
    expect(extentOf({ ...signal, values: Float64Array.of(Number.NaN) })).toBeNull();
    expect(extentOf(signalOf([3, null, 1]).signal)).toEqual({ least: 1, greatest: 3 });
  });
});

describe('comparing two traces', () => {
  const between = (
    a: readonly JsonValue[],
    b: readonly JsonValue[],
    bTimes?: readonly number[],
  ): (readonly number[])[] => {
    const first = signalOf(a);
    const second = signalOf(b, bTimes);
    const found = differencesOf(first.signal, axisOf(first.trace, 'time'), second.signal, axisOf(second.trace, 'time'));
    return found.map(({ start, end }) => [start / MS, end / MS]);
  };

  it.each([
    [[false, true, true, false], [false, true, true, false], []],
    [[false, true, true, false], [false, false, true, false], [[10, 20]]],
    [[false, true, false, true], [false, false, true, false], [[10, 40]]],
    [['Off', 'Run'], ['Off', 'Stop'], [[10, 20]]],
    [[1, 2, 3], [1, 2], []],
  ])('%j and %j differ in %j', (a, b, expected) => {
    expect(between(a, b)).toEqual(expected);
  });

  it('compares by time where the scans of both do not stand at the same times', () => {
    expect(between([false, true, true], [false, true], [0, 20])).toEqual([[10, 20]]);
  });

  it('finds exactly the scans in which values differ', () => {
    const list = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const differing = a.map((value, index) => value !== b[index]);
        const found = between(a, b);
        const marked = a.map((_, index) => found.some(([from = 0, to = 0]) => 10 * index >= from && 10 * index < to));
        expect(marked).toEqual(differing);
      }),
    );
  });
});

describe('tags', () => {
  const trace = traceOf({ 'Main.b': [true, true], 'Main.Motor': [false, true], 'Gvl.Speed': [1, 2], 'Main.a': [1, 1] });
  const choice: TagChoice = { pinned: [], filter: '', sort: 'relevance', onlyChanging: false };
  const names = (
    part: Partial<TagChoice>,
    focus: readonly string[] = [],
    differing: readonly string[] = [],
  ): string[] =>
    orderedSignals(trace.signals, { ...choice, ...part }, focus, new Set(differing)).map(({ name }) => name);

  it.each([
    [{}, ['Main.Motor', 'Gvl.Speed', 'Main.b', 'Main.a']],
    [{ sort: 'name' }, ['Gvl.Speed', 'Main.a', 'Main.b', 'Main.Motor']],
    [{ sort: 'recorded' }, ['Main.b', 'Main.Motor', 'Gvl.Speed', 'Main.a']],
    [{ onlyChanging: true }, ['Main.Motor', 'Gvl.Speed']],
    [{ onlyChanging: true, pinned: ['Main.a'] }, ['Main.a', 'Main.Motor', 'Gvl.Speed']],
    [{ filter: 'main MOT' }, ['Main.Motor']],
    [{ filter: 'motor', pinned: ['Main.b'] }, ['Main.b', 'Main.Motor']],
  ] as const)('%j gives %j', (part, expected) => {
    expect(names(part)).toEqual(expected);
  });

  it('puts the tags of the run first, then what differs', () => {
    expect(names({ onlyChanging: true }, ['Gvl.Speed'], ['Main.a'])).toEqual(['Gvl.Speed', 'Main.a', 'Main.Motor']);
  });

  it.each([
    [[true], 'TRUE'],
    [[12], '12'],
    [[1 / 3], '0.3333333'],
    [['Auto'], 'Auto'],
  ])('%j reads %s', (values, text) => {
    expect(valueText(signalOf(values).signal, 0)).toBe(text);
  });
});

describe('moving the cursor', () => {
  const { trace, signal } = signalOf([false, false, true, true, false]);
  const axis = axisOf(trace, 'time');

  it.each([
    [0, 1, 2],
    [2, 1, 4],
    [4, 1, 4],
    [4, -1, 2],
    [3, -1, 2],
    [2, -1, 0],
    [0, -1, 0],
  ] as const)('from sample %d in direction %d to the change at %d', (from, direction, to) => {
    expect(changeBeside(signal, from, direction)).toBe(to);
  });

  it('goes to steps, faults and differences', () => {
    expect([markerBeside(trace, 0, 1), markerBeside(trace, 1, 1), markerBeside(trace, 3, 1)]).toEqual([1, 3, null]);
    expect(markerBeside(trace, 3, -1)).toBe(1);
    const differences = [[{ start: 20 * MS, end: 30 * MS }], [{ start: 40 * MS, end: 50 * MS }]];
    expect(differenceBeside(differences, axis, 0, 1)).toBe(2);
    expect(differenceBeside(differences, axis, 4, -1)).toBe(2);
    expect(differenceBeside(differences, axis, 4, 1)).toBeNull();
  });

  it('says where it is, and how far two cursors are apart', () => {
    expect(placeText(trace, 3, 'scan')).toBe('30 ms (scan 3)');
    expect(distanceText(trace, 3, 2, 'scan')).toBe('-10 ms (-1 scan)');
    expect([0, 5, 10, 11, 999].map((ms) => sampleFrom(trace, { timeNs: ms * MS }))).toEqual([0, 1, 1, 2, 4]);
  });
});

describe('messages of the window', () => {
  it.each([
    [{ kind: 'ready' }, { kind: 'ready' }],
    [
      { kind: 'explain', tag: 'Main.x', sample: 3, more: 1 },
      { kind: 'explain', tag: 'Main.x', sample: 3 },
    ],
    [{ kind: 'explain', tag: 'Main.x', sample: -1 }, null],
    [
      { kind: 'compare', with: 'revision' },
      { kind: 'compare', with: 'revision' },
    ],
    [{ kind: 'compare', with: '/etc/passwd' }, null],
    [{ kind: 'export', format: 'exe', firstSample: 0, lastSample: 1, tags: [] }, null],
    [
      { kind: 'export', format: 'svg', firstSample: 0, lastSample: 1, tags: ['a'] },
      { kind: 'export', format: 'svg', firstSample: 0, lastSample: 1, tags: ['a'] },
    ],
    [null, null],
  ])('%j is read as %j', (message, expected) => {
    expect(viewMessageOf(message)).toEqual(expected);
  });

  it('reads what a window has kept, and nothing else', () => {
    expect(
      viewStateOf({ source: { kind: 'file' }, axis: 'wrong', start: 'x', pinned: [1], sort: 'toString', cursor: 4 }),
    ).toEqual({
      source: { kind: 'file' },
      axis: 'time',
      start: null,
      end: null,
      pinned: [],
      filter: '',
      sort: 'relevance',
      onlyChanging: false,
      selected: null,
      cursor: 4,
      second: null,
    });
    expect(viewStateOf(7)).toBeNull();
  });
});
