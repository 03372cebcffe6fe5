/** A bottle washer on a Rockwell controller: one .L5X export with an Add-On Instruction, ST routines and two tasks. */

import type { Files } from './harmless-machine.js';

const line = (text: string, at: number): string => `<Line Number="${at}"><![CDATA[${text}]]></Line>`;

/** An ST routine from its text, one element per line as the editor exports it. */
export const routine = (name: string, text: string): string =>
  `<Routine Name="${name}" Type="ST"><STContent>\n${text.trimEnd().split('\n').map(line).join('\n')}\n</STContent></Routine>\n`;

export const tag = (name: string, type: string, value?: number): string =>
  value === undefined
    ? `<Tag Name="${name}" TagType="Base" DataType="${type}"/>\n`
    : `<Tag Name="${name}" TagType="Base" DataType="${type}"><Data Format="Decorated"><DataValue DataType="${type}" Radix="Decimal" Value="${value}"/></Data></Tag>\n`;

export const SAFETY = routine(
  'Safety',
  `// Stored demand, cleared by the edge of the reset button
ResetEdge.InputBit := PB_Reset;
OSRI(ResetEdge);
Healthy := EStop_OK AND Hood_Closed AND Light_Curtain_OK;
IF NOT Healthy THEN
  Released := 0;
ELSIF ResetEdge.OutputBit THEN
  Released := 1;
END_IF;
`,
);

export const SEQUENCE = routine(
  'Sequence',
  `StartEdge.InputBit := PB_Start;
OSRI(StartEdge);
IF NOT Released OR PB_Stop THEN
  Run := 0;
ELSIF StartEdge.OutputBit THEN
  Run := 1;
END_IF;
IF NOT Run THEN
  Step := 0;
END_IF;
StepTimer.TimerEnable := Step = 20;
StepTimer.PRE := Rinse_Time;
TONR(StepTimer);
CASE Step OF
  0:
    IF Run THEN
      Step := 10;
    END_IF;
  10:
    IF PE_Bottle THEN
      Step := 20;
    END_IF;
  20:
    IF StepTimer.DN THEN
      Step := 10;
      Bottles := Bottles + 1;
    END_IF;
ELSE
  Step := 0;
END_CASE;
`,
);

export const OUTPUTS = routine(
  'Outputs',
  `Lamp_Run := Run;
DriveRequest := Run AND Step = 10;
DriveControl(MainDrive, Released, DriveRequest, Drive_Feedback);
Motor_Conveyor := MainDrive.Run AND Released AND EStop_OK AND Hood_Closed AND Light_Curtain_OK;
Pump_Rinse := Step = 20 AND Released AND Hood_Closed AND EStop_OK AND Light_Curtain_OK;
Overheat := Bath_Temp > Bath_Limit OR Bath_Temp < 0;
Heater_Bath := HMI_Heat AND NOT Overheat AND EStop_OK AND Bath_Temp < Bath_Setpoint;
Lamp_Reset := NOT Released;
`,
);

const parameter = (name: string, usage: string, type = 'BOOL', required = true): string =>
  `<Parameter Name="${name}" TagType="Base" DataType="${type}" Usage="${usage}" Required="${required}" Visible="true"/>\n`;

export const LOGIC = routine(
  'Logic',
  `Watch.TimerEnable := Run AND NOT Feedback;
Watch.PRE := 2000;
TONR(Watch);
IF Watch.DN THEN
  Fault := 1;
ELSIF NOT Request THEN
  Fault := 0;
END_IF;
Run := Request AND Enable AND NOT Fault;
`,
);

export const WASHER_FILES: Files = {
  'plantwright.yaml': `site: bottle-washer-5
location: Milwaukee, WI
line_type: Filling
plc_type: Allen-Bradley ControlLogix
firmware_version: "33.11"
dialect: rockwell
sources: [src/**]
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: EStop_OK, role: estop, zone: washer }
    - { tag: Hood_Closed, role: guard, zone: washer }
    - { tag: Light_Curtain_OK, role: light_curtain, zone: washer }
    - { tag: PB_Reset, role: reset, zone: washer }
    - { tag: PB_Start, role: start, zone: washer }
    - { tag: Motor_Conveyor, role: hazard, zone: washer }
    - { tag: Pump_Rinse, role: hazard, zone: washer }
    - { tag: Heater_Bath, role: hazard, zone: bath, requires: [EStop_OK] }
    - { tag: HMI_*, role: operator }
`,
  'src/Washer.L5X': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<RSLogix5000Content SchemaRevision="1.0" SoftwareRevision="33.01" TargetName="Washer" TargetType="Controller">
<Controller Use="Target" Name="Washer">
<DataTypes/>
<AddOnInstructionDefinitions>
<AddOnInstructionDefinition Name="DriveControl" Revision="1.0">
<Parameters>
${parameter('EnableIn', 'Input', 'BOOL', false)}${parameter('EnableOut', 'Output', 'BOOL', false)}${parameter('Enable', 'Input')}${parameter('Request', 'Input')}${parameter('Feedback', 'Input')}${parameter('Run', 'Output', 'BOOL', false)}${parameter('Fault', 'Output', 'BOOL', false)}</Parameters>
<LocalTags><LocalTag Name="Watch" DataType="FBD_TIMER"/></LocalTags>
<Routines>${LOGIC}</Routines>
</AddOnInstructionDefinition>
</AddOnInstructionDefinitions>
<Tags>
${['EStop_OK', 'Hood_Closed', 'Light_Curtain_OK', 'PB_Reset', 'PB_Start', 'PB_Stop', 'PE_Bottle', 'Drive_Feedback', 'Motor_Conveyor', 'Pump_Rinse', 'Heater_Bath', 'Lamp_Reset', 'Lamp_Run', 'HMI_Heat'].map((name) => tag(name, 'BOOL')).join('')}${tag('Bath_Temp', 'DINT')}${tag('Bath_Limit', 'DINT', 850).replace('TagType="Base"', 'TagType="Base" Constant="true"')}${tag('Bath_Setpoint', 'DINT', 780).replace('TagType="Base"', 'TagType="Base" Constant="true"')}${tag('HMI_State', 'DINT')}${tag('HMI_Bottles', 'DINT')}${tag('Line_Running', 'BOOL')}</Tags>
<Programs>
<Program Name="Main" MainRoutineName="MainRoutine">
<Tags>
${['Released', 'Healthy', 'Run', 'Overheat', 'DriveRequest', 'Spare'].map((name) => tag(name, 'BOOL')).join('')}${tag('Step', 'DINT')}${tag('Bottles', 'DINT')}${tag('Rinse_Time', 'DINT', 3000)}${tag('ResetEdge', 'FBD_ONESHOT')}${tag('StartEdge', 'FBD_ONESHOT')}${tag('StepTimer', 'FBD_TIMER')}${tag('MainDrive', 'DriveControl')}</Tags>
<Routines>
${routine('MainRoutine', 'JSR(Safety);\nJSR(Sequence);\nJSR(Outputs);\nHMI_State := Step;\nHMI_Bottles := Bottles;\nLine_Running := Run;\n')}${SAFETY}${SEQUENCE}${OUTPUTS}</Routines>
</Program>
<Program Name="Diag" MainRoutineName="DiagRoutine">
<Tags>${tag('Cycles', 'DINT')}</Tags>
<Routines>${routine('DiagRoutine', 'IF Line_Running THEN\n  Cycles := Cycles + 1;\nEND_IF;\n')}</Routines>
</Program>
</Programs>
<Tasks>
<Task Name="Fast" Type="PERIODIC" Rate="10" Priority="3"><ScheduledPrograms><ScheduledProgram Name="Main"/></ScheduledPrograms></Task>
<Task Name="Slow" Type="PERIODIC" Rate="100" Priority="9"><ScheduledPrograms><ScheduledProgram Name="Diag"/></ScheduledPrograms></Task>
</Tasks>
</Controller>
</RSLogix5000Content>
`,
};
