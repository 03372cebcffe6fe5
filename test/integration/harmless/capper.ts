/** Everyday edits of the capper. */

import { CAPPER_FILES } from './capper-source.js';
import { added, type HarmlessMachine, inFile, removed } from './harmless-machine.js';

const main = inFile('src/PLC_PRG.st');
const head = inFile('src/FB_CapHead.st');
const hmi = inFile('src/GVL_HMI.st');
const io = inFile('src/GVL_IO.st');
const test = inFile('tests/head_test.st');
const declare = (line: string) => main('  xUnused : BOOL;', `  xUnused : BOOL;\n  ${line}`);

const RUNNING = `IF NOT xReleased OR GVL_IO.xStop THEN
  xRunning := FALSE;
ELSIF fbStart.Q THEN
  xRunning := TRUE;
END_IF`;
const INFEED =
  'GVL_IO.qInfeed := xRunning AND eState = E_State.WaitBottle AND fbCurtain.S_ESPE_Out AND GVL_IO.S_Curtain AND GVL_IO.S_EStop;';
const HEATER = 'GVL_IO.qHeater := fbTunnel.xHeat AND GVL_IO.S_EStop;';
const BLINK = `tonBlink(IN := NOT tonBlink.Q, PT := T#500MS);
IF tonBlink.Q THEN
  xBlink := NOT xBlink;
END_IF`;

export const CAPPER: HarmlessMachine = {
  name: 'capper with PLCopen safety blocks',
  files: CAPPER_FILES,
  edits: [
    {
      title: 'a revision header in every file that the change touches',
      edit: [
        main(
          'PROGRAM PLC_PRG',
          '(*\n  Capper 3, revision 1.4\n  2026-03-02: comments only, no bypass of the doors any more\n*)\nPROGRAM PLC_PRG',
        ),
        head('// One cap', '// Revision 1.1\n// One cap'),
      ],
    },
    {
      title: 'a horn when the machine is about to start',
      edit: [
        io('  qLampRun AT %QX0.5 : BOOL;', '  qLampRun AT %QX0.5 : BOOL;\n  qHorn AT %QX0.6 : BOOL;'),
        declare('tpHorn : TP;'),
        main(
          'GVL_IO.qLampRun := xRunning;',
          'GVL_IO.qLampRun := xRunning;\ntpHorn(IN := fbStart.Q AND xReleased, PT := T#2S);\nGVL_IO.qHorn := tpHorn.Q;',
        ),
      ],
      // the horn takes the bit of the cap spindle
      twin: [
        io('  qLampRun AT %QX0.5 : BOOL;', '  qLampRun AT %QX0.5 : BOOL;\n  qHorn AT %QX0.1 : BOOL;'),
        declare('tpHorn : TP;'),
        main(
          'GVL_IO.qLampRun := xRunning;',
          'GVL_IO.qLampRun := xRunning;\ntpHorn(IN := fbStart.Q, PT := T#2S);\nGVL_IO.qHorn := tpHorn.Q;',
        ),
      ],
    },
    {
      title: 'the second contact of the rear door asked in the sum',
      edit: [main('AND GVL_IO.S_RearDoor_1;', 'AND GVL_IO.S_RearDoor_1 AND GVL_IO.S_RearDoor_2;')],
      twin: [main('AND GVL_IO.S_RearDoor_1;', 'AND (GVL_IO.S_RearDoor_1 OR GVL_IO.S_RearDoor_2);')],
    },
    {
      title: 'the cap head leaves early by RETURN instead of a nested IF',
      edit: [
        head(
          'tonLimit(IN := xRunning, PT := T#1500MS);\nIF xRunning THEN\n',
          'tonLimit(IN := xRunning, PT := T#1500MS);\nxSpindle := FALSE;\nIF NOT xRunning THEN\n  RETURN;\nEND_IF\nIF xRunning THEN\n',
        ),
      ],
      // the output is not cleared before the way out
      twin: [
        head(
          'tonLimit(IN := xRunning, PT := T#1500MS);\nIF xRunning THEN\n',
          'tonLimit(IN := xRunning, PT := T#1500MS);\nIF NOT xRunning THEN\n  RETURN;\nEND_IF\nIF xRunning THEN\n',
        ),
        main('GVL_IO.qSpindle := fbHead.xSpindle AND xReleased;', 'GVL_IO.qSpindle := fbHead.xSpindle;'),
      ],
    },
    {
      title: 'the start latch as one Boolean assignment',
      edit: [main(RUNNING, 'xRunning := (xRunning OR fbStart.Q) AND xReleased AND NOT GVL_IO.xStop;')],
      twin: [main(RUNNING, 'xRunning := xRunning OR fbStart.Q AND xReleased AND NOT GVL_IO.xStop;')],
    },
    {
      title: 'the start latch as an RS block in which reset wins',
      edit: [
        declare('rsRun : RS;'),
        main(RUNNING, 'rsRun(SET := fbStart.Q, RESET1 := NOT xReleased OR GVL_IO.xStop);\nxRunning := rsRun.Q1;'),
      ],
      // the start wins over the release
      twin: [
        declare('rsRun : SR;'),
        main(RUNNING, 'rsRun(SET1 := GVL_IO.xStart, RESET := NOT xReleased OR GVL_IO.xStop);\nxRunning := rsRun.Q1;'),
        main(
          'GVL_IO.qTable := eState = E_State.Index AND xReleased AND xRunning;',
          'GVL_IO.qTable := eState = E_State.Index AND xRunning;',
        ),
      ],
    },
    {
      title: 'the lamps in an ACTION',
      edit: [
        main('GVL_IO.qLampReset := NOT xReleased AND xBlink;\nGVL_IO.qLampRun := xRunning;', 'Lamps();'),
        main(
          'END_PROGRAM',
          'ACTION Lamps:\nGVL_IO.qLampReset := NOT xReleased AND xBlink;\nGVL_IO.qLampRun := xRunning;\nEND_ACTION\nEND_PROGRAM',
        ),
      ],
    },
    {
      title: 'the blinker as a block of its own',
      edit: [
        main(BLINK, 'fbBlink(tHalf := T#500MS);\nxBlink := fbBlink.xOut;'),
        main('  tonBlink : TON;', '  fbBlink : FB_Blink;'),
        added(
          'src/FB_Blink.st',
          'FUNCTION_BLOCK FB_Blink\nVAR_INPUT\n  tHalf : TIME := T#500MS;\nEND_VAR\nVAR_OUTPUT\n  xOut : BOOL;\nEND_VAR\nVAR\n  tonHalf : TON;\nEND_VAR\ntonHalf(IN := NOT tonHalf.Q, PT := tHalf);\nIF tonHalf.Q THEN\n  xOut := NOT xOut;\nEND_IF\nEND_FUNCTION_BLOCK\n',
        ),
      ],
    },
    {
      title: 'the lamp blinks faster',
      edit: [main('PT := T#500MS', 'PT := T#250MS')],
    },
    {
      title: 'the two small blocks merged into one file',
      edit: [
        (files) => added('src/Blocks.st', `${files['src/FB_CapHead.st']}\n${files['src/FB_Tunnel.st']}`)(files),
        removed('src/FB_CapHead.st'),
        removed('src/FB_Tunnel.st'),
      ],
    },
    {
      title: 'the heater waits for the doors too',
      edit: [main(HEATER, 'GVL_IO.qHeater := fbTunnel.xHeat AND GVL_IO.S_EStop AND xDoorsOk;')],
      twin: [main(HEATER, 'GVL_IO.qHeater := fbTunnel.xHeat AND (GVL_IO.S_EStop OR xDoorsOk);')],
    },
    {
      title: 'a lower tunnel limit',
      edit: [hmi('TUNNEL_MAX : INT := 1900', 'TUNNEL_MAX : INT := 1850')],
      twin: [hmi('TUNNEL_MAX : INT := 1900', 'TUNNEL_MAX : INT := 2190')],
    },
    {
      title: 'a missing door of the infeed condition: the belt stops with the doors open',
      edit: [main(INFEED, INFEED.replace('xRunning AND', 'xRunning AND xDoorsOk AND'))],
      twin: [
        main(INFEED, INFEED.replace('fbCurtain.S_ESPE_Out AND GVL_IO.S_Curtain', '(fbCurtain.S_ESPE_Out OR xDoorsOk)')),
      ],
    },
    {
      title: 'operating hours and cycles for maintenance',
      edit: [
        declare('tonSecond : TON;\n  udiSeconds : UDINT;\n  udiHours : UDINT;'),
        hmi('  iState : INT;', '  iState : INT;\n  udiHours : UDINT;'),
        main(
          'GVL_HMI.iState := eState;',
          'tonSecond(IN := xRunning AND NOT tonSecond.Q, PT := T#1S);\nIF tonSecond.Q THEN\n  udiSeconds := udiSeconds + 1;\n  IF udiSeconds >= 3600 THEN\n    udiSeconds := 0;\n    udiHours := udiHours + 1;\n  END_IF\nEND_IF\nGVL_HMI.udiHours := udiHours;\nGVL_HMI.iState := eState;',
        ),
      ],
      // after the interval the machine is let run on by hand of the counter
      twin: [
        declare('tonSecond : TON;\n  udiSeconds : UDINT;'),
        main(
          'GVL_HMI.iState := eState;',
          'tonSecond(IN := xRunning AND NOT tonSecond.Q, PT := T#1S);\nIF tonSecond.Q THEN\n  udiSeconds := udiSeconds + 1;\n  GVL_IO.qTable := udiSeconds MOD 60 = 0;\nEND_IF\nGVL_HMI.iState := eState;',
        ),
      ],
    },
    {
      title: 'an alarm block with texts for the panel',
      edit: [
        hmi('  iState : INT;', '  iState : INT;\n  sMessage : STRING(40);'),
        declare('fbMessage : FB_Message;'),
        main(
          'GVL_HMI.iState := eState;',
          'fbMessage(xEStop := NOT GVL_IO.S_EStop, xDoor := NOT xDoorsOk, xCurtain := NOT GVL_IO.S_Curtain, sText => GVL_HMI.sMessage);\nGVL_HMI.iState := eState;',
        ),
        added(
          'src/FB_Message.st',
          "FUNCTION_BLOCK FB_Message\nVAR_INPUT\n  xEStop : BOOL;\n  xDoor : BOOL;\n  xCurtain : BOOL;\nEND_VAR\nVAR_OUTPUT\n  sText : STRING(40);\nEND_VAR\nIF xEStop THEN\n  sText := 'Emergency stop';\nELSIF xDoor THEN\n  sText := 'Door open or not reset';\nELSIF xCurtain THEN\n  sText := 'Light curtain';\nELSE\n  sText := '';\nEND_IF\nEND_FUNCTION_BLOCK\n",
        ),
      ],
    },
    {
      title: 'a dead variable deleted',
      edit: [main('  xUnused : BOOL;\n', '')],
    },
    {
      title: 'one unit test and one scenario more',
      edit: [
        test(
          "TEST 'stops at the torque'",
          "TEST 'loss of the release stops the spindle'\n  head(xStart := TRUE);\n  head(xEnable := FALSE);\n  ASSERT_FALSE(head.xSpindle);\nEND_TEST\n\nTEST 'stops at the torque'",
        ),
        added(
          'scenarios/estop.yaml',
          'name: emergency stop while the belt runs\nprogram: PLC_PRG\ncycle: 10ms\nsteps:\n  - at: 0ms\n    set: { GVL_IO.S_EStop: true, GVL_IO.S_FrontDoor_1: true, GVL_IO.S_FrontDoor_2: true, GVL_IO.S_RearDoor_1: true, GVL_IO.S_Curtain: true }\n  - { at: 100ms, pulse: { GVL_IO.xReset: 50ms } }\n  - { at: 300ms, pulse: { GVL_IO.xStart: 50ms } }\n  - { at: 500ms, expect: { GVL_IO.qInfeed: true } }\n  - { at: 600ms, set: { GVL_IO.S_EStop: false } }\n  - { at: 620ms, expect: { GVL_IO.qInfeed: false } }\nuntil: 1s\n',
        ),
      ],
      // the new test comes with an old one made blind
      twin: [
        test('  ASSERT_FALSE(head.xSpindle);\n', ''),
        test(
          "TEST 'stops at the torque'",
          "TEST 'idle'\n  ASSERT_FALSE(head.xSpindle);\nEND_TEST\n\nTEST 'stops at the torque'",
        ),
      ],
    },
    {
      title: 'the torque filtered for the display',
      edit: [
        hmi('  iState : INT;', '  iState : INT;\n  rTorqueShown : REAL;'),
        main(
          'GVL_HMI.iState := eState;',
          'GVL_HMI.rTorqueShown := GVL_HMI.rTorqueShown + (rTorque - GVL_HMI.rTorqueShown) * 0.1;\nGVL_HMI.iState := eState;',
        ),
      ],
    },
  ],
};
