/** A conveyor line in plain IEC ST with tasks, global signals and e-stop zones in instances of one block; few roles in the manifest. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const files: Files = {
  'plantwright.yaml': `site: sorter
dialect: iec
sources: [src/**]
safety:
  rating: SIL-2
  signals:
    - { tag: PullCordNorth, role: estop, zone: north }
    - { tag: PullCordSouth, role: estop, zone: south }
    - { tag: MotorNorth, role: hazard, zone: north }
    - { tag: MotorSouth, role: hazard, zone: south }
    - { tag: AckButton, role: reset }
checks:
  tests: [tests/*_test.st]
`,
  'src/blocks.st': `TYPE ZoneState : (STOPPED, WARNING, RUNNING) := STOPPED; END_TYPE

FUNCTION_BLOCK PullZone
VAR_INPUT
  cord : BOOL;
  cover : BOOL;
  ack : BOOL;
END_VAR
VAR_OUTPUT
  free : BOOL;
  demand : BOOL;
END_VAR
VAR
  latched : BOOL := TRUE;
  edge : R_TRIG;
END_VAR
edge(CLK := ack);
IF NOT (cord AND cover) THEN
  latched := TRUE;
ELSIF edge.Q THEN
  latched := FALSE;
END_IF;
free := cord AND cover AND NOT latched;
demand := latched;
END_FUNCTION_BLOCK

FUNCTION_BLOCK BeltStarter
VAR_INPUT
  free : BOOL;
  start : BOOL;
  stop : BOOL;
  feedback : BOOL;
END_VAR
VAR_OUTPUT
  motor : BOOL;
  fault : BOOL;
  horn : BOOL;
END_VAR
VAR
  state : ZoneState;
  warn : TON;
  watch : TON;
END_VAR
warn(IN := state = WARNING, PT := T#5s);
watch(IN := motor <> feedback, PT := T#300ms);
IF watch.Q THEN
  fault := TRUE;
END_IF;
CASE state OF
  STOPPED:
    IF start AND free AND NOT fault THEN
      state := WARNING;
    END_IF;
  WARNING:
    IF warn.Q THEN
      state := RUNNING;
    END_IF;
  RUNNING:
    IF stop OR fault THEN
      state := STOPPED;
    END_IF;
END_CASE;
IF NOT free THEN
  state := STOPPED;
END_IF;
motor := state = RUNNING;
horn := state = WARNING;
END_FUNCTION_BLOCK
`,
  'src/programs.st': `PROGRAM Safety
VAR_EXTERNAL
  PullCordNorth : BOOL; PullCordSouth : BOOL; CoverNorth : BOOL; CoverSouth : BOOL; AckButton : BOOL;
  FreeNorth : BOOL; FreeSouth : BOOL; AnyDemand : BOOL;
END_VAR
VAR
  north : PullZone;
  south : PullZone;
END_VAR
north(cord := PullCordNorth, cover := CoverNorth, ack := AckButton);
south(cord := PullCordSouth, cover := CoverSouth, ack := AckButton);
FreeNorth := north.free;
FreeSouth := south.free;
AnyDemand := north.demand OR south.demand;
END_PROGRAM

PROGRAM Belts
VAR_EXTERNAL
  PullCordNorth : BOOL; PullCordSouth : BOOL;
  FreeNorth : BOOL; FreeSouth : BOOL; StartButton : BOOL; StopButton : BOOL; RunNorth : BOOL; RunSouth : BOOL;
  MotorNorth : BOOL; MotorSouth : BOOL; Horn : BOOL; Parcels : UDINT; PhotoEye : BOOL;
END_VAR
VAR
  north : BeltStarter;
  south : BeltStarter;
  eye : R_TRIG;
END_VAR
north(free := FreeNorth, start := StartButton, stop := StopButton, feedback := RunNorth);
south(free := FreeSouth, start := StartButton AND north.motor, stop := StopButton, feedback := RunSouth);
MotorNorth := north.motor AND FreeNorth AND PullCordNorth;
MotorSouth := south.motor AND FreeSouth AND PullCordSouth;
Horn := north.horn OR south.horn;
eye(CLK := PhotoEye);
IF eye.Q THEN
  Parcels := Parcels + 1;
END_IF;
END_PROGRAM

PROGRAM Report
VAR_EXTERNAL
  AnyDemand : BOOL; Lamp : BOOL; Parcels : UDINT;
END_VAR
VAR
  blink : TON;
  high : UDINT;
END_VAR
blink(IN := NOT blink.Q, PT := T#700ms);
IF blink.Q THEN
  Lamp := AnyDemand AND NOT Lamp;
END_IF;
IF Parcels > high THEN
  high := Parcels;
END_IF;
END_PROGRAM
`,
  'src/plant.st': `CONFIGURATION Plant
VAR_GLOBAL
  PullCordNorth AT %IX0.0 : BOOL;
  PullCordSouth AT %IX0.1 : BOOL;
  CoverNorth AT %IX0.2 : BOOL;
  CoverSouth AT %IX0.3 : BOOL;
  AckButton AT %IX0.4 : BOOL;
  StartButton AT %IX0.5 : BOOL;
  StopButton AT %IX0.6 : BOOL;
  RunNorth AT %IX0.7 : BOOL;
  RunSouth AT %IX1.0 : BOOL;
  PhotoEye AT %IX1.1 : BOOL;
  MotorNorth AT %QX0.0 : BOOL;
  MotorSouth AT %QX0.1 : BOOL;
  Horn AT %QX0.2 : BOOL;
  Lamp AT %QX0.3 : BOOL;
  FreeNorth : BOOL;
  FreeSouth : BOOL;
  AnyDemand : BOOL;
  Parcels : UDINT;
END_VAR
RESOURCE Station ON PLC
  TASK Fast(INTERVAL := T#10ms, PRIORITY := 0);
  TASK Slow(INTERVAL := T#200ms, PRIORITY := 5);
  PROGRAM safetyProgram WITH Fast : Safety;
  PROGRAM beltProgram WITH Fast : Belts;
  PROGRAM reportProgram WITH Slow : Report;
END_RESOURCE
END_CONFIGURATION
`,
  'tests/zone_test.st': `TEST 'a pulled cord is stored'
VAR z : PullZone; END_VAR
z(cord := TRUE, cover := TRUE, ack := TRUE);
ASSERT_TRUE(z.free);
z(cord := FALSE, cover := TRUE, ack := FALSE);
ASSERT_FALSE(z.free);
z(cord := TRUE, cover := TRUE, ack := FALSE);
ASSERT_FALSE(z.free, 'still stored');
END_TEST
`,
};

const blocks = inFile('src/blocks.st');
const programs = inFile('src/programs.st');
const plant = inFile('src/plant.st');

export const CONVEYOR: RedTeamMachine = {
  name: 'conveyor',
  files,
  unsafe: [
    programs(
      'both zones see the same cord',
      ['south(cord := PullCordSouth', 'south(cord := PullCordNorth'],
      ['MotorSouth := south.motor AND FreeSouth AND PullCordSouth', 'MotorSouth := south.motor AND FreeSouth'],
    ),
    programs('one release for both belts', [
      'MotorSouth := south.motor AND FreeSouth AND PullCordSouth',
      'MotorSouth := south.motor AND FreeNorth',
    ]),
    programs(
      'the release of the other zone in the starter and at the motor',
      ['south(free := FreeSouth', 'south(free := FreeNorth'],
      ['MotorSouth := south.motor AND FreeSouth AND', 'MotorSouth := south.motor AND FreeNorth AND'],
    ),
    programs(
      'either release lets a motor run',
      [
        'MotorNorth := north.motor AND FreeNorth AND PullCordNorth',
        'MotorNorth := north.motor AND (FreeNorth OR FreeSouth) AND PullCordNorth',
      ],
      ['north(free := FreeNorth', 'north(free := FreeNorth OR FreeSouth'],
    ),
    programs(
      'the cord no longer stands at the motor and the release is set elsewhere',
      ['MotorNorth := north.motor AND FreeNorth AND PullCordNorth;', 'MotorNorth := north.motor AND FreeNorth;'],
      [
        'AnyDemand := north.demand OR south.demand;',
        'AnyDemand := north.demand OR south.demand;\nIF NOT AnyDemand THEN\n  FreeNorth := TRUE;\nEND_IF;',
      ],
      ['north(cord := PullCordNorth,', 'north(cord := PullCordNorth OR AckButton,'],
    ),
    programs('the covers are swapped for constants', ['cover := CoverNorth', 'cover := TRUE']),
    programs(
      'the same instance for both zones',
      [
        'south(cord := PullCordSouth, cover := CoverSouth, ack := AckButton);\n',
        'north(cord := PullCordSouth, cover := CoverSouth, ack := AckButton);\n',
      ],
      ['FreeSouth := south.free;', 'FreeSouth := north.free;'],
      ['north.demand OR south.demand', 'north.demand'],
    ),
    programs(
      'the slow program switches the belt on again',
      ['high := Parcels;\nEND_IF;', 'high := Parcels;\nEND_IF;\nIF Parcels = 0 THEN\n  MotorNorth := TRUE;\nEND_IF;'],
      [
        'AnyDemand : BOOL; Lamp : BOOL; Parcels : UDINT;',
        'AnyDemand : BOOL; Lamp : BOOL; Parcels : UDINT; MotorNorth : BOOL;',
      ],
    ),
    programs('the release is written by the belts for manual jog', [
      'Horn := north.horn OR south.horn;',
      'Horn := north.horn OR south.horn;\nIF StartButton AND StopButton THEN\n  FreeSouth := TRUE;\n  MotorSouth := TRUE;\nEND_IF;',
    ]),
    programs(
      'a parcel jam returns early',
      ['eye(CLK := PhotoEye);', ''],
      [
        'north(free := FreeNorth, start',
        'eye(CLK := PhotoEye);\nIF eye.Q THEN\n  Parcels := Parcels + 1;\n  RETURN;\nEND_IF;\nnorth(free := FreeNorth, start',
      ],
      [
        'Horn := north.horn OR south.horn;\n\nIF eye.Q THEN\n  Parcels := Parcels + 1;\nEND_IF;',
        'Horn := north.horn OR south.horn;',
      ],
    ),
    blocks(
      'the cover leaves the zone',
      ['free := cord AND cover AND NOT latched;', 'free := cord AND NOT latched;'],
      ['IF NOT (cord AND cover) THEN', 'IF NOT cord THEN'],
    ),
    blocks('De Morgan gone wrong', ['IF NOT (cord AND cover) THEN', 'IF NOT cord AND NOT cover THEN']),
    blocks('the latch is only a display', ['free := cord AND cover AND NOT latched;', 'free := cord AND cover;']),
    blocks('the zone is free at power-up', ['latched : BOOL := TRUE;', 'latched : BOOL;']),
    blocks('the acknowledgement by level', ['ELSIF edge.Q THEN', 'ELSIF ack THEN']),
    blocks('the stop is skipped while warning', [
      'IF NOT free THEN\n  state := STOPPED;\nEND_IF;\nmotor',
      'IF NOT free AND state <> WARNING THEN\n  state := STOPPED;\nEND_IF;\nmotor',
    ]),
    blocks('the starter restarts by itself after a demand', [
      'IF NOT free THEN\n  state := STOPPED;\nEND_IF;\nmotor := state = RUNNING;',
      'motor := state = RUNNING AND free;',
    ]),
    blocks('no warning before the start', ['PT := T#5s', 'PT := T#5ms']),
    blocks('the starting warning is gone', [
      '    IF start AND free AND NOT fault THEN\n      state := WARNING;',
      '    IF start AND free AND NOT fault THEN\n      state := RUNNING;',
    ]),
    blocks('a fault of the contactor does not stop', ['    IF stop OR fault THEN', '    IF stop AND fault THEN']),
    blocks('the feedback is compared after ages', ['PT := T#300ms', 'PT := T#300s']),
    blocks('the feedback compares the motor with itself', ['motor <> feedback', 'motor <> motor']),
    blocks('the warning state runs the motor', ['motor := state = RUNNING;', 'motor := state >= WARNING;']),
    plant('the safety program in the slow task', [
      'PROGRAM safetyProgram WITH Fast : Safety;',
      'PROGRAM safetyProgram WITH Slow : Safety;',
    ]),
    plant('the fast task at a tenth of the speed', ['INTERVAL := T#10ms', 'INTERVAL := T#100ms']),
    plant('the belts before the safety program', [
      '  PROGRAM safetyProgram WITH Fast : Safety;\n  PROGRAM beltProgram WITH Fast : Belts;',
      '  PROGRAM beltProgram WITH Fast : Belts;\n  PROGRAM safetyProgram WITH Fast : Safety;',
    ]),
    plant('the safety program no longer runs', ['  PROGRAM safetyProgram WITH Fast : Safety;\n', '']),
    plant('the safety task loses its priority', [
      'INTERVAL := T#10ms, PRIORITY := 0',
      'INTERVAL := T#10ms, PRIORITY := 9',
    ]),
    plant(
      'the cords are swapped',
      ['PullCordNorth AT %IX0.0', 'PullCordNorth AT %IX0.1'],
      ['PullCordSouth AT %IX0.1', 'PullCordSouth AT %IX0.0'],
    ),
    plant('a memory alias on the motor', [
      '  Parcels : UDINT;',
      '  Parcels : UDINT;\n  Service AT %QX0.0 : BOOL := TRUE;',
    ]),
    {
      title: 'the test of the stored cord says the opposite',
      replacements: [
        ['tests/zone_test.st', "ASSERT_FALSE(z.free, 'still stored');", "ASSERT_TRUE(TRUE, 'still stored');"],
      ],
    },
    {
      title: 'the acknowledgement is no reset any more',
      replacements: [
        ['plantwright.yaml', '    - { tag: AckButton, role: reset }\n', ''],
        ['src/blocks.st', 'ELSIF edge.Q THEN', 'ELSE'],
      ],
    },
    programs('a comment swallows a line', [
      'MotorSouth := south.motor AND FreeSouth AND PullCordSouth;',
      'MotorSouth := south.motor (* checked twice\nAND FreeSouth *) AND PullCordSouth;',
    ]),
    blocks(
      'the release is kept for a scan',
      [
        'free := cord AND cover AND NOT latched;',
        'free := (cord AND cover AND NOT latched) OR wasFree;\nwasFree := cord AND cover AND NOT latched;',
      ],
      ['  edge : R_TRIG;', '  edge : R_TRIG;\n  wasFree : BOOL;'],
    ),
    plant('the safety task is started by an event', [
      'TASK Fast(INTERVAL := T#10ms, PRIORITY := 0)',
      'TASK Fast(SINGLE := StartButton, PRIORITY := 0)',
    ]),
  ],
  harmless: [
    programs('the motors in another order', [
      'MotorNorth := north.motor AND FreeNorth AND PullCordNorth;\nMotorSouth := south.motor AND FreeSouth AND PullCordSouth;',
      'MotorSouth := south.motor AND FreeSouth AND PullCordSouth;\nMotorNorth := north.motor AND FreeNorth AND PullCordNorth;',
    ]),
    programs('the zones in another order', [
      'north(cord := PullCordNorth, cover := CoverNorth, ack := AckButton);\nsouth(cord := PullCordSouth, cover := CoverSouth, ack := AckButton);',
      'south(cord := PullCordSouth, cover := CoverSouth, ack := AckButton);\nnorth(cord := PullCordNorth, cover := CoverNorth, ack := AckButton);',
    ]),
    programs('the lamp blinks faster', ['T#700ms', 'T#350ms']),
    programs(
      'the parcels of a shift',
      ['  high : UDINT;', '  high : UDINT;\n  shift : UDINT;'],
      ['high := Parcels;', 'high := Parcels;\n  shift := Parcels MOD 1000;'],
    ),
    programs(
      'an instance renamed',
      ['  south : PullZone;', '  southern : PullZone;'],
      ['south(cord', 'southern(cord'],
      ['FreeSouth := south.free', 'FreeSouth := southern.free'],
      ['OR south.demand', 'OR southern.demand'],
    ),
    blocks(
      'a variable of a block renamed',
      ['  latched : BOOL := TRUE;', '  stored : BOOL := TRUE;'],
      ['  latched := TRUE;\nELSIF', '  stored := TRUE;\nELSIF'],
      ['  latched := FALSE;', '  stored := FALSE;'],
      ['NOT latched;', 'NOT stored;'],
      ['demand := latched', 'demand := stored'],
    ),
    blocks('De Morgan done right', ['IF NOT (cord AND cover) THEN', 'IF NOT cord OR NOT cover THEN']),
    blocks('an ELSE in the state machine', [
      '      state := STOPPED;\n    END_IF;\nEND_CASE;',
      '      state := STOPPED;\n    END_IF;\nELSE\n  state := STOPPED;\nEND_CASE;',
    ]),
    blocks('the motor also looks at the release', ['motor := state = RUNNING;', 'motor := state = RUNNING AND free;']),
    blocks('a longer warning', ['PT := T#5s', 'PT := T#8s']),
    blocks('a shorter feedback time', ['PT := T#300ms', 'PT := T#250ms']),
    plant('the report runs less often', ['T#200ms', 'T#500ms']),
    plant('a comment behind a task', ['PRIORITY := 0);', 'PRIORITY := 0); (* not slower, see risk assessment *)']),
    {
      title: 'one assertion more',
      replacements: [
        [
          'tests/zone_test.st',
          "ASSERT_FALSE(z.free, 'still stored');",
          "ASSERT_FALSE(z.free, 'still stored');\nASSERT_TRUE(z.demand);",
        ],
      ],
    },
  ],
};
