/** A robot cell with a muted light curtain in plain IEC ST; the roles stand in pragmas beside the variables only. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const files: Files = {
  'plantwright.yaml':
    'site: robot-cell-3\ndialect: codesys\nsources: [src/**]\nentry: Cell\ncycle: 10ms\nsafety:\n  rating: SIL-2\n  performance_level: d\n',
  'src/Cell.st': `PROGRAM Cell
VAR
  {safety role := 'estop', zone := 'cell', polarity := 'nc'}
  di_Chain1 AT %IX0.0 : BOOL;
  {safety role := 'guard', zone := 'cell', polarity := 'nc'}
  di_Door AT %IX0.1 : BOOL;
  di_CurtainA AT %IX0.2 : BOOL;
  di_CurtainB AT %IX0.3 : BOOL;
  di_MuteFront AT %IX0.4 : BOOL;
  di_MuteRear AT %IX0.5 : BOOL;
  {safety role := 'reset', zone := 'cell'}
  di_Quit AT %IX0.6 : BOOL;
  {safety role := 'start', zone := 'cell'}
  di_Run AT %IX0.7 : BOOL;
  di_Teach AT %IX1.0 : BOOL;
  di_EnableGrip AT %IX1.1 : BOOL;
  di_Home AT %IX1.2 : BOOL;
  ai_Speed AT %IW2 : INT;
  {safety role := 'hazard', zone := 'cell'}
  do_DrivesOn AT %QX0.0 : BOOL;
  {safety role := 'hazard', zone := 'cell'}
  do_Gripper AT %QX0.1 : BOOL;
  do_MuteLamp AT %QX0.2 : BOOL;
  do_Stack AT %QX0.3 : BOOL;
  {safety role := 'operator'}
  hmi_Teach : BOOL;
  {safety role := 'operator'}
  hmi_Speed : INT := 50;
END_VAR
VAR
  mute : Muting;
  zone : ZoneLatch;
  running : BOOL;
  runEdge : R_TRIG;
  tooFast : BOOL;
  job : INT;
  jobs : UDINT;
  fieldFree : BOOL;
END_VAR

mute(
  front := di_MuteFront,
  rear := di_MuteRear,
  curtain := di_CurtainA AND di_CurtainB,
  maxTime := T#20s);
fieldFree := mute.free;

zone(ok := di_Chain1 AND di_Door AND fieldFree, ack := di_Quit);
runEdge(CLK := di_Run);

IF zone.tripped THEN
  running := FALSE;
ELSIF runEdge.Q AND di_Home THEN
  running := TRUE;
END_IF

(* at most 250 mm/s while somebody teaches *)
tooFast := (di_Teach OR hmi_Teach) AND ai_Speed > 250;

do_DrivesOn := running AND NOT zone.tripped AND di_Chain1 AND di_Door AND fieldFree AND NOT tooFast;
do_Gripper := job = 2 AND running AND NOT zone.tripped AND di_Chain1 AND di_Door;

CASE job OF
  0: IF running THEN job := 1; END_IF
  1: IF di_Home THEN job := 2; END_IF
  2: IF NOT di_Home THEN job := 3; jobs := jobs + 1; END_IF
  3: job := 0;
ELSE
  job := 0;
END_CASE

do_MuteLamp := mute.active;
do_Stack := zone.tripped;
END_PROGRAM
`,
  'src/Muting.st': `FUNCTION_BLOCK Muting
VAR_INPUT
  front : BOOL;
  rear : BOOL;
  curtain : BOOL;
  maxTime : TIME;
END_VAR
VAR_OUTPUT
  free : BOOL;
  active : BOOL;
END_VAR
VAR
  limit : TON;
  order : TON;
  armed : BOOL;
END_VAR
(* both sensors within four seconds, and the curtain was free before *)
order(IN := front XOR rear, PT := T#4s);
IF curtain AND NOT front AND NOT rear THEN
  armed := TRUE;
ELSIF order.Q OR limit.Q THEN
  armed := FALSE;
END_IF
active := armed AND front AND rear;
limit(IN := active, PT := maxTime);
free := curtain OR (active AND NOT limit.Q);
END_FUNCTION_BLOCK
`,
  'src/ZoneLatch.st': `FUNCTION_BLOCK ZoneLatch
VAR_INPUT
  ok : BOOL;
  ack : BOOL;
END_VAR
VAR_OUTPUT
  tripped : BOOL := TRUE;
END_VAR
VAR
  edge : R_TRIG;
  latch : RS;
END_VAR
edge(CLK := ack);
IF NOT ok THEN
  tripped := TRUE;
ELSIF edge.Q THEN
  tripped := FALSE;
END_IF
END_FUNCTION_BLOCK
`.replace('  latch : RS;\n', ''),
};

const cell = inFile('src/Cell.st');
const muting = inFile('src/Muting.st');
const latch = inFile('src/ZoneLatch.st');
const DRIVES = 'do_DrivesOn := running AND NOT zone.tripped AND di_Chain1 AND di_Door AND fieldFree AND NOT tooFast;';

export const ROBOT_CELL: RedTeamMachine = {
  name: 'robot cell',
  files,
  unsafe: [
    cell(
      'teaching with the door open',
      [DRIVES, DRIVES.replace('di_Door', '(di_Door OR di_Teach)')],
      ['di_Chain1 AND di_Door AND fieldFree, ack', 'di_Chain1 AND (di_Door OR di_Teach) AND fieldFree, ack'],
    ),
    cell('teaching from the panel with the door open', [
      DRIVES,
      DRIVES.replace('AND di_Door', 'AND (hmi_Teach OR di_Door)'),
    ]),
    cell(
      'the release in a variable of the last scan',
      [
        DRIVES,
        `do_DrivesOn := running AND enableOld;\nenableOld := NOT zone.tripped AND di_Chain1 AND di_Door AND fieldFree AND NOT tooFast;`,
      ],
      ['  fieldFree : BOOL;', '  fieldFree : BOOL;\n  enableOld : BOOL;'],
    ),
    cell(
      'the e-stop is copied once and never again',
      ['mute(\n', 'IF NOT imageRead THEN\n  chainImage := di_Chain1;\n  imageRead := TRUE;\nEND_IF\nmute(\n'],
      ['  fieldFree : BOOL;', '  fieldFree : BOOL;\n  chainImage : BOOL;\n  imageRead : BOOL;'],
      [DRIVES, DRIVES.replace('di_Chain1', 'chainImage')],
      ['zone(ok := di_Chain1', 'zone(ok := chainImage'],
    ),
    cell('the same curtain channel twice', ['di_CurtainA AND di_CurtainB', 'di_CurtainA AND di_CurtainA']),
    cell('the curtain channels in an OR', ['di_CurtainA AND di_CurtainB', 'di_CurtainA OR di_CurtainB']),
    cell('the gripper opens with the zone tripped', [
      'do_Gripper := job = 2 AND running AND NOT zone.tripped AND di_Chain1 AND di_Door;',
      'do_Gripper := job = 2 OR running AND NOT zone.tripped AND di_Chain1 AND di_Door;',
    ]),
    cell('the door is gone from the gripper', [
      'do_Gripper := job = 2 AND running AND NOT zone.tripped AND di_Chain1 AND di_Door;',
      'do_Gripper := job = 2 AND running AND di_Chain1;',
    ]),
    cell('the zone restarts the robot by itself', [
      'IF zone.tripped THEN\n  running := FALSE;\nELSIF runEdge.Q',
      'IF runEdge.Q',
    ]),
    cell('a level starts the robot', ['ELSIF runEdge.Q AND di_Home THEN', 'ELSIF di_Run THEN']),
    cell('reset and start with the same button', ['runEdge(CLK := di_Run);', 'runEdge(CLK := di_Run OR di_Quit);']),
    cell('the drives are switched on for a test at power-up', [
      'do_MuteLamp := mute.active;',
      'IF jobs = 0 AND hmi_Teach THEN do_DrivesOn := TRUE; END_IF\ndo_MuteLamp := mute.active;',
    ]),
    cell(
      'the pragma of the door is gone',
      ["  {safety role := 'guard', zone := 'cell', polarity := 'nc'}\n", ''],
      [DRIVES, DRIVES.replace(' AND di_Door', '')],
      [
        'do_Gripper := job = 2 AND running AND NOT zone.tripped AND di_Chain1 AND di_Door',
        'do_Gripper := job = 2 AND running AND NOT zone.tripped AND di_Chain1',
      ],
      ['di_Chain1 AND di_Door AND fieldFree, ack', 'di_Chain1 AND fieldFree, ack'],
    ),
    cell('the pragma of a hazard is gone', [
      "  {safety role := 'hazard', zone := 'cell'}\n  do_Gripper",
      '  do_Gripper',
    ]),
    cell('the polarity of the door is turned round', [
      "'guard', zone := 'cell', polarity := 'nc'",
      "'guard', zone := 'cell', polarity := 'no'",
    ]),
    cell(
      'the door is inverted',
      ['di_Chain1 AND di_Door AND fieldFree, ack', 'di_Chain1 AND NOT di_Door AND fieldFree, ack'],
      [DRIVES, DRIVES.replace('di_Door', 'NOT di_Door')],
    ),
    cell('a faster speed while teaching', ['ai_Speed > 250', 'ai_Speed > 2500']),
    cell('the speed is watched with both keys only', [
      '(di_Teach OR hmi_Teach) AND ai_Speed',
      '(di_Teach AND hmi_Teach) AND ai_Speed',
    ]),
    cell('the speed backwards is no speed', ['ai_Speed > 250;', 'ai_Speed > 250 AND ai_Speed < 1000;']),
    cell('precedence of AND and OR', [
      '(di_Teach OR hmi_Teach) AND ai_Speed > 250;',
      'di_Teach AND ai_Speed > 250 OR hmi_Teach AND ai_Speed > 900;',
    ]),
    cell('muting for ten minutes', ['maxTime := T#20s', 'maxTime := T#20m']),
    cell('muting is armed by the panel', ['front := di_MuteFront,', 'front := di_MuteFront OR hmi_Teach,']),
    cell('both muting sensors from one terminal', ['rear := di_MuteRear', 'rear := di_MuteFront']),
    cell('the running state survives power loss', [
      '  running : BOOL;\n',
      'END_VAR\nVAR RETAIN\n  running : BOOL;\nEND_VAR\nVAR\n',
    ]),
    muting('one muting sensor is enough', [
      'active := armed AND front AND rear;',
      'active := armed AND (front OR rear);',
    ]),
    muting(
      'muting without an end',
      ['free := curtain OR (active AND NOT limit.Q);', 'free := curtain OR active;'],
      ['ELSIF order.Q OR limit.Q THEN', 'ELSIF order.Q THEN'],
    ),
    muting('the time limit counts the gaps', [
      'limit(IN := active, PT := maxTime);',
      'limit(IN := active AND curtain, PT := maxTime);',
    ]),
    muting('muting needs not be armed', ['active := armed AND front', 'active := front']),
    muting('the curtain is ignored while one sensor is on', [
      'free := curtain OR (active',
      'free := curtain OR front OR (active',
    ]),
    latch('the trip is not stored', ['ELSIF edge.Q THEN\n  tripped := FALSE;', 'ELSE\n  tripped := FALSE;']),
    latch('reset wins over trip', [
      'IF NOT ok THEN\n  tripped := TRUE;\nELSIF edge.Q THEN\n  tripped := FALSE;\nEND_IF',
      'IF edge.Q THEN\n  tripped := FALSE;\nELSIF NOT ok THEN\n  tripped := TRUE;\nEND_IF',
    ]),
    latch('the button held down resets', ['ELSIF edge.Q THEN', 'ELSIF ack THEN']),
    latch(
      'an SR block that starts free',
      [
        'IF NOT ok THEN\n  tripped := TRUE;\nELSIF edge.Q THEN\n  tripped := FALSE;\nEND_IF',
        'store(S1 := NOT ok, R := edge.Q);\ntripped := store.Q1;',
      ],
      ['  edge : R_TRIG;', '  edge : R_TRIG;\n  store : SR;'],
    ),
    latch(
      'an RS block where the reset wins',
      ['  edge : R_TRIG;', '  edge : R_TRIG;\n  store : RS;'],
      [
        'IF NOT ok THEN\n  tripped := TRUE;\nELSIF edge.Q THEN\n  tripped := FALSE;\nEND_IF',
        'store(S := NOT ok, R1 := edge.Q);\ntripped := store.Q1;',
      ],
    ),
    cell('the zone of the door is another one', ["'guard', zone := 'cell'", "'guard', zone := 'teach'"]),
    cell('the robot restarts after the door closes', ['IF zone.tripped THEN', 'IF zone.tripped AND NOT di_Door THEN']),
  ],
  harmless: [
    cell('the drives with the operands turned round', [
      DRIVES,
      'do_DrivesOn := NOT tooFast AND fieldFree AND di_Door AND di_Chain1 AND NOT zone.tripped AND running;',
    ]),
    cell('the drives in two lines', [
      DRIVES,
      'do_DrivesOn := running AND NOT zone.tripped;\ndo_DrivesOn := do_DrivesOn AND di_Chain1 AND di_Door AND fieldFree AND NOT tooFast;',
    ]),
    cell('the outputs after the sequence, the gripper stays where it is', [
      'do_MuteLamp := mute.active;\ndo_Stack := zone.tripped;',
      'do_Stack := zone.tripped;\ndo_MuteLamp := mute.active;',
    ]),
    cell('less speed while teaching', ['ai_Speed > 250', 'ai_Speed > 200']),

    cell('the gripper waits for the field too', [
      'do_Gripper := job = 2 AND running AND NOT zone.tripped AND di_Chain1 AND di_Door;',
      'do_Gripper := job = 2 AND running AND NOT zone.tripped AND di_Chain1 AND di_Door AND fieldFree;',
    ]),
    cell('a lamp more', ['do_Stack := zone.tripped;', 'do_Stack := zone.tripped OR (mute.active AND NOT di_Home);']),
    cell(
      'operation hours',
      ['  jobs : UDINT;', '  jobs : UDINT;\n  hours : TON;\n  hourCount : UDINT;'],
      [
        'do_MuteLamp := mute.active;',
        'hours(IN := do_DrivesOn AND NOT hours.Q, PT := T#1h);\nIF hours.Q THEN hourCount := hourCount + 1; END_IF\ndo_MuteLamp := mute.active;',
      ],
    ),
    muting('parentheses gone where AND binds stronger', [
      'free := curtain OR (active AND NOT limit.Q);',
      'free := curtain OR active AND NOT limit.Q;',
    ]),
    muting('the time in milliseconds', ['PT := T#4s', 'PT := T#4000ms']),
    latch('the latch as one assignment', [
      'IF NOT ok THEN\n  tripped := TRUE;\nELSIF edge.Q THEN\n  tripped := FALSE;\nEND_IF',
      'tripped := NOT ok OR tripped AND NOT edge.Q;',
    ]),
    latch(
      'an SR block where the trip wins',
      [
        'IF NOT ok THEN\n  tripped := TRUE;\nELSIF edge.Q THEN\n  tripped := FALSE;\nEND_IF',
        'store(S1 := NOT ok, R := edge.Q);\ntripped := store.Q1;',
      ],
      ['  edge : R_TRIG;', '  edge : R_TRIG;\n  store : SR := (Q1 := TRUE);'],
    ),
    latch('a comment', ['edge(CLK := ack);', 'edge(CLK := ack); (* the button stands outside of the cell *)']),
  ],
  refused: [cell('a shorter muting time', ['maxTime := T#20s', 'maxTime := T#15s'])],
};
