/** A bottle capper in CODESYS with PLCopen safety blocks: rotary table, cap head, infeed belt, shrink heater. */

import type { Files } from './harmless-machine.js';

export const CAPPER_FILES: Files = {
  'plantwright.yaml': `site: capper-3
location: Parma, IT
line_type: Filling
plc_type: WAGO PFC200
firmware_version: "4.5.10"
dialect: codesys
sources: [src/**]
entry: PLC_PRG
cycle: 10ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: GVL_IO.S_EStop, role: estop, zone: capper }
    - { tag: GVL_IO.S_FrontDoor_1, role: guard, zone: capper }
    - { tag: GVL_IO.S_FrontDoor_2, role: guard, zone: capper }
    - { tag: GVL_IO.S_RearDoor_1, role: guard, zone: capper }
    - { tag: GVL_IO.S_Curtain, role: light_curtain, zone: infeed }
    - { tag: GVL_IO.xReset, role: reset, zone: capper }
    - { tag: GVL_IO.xStart, role: start, zone: capper }
    - { tag: GVL_IO.qTable, role: hazard, zone: capper, off: false }
    - { tag: GVL_IO.qSpindle, role: hazard, zone: capper, off: false }
    - { tag: GVL_IO.qInfeed, role: hazard, zone: infeed, off: false, requires: [GVL_IO.S_EStop, GVL_IO.S_Curtain] }
    - { tag: GVL_IO.qHeater, role: hazard, zone: heater, off: false, requires: [GVL_IO.S_EStop] }
    - { tag: GVL_HMI.*, role: operator }
  limits:
    - { tag: PLC_PRG.fbFrontDoor.DiscrepancyTime, max: 200ms }
checks:
  tests: [tests/**/*_test.st]
  scenarios: [scenarios/**/*.yaml]
`,
  'src/GVL_IO.st': `{attribute 'qualified_only'}
VAR_GLOBAL
  S_EStop AT %IX0.0 : SAFEBOOL;
  S_FrontDoor_1 AT %IX0.1 : SAFEBOOL;
  S_FrontDoor_2 AT %IX0.2 : SAFEBOOL;
  S_RearDoor_1 AT %IX0.3 : SAFEBOOL;
  S_RearDoor_2 AT %IX0.4 : SAFEBOOL; // second contact, wired at the last overhaul, not used yet
  S_Curtain AT %IX0.5 : SAFEBOOL;
  xReset AT %IX0.6 : BOOL;
  xStart AT %IX0.7 : BOOL;
  xStop AT %IX1.0 : BOOL;
  xBottle AT %IX1.1 : BOOL;
  xTableHome AT %IX1.2 : BOOL;
  xCapPresent AT %IX1.3 : BOOL;
  iTorque AT %IW4 : INT;
  iTunnelTemp AT %IW6 : INT; // 0.1 degC
  qTable AT %QX0.0 : BOOL;
  qSpindle AT %QX0.1 : BOOL;
  qInfeed AT %QX0.2 : BOOL;
  qHeater AT %QX0.3 : BOOL;
  qLampReset AT %QX0.4 : BOOL;
  qLampRun AT %QX0.5 : BOOL;
END_VAR
`,
  'src/GVL_HMI.st': `{attribute 'qualified_only'}
VAR_GLOBAL
  iSpeed : INT := 60; // bottles per minute
  rTorqueSet : REAL := 2.4; // Nm
  xTunnelOn : BOOL;
  udiBottles : UDINT;
  udiRejects : UDINT;
  sRecipe : STRING(20) := 'PET 0.5';
  wDiagFront : WORD;
  iState : INT;
END_VAR
VAR_GLOBAL CONSTANT
  TUNNEL_MAX : INT := 1900;
  TUNNEL_SET : INT := 1600;
  TORQUE_RANGE : REAL := 10.0;
END_VAR
`,
  'src/E_State.st': `TYPE E_State : (Idle := 0, WaitBottle := 10, Index := 20, Cap := 30, Eject := 40) INT; END_TYPE
`,
  'src/FB_CapHead.st': `// One cap: the spindle turns until the torque is reached or the time is over
FUNCTION_BLOCK FB_CapHead
VAR_INPUT
  xEnable : BOOL;
  xStart : BOOL;
  rTorque : REAL;
  rTarget : REAL;
END_VAR
VAR_OUTPUT
  xSpindle : BOOL;
  xDone : BOOL;
  xGood : BOOL;
END_VAR
VAR
  fbEdge : R_TRIG;
  tonLimit : TON;
  xRunning : BOOL;
END_VAR
fbEdge(CLK := xStart);
xDone := FALSE;
IF NOT xEnable THEN
  xRunning := FALSE;
ELSIF fbEdge.Q THEN
  xRunning := TRUE;
  xGood := FALSE;
END_IF
tonLimit(IN := xRunning, PT := T#1500MS);
IF xRunning THEN
  IF rTorque >= rTarget THEN
    xGood := TRUE;
    xRunning := FALSE;
    xDone := TRUE;
  ELSIF tonLimit.Q THEN
    xRunning := FALSE;
    xDone := TRUE;
  END_IF
END_IF
xSpindle := xRunning AND xEnable;
END_FUNCTION_BLOCK
`,
  'src/FB_Tunnel.st': `// Shrink tunnel: two-point control with a stored over-temperature
FUNCTION_BLOCK FB_Tunnel
VAR_INPUT
  xOn : BOOL;
  iTemp : INT;
END_VAR
VAR_OUTPUT
  xHeat : BOOL;
  xOverTemp : BOOL;
END_VAR
IF iTemp > GVL_HMI.TUNNEL_MAX OR iTemp < 0 THEN
  xOverTemp := TRUE;
ELSIF NOT xOn THEN
  xOverTemp := FALSE;
END_IF
IF iTemp < GVL_HMI.TUNNEL_SET - 20 THEN
  xHeat := TRUE;
ELSIF iTemp > GVL_HMI.TUNNEL_SET + 20 THEN
  xHeat := FALSE;
END_IF
xHeat := xHeat AND xOn AND NOT xOverTemp;
END_FUNCTION_BLOCK
`,
  'src/PLC_PRG.st': `PROGRAM PLC_PRG
VAR
  fbEStop : SF_EmergencyStop;
  fbFrontDoor : SF_GuardMonitoring;
  fbRearDoor : SF_GuardMonitoring;
  fbCurtain : SF_ESPE;
  fbHead : FB_CapHead;
  fbTunnel : FB_Tunnel;
  fbStart : R_TRIG;
  fbEject : R_TRIG;
  tonIndex : TON;
  tonBlink : TON;
  xBlink : BOOL;
  xDoorsOk : BOOL;
  xReleased : BOOL;
  xRunning : BOOL;
  eState : E_State;
  rTorque : REAL;
  xUnused : BOOL;
END_VAR

// --- safety functions -------------------------------------------------------
fbEStop(Activate := TRUE, S_EStopIn := GVL_IO.S_EStop, S_StartReset := FALSE, S_AutoReset := FALSE, Reset := GVL_IO.xReset);
fbFrontDoor(
  Activate := TRUE,
  S_GuardSwitch1 := GVL_IO.S_FrontDoor_1,
  S_GuardSwitch2 := GVL_IO.S_FrontDoor_2,
  DiscrepancyTime := T#150MS,
  S_StartReset := FALSE,
  S_AutoReset := FALSE,
  Reset := GVL_IO.xReset,
  DiagCode => GVL_HMI.wDiagFront);
fbRearDoor(
  Activate := TRUE,
  S_GuardSwitch1 := GVL_IO.S_RearDoor_1,
  S_GuardSwitch2 := GVL_IO.S_RearDoor_1,
  DiscrepancyTime := T#150MS,
  S_StartReset := FALSE,
  S_AutoReset := FALSE,
  Reset := GVL_IO.xReset);
fbCurtain(Activate := TRUE, S_ESPE_In := GVL_IO.S_Curtain, S_StartReset := FALSE, S_AutoReset := FALSE, Reset := GVL_IO.xReset);

xDoorsOk := fbFrontDoor.S_GuardMonitoring AND fbRearDoor.S_GuardMonitoring
  AND GVL_IO.S_FrontDoor_1 AND GVL_IO.S_FrontDoor_2 AND GVL_IO.S_RearDoor_1;
xReleased := fbEStop.S_EStopOut AND GVL_IO.S_EStop AND xDoorsOk;

// --- start and stop -----------------------------------------------------------
fbStart(CLK := GVL_IO.xStart);
IF NOT xReleased OR GVL_IO.xStop THEN
  xRunning := FALSE;
ELSIF fbStart.Q THEN
  xRunning := TRUE;
END_IF

// --- sequence -----------------------------------------------------------------
rTorque := INT_TO_REAL(GVL_IO.iTorque) / 32767.0 * GVL_HMI.TORQUE_RANGE;
IF NOT xRunning THEN
  eState := E_State.Idle;
END_IF
CASE eState OF
  E_State.Idle:
    IF xRunning THEN
      eState := E_State.WaitBottle;
    END_IF
  E_State.WaitBottle:
    IF GVL_IO.xBottle AND GVL_IO.xCapPresent THEN
      eState := E_State.Index;
    END_IF
  E_State.Index:
    IF tonIndex.Q AND GVL_IO.xTableHome THEN
      eState := E_State.Cap;
    END_IF
  E_State.Cap:
    IF fbHead.xDone THEN
      eState := E_State.Eject;
    END_IF
  E_State.Eject:
    IF NOT GVL_IO.xBottle THEN
      eState := E_State.WaitBottle;
    END_IF
ELSE
  eState := E_State.Idle;
END_CASE
tonIndex(IN := eState = E_State.Index, PT := T#300MS);
fbHead(xEnable := xReleased AND xRunning, xStart := eState = E_State.Cap, rTorque := rTorque, rTarget := GVL_HMI.rTorqueSet);
fbEject(CLK := eState = E_State.Eject);
IF fbEject.Q THEN
  GVL_HMI.udiBottles := GVL_HMI.udiBottles + 1;
  IF NOT fbHead.xGood THEN
    GVL_HMI.udiRejects := GVL_HMI.udiRejects + 1;
  END_IF
END_IF

// --- outputs --------------------------------------------------------------------
GVL_IO.qTable := eState = E_State.Index AND xReleased AND xRunning;
GVL_IO.qSpindle := fbHead.xSpindle AND xReleased;
GVL_IO.qInfeed := xRunning AND eState = E_State.WaitBottle AND fbCurtain.S_ESPE_Out AND GVL_IO.S_Curtain AND GVL_IO.S_EStop;
fbTunnel(xOn := GVL_HMI.xTunnelOn, iTemp := GVL_IO.iTunnelTemp);
GVL_IO.qHeater := fbTunnel.xHeat AND GVL_IO.S_EStop;

// --- lamps ------------------------------------------------------------------------
tonBlink(IN := NOT tonBlink.Q, PT := T#500MS);
IF tonBlink.Q THEN
  xBlink := NOT xBlink;
END_IF
GVL_IO.qLampReset := NOT xReleased AND xBlink;
GVL_IO.qLampRun := xRunning;
GVL_HMI.iState := eState;
END_PROGRAM
`,
  'tests/head_test.st': `SETUP
  VAR head : FB_CapHead; END_VAR
  head(xEnable := TRUE, xStart := FALSE, rTorque := 0.0, rTarget := 2.0);
END_SETUP

TEST 'stops at the torque'
  head(xStart := TRUE);
  ASSERT_TRUE(head.xSpindle);
  head(rTorque := 2.1);
  ASSERT_FALSE(head.xSpindle);
  ASSERT_TRUE(head.xGood);
END_TEST
`,
  'scenarios/front_door.yaml': `name: front door opens while the table turns
program: PLC_PRG
cycle: 10ms
steps:
  - at: 0ms
    set:
      GVL_IO.S_EStop: true
      GVL_IO.S_FrontDoor_1: true
      GVL_IO.S_FrontDoor_2: true
      GVL_IO.S_RearDoor_1: true
      GVL_IO.S_RearDoor_2: true
      GVL_IO.S_Curtain: true
      GVL_IO.xBottle: true
      GVL_IO.xCapPresent: true
  - { at: 100ms, pulse: { GVL_IO.xReset: 50ms } }
  - { at: 300ms, pulse: { GVL_IO.xStart: 50ms } }
  - { at: 500ms, expect: { GVL_IO.qTable: true } }
  - { at: 600ms, set: { GVL_IO.S_FrontDoor_1: false } }
  - { at: 620ms, expect: { GVL_IO.qTable: false } }
always:
  - GVL_IO.S_EStop OR NOT GVL_IO.qTable
until: 1s
`,
};
