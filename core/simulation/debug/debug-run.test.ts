import { describe, expect, test } from 'vitest';
import { breakAtMarks, debugProgram, lineOf, shown, stopOf, UNBROKEN } from './debug.test-data.js';
import type { Stop } from './debug-engine.js';

const GUARD = `FUNCTION Scale : REAL
VAR_INPUT raw : INT; END_VAR
VAR factor : REAL := 0.5; END_VAR
Scale := INT_TO_REAL(raw) * factor;                 (*1*)
END_FUNCTION

FUNCTION_BLOCK FB_Guard
VAR_INPUT closed : BOOL; END_VAR
VAR_OUTPUT ok : BOOL; END_VAR
VAR_IN_OUT count : INT; END_VAR
VAR delay : TON; END_VAR
METHOD Reset : BOOL
VAR_INPUT level : INT; END_VAR
VAR old : INT; END_VAR
old := level + 1;
Reset := old > 1;                                   (*2*)
END_METHOD
delay(IN := closed, PT := T#20ms);
ok := delay.Q;                                      (*3*)
IF ok THEN
  count := count + 1;                               (*4*)
END_IF;
END_FUNCTION_BLOCK

PROGRAM Main
VAR
  guard : FB_Guard;
  starts : INT;
  speed : REAL;
  was : BOOL;
  list : ARRAY[1..3] OF INT := [10, 20, 30];
  i : INT;
END_VAR
guard(closed := TRUE, count := starts);
speed := Scale(starts);
was := guard.Reset(level := starts);
FOR i := 1 TO 3 DO
  list[i] := list[i] + i;                           (*5*)
END_FOR;
END_PROGRAM
`;

describe('breakpoints stop before their line, with the values of that moment', () => {
  test('in a program, a block, a method and a function', () => {
    const { run } = debugProgram(GUARD);
    breakAtMarks(run, GUARD);
    const seen: string[] = [];
    const note = (stop: Stop): void => {
      const ids = stop.reason.kind === 'breakpoint' ? stop.reason.ids.join() : stop.reason.kind;
      seen.push(`${ids} ${stop.frames.map((frame) => frame.routine.name).join(' > ')}`);
    };
    for (let count = 0; count < 6; count++) note(stopOf(run.forward('continue', UNBROKEN)));
    expect(seen).toEqual([
      '3 Main > FB_Guard',
      '1 Main > Scale',
      '2 Main > FB_Guard.Reset',
      '5 Main',
      '5 Main',
      '5 Main',
    ]);
  });

  test.each([
    ['3', 'closed', 'TRUE'],
    ['3', 'delay.ET', 'T#0s'],
    ['3', 'count', '0'],
    ['3', 'closed AND NOT delay.Q', 'TRUE'],
    ['3', 'count + 5', '5'],
    ['3', 'Main.starts', '0'],
    ['1', 'raw', '0'],
    ['1', 'factor * 2.0', '1'],
    ['2', 'old', '1'],
    ['2', 'level + old', '1'],
    ['2', 'ok', 'FALSE'],
    ['5', 'list[i]', '10'],
    ['5', 'list', 'ARRAY[1..3] OF INT'],
    ['5', 'guard.delay', 'TON (IN: TRUE, PT: T#20ms, Q: FALSE, ET: T#0s)'],
    ['5', 'nothing', 'problem: '],
  ])('at mark %s %s is %s', (mark, expression, expected) => {
    const { run } = debugProgram(GUARD);
    breakAtMarks(run, GUARD);
    for (;;) {
      const { reason } = stopOf(run.forward('continue', UNBROKEN));
      if (reason.kind === 'breakpoint' && reason.ids.includes(Number(mark))) break;
    }
    expect(shown(run, expression)).toContain(expected);
  });

  test('a line without a statement takes the next one of its routine, or none', () => {
    const { run } = debugProgram(GUARD);
    const at = (line: number): number | null => run.probe.table.statementAt('main.st', line)?.line ?? null;
    expect(at(3)).toBe(4);
    expect(at(9)).toBe(18);
    expect(at(22)).toBe(null);
    expect(at(24)).toBe(null);
    expect(at(36)).toBe(36);
  });
});

describe('stepping', () => {
  test('over, in and out', () => {
    const { run } = debugProgram(GUARD);
    const lines: (number | 'end')[] = [];
    for (const step of ['in', 'over', 'over', 'in', 'in', 'in', 'out', 'over', 'over', 'over'] as const) {
      run.forward(step, UNBROKEN);
      lines.push(lineOf(run));
    }
    // guard() -> Scale -> Reset call -> into Reset -> its two lines -> FOR -> list -> out of Main: the next scan.
    expect(lines).toEqual([34, 35, 36, 15, 16, 37, 34, 35, 36, 37]);
  });

  test('by scans', () => {
    const { run } = debugProgram(GUARD);
    run.forward('in', UNBROKEN);
    run.forward('scan', UNBROKEN);
    run.forward('scan', UNBROKEN);
    expect([run.engine.position, lineOf(run)]).toEqual([{ scan: 2, statement: 1 }, 34]);
    expect(run.simulation.nowNs).toBe(20_000_000);
  });
});
