import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { timingDiagram } from './timing-diagram.js';
import { type Trace, traceToCsv, traceToJson, traceToVcd } from './trace.js';

const TRACE: Trace = {
  timesNs: [0, 10_000_000, 20_000_000, 30_000_000],
  signals: [
    { name: 'Main.Motor', type: 'BOOL', kind: 'bool', values: [false, true, true, false] },
    { name: 'Main.Speed', type: 'INT', kind: 'number', values: [0, 50, 50, -3] },
    { name: 'Main.State', type: 'INT', kind: 'text', values: ['IDLE', 'RUN', 'RUN', 'a,"b"'] },
  ],
  markers: [
    { timeNs: 10_000_000, kind: 'step', label: 'Main.Start' },
    { timeNs: 20_000_000, kind: 'fault', label: 'stuck_at Main.Guard <1>' },
    { timeNs: 30_000_000, kind: 'failure', label: 'NOT Main.Motor' },
  ],
};

describe('traces', () => {
  it('writes CSV with one row per scan', () => {
    expect(traceToCsv(TRACE)).toBe(
      'time_ms,Main.Motor,Main.Speed,Main.State\r\n0,0,0,IDLE\r\n10,1,50,RUN\r\n20,1,50,RUN\r\n30,0,-3,"a,""b"""\r\n',
    );
  });

  it('writes only changes to VCD', () => {
    const lines = traceToVcd(TRACE).split('\n');
    expect(lines.slice(lines.indexOf('$enddefinitions $end') + 1)).toEqual([
      '#0',
      '0!',
      'r0 "',
      'sIDLE #',
      '#10000',
      '1!',
      'r50 "',
      'sRUN #',
      '#30000',
      '0!',
      'r-3 "',
      'sa,"b" #',
      '#30000',
      '',
    ]);
  });

  it('writes JSON that reads back', () => {
    expect(JSON.parse(traceToJson(TRACE))).toEqual(TRACE);
  });
});

describe('timing diagram', () => {
  it('is well-formed SVG with a lane per signal and a mark per event', () => {
    const svg = timingDiagram(TRACE, { title: 'guard & motor' });
    const seen: string[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('text', (text) => seen.push(text));
    parser.write(svg).close();
    for (const text of ['guard & motor', 'Main.Motor', 'Main.Speed', 'RUN', 'stuck_at Main.Guard <1>', '50', '-3'])
      expect(seen).toContain(text);
    expect(svg.match(/class="wave"/g)).toHaveLength(2);
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('draws an empty trace without a fault', () => {
    expect(timingDiagram({ timesNs: [], signals: [], markers: [] })).toContain('<svg');
  });
});
