/**
 * What every checker of Structured Text must report, item by item: a program that shows the mistake, and a near miss
 * that is right. Severities and lint settings are the defaults, so that an engineer sees it without setting anything up.
 */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../base/finding.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { lintProject } from '../lint/lint-project.js';
import { buildProject } from '../semantics/project.js';
import { parseSourceFile } from '../syntax/parser.js';

interface Case {
  readonly item: string;
  readonly code: string;
  /** One text, or one per file. */
  readonly bad: string | readonly string[];
  readonly good: string | readonly string[];
  readonly dialect?: DialectId;
}

function main(body: string, variables = '', outside = ''): string {
  return `${outside}PROGRAM Main\nVAR\n  x : INT;\n  b : BOOL;\n  r : REAL;\n  ${variables}\nEND_VAR\n${body}\nEND_PROGRAM\n`;
}

const BLOCK = `FUNCTION_BLOCK Pump
VAR_INPUT
  run : BOOL;
END_VAR
VAR_OUTPUT
  flow : INT;
END_VAR
VAR_IN_OUT
  shared : INT;
END_VAR
VAR
  inner : INT;
END_VAR
flow := inner;
IF run THEN shared := 1; END_IF;
END_FUNCTION_BLOCK
`;
const TWICE = 'FUNCTION Twice : INT\nVAR_INPUT\n  value : INT;\nEND_VAR\nTwice := value * 2;\nEND_FUNCTION\n';
const MODE = 'TYPE Mode : (Off, Auto);\nEND_TYPE\n';

function of(item: string, code: string, bad: Case['bad'], good: Case['good'], dialect?: DialectId): Case {
  return dialect === undefined ? { item, code, bad, good } : { item, code, bad, good, dialect };
}

const CASES: readonly Case[] = [
  of('1 unclosed comment', 'PW1001', main('(* why\nx := 1;'), main('(* why *)\nx := 1;')),
  of('2 unclosed string', 'PW1002', main("s := 'abc;", 's : STRING;'), main("s := 'abc';", 's : STRING;')),
  of('3 unexpected token', 'PW1003', main('x := * 2;'), main('x := x * 2;')),
  of('4 missing END_IF', 'PW1004', main('IF b THEN\n  x := 1;'), main('IF b THEN\n  x := 1;\nEND_IF;')),
  of('4 missing END_VAR', 'PW1004', 'PROGRAM P\nVAR\n  x : INT;\nx := 1;\nEND_PROGRAM\n', main('x := 1;')),
  of('5 missing semicolon', 'PW1005', main('x := 1\nx := 2;'), main('x := 1;\nx := 2;')),
  of('6 bad based number', 'PW1006', main('x := 2#102;'), main('x := 2#101;')),
  of('7 units of TIME out of order', 'PW1007', main('t := T#5s1m;', 't : TIME;'), main('t := T#1m5s;', 't : TIME;')),
  of('7 TIME out of range', 'PW1007', main('t := T#50d;', 't : TIME;'), main('t := T#70s;', 't : TIME;')),
  of(
    '7 DATE that does not exist',
    'PW1007',
    main('d := D#2023-02-30;', 'd : DATE;'),
    main('d := D#2024-02-29;', 'd : DATE;'),
  ),
  of('8 keyword as a name', 'PW1008', main('x := 1;', 'IF : INT;'), main('x := 1;', 'step : INT;')),
  of('9 = where := is meant', 'PW1011', main('x = 1;'), main('b := x = 1;')),
  of('9 := where = is meant', 'PW1011', main('IF x := 1 THEN x := 2; END_IF;'), main('IF x = 1 THEN x := 2; END_IF;')),
  of(
    '10 not in the dialect',
    'PW1010',
    main('x := 1;', 'p : POINTER TO INT;'),
    main('x := 1;', 'p : REF_TO INT;'),
    'iec',
  ),
  of(
    '11 empty section of variables',
    'PW5040',
    'PROGRAM P\nVAR\n  x : INT;\nEND_VAR\nVAR_INPUT\nEND_VAR\nx := x + 1;\nEND_PROGRAM\n',
    main('x := 1;'),
  ),
  of(
    '11 the same section twice',
    'PW5055',
    'FUNCTION_BLOCK F\nVAR_INPUT\n  a : INT;\nEND_VAR\nVAR\n  c : INT;\nEND_VAR\nVAR_INPUT\n  b : INT;\nEND_VAR\nc := a + b;\nEND_FUNCTION_BLOCK\n',
    'FUNCTION_BLOCK F\nVAR_INPUT\n  a : INT;\n  b : INT;\nEND_VAR\nVAR\n  c : INT;\nEND_VAR\nVAR CONSTANT\n  D : INT := 1;\nEND_VAR\nc := a + b + D;\nEND_FUNCTION_BLOCK\n',
  ),
  of(
    '12 unknown attribute',
    'PW5016',
    "{attribute 'qualifed_only'}\nTYPE Mode : (Off, Auto);\nEND_TYPE\n",
    "{attribute 'qualified_only'}\nTYPE Mode : (Off, Auto);\nEND_TYPE\n",
  ),
  of(
    '12 unknown pragma',
    'PW5016',
    '{regoin Start}\nPROGRAM P\nVAR\n  x : INT;\nEND_VAR\nx := x + 1;\nEND_PROGRAM\n',
    "{warning 'check this'}\nPROGRAM P\nVAR\n  x : INT;\nEND_VAR\nx := x + 1;\nEND_PROGRAM\n",
  ),
  of('13 undeclared variable', 'PW2001', main('speeed := 1;', 'speed : INT;'), main('speed := 1;', 'speed : INT;')),
  of(
    '14 undeclared type',
    'PW2002',
    main('x := 1;', 'v : Vlave;', 'TYPE Valve : INT;\nEND_TYPE\n'),
    main('x := 1;', 'v : Valve;', 'TYPE Valve : INT;\nEND_TYPE\n'),
  ),
  of('15 undeclared function', 'PW2003', main('x := Thrice(x);', '', TWICE), main('x := Twice(x);', '', TWICE)),
  of(
    '16 unknown member',
    'PW2004',
    main('x := p.preasure;', 'p : Part;', 'TYPE Part : STRUCT\n  pressure : INT;\nEND_STRUCT;\nEND_TYPE\n'),
    main('x := p.pressure;', 'p : Part;', 'TYPE Part : STRUCT\n  pressure : INT;\nEND_STRUCT;\nEND_TYPE\n'),
  ),
  of('17 duplicate variable', 'PW2005', main('x := 1;', 'X : INT;'), main('x := 1;', 'xx : INT;')),
  of('18 duplicate POU across files', 'PW2006', [TWICE, TWICE], [TWICE, TWICE.replaceAll('Twice', 'Double')]),
  of('19 duplicate enum value', 'PW2007', 'TYPE Mode : (Off, Auto, off);\nEND_TYPE\n', MODE),
  of(
    '20 duplicate field',
    'PW2008',
    'TYPE P : STRUCT\n  a : INT;\n  A : INT;\nEND_STRUCT;\nEND_TYPE\n',
    'TYPE P : STRUCT\n  a : INT;\n  b : INT;\nEND_STRUCT;\nEND_TYPE\n',
  ),
  of(
    '21 ambiguous enum value',
    'PW2012',
    main('x := Off;', '', `${MODE}TYPE Lamp : (Off, On);\nEND_TYPE\n`),
    main('x := Mode.Off;', '', `${MODE}TYPE Lamp : (Off, On);\nEND_TYPE\n`),
  ),
  of(
    '22 hides a global',
    'PW2048',
    main('total := 1;', 'total : INT;', 'VAR_GLOBAL\n  total : INT;\nEND_VAR\n'),
    main('sum := 1; total := sum;', 'sum : INT;', 'VAR_GLOBAL\n  total : INT;\nEND_VAR\n'),
  ),
  of(
    '22 hides an inherited name',
    'PW2013',
    'FUNCTION_BLOCK A\nVAR\n  n : INT;\nEND_VAR\nn := n + 1;\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B EXTENDS A\nVAR\n  n : INT;\nEND_VAR\nn := n + 1;\nEND_FUNCTION_BLOCK\n',
    'FUNCTION_BLOCK A\nVAR\n  n : INT;\nEND_VAR\nn := n + 1;\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B EXTENDS A\nVAR\n  m : INT;\nEND_VAR\nm := m + 1;\nEND_FUNCTION_BLOCK\n',
  ),
  of('23 differs in case only', 'PW5001', main('X := 1;'), main('x := 1;')),
  of(
    '24 external without a global',
    'PW2014',
    'PROGRAM P\nVAR_EXTERNAL\n  g : INT;\nEND_VAR\ng := 1;\nEND_PROGRAM\n',
    'VAR_GLOBAL\n  g : INT;\nEND_VAR\nPROGRAM P\nVAR_EXTERNAL\n  g : INT;\nEND_VAR\ng := 1;\nEND_PROGRAM\n',
  ),
  of(
    '24 external of another type',
    'PW2015',
    'VAR_GLOBAL\n  g : INT;\nEND_VAR\nPROGRAM P\nVAR_EXTERNAL\n  g : BOOL;\nEND_VAR\ng := TRUE;\nEND_PROGRAM\n',
    'VAR_GLOBAL\n  g : BOOL;\nEND_VAR\nPROGRAM P\nVAR_EXTERNAL\n  g : BOOL;\nEND_VAR\ng := TRUE;\nEND_PROGRAM\n',
  ),
  of(
    '25 recursive type',
    'PW2016',
    'TYPE Node : STRUCT\n  next : Node;\nEND_STRUCT;\nEND_TYPE\n',
    'TYPE Node : STRUCT\n  next : REF_TO Node;\nEND_STRUCT;\nEND_TYPE\n',
  ),
  of(
    '26 recursive call',
    'PW4009',
    'FUNCTION F : INT\nVAR_INPUT\n  n : INT;\nEND_VAR\nF := F(n - 1);\nEND_FUNCTION\n',
    `${TWICE}FUNCTION F : INT\nVAR_INPUT\n  n : INT;\nEND_VAR\nF := Twice(n - 1);\nEND_FUNCTION\n`,
  ),
  of(
    '27 circular EXTENDS',
    'PW2017',
    'FUNCTION_BLOCK A EXTENDS B\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B EXTENDS A\nEND_FUNCTION_BLOCK\n',
    'FUNCTION_BLOCK A EXTENDS B\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B\nEND_FUNCTION_BLOCK\n',
  ),
  of(
    '28 circular constant',
    'PW2018',
    'VAR_GLOBAL CONSTANT\n  A : INT := B;\n  B : INT := A;\nEND_VAR\n',
    'VAR_GLOBAL CONSTANT\n  A : INT := B;\n  B : INT := 2;\nEND_VAR\n',
  ),
  of('29 incompatible assignment', 'PW3001', main("x := 'one';"), main('x := 1;')),
  of('30 implicit narrowing', 'PW3002', main('x := d;', 'd : DINT;'), main('d := x;', 'd : DINT;')),
  of(
    '31 comparison of signed with unsigned',
    'PW3014',
    main('b := x < u;', 'u : UINT;'),
    main('b := x < y;', 'y : DINT;'),
  ),
  of('32 REAL into a whole number', 'PW3004', main('x := r;'), main('r := x;')),
  of('33 literal too large', 'PW3005', main('x := 40000;'), main('x := 32767;')),
  of(
    '34 outside of a subrange',
    'PW3006',
    main('p := 101;', 'p : INT (0..100);'),
    main('p := 100;', 'p : INT (0..100);'),
  ),
  of('35 inverted subrange', 'PW2032', main('x := 1;', 'p : INT (100..0);'), main('x := 1;', 'p : INT (0..100);')),
  of('36 condition that is not BOOL', 'PW3011', main('IF x THEN x := 1; END_IF;'), main('IF b THEN x := 1; END_IF;')),
  of('37 operands that do not mix', 'PW3012', main('x := b + b;'), main('x := x + x;')),
  of(
    '38 selector of CASE',
    'PW3015',
    main('CASE r OF\n  1: x := 1;\nEND_CASE;'),
    main('CASE x OF\n  1: x := 2;\nEND_CASE;'),
  ),
  of(
    '39 index that is no whole number',
    'PW3017',
    main('x := a[r];', 'a : ARRAY[0..9] OF INT;'),
    main('x := a[x];', 'a : ARRAY[0..9] OF INT;'),
  ),
  of(
    '39 number of dimensions',
    'PW3018',
    main('x := a[1, 2];', 'a : ARRAY[0..9] OF INT;'),
    main('x := a[1, 2];', 'a : ARRAY[0..9, 0..9] OF INT;'),
  ),
  of(
    '40 constant index out of bounds',
    'PW3019',
    main('x := a[10];', 'a : ARRAY[0..9] OF INT;'),
    main('x := a[9];', 'a : ARRAY[0..9] OF INT;'),
  ),
  of('41 text is cut off', 'PW3007', main("s := 'abcdef';", 's : STRING[3];'), main("s := 'abc';", 's : STRING[3];')),
  of('42 STRING and WSTRING', 'PW3008', main('s := w;', 's : STRING; w : WSTRING;'), main('s := t;', 's, t : STRING;')),
  of('43 enum from a number', 'PW3009', main('m := x;', 'm : Mode;', MODE), main('m := Mode.Auto;', 'm : Mode;', MODE)),
  of('44 bit out of range', 'PW3022', main('b := w.16;', 'w : WORD;'), main('b := w.15;', 'w : WORD;')),
  of('45 dereference of no pointer', 'PW3021', main('x := x^;'), main('x := p^;', 'p : REF_TO INT;')),
  of(
    '46 arithmetic on references',
    'PW3012',
    main('p := p + 1;', 'p : REF_TO INT;'),
    main('p := REF(x);', 'p : REF_TO INT;'),
    'iec',
  ),
  of(
    '47 reference to a temporary',
    'PW3050',
    'FUNCTION_BLOCK F\nVAR\n  p : REF_TO INT;\nEND_VAR\nVAR_TEMP\n  t : INT;\nEND_VAR\np := REF(t);\nEND_FUNCTION_BLOCK\n',
    'FUNCTION_BLOCK F\nVAR\n  p : REF_TO INT;\n  t : INT;\nEND_VAR\np := REF(t);\nEND_FUNCTION_BLOCK\n',
  ),
  of('48 too many arguments', 'PW3025', main('x := Twice(1, 2);', '', TWICE), main('x := Twice(1);', '', TWICE)),
  of('49 too few arguments', 'PW3026', main('x := Twice();', '', TWICE), main('x := Twice(x);', '', TWICE)),
  of(
    '50 unknown parameter',
    'PW3027',
    main('x := Twice(valeu := 1);', '', TWICE),
    main('x := Twice(value := 1);', '', TWICE),
  ),
  of(
    '51 parameter given twice',
    'PW3028',
    main('x := Twice(value := 1, value := 2);', '', TWICE),
    main('x := Twice(value := 1);', '', TWICE),
  ),
  of(
    '52 with and without names',
    'PW3029',
    main('x := LIMIT(0, x, MX := 9);'),
    main('x := LIMIT(MN := 0, IN := x, MX := 9);'),
  ),
  of('53 type of an argument', 'PW3030', main("x := Twice('one');", '', TWICE), main('x := Twice(1);', '', TWICE)),
  of(
    '54 VAR_IN_OUT left open',
    'PW3031',
    main('p(run := b);', 'p : Pump;', BLOCK),
    main('p(run := b, shared := x);', 'p : Pump;', BLOCK),
  ),
  of(
    '55 VAR_IN_OUT gets a value',
    'PW3032',
    main('p(run := b, shared := 3);', 'p : Pump;', BLOCK),
    main('p(run := b, shared := x);', 'p : Pump;', BLOCK),
  ),
  of(
    '56 => and := swapped',
    'PW3033',
    main('p(run := b, flow := x, shared := x);', 'p : Pump;', BLOCK),
    main('p(run := b, flow => x, shared := x);', 'p : Pump;', BLOCK),
  ),
  of('57 call of what is no callable', 'PW3034', main('x(1);'), main('x := Twice(1);', '', TWICE)),
  of(
    '58 block called without an instance',
    'PW3035',
    main('Pump(run := b, shared := x);', '', BLOCK),
    main('p(run := b, shared := x);', 'p : Pump;', BLOCK),
  ),
  of('59 result not used', 'PW4017', main('Twice(1);', '', TWICE), main('x := Twice(1);', '', TWICE)),
  of(
    '60 output written from outside',
    'PW3040',
    main('p.flow := 1;', 'p : Pump;', BLOCK),
    main('x := p.flow;', 'p : Pump;', BLOCK),
  ),
  of(
    '61 internals read from outside',
    'PW3042',
    main('x := p.inner;', 'p : Pump;', BLOCK),
    main('x := p.flow;', 'p : Pump;', BLOCK),
  ),
  of(
    '62 constant written',
    'PW3038',
    'VAR_GLOBAL CONSTANT\n  C : INT := 1;\nEND_VAR\nPROGRAM P\nC := 2;\nEND_PROGRAM\n',
    'VAR_GLOBAL\n  C : INT := 1;\nEND_VAR\nPROGRAM P\nC := 2;\nEND_PROGRAM\n',
  ),
  of(
    '63 constant without a value',
    'PW2028',
    'VAR_GLOBAL CONSTANT\n  C : INT;\nEND_VAR\n',
    'VAR_GLOBAL CONSTANT\n  C : INT := 1;\nEND_VAR\n',
  ),
  of(
    '64 FOR variable written',
    'PW3039',
    main('FOR x := 1 TO 9 DO\n  x := x + 1;\nEND_FOR;'),
    main('FOR x := 1 TO 9 DO\n  r := x;\nEND_FOR;'),
  ),
  of(
    '65 FOR by 0',
    'PW4010',
    main('FOR x := 1 TO 9 BY 0 DO\n  r := x;\nEND_FOR;'),
    main('FOR x := 1 TO 9 BY 1 DO\n  r := x;\nEND_FOR;'),
  ),
  of(
    '65 FOR that never runs',
    'PW4011',
    main('FOR x := 9 TO 1 DO\n  r := x;\nEND_FOR;'),
    main('FOR x := 9 TO 1 BY -1 DO\n  r := x;\nEND_FOR;'),
  ),
  of('66 EXIT outside of a loop', 'PW4001', main('EXIT;'), main('WHILE b DO\n  EXIT;\nEND_WHILE;')),
  of(
    '67 result never assigned',
    'PW4002',
    'FUNCTION F : INT\nVAR_INPUT\n  n : INT;\nEND_VAR\nVAR\n  k : INT;\nEND_VAR\nk := n;\nEND_FUNCTION\n',
    'FUNCTION F : INT\nVAR_INPUT\n  n : INT;\nEND_VAR\nF := n;\nEND_FUNCTION\n',
  ),
  of(
    '68 CASE label twice',
    'PW4005',
    main('CASE x OF\n  1: r := 1;\n  1: r := 2;\nEND_CASE;'),
    main('CASE x OF\n  1: r := 1;\n  2: r := 2;\nEND_CASE;'),
  ),
  of(
    '68 CASE ranges overlap',
    'PW4006',
    main('CASE x OF\n  1..5: r := 1;\n  5..9: r := 2;\nEND_CASE;'),
    main('CASE x OF\n  1..5: r := 1;\n  6..9: r := 2;\nEND_CASE;'),
  ),
  of('69 division by zero', 'PW4004', main('x := x / 0;'), main('x := x / 2;')),
  of('70 unreachable code', 'PW4003', main('RETURN;\nx := 1;'), main('IF b THEN RETURN; END_IF;\nx := 1;')),
  of('71 statement without effect', 'PW4007', main('x + 1;'), main('x := x + 1;')),
  of(
    '72 abstract block has an instance',
    'PW2023',
    main('x := 1;', 'a : A;', 'FUNCTION_BLOCK ABSTRACT A\nEND_FUNCTION_BLOCK\n'),
    main('x := 1;', 'a : A;', 'FUNCTION_BLOCK A\nEND_FUNCTION_BLOCK\n'),
  ),
  of(
    '73 interface not implemented',
    'PW2021',
    'INTERFACE I\nMETHOD Go\nEND_METHOD\nEND_INTERFACE\nFUNCTION_BLOCK F IMPLEMENTS I\nEND_FUNCTION_BLOCK\n',
    'INTERFACE I\nMETHOD Go\nEND_METHOD\nEND_INTERFACE\nFUNCTION_BLOCK F IMPLEMENTS I\nMETHOD Go\nEND_METHOD\nEND_FUNCTION_BLOCK\n',
  ),
  of(
    '74 signature of an override',
    'PW2022',
    'FUNCTION_BLOCK A\nMETHOD Go : INT\nGo := 1;\nEND_METHOD\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B EXTENDS A\nMETHOD Go : BOOL\nGo := TRUE;\nEND_METHOD\nEND_FUNCTION_BLOCK\n',
    'FUNCTION_BLOCK A\nMETHOD Go : INT\nGo := 1;\nEND_METHOD\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B EXTENDS A\nMETHOD Go : INT\nGo := 2;\nEND_METHOD\nEND_FUNCTION_BLOCK\n',
  ),
  of(
    '74 FINAL extended',
    'PW2024',
    'FUNCTION_BLOCK FINAL A\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B EXTENDS A\nEND_FUNCTION_BLOCK\n',
    'FUNCTION_BLOCK A\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK B EXTENDS A\nEND_FUNCTION_BLOCK\n',
  ),
  of(
    '75 access modifier',
    'PW3043',
    main('f.Go();', 'f : F;', 'FUNCTION_BLOCK F\nMETHOD PRIVATE Go\nEND_METHOD\nEND_FUNCTION_BLOCK\n'),
    main('f.Go();', 'f : F;', 'FUNCTION_BLOCK F\nMETHOD PUBLIC Go\nEND_METHOD\nEND_FUNCTION_BLOCK\n'),
  ),
  of(
    '76 addresses overlap',
    'PW2035',
    'VAR_GLOBAL\n  a AT %QW0 : WORD;\n  c AT %QX0.3 : BOOL;\nEND_VAR\n',
    'VAR_GLOBAL\n  a AT %QW0 : WORD;\n  c AT %QX2.3 : BOOL;\nEND_VAR\n',
    'twincat',
  ),
  of(
    '77 size of an address',
    'PW2036',
    'VAR_GLOBAL\n  a AT %QX0.0 : INT;\nEND_VAR\n',
    'VAR_GLOBAL\n  a AT %QW0 : INT;\nEND_VAR\n',
  ),
  of(
    '78 unknown task',
    'PW2029',
    'CONFIGURATION C\nRESOURCE R ON PLC\n  TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);\n  PROGRAM P WITH Fsat : Main;\nEND_RESOURCE\nEND_CONFIGURATION\nPROGRAM Main\nEND_PROGRAM\n',
    'CONFIGURATION C\nRESOURCE R ON PLC\n  TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);\n  PROGRAM P WITH Fast : Main;\nEND_RESOURCE\nEND_CONFIGURATION\nPROGRAM Main\nEND_PROGRAM\n',
  ),
  of(
    '78 unknown program',
    'PW2030',
    'CONFIGURATION C\nRESOURCE R ON PLC\n  TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);\n  PROGRAM P WITH Fast : Mian;\nEND_RESOURCE\nEND_CONFIGURATION\nPROGRAM Main\nEND_PROGRAM\n',
    'CONFIGURATION C\nRESOURCE R ON PLC\n  TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);\n  PROGRAM P WITH Fast : Main;\nEND_RESOURCE\nEND_CONFIGURATION\nPROGRAM Main\nEND_PROGRAM\n',
  ),
  of(
    '78 bad INTERVAL',
    'PW2031',
    'CONFIGURATION C\nRESOURCE R ON PLC\n  TASK Fast(INTERVAL := T#0ms, PRIORITY := 1);\nEND_RESOURCE\nEND_CONFIGURATION\n',
    'CONFIGURATION C\nRESOURCE R ON PLC\n  TASK Fast(INTERVAL := T#1ms, PRIORITY := 1);\nEND_RESOURCE\nEND_CONFIGURATION\n',
  ),
  of(
    '79 used before it has a value',
    'PW4019',
    'FUNCTION F : INT\nVAR_TEMP\n  t : INT;\nEND_VAR\nF := t;\nt := 1;\nEND_FUNCTION\n',
    'FUNCTION F : INT\nVAR_TEMP\n  t : INT;\nEND_VAR\nt := 1;\nF := t;\nEND_FUNCTION\n',
  ),
  of('80 dead store', 'PW5121', main('x := 1;\nx := 2;\nr := x;'), main('x := 1;\nr := r + x;\nx := 2;\nr := r + x;')),
  of('80 assignment to itself', 'PW5122', main('x := x;'), main('x := y;', 'y : INT;')),
  of('81 equality of REAL', 'PW3049', main('b := r = 0.1;'), main('b := r > 0.1;')),
  of(
    '82 written by several programs',
    'PW5142',
    'VAR_GLOBAL\n  g : INT;\nEND_VAR\nPROGRAM A\ng := 1;\nEND_PROGRAM\nPROGRAM B\ng := 2;\nEND_PROGRAM\n',
    'VAR_GLOBAL\n  g : INT;\n  h : INT;\nEND_VAR\nPROGRAM A\ng := h;\nEND_PROGRAM\nPROGRAM B\nh := g;\nEND_PROGRAM\n',
  ),
  of(
    '82 written by several tasks',
    'PW5141',
    'VAR_GLOBAL\n  g : INT;\nEND_VAR\nCONFIGURATION C\nRESOURCE R ON PLC\n  TASK T1(INTERVAL := T#10ms, PRIORITY := 1);\n  TASK T2(INTERVAL := T#20ms, PRIORITY := 2);\n  PROGRAM P1 WITH T1 : A;\n  PROGRAM P2 WITH T2 : B;\nEND_RESOURCE\nEND_CONFIGURATION\nPROGRAM A\ng := 1;\nEND_PROGRAM\nPROGRAM B\ng := 2;\nEND_PROGRAM\n',
    'VAR_GLOBAL\n  g : INT;\n  h : INT;\nEND_VAR\nCONFIGURATION C\nRESOURCE R ON PLC\n  TASK T1(INTERVAL := T#10ms, PRIORITY := 1);\n  TASK T2(INTERVAL := T#20ms, PRIORITY := 2);\n  PROGRAM P1 WITH T1 : A;\n  PROGRAM P2 WITH T2 : B;\nEND_RESOURCE\nEND_CONFIGURATION\nPROGRAM A\ng := h;\nEND_PROGRAM\nPROGRAM B\nh := g;\nEND_PROGRAM\n',
  ),
  of(
    '83 output written in several places',
    'PW5143',
    'VAR_GLOBAL\n  lamp AT %QX0.0 : BOOL;\nEND_VAR\nPROGRAM A\nVAR\n  b : BOOL;\nEND_VAR\nlamp := b;\nlamp := NOT b;\nEND_PROGRAM\n',
    'VAR_GLOBAL\n  lamp AT %QX0.0 : BOOL;\nEND_VAR\nPROGRAM A\nVAR\n  b : BOOL;\nEND_VAR\nlamp := b;\nEND_PROGRAM\n',
  ),
];

function findingsIn({ dialect = 'codesys' }: Case, texts: string | readonly string[]): readonly Finding[] {
  const list = typeof texts === 'string' ? [texts] : texts;
  const files = list.map((text, at) => parseSourceFile(`File${at}.st`, text, dialect));
  const project = buildProject({ files, dialect, entry: null, cycle: 10_000_000n });
  return [...project.findings, ...lintProject(project)];
}

const written = (findings: readonly Finding[]): string =>
  findings.map(({ code, severity, line, message }) => `${code} ${severity} ${line} ${message}`).join('\n');

describe('the must-report list', () => {
  test.each(CASES.map((one) => [`${one.item} (${one.code})`, one] as const))('%s', (_, one) => {
    const bad = findingsIn(one, one.bad);
    expect(
      bad.map(({ code }) => code),
      written(bad),
    ).toContain(one.code);
    const others = bad.filter(({ code, severity }) => code !== one.code && severity === 'error');
    expect(written(others)).toBe('');
    const good = findingsIn(one, one.good);
    expect(written(good.filter(({ code, severity }) => code === one.code || severity === 'error'))).toBe('');
  });

  test('holds every item that the tree and its types can decide', () => {
    // 84, the path from a safety input to an output, is what core/safety and core/proof are about.
    const items = new Set(CASES.map(({ item }) => Number.parseInt(item, 10)));
    expect([...Array(83).keys()].map((at) => at + 1).filter((number) => !items.has(number))).toEqual([]);
  });
});
