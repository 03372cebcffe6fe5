/** A bridge crane hoist in CODESYS: names only, speeds as REAL, limit switches, an enabling switch; the manifest names no signal. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const files: Files = {
  'plantwright.yaml': 'site: crane-7\ndialect: codesys\nsources: [src/**]\nentry: Crane\ncycle: 10ms\n',
  'src/Crane.st': `PROGRAM Crane
VAR
  i_EStop_OK AT %IX0.0 : BOOL;
  i_EnablingSwitch AT %IX0.1 : BOOL;
  i_UpperLimitSwitch AT %IX0.2 : BOOL;  (* NC: TRUE = below the limit *)
  i_LowerLimitSwitch AT %IX0.3 : BOOL;  (* NC *)
  i_JoyUp AT %IX0.4 : BOOL;
  i_JoyDown AT %IX0.5 : BOOL;
  i_Reset AT %IX0.6 : BOOL;
  i_SlackRopeOk AT %IX0.7 : BOOL;
  i_LoadCell AT %IW2 : INT;   (* 10 kg *)
  i_SpeedFeedback AT %IW4 : INT;  (* mm/s *)
  i_BrakeReleased AT %IX1.0 : BOOL;
  q_MotorUp AT %QX0.0 : BOOL;
  q_MotorDown AT %QX0.1 : BOOL;
  q_BrakeRelease AT %QX0.2 : BOOL;
  q_SpeedSetpoint AT %QW2 : INT;
  q_Horn AT %QX0.3 : BOOL;
END_VAR
VAR
  fbLoad : OverloadGuard;
  fbSpeed : SpeedGuard;
  fbReset : R_TRIG;
  tBrake : TON;
  xSafetyTrip : BOOL := TRUE;
  xReady : BOOL;
  rSpeed : REAL;
  rRamp : REAL;
  i : INT;
  arLoads : ARRAY[0..9] OF INT;
  iIndex : INT;
END_VAR
fbReset(CLK := i_Reset);
fbLoad(iLoad := i_LoadCell, iMax := 500);
rSpeed := INT_TO_REAL(i_SpeedFeedback);
fbSpeed(rActual := rSpeed, rLimit := 800.0, xMoving := q_MotorUp OR q_MotorDown);
tBrake(IN := q_BrakeRelease AND NOT i_BrakeReleased, PT := T#400ms);

IF NOT i_EStop_OK OR fbSpeed.xOver OR tBrake.Q THEN
  xSafetyTrip := TRUE;
ELSIF fbReset.Q THEN
  xSafetyTrip := FALSE;
END_IF
xReady := i_EStop_OK AND i_EnablingSwitch AND NOT xSafetyTrip;

q_MotorUp := xReady AND i_EStop_OK AND i_EnablingSwitch AND i_JoyUp AND NOT i_JoyDown AND i_UpperLimitSwitch AND NOT fbLoad.xOver;
q_MotorDown := xReady AND i_EStop_OK AND i_EnablingSwitch AND i_JoyDown AND NOT i_JoyUp AND i_LowerLimitSwitch AND i_SlackRopeOk;
q_BrakeRelease := q_MotorUp OR q_MotorDown;

(* ramp *)
IF q_BrakeRelease THEN
  rRamp := MIN(rRamp + 5.0, 700.0);
ELSE
  rRamp := 0.0;
END_IF
q_SpeedSetpoint := REAL_TO_INT(rRamp);

(* mean of the last loads for the log *)
arLoads[iIndex] := i_LoadCell;
iIndex := (iIndex + 1) MOD 10;
q_Horn := fbLoad.xOver;
END_PROGRAM
`,
  'src/Guards.st': `FUNCTION_BLOCK OverloadGuard
VAR_INPUT
  iLoad : INT;
  iMax : INT;
END_VAR
VAR_OUTPUT
  xOver : BOOL := TRUE;
END_VAR
VAR
  tFilter : TON;
END_VAR
tFilter(IN := iLoad > iMax, PT := T#100ms);
IF tFilter.Q OR iLoad < -50 THEN
  xOver := TRUE;
ELSIF iLoad < iMax - 50 THEN
  xOver := FALSE;
END_IF
END_FUNCTION_BLOCK

FUNCTION_BLOCK SpeedGuard
VAR_INPUT
  rActual : REAL;
  rLimit : REAL;
  xMoving : BOOL;
END_VAR
VAR_OUTPUT
  xOver : BOOL;
END_VAR
xOver := ABS(rActual) > rLimit OR (NOT xMoving AND ABS(rActual) > 50.0);
END_FUNCTION_BLOCK
`,
};

const crane = inFile('src/Crane.st');
const guards = inFile('src/Guards.st');
const UP =
  'q_MotorUp := xReady AND i_EStop_OK AND i_EnablingSwitch AND i_JoyUp AND NOT i_JoyDown AND i_UpperLimitSwitch AND NOT fbLoad.xOver;';
const DOWN =
  'q_MotorDown := xReady AND i_EStop_OK AND i_EnablingSwitch AND i_JoyDown AND NOT i_JoyUp AND i_LowerLimitSwitch AND i_SlackRopeOk;';

export const HOIST: RedTeamMachine = {
  name: 'hoist, names only',
  files,
  unsafe: [
    crane('the e-stop leaves the upward motion', [UP, UP.replace(' AND i_EStop_OK', '').replace('xReady AND ', '')]),
    crane(
      'the enabling switch is not needed any more',
      [UP, UP.replace(' AND i_EnablingSwitch', '')],
      [DOWN, DOWN.replace(' AND i_EnablingSwitch', '')],
      ['xReady := i_EStop_OK AND i_EnablingSwitch AND', 'xReady := i_EStop_OK AND'],
    ),
    crane('the upper limit switch is gone', [UP, UP.replace(' AND i_UpperLimitSwitch', '')]),
    crane('the upper limit switch is inverted', [
      UP,
      UP.replace('AND i_UpperLimitSwitch', 'AND NOT i_UpperLimitSwitch'),
    ]),
    crane(
      'upper and lower limit switch are swapped',
      [UP, UP.replace('i_UpperLimitSwitch', 'i_LowerLimitSwitch')],
      [DOWN, DOWN.replace('i_LowerLimitSwitch', 'i_UpperLimitSwitch')],
    ),
    crane('the overload is no longer asked', [UP, UP.replace(' AND NOT fbLoad.xOver', '')]),
    crane('the overload limit is ten times higher', ['iMax := 500', 'iMax := 5000']),
    crane('slack rope is ignored', [DOWN, DOWN.replace(' AND i_SlackRopeOk', '')]),
    crane(
      'up and down at the same time',
      [UP, UP.replace(' AND NOT i_JoyDown', '')],
      [DOWN, DOWN.replace(' AND NOT i_JoyUp', '')],
    ),
    crane('the trip is reset by releasing the joystick', [
      'ELSIF fbReset.Q THEN',
      'ELSIF NOT i_JoyUp AND NOT i_JoyDown THEN',
    ]),
    crane('the trip by e-stop is not stored', [
      'IF NOT i_EStop_OK OR fbSpeed.xOver OR tBrake.Q THEN',
      'IF fbSpeed.xOver OR tBrake.Q THEN',
    ]),
    crane('overspeed is no trip', ['NOT i_EStop_OK OR fbSpeed.xOver OR tBrake.Q', 'NOT i_EStop_OK OR tBrake.Q']),
    crane('the speed limit is above what the sensor can say', ['rLimit := 800.0', 'rLimit := 80000.0']),
    crane('the feedback is integer-divided to metres', [
      'rSpeed := INT_TO_REAL(i_SpeedFeedback);',
      'rSpeed := INT_TO_REAL(i_SpeedFeedback / 1000);',
    ]),
    crane('the brake opens by the joystick', [
      'q_BrakeRelease := q_MotorUp OR q_MotorDown;',
      'q_BrakeRelease := i_JoyUp OR i_JoyDown;',
    ]),
    crane(
      'the brake stays open for a while',
      [
        'q_BrakeRelease := q_MotorUp OR q_MotorDown;',
        'tHold(IN := q_MotorUp OR q_MotorDown, PT := T#2s);\nq_BrakeRelease := tHold.Q;',
      ],
      ['  tBrake : TON;', '  tBrake : TON;\n  tHold : TOF;'],
    ),
    crane('the brake is not supervised any more', ['OR fbSpeed.xOver OR tBrake.Q', 'OR fbSpeed.xOver']),
    crane('the brake supervision is slow', ['PT := T#400ms', 'PT := T#400s']),
    crane('the trip starts free', ['xSafetyTrip : BOOL := TRUE', 'xSafetyTrip : BOOL := FALSE']),
    crane(
      'a pointer runs over the outputs',
      [
        'q_Horn := fbLoad.xOver;',
        'pByte := ADR(q_MotorUp);\nFOR i := 0 TO 1 DO\n  pByte^ := i_JoyUp;\n  pByte := pByte + SIZEOF(BOOL);\nEND_FOR\nq_Horn := fbLoad.xOver;',
      ],
      ['  i : INT;', '  i : INT;\n  pByte : POINTER TO BOOL;'],
    ),
    crane('the output byte is written', ['q_Horn := fbLoad.xOver;', '%QB0 := %QB0 OR 16#01;\nq_Horn := fbLoad.xOver;']),
    crane(
      'a bypass by a name that says so',
      [UP, UP.replace('i_UpperLimitSwitch', '(i_UpperLimitSwitch OR xBypassLimit)')],
      ['  xReady : BOOL;', '  xReady : BOOL;\n  xBypassLimit : BOOL;'],
    ),
    crane(
      'a homoglyph in a new variable',
      [UP, UP.replace('i_UpperLimitSwitch', 'і_UpperLimitSwitch')],
      ['  xReady : BOOL;', '  xReady : BOOL;\n  і_UpperLimitSwitch : BOOL := TRUE;'],
    ),
    crane('up is latched', [
      UP,
      `IF ${UP.slice('q_MotorUp := '.length, -1)} THEN\n  q_MotorUp := TRUE;\nELSIF NOT i_JoyUp OR NOT i_EStop_OK THEN\n  q_MotorUp := FALSE;\nEND_IF`,
    ]),
    crane(
      'the whole chain under a flag for tests',
      [
        'xReady := i_EStop_OK AND i_EnablingSwitch AND NOT xSafetyTrip;',
        'xReady := i_EStop_OK AND i_EnablingSwitch AND NOT xSafetyTrip OR xTestRun;',
      ],
      [UP, UP.replace(' AND i_EStop_OK AND i_EnablingSwitch', '')],
      ['  xReady : BOOL;', '  xReady : BOOL;\n  xTestRun : BOOL;'],
    ),
    guards('the overload filter takes ten seconds', ['PT := T#100ms', 'PT := T#10s']),
    guards('the overload compares the other way', ['IN := iLoad > iMax', 'IN := iLoad < iMax']),
    guards('the broken load cell is no overload', ['tFilter.Q OR iLoad < -50', 'tFilter.Q']),
    guards('the overload is forgotten at once', ['ELSIF iLoad < iMax - 50 THEN', 'ELSE']),
    guards('the speed has a sign', ['ABS(rActual) > rLimit OR', 'rActual > rLimit OR']),
    guards('creeping is no trip', [' OR (NOT xMoving AND ABS(rActual) > 50.0)', '']),
    guards('overspeed only while moving', ['ABS(rActual) > rLimit OR (NOT', 'ABS(rActual) > rLimit AND (NOT']),
    guards('the limit is doubled inside', ['ABS(rActual) > rLimit OR', 'ABS(rActual) > rLimit * 2.0 OR']),
    crane('a test mode by a recipe number', [UP, UP.replace('i_EStop_OK', '(i_EStop_OK OR iIndex = 7)')]),
    guards('the load is cut to a byte', ['IN := iLoad > iMax', 'IN := SINT_TO_INT(INT_TO_SINT(iLoad)) > iMax']),
  ],
  harmless: [
    crane('the operands of the motor in another order', [
      UP,
      'q_MotorUp := i_JoyUp AND NOT i_JoyDown AND NOT fbLoad.xOver AND i_UpperLimitSwitch AND xReady AND i_EStop_OK AND i_EnablingSwitch;',
    ]),
    crane('the brake with the ready signal', [
      'q_BrakeRelease := q_MotorUp OR q_MotorDown;',
      'q_BrakeRelease := (q_MotorUp OR q_MotorDown) AND xReady;',
    ]),
    crane('a slower ramp', ['rRamp + 5.0', 'rRamp + 4.0']),
    crane('a lower top speed', ['700.0', '650.0']),
    crane(
      'the horn blinks',
      [
        'q_Horn := fbLoad.xOver;',
        'tHorn(IN := NOT tHorn.Q, PT := T#300ms);\nq_Horn := fbLoad.xOver AND tHorn.ET < T#150ms;',
      ],
      ['  tBrake : TON;', '  tBrake : TON;\n  tHorn : TON;'],
    ),
    crane('an unused variable removed', ['  i : INT;\n', '']),
    crane('the down motion as IF', [
      DOWN,
      `IF ${DOWN.slice('q_MotorDown := '.length, -1)} THEN\n  q_MotorDown := TRUE;\nELSE\n  q_MotorDown := FALSE;\nEND_IF`,
    ]),
    crane('a comment about the bypass', ['(* ramp *)', '(* ramp; never bypass i_UpperLimitSwitch *)']),

    guards('the comparison the other way round', ['IN := iLoad > iMax', 'IN := iMax < iLoad']),
    guards('the overspeed in two lines', [
      'xOver := ABS(rActual) > rLimit OR (NOT xMoving AND ABS(rActual) > 50.0);',
      'xOver := ABS(rActual) > rLimit;\nxOver := xOver OR (NOT xMoving AND ABS(rActual) > 50.0);',
    ]),
    guards('the filter in seconds', ['T#100ms', 'T#0.1s']),
    {
      title: 'a file for a function of the log',
      replacements: [
        ['src/Crane.st', 'q_Horn := fbLoad.xOver;', 'iMean := MeanLoad(arLoads);\nq_Horn := fbLoad.xOver;'],
        ['src/Crane.st', '  iIndex : INT;', '  iIndex : INT;\n  iMean : INT;'],
      ],
      added: {
        'src/MeanLoad.st':
          'FUNCTION MeanLoad : INT\nVAR_INPUT\n  loads : ARRAY[0..9] OF INT;\nEND_VAR\nVAR\n  n : INT;\n  sum : DINT;\nEND_VAR\nsum := 0;\nFOR n := 0 TO 9 DO\n  sum := sum + loads[n];\nEND_FOR\nMeanLoad := DINT_TO_INT(sum / 10);\nEND_FUNCTION\n',
      },
    },
  ],
  refused: [crane('a stricter overload', ['iMax := 500', 'iMax := 480'])],
};
