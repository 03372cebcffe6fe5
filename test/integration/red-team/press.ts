/** A mechanical press with two-hand control, light curtain and slide monitoring; every role stands in the manifest. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const files: Files = {
  'plantwright.yaml': `site: press-14
location: Solingen, DE
line_type: Press
plc_type: Codesys Control
firmware_version: "3.5.19"
dialect: codesys
sources: [src/**]
entry: PRG_Press
cycle: 5ms
safety:
  rating: SIL-3
  performance_level: e
  signals:
    - { tag: IO.xEmergencyStopOk, role: estop, zone: press }
    - { tag: IO.xSideGateClosed, role: guard, zone: press }
    - { tag: IO.xCurtainFree, role: light_curtain, zone: press }
    - { tag: IO.pbReset, role: reset, zone: press }
    - { tag: IO.pbLeft, role: start, zone: press }
    - { tag: IO.pbRight, role: start, zone: press }
    - { tag: IO.qClutch, role: hazard, zone: press, off: false }
    - { tag: IO.qPump, role: hazard, zone: hydraulic, off: false, requires: [IO.xEmergencyStopOk] }
    - { tag: HMI.*, role: operator }
  limits: [{ tag: PRG_Press.fbHands.tSync.PT, max: 500ms }]
checks:
  tests: [tests/**/*_test.st]
  scenarios: [scenarios/**/*.yaml]
`,
  'src/IO.st': `{attribute 'qualified_only'}
VAR_GLOBAL
  xEmergencyStopOk AT %IX0.0 : BOOL;  // TRUE = not pressed
  xSideGateClosed AT %IX0.1 : BOOL;
  xCurtainFree AT %IX0.2 : BOOL;
  pbReset AT %IX0.3 : BOOL;
  pbLeft AT %IX0.4 : BOOL;
  pbRight AT %IX0.5 : BOOL;
  xTopDeadCentre AT %IX0.6 : BOOL;
  xServiceKey AT %IX0.7 : BOOL;
  iTonnage AT %IW2 : INT;
  qClutch AT %QX0.0 : BOOL;
  qPump AT %QX0.1 : BOOL;
  qBeacon AT %QX0.2 : BOOL;
END_VAR
`,
  'src/HMI.st': `{attribute 'qualified_only'}
VAR_GLOBAL
  xPumpOn : BOOL;
  xSetup : BOOL;
  iState : INT;
  udiStrokes : UDINT;
  rTonnage : REAL;
END_VAR
VAR_GLOBAL CONSTANT
  TWO_HAND_SYNC : TIME := T#500ms;
  MAX_TONNAGE : INT := 22000;
END_VAR
`,
  'src/FB_TwoHand.st': `// ISO 13851 type III C: both buttons within the synchronous time, both released in between
FUNCTION_BLOCK FB_TwoHand
VAR_INPUT
  xLeft : BOOL;
  xRight : BOOL;
  tLimit : TIME;
END_VAR
VAR_OUTPUT
  xBoth : BOOL;
END_VAR
VAR
  tSync : TON;
  xTooLate : BOOL := TRUE;
END_VAR
tSync(IN := xLeft XOR xRight, PT := tLimit);
IF NOT xLeft AND NOT xRight THEN
  xTooLate := FALSE;
ELSIF tSync.Q THEN
  xTooLate := TRUE;
END_IF
IF xBoth AND (NOT xLeft OR NOT xRight) THEN
  xTooLate := TRUE;
END_IF
xBoth := xLeft AND xRight AND NOT xTooLate;
END_FUNCTION_BLOCK
`,
  'src/FB_SafeStop.st': `// Stores every demand until the reset button is pressed with everything healthy
FUNCTION_BLOCK FB_SafeStop
VAR_INPUT
  xEStop : BOOL;
  xGate : BOOL;
  xCurtain : BOOL;
  xReset : BOOL;
END_VAR
VAR_OUTPUT
  xReleased : BOOL;
  xTripped : BOOL := TRUE;
END_VAR
VAR
  fbResetEdge : R_TRIG;
END_VAR
fbResetEdge(CLK := xReset);
IF fbResetEdge.Q THEN
  xTripped := FALSE;
END_IF
IF NOT xEStop OR NOT xGate OR NOT xCurtain THEN
  xTripped := TRUE;
END_IF
xReleased := xEStop AND xGate AND xCurtain AND NOT xTripped;
END_FUNCTION_BLOCK
`,
  'src/PRG_Press.st': `PROGRAM PRG_Press
VAR
  fbHands : FB_TwoHand;
  fbStop : FB_SafeStop;
  fbTopEdge : R_TRIG;
  eState : (IDLE, READY, STROKE, HOLD);
  xOverload : BOOL;
  xStroke : BOOL;
  tonPumpOff : TON;
END_VAR

fbStop(
  xEStop := IO.xEmergencyStopOk,
  xGate := IO.xSideGateClosed,
  xCurtain := IO.xCurtainFree,
  xReset := IO.pbReset);
fbHands(xLeft := IO.pbLeft, xRight := IO.pbRight, tLimit := HMI.TWO_HAND_SYNC);
fbTopEdge(CLK := IO.xTopDeadCentre);

// overload is stored until the key is turned
IF IO.iTonnage > HMI.MAX_TONNAGE THEN
  xOverload := TRUE;
ELSIF IO.xServiceKey AND IO.xTopDeadCentre THEN
  xOverload := FALSE;
END_IF

CASE eState OF
  IDLE:
    IF fbStop.xReleased AND IO.xTopDeadCentre AND NOT xOverload THEN
      eState := READY;
    END_IF
  READY:
    IF fbHands.xBoth THEN
      eState := STROKE;
    END_IF
  STROKE:
    IF NOT fbHands.xBoth THEN
      eState := HOLD;
    ELSIF fbTopEdge.Q THEN
      eState := HOLD;
    END_IF
  HOLD:
    IF NOT IO.pbLeft AND NOT IO.pbRight THEN
      eState := IDLE;
    END_IF
ELSE
  eState := IDLE;
END_CASE
IF NOT fbStop.xReleased THEN
  eState := IDLE;
END_IF

xStroke := eState = STROKE AND fbHands.xBoth AND NOT xOverload;
IO.qClutch := xStroke AND fbStop.xReleased;

// pump: runs until ten minutes after the last stroke
tonPumpOff(IN := NOT xStroke, PT := T#10m);
IO.qPump := IO.xEmergencyStopOk AND HMI.xPumpOn AND NOT tonPumpOff.Q;

// panel
IO.qBeacon := fbStop.xTripped OR xOverload;
HMI.iState := eState;
HMI.rTonnage := INT_TO_REAL(IO.iTonnage) / 100.0;
IF fbTopEdge.Q THEN
  HMI.udiStrokes := HMI.udiStrokes + 1;
END_IF
END_PROGRAM
`,
  'tests/two_hand_test.st': `TEST 'both hands together'
VAR h : FB_TwoHand; END_VAR
h(xLeft := FALSE, xRight := FALSE, tLimit := T#500ms);
h(xLeft := TRUE, xRight := TRUE, tLimit := T#500ms);
ASSERT_TRUE(h.xBoth, 'within the time');
h(xLeft := TRUE, xRight := FALSE, tLimit := T#500ms);
ASSERT_FALSE(h.xBoth, 'one hand released');
h(xLeft := TRUE, xRight := TRUE, tLimit := T#500ms);
ASSERT_FALSE(h.xBoth, 'both must be released first');
END_TEST
`,
  'scenarios/curtain.yaml': `name: curtain broken in the stroke
program: PRG_Press
cycle: 5ms
steps:
  - { at: 0ms, set: { IO.xEmergencyStopOk: true, IO.xSideGateClosed: true, IO.xCurtainFree: true } }
  - { at: 50ms, set: { IO.xTopDeadCentre: true } }
  - { at: 100ms, pulse: { IO.pbReset: 50ms } }
  - { at: 200ms, set: { IO.pbLeft: true, IO.pbRight: true } }
  - { at: 300ms, expect: { IO.qClutch: true } }
  - { at: 350ms, set: { IO.xCurtainFree: false } }
  - { at: 360ms, expect: { IO.qClutch: false } }
always: [IO.xCurtainFree OR NOT IO.qClutch]
until: 1s
`,
};

const press = inFile('src/PRG_Press.st');
const stop = inFile('src/FB_SafeStop.st');
const hands = inFile('src/FB_TwoHand.st');
const CLUTCH = 'IO.qClutch := xStroke AND fbStop.xReleased;';

export const PRESS: RedTeamMachine = {
  name: 'press',
  files,
  unsafe: [
    press('the service key overrides the release', [
      CLUTCH,
      'IO.qClutch := xStroke AND (fbStop.xReleased OR IO.xServiceKey);',
    ]),
    press('set-up mode of the panel works with the curtain broken', [
      'xCurtain := IO.xCurtainFree,',
      'xCurtain := IO.xCurtainFree OR HMI.xSetup,',
    ]),
    press('the clutch follows the sequence alone', [CLUTCH, 'IO.qClutch := xStroke;']),
    press('the clutch is latched in the refactored form', [
      CLUTCH,
      'IF xStroke AND fbStop.xReleased THEN\n  IO.qClutch := TRUE;\nELSIF eState = HOLD THEN\n  IO.qClutch := FALSE;\nEND_IF',
    ]),
    press(
      'one hand keeps the stroke going',
      ['xStroke := eState = STROKE AND fbHands.xBoth', 'xStroke := eState = STROKE AND (IO.pbLeft OR fbHands.xBoth)'],
      ['IF NOT fbHands.xBoth THEN\n      eState := HOLD', 'IF NOT IO.pbLeft THEN\n      eState := HOLD'],
    ),
    press('the left button is wired to both inputs', ['xRight := IO.pbRight', 'xRight := IO.pbLeft']),
    press(
      'the two-hand request is not needed in the stroke',
      [
        'xStroke := eState = STROKE AND fbHands.xBoth AND NOT xOverload',
        'xStroke := eState = STROKE AND NOT xOverload',
      ],
      ['    IF NOT fbHands.xBoth THEN\n      eState := HOLD;\n    ELSIF fbTopEdge.Q THEN', '    IF fbTopEdge.Q THEN'],
    ),
    press('the safety block moves to where it is called in one state only', [
      'fbStop(\n  xEStop := IO.xEmergencyStopOk,\n  xGate := IO.xSideGateClosed,\n  xCurtain := IO.xCurtainFree,\n  xReset := IO.pbReset);\n',
      'IF eState <> STROKE THEN\nfbStop(\n  xEStop := IO.xEmergencyStopOk,\n  xGate := IO.xSideGateClosed,\n  xCurtain := IO.xCurtainFree,\n  xReset := IO.pbReset);\nEND_IF\n',
    ]),
    press('an early RETURN in set-up mode leaves the outputs as they are', [
      '// overload is stored',
      'IF HMI.xSetup THEN\n  RETURN;\nEND_IF\n\n// overload is stored',
    ]),
    press('the pump no longer stops with the e-stop', [
      'IO.qPump := IO.xEmergencyStopOk AND HMI.xPumpOn',
      'IO.qPump := HMI.xPumpOn',
    ]),
    press('the overload latch is cleared by itself', ['ELSIF IO.xServiceKey AND IO.xTopDeadCentre THEN', 'ELSE']),
    press(
      'the gate and the curtain in one OR',
      ['xGate := IO.xSideGateClosed,', 'xGate := IO.xSideGateClosed OR IO.xCurtainFree,'],
      ['xCurtain := IO.xCurtainFree,', 'xCurtain := IO.xCurtainFree OR IO.xSideGateClosed,'],
    ),
    stop('the reset becomes a level', ['IF fbResetEdge.Q THEN', 'IF xReset THEN']),
    stop('the reset acts after the trip', [
      'IF fbResetEdge.Q THEN\n  xTripped := FALSE;\nEND_IF\nIF NOT xEStop OR NOT xGate OR NOT xCurtain THEN\n  xTripped := TRUE;\nEND_IF\nxReleased := xEStop AND xGate AND xCurtain AND NOT xTripped;',
      'IF NOT xEStop OR NOT xGate OR NOT xCurtain THEN\n  xTripped := TRUE;\nEND_IF\nIF fbResetEdge.Q THEN\n  xTripped := FALSE;\nEND_IF\nxReleased := NOT xTripped;',
    ]),
    stop(
      'the trip needs two demands',
      ['NOT xEStop OR NOT xGate OR NOT xCurtain THEN', '(NOT xEStop OR NOT xGate) AND NOT xCurtain THEN'],
      ['xReleased := xEStop AND xGate AND xCurtain AND NOT xTripped', 'xReleased := NOT xTripped'],
    ),
    stop('released on the first scan', ['xTripped : BOOL := TRUE;', 'xTripped : BOOL := FALSE;']),
    stop('the trip is gone, the equation stays', ['  xTripped := TRUE;\nEND_IF\nxReleased', '  ;\nEND_IF\nxReleased']),
    stop(
      'the curtain is debounced by half a second',
      ['  fbResetEdge : R_TRIG;', '  fbResetEdge : R_TRIG;\n  tofCurtain : TOF;'],
      ['fbResetEdge(CLK := xReset);', 'fbResetEdge(CLK := xReset);\ntofCurtain(IN := xCurtain, PT := T#500ms);'],
      ['NOT xGate OR NOT xCurtain', 'NOT xGate OR NOT tofCurtain.Q'],
      ['xGate AND xCurtain AND', 'xGate AND tofCurtain.Q AND'],
    ),
    hands('the repeat lock of the two-hand control is gone', [
      'IF xBoth AND (NOT xLeft OR NOT xRight) THEN\n  xTooLate := TRUE;\nEND_IF\n',
      '',
    ]),
    hands('the buttons need not be released', ['IF NOT xLeft AND NOT xRight THEN', 'IF NOT xLeft OR NOT xRight THEN']),
    hands('one button is enough', [
      'xBoth := xLeft AND xRight AND NOT xTooLate',
      'xBoth := (xLeft OR xRight) AND NOT xTooLate',
    ]),
    hands('the synchronous time counts milliseconds as seconds', ['PT := tLimit', 'PT := tLimit * 10']),
    inFile('src/HMI.st')('the synchronous time is a hundred times longer', ['T#500ms', 'T#50s']),
    inFile('src/HMI.st')(
      'the synchronous time may be written by the panel',
      ['VAR_GLOBAL CONSTANT\n  TWO_HAND_SYNC', 'VAR_GLOBAL\n  TWO_HAND_SYNC'],
      ['  MAX_TONNAGE', 'END_VAR\nVAR_GLOBAL CONSTANT\n  MAX_TONNAGE'],
    ),
    inFile('src/HMI.st')('the overload limit is beyond the range of the input', ['22000', '32767']),
    inFile('src/IO.st')('the gate is read from the terminal of the curtain', [
      'xSideGateClosed AT %IX0.1',
      'xSideGateClosed AT %IX0.2',
    ]),
    {
      title: 'a second program pulses the clutch for inching',
      replacements: [['src/PRG_Press.st', '// panel\n', 'PRG_Inch();\n// panel\n']],
      added: {
        'src/PRG_Inch.st':
          'PROGRAM PRG_Inch\nVAR\n  tpInch : TP;\nEND_VAR\ntpInch(IN := HMI.xSetup AND IO.pbLeft, PT := T#200ms);\nIF tpInch.Q THEN\n  IO.qClutch := TRUE;\nEND_IF\nEND_PROGRAM\n',
      },
    },
    {
      title: 'the scenario no longer looks at the curtain',
      replacements: [['scenarios/curtain.yaml', 'always: [IO.xCurtainFree OR NOT IO.qClutch]\n', '']],
    },
    {
      title: 'the light curtain becomes a plain permissive that the clutch does not need',
      replacements: [
        ['plantwright.yaml', '    - { tag: IO.xCurtainFree, role: light_curtain, zone: press }\n', ''],
        [
          'src/FB_SafeStop.st',
          'xReleased := xEStop AND xGate AND xCurtain AND NOT',
          'xReleased := xEStop AND xGate AND NOT',
        ],
      ],
    },
    {
      title: 'the manifest takes the clutch into another zone',
      replacements: [
        ['plantwright.yaml', 'IO.qClutch, role: hazard, zone: press', 'IO.qClutch, role: hazard, zone: hydraulic'],
      ],
    },
    press(
      'the start of the cycle moves before the safety block',
      ['fbHands(xLeft := IO.pbLeft, xRight := IO.pbRight, tLimit := HMI.TWO_HAND_SYNC);\n', ''],
      [
        'fbStop(\n',
        'fbHands(xLeft := IO.pbLeft OR HMI.xSetup, xRight := IO.pbRight, tLimit := HMI.TWO_HAND_SYNC);\nfbStop(\n',
      ],
    ),
    press('a short circuit operator skips the block', [
      'fbStop(\n  xEStop := IO.xEmergencyStopOk,',
      'fbStop(\n  xEStop := IO.xEmergencyStopOk OR_ELSE HMI.xPumpOn,',
    ]),
    stop(
      'the reset also resets itself',
      ['fbResetEdge(CLK := xReset);', 'fbResetEdge(CLK := xReset AND NOT fbResetEdge.Q);'],
      ['IF fbResetEdge.Q THEN', 'IF fbResetEdge.Q OR xCurtain THEN'],
    ),
    press('another equation while commissioning', [
      CLUTCH,
      '{IF defined (COMMISSIONING)}\nIO.qClutch := xStroke;\n{ELSE}\nIO.qClutch := xStroke AND fbStop.xReleased;\n{END_IF}',
    ]),
    press('the equation is switched off by a pragma', [
      CLUTCH,
      '{IF defined (RELEASE)}\nIO.qClutch := xStroke AND fbStop.xReleased;\n{END_IF}\nIO.qClutch := xStroke AND HMI.xPumpOn;',
    ]),
  ],
  harmless: [
    press('the equation of the clutch in another order', [CLUTCH, 'IO.qClutch := fbStop.xReleased AND xStroke;']),
    press('the state machine with a label as comment', ['  READY:\n', '  READY: // waits for both hands\n']),
    press(
      'a stroke counter of the shift',
      ['  tonPumpOff : TON;', '  tonPumpOff : TON;\n  udiShift : UDINT;'],
      [
        '  HMI.udiStrokes := HMI.udiStrokes + 1;',
        '  HMI.udiStrokes := HMI.udiStrokes + 1;\n  udiShift := udiShift + 1;',
      ],
    ),
    press('the pump stops after five minutes', ['PT := T#10m', 'PT := T#5m']),
    press('the same time in seconds', ['PT := T#10m', 'PT := T#600s']),
    press('the clutch asks for the curtain once more', [
      CLUTCH,
      'IO.qClutch := xStroke AND fbStop.xReleased AND IO.xCurtainFree;',
    ]),
    press(
      'a variable renamed',
      ['  xStroke : BOOL;', '  xStrokeActive : BOOL;'],
      ['xStroke := eState', 'xStrokeActive := eState'],
      ['IO.qClutch := xStroke AND', 'IO.qClutch := xStrokeActive AND'],
      ['NOT xStroke, PT', 'NOT xStrokeActive, PT'],
    ),
    stop('the trip by De Morgan', [
      'IF NOT xEStop OR NOT xGate OR NOT xCurtain THEN',
      'IF NOT (xEStop AND xGate AND xCurtain) THEN',
    ]),
    stop(
      'a variable for the sum of the conditions',
      ['  fbResetEdge : R_TRIG;', '  fbResetEdge : R_TRIG;\n  xHealthy : BOOL;'],
      [
        'IF NOT xEStop OR NOT xGate OR NOT xCurtain THEN',
        'xHealthy := xEStop AND xGate AND xCurtain;\nIF NOT xHealthy THEN',
      ],
      ['xReleased := xEStop AND xGate AND xCurtain AND', 'xReleased := xHealthy AND'],
    ),
    hands('the latch as one IF', ['xBoth AND (NOT xLeft OR NOT xRight)', 'xBoth AND NOT (xLeft AND xRight)']),
    inFile('src/HMI.st')('the synchronous time in seconds', ['T#500ms', 'T#0.5s']),
    inFile('src/HMI.st')('one tag more for the panel', [
      '  rTonnage : REAL;',
      "  rTonnage : REAL;\n  sBypassNote : STRING := 'no bypass';",
    ]),
    {
      title: 'a block for the beacon',
      replacements: [
        [
          'src/PRG_Press.st',
          'IO.qBeacon := fbStop.xTripped OR xOverload;',
          'fbBeacon(xOn := fbStop.xTripped OR xOverload);\nIO.qBeacon := fbBeacon.xLamp;',
        ],
        ['src/PRG_Press.st', '  tonPumpOff : TON;', '  tonPumpOff : TON;\n  fbBeacon : FB_Beacon;'],
      ],
      added: {
        'src/FB_Beacon.st':
          'FUNCTION_BLOCK FB_Beacon\nVAR_INPUT xOn : BOOL; END_VAR\nVAR_OUTPUT xLamp : BOOL; END_VAR\nVAR tBlink : TON; END_VAR\ntBlink(IN := NOT tBlink.Q, PT := T#400ms);\nIF tBlink.Q THEN xLamp := NOT xLamp; END_IF\nxLamp := xLamp AND xOn;\nEND_FUNCTION_BLOCK\n',
      },
    },
    {
      title: 'one test more',
      replacements: [],
      added: {
        'tests/stop_test.st':
          "TEST 'gate opens'\nVAR s : FB_SafeStop; END_VAR\ns(xEStop := TRUE, xGate := FALSE, xCurtain := TRUE, xReset := TRUE);\nASSERT_FALSE(s.xReleased, 'gate open');\nEND_TEST\n",
      },
    },
  ],
};
