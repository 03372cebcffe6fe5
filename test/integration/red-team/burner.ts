/** A gas burner with purge, pilot and flame times, numeric limits and trips; roles for the chain and the valves. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const files: Files = {
  'plantwright.yaml': `site: boiler-1
dialect: codesys
sources: [src/**]
entry: Boiler
cycle: 50ms
safety:
  rating: SIL-3
  performance_level: e
  signals:
    - { tag: Boiler.EmergencyShutdownOk, role: estop, zone: gas }
    - { tag: Boiler.GasPressureOk, role: permissive, zone: gas }
    - { tag: Boiler.WaterLevelOk, role: permissive, zone: gas }
    - { tag: Boiler.ResetLockout, role: reset, zone: gas }
    - { tag: Boiler.HeatRequest, role: start, zone: gas }
    - { tag: Boiler.PilotValve, role: hazard, zone: gas }
    - { tag: Boiler.MainValve1, role: hazard, zone: gas }
    - { tag: Boiler.MainValve2, role: hazard, zone: gas }
    - { tag: Boiler.Igniter, role: hazard, zone: gas }
    - { tag: Scada.*, role: operator }
  limits:
    - { tag: Boiler.SafetyTime.PT, max: 3s }
  protected: [src/limits/**]
checks:
  tests: [tests/**/*_test.st]
`,
  'src/Boiler.st': `PROGRAM Boiler
VAR
  EmergencyShutdownOk AT %IX0.0 : BOOL;
  GasPressureOk AT %IX0.1 : BOOL;
  WaterLevelOk AT %IX0.2 : BOOL;
  ResetLockout AT %IX0.3 : BOOL;
  HeatRequest AT %IX0.4 : BOOL;
  FlameSensor AT %IX0.5 : BOOL;
  DamperOpen AT %IX0.6 : BOOL;
  ValvesClosed AT %IX0.7 : BOOL;
  SteamPressureRaw AT %IW2 : INT;
  AirFlowRaw AT %IW4 : INT;
  FanRun AT %QX0.0 : BOOL;
  PilotValve AT %QX0.1 : BOOL;
  MainValve1 AT %QX0.2 : BOOL;
  MainValve2 AT %QX0.3 : BOOL;
  Igniter AT %QX0.4 : BOOL;
  Alarm AT %QX0.5 : BOOL;
END_VAR
VAR
  State : BurnerState;
  Lockout : BOOL := TRUE;
  ResetEdge : R_TRIG;
  PurgeTime : TON;
  SafetyTime : TON;
  PilotStable : TON;
  FlameLoss : TON;
  SteamPressure : REAL;
  AirFlow : REAL;
  PressureTrip : BOOL;
  AirTrip : BOOL;
  Permit : BOOL;
  Starts : UDINT;
END_VAR
SteamPressure := INT_TO_REAL(SteamPressureRaw) * SCALE_BAR;
AirFlow := INT_TO_REAL(AirFlowRaw) * SCALE_AIR;

PressureTrip := SteamPressure >= MAX_STEAM_BAR OR SteamPressureRaw < 0;
AirTrip := State > BurnerState.PURGE AND AirFlow < MIN_AIR;
Permit := EmergencyShutdownOk AND GasPressureOk AND WaterLevelOk AND NOT PressureTrip AND NOT AirTrip;

(* lockout: any trip, and a flame where none may be *)
ResetEdge(CLK := ResetLockout);
FlameLoss(IN := State = BurnerState.RUN AND NOT FlameSensor, PT := T#1s);
SafetyTime(IN := State = BurnerState.PILOT AND NOT FlameSensor, PT := T#3s);
IF NOT Permit OR FlameLoss.Q OR SafetyTime.Q OR (State = BurnerState.PURGE AND FlameSensor) THEN
  Lockout := TRUE;
ELSIF ResetEdge.Q AND NOT HeatRequest THEN
  Lockout := FALSE;
END_IF

PurgeTime(IN := State = BurnerState.PURGE AND DamperOpen AND AirFlow >= PURGE_AIR, PT := T#60s);
PilotStable(IN := State = BurnerState.PILOT AND FlameSensor, PT := T#5s);

CASE State OF
  BurnerState.OFF:
    IF HeatRequest AND NOT Lockout AND ValvesClosed THEN
      State := BurnerState.PURGE;
    END_IF
  BurnerState.PURGE:
    IF PurgeTime.Q THEN
      State := BurnerState.PILOT;
      Starts := Starts + 1;
    END_IF
  BurnerState.PILOT:
    IF PilotStable.Q THEN
      State := BurnerState.RUN;
    END_IF
  BurnerState.RUN:
    IF NOT HeatRequest OR SteamPressure > Scada.StopBar THEN
      State := BurnerState.OFF;
    END_IF
ELSE
  State := BurnerState.OFF;
END_CASE
IF Lockout THEN
  State := BurnerState.OFF;
END_IF

FanRun := State <> BurnerState.OFF;
Igniter := State = BurnerState.PILOT AND NOT PilotStable.Q AND Permit AND NOT Lockout;
PilotValve := (State = BurnerState.PILOT OR State = BurnerState.RUN) AND Permit AND NOT Lockout;
MainValve1 := State = BurnerState.RUN AND Permit AND NOT Lockout;
MainValve2 := State = BurnerState.RUN AND Permit AND NOT Lockout;

Alarm := Lockout;
Scada.State := State;
Scada.SteamBar := SteamPressure;
END_PROGRAM
`,
  'src/Types.st': `{attribute 'qualified_only'}
{attribute 'strict'}
TYPE BurnerState : (OFF := 0, PURGE := 10, PILOT := 20, RUN := 30) INT;
END_TYPE
`,
  'src/Scada.st': `{attribute 'qualified_only'}
VAR_GLOBAL
  State : INT;
  SteamBar : REAL;
  StopBar : REAL := 8.0;
  Maintenance : BOOL;
END_VAR
`,
  'src/limits/Limits.st': `VAR_GLOBAL CONSTANT
  MAX_STEAM_BAR : REAL := 10.0;
  MIN_AIR : REAL := 15.0;
  PURGE_AIR : REAL := 60.0;
  SCALE_BAR : REAL := 0.000578704;
  SCALE_AIR : REAL := 0.003616898;
END_VAR
`,
};

const boiler = inFile('src/Boiler.st');
const limits = inFile('src/limits/Limits.st');

export const BURNER: RedTeamMachine = {
  name: 'burner',
  files,
  unsafe: [
    boiler('the purge counts without air', [
      'State = BurnerState.PURGE AND DamperOpen AND AirFlow >= PURGE_AIR, PT',
      'State = BurnerState.PURGE, PT',
    ]),
    boiler('a minute of purge becomes sixty milliseconds', ['PT := T#60s', 'PT := T#60ms']),
    boiler('the purge is skipped after a short stop', [
      '      State := BurnerState.PURGE;',
      '      IF Starts > 0 THEN\n        State := BurnerState.PILOT;\n      ELSE\n        State := BurnerState.PURGE;\n      END_IF',
    ]),
    boiler('the purge ends at once while in maintenance', [
      '    IF PurgeTime.Q THEN',
      '    IF PurgeTime.Q OR Scada.Maintenance THEN',
    ]),
    boiler('the safety time is thirty seconds', ['NOT FlameSensor, PT := T#3s', 'NOT FlameSensor, PT := T#30s']),
    boiler('the safety time no longer locks out', ['OR SafetyTime.Q OR', 'OR']),
    boiler('the loss of flame is ignored', ['NOT Permit OR FlameLoss.Q OR', 'NOT Permit OR']),
    boiler('flame loss in minutes', ['NOT FlameSensor, PT := T#1s', 'NOT FlameSensor, PT := T#1m']),
    boiler('the flame is watched only with full pressure', [
      'State = BurnerState.RUN AND NOT FlameSensor, PT',
      'State = BurnerState.RUN AND NOT FlameSensor AND SteamPressure > 5.0, PT',
    ]),
    boiler('a foreign flame is no trip', [' OR (State = BurnerState.PURGE AND FlameSensor)', '']),
    boiler('the trip compares the other way', ['SteamPressure >= MAX_STEAM_BAR', 'SteamPressure <= MAX_STEAM_BAR']),
    boiler('the trip uses the set point of the panel', [
      'SteamPressure >= MAX_STEAM_BAR',
      'SteamPressure >= Scada.StopBar',
    ]),
    boiler('the broken wire of the pressure is no trip', [' OR SteamPressureRaw < 0', '']),
    boiler('the trip must see both', ['>= MAX_STEAM_BAR OR SteamPressureRaw', '>= MAX_STEAM_BAR AND SteamPressureRaw']),
    boiler('the pressure is cut to an integer', [
      'PressureTrip := SteamPressure >= MAX_STEAM_BAR',
      'PressureTrip := REAL_TO_SINT(SteamPressure * 20.0) >= REAL_TO_SINT(MAX_STEAM_BAR * 20.0)',
    ]),
    boiler('the scale divides in integers', [
      'INT_TO_REAL(SteamPressureRaw) * SCALE_BAR',
      'INT_TO_REAL(SteamPressureRaw / 1728)',
    ]),
    boiler('an overflow of the raw value', [
      'SteamPressure := INT_TO_REAL(SteamPressureRaw) * SCALE_BAR',
      'SteamPressure := INT_TO_REAL(SteamPressureRaw * 10) * SCALE_BAR / 10.0',
    ]),
    boiler('the last good pressure is kept', [
      'SteamPressure := INT_TO_REAL(SteamPressureRaw) * SCALE_BAR;',
      'IF SteamPressureRaw < 17000 THEN\n  SteamPressure := INT_TO_REAL(SteamPressureRaw) * SCALE_BAR;\nEND_IF',
    ]),
    boiler('the lack of air is asked in one state only', [
      'State > BurnerState.PURGE AND AirFlow',
      'State = BurnerState.PILOT AND AirFlow',
    ]),
    boiler('the lack of air no longer trips', ['AND NOT PressureTrip AND NOT AirTrip;', 'AND NOT PressureTrip;']),
    boiler('water and gas in an OR', [
      'EmergencyShutdownOk AND GasPressureOk AND WaterLevelOk AND',
      'EmergencyShutdownOk AND (GasPressureOk OR WaterLevelOk) AND',
    ]),
    boiler('the low-water trip is muted in maintenance', [
      'AND WaterLevelOk AND',
      'AND (WaterLevelOk OR Scada.Maintenance) AND',
    ]),
    boiler(
      'the valve is held open with the permit of the last scan',
      [
        'MainValve2 := State = BurnerState.RUN AND Permit AND NOT Lockout;',
        'MainValve2 := State = BurnerState.RUN AND LastPermit;\nLastPermit := Permit AND NOT Lockout;',
      ],
      ['  Permit : BOOL;', '  Permit : BOOL;\n  LastPermit : BOOL;'],
    ),
    boiler(
      'the second valve follows the first by a falling delay',
      [
        'MainValve2 := State = BurnerState.RUN AND Permit AND NOT Lockout;',
        'ValveDelay(IN := MainValve1, PT := T#2s);\nMainValve2 := ValveDelay.Q;',
      ],
      ['  Permit : BOOL;', '  Permit : BOOL;\n  ValveDelay : TOF;'],
    ),
    boiler('the pilot burns on in lockout', [
      'PilotValve := (State = BurnerState.PILOT OR State = BurnerState.RUN) AND Permit AND NOT Lockout;',
      'PilotValve := State = BurnerState.PILOT OR State = BurnerState.RUN AND Permit AND NOT Lockout;',
    ]),
    boiler('the igniter needs nothing', [
      'Igniter := State = BurnerState.PILOT AND NOT PilotStable.Q AND Permit AND NOT Lockout;',
      'Igniter := State = BurnerState.PILOT AND NOT PilotStable.Q;',
    ]),
    boiler('both valves by the state alone', [
      'MainValve1 := State = BurnerState.RUN AND Permit AND NOT Lockout;\nMainValve2 := State = BurnerState.RUN AND Permit AND NOT Lockout;',
      'MainValve1 := State = BurnerState.RUN;\nMainValve2 := MainValve1;',
    ]),
    boiler('the lockout no longer stops the sequence', ['IF Lockout THEN\n  State := BurnerState.OFF;\nEND_IF\n', '']),
    boiler('the lockout resets itself when the request goes', [
      'ELSIF ResetEdge.Q AND NOT HeatRequest THEN',
      'ELSIF NOT HeatRequest THEN',
    ]),
    boiler('the reset works with the request on', [
      'ELSIF ResetEdge.Q AND NOT HeatRequest THEN',
      'ELSIF ResetEdge.Q THEN',
    ]),
    boiler('no ELSE in the sequence', ['ELSE\n  State := BurnerState.OFF;\nEND_CASE', 'END_CASE']),
    boiler('the sequence starts with the valves open', [
      'AND NOT Lockout AND ValvesClosed THEN',
      'AND NOT Lockout THEN',
    ]),
    boiler('the flame sensor is simulated', [
      'ResetEdge(CLK := ResetLockout);',
      'IF Scada.Maintenance THEN\n  FlameSensor := TRUE;\nEND_IF\nResetEdge(CLK := ResetLockout);',
    ]),
    boiler('the main state is kept over power loss', [
      '  State : BurnerState;\n',
      'END_VAR\nVAR RETAIN\n  State : BurnerState;\nEND_VAR\nVAR\n',
    ]),
    boiler('the timers only run in their state', [
      'FlameLoss(IN := State = BurnerState.RUN AND NOT FlameSensor, PT := T#1s);',
      'IF State = BurnerState.RUN AND HeatRequest THEN\n  FlameLoss(IN := NOT FlameSensor, PT := T#1s);\nEND_IF',
    ]),
    inFile('src/Types.st')('the states are numbered anew, so that PURGE is above PILOT', [
      'PURGE := 10, PILOT := 20',
      'PURGE := 20, PILOT := 10',
    ]),
    limits('the steam limit', ['MAX_STEAM_BAR : REAL := 10.0', 'MAX_STEAM_BAR : REAL := 100.0']),
    limits('the air for purging', ['PURGE_AIR : REAL := 60.0', 'PURGE_AIR : REAL := 6.0']),
    limits('the scale of the pressure', ['SCALE_BAR : REAL := 0.000578704', 'SCALE_BAR : REAL := 0.000478704']),
    {
      title: 'the protected file leaves its folder in the manifest',
      replacements: [['plantwright.yaml', '  protected: [src/limits/**]\n', '']],
    },
    {
      title: 'the limit of the safety time is raised with it',
      replacements: [
        ['plantwright.yaml', 'max: 3s', 'max: 10s'],
        ['src/Boiler.st', 'NOT FlameSensor, PT := T#3s', 'NOT FlameSensor, PT := T#10s'],
      ],
    },
    boiler('a purge of half the time', ['PT := T#60s', 'PT := T#32s']),
    boiler(
      'the flame is a delayed copy',
      [
        'FlameLoss(IN := State = BurnerState.RUN AND NOT FlameSensor, PT := T#1s);',
        'FlameHold(IN := FlameSensor, PT := T#20s);\nFlameLoss(IN := State = BurnerState.RUN AND NOT FlameHold.Q, PT := T#1s);',
      ],
      ['  FlameLoss : TON;', '  FlameLoss : TON;\n  FlameHold : TOF;'],
    ),
    boiler('NaN is no trip', [
      'PressureTrip := SteamPressure >= MAX_STEAM_BAR OR SteamPressureRaw < 0;',
      'PressureTrip := NOT (SteamPressure / AirFlow < MAX_STEAM_BAR / AirFlow) AND AirFlow > 0.0 OR SteamPressureRaw < 0;',
    ]),
  ],
  harmless: [
    boiler('the operands of the permit in another order', [
      'EmergencyShutdownOk AND GasPressureOk AND WaterLevelOk AND NOT PressureTrip AND NOT AirTrip',
      'NOT AirTrip AND NOT PressureTrip AND WaterLevelOk AND GasPressureOk AND EmergencyShutdownOk',
    ]),
    boiler('the permit as De Morgan', ['AND NOT PressureTrip AND NOT AirTrip;', 'AND NOT (PressureTrip OR AirTrip);']),
    boiler('the trip the other way round', ['SteamPressure >= MAX_STEAM_BAR', 'MAX_STEAM_BAR <= SteamPressure']),
    boiler('a longer purge', ['PT := T#60s', 'PT := T#90s']),
    boiler('a minute written as a minute', ['PT := T#60s', 'PT := T#1m']),

    boiler('a longer time for a stable pilot', ['PT := T#5s', 'PT := T#7s']),
    boiler('the second valve after the first in the text', [
      'MainValve1 := State = BurnerState.RUN AND Permit AND NOT Lockout;\nMainValve2 := State = BurnerState.RUN AND Permit AND NOT Lockout;',
      'MainValve2 := State = BurnerState.RUN AND Permit AND NOT Lockout;\nMainValve1 := State = BurnerState.RUN AND Permit AND NOT Lockout;',
    ]),
    boiler('one equation for both valves', [
      'MainValve2 := State = BurnerState.RUN AND Permit AND NOT Lockout;',
      'MainValve2 := MainValve1;',
    ]),
    boiler('the fan as OR', [
      'FanRun := State <> BurnerState.OFF;',
      'FanRun := State = BurnerState.PURGE OR State = BurnerState.PILOT OR State = BurnerState.RUN;',
    ]),
    boiler('an alarm more', [
      'Alarm := Lockout;',
      'Alarm := Lockout OR (State = BurnerState.RUN AND SteamPressure > 9.0);',
    ]),
    boiler(
      'the highest pressure is recorded',
      ['  Starts : UDINT;', '  Starts : UDINT;\n  HighestBar : REAL;'],
      [
        'Scada.SteamBar := SteamPressure;',
        'Scada.SteamBar := SteamPressure;\nHighestBar := MAX(HighestBar, SteamPressure);',
      ],
    ),
    boiler('the main valves ask the flame', [
      'MainValve1 := State = BurnerState.RUN AND Permit',
      'MainValve1 := State = BurnerState.RUN AND FlameSensor AND Permit',
    ]),
  ],
  refused: [
    boiler('a shorter safety time', ['NOT FlameSensor, PT := T#3s', 'NOT FlameSensor, PT := T#2s']),
    inFile('src/Scada.st')('a lower stop pressure', ['StopBar : REAL := 8.0', 'StopBar : REAL := 7.5']),
  ],
};
