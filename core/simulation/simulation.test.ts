import { describe, expect, it } from 'vitest';
import { coverageOf, coverageToLcov, coverageTotals, linesOf, mergeCoverage } from './coverage.js';
import { runOnce, simulate } from './test-support.js';

describe('integers', () => {
  it.each([
    ['SINT', '127', '1', -128n],
    ['INT', '32767', '1', -32768n],
    ['DINT', '2147483647', '1', -2147483648n],
    ['LINT', '9223372036854775807', '1', -9223372036854775808n],
    ['USINT', '255', '1', 0n],
    ['UINT', '65535', '1', 0n],
    ['UDINT', '4294967295', '1', 0n],
    ['ULINT', '18446744073709551615', '1', 0n],
  ])('%s wraps', (type, a, b, expected) => {
    const simulation = runOnce(`a : ${type} := ${a}; b : ${type} := ${b}; c : ${type};`, 'c := a + b;');
    expect(BigInt(simulation.read('Main.c') as number)).toBe(expected);
  });

  it('divides toward zero and gives MOD the sign of the dividend', () => {
    const simulation = runOnce(
      'a : INT := -7; q : INT; r : INT; l : LINT; m : LINT := -7;',
      'q := a / 2; r := a MOD 3; l := m / 2;',
    );
    expect([simulation.read('Main.q'), simulation.read('Main.r'), simulation.read('Main.l')]).toEqual([-3, -1, -3n]);
  });
});

describe('reals', () => {
  it('rounds REAL to single after every operation', () => {
    const simulation = runOnce(
      'a : REAL := 0.1; b : REAL := 0.2; c : REAL; d : LREAL;',
      'c := a + b; d := 0.1; d := d + 0.2;',
    );
    expect(simulation.read('Main.c')).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
    expect(simulation.read('Main.d')).toBe(0.1 + 0.2);
  });
});

describe('blocks and methods', () => {
  it('calls methods, properties, base bodies and interfaces', () => {
    const simulation = simulate(`
INTERFACE IShape
METHOD Area : REAL END_METHOD
END_INTERFACE
FUNCTION_BLOCK Base IMPLEMENTS IShape
VAR_INPUT w : REAL; END_VAR
VAR calls : INT; END_VAR
calls := calls + 1;
METHOD Area : REAL
Area := w;
END_METHOD
END_FUNCTION_BLOCK
FUNCTION_BLOCK Derived EXTENDS Base
VAR_INPUT h : REAL; END_VAR
SUPER^();
METHOD Area : REAL
Area := SUPER^.Area() * h;
END_METHOD
PROPERTY Double : REAL
GET
Double := Area() * 2.0;
END_GET
SET
w := Double / 2.0;
END_SET
END_PROPERTY
END_FUNCTION_BLOCK
PROGRAM Main
VAR d : Derived; i : IShape; a : REAL; p : REAL; END_VAR
d(w := 3.0, h := 4.0);
i := d;
a := i.Area();
p := d.Double;
d.Double := 10.0;
END_PROGRAM`);
    simulation.scan();
    expect(simulation.read('Main.a')).toBe(12);
    expect(simulation.read('Main.p')).toBe(24);
    expect(simulation.read('Main.d.w')).toBe(5);
    expect(simulation.read('Main.d.calls')).toBe(1);
  });

  it('passes in-outs by reference, scalars and arrays alike', () => {
    const simulation = simulate(`
FUNCTION_BLOCK Adder
VAR_IN_OUT x : INT; a : ARRAY[1..3] OF INT; END_VAR
x := x + 1;
a[2] := x;
END_FUNCTION_BLOCK
FUNCTION Swap : BOOL
VAR_IN_OUT p : INT; q : INT; END_VAR
VAR t : INT; END_VAR
t := p; p := q; q := t;
Swap := TRUE;
END_FUNCTION
PROGRAM Main
VAR f : Adder; n : INT := 5; v : ARRAY[1..3] OF INT; m : INT := 9; ok : BOOL; END_VAR
f(x := n, a := v);
ok := Swap(p := n, q := m);
END_PROGRAM`);
    simulation.scan();
    expect([simulation.read('Main.v[2]'), simulation.read('Main.n'), simulation.read('Main.m')]).toEqual([6, 9, 6]);
  });

  it('gives function outputs back', () => {
    const simulation = simulate(`
FUNCTION Split : INT
VAR_INPUT x : INT; END_VAR
VAR_OUTPUT rest : INT; END_VAR
Split := x / 10;
rest := x MOD 10;
END_FUNCTION
PROGRAM Main
VAR a : INT; b : INT; END_VAR
a := Split(x := 42, rest => b) + 1;
END_PROGRAM`);
    simulation.scan();
    expect([simulation.read('Main.a'), simulation.read('Main.b')]).toEqual([5, 2]);
  });

  it('copies structures and arrays by value', () => {
    const simulation = simulate(`
TYPE Point : STRUCT x : INT := 3; y : INT; END_STRUCT END_TYPE
PROGRAM Main
VAR a : Point; b : Point := (y := 7); l : ARRAY[0..1] OF Point; END_VAR
a := b;
b.x := 99;
l[1] := a;
a.y := 1;
END_PROGRAM`);
    simulation.scan();
    expect(simulation.read('Main.a.x')).toBe(3);
    expect(simulation.read('Main.l[1].y')).toBe(7);
  });

  it('dereferences a REFERENCE TO with and without ^', () => {
    const simulation = runOnce('x : INT := 42; r : REFERENCE TO INT; y : INT;', 'r REF= x; y := r^; r^ := 99;');
    expect([simulation.read('Main.x'), simulation.read('Main.y')]).toEqual([99, 42]);
  });

  it('follows pointers and references', () => {
    const simulation = runOnce(
      'x : INT := 1; p : POINTER TO INT; r : REFERENCE TO INT; y : INT;',
      'p := ADR(x); p^ := 5; r REF= x; r := r + 1; y := p^;',
    );
    expect([simulation.read('Main.x'), simulation.read('Main.y')]).toEqual([6, 6]);
  });
});

describe('control flow', () => {
  it('runs CASE, FOR, WHILE, REPEAT, EXIT and CONTINUE', () => {
    const simulation = runOnce(
      'i : INT; s : INT; n : INT; k : INT := 3; w : STRING(20);',
      `FOR i := 1 TO 10 DO
  IF i = 3 THEN CONTINUE; END_IF;
  IF i = 6 THEN EXIT; END_IF;
  CASE i OF 1, 2: s := s + 10; 4..5: s := s + 100; ELSE s := -1; END_CASE;
END_FOR;
WHILE n < 4 DO n := n + 1; END_WHILE;
REPEAT k := k - 1; UNTIL k = 0 END_REPEAT;
w := CONCAT('ab', 'cd');`,
    );
    expect([
      simulation.read('Main.s'),
      simulation.read('Main.i'),
      simulation.read('Main.n'),
      simulation.read('Main.k'),
    ]).toEqual([220, 6, 4, 0]);
    expect(simulation.read('Main.w')).toBe('abcd');
  });

  it('reads a control variable back that the body writes', () => {
    const simulation = runOnce('i : INT; n : INT;', 'FOR i := 0 TO 9 DO n := n + 1; i := i + 1; END_FOR;');
    expect(simulation.read('Main.n')).toBe(5);
  });
});

describe('faults', () => {
  it.each([
    ['SIM-INDEX', 'a : ARRAY[1..3] OF INT; i : INT := 4;', 'a[i] := 1;'],
    ['SIM-DIVISION', 'a : INT; i : INT;', 'a := 5 / i;'],
    ['SIM-NULL', 'p : POINTER TO INT;', 'p^ := 1;'],
    ['SIM-LOOP', 'i : INT;', 'WHILE TRUE DO i := 0; END_WHILE;'],
    ['SIM-RANGE', 'r : INT (0..10); i : INT := 11;', 'r := i;'],
  ])('%s stops the controller with its place', (code, variables, body) => {
    const simulation = runOnce(variables, body);
    expect(simulation.fault).toMatchObject({ code, file: 'main.st', line: 6 });
    expect(simulation.scan()).toBe(simulation.fault);
    simulation.start('cold');
    expect(simulation.fault).toBeNull();
  });
});

describe('start', () => {
  const text = `
VAR_GLOBAL RETAIN kept : INT; END_VAR
VAR_GLOBAL lost : INT; END_VAR
FUNCTION_BLOCK Hours
VAR RETAIN total : INT; END_VAR
VAR now : INT; END_VAR
total := total + 1; now := now + 1;
END_FUNCTION_BLOCK
PROGRAM Main
VAR h : Hours; END_VAR
kept := kept + 1; lost := lost + 1; h();
END_PROGRAM`;

  it.each([
    ['cold', { kept: 1, lost: 1, 'Main.h.total': 1, 'Main.h.now': 1 }],
    ['warm', { kept: 3, lost: 1, 'Main.h.total': 3, 'Main.h.now': 1 }],
    ['hot', { kept: 3, lost: 3, 'Main.h.total': 3, 'Main.h.now': 3 }],
  ] as const)('%s', (kind, expected) => {
    const simulation = simulate(text);
    simulation.scan();
    simulation.scan();
    simulation.start(kind);
    simulation.scan();
    expect(simulation.values()).toMatchObject(expected);
  });
});

describe('tasks', () => {
  it('runs tasks by interval and priority', () => {
    const simulation = simulate(
      `CONFIGURATION C
VAR_GLOBAL log : STRING[80]; END_VAR
RESOURCE R ON PLC
TASK Slow(INTERVAL := T#20ms, PRIORITY := 2);
TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);
PROGRAM S WITH Slow : A;
PROGRAM F WITH Fast : B;
END_RESOURCE
END_CONFIGURATION
PROGRAM A VAR_EXTERNAL log : STRING[80]; END_VAR log := CONCAT(log, 's'); END_PROGRAM
PROGRAM B VAR_EXTERNAL log : STRING[80]; END_VAR log := CONCAT(log, 'f'); END_PROGRAM`,
      'iec',
    );
    simulation.runFor(40_000_000);
    expect(simulation.read('log')).toBe('fsffsf');
  });
});

describe('event tasks', () => {
  const text = (single: string) => `CONFIGURATION C
VAR_GLOBAL trigger : BOOL; runs : INT; END_VAR
RESOURCE R ON PLC
TASK Cyclic(INTERVAL := T#10ms, PRIORITY := 5);
TASK Event(SINGLE := ${single}, PRIORITY := 1);
PROGRAM A WITH Cyclic : Idle;
PROGRAM E WITH Event : OnEvent;
END_RESOURCE
END_CONFIGURATION
PROGRAM Idle VAR n : INT; END_VAR n := n + 1; END_PROGRAM
PROGRAM OnEvent VAR_EXTERNAL runs : INT; END_VAR runs := runs + 1; END_PROGRAM`;

  it('run once per rising edge of SINGLE', () => {
    const simulation = simulate(text('trigger'), 'iec');
    const seen = [false, true, true, false, true].map((value) => {
      simulation.write('trigger', value);
      simulation.scan();
      return simulation.read('runs');
    });
    expect(seen).toEqual([0, 1, 1, 1, 2]);
    expect(simulation.isUnknown).toBe(false);
  });
});

describe('direct addresses', () => {
  it('share one cell per address', () => {
    const simulation = simulate(
      'PROGRAM Main VAR a AT %QX0.1 : BOOL; b AT %QX0.1 : BOOL; i AT %IX0.0 : BOOL; c : BOOL; END_VAR a := i; c := b AND %QX0.1; END_PROGRAM',
    );
    simulation.write('Main.i', true);
    simulation.scan();
    expect(simulation.values()).toMatchObject({ 'Main.b': true, 'Main.c': true });
  });

  it('are unknown when they overlap with different sizes', () => {
    const simulation = simulate(
      'PROGRAM Main VAR w AT %QW0 : WORD; b AT %QX0.1 : BOOL; END_VAR w := 2; b := TRUE; END_PROGRAM',
    );
    expect(simulation.isUnknown).toBe(true);
    expect(simulation.unknownBlocks[0]?.reason).toMatch(/overlap/);
  });
});

describe('names of users', () => {
  it('never become code', () => {
    const simulation = simulate(
      `FUNCTION_BLOCK "F"
VAR "constructor" : Int; "a;throw 1;//" : Int; "__proto__" : Int; s : String := 'break R; $$x"; throw 1;'; END_VAR
BEGIN
  #"constructor" := 1; #"a;throw 1;//" := 2; #"__proto__" := 3;
END_FUNCTION_BLOCK
DATA_BLOCK "DB" "F"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "OB1"
BEGIN
  "DB"();
END_ORGANIZATION_BLOCK`,
      'siemens',
    );
    simulation.scan();
    expect(simulation.fault).toBeNull();
    expect(Object.values(simulation.values()).filter((each) => typeof each === 'number')).toEqual([1, 2, 3]);
    expect(simulation.read('DB.s')).toBe('break R; $x"; throw 1;');
  });
});

describe('unknown', () => {
  it('says so when a block has no model, and only once it is reached', () => {
    const simulation = simulate(
      'PROGRAM Main VAR go : BOOL; t : SEMA; m : MB_CLIENT; END_VAR IF go THEN m(REQ := TRUE); END_IF; END_PROGRAM',
      'siemens',
    );
    simulation.scan();
    expect(simulation.isUnknown).toBe(false);
    expect(simulation.unknownBlocks).toMatchObject([{ name: 'MB_CLIENT', isReached: false }]);
    simulation.write('Main.go', true);
    simulation.scan();
    expect(simulation.isUnknown).toBe(true);
  });
});

describe('evaluate', () => {
  it('evaluates ST over the state', () => {
    const simulation = runOnce(
      'n : INT := 7; t : TON; a : ARRAY[0..2] OF INT := [1, 2, 3];',
      't(IN := TRUE, PT := T#1s);',
      'codesys',
      'VAR_GLOBAL g : REAL := 2.5; END_VAR',
    );
    expect(simulation.evaluate('Main.n > 5 AND NOT Main.t.Q')).toEqual({ value: true, type: 'BOOL' });
    expect(simulation.evaluate('Main.a[2] + Main.n')).toMatchObject({ value: 10 });
    expect(simulation.evaluate('g * 2.0')).toMatchObject({ value: 5 });
    expect(simulation.evaluate('Main.t.PT')).toMatchObject({ value: 'T#1s' });
    expect(simulation.evaluate('Main.nope')).toHaveProperty('problem');
    expect(simulation.evaluate('Main.n +')).toHaveProperty('problem');
  });
});

describe('coverage', () => {
  const text = `FUNCTION_BLOCK Half
VAR_INPUT x : BOOL; END_VAR
VAR n : INT; END_VAR
IF x THEN
  n := n + 1;
ELSE
  n := n - 1;
END_IF;
END_FUNCTION_BLOCK
PROGRAM Main
VAR h : Half; t : TON; END_VAR
h(x := TRUE);
t(IN := TRUE, PT := T#1s);
END_PROGRAM`;

  it('counts statements of the project by line, not those of library models', () => {
    const simulation = simulate(text, 'codesys', { coverage: true });
    simulation.runScans(3);
    const coverage = coverageOf(simulation);
    expect(coverage.map((file) => [file.file, linesOf(file)])).toEqual([
      [
        'main.st',
        [
          { line: 4, hits: 3 },
          { line: 5, hits: 3 },
          { line: 7, hits: 0 },
          { line: 12, hits: 3 },
          { line: 13, hits: 3 },
        ],
      ],
    ]);
    expect(coverageTotals(mergeCoverage([coverage, coverage])).statements).toEqual({ covered: 4, total: 5 });
    expect(coverageToLcov(coverage)).toContain('DA:4,3\nDA:5,3\nDA:7,0\n');
  });

  it('does not count when it was not asked to', () => {
    const simulation = simulate(text);
    simulation.runScans(3);
    expect(simulation.hits).toHaveLength(0);
  });
});

describe('tags of arrays of structures', () => {
  it('a member of an element is found in globals as in programs', () => {
    const simulation = simulate(`
TYPE Entry : STRUCT Code : INT; Times : ARRAY[1..2] OF INT; END_STRUCT; END_TYPE
VAR_GLOBAL List : ARRAY[0..2] OF Entry; END_VAR
PROGRAM Main
VAR Own : ARRAY[0..2] OF Entry; END_VAR
List[1].Code := 7; List[2].Times[2] := 9; Own[1].Code := 8;
END_PROGRAM`);
    simulation.scan();
    expect(['List[1].Code', 'List[2].Times[2]', 'Main.Own[1].Code'].map((tag) => simulation.read(tag))).toEqual([
      7, 9, 8,
    ]);
  });
});

describe('what lists show', () => {
  it('leaves the inner variables of library blocks out, but keeps them in the state', () => {
    const simulation = runOnce('t : TON;', 't(IN := TRUE, PT := T#1S);');
    const names = Object.keys(simulation.values());
    expect(names).toEqual(['Main.t.IN', 'Main.t.PT', 'Main.t.Q', 'Main.t.ET']);
    expect(simulation.tags().map((each) => each.name)).toEqual(names);
    expect(simulation.stateTags().length).toBeGreaterThan(names.length);
  });

  it('ends a recursion of a program as a fault at its place', () => {
    const simulation = runOnce(
      'x : DINT;',
      'x := Deeper(n := 1);',
      'codesys',
      'FUNCTION Flat : DINT Flat := 1; END_FUNCTION\nFUNCTION Deeper : DINT VAR_INPUT n : DINT; END_VAR\nDeeper := Deeper(n := n + Flat()) + 1;\nEND_FUNCTION',
    );
    expect(simulation.fault).toMatchObject({ code: 'SIM-RECURSION', file: 'main.st', line: 3 });
  });
});
