import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulate } from '../test-support.js';
import { type HitCondition, parseHitCondition } from './breakpoints.js';
import { breakAtMarks, debugProgram, lineOf, shown, stopOf, UNBROKEN } from './debug.test-data.js';
import type { DebugRun } from './debug-run.js';

const COUNTER = `FUNCTION_BLOCK FB_Count
VAR_INPUT step : INT; END_VAR
VAR_OUTPUT total : INT; END_VAR
IF step > 0 THEN
  total := total + step;                            (*1*)
END_IF;
END_FUNCTION_BLOCK

FUNCTION Twice : INT
VAR_INPUT x : INT; END_VAR
VAR once : INT; END_VAR
once := x;
Twice := once + x;
END_FUNCTION

PROGRAM Main
VAR a : FB_Count; b : FB_Count; step : INT := 1; sum : INT; i : INT; on : TON; END_VAR
on(IN := TRUE, PT := T#30ms);
a(step := step);
b(step := Twice(step));
WHILE i < 2 DO
  i := i + 1;
END_WHILE;
i := 0;
sum := a.total + b.total;                           (*2*)
END_PROGRAM
`;

/** Every value, and where execution stands. */
function picture(run: DebugRun): string {
  return JSON.stringify([
    run.engine.position,
    lineOf(run),
    run.engine.frames.map((frame) => frame.routine.name),
    run.simulation.values(),
    run.simulation.nowNs,
  ]);
}

describe('the debugger changes nothing', () => {
  test('stepping through statement by statement gives the trace of a plain run', () => {
    const plain = simulate(COUNTER);
    const { run } = debugProgram(COUNTER);
    for (let scan = 0; scan < 8; scan++) {
      plain.scan();
      for (let position = run.engine.position; position.scan === scan; position = run.engine.position) {
        run.forward('in', UNBROKEN);
      }
      const here = run.engine.position;
      run.engine.goTo({ scan, statement: Number.POSITIVE_INFINITY });
      expect(run.simulation.values()).toEqual(plain.values());
      run.engine.goTo(here);
    }
  });

  test('any walk forward and back shows each place the same way each time', () => {
    const step = fc.constantFrom('in', 'over', 'out', 'scan', 'back-in', 'back-over', 'back-scan', 'continue' as const);
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const { run } = debugProgram(COUNTER);
        breakAtMarks(run, COUNTER);
        run.forward('in', UNBROKEN);
        const seen = new Map<string, string>();
        for (const each of steps) {
          if (each === 'back-in') run.backward('in', UNBROKEN);
          else if (each === 'back-over') run.backward('over', UNBROKEN);
          else if (each === 'back-scan') run.backward('scan', UNBROKEN);
          else run.forward(each as 'in', UNBROKEN);
          const key = JSON.stringify(run.engine.position);
          const now = picture(run);
          expect(seen.get(key) ?? now).toBe(now);
          seen.set(key, now);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a step back and a step forward lead to where it stood', () => {
    const { run } = debugProgram(COUNTER);
    run.forward('in', UNBROKEN);
    for (let count = 0; count < 60; count++) {
      run.forward('in', UNBROKEN);
      const before = picture(run);
      run.backward('in', UNBROKEN);
      expect(picture(run)).not.toBe(before);
      run.forward('in', UNBROKEN);
      expect(picture(run)).toBe(before);
    }
  });
});

describe('back in time', () => {
  test('reverse continue stops at the breakpoint that was passed last', () => {
    const { run } = debugProgram(COUNTER);
    breakAtMarks(run, COUNTER);
    for (let count = 0; count < 5; count++) run.forward('continue', UNBROKEN);
    const here = run.engine.position;
    expect([here.scan, lineOf(run), shown(run, 'total')]).toEqual([1, 5, '2']);
    const stop = run.backward('continue', UNBROKEN);
    expect([stop.position.scan, lineOf(run), shown(run, 'total')]).toEqual([1, 5, '1']);
    run.backward('continue', UNBROKEN);
    expect([run.engine.position.scan, lineOf(run)]).toEqual([0, 25]);
  });

  test('before the first breakpoint it ends at the first statement', () => {
    const { run } = debugProgram(COUNTER);
    for (let count = 0; count < 30; count++) run.forward('in', UNBROKEN);
    run.backward('continue', UNBROKEN);
    expect(run.engine.position).toEqual({ scan: 0, statement: 1 });
  });

  test('reverse continue finds who changed a variable last', () => {
    const { run } = debugProgram(COUNTER);
    run.forward('in', UNBROKEN);
    for (let scan = 0; scan < 4; scan++) run.forward('scan', UNBROKEN);
    const found = run.tagOf('Main.b.total', null);
    if ('problem' in found) throw new Error(found.problem);
    run.breakpoints.setData([found.tag]);
    const { reason } = run.backward('continue', UNBROKEN);
    expect(reason).toEqual({ kind: 'data-breakpoint', text: 'Main.b.total: 6 -> 8' });
    expect([run.engine.position.scan, lineOf(run)]).toEqual([3, 21]);
  });

  test('scans that memory no longer holds are run again', () => {
    const { run } = debugProgram(COUNTER);
    run.goToScan(6000, UNBROKEN);
    expect([run.engine.position, shown(run, 'Main.a.total')]).toEqual([{ scan: 6000, statement: 1 }, '6000']);
    run.goToScan(153, UNBROKEN);
    expect([run.engine.position, shown(run, 'Main.a.total')]).toEqual([{ scan: 153, statement: 1 }, '153']);
    run.forward('scan', UNBROKEN);
    expect(shown(run, 'Main.a.total')).toBe('154');
  });
});

describe('a long run', () => {
  test('is reached in all its length, back and forward, with a bounded memory', () => {
    const { run } = debugProgram(COUNTER);
    run.goToScan(24_000, UNBROKEN);
    const found = run.tagOf('Main.step', null);
    if ('problem' in found) throw new Error(found.problem);
    run.goToScan(7, UNBROKEN);
    run.set('Main.step', '3', null);
    run.goToScan(24_000, UNBROKEN);
    run.breakpoints.setData([found.tag]);
    run.backward('continue', UNBROKEN);
    expect(run.engine.position).toEqual({ scan: 7, statement: 1 });
    expect(shown(run, 'Main.step')).toBe('3');
  });
});

describe('changes by hand', () => {
  test('a variable keeps the value through steps back and forward', () => {
    const { run } = debugProgram(COUNTER);
    run.forward('scan', UNBROKEN);
    run.forward('over', UNBROKEN);
    expect(run.set('step', '10', 0)).toEqual({ text: '10' });
    run.forward('scan', UNBROKEN);
    expect(shown(run, 'Main.a.total')).toBe('11');
    run.backward('scan', UNBROKEN);
    expect(shown(run, 'Main.step')).toBe('1');
    run.forward('scan', UNBROKEN);
    expect([shown(run, 'Main.step'), shown(run, 'Main.a.total')]).toEqual(['10', '11']);
  });

  test('a local of a function too', () => {
    const { run } = debugProgram(COUNTER);
    run.forward('in', UNBROKEN);
    while (lineOf(run) !== 13) run.forward('in', UNBROKEN);
    expect(run.set('once', '100', 1)).toEqual({ text: '100' });
    expect(shown(run, 'once')).toBe('100');
    while (lineOf(run) !== 5) run.forward('in', UNBROKEN);
    expect(shown(run, 'step')).toBe('101');
    run.backward('in', UNBROKEN);
    run.forward('in', UNBROKEN);
    expect(shown(run, 'step')).toBe('101');
  });

  test('a change in the past makes what came after it void', () => {
    const { run } = debugProgram(COUNTER);
    run.goToScan(5, UNBROKEN);
    run.set('Main.step', '100', null);
    run.goToScan(2, UNBROKEN);
    run.set('Main.step', '1000', null);
    run.goToScan(7, UNBROKEN);
    expect(shown(run, 'Main.a.total')).toBe('5002');
  });

  test('a forced variable keeps its value until it is released, whatever writes it', () => {
    const { run } = debugProgram(COUNTER);
    run.forward('in', UNBROKEN);
    expect(run.force('a.total', '50', 0)).toEqual({ text: '50' });
    for (let scan = 0; scan < 3; scan++) run.forward('scan', UNBROKEN);
    expect(shown(run, 'Main.a.total')).toBe('50');
    expect(run.simulation.forces.map(({ tag }) => tag.name)).toEqual(['Main.a.total']);
    expect(run.release('Main.a.total', null)).toEqual({ text: '50' });
    run.forward('scan', UNBROKEN);
    expect(shown(run, 'Main.a.total')).toBe('51');
    run.backward('scan', UNBROKEN);
    run.backward('scan', UNBROKEN);
    expect(run.simulation.forces.length).toBe(1);
  });

  test.each([
    ['Main.sum', 'abc', 'abc'],
    ['Main.sum', '99999', 'does not fit INT'],
    ['Main.a', '1', "can't be set"],
    ['Main.nothing', '1', 'nothing'],
    ['Main.sum + 1', '1', "can't be set"],
  ])('%s := %s says what is wrong', (path, text, problem) => {
    const { run } = debugProgram(COUNTER);
    run.forward('in', UNBROKEN);
    const change = run.set(path, text, 0);
    expect('problem' in change ? change.problem : change.text).toContain(problem);
  });
});

describe('what stops a run', () => {
  const FAULTY = `PROGRAM Main
VAR n : INT; list : ARRAY[1..3] OF INT; END_VAR
n := n + 1;
list[n] := n;
END_PROGRAM
`;

  test('a run-time fault is shown at its statement, before the controller stops', () => {
    const { run } = debugProgram(FAULTY);
    const { reason, position } = stopOf(run.forward('continue', UNBROKEN));
    expect(reason.kind === 'exception' && reason.finding.code).toBe('SIM-INDEX');
    expect([position.scan, lineOf(run), shown(run, 'n')]).toEqual([3, 4, '4']);
    expect(run.forward('continue', UNBROKEN).kind).toBe('over');
  });

  test('without the filter the run is over', () => {
    const { run } = debugProgram(FAULTY);
    run.exceptions = { faults: false, assertions: true };
    expect(run.forward('continue', UNBROKEN).kind).toBe('over');
  });

  test('an endless loop can be paused, with the stack of that moment', () => {
    const text = `PROGRAM Main
VAR n : DINT; END_VAR
WHILE TRUE DO
  n := n + 1;
END_WHILE;
END_PROGRAM
`;
    const { run } = debugProgram(text);
    let looks = 0;
    const pausing = { isPaused: () => ++looks === 3, isSliceOver: () => false };
    const { reason } = stopOf(run.forward('continue', pausing));
    expect(reason.kind).toBe('pause');
    expect(run.engine.position.statement).toBe(3 * 4096);
    const before = Number(shown(run, 'n'));
    run.forward('over', UNBROKEN);
    run.forward('over', UNBROKEN);
    expect(Number(shown(run, 'n'))).toBe(before + 1);
  });

  test('and ends as a finding when nobody does', () => {
    const { run } = debugProgram(
      'PROGRAM Main\nVAR n : DINT; END_VAR\nREPEAT UNTIL FALSE END_REPEAT;\nn := 1;\nEND_PROGRAM\n',
    );
    const { reason } = stopOf(run.forward('continue', UNBROKEN));
    expect(reason.kind === 'exception' && reason.finding.code).toBe('SIM-LOOP');
    expect(lineOf(run)).toBe(3);
  });

  test('a number of scans', () => {
    const { run } = debugProgram(COUNTER, 'codesys', 12);
    const progress = run.forward('continue', UNBROKEN);
    expect(progress.kind === 'over' && progress.outcome.end).toBe('12 scans have run.');
  });

  test.each([
    ['total > 3', null, '2 -> 2'],
    [null, '4', '1 -> 2'],
    [null, '= 3', '1 -> 1'],
    [null, '% 5', '2 -> 1'],
    ['total = 2 AND step = 2', null, '1 -> 2'],
  ])('condition %s, hits %s', (condition, hits, expected) => {
    const { run } = debugProgram(COUNTER);
    const site = run.probe.table.statementAt('main.st', 5)?.site ?? -1;
    const counted = hits === null ? null : parsed(hits);
    run.breakpoints.set('main.st', [{ id: 1, site, condition, hits: counted, message: null }]);
    run.forward('continue', UNBROKEN);
    expect(`${run.engine.position.scan} -> ${shown(run, 'step')}`).toBe(expected);
  });

  test('a condition that makes no sense stops, and says so once', () => {
    const { run, log } = debugProgram(COUNTER);
    const site = run.probe.table.statementAt('main.st', 5)?.site ?? -1;
    run.breakpoints.set('main.st', [{ id: 1, site, condition: 'nothing > 3', hits: null, message: null }]);
    for (let count = 0; count < 3; count++) stopOf(run.forward('continue', UNBROKEN));
    expect(log.length).toBe(1);
    expect(log[0]).toContain('The condition "nothing > 3" can\'t be evaluated');
  });

  test('a message is written instead of stopping', () => {
    const { run, log } = debugProgram(COUNTER, 'codesys', 2);
    const site = run.probe.table.statementAt('main.st', 5)?.site ?? -1;
    run.breakpoints.set('main.st', [
      { id: 1, site, condition: null, hits: null, message: 'total {total}, next {total + step}' },
    ]);
    expect(run.forward('continue', UNBROKEN).kind).toBe('over');
    expect(log).toEqual(['total 0, next 1', 'total 0, next 2', 'total 1, next 2', 'total 2, next 4']);
  });
});

function parsed(text: string): HitCondition {
  const condition = parseHitCondition(text);
  if (condition === null) throw new Error(text);
  return condition;
}
