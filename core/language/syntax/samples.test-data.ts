/** Programs that use every construct, for tests: CODESYS, SCL, and a test file. */

export const CODESYS_SAMPLE = `{attribute 'qualified_only'}
VAR_GLOBAL CONSTANT
  {attribute 'x' := 'y'}
  cMax : INT := 10; // hi
  arr : ARRAY[0..2] OF INT := 1, 2, 3;
  arr2 : ARRAY[0..9] OF INT := [2(1), 3(4, 5), 2(0)];
  arr3 : ARRAY[0..9] OF INT := 10(0);
  sarr : ARRAY[0..1] OF ST_X := [(a := 1, b := 2), (a := 3)];
  p : POINTER TO ARRAY[0..5] OF STRUCTX;
END_VAR
TYPE
  E_A : (A := 1, B, C := 5) DINT := B;
  E_B : INT (X, Y := 2);
  U : UNION a : INT; b : WORD; END_UNION
  S : STRUCT OVERLAP a AT %B0 : INT; END_STRUCT;
  R : INT (0..100) := 5;
  Sub EXTENDS Base : STRUCT x : INT; END_STRUCT
  P : POINTER TO INT;
  Str : STRING(80) := 'x';
END_TYPE
TYPE PUBLIC Z : (a, b); END_TYPE
NAMESPACE N.M
USING Q, R.S;
CLASS ABSTRACT C EXTENDS D IMPLEMENTS I, J
  VAR PRIVATE CONSTANT x : INT := 5; END_VAR
  METHOD PUBLIC ABSTRACT FINAL m : INT VAR_INPUT a : INT; END_VAR END_METHOD
  PUBLIC OVERRIDE METHOD m2
    SUPER.m2(); THIS.x := 5; THIS^.x := 3; SUPER^();
  END_METHOD
END_CLASS
END_NAMESPACE
FUNCTION_BLOCK PUBLIC FINAL FB EXTENDS Lib.Base IMPLEMENTS I1, Lib.I2
VAR_INPUT CONSTANT PERSISTENT RETAIN
  a, b AT %IX0.0 , c: BOOL := TRUE;
  e : BOOL R_EDGE;
END_VAR
VAR_INST x : INT; END_VAR
VAR_STAT y : INT; END_VAR
VAR
  Step : INT; Action : BOOL; Get, Set : INT; Type_ : INT;
  t1 : TON := (PT := T#1s, IN := FALSE);
  fb : TcoTask(THIS^);
  fb2 : MyFb(a := 1, b := 2) := (c := 3);
  r : REFERENCE TO INT REF= x;
  subr : INT (1..MAX-1);
  enum : (Red, Green);
  va : ARRAY[*] OF INT;
  ws : WSTRING[20] := "wide$0041";
  ll : LINT := LINT#-5;
  da : LDATE_AND_TIME := LDT#2024-01-20-15:30:22.123456789;
  \`IF\` : INT;
END_VAR
METHOD PUBLIC Foo : REFERENCE TO INT
VAR_INPUT i : INT; END_VAR
VAR PERSISTENT q : INT; END_VAR
Foo REF= i;
END_METHOD
PROPERTY PUBLIC P1 : INT
GET
  P1 := 3;
END_GET
PRIVATE SET
VAR l : INT; END_VAR
  l := P1;
END_SET
END_PROPERTY
ACTION Act1:
  Step := Step + 1;
END_ACTION
Step := 5; Action := Get = Set; 
a := b := c;
out S= in; out R= in;
s := 3; r := s=3;
r REF= x; r ?= y; .glob := 1;
p^.x := ADR(y)^; x := y.3; x := y.%X3; a[1,2][3].b^[4] := 5;
x := NOT a AND b OR c XOR d AND_THEN e OR_ELSE f;
x := -a ** 2 + 3 * -4 MOD 5 - 1 > 3 = TRUE;
fb(a := 1, b => c, NOT q => d, e := , f => );
Messenger.Build().Append('x')
   .Append("y")
   .Pin();
x := 1_000 + 16#FF_FF + 2#1010 + 8#17 + 1.5E-3 + 1e5 + INT#16#7F + WORD#16#FFFF + BOOL#1 + REAL#1.5 + T#1d2h3m4s5ms6us7ns + LTIME#5us + D#2024-02-29 + TOD#12:00:00.5 + DT#2024-01-01-00:00 + E_A#B + Lib.E_A#C + STRING#'x' + MyInt#5;
IF (a AND b) THEN ; ELSIF c THEN x := 1; ELSE x := 2; END_IF
CASE x OF
 1: y := 1;
 2, 3..5, E_A.B, E_A#C: y := 2; z := 3;
 -1: ;
 Lib.E.V:
   y := 4;
ELSE
   y := 5;
END_CASE
FOR i := 0 TO 10 BY -1 DO CONTINUE; EXIT; END_FOR
JMP lab;
lab:
RETURN;
WHILE x DO y(); END_WHILE
REPEAT y(); UNTIL x END_REPEAT
%QX0.0 := %IX0.0 AND %MW1.2.3 > 0;
x := SEL(a, THIS^.b, SUPER^.c());
{IF defined (X)}
x := 1;
{END_IF}
END_FUNCTION_BLOCK
VAR_CONFIG
 a.b.c AT %IX0.0 : BOOL;
END_VAR
INTERFACE I EXTENDS J, K
METHOD m : BOOL VAR_INPUT a : INT; END_VAR END_METHOD
PROPERTY P : INT GET END_GET SET END_SET END_PROPERTY
END_INTERFACE
CONFIGURATION c
VAR_GLOBAL g : INT; END_VAR
RESOURCE r ON cpu
 VAR_GLOBAL g2 AT %IX0.0 : BOOL; END_VAR
 TASK t(SINGLE := trig, INTERVAL := T#10ms, PRIORITY := 0);
 PROGRAM RETAIN p1 WITH t : Main(a := 1, b => g);
END_RESOURCE
VAR_ACCESS a : r.p1.x : INT READ_WRITE; END_VAR
VAR_CONFIG r.p1.x AT %IX0.0 : INT := 5; END_VAR
END_CONFIGURATION
PROGRAM Main
INITIAL_STEP Start: A(N); B(D, T#5s); END_STEP
TRANSITION t1 (PRIORITY := 1) FROM (Start, S2) TO S3 := a AND b; END_TRANSITION
STEP S3: END_STEP
ACTION A: x := 1; END_ACTION
END_PROGRAM
FUNCTION F : VOID
VAR_IN_OUT a : ARRAY[*] OF INT; END_VAR
IF a[0] = 1 THEN RETURN; END_IF;
END_FUNCTION
`;

export const SIEMENS_SAMPLE = `FUNCTION_BLOCK "FB_Motor"
TITLE = It's the motor's block
{ S7_Optimized_Access := 'TRUE' }
AUTHOR : me
FAMILY : Motors
VERSION : 0.1
//comment
   VAR_INPUT
      Start { ExternalWritable := 'False'} : Bool;   // start
      Stop : Bool := true;
      speed { S7_SetPoint := 'True'} : Real := 1.5;
   END_VAR
   VAR_OUTPUT
      Running : Bool;
   END_VAR
   VAR RETAIN
      statTimer {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
      cfg : "UDT_Motor";
      arr : Array[0..9] of Struct
         a : Int;
         b : Array[1..2, 1..3] of Real;
      END_STRUCT;
      s : String[20] := 'abc';
      d : DTL;
   END_VAR
   VAR_TEMP
      tmp : Int;
   END_VAR
   VAR CONSTANT
      MAX_N : Int := 10;
   END_VAR
BEGIN
   REGION Init's part (* open
      #Running := FALSE;
   END_REGION
	(* c *)
   IF #Start AND NOT #Stop THEN
      #statTimer(IN := #Start, PT := T#5s);
      "DB_Global".motor[1].run := TRUE;
      #arr[#tmp].b[1, 2] := #speed * 2.0;
   ELSIF "Tag_1" = 16#FF OR %I0.0 THEN
      GOTO lab;
   END_IF;
   lab: ;
   #tmp += 1;
   CASE #tmp OF
      1, 2..4:
         #tmp := 0;
      #MAX_N:
         ;
      ELSE
         #tmp := -1;
   END_CASE;
   FOR #tmp := 0 TO 10 BY 2 DO
      CONTINUE;
   END_FOR;
   WHILE #tmp < 5 DO #tmp := #tmp + 1; EXIT; END_WHILE;
   REPEAT #tmp := 1; UNTIL #tmp > 3 END_REPEAT;
   "FB_DB"(a := 1, b => #tmp);
   #cfg.x.%X3 := "DB".word.%X0;
   #Running := #"weird name";
   RETURN;
   #y := W#16#FF;
   #z := TIME#5s;
   #q := (#a <> #b) & #c;
   #"inst".m := LREAL_TO_REAL(#x);
END_FUNCTION_BLOCK

FUNCTION "FC_X" : Void
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR_INPUT
      x : Int;
   END_VAR
BEGIN
	#x := 1;
END_FUNCTION

TYPE "UDT_Motor"
VERSION : 0.1
   STRUCT
      a : Bool;   // c
      b { ExternalVisible := 'False'} : Int;
   END_STRUCT;
END_TYPE

DATA_BLOCK "DB_Global"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
   STRUCT
      motor : Array[0..3] of "UDT_Motor";
   END_STRUCT;
BEGIN
   motor[0].a := TRUE;
END_DATA_BLOCK

DATA_BLOCK "FB_DB"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
"FB_Motor"
BEGIN
   Stop := FALSE;
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
TITLE = "Main Program Sweep (Cycle)"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR_TEMP
      i : Int;
   END_VAR
BEGIN
	"FB_DB"(Start := "S");
END_ORGANIZATION_BLOCK
`;

export const TEST_SAMPLE = `SETUP
  VAR c : Counter; END_VAR
  c(reset := TRUE);
END_SETUP
TEARDOWN
  c(reset := TRUE);
END_TEARDOWN
TEST 'counts rising edges'
  VAR n : INT; END_VAR
  MOCK c.inner;
  MOCK_FUNCTION Read RETURNS 5;
  c(reset := FALSE);
  ASSERT_EQ(c.count, 1, 'after one call');
  ADVANCE_TIME(T#100ms);
END_TEST
TEST "second"
  n := 1;
END_TEST
FUNCTION Test : INT
  Test := Setup;
END_FUNCTION
`;

export const SAMPLES: readonly string[] = [CODESYS_SAMPLE, SIEMENS_SAMPLE, TEST_SAMPLE];
