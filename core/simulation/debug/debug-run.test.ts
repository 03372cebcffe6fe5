import { describe, expect, test } from 'vitest';
import { breakAtMarks, debugProgram, lineOf, shown, stopOf, UNBROKEN } from './debug.test-data.js';
import type { Stop } from './debug-engine.js';
import { scopesOf } from './scopes.js';
import { isGroup, type Slot } from './slots.js';

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

describe('expressions see what the routine sees', () => {
  const KINDS = `TYPE Point : STRUCT x : INT; y : INT; END_STRUCT; END_TYPE

FUNCTION_BLOCK FB_Base
VAR_INPUT base_in : INT; END_VAR
VAR CONSTANT SIZE : INT := 3; END_VAR
VAR hidden : INT := 7; END_VAR
END_FUNCTION_BLOCK

FUNCTION_BLOCK FB_Derived EXTENDS FB_Base
VAR rows : ARRAY[0..SIZE] OF INT := [4, 5, 6, 7]; END_VAR
PROPERTY Level : INT
GET
VAR half : INT; END_VAR
half := hidden / 2;
Level := half;                                      (*1*)
END_GET
END_PROPERTY
METHOD Swap : BOOL
VAR_IN_OUT a : INT; p : Point; END_VAR
VAR_OUTPUT old : INT; END_VAR
VAR flag : BOOL; ref : REFERENCE TO BOOL; END_VAR
ref REF= flag;
flag := TRUE;
old := a;
a := p.x;                                           (*2*)
Swap := flag;
END_METHOD
END_FUNCTION_BLOCK

VAR_GLOBAL
  g : INT := 11;
END_VAR

PROGRAM Main
VAR_EXTERNAL g : INT; END_VAR
VAR d : FB_Derived; n : INT := 2; pt : Point := (x := 21, y := 22); ok : BOOL; o : INT; END_VAR
VAR_TEMP t : INT; END_VAR
t := 5;
ok := d.Swap(a := n, p := pt, old => o);
n := n + d.Level;                                   (*3*)
END_PROGRAM
`;

  test.each([
    ['2', 'a', '2'],
    ['2', 'a * 10 + p.y', '42'],
    ['2', 'p', 'Point (x: 21, y: 22)'],
    ['2', 'flag', 'TRUE'],
    ['2', 'flag AND NOT (a = 3)', 'TRUE'],
    ['2', 'ref', '-> TRUE'],
    ['2', 'old', '2'],
    ['2', 'rows[2] + hidden', '13'],
    ['2', 'rows[SIZE]', '7'],
    ['2', 'THIS^.hidden', '7'],
    ['2', 'Swap', 'FALSE'],
    ['1', 'half + hidden', '10'],
    ['1', 'Level', '0'],
    ['3', 't + g', '16'],
    ['3', 'd.rows', 'ARRAY[0..3] OF INT'],
    ['3', 'd.hidden', '7'],
    ['3', 'g', '11'],
    ['3', 'SHL(n, 1)', '42'],
    ['3', 'd.Swap(a := n, p := pt)', 'problem: it calls code of the program'],
    ['3', 'n +', 'problem: '],
  ])('at mark %s %s is %s', (mark, expression, expected) => {
    const { run } = debugProgram(KINDS);
    breakAtMarks(run, KINDS);
    for (;;) {
      const { reason } = stopOf(run.forward('continue', UNBROKEN));
      if (reason.kind === 'breakpoint' && reason.ids.includes(Number(mark))) break;
    }
    expect(shown(run, expression)).toContain(expected);
    const frame = run.engine.frames.at(-1) ?? null;
    const value = run.expressions.value(expression, frame);
    const again = run.expressions.value(expression, frame);
    expect(again).toEqual(value);
  });
});

describe('charts', () => {
  const CHART = `PROGRAM Main
VAR go : BOOL; n : INT; END_VAR
INITIAL_STEP Wait: END_STEP
STEP Work: Count(N); END_STEP
TRANSITION FROM Wait TO Work := go OR n > 100; END_TRANSITION   (*1*)
TRANSITION FROM Work TO Wait := n = 3; END_TRANSITION           (*2*)
ACTION Count:
  n := n + 1;                                                   (*3*)
END_ACTION
END_PROGRAM
`;

  test('stop at transitions that are open, and in actions', () => {
    const { run } = debugProgram(CHART, 'iec');
    breakAtMarks(run, CHART);
    expect(stopOf(run.forward('continue', UNBROKEN)).reason).toEqual({ kind: 'breakpoint', ids: [1] });
    run.set('go', 'TRUE', 0);
    const { reason, frames, position } = stopOf(run.forward('continue', UNBROKEN));
    expect([reason, frames.map((frame) => frame.routine.name)]).toEqual([
      { kind: 'breakpoint', ids: [3] },
      ['Main', 'Main.Count'],
    ]);
    expect(position.scan).toBe(1);
    expect([shown(run, 'Work.X'), shown(run, 'n')]).toEqual(['TRUE', '0']);
  });
});

describe('names that are no identifiers', () => {
  const QUOTED = `DATA_BLOCK "DB Antrieb"
STRUCT
  "Start Taste" : Bool;
  Zahl : Int;
END_STRUCT;
BEGIN
END_DATA_BLOCK

FUNCTION_BLOCK "FB Motor"
VAR_INPUT ein : Bool; END_VAR
VAR "letzte Zahl" : Int; END_VAR
BEGIN
  #"letzte Zahl" := "DB Antrieb".Zahl;
  "DB Antrieb".Zahl := "DB Antrieb".Zahl + 1;
END_FUNCTION_BLOCK

DATA_BLOCK "DB Motor" "FB Motor"
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
BEGIN
  "DB Motor"(ein := "DB Antrieb"."Start Taste");
END_ORGANIZATION_BLOCK
`;

  test('are shown, set and forced by the path that the tree gives', () => {
    const { run } = debugProgram(QUOTED, 'siemens');
    run.forward('in', UNBROKEN);
    run.forward('in', UNBROKEN);
    run.forward('in', UNBROKEN);
    const frame = run.engine.frames.at(-1) ?? null;
    const slots = scopesOf(run, frame).flatMap(({ entries }) => entries.filter((each): each is Slot => !isGroup(each)));
    const below = slots.flatMap((slot) => run.tree.children(slot, run.simulation.roots['G'] ?? {}));
    const paths = [...slots, ...below].map(({ path }) => path);
    expect(paths).toContain('"letzte Zahl"');
    expect(paths).toContain('"DB Antrieb"."Start Taste"');
    expect(run.force('"DB Antrieb"."Start Taste"', 'TRUE', 1)).toEqual({ text: 'TRUE' });
    expect(run.set('"letzte Zahl"', '7', 1)).toEqual({ text: '7' });
    expect(shown(run, '#"letzte Zahl" + 1')).toBe('8');
    run.forward('scan', UNBROKEN);
    expect([shown(run, '"DB Antrieb"."Start Taste"'), shown(run, '"DB Antrieb".Zahl')]).toEqual(['TRUE', '1']);
  });
});
