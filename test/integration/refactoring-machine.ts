/**
 * A bottle press as an engineer would write it: several programs and blocks, a two-channel guard with a discrepancy
 * timer, a trip latch, a PLCopen safety block, a state machine, a limit, an array of stations and a method.
 */

export type Files = Readonly<Record<string, string>>;

export const PRESS: Files = {
  'plantwright.yaml': `site: bottle-press
dialect: codesys
sources: [src/**]
entry: Main
cycle: 10ms
safety:
  rating: SIL-2
  signals:
    - { tag: Main.EStopOk, role: estop }
    - { tag: Main.DoorA, role: guard }
    - { tag: Main.DoorB, role: guard }
    - { tag: Main.AckPB, role: reset }
    - { tag: Main.RunPB, role: start }
    - { tag: Main.RamDown, role: hazard }
    - { tag: Main.Feeder, role: hazard }
    - { tag: Main.Heater, role: hazard }
    - { tag: Hmi.*, role: operator }
  mutually_exclusive: [[Main.RamDown, Main.Feeder]]
`,
  'src/Main.st': `PROGRAM Main
VAR
  EStopOk AT %IX0.0 : BOOL;
  DoorA AT %IX0.1 : BOOL;
  DoorB AT %IX0.2 : BOOL;
  AckPB AT %IX0.3 : BOOL;
  RunPB AT %IX0.4 : BOOL;
  AtTop AT %IX0.5 : BOOL;
  Present AT %IX0.6 : BOOL;
  Pressure AT %IW2 : INT;
  Temperature AT %IW4 : INT;
  RamDown AT %QX0.0 : BOOL;
  Feeder AT %QX0.1 : BOOL;
  Heater AT %QX0.2 : BOOL;
  Horn AT %QX0.3 : BOOL;
END_VAR
VAR
  door : DoorPair;
  safety : SF_EmergencyStop;
  ackEdge : R_TRIG;
  startDelay : TON;
  hornPulse : TP;
  heaterLatch : SR;
  stations : ARRAY[1..3] OF Station;
  index : INT;
  allReady : BOOL;
  permit : BOOL;
  tripped : BOOL := TRUE;
  running : BOOL;
  step : INT;
  count : INT;
END_VAR
ackEdge(CLK := AckPB);
door(a := DoorA, b := DoorB, ack := ackEdge.Q);
safety(Activate := TRUE, S_EStopIn := EStopOk, S_StartReset := FALSE, S_AutoReset := FALSE, Reset := AckPB);
permit := EStopOk AND safety.S_EStopOut AND door.ok;

IF NOT permit THEN
  tripped := TRUE;
  running := FALSE;
ELSIF ackEdge.Q THEN
  tripped := FALSE;
END_IF

startDelay(IN := RunPB, PT := T#200ms);
IF startDelay.Q AND permit AND NOT tripped THEN
  running := TRUE;
END_IF

allReady := TRUE;
FOR index := 1 TO 3 DO
  stations[index](request := running, present := Present);
  allReady := allReady AND stations[index].ready;
END_FOR

IF NOT running THEN
  step := 0;
ELSE
  CASE step OF
    0: IF allReady THEN step := 10; END_IF
    10: IF Present THEN step := 20; END_IF
    20: IF AtTop THEN step := 30; END_IF
    30: step := 0;
        count := count + 1;
  ELSE
    step := 0;
  END_CASE
END_IF

RamDown := step = 20 AND running AND permit AND DoorA AND DoorB AND Pressure < MAX_PRESSURE;
Feeder := step = 10 AND running AND permit AND DoorA AND DoorB;
heaterLatch(S1 := running AND Temperature < 180, RESET := Temperature > 200);
Heater := heaterLatch.Q1 AND permit AND DoorA AND DoorB;

hornPulse(IN := tripped, PT := T#2s);
Horn := hornPulse.Q;
Hmi.Count := count;
Hmi.Step := step;
END_PROGRAM
`,
  'src/DoorPair.st': `FUNCTION_BLOCK DoorPair
VAR_INPUT
  a : BOOL;
  b : BOOL;
  ack : BOOL;
END_VAR
VAR_OUTPUT
  ok : BOOL;
  fault : BOOL;
END_VAR
VAR
  discrepancy : TON;
END_VAR
discrepancy(IN := a XOR b, PT := T#100ms);
IF discrepancy.Q THEN
  fault := TRUE;
ELSIF ack AND a AND b THEN
  fault := FALSE;
END_IF
ok := a AND b AND NOT fault;
END_FUNCTION_BLOCK
`,
  'src/Station.st': `FUNCTION_BLOCK Station
VAR_INPUT
  request : BOOL;
  present : BOOL;
END_VAR
VAR_OUTPUT
  ready : BOOL;
END_VAR
VAR
  settle : TON;
END_VAR
settle(IN := request AND present, PT := T#50ms);
ready := settle.Q;
END_FUNCTION_BLOCK
`,
  'src/Globals.st': `VAR_GLOBAL
  Hmi : ST_Hmi;
END_VAR
VAR_GLOBAL CONSTANT
  MAX_PRESSURE : INT := 800;
END_VAR
TYPE ST_Hmi : STRUCT
  Count : INT;
  Step : INT;
END_STRUCT
END_TYPE
`,
};
