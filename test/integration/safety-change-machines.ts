/** Three small machines for the table of unsafe and harmless edits. Names are chosen so that no name gives a role away. */

export type Files = Readonly<Record<string, string>>;

/** A stamping station in CODESYS ST: blocks of its own, a trip latch, a discrepancy timer, a limit, an HMI. */
export const STAMP: Files = {
  'plantwright.yaml': `site: stamp
dialect: codesys
sources: [src/**]
entry: Cell
cycle: 10ms
safety:
  rating: SIL-2
  signals:
    - { tag: Cell.xRedMushroom, role: estop }
    - { tag: Cell.xFrontA, role: guard }
    - { tag: Cell.xFrontB, role: guard }
    - { tag: Cell.xBlue, role: reset }
    - { tag: Cell.xGreen, role: start }
    - { tag: Cell.qRam, role: hazard }
    - { tag: Cell.qFeed, role: hazard }
    - { tag: Panel.*, role: operator }
  mutually_exclusive: [[Cell.qRam, Cell.qFeed]]
  certified: [src/certified/**]
checks:
  tests: [tests/**/*_test.st]
  scenarios: [scenarios/**/*.yaml]
`,
  'src/Cell.st': `PROGRAM Cell
VAR
  // field
  xRedMushroom AT %IX0.0 : BOOL;
  xFrontA AT %IX0.1 : BOOL;
  xFrontB AT %IX0.2 : BOOL;
  xBlue AT %IX0.3 : BOOL;
  xGreen AT %IX0.4 : BOOL;
  xTop AT %IX0.5 : BOOL;
  iForce AT %IW2 : INT;
  qRam AT %QX0.0 : BOOL;
  qFeed AT %QX0.1 : BOOL;
  qLamp AT %QX0.2 : BOOL;
END_VAR
VAR
  fbEdge : R_TRIG;
  fbPair : PairWatch;
  fbBlink : TON;
  fbLimit : ForceWatch;
  xClear : BOOL;
  xLatched : BOOL := TRUE;
  xGo : BOOL;
  iStep : INT;
  tBlink : TIME := T#500ms;
  rForceLimit : REAL := 12.5;
  xBypassValve : BOOL;
END_VAR
fbEdge(CLK := xBlue);
fbPair(a := xFrontA, b := xFrontB, limit := T#150ms, ack := fbEdge.Q);
xClear := xRedMushroom AND fbPair.q;

IF NOT xClear THEN
  xLatched := TRUE;
ELSIF fbEdge.Q THEN
  xLatched := FALSE;
END_IF
xGo := xClear AND NOT xLatched;

fbLimit(force := iForce, limit := PRESS_MAX);

// sequence
IF NOT xGo THEN
  iStep := 0;
ELSE
  CASE iStep OF
    0: IF xGreen THEN iStep := 10; END_IF
    10: IF xTop THEN iStep := 20; END_IF
    20: IF NOT xTop THEN iStep := 0; END_IF
  ELSE
    iStep := 0;
  END_CASE
END_IF

qRam := iStep = 20 AND xGo AND xRedMushroom AND xFrontA AND xFrontB AND fbLimit.ok;
qFeed := iStep = 10 AND xGo AND xRedMushroom AND xFrontA AND xFrontB AND NOT qRam;

// lamp
fbBlink(IN := NOT fbBlink.Q, PT := tBlink);
qLamp := xLatched AND fbBlink.Q;
Panel.iState := iStep;
Panel.xOpen := NOT xFrontA;
xBypassValve := Panel.xCool;
END_PROGRAM
`,
  'src/PairWatch.st': `FUNCTION_BLOCK PairWatch
VAR_INPUT
  a : BOOL;
  b : BOOL;
  limit : TIME;
  ack : BOOL;
END_VAR
VAR_OUTPUT
  q : BOOL;
  bad : BOOL;
END_VAR
VAR
  late : TON;
END_VAR
late(IN := a XOR b, PT := limit);
IF late.Q THEN
  bad := TRUE;
ELSIF ack AND a AND b THEN
  bad := FALSE;
END_IF
q := a AND b AND NOT bad;
END_FUNCTION_BLOCK
`,
  'src/Panel.st': `{attribute 'qualified_only'}
VAR_GLOBAL
  Panel : ST_Panel;
END_VAR
VAR_GLOBAL CONSTANT
  PRESS_MAX : INT := 800;
END_VAR
TYPE ST_Panel : STRUCT
  iState : INT;
  xOpen : BOOL;
  xCool : BOOL;
  tWait : TIME;
END_STRUCT
END_TYPE
`.replace("{attribute 'qualified_only'}\n", ''),
  'src/certified/ForceWatch.st': `FUNCTION_BLOCK ForceWatch
VAR_INPUT
  force : INT;
  limit : INT;
END_VAR
VAR_OUTPUT
  ok : BOOL;
END_VAR
ok := force >= 0 AND force < limit;
END_FUNCTION_BLOCK
`,
  'tests/pair_test.st': `TEST 'both closed'
VAR w : PairWatch; END_VAR
w(a := TRUE, b := TRUE, limit := T#150ms, ack := TRUE);
ASSERT_TRUE(w.q, 'both closed');
w(a := FALSE, b := TRUE, limit := T#150ms, ack := FALSE);
ASSERT_FALSE(w.q, 'one open');
END_TEST
`,
  'scenarios/front.yaml': `name: front opens
program: Cell
cycle: 10ms
steps:
  - { at: 0ms, set: { Cell.xRedMushroom: true, Cell.xFrontA: true, Cell.xFrontB: true } }
  - { at: 500ms, set: { Cell.xFrontA: false } }
  - { at: 520ms, expect: { Cell.qRam: false } }
always: [Cell.xFrontA OR NOT Cell.qRam]
until: 1s
`,
};

/** A transfer line in plain IEC ST: two tasks, globals, VAR_IN_OUT, a bistable, a configuration. */
export const LINE: Files = {
  'plantwright.yaml': `site: line
dialect: iec
sources: [src/**]
safety:
  signals:
    - { tag: PullA, role: estop }
    - { tag: Hood, role: guard }
    - { tag: Ack, role: reset }
    - { tag: Go, role: start }
    - { tag: DriveA, role: hazard }
    - { tag: DriveB, role: hazard }
`,
  'src/line.st': `FUNCTION_BLOCK Section
VAR_INPUT
  free : BOOL;
  request : BOOL;
END_VAR
VAR_IN_OUT
  drive : BOOL;
END_VAR
drive := request AND free;
END_FUNCTION_BLOCK

PROGRAM Chain
VAR_EXTERNAL
  PullA : BOOL; Hood : BOOL; Ack : BOOL; Free : BOOL;
END_VAR
VAR
  edge : R_TRIG;
  latch : SR;
END_VAR
edge(CLK := Ack);
latch(S1 := NOT PullA OR NOT Hood, R := edge.Q);
Free := PullA AND Hood AND NOT latch.Q1;
END_PROGRAM

PROGRAM Drives
VAR_EXTERNAL
  PullA : BOOL; Hood : BOOL; Go : BOOL; Free : BOOL; DriveA : BOOL; DriveB : BOOL; Count : INT;
END_VAR
VAR
  a : Section;
  b : Section;
  delay : TON;
END_VAR
delay(IN := Go, PT := T#2s);
a(free := Free, request := Go, drive := DriveA);
b(free := Free AND PullA AND Hood, request := delay.Q, drive := DriveB);
IF DriveA THEN
  Count := Count + 1;
END_IF;
END_PROGRAM

CONFIGURATION Plant
VAR_GLOBAL
  PullA AT %IX0.0 : BOOL;
  Hood AT %IX0.1 : BOOL;
  Ack AT %IX0.2 : BOOL;
  Go AT %IX0.3 : BOOL;
  DriveA AT %QX0.0 : BOOL;
  DriveB AT %QX0.1 : BOOL;
  Free : BOOL;
  Count : INT;
END_VAR
RESOURCE Cpu ON PLC
  TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);
  PROGRAM Chain WITH Fast : Chain;
  PROGRAM Drives WITH Fast : Drives;
END_RESOURCE
END_CONFIGURATION
`,
};

/** A cell whose manifest names no signal at all: everything must come from types, pins and names. */
export const UNDECLARED: Files = {
  'plantwright.yaml': 'site: undeclared\ndialect: codesys\nsources: [src/**]\nentry: Zelle\n',
  'src/Zelle.st': `PROGRAM Zelle
VAR
  bNotHalt AT %IX0.0 : BOOL;
  xEmergencyOff AT %IX0.1 : BOOL;
  bSchutztuerZu AT %IX0.2 : BOOL;
  bStart AT %IX0.3 : BOOL;
  qMotor AT %QX0.0 : BOOL;
  qLeuchte AT %QX0.1 : BOOL;
END_VAR
qMotor := (bStart OR qMotor) AND bNotHalt AND xEmergencyOff AND bSchutztuerZu;
qLeuchte := NOT bNotHalt;
END_PROGRAM
`,
};
