/** Everyday edits of the shredder. */

import { added, type HarmlessMachine, inFile } from './harmless-machine.js';
import { SHREDDER_FILES } from './shredder-source.js';

const data = inFile('src/10_Data.scl');
const scale = inFile('src/20_Scale.scl');
const safety = inFile('src/30_Safety.scl');
const rotor = inFile('src/40_Rotor.scl');
const shredder = inFile('src/50_Shredder.scl');

const FORWARD = '"DB_Output".Rotor_Forward := #rotor.Forward AND #safety.Released AND NOT #rotor.Reverse;';
const LATCH = `   IF NOT #healthy THEN
      #stored := TRUE;
   ELSIF #resetEdge.Q THEN
      #stored := FALSE;
   END_IF;
`;
const MESSAGE = `      IF #rotor.Fault THEN
         "DB_HMI".Message := 1;
      ELSE
         IF #beltFault THEN
            "DB_HMI".Message := 2;
         ELSE
            "DB_HMI".Message := 0;
         END_IF;
      END_IF;
`;
const STEP_LINE = '      "DB_HMI".Step := #rotor.Step;\n';
const SUM =
  '#healthy := "DB_Input".EmergencyStop_OK AND "DB_Input".HopperLid_Closed AND "DB_Input".ServiceDoor_Closed;';
const PAUSES = `      20:   // pause before reverse
         IF #pause.Q THEN
            #Step := 30;
         END_IF;
      30:   // reverse
         IF #reverseTime.Q THEN
            #Step := 40;
         END_IF;
`;
const START = `   IF NOT #Enable OR #Stop THEN
      #Step := 0;
   ELSIF #startEdge.Q AND #Step = 0 THEN
      #Fault := FALSE;
      #inARow := 0;
      #Step := 10;
   END_IF;
`;

export const SHREDDER: HarmlessMachine = {
  name: 'shredder in SCL',
  files: SHREDDER_FILES,
  edits: [
    {
      title: 'titles, authors and comments of the blocks',
      edit: [
        rotor('{ S7_Optimized_Access', "TITLE = 'Rotor control'\n{ S7_Optimized_Access"),
        rotor('VERSION : 0.1\n', 'AUTHOR : Instandhaltung\nVERSION : 0.2\n'),
        shredder(
          '   REGION Belt\n',
          '   REGION Belt\n      // The belt waits until the rotor is up to speed. Not-Halt wird hier nicht umgangen.\n',
        ),
      ],
    },
    {
      title: 'the instance of the safety block renamed',
      edit: [
        shredder('      safety : "FB_Safety";', '      stopFunctions : "FB_Safety";'),
        ...Array.from({ length: 6 }, () => shredder('#safety', '#stopFunctions')),
      ],
    },
    {
      title: 'the message as ELSIF',
      edit: [
        shredder(
          MESSAGE,
          '      IF #rotor.Fault THEN\n         "DB_HMI".Message := 1;\n      ELSIF #beltFault THEN\n         "DB_HMI".Message := 2;\n      ELSE\n         "DB_HMI".Message := 0;\n      END_IF;\n',
        ),
      ],
    },
    {
      title: 'the message in a function',
      edit: [
        shredder(
          MESSAGE,
          '      "DB_HMI".Message := "FC_Message"(RotorFault := #rotor.Fault, BeltFault := #beltFault);\n',
        ),
        added(
          'src/21_Message.scl',
          'FUNCTION "FC_Message" : Int\n{ S7_Optimized_Access := \'TRUE\' }\nVERSION : 0.1\n   VAR_INPUT\n      RotorFault : Bool;\n      BeltFault : Bool;\n   END_VAR\nBEGIN\n   IF #RotorFault THEN\n      "FC_Message" := 1;\n   ELSIF #BeltFault THEN\n      "FC_Message" := 2;\n   ELSE\n      "FC_Message" := 0;\n   END_IF;\nEND_FUNCTION\n',
        ),
      ],
    },
    {
      title: 'the latch as one assignment',
      edit: [safety(LATCH, '   #stored := NOT #healthy OR (#stored AND NOT #resetEdge.Q);\n')],
      twin: [safety(LATCH, '   #stored := NOT #healthy AND (#stored OR NOT #resetEdge.Q);\n')],
    },
    {
      title: 'the latch as a block of its own',
      edit: [
        safety(LATCH, '   #latch(Demand := NOT #healthy, Reset := #resetEdge.Q);\n   #stored := #latch.Stored;\n'),
        safety('      resetEdge : R_TRIG;', '      resetEdge : R_TRIG;\n      latch : "FB_Latch";'),
        added(
          'src/25_Latch.scl',
          'FUNCTION_BLOCK "FB_Latch"\n{ S7_Optimized_Access := \'TRUE\' }\nVERSION : 0.1\n   VAR_INPUT\n      Demand : Bool;\n      Reset : Bool;\n   END_VAR\n   VAR_OUTPUT\n      Stored : Bool := TRUE;\n   END_VAR\nBEGIN\n   IF #Demand THEN\n      #Stored := TRUE;\n   ELSIF #Reset THEN\n      #Stored := FALSE;\n   END_IF;\nEND_FUNCTION_BLOCK\n',
        ),
      ],
      // the new block sets and clears in the other order
      twin: [
        safety(
          LATCH,
          '   #latch(Demand := NOT #healthy, Reset := "DB_Input".Button_Reset);\n   #stored := #latch.Stored;\n',
        ),
        safety('      resetEdge : R_TRIG;', '      resetEdge : R_TRIG;\n      latch : "FB_Latch";'),
        added(
          'src/25_Latch.scl',
          'FUNCTION_BLOCK "FB_Latch"\n{ S7_Optimized_Access := \'TRUE\' }\nVERSION : 0.1\n   VAR_INPUT\n      Demand : Bool;\n      Reset : Bool;\n   END_VAR\n   VAR_OUTPUT\n      Stored : Bool := TRUE;\n   END_VAR\nBEGIN\n   IF #Reset THEN\n      #Stored := FALSE;\n   ELSIF #Demand THEN\n      #Stored := TRUE;\n   END_IF;\nEND_FUNCTION_BLOCK\n',
        ),
      ],
    },
    {
      title: 'the trip as De Morgan',
      edit: [
        safety(
          'IF NOT #healthy THEN',
          'IF NOT "DB_Input".EmergencyStop_OK OR NOT "DB_Input".HopperLid_Closed OR NOT "DB_Input".ServiceDoor_Closed THEN',
        ),
      ],
      twin: [
        safety(
          'IF NOT #healthy THEN',
          'IF NOT "DB_Input".EmergencyStop_OK AND NOT "DB_Input".HopperLid_Closed OR NOT "DB_Input".ServiceDoor_Closed THEN',
        ),
        safety('#Released := #healthy AND NOT #stored;', '#Released := NOT #stored;'),
      ],
    },
    {
      title: 'the sum of the conditions in two steps',
      edit: [
        safety(
          SUM,
          '#doors := "DB_Input".HopperLid_Closed AND "DB_Input".ServiceDoor_Closed;\n   #healthy := "DB_Input".EmergencyStop_OK AND #doors;',
        ),
        safety('      healthy : Bool;', '      healthy : Bool;\n      doors : Bool;'),
      ],
      twin: [
        safety(
          SUM,
          '#doors := "DB_Input".HopperLid_Closed OR "DB_Input".ServiceDoor_Closed;\n   #healthy := "DB_Input".EmergencyStop_OK AND #doors;',
        ),
        safety('      healthy : Bool;', '      healthy : Bool;\n      doors : Bool;'),
      ],
    },
    {
      title: 'the numbers of the steps as constants of the block',
      edit: [
        rotor(
          '   VAR\n      startEdge',
          '   VAR CONSTANT\n      FORWARD_STEP : Int := 10;\n      REVERSE_STEP : Int := 30;\n   END_VAR\n   VAR\n      startEdge',
        ),
        rotor('#Forward := #Step = 10 AND', '#Forward := #Step = #FORWARD_STEP AND'),
        rotor('#Reverse := #Step = 30 AND', '#Reverse := #Step = #REVERSE_STEP AND'),
      ],
      // the wrong number for reverse: it turns while it should pause
      twin: [
        rotor(
          '   VAR\n      startEdge',
          '   VAR CONSTANT\n      FORWARD_STEP : Int := 10;\n      REVERSE_STEP : Int := 20;\n   END_VAR\n   VAR\n      startEdge',
        ),
        rotor('#Forward := #Step = 10 AND', '#Forward := #Step = #FORWARD_STEP AND'),
        rotor('#Reverse := #Step = 30 AND', '#Reverse := #Step = #REVERSE_STEP AND'),
      ],
    },
    {
      title: 'the sequence as IF instead of CASE in two of its steps',
      edit: [
        rotor(PAUSES, ''),
        rotor(
          '   #Forward :=',
          '   IF #Step = 20 THEN\n      IF #pause.Q THEN\n         #Step := 30;\n      END_IF;\n   ELSIF #Step = 30 THEN\n      IF #reverseTime.Q THEN\n         #Step := 40;\n      END_IF;\n   END_IF;\n   #Forward :=',
        ),
        rotor('      ELSE\n         #Step := 0;\n', '      20, 30:\n         ;\n      ELSE\n         #Step := 0;\n'),
      ],
    },
    {
      title: 'the pause in another unit',
      edit: [data('T#1s500ms', 'T#1500ms')],
    },
    {
      title: 'the reset lamp blinks',
      edit: [
        shredder(
          '      beltFault : Bool;',
          '      beltFault : Bool;\n      blinkOn : TON_TIME;\n      blinkOff : TON_TIME;',
        ),
        shredder(
          '"DB_Output".Lamp_Reset := #safety.ResetNeeded;',
          '#blinkOn(IN := NOT #blinkOff.Q, PT := T#500ms);\n      #blinkOff(IN := #blinkOn.Q, PT := T#500ms);\n      "DB_Output".Lamp_Reset := #safety.ResetNeeded AND NOT #blinkOn.Q;',
        ),
      ],
    },
    {
      title: 'operating hours of the rotor',
      edit: [
        data('      Jams : DInt;', '      Jams : DInt;\n      Hours : DInt;'),
        shredder('      beltFault : Bool;', '      beltFault : Bool;\n      hour : TONR_TIME;'),
        shredder(
          STEP_LINE,
          `${STEP_LINE}      #hour(IN := "DB_Output".Rotor_Forward, R := #hour.Q, PT := T#1h);\n      IF #hour.Q THEN\n         "DB_HMI".Hours := "DB_HMI".Hours + 1;\n      END_IF;\n`,
        ),
      ],
      // after a service interval the reverse stays on
      twin: [
        data('      Jams : DInt;', '      Jams : DInt;\n      Hours : DInt;'),
        shredder('      beltFault : Bool;', '      beltFault : Bool;\n      hour : TONR_TIME;'),
        shredder(
          STEP_LINE,
          `${STEP_LINE}      #hour(IN := "DB_Output".Rotor_Forward, R := FALSE, PT := T#1h);\n      IF #hour.Q THEN\n         "DB_Output".Rotor_Reverse := TRUE;\n      END_IF;\n`,
        ),
      ],
    },
    {
      title: 'the level of the hopper on the panel',
      edit: [
        shredder(
          STEP_LINE,
          `${STEP_LINE}      "DB_HMI".Level := "FC_Scale"(Raw := "DB_Input".Level_Raw, High := 100.0);\n`,
        ),
      ],
    },
    {
      title: 'the rotor asks for the lid at the output too',
      edit: [shredder(FORWARD, FORWARD.replace(';', ' AND "DB_Input".HopperLid_Closed;'))],
      twin: [shredder(FORWARD, FORWARD.replace(' AND #safety.Released', ' AND "DB_Input".EmergencyStop_OK'))],
    },
    {
      title: 'a broken wire of the current sensor stops the rotor',
      edit: [
        shredder(
          '#rotor(Enable := #safety.Released,',
          '#rotor(Enable := #safety.Released AND "DB_Input".Current_Raw > -500,',
        ),
      ],
      twin: [
        shredder(
          '#rotor(Enable := #safety.Released,',
          '#rotor(Enable := #safety.Released OR "DB_Input".Current_Raw > 500,',
        ),
        shredder(FORWARD, FORWARD.replace(' AND #safety.Released', '')),
      ],
    },
    {
      title: 'the unused reserve deleted',
      edit: [rotor('      reserve : Bool;\n', '')],
    },
    {
      title: 'the scaling clamped below at zero, for the display',
      edit: [shredder('"DB_HMI".Current := #current;', '"DB_HMI".Current := MAX(IN1 := #current, IN2 := 0.0);')],
    },
    {
      title: 'the scaling with a local for the share',
      edit: [
        scale('   VAR_INPUT', '   VAR_TEMP\n      share : Real;\n   END_VAR\n   VAR_INPUT'),
        scale(
          '"FC_Scale" := INT_TO_REAL(#Raw) / 27648.0 * #High;',
          '#share := INT_TO_REAL(#Raw) / 27648.0;\n   "FC_Scale" := #share * #High;',
        ),
      ],
      twin: [scale('/ 27648.0', '/ 276480.0')],
    },
    {
      title: 'a member of the panel block more, with a structure',
      edit: [
        data(
          '      Level : Real;',
          "      Level : Real;\n      Statistics : Struct\n         Starts : DInt;\n         LastJam : Int;\n         Note : String[20] := 'none';\n      END_STRUCT;",
        ),
        shredder(
          STEP_LINE,
          `${STEP_LINE}      IF #rotor.Fault THEN\n         "DB_HMI".Statistics.LastJam := #rotor.Step;\n      END_IF;\n`,
        ),
      ],
    },
    {
      title: 'a life bit for the control room',
      edit: [
        data('      Level : Real;', '      Level : Real;\n      LifeBit : Bool;'),
        shredder(STEP_LINE, `${STEP_LINE}      "DB_HMI".LifeBit := NOT "DB_HMI".LifeBit;\n`),
      ],
    },
    {
      title: 'two blocks of one file in files of their own',
      edit: [
        (files) => {
          const text = files['src/50_Shredder.scl'] ?? '';
          const at = text.indexOf('DATA_BLOCK "DB_Shredder"');
          return { ...files, 'src/50_Shredder.scl': text.slice(0, at), 'src/90_Main.scl': text.slice(at) };
        },
      ],
    },
    {
      title: 'the start only after the counter of jams is cleared, as an edge of its own',
      edit: [
        rotor(
          START,
          START.replace(
            'ELSIF #startEdge.Q AND #Step = 0 THEN',
            'ELSIF #startEdge.Q AND #Step = 0 AND #Current < 20.0 THEN',
          ),
        ),
      ],
      twin: [
        rotor(START, START.replace('#startEdge.Q AND #Step = 0 THEN', '(#startEdge.Q OR #Start) AND #Step = 0 THEN')),
      ],
    },
    {
      title: 'scenario of the lid added to the site',
      edit: [
        added(
          'scenarios/lid.yaml',
          'name: lid opens while the rotor turns\nprogram: Main\ncycle: 20ms\nsteps:\n  - { at: 0ms, set: { DB_Input.EmergencyStop_OK: true, DB_Input.HopperLid_Closed: true, DB_Input.ServiceDoor_Closed: true } }\n  - { at: 100ms, pulse: { DB_Input.Button_Reset: 100ms } }\n  - { at: 400ms, pulse: { DB_Input.Button_Start: 100ms } }\n  - { at: 700ms, expect: { DB_Output.Rotor_Forward: true } }\n  - { at: 800ms, set: { DB_Input.HopperLid_Closed: false } }\n  - { at: 840ms, expect: { DB_Output.Rotor_Forward: false } }\nuntil: 1s\n',
        ),
      ],
    },
  ],
};
