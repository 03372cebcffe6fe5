/** What is done to the depalletizer: arguments of add-on instructions, order of JSR, one-shots, limits and tags. */

import { DEPALLETIZER_FILES } from './depalletizer-site.js';
import { inFile, type RedTeamMachine } from './red-team-machine.js';

const edit = inFile('src/Depal.L5X');
const UP = 'Hoist_Up := want_up and not want_down and Zone1.OK and not Limit_Top and not Overload;';
const DOWN = 'Hoist_Down := want_down and not want_up and Zone1.OK and not Limit_Bottom and not Slack;';
const BRAKE = 'Brake_Release := (Hoist_Up or Hoist_Down) and Zone1.OK;';
const CALL1 = 'Zone_Stop(Zone1, EStop_OK, Gate1_A, Gate1_B, Curtain1, Reset_PB, 250);';
const CALL2 = 'Zone_Stop(Zone2, EStop_OK, Gate2_A, Gate2_B, Curtain2, Reset_PB, 250);';
const OK = 'OK := latched and EStop and Gate_A and Gate_B and Curtain and not Fault;';
const DEMAND = 'if not EStop or not Gate_A or not Gate_B or not Curtain or Fault then';

/** Two lines in the place of one: the second in a CDATA section of its own. */
const twoLines = (first: string, second: string): string =>
  `${first}]]>\n</Line>\n<Line Number="900">\n<![CDATA[${second}`;

export const DEPALLETIZER: RedTeamMachine = {
  name: 'depalletizer',
  files: DEPALLETIZER_FILES,
  unsafe: [
    edit('one channel of the gate twice', [CALL1, CALL1.replace('Gate1_B', 'Gate1_A')]),
    edit('zone 1 watches the gate of zone 2 after a copy', [
      CALL1,
      CALL1.replace('Gate1_A, Gate1_B', 'Gate2_A, Gate2_B'),
    ]),
    edit('curtain and reset exchanged: breaking the curtain resets the zone', [
      CALL1,
      'Zone_Stop(Zone1, EStop_OK, Gate1_A, Gate1_B, Reset_PB, Curtain1, 250);',
    ]),
    edit('the curtain of zone 2 is switched off from the panel', [
      CALL2,
      CALL2.replace('Curtain2', 'Curtain2 or HMI_Skip_Curtain'),
    ]),
    edit('a literal one instead of the curtain', [CALL1, CALL1.replace('Curtain1', '1')]),
    edit('the zone is only evaluated in automatic', [CALL1, `if auto then ${CALL1} end_if;`]),
    edit('both calls work on the instance of zone 1', [CALL2, CALL2.replace('Zone2', 'Zone1')]),
    edit('the release is given from outside the instruction', [
      CALL2,
      twoLines(CALL2, 'Zone2.OK := Zone2.OK or HMI_Clean;'),
    ]),
    edit(
      'the latch of the instruction ignores the curtain, the output too',
      [DEMAND, 'if not EStop or not Gate_A or not Gate_B or Fault then'],
      [OK, OK.replace(' and Curtain', '')],
    ),
    edit(
      'the demand must come from both channels',
      [DEMAND, DEMAND.replace('not Gate_A or not Gate_B', 'not Gate_A and not Gate_B')],
      [OK, OK.replace('Gate_A and Gate_B', '(Gate_A or Gate_B)')],
    ),
    edit(
      'the output of the zone is the latch, and the reset acts last',
      [DEMAND, 'if edge.OutputBit then'],
      ['  latched := 0;', '  latched := 1;'],
      ['elsif edge.OutputBit then', DEMAND.replace('if', 'elsif')],
      ['  latched := 1;\n'.trimEnd(), '  latched := 1;'],
      [OK, 'OK := latched;'],
    ),
    edit('no one-shot at the reset', ['elsif edge.OutputBit then', 'elsif Reset then']),
    edit(
      'the fault of the channels does not matter',
      [OK, OK.replace(' and not Fault', '')],
      [DEMAND, DEMAND.replace(' or Fault', '')],
    ),
    edit('the fault of the channels resets by itself', ['elsif not Gate_A and not Gate_B then', 'else']),
    edit('the hoist rises with the gate open', [UP, UP.replace(' and Zone1.OK', '')]),
    edit('the hoist rises in manual with the gate open', [UP, UP.replace('Zone1.OK', '(Zone1.OK or Manual_Key)')]),
    edit('the hoist lowers by the zone of the conveyor', [DOWN, DOWN.replace('Zone1.OK', 'Zone2.OK')]),
    edit('the hoist runs into the top', [UP, UP.replace(' and not Limit_Top', '')]),
    edit('the rope goes slack over the load', [DOWN, DOWN.replace(' and not Slack', '')]),
    edit(
      'the limit switches are exchanged',
      [UP, UP.replace('Limit_Top', 'Limit_Bottom')],
      [DOWN, DOWN.replace('Limit_Bottom', 'Limit_Top')],
    ),
    edit(
      'up and down at the same time while jogging',
      [UP, UP.replace(' and not want_down', '')],
      [DOWN, DOWN.replace(' and not want_up', '')],
    ),
    edit('an overloaded hoist still lifts', [UP, UP.replace(' and not Overload', '')]),
    edit('the overload lies beyond the range of the load cell', [
      'Overload := Load_Cell > 21000;',
      'Overload := Load_Cell > 32767;',
    ]),
    edit('the overload is compared with the wrong sign', [
      'Overload := Load_Cell > 21000;',
      'Overload := Load_Cell < -21000;',
    ]),
    edit('slack rope at zero only', ['Slack := Load_Cell < 400;', 'Slack := Load_Cell < 0;']),
    edit('the brake opens with the request: the load falls with the gate open', [
      BRAKE,
      'Brake_Release := want_up or want_down;',
    ]),
    edit('the brake stays open once it was opened', [
      BRAKE,
      'Brake_Release := (Hoist_Up or Hoist_Down or Brake_Release) and EStop_OK;',
    ]),
    edit(
      'the brake opens before the safety of this scan is known',
      ['<![CDATA[JSR(Safety);]]>', '<![CDATA[]]>'],
      ['<![CDATA[JSR(Panel);]]>', '<![CDATA[JSR(Panel); JSR(Safety);]]>'],
    ),
    edit('the safety routine is not called while cleaning', [
      '<![CDATA[JSR(Safety);]]>',
      '<![CDATA[if not HMI_Clean then JSR(Safety); end_if;]]>',
    ]),
    edit('the safety routine is commented out', ['<![CDATA[JSR(Safety);]]>', '<![CDATA[// JSR(Safety);]]>']),
    edit('the hoist starts again when the zone is reset', [
      'if Stop_PB or not Zone1.OK or Overload then',
      'if Stop_PB or Overload then',
    ]),
    edit('the held start button restarts after the stop', [
      'elsif start_edge.OutputBit and not Manual_Key then',
      'elsif Start_PB and not Manual_Key then',
    ]),
    edit('automatic also with the manual key', [
      'elsif start_edge.OutputBit and not Manual_Key then',
      'elsif start_edge.OutputBit or Manual_Key then',
    ]),
    edit('the height is scaled in inches: the hoist runs past the top', [
      'Height_Counts / 12.5;',
      'Height_Counts / 317.5;',
    ]),
    edit('the top lies above the roof', ['Value="1850.0"', 'Value="18500.0"']),
    edit('the infeed runs with the gate open', ['Drive_Start(Infeed, Zone2.OK,', 'Drive_Start(Infeed, Zone1.OK,']),
    edit('permit and request exchanged, and the permit is the automatic', [
      'Drive_Start(Infeed, Zone2.OK, auto and not Pallet_Present, Infeed_Aux);',
      'Drive_Start(Infeed, auto and not Pallet_Present, 1, Infeed_Aux);',
    ]),
    edit('the outfeed moves into the open zone of the hoist', [
      'Zone2.OK and Zone1.OK, auto',
      'Zone2.OK or Zone1.OK, auto',
    ]),
    edit('the feedback is the command', [
      'auto and not Pallet_Present, Infeed_Aux);',
      'auto and not Pallet_Present, Infeed.Run);',
    ]),
    edit('the failed drive restarts by itself', [
      'elsif not Request and not Feedback then',
      'elsif not Feedback or Feedback then',
    ]),
    edit('the drive runs without permit after its first scan', [
      'Run := Permit and Request and not Fail;',
      'Run := (Permit or Run) and Request and not Fail;',
    ]),
    edit('the panel writes the run bit', [
      'HMI_Height := Height_mm;',
      'HMI_Height := Height_mm; if HMI_Clean then Infeed_Run := 1; end_if;',
    ]),
    edit('a bit of the panel number drives the hoist', [
      'HMI_Height := Height_mm;',
      'HMI_Height := Height_mm; Hoist_Down := Hoist_Down or HMI_Step.7;',
    ]),
    edit('the task of the machine runs ten times slower', ['Rate="10"', 'Rate="100"']),
    edit('the watchdog of the task is nearly off', ['Watchdog="100"', 'Watchdog="10000"']),
    edit('the emergency stop is forced by the input routine', [
      'Slack := Load_Cell < 400;',
      'Slack := Load_Cell < 400; if HMI_Clean then EStop_OK := 1; end_if;',
    ]),
    {
      title: 'the brake is no hazard any more, and its equation loses the zone',
      replacements: [
        ['plantwright.yaml', '    - { tag: Brake_Release, role: hazard, zone: hoist, off: false }\n', ''],
        ['src/Depal.L5X', BRAKE, 'Brake_Release := Hoist_Up or Hoist_Down or (Manual_Key and (want_up or want_down));'],
      ],
    },
    {
      title: 'the curtain of the conveyor becomes a start signal in the manifest',
      replacements: [
        [
          'plantwright.yaml',
          '{ tag: Curtain2, role: light_curtain, zone: conveyor }',
          '{ tag: Curtain2, role: start, zone: conveyor }',
        ],
      ],
    },
  ],
  harmless: [
    edit('the operands of the hoist in another order', [
      UP,
      'Hoist_Up := Zone1.OK and want_up and not want_down and not Overload and not Limit_Top;',
    ]),
    edit('the demand by De Morgan', [DEMAND, 'if not (EStop and Gate_A and Gate_B and Curtain) or Fault then']),
    edit('a comment in the export', ['// two gate channels must agree', '// both gate channels must agree']),
    edit('the panel counts layers', ['HMI_Step := step;', 'HMI_Step := step + 1000 * (Layers mod 10);']),
  ],
  // a preset of a safety function is what was calculated for the machine, shorter or not
  refused: [edit('a shorter discrepancy', [CALL1, CALL1.replace('250', '200')])],
};
