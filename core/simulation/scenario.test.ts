import { describe, expect, it } from 'vitest';
import { runScenario, type ScenarioResult } from './scenario.js';
import { readScenario } from './scenario-file.js';
import { projectOf } from './test-support.js';

const CELL = `
PROGRAM Main
VAR EStop_OK : BOOL; Guard_Closed : BOOL; Start_PB : BOOL; Motor : BOOL; Speed : INT; Level : REAL; Fast : BOOL; r : R_TRIG; run : TON; END_VAR
r(CLK := Start_PB);
IF r.Q THEN Motor := TRUE; END_IF;
Motor := Motor AND EStop_OK AND Guard_Closed;
run(IN := Motor, PT := T#100ms);
Fast := Speed > 1000;
Level := Level + 0.5;
END_PROGRAM`;

function run(yaml: string, text = CELL): ScenarioResult {
  const read = readScenario('s.yaml', yaml);
  if ('findings' in read) throw new Error(read.findings.map((each) => `${each.line}: ${each.message}`).join('\n'));
  return runScenario(projectOf(text), read.scenario);
}

const HEALTHY = '{ at: 0ms, set: { Main.EStop_OK: true, Main.Guard_Closed: true } }';

describe('scenarios', () => {
  it('passes when every expectation and invariant holds', () => {
    const result = run(`
name: guard opens while the motor runs
program: Main
cycle: 10ms
steps:
  - ${HEALTHY}
  - { at: 100ms, pulse: { Main.Start_PB: 50ms } }
  - { at: 500ms, expect: { Main.Motor: true, Main.run.Q: true, main.run.et: 100ms } }
  - { at: 600ms, fault: { tag: Main.Guard_Closed, kind: stuck_at, value: false, for: 200ms } }
  - { at: 620ms, expect: { Main.Motor: false } }
  - { at: 900ms, expect: { Main.Motor: false, Main.Guard_Closed: true } }
  - { at: 1s, power_cycle: cold }
  - { at: 1010ms, expect: { Main.EStop_OK: true, Main.Level: { max: 2 } } }
always:
  - Main.Guard_Closed OR NOT Main.Motor
record: [Main.Motor, Main.Guard_Closed]
until: 2s
`);
    expect(result.findings).toEqual([]);
    expect(result.status).toBe('passed');
    expect(result.scans).toBe(201);
    expect(result.trace.signals.map((each) => each.name)).toEqual(['Main.Motor', 'Main.Guard_Closed']);
    expect(result.trace.signals[0]?.values[60]).toBe(false);
    expect(result.trace.signals[0]?.values[59]).toBe(true);
  });

  it('reports a failed expectation at its line, with both values', () => {
    const result = run(`name: x\nsteps:\n  - ${HEALTHY}\n  - at: 100ms\n    expect:\n      Main.Motor: true\n`);
    expect(result.status).toBe('failed');
    expect(result.findings).toMatchObject([
      { code: 'SIM-EXPECT', file: 's.yaml', line: 6, witness: { tag: 'Main.Motor', actual: false, expected: true } },
    ]);
  });

  it('reports the first scan in which an invariant breaks', () => {
    const result = run(
      `name: x\nsteps:\n  - ${HEALTHY}\n  - { at: 50ms, set: { Main.Start_PB: true } }\nalways:\n  - NOT Main.Motor\nuntil: 1s\n`,
    );
    expect(result.findings).toMatchObject([{ code: 'SIM-ALWAYS', line: 6, witness: { timeNs: 50_000_000 } }]);
  });

  it('fails, not passes, on a tag or an expression that does not exist', () => {
    const result = run(
      `name: x\nsteps:\n  - { at: 0ms, set: { Main.Nope: true } }\nalways: [Main.Motr]\nrecord: [Main.Gone]\n`,
    );
    expect(result.status).toBe('failed');
    expect(result.findings.map((each) => [each.code, each.line])).toEqual([
      ['SIM-TAG', 3],
      ['SIM-TAG', 5],
      ['SIM-EXPRESSION', 4],
    ]);
  });

  it('is unknown when it reaches a block without a model', () => {
    const result = run(
      'name: x\nsteps: [{ at: 0ms }]\nuntil: 50ms\n',
      'PROGRAM Main VAR g : GEN; END_VAR g(); END_PROGRAM',
    );
    expect(result.status).toBe('unknown');
    expect(result.unknown).toMatchObject([{ name: 'GEN', line: 1 }]);
  });

  it('stops at a run-time fault of the program', () => {
    const result = run(
      'name: x\nsteps: [{ at: 0ms }]\nuntil: 1s\n',
      'PROGRAM Main VAR n : INT; a : ARRAY[0..3] OF INT; END_VAR\na[n] := 1;\nn := n + 1;\nEND_PROGRAM',
    );
    expect(result.findings).toMatchObject([{ code: 'SIM-INDEX', file: 'main.st', line: 2 }]);
    expect(result.scans).toBe(5);
  });
});

interface FaultRow {
  readonly kind: string;
  readonly fault: string;
  readonly tag: string;
  readonly set: string;
  /** Values of the tag per scan from the start of the fault at 20 ms. */
  readonly seen: readonly (boolean | number)[];
}

const FAULTS: readonly FaultRow[] = [
  { kind: 'stuck_at', fault: 'value: true, for: 20ms', tag: 'Main.EStop_OK', set: 'false', seen: [true, true, false] },
  { kind: 'open_circuit', fault: 'for: 20ms', tag: 'Main.EStop_OK', set: 'true', seen: [false, false, true] },
  { kind: 'short', fault: 'for: 10ms', tag: 'Main.EStop_OK', set: 'false', seen: [true, false] },
  { kind: 'bounce', fault: 'for: 40ms', tag: 'Main.EStop_OK', set: 'true', seen: [false, true, false, true, true] },
  { kind: 'glitch', fault: 'for: 10ms', tag: 'Main.EStop_OK', set: 'true', seen: [false, true, true] },
  { kind: 'freeze', fault: 'for: 20ms', tag: 'Main.Speed', set: '7', seen: [7, 7, 7] },
  { kind: 'drift', fault: 'rate: 100, for: 40ms', tag: 'Main.Speed', set: '7', seen: [7, 8, 9, 10, 7] },
  { kind: 'out_of_range', fault: 'for: 10ms', tag: 'Main.Speed', set: '7', seen: [32767, 7] },
  { kind: 'comm_loss', fault: 'value: 0, for: 20ms', tag: 'Main.Speed', set: '7', seen: [0, 0, 7] },
  {
    kind: 'actuator_stuck',
    fault: 'value: true, for: 20ms',
    tag: 'Main.Fast',
    set: 'false',
    seen: [true, true, false],
  },
  { kind: 'start_held', fault: 'for: 20ms', tag: 'Main.Start_PB', set: 'false', seen: [true, true, false] },
  { kind: 'reset_held', fault: 'for: 20ms', tag: 'Main.Start_PB', set: 'false', seen: [true, true, false] },
];

describe('faults', () => {
  it.each(FAULTS)('$kind', ({ kind, fault, tag, set, seen }) => {
    const result = run(
      `name: x\ncycle: 10ms\nsteps:\n  - { at: 0ms, set: { ${tag}: ${set} } }\n  - { at: 20ms, fault: { tag: ${tag}, kind: ${kind}, ${fault} } }\nrecord: [${tag}]\nuntil: 200ms\n`,
    );
    expect(result.findings).toEqual([]);
    expect(result.trace.signals[0]?.values.slice(2, 2 + seen.length)).toEqual(seen);
  });

  it('delay and discrepancy show the value of some time ago', () => {
    const result = run(`
name: x
steps:
  - { at: 0ms, set: { Main.EStop_OK: false } }
  - { at: 20ms, fault: { tag: Main.EStop_OK, kind: discrepancy, delay: 30ms } }
  - { at: 40ms, set: { Main.EStop_OK: true } }
record: [Main.EStop_OK]
until: 90ms
`);
    expect(result.trace.signals[0]?.values).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('noise is seeded: the same scenario gives the same trace', () => {
    const yaml =
      'name: x\nseed: 7\nsteps:\n  - { at: 0ms, fault: { tag: Main.Level, kind: noise, amplitude: 5 } }\nrecord: [Main.Level]\nuntil: 100ms\n';
    const [first, second] = [run(yaml), run(yaml)];
    expect(first.trace).toEqual(second.trace);
    expect(new Set(first.trace.signals[0]?.values).size).toBeGreaterThan(5);
  });

  it('overrun skips activations, clock_jump moves the clock', () => {
    const overrun = run('name: x\nsteps: [{ at: 50ms, fault: { kind: overrun, for: 100ms } }]\nuntil: 200ms\n');
    expect(overrun.trace.timesNs.map((each) => each / 1e6)).toEqual([0, 10, 20, 30, 40, 150, 160, 170, 180, 190, 200]);
    const jump = run('name: x\nsteps: [{ at: 50ms, fault: { kind: clock_jump, by: 1h } }]\nuntil: 2h\n');
    expect(jump.trace.timesNs[5]).toBe(3_600_000_000_000 + 50_000_000);
  });

  it.each([
    ['an unknown kind', 'fault: { tag: Main.Speed, kind: explode }', /kind/],
    ['a missing tag', 'fault: { kind: freeze }', /needs a "tag"/],
    ['a missing value', 'fault: { tag: Main.Speed, kind: stuck_at }', /needs a "value"/],
    ['a signal of the wrong type', 'fault: { tag: Main.Speed, kind: bounce }', /needs a BOOL/],
    ['a value that does not fit', 'set: { Main.Speed: 99999 }', /does not fit INT/],
  ])('%s is an error with its line', (_, step, message) => {
    const read = readScenario('s.yaml', `name: x\nsteps:\n  - at: 0ms\n    ${step}\n`);
    const findings = 'findings' in read ? read.findings : runScenario(projectOf(CELL), read.scenario).findings;
    expect(findings[0]?.message).toMatch(message);
    expect(findings[0]?.line).toBe(4);
  });
});

describe('reading', () => {
  it.each([
    ['an unknown key, with a suggestion', 'name: x\nsteps: [{ at: 0ms, exect: {} }]\n', 2, /Did you mean "expect"/],
    ['a bad duration', 'name: x\nsteps:\n  - at: soon\n', 3, /duration/],
    ['a missing name', 'steps: [{ at: 0ms }]\n', 1, /name/],
    ['bad YAML', 'name: [x\nsteps: 3\n', 2, /./],
  ])('%s', (_, yaml, line, message) => {
    const read = readScenario('s.yaml', yaml);
    if (!('findings' in read)) throw new Error('accepted');
    expect(read.findings[0]?.line).toBe(line);
    expect(read.findings[0]?.message).toMatch(message);
  });
});
