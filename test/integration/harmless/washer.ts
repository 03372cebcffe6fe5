/** Everyday edits of the bottle washer. */

import { type HarmlessMachine, inFile, renamed, type Step } from './harmless-machine.js';
import { LOGIC, OUTPUTS, routine, SAFETY, SEQUENCE, tag, WASHER_FILES } from './washer-source.js';

const FILE = 'src/Washer.L5X';
const export_ = inFile(FILE);

/** Text of an exported routine, without the elements around its lines. */
const linesOf = (element: string): string =>
  [...element.matchAll(/<Line Number="\d+"><!\[CDATA\[(.*?)\]\]><\/Line>/g)].map(([, line]) => line).join('\n');

/** Edits one routine and exports it anew, with its lines numbered again. */
const inRoutine =
  (name: string, element: string) =>
  (...pairs: readonly (readonly [from: string, to: string])[]): Step => {
    let text = linesOf(element);
    for (const [from, to] of pairs) {
      if (!text.includes(from)) throw new Error(`${name} has no "${from}"`);
      text = text.replace(from, () => to);
    }
    return export_(element, routine(name, text));
  };

const safety = inRoutine('Safety', SAFETY);
const sequence = inRoutine('Sequence', SEQUENCE);
const outputs = inRoutine('Outputs', OUTPUTS);
const logic = inRoutine('Logic', LOGIC);
const programTag = (name: string, type: string) =>
  export_(tag('Spare', 'BOOL'), tag('Spare', 'BOOL') + tag(name, type));
const LATCH = 'IF NOT Healthy THEN\n  Released := 0;\nELSIF ResetEdge.OutputBit THEN\n  Released := 1;\nEND_IF;';
const RUN = 'IF NOT Released OR PB_Stop THEN\n  Run := 0;\nELSIF StartEdge.OutputBit THEN\n  Run := 1;\nEND_IF;';
const CONVEYOR = 'Motor_Conveyor := MainDrive.Run AND Released AND EStop_OK AND Hood_Closed AND Light_Curtain_OK;';
const HEATER = 'Heater_Bath := HMI_Heat AND NOT Overheat AND EStop_OK AND Bath_Temp < Bath_Setpoint;';
const LAMP = 'Lamp_Reset := NOT Released;';

export const WASHER: HarmlessMachine = {
  name: 'bottle washer on Logix',
  files: WASHER_FILES,
  edits: [
    {
      title: 'comments with a revision',
      edit: [
        sequence([
          'StartEdge.InputBit',
          '// Rev. C, 2026-01-18: comments. Hood must not be bypassed.\nStartEdge.InputBit',
        ]),
      ],
      // the hood ends up behind the comment
      twin: [safety(['Healthy := EStop_OK AND Hood_Closed AND', 'Healthy := EStop_OK AND // Hood_Closed AND\n'])],
    },
    {
      title: 'the latch as one assignment',
      edit: [safety([LATCH, 'Released := Healthy AND (Released OR ResetEdge.OutputBit);'])],
      twin: [safety([LATCH, 'Released := Healthy AND Released OR ResetEdge.OutputBit;'])],
    },
    {
      title: 'De Morgan in the trip',
      edit: [safety(['IF NOT Healthy THEN', 'IF NOT EStop_OK OR NOT Hood_Closed OR NOT Light_Curtain_OK THEN'])],
      twin: [safety(['IF NOT Healthy THEN', 'IF NOT EStop_OK OR NOT Hood_Closed AND NOT Light_Curtain_OK THEN'])],
    },
    {
      title: 'the run bit as one assignment',
      edit: [sequence([RUN, 'Run := (Run OR StartEdge.OutputBit) AND Released AND NOT PB_Stop;'])],
      twin: [sequence([RUN, 'Run := (Run OR PB_Start) AND Released AND NOT PB_Stop;'])],
    },
    {
      title: 'the sequence as ELSIF chain',
      edit: [
        sequence(
          ['CASE Step OF\n  0:\n    IF Run THEN', 'IF Step = 0 THEN\n    IF Run THEN'],
          ['  10:\n', 'ELSIF Step = 10 THEN\n'],
          ['  20:\n', 'ELSIF Step = 20 THEN\n'],
          ['END_CASE;', 'END_IF;'],
        ),
      ],
    },
    {
      title: 'a step tag renamed in the program',
      edit: [renamed('Step', 'Wash_Step')],
    },
    {
      title: 'a run lamp that blinks while the conveyor waits',
      edit: [
        programTag('Blink', 'FBD_TIMER'),
        outputs([
          'Lamp_Run := Run;',
          'Blink.TimerEnable := NOT Blink.DN;\nBlink.PRE := 500;\nTONR(Blink);\nIF Blink.DN THEN\n  Lamp_Run := NOT Lamp_Run;\nEND_IF;\nLamp_Run := Lamp_Run AND Run;',
        ]),
      ],
    },
    {
      title: 'a stack light with an alarm and a horn as new outputs',
      edit: [
        export_(tag('Lamp_Run', 'BOOL'), tag('Lamp_Run', 'BOOL') + tag('Horn', 'BOOL') + tag('Stack_Red', 'BOOL')),
        outputs([LAMP, `${LAMP}\nStack_Red := MainDrive.Fault OR Overheat;\nHorn := Stack_Red AND NOT Run;`]),
      ],
      twin: [
        export_(tag('Lamp_Run', 'BOOL'), tag('Lamp_Run', 'BOOL') + tag('Horn', 'BOOL')),
        outputs([LAMP, `${LAMP}\nHorn := MainDrive.Fault;\nPump_Rinse := Pump_Rinse OR Horn;`]),
      ],
    },
    {
      title: 'operating hours in the slow task',
      edit: [
        export_(
          routine('DiagRoutine', 'IF Line_Running THEN\n  Cycles := Cycles + 1;\nEND_IF;\n'),
          routine(
            'DiagRoutine',
            'IF Line_Running THEN\n  Cycles := Cycles + 1;\n  IF Cycles MOD 36000 = 0 THEN\n    Hours := Hours + 1;\n  END_IF;\nEND_IF;\n',
          ),
        ),
        export_(tag('Cycles', 'DINT'), tag('Cycles', 'DINT') + tag('Hours', 'DINT')),
      ],
      // the slow task writes an output
      twin: [
        export_(
          routine('DiagRoutine', 'IF Line_Running THEN\n  Cycles := Cycles + 1;\nEND_IF;\n'),
          routine(
            'DiagRoutine',
            'IF Line_Running THEN\n  Cycles := Cycles + 1;\n  Pump_Rinse := Cycles MOD 36000 = 0;\nEND_IF;\n',
          ),
        ),
      ],
    },
    {
      title: 'the bath temperature scaled for the display',
      edit: [
        export_(tag('HMI_Bottles', 'DINT'), tag('HMI_Bottles', 'DINT') + tag('HMI_Bath', 'REAL')),
        outputs([LAMP, `${LAMP}\nHMI_Bath := Bath_Temp / 10.0;`]),
      ],
    },
    {
      title: 'the conveyor stops while the bath is too hot',
      edit: [
        outputs(
          [CONVEYOR, CONVEYOR.replace(';', ' AND NOT Overheat;')],
          ['Overheat := Bath_Temp > Bath_Limit OR Bath_Temp < 0;\n', ''],
          ['Motor_Conveyor', 'Overheat := Bath_Temp > Bath_Limit OR Bath_Temp < 0;\nMotor_Conveyor'],
        ),
      ],
      twin: [outputs([CONVEYOR, CONVEYOR.replace(' AND Light_Curtain_OK', ' AND (Light_Curtain_OK OR NOT Overheat)')])],
    },
    {
      title: 'the heater waits for the hood too',
      edit: [outputs([HEATER, HEATER.replace('EStop_OK AND', 'EStop_OK AND Hood_Closed AND')])],
      twin: [outputs([HEATER, HEATER.replace('EStop_OK AND', 'Hood_Closed AND')])],
    },
    {
      title: 'a lower limit of the bath',
      edit: [export_('Value="850"', 'Value="820"')],
      twin: [export_('Value="850"', 'Value="8500"')],
    },
    {
      title: 'a longer rinse',
      edit: [export_('Value="3000"', 'Value="3500"')],
    },
    {
      title: 'a drive fault stops the machine',
      edit: [sequence(['IF NOT Released OR PB_Stop THEN', 'IF NOT Released OR PB_Stop OR MainDrive.Fault THEN'])],
      twin: [sequence(['IF NOT Released OR PB_Stop THEN', 'IF NOT Released AND (PB_Stop OR MainDrive.Fault) THEN'])],
    },
    {
      title: 'the drive instruction with a local for readiness',
      edit: [
        export_('<LocalTags>', '<LocalTags><LocalTag Name="Ready" DataType="BOOL"/>'),
        logic([
          'Run := Request AND Enable AND NOT Fault;',
          'Ready := Enable AND NOT Fault;\nRun := Request AND Ready;',
        ]),
      ],
      twin: [
        export_('<LocalTags>', '<LocalTags><LocalTag Name="Ready" DataType="BOOL"/>'),
        logic([
          'Run := Request AND Enable AND NOT Fault;',
          'Run := Request AND Ready;\nReady := Enable AND NOT Fault;',
        ]),
        outputs([CONVEYOR, 'Motor_Conveyor := MainDrive.Run;']),
      ],
    },
    {
      title: 'the status of the panel in a routine of its own',
      edit: [
        export_(
          routine(
            'MainRoutine',
            'JSR(Safety);\nJSR(Sequence);\nJSR(Outputs);\nHMI_State := Step;\nHMI_Bottles := Bottles;\nLine_Running := Run;\n',
          ),
          routine('MainRoutine', 'JSR(Safety);\nJSR(Sequence);\nJSR(Outputs);\nJSR(Panel);\nLine_Running := Run;\n') +
            routine('Panel', 'HMI_State := Step;\nHMI_Bottles := Bottles;\n'),
        ),
      ],
      // the call of the safety routine gets lost on the way
      twin: [
        export_(
          routine(
            'MainRoutine',
            'JSR(Safety);\nJSR(Sequence);\nJSR(Outputs);\nHMI_State := Step;\nHMI_Bottles := Bottles;\nLine_Running := Run;\n',
          ),
          routine(
            'MainRoutine',
            'IF Run THEN\n  JSR(Safety);\nEND_IF;\nJSR(Sequence);\nJSR(Outputs);\nJSR(Panel);\nLine_Running := Run;\n',
          ) + routine('Panel', 'HMI_State := Step;\nHMI_Bottles := Bottles;\n'),
        ),
      ],
    },
    {
      title: 'an unused tag deleted',
      edit: [export_(tag('Spare', 'BOOL'), '')],
    },
    {
      title: 'the pump after the conveyor in another order',
      edit: [outputs([`${CONVEYOR}\n`, ''], [HEATER, `${HEATER}\n${CONVEYOR}`])],
    },
  ],
  refused: [
    {
      title: 'the export of a newer editor',
      edit: [export_('SoftwareRevision="33.01"', 'SoftwareRevision="33.02"')],
      because: 'the revision says which compiler and target the code is built for',
    },
  ],
};
