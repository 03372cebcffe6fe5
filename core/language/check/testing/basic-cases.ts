import type { CheckCase } from './marked-source.js';

/** Expressions, statements and calls of plain IEC programs. */
export const BASIC_CASES: readonly CheckCase[] = [
  {
    name: 'assignments widen and do not narrow',
    dialect: 'iec',
    text: `PROGRAM Main
VAR
  b : BOOL; bt : BYTE; w : WORD; si : SINT; i : INT; d : DINT; l : LINT; ui : UINT; r : REAL; lr : LREAL; t : TIME;
END_VAR
i := si;
d := i;
l := d;
r := i;
lr := r;
lr := d;
d := ui;
w := bt;
w := 16#FF;
r := 1;
si := 127;
si := 128;
//    ^^^ PW3005
ui := -1;
//    ^^ PW3005
i := d;
//   ^ PW3002
i := ui;
//   ^^ PW3003
i := r;
//   ^ PW3004
i := 1.5;
//   ^^^ PW3004
b := i;
//   ^ PW3001
w := i;
//   ^ PW3001
t := 5;
//   ^ PW3001
i := INT#5 + 3;
i := i * 2 + 1;
r := r * 2 + i;
END_PROGRAM
`,
  },
  {
    name: 'operators take numbers, times and bits',
    dialect: 'iec',
    text: `PROGRAM Main
VAR
  b : BOOL; w : WORD; i : INT; r : REAL; t : TIME; d : DATE_AND_TIME; s : STRING;
END_VAR
t := T#1s + T#2s;
t := t * 2;
d := d + t;
t := d - d;
w := w AND 16#F;
b := NOT b XOR b;
b := t > T#5s;
i := i MOD 3;
t := t + 5;
//   ^^^^^ PW3012
b := b + b;
//   ^^^^^ PW3012
i := i AND i;
//   ^^^^^^^ PW3012
s := s + s;
//   ^^^^^ PW3012
r := r MOD 2.0;
//   ^^^^^^^^^ PW3012
b := i = b;
//   ^^^^^ PW3013
b := -b;
//   ^^ PW3012
END_PROGRAM
`,
  },
  {
    name: 'a name that is missing is told once per body',
    dialect: 'iec',
    text: `PROGRAM Main
VAR
  i : INT;
END_VAR
i := missing + 1;
//   ^^^^^^^ PW2001
i := missing * 2;
IF missing THEN
  missing := missing.other[3]^;
END_IF;
END_PROGRAM
`,
  },
  {
    name: 'function blocks, outputs and in-outs',
    dialect: 'iec',
    text: `FUNCTION_BLOCK Ramp
VAR_INPUT
  target : REAL;
END_VAR
VAR_OUTPUT
  value : REAL;
END_VAR
VAR_IN_OUT
  state : INT;
END_VAR
VAR
  step : REAL;
END_VAR
value := target;
END_FUNCTION_BLOCK
PROGRAM Main
VAR
  ramp : Ramp;
  n : INT;
  d : DINT;
  out : REAL;
  word : WORD;
END_VAR
ramp(target := 1.5, state := n, value => out);
ramp(target := n, state := n);
ramp(1.0, out, n);
ramp(target := TRUE, state := n);
//             ^^^^ PW3030
ramp(target := 1.0, state := d);
//                           ^ PW3030
ramp(target := 1.0, state := 3);
//                           ^ PW3032
ramp(target := 1.0, state := n, step := 1.0);
//                              ^^^^ PW3027
ramp(target => out, state := n);
//   ^^^^^^^^^^^^^ PW3033
ramp(target := 1.0, state := n, value => word);
//                                       ^^^^ PW3030
out := ramp.value;
ramp.target := 2.0;
ramp.value := 2.0;
//   ^^^^^ PW3040
out := ramp.vale;
//          ^^^^ PW2004
END_PROGRAM
`,
  },
  {
    name: 'standard functions and blocks',
    dialect: 'iec',
    text: `PROGRAM Main
VAR
  i : INT; d : DINT; r : REAL; w : WORD; b : BOOL; s : STRING; t : TIME; dt1 : DT;
  timer : TON; up : CTU; edge : R_TRIG;
END_VAR
i := LIMIT(0, i, 100);
r := SQRT(2.0);
r := ABS(r);
i := ABS(i);
i := MAX(i, 3, 5);
d := MAX(i, d);
w := SHL(w, 2);
s := CONCAT(s, 'x', s);
i := LEN(s);
s := LEFT(IN := s, L := 3);
b := GT(i, 3);
i := SEL(b, 1, 2);
i := MUX(i, 1, 2, 3);
r := INT_TO_REAL(i);
i := TRUNC_INT(r);
d := TRUNC(r);
s := TO_STRING(i);
i := ADD(i, i, 1);
t := ADD(t, T#1s);
dt1 := CONCAT_DATE_TOD(D#2024-01-01, TOD#12:00:00);
timer(IN := b, PT := T#100ms, Q => b);
up(CU := b, R := FALSE, PV := 10);
edge(CLK := b);
b := timer.Q AND edge.Q;
i := up.CV;
r := SQRT('2');
//        ^^^ PW3030
i := LIMIT(0, i);
//   ^^^^^^^^^^^ PW3026
i := ABS(i, 2);
//          ^ PW3025
i := LEN(5);
//       ^ PW3030
timer(IN := b, PT := 100);
//                   ^^^ PW3030
timer(IN := i, PT := T#1s);
//          ^ PW3030
up(CU := b, RST := FALSE);
//          ^^^ PW3027
END_PROGRAM
`,
  },
  {
    name: 'conditions and loops',
    dialect: 'iec',
    text: `PROGRAM Main
VAR
  i : INT; b : BOOL; a : ARRAY[1..3, 0..1] OF INT;
END_VAR
IF b THEN i := 1; ELSIF i THEN i := 2; END_IF;
//                      ^ PW3011
WHILE i DO i := i - 1; END_WHILE;
//    ^ PW3011
REPEAT i := i - 1; UNTIL i END_REPEAT;
//                       ^ PW3011
FOR i := 1 TO 3 DO
  a[i, 0] := i;
  a[i, 2] := i;
//     ^ PW3019
  a[4, 1] := i;
//  ^ PW3019
  a[i] := 0;
//^^^^ PW3018
END_FOR;
CASE i OF
  1, 2: b := TRUE;
  3..5: b := FALSE;
  4: b := TRUE;
//^ PW4006
  'x': b := TRUE;
//^^^ PW3016
END_CASE;
IF b THEN
  CONTINUE;
//^^^^^^^^^ PW4001
END_IF;
END_PROGRAM
`,
  },
  {
    name: 'structures, arrays and enums with their initial values',
    dialect: 'iec',
    text: `TYPE
  Mode : (Off, Auto := 5, Manual);
  Level : INT (0..100);
  Axis : STRUCT
    position : REAL := 0.5;
    mode : Mode := Auto;
    limits : ARRAY[0..1] OF INT := [1, 2];
  END_STRUCT;
END_TYPE
PROGRAM Main
VAR
  a : Axis := (position := 1.0, mode := Mode#Manual, limits := [3, 4]);
  b : Axis := (position := 'x', speed := 3);
//                         ^^^ PW3001
//                              ^^^^^ PW2004
  level : Level := 101;
//                 ^^^ PW3006
  list : ARRAY[1..4] OF INT := [2(0), 1, 2];
  long : ARRAY[1..2] OF INT := [3(0)];
//                             ^^^^^^ PW3045
  m : Mode;
END_VAR
m := Auto;
m := Mode#Off;
m := Mode#Auot;
//        ^^^^ PW2004
m := 5;
//   ^ PW3009
a.limits[1] := 3;
a.mode := m;
IF m = Auto THEN m := Off; END_IF;
CASE m OF
//   ^ PW4023
  Off: m := Auto;
  Mode#Manual: m := Off;
END_CASE;
END_PROGRAM
`,
  },
];
