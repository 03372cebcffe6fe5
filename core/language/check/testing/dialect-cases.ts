import type { CheckCase } from './marked-source.js';

/** Objects, CODESYS and Siemens. */
export const DIALECT_CASES: readonly CheckCase[] = [
  {
    name: 'enumerations convert from and to numbers by name',
    dialect: 'codesys',
    text: `TYPE Mode : (Idle, Auto);
END_TYPE
PROGRAM Main
VAR
  m : Mode;
  i : INT;
  s : STRING;
END_VAR
m := INT_TO_Mode(i);
i := Mode_TO_INT(m);
s := Mode_TO_INT(m);
//   ^^^^^^^^^^^^^^ PW3001
i := Mode_TO_INT(s);
//               ^ PW3030
m := INT_TO_Mod(i);
//   ^^^^^^^^^^ PW2003
END_PROGRAM
`,
  },
  {
    name: 'members are hidden by PRIVATE and PROTECTED, also in blocks that extend theirs',
    dialect: 'iec',
    text: `FUNCTION_BLOCK Base
VAR PRIVATE
  own : INT;
END_VAR
VAR PROTECTED
  shared : INT;
END_VAR
VAR PUBLIC
  open : INT;
END_VAR
METHOD PRIVATE Reset
  own := 0;
END_METHOD
METHOD PROTECTED Halt
  shared := 0;
END_METHOD
Reset();
END_FUNCTION_BLOCK
FUNCTION_BLOCK Pump EXTENDS Base
  own := 1;
//^^^ PW3043
  shared := 1;
  Reset();
//^^^^^ PW3043
  Halt();
END_FUNCTION_BLOCK
PROGRAM Main
VAR
  p : Pump;
  x : INT;
END_VAR
x := p.open;
x := p.shared;
//     ^^^^^^ PW3043
p.Halt();
//^^^^ PW3043
END_PROGRAM
`,
  },
  {
    name: 'SIZEOF and __NEW take a type',
    dialect: 'codesys',
    text: `PROGRAM Main
VAR
  p : POINTER TO INT;
  size : UDINT;
END_VAR
p := __NEW(INT);
size := SIZEOF(INT);
size := SIZEOF(p) + SIZEOF(INTT);
//                         ^^^^ PW2001
END_PROGRAM
`,
  },
  {
    name: 'methods, properties, interfaces and inheritance',
    dialect: 'codesys',
    text: `INTERFACE IMotor
METHOD Start : BOOL
VAR_INPUT
  speed : INT;
END_VAR
END_METHOD
PROPERTY Running : BOOL
GET
END_GET
END_PROPERTY
END_INTERFACE
FUNCTION_BLOCK ABSTRACT BaseMotor IMPLEMENTS IMotor
VAR
  _running : BOOL;
END_VAR
METHOD Start : BOOL
VAR_INPUT
  speed : INT;
END_VAR
_running := speed > 0;
Start := _running;
END_METHOD
METHOD Self : REFERENCE TO BaseMotor
Self REF= THIS^;
END_METHOD
PROPERTY Running : BOOL
GET
Running := _running;
END_GET
END_PROPERTY
END_FUNCTION_BLOCK
FUNCTION_BLOCK Motor EXTENDS BaseMotor
VAR_INPUT
  enable : BOOL;
END_VAR
METHOD Start : BOOL
VAR_INPUT
  speed : INT;
END_VAR
Start := enable AND SUPER^.Start(speed) AND THIS^._running;
END_METHOD
END_FUNCTION_BLOCK
PROGRAM Main
VAR
  m : Motor;
  i : IMotor;
  p : POINTER TO Motor;
  r : REFERENCE TO Motor;
  b : BOOL;
END_VAR
i := m;
b := i.Start(5);
b := m.Self().Self().Running;
p := ADR(m);
b := p^.Start(speed := 3);
r REF= m;
r.enable := TRUE;
r(enable := TRUE);
IF __ISVALIDREF(r) THEN b := i.Running; END_IF;
IF p <> 0 THEN p := p + SIZEOF(m); END_IF;
  m.Running := TRUE;
//^^^^^^^^^ PW3036
b := p.Start(3);
//     ^^^^^ PW3024
b := i.Stop();
//     ^^^^ PW2004
END_PROGRAM
`,
  },
  {
    name: 'CODESYS: lists, enums, actions, unions, jumps',
    dialect: 'codesys',
    text: `{attribute 'qualified_only'}
{attribute 'strict'}
TYPE E_State : (Idle := 0, Busy, Done) UDINT; END_TYPE
TYPE U_Word : UNION
  w : WORD;
  b : ARRAY[0..1] OF BYTE;
END_UNION
END_TYPE
FUNCTION_BLOCK FB_Job
VAR_INPUT
  start : BOOL;
END_VAR
VAR
  state : E_State;
  u : U_Word;
  n : UDINT;
  bits : DWORD;
  t : TIME;
  i : INT;
  ref : REFERENCE TO INT;
END_VAR
CASE state OF
//   ^^^^^ PW4023
  E_State.Idle: IF start THEN state := E_State.Busy; END_IF
  E_State.Busy: Work();
END_CASE
state := Idle;
//       ^^^^ PW2001
u.b[0] := 16#FF;
n := state;
bits := n OR 16#1;
bits.3 := start;
t := UDINT_TO_TIME(n);
ref REF= i;
ref := ref + 1;
i := ref;
i := bits;
//   ^^^^ PW3002
IF bits THEN i := 0; END_IF
// ^^^^ PW3011
ACTION Work:
  i := i + 1;
  state := E_State.Done;
END_ACTION
END_FUNCTION_BLOCK
`,
  },
  {
    name: 'SCL: blocks, tags, data blocks and instances',
    dialect: 'siemens',
    text: `TYPE "UDT_Motor"
VERSION : 0.1
STRUCT
  run : Bool;
  speed : Int;
END_STRUCT;
END_TYPE
FUNCTION_BLOCK "FB_Motor"
VAR_INPUT
  start : Bool;
END_VAR
VAR_OUTPUT
  run : Bool;
END_VAR
VAR
  data : "UDT_Motor";
  delay {InstructionName := 'TON_TIME'} : TON_TIME;
  timer : IEC_TIMER;
END_VAR
BEGIN
  #delay(IN := #start, PT := T#2s);
  #timer.TON(IN := #start, PT := T#1s);
  #run := #delay.Q AND "EmergencyStop";
  //                   ^^^^^^^^^^^^^^^ PW2010
  #data.run := #run OR "EmergencyStop";
  #data.sped := 3;
  //    ^^^^ PW2004
END_FUNCTION_BLOCK
DATA_BLOCK "DB_Motor"
"FB_Motor"
BEGIN
END_DATA_BLOCK
DATA_BLOCK "DB_Global"
VAR
  enable : Bool;
  list : Array[0..3] of Int;
END_VAR
BEGIN
END_DATA_BLOCK
FUNCTION "FC_Scale" : Int
VAR_INPUT
  value : Int;
END_VAR
BEGIN
  #FC_Scale := #value * 2;
END_FUNCTION
ORGANIZATION_BLOCK "Main"
BEGIN
  "DB_Motor"(start := "DB_Global".enable);
  "DB_Global".list[1] := "FC_Scale"("DB_Global".list[0]);
  "DB_Global".list[2] := "FC_Scale"(value := "DB_Global".list[0]);
  "DB_Motor".run := FALSE;
  //         ^^^ PW3040
END_ORGANIZATION_BLOCK
`,
  },
];
