/** A depalletizer as a Logix export: routines in ST called by JSR, add-on instructions, TONR, OSRI and mapped I/O tags. */

import type { Files } from './red-team-machine.js';

const routine = (name: string, text: string): string =>
  `<Routine Name="${name}" Type="ST">\n<STContent>\n${text
    .split('\n')
    .map((line, at) => `<Line Number="${at}">\n<![CDATA[${line}]]>\n</Line>`)
    .join('\n')}\n</STContent>\n</Routine>`;

const tag = (name: string, type = 'BOOL', value?: string): string =>
  value === undefined
    ? `<Tag Name="${name}" TagType="Base" DataType="${type}" Radix="Decimal"/>`
    : `<Tag Name="${name}" TagType="Base" DataType="${type}" Radix="Decimal"><Data Format="Decorated"><DataValue DataType="${type}" Radix="Decimal" Value="${value}"/></Data></Tag>`;

const constant = (name: string, type: string, value: string): string =>
  tag(name, type, value).replace('TagType="Base"', 'TagType="Base" Constant="true"');

const parameter = (name: string, usage: string, type = 'BOOL'): string =>
  `<Parameter Name="${name}" TagType="Base" DataType="${type}" Usage="${usage}" Required="${usage === 'Input'}" Visible="true"/>`;

const local = (name: string, type: string, value?: string): string =>
  value === undefined
    ? `<LocalTag Name="${name}" DataType="${type}"/>`
    : `<LocalTag Name="${name}" DataType="${type}"><DefaultData Format="Decorated"><DataValue DataType="${type}" Radix="Decimal" Value="${value}"/></DefaultData></LocalTag>`;

const instruction = (name: string, parameters: readonly string[], locals: readonly string[], text: string): string =>
  `<AddOnInstructionDefinition Name="${name}" Revision="1.0">\n<Parameters>\n${[
    parameter('EnableIn', 'Input').replace('Required="true"', 'Required="false"'),
    parameter('EnableOut', 'Output'),
    ...parameters,
  ].join(
    '\n',
  )}\n</Parameters>\n<LocalTags>\n${locals.join('\n')}\n</LocalTags>\n<Routines>\n${routine('Logic', text)}\n</Routines>\n</AddOnInstructionDefinition>`;

const ZONE = instruction(
  'Zone_Stop',
  [
    parameter('EStop', 'Input'),
    parameter('Gate_A', 'Input'),
    parameter('Gate_B', 'Input'),
    parameter('Curtain', 'Input'),
    parameter('Reset', 'Input'),
    parameter('Disc_ms', 'Input', 'DINT'),
    parameter('OK', 'Output'),
    parameter('Fault', 'Output'),
  ],
  [local('disc', 'FBD_TIMER'), local('edge', 'FBD_ONESHOT'), local('latched', 'BOOL')],
  `// two gate channels must agree within the discrepancy time
disc.TimerEnable := Gate_A XOR Gate_B;
disc.PRE := Disc_ms;
TONR(disc);
if disc.DN then
  Fault := 1;
elsif not Gate_A and not Gate_B then
  Fault := 0;
end_if;
edge.InputBit := Reset;
OSRI(edge);
// latched = released by a person; lost with every demand
if not EStop or not Gate_A or not Gate_B or not Curtain or Fault then
  latched := 0;
elsif edge.OutputBit then
  latched := 1;
end_if;
OK := latched and EStop and Gate_A and Gate_B and Curtain and not Fault;`,
);

const DRIVE = instruction(
  'Drive_Start',
  [
    parameter('Permit', 'Input'),
    parameter('Request', 'Input'),
    parameter('Feedback', 'Input'),
    parameter('Run', 'Output'),
    parameter('Fail', 'Output'),
  ],
  [local('mismatch', 'FBD_TIMER')],
  `mismatch.TimerEnable := Run XOR Feedback;
mismatch.PRE := 1500;
TONR(mismatch);
if mismatch.DN then
  Fail := 1;
elsif not Request and not Feedback then
  Fail := 0;
end_if;
Run := Permit and Request and not Fail;`,
);

const MAIN = `JSR(Inputs);
JSR(Safety);
JSR(Hoist);
JSR(Conveyor);
JSR(Panel);`;

const INPUTS = `// height in mm from the counts of the encoder, 12.5 counts per mm
Height_mm := Height_Counts / 12.5;
if Height_mm < 0.0 then
  Height_mm := 0.0;
end_if;
Slack := Load_Cell < 400;
Overload := Load_Cell > 21000;`;

const SAFETY = `Zone_Stop(Zone1, EStop_OK, Gate1_A, Gate1_B, Curtain1, Reset_PB, 250);
Zone_Stop(Zone2, EStop_OK, Gate2_A, Gate2_B, Curtain2, Reset_PB, 250);`;

const HOIST = `start_edge.InputBit := Start_PB;
OSRI(start_edge);
if Stop_PB or not Zone1.OK or Overload then
  auto := 0;
  step := 0;
elsif start_edge.OutputBit and not Manual_Key then
  auto := 1;
end_if;

case step of
  0:
    if auto and Pallet_Present then
      step := 10;
    end_if;
  10: // down to the layer
    if Height_mm <= Layer_Height then
      step := 20;
    end_if;
  20: // grip
    if Gripper_Closed then
      step := 30;
    end_if;
  30: // up
    if Height_mm >= Top_mm then
      step := 40;
    end_if;
  40:
    if not Gripper_Closed then
      step := 0;
      Layers := Layers + 1;
    end_if;
else
  step := 0;
end_case;

want_up := (step = 30) or (Manual_Key and Jog_Up);
want_down := (step = 10) or (Manual_Key and Jog_Down);
Hoist_Up := want_up and not want_down and Zone1.OK and not Limit_Top and not Overload;
Hoist_Down := want_down and not want_up and Zone1.OK and not Limit_Bottom and not Slack;
Brake_Release := (Hoist_Up or Hoist_Down) and Zone1.OK;
Gripper_Close := (step >= 20) and EStop_OK;
if Hoist_Up or Hoist_Down then
  Hoist_Speed := Auto_Speed;
  if Manual_Key then
    Hoist_Speed := Manual_Speed;
  end_if;
else
  Hoist_Speed := 0;
end_if;`;

const CONVEYOR = `Drive_Start(Infeed, Zone2.OK, auto and not Pallet_Present, Infeed_Aux);
Infeed_Run := Infeed.Run;
Drive_Start(Outfeed, Zone2.OK and Zone1.OK, auto, Outfeed_Aux);
Outfeed_Run := Outfeed.Run;`;

const PANEL = `Lamp_Reset := not Zone1.OK or not Zone2.OK;
Horn := Infeed.Fail or Outfeed.Fail or Overload;
HMI_Step := step;
HMI_Height := Height_mm;`;

export const DEPALLETIZER_FILES: Files = {
  'plantwright.yaml': `site: depal-12
location: Modesto, CA
line_type: Depalletizer
plc_type: ControlLogix 5580
firmware_version: "33.11"
dialect: rockwell
sources: [src/**]
cycle: 10ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: EStop_OK, role: estop, zone: hoist }
    - { tag: Gate1_A, role: guard, zone: hoist }
    - { tag: Gate1_B, role: guard, zone: hoist }
    - { tag: Curtain1, role: light_curtain, zone: hoist }
    - { tag: Gate2_A, role: guard, zone: conveyor }
    - { tag: Gate2_B, role: guard, zone: conveyor }
    - { tag: Curtain2, role: light_curtain, zone: conveyor }
    - { tag: EStop_OK, role: estop, zone: conveyor }
    - { tag: Reset_PB, role: reset, zone: hoist }
    - { tag: Start_PB, role: start, zone: hoist }
    - { tag: Hoist_Up, role: hazard, zone: hoist, off: false }
    - { tag: Hoist_Down, role: hazard, zone: hoist, off: false }
    - { tag: Brake_Release, role: hazard, zone: hoist, off: false }
    - { tag: Infeed_Run, role: hazard, zone: conveyor, off: false }
    - { tag: Outfeed_Run, role: hazard, zone: conveyor, off: false }
    - { tag: HMI_*, role: operator }
  mutually_exclusive: [[Hoist_Up, Hoist_Down]]
`,
  'src/Depal.L5X': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<RSLogix5000Content SchemaRevision="1.0" SoftwareRevision="33.01" TargetName="Depal" TargetType="Controller">
<Controller Use="Target" Name="Depal">
<DataTypes/>
<AddOnInstructionDefinitions>
${ZONE}
${DRIVE}
</AddOnInstructionDefinitions>
<Tags>
${[
  ...[
    'EStop_OK',
    'Gate1_A',
    'Gate1_B',
    'Gate2_A',
    'Gate2_B',
    'Curtain1',
    'Curtain2',
    'Reset_PB',
    'Start_PB',
    'Stop_PB',
  ],
  ...['Manual_Key', 'Jog_Up', 'Jog_Down', 'Pallet_Present', 'Gripper_Closed', 'Limit_Top', 'Limit_Bottom'],
  ...['Infeed_Aux', 'Outfeed_Aux', 'Hoist_Up', 'Hoist_Down', 'Brake_Release', 'Gripper_Close', 'Infeed_Run'],
  ...['Outfeed_Run', 'Lamp_Reset', 'Horn', 'Overload', 'Slack', 'HMI_Clean', 'HMI_Skip_Curtain'],
]
  .map((name) => tag(name))
  .join('\n')}
${tag('Zone1', 'Zone_Stop')}
${tag('Zone2', 'Zone_Stop')}
${tag('Infeed', 'Drive_Start')}
${tag('Outfeed', 'Drive_Start')}
${tag('Height_Counts', 'DINT')}
${tag('Load_Cell', 'INT')}
${tag('Height_mm', 'REAL')}
${tag('Hoist_Speed', 'DINT')}
${tag('HMI_Step', 'DINT')}
${tag('HMI_Height', 'REAL')}
${tag('Layers', 'DINT', '0')}
${tag('Layer_Height', 'REAL', '150.0')}
${constant('Top_mm', 'REAL', '1850.0')}
${constant('Auto_Speed', 'DINT', '800')}
${constant('Manual_Speed', 'DINT', '100')}
</Tags>
<Programs>
<Program Name="Depalletizer" MainRoutineName="Main">
<Tags>
${tag('step', 'DINT')}
${tag('auto')}
${tag('want_up')}
${tag('want_down')}
${tag('start_edge', 'FBD_ONESHOT')}
</Tags>
<Routines>
${routine('Main', MAIN)}
${routine('Inputs', INPUTS)}
${routine('Safety', SAFETY)}
${routine('Hoist', HOIST)}
${routine('Conveyor', CONVEYOR)}
${routine('Panel', PANEL)}
</Routines>
</Program>
</Programs>
<Tasks>
<Task Name="Fast" Type="PERIODIC" Rate="10" Priority="5" Watchdog="100"><ScheduledPrograms><ScheduledProgram Name="Depalletizer"/></ScheduledPrograms></Task>
</Tasks>
</Controller>
</RSLogix5000Content>
`,
};
