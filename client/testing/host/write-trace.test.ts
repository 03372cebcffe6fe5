import { describe, expect, it } from 'vitest';
import { changesOfTrace } from '../../../core/simulation/change-trace.js';
import { packTrace } from '../../../core/simulation/packed-trace.js';
import { writeTrace } from './write-trace.js';

const TRACE = packTrace(
  changesOfTrace({
    timesNs: [0, 10e6, 20e6, 30e6],
    signals: [
      { name: 'Main.Start', type: 'BOOL', kind: 'bool', values: [false, true, false, false] },
      { name: 'Main.Motor', type: 'BOOL', kind: 'bool', values: [false, false, true, true] },
      { name: 'Main.t.ET', type: 'TIME', kind: 'text', values: ['T#0s', 'T#10ms', 'T#20ms', 'T#30ms'] },
    ],
    markers: [
      { timeNs: 10e6, kind: 'step', label: 'Main.Start' },
      { timeNs: 30e6, kind: 'failure', label: 'too late' },
    ],
  }),
);

const ORDER = { trace: TRACE, title: 'start of the motor', firstSample: 1, lastSample: 2 } as const;

describe('exporting a trace', () => {
  it('writes the samples and tags that are shown, in their order', () => {
    const text = writeTrace({ ...ORDER, tags: ['Main.Motor', 'Main.Start', 'Main.Gone'], format: 'csv' });
    expect(text).toBe('time_ms,Main.Motor,Main.Start\r\n10,0,1\r\n20,1,0\r\n');
  });

  it('writes durations as milliseconds', () => {
    expect(writeTrace({ ...ORDER, tags: ['Main.t.ET'], format: 'csv' })).toBe(
      'time_ms,Main.t.ET\r\n10,10\r\n20,20\r\n',
    );
  });

  it('writes a value change dump', () => {
    const text = writeTrace({ ...ORDER, tags: ['Main.Motor'], format: 'vcd' });
    expect(text).toContain('$var wire 1 ! Main.Motor $end');
    expect(text).toContain('#20000\n1!');
  });

  it('draws a diagram with its title and the steps between', () => {
    const text = writeTrace({ ...ORDER, tags: ['Main.Motor'], format: 'svg' });
    expect(text).toContain('start of the motor');
    expect(text).toContain('Main.Start');
    expect(text).not.toContain('too late');
  });
});
