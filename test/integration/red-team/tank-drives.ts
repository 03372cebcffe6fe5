/** A mixing tank with an array of drives in a loop, structures by VAR_IN_OUT, a CASE sequence and valves. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const files: Files = {
  'plantwright.yaml': `site: tank-farm
dialect: codesys
sources: [src/**]
entry: Tank
cycle: 20ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: Tank.In.ShutdownOk, role: estop, zone: tank }
    - { tag: Tank.In.ManholeClosed, role: guard, zone: tank }
    - { tag: Tank.In.Reset, role: reset, zone: tank }
    - { tag: Tank.In.Start, role: start, zone: tank }
    - { tag: Tank.Out.Run1, role: hazard, zone: tank }
    - { tag: Tank.Out.Run2, role: hazard, zone: tank }
    - { tag: Tank.Out.Run3, role: hazard, zone: tank }
    - { tag: Tank.Out.SteamValve, role: hazard, zone: tank }
    - { tag: Tank.Out.FillValve, role: hazard, zone: acid, requires: [Tank.In.ShutdownOk] }
    - { tag: Tank.Out.DrainValve, role: hazard, zone: acid, requires: [Tank.In.ShutdownOk] }
    - { tag: Visu.*, role: operator }
  mutually_exclusive: [[Tank.Out.FillValve, Tank.Out.DrainValve]]
checks:
  scenarios: [scenarios/**/*.yaml]
`,
  'src/Types.st': `TYPE DriveData : STRUCT
  Request : BOOL;
  Feedback : BOOL;
  Run : BOOL;
  Fault : BOOL;
  Watch : TON;
END_STRUCT
END_TYPE

TYPE Inputs : STRUCT
  ShutdownOk : BOOL;
  ManholeClosed : BOOL;
  Reset : BOOL;
  Start : BOOL;
  LevelRaw : INT;
  TempRaw : INT;
  HighHigh : BOOL;
  Feedback : ARRAY[1..3] OF BOOL;
END_STRUCT
END_TYPE

TYPE Outputs : STRUCT
  Run1 : BOOL;
  Run2 : BOOL;
  Run3 : BOOL;
  SteamValve : BOOL;
  FillValve : BOOL;
  DrainValve : BOOL;
  Lamp : BOOL;
END_STRUCT
END_TYPE

TYPE Phase : (WAIT, FILL, HEAT, STIR, EMPTY); END_TYPE
`,
  'src/Visu.st': `{attribute 'qualified_only'}
VAR_GLOBAL
  Recipe : INT := 1;
  TargetTemp : INT := 600;
  HandDrive : ARRAY[1..3] OF BOOL;
  Step : INT;
END_VAR
VAR_GLOBAL CONSTANT
  DRIVES : INT := 3;
  MAX_TEMP : INT := 850;
  FULL : INT := 9000;
  LOW : INT := 300;
END_VAR
`,
  'src/Blocks.st': `FUNCTION_BLOCK DriveControl
VAR_INPUT
  Enable : BOOL;
END_VAR
VAR_IN_OUT
  Drive : DriveData;
END_VAR
Drive.Watch(IN := Drive.Run AND NOT Drive.Feedback, PT := T#2s);
IF Drive.Watch.Q THEN
  Drive.Fault := TRUE;
END_IF
Drive.Run := Drive.Request AND Enable AND NOT Drive.Fault;
END_FUNCTION_BLOCK

FUNCTION_BLOCK Shutdown
VAR_IN_OUT
  Signals : Inputs;
END_VAR
VAR_OUTPUT
  Enable : BOOL;
END_VAR
VAR
  Stored : BOOL := TRUE;
  Edge : R_TRIG;
END_VAR
Edge(CLK := Signals.Reset);
IF NOT Signals.ShutdownOk OR NOT Signals.ManholeClosed THEN
  Stored := TRUE;
ELSIF Edge.Q THEN
  Stored := FALSE;
END_IF
Enable := Signals.ShutdownOk AND Signals.ManholeClosed AND NOT Stored;
END_FUNCTION_BLOCK

FUNCTION InRange : BOOL
VAR_INPUT
  Value : INT;
  Low : INT;
  High : INT;
END_VAR
InRange := Value >= Low AND Value <= High;
END_FUNCTION
`,
  'src/Tank.st': `PROGRAM Tank
VAR
  In : Inputs;
  Out : Outputs;
  Drives : ARRAY[1..3] OF DriveData;
  Control : ARRAY[1..3] OF DriveControl;
  Safe : Shutdown;
  Step : Phase;
  StirTime : TON;
  StartEdge : R_TRIG;
  TempOk : BOOL;
  Overfill : BOOL;
  n : INT;
  Batches : UDINT;
END_VAR
Safe(Signals := In);
StartEdge(CLK := In.Start);
TempOk := InRange(In.TempRaw, 0, Visu.MAX_TEMP);
Overfill := In.HighHigh OR In.LevelRaw > Visu.FULL OR In.LevelRaw < 0;
StirTime(IN := Step = STIR, PT := T#15m);

CASE Step OF
  WAIT:
    IF StartEdge.Q AND Safe.Enable THEN
      Step := FILL;
    END_IF
  FILL:
    IF In.LevelRaw >= 8000 OR Overfill THEN
      Step := HEAT;
    END_IF
  HEAT:
    IF In.TempRaw >= Visu.TargetTemp THEN
      Step := STIR;
    END_IF
  STIR:
    IF StirTime.Q THEN
      Step := EMPTY;
    END_IF
  EMPTY:
    IF In.LevelRaw < Visu.LOW THEN
      Step := WAIT;
      Batches := Batches + 1;
    END_IF
ELSE
  Step := WAIT;
END_CASE
IF NOT Safe.Enable THEN
  Step := WAIT;
END_IF

FOR n := 1 TO Visu.DRIVES DO
  Drives[n].Feedback := In.Feedback[n];
  Drives[n].Request := (Step = STIR OR Step = HEAT) OR (Step = WAIT AND Visu.HandDrive[n]);
  Control[n](Enable := Safe.Enable, Drive := Drives[n]);
END_FOR

Out.Run1 := Drives[1].Run AND Safe.Enable;
Out.Run2 := Drives[2].Run AND Safe.Enable;
Out.Run3 := Drives[3].Run AND Safe.Enable;
Out.SteamValve := Step = HEAT AND TempOk AND Safe.Enable;
Out.FillValve := Step = FILL AND NOT Overfill AND In.ShutdownOk;
Out.DrainValve := Step = EMPTY AND In.ShutdownOk AND NOT Out.FillValve;

Out.Lamp := Safe.Stored;
Visu.Step := Step;
END_PROGRAM
`.replace('Out.Lamp := Safe.Stored;', 'Out.Lamp := NOT Safe.Enable;'),
  'scenarios/manhole.yaml': `name: manhole opens while stirring
program: Tank
cycle: 20ms
steps:
  - { at: 0ms, set: { Tank.In.ShutdownOk: true, Tank.In.ManholeClosed: true } }
  - { at: 100ms, pulse: { Tank.In.Reset: 100ms } }
  - { at: 300ms, set: { "Visu.HandDrive[2]": true } }
  - { at: 400ms, expect: { Tank.Out.Run2: true } }
  - { at: 500ms, set: { Tank.In.ManholeClosed: false } }
  - { at: 540ms, expect: { Tank.Out.Run2: false } }
until: 1s
`,
};

const tank = inFile('src/Tank.st');
const blocks = inFile('src/Blocks.st');
const visu = inFile('src/Visu.st');

export const TANK: RedTeamMachine = {
  name: 'tank with drives',
  files,
  unsafe: [
    blocks('the enable is gone from the drive', [
      'Drive.Run := Drive.Request AND Enable AND NOT Drive.Fault;',
      'Drive.Run := Drive.Request AND NOT Drive.Fault;',
    ]),
    blocks('the fault only shows', ['AND Enable AND NOT Drive.Fault;', 'AND Enable;']),
    blocks('the feedback is the run bit itself', ['NOT Drive.Feedback, PT', 'NOT Drive.Run, PT']),
    blocks('two seconds become two minutes', ['PT := T#2s', 'PT := T#2m']),
    blocks('the block writes its input structure', [
      'Edge(CLK := Signals.Reset);',
      'Signals.ManholeClosed := Signals.ManholeClosed OR Signals.Reset;\nEdge(CLK := Signals.Reset);',
    ]),
    blocks(
      'the manhole leaves the enable',
      [
        'Enable := Signals.ShutdownOk AND Signals.ManholeClosed AND NOT Stored;',
        'Enable := Signals.ShutdownOk AND NOT Stored;',
      ],
      ['IF NOT Signals.ShutdownOk OR NOT Signals.ManholeClosed THEN', 'IF NOT Signals.ShutdownOk THEN'],
    ),
    blocks(
      'the manhole may be open while reset is held',
      ['Signals.ManholeClosed AND NOT Stored', '(Signals.ManholeClosed OR Signals.Reset) AND NOT Stored'],
      ['OR NOT Signals.ManholeClosed THEN', 'OR (NOT Signals.ManholeClosed AND NOT Signals.Reset) THEN'],
    ),
    blocks('the store is only set by both', ['IF NOT Signals.ShutdownOk OR NOT', 'IF NOT Signals.ShutdownOk AND NOT']),
    blocks('level instead of edge', ['ELSIF Edge.Q THEN', 'ELSIF Signals.Reset THEN']),
    blocks('the range check compares the wrong bound', [
      'Value >= Low AND Value <= High',
      'Value >= Low OR Value <= High',
    ]),
    blocks('the range has no upper end', ['InRange := Value >= Low AND Value <= High;', 'InRange := Value >= Low;']),
    tank('the loop ends one drive early', ['FOR n := 1 TO Visu.DRIVES DO', 'FOR n := 1 TO Visu.DRIVES - 1 DO']),
    tank(
      'the third drive is controlled by the second instance',
      [
        'Control[n](Enable := Safe.Enable, Drive := Drives[n]);',
        'Control[n](Enable := Safe.Enable, Drive := Drives[MIN(n, 2)]);',
      ],
      ['Out.Run3 := Drives[3].Run AND Safe.Enable;', 'Out.Run3 := Drives[3].Run;'],
    ),
    tank(
      'the loop skips by CONTINUE and the outputs only follow the drives',
      [
        '  Control[n](Enable',
        '  IF Visu.HandDrive[n] THEN\n    Drives[n].Run := TRUE;\n    CONTINUE;\n  END_IF\n  Control[n](Enable',
      ],
      ['Out.Run2 := Drives[2].Run AND Safe.Enable;', 'Out.Run2 := Drives[2].Run;'],
    ),
    tank('the second output reads the wrong element', [
      'Out.Run2 := Drives[2].Run AND Safe.Enable;',
      'Out.Run2 := Drives[1].Request;',
    ]),
    tank(
      'the enable is gone at one output and in the call',
      ['Out.Run1 := Drives[1].Run AND Safe.Enable;', 'Out.Run1 := Drives[1].Run;'],
      ['Control[n](Enable := Safe.Enable,', 'Control[n](Enable := TRUE,'],
    ),
    tank(
      'the enable is tied for hand operation',
      ['Control[n](Enable := Safe.Enable,', 'Control[n](Enable := Safe.Enable OR Visu.HandDrive[n],'],
      ['Out.Run3 := Drives[3].Run AND Safe.Enable;', 'Out.Run3 := Drives[3].Run;'],
    ),
    tank('the steam valve ignores the temperature', [
      'Step = HEAT AND TempOk AND Safe.Enable',
      'Step = HEAT AND Safe.Enable',
    ]),
    tank('the steam valve ignores the enable', ['Step = HEAT AND TempOk AND Safe.Enable', 'Step = HEAT AND TempOk']),
    tank('the steam valve is open in two steps', ['Step = HEAT AND TempOk', '(Step = HEAT OR Step = STIR) AND TempOk']),
    tank('the temperature is tied to the set point of the panel', [
      'InRange(In.TempRaw, 0, Visu.MAX_TEMP)',
      'InRange(In.TempRaw, 0, Visu.TargetTemp + 500)',
    ]),
    tank('the arguments of the range are swapped', [
      'InRange(In.TempRaw, 0, Visu.MAX_TEMP)',
      'InRange(Visu.MAX_TEMP, 0, In.TempRaw)',
    ]),
    tank('filling and draining together', [
      'Step = EMPTY AND In.ShutdownOk AND NOT Out.FillValve',
      '(Step = EMPTY OR Step = FILL) AND In.ShutdownOk',
    ]),
    tank('overfill no longer closes', [
      'Step = FILL AND NOT Overfill AND In.ShutdownOk',
      'Step = FILL AND In.ShutdownOk',
    ]),
    tank('overfill only with both', [
      'In.HighHigh OR In.LevelRaw > Visu.FULL OR In.LevelRaw < 0',
      'In.HighHigh AND In.LevelRaw > Visu.FULL OR In.LevelRaw < 0',
    ]),
    tank('the shutdown does not close the acid', [
      'Step = FILL AND NOT Overfill AND In.ShutdownOk',
      'Step = FILL AND NOT Overfill',
    ]),
    tank('the stop of the sequence is skipped in EMPTY', [
      'IF NOT Safe.Enable THEN\n  Step := WAIT;',
      'IF NOT Safe.Enable AND Step <> EMPTY AND Step <> STIR THEN\n  Step := WAIT;',
    ]),
    tank('the sequence restarts by itself', [
      'IF StartEdge.Q AND Safe.Enable THEN',
      'IF In.Start AND Safe.Enable THEN',
    ]),
    tank(
      'a copy of the inputs is made at the wrong place',
      ['Safe(Signals := In);', 'Safe(Signals := Image);\nIF Step = WAIT THEN\n  Image := In;\nEND_IF'],
      ['  n : INT;', '  n : INT;\n  Image : Inputs;'],
    ),
    tank(
      'the safety block gets another structure',
      [
        'Safe(Signals := In);',
        'Safe(Signals := Spare);\nSpare.ShutdownOk := TRUE;\nSpare.ManholeClosed := TRUE;\nSpare.Reset := In.Reset;',
      ],
      ['  n : INT;', '  n : INT;\n  Spare : Inputs;'],
    ),
    tank(
      'a structure is written as a whole afterwards',
      [
        'Out.Lamp := NOT Safe.Enable;',
        'Out.Lamp := NOT Safe.Enable;\nIF Visu.Recipe = 99 THEN\n  Out := Saved;\nEND_IF\nSaved := Out;',
      ],
      ['  n : INT;', '  n : INT;\n  Saved : Outputs;'],
    ),
    tank(
      'a reference to the structure',
      ['Out.Lamp := NOT Safe.Enable;', 'Ref REF= Out;\nRef.SteamValve := Step = HEAT;\nOut.Lamp := NOT Safe.Enable;'],
      ['  n : INT;', '  n : INT;\n  Ref : REFERENCE TO Outputs;'],
    ),
    tank('the drives are kept over power loss', [
      '  Drives : ARRAY[1..3] OF DriveData;\n',
      'END_VAR\nVAR RETAIN\n  Drives : ARRAY[1..3] OF DriveData;\nEND_VAR\nVAR\n',
    ]),
    visu('one drive less', ['DRIVES : INT := 3', 'DRIVES : INT := 2']),
    visu('a hotter tank', ['MAX_TEMP : INT := 850', 'MAX_TEMP : INT := 8500']),
    visu('the full mark is above the range', ['FULL : INT := 9000', 'FULL : INT := 30000']),
    inFile('scenarios/manhole.yaml')('the scenario expects later', ['at: 540ms', 'at: 980ms']),
    {
      title: 'a valve leaves the manifest',
      replacements: [['plantwright.yaml', '    - { tag: Tank.Out.SteamValve, role: hazard, zone: tank }\n', '']],
    },
    tank('the loop runs one too far', ['FOR n := 1 TO Visu.DRIVES DO', 'FOR n := 1 TO Visu.DRIVES + 1 DO']),
    tank('the outputs start on', ['  Out : Outputs;', '  Out : Outputs := (SteamValve := TRUE);']),
    tank(
      'a label jumps over the stop',
      [
        'IF NOT Safe.Enable THEN\n  Step := WAIT;\nEND_IF',
        'IF Visu.Recipe = 7 THEN\n  JMP done;\nEND_IF\nIF NOT Safe.Enable THEN\n  Step := WAIT;\nEND_IF\ndone:',
      ],
      ['Out.SteamValve := Step = HEAT AND TempOk AND Safe.Enable;', 'Out.SteamValve := Step = HEAT AND TempOk;'],
    ),
    tank('an equal sign for a threshold', [
      'Overfill := In.HighHigh OR In.LevelRaw > Visu.FULL',
      'Overfill := In.HighHigh OR In.LevelRaw = Visu.FULL',
    ]),
    tank('the sign of the level is lost', [
      'OR In.LevelRaw < 0;',
      'OR UINT_TO_INT(INT_TO_UINT(In.LevelRaw)) < -32768;',
    ]),
  ],
  harmless: [
    tank('the outputs in another order', [
      'Out.Run1 := Drives[1].Run AND Safe.Enable;\nOut.Run2 := Drives[2].Run AND Safe.Enable;',
      'Out.Run2 := Drives[2].Run AND Safe.Enable;\nOut.Run1 := Drives[1].Run AND Safe.Enable;',
    ]),
    tank('the loop written out', [
      'FOR n := 1 TO Visu.DRIVES DO\n  Drives[n].Feedback := In.Feedback[n];\n  Drives[n].Request := (Step = STIR OR Step = HEAT) OR (Step = WAIT AND Visu.HandDrive[n]);\n  Control[n](Enable := Safe.Enable, Drive := Drives[n]);\nEND_FOR',
      [1, 2, 3]
        .map(
          (n) =>
            `Drives[${n}].Feedback := In.Feedback[${n}];\nDrives[${n}].Request := (Step = STIR OR Step = HEAT) OR (Step = WAIT AND Visu.HandDrive[${n}]);\nControl[${n}](Enable := Safe.Enable, Drive := Drives[${n}]);`,
        )
        .join('\n'),
    ]),
    tank('the loop with the number itself', ['FOR n := 1 TO Visu.DRIVES DO', 'FOR n := 1 TO 3 DO']),
    tank('a superfluous pair of parentheses less', [
      '(Step = STIR OR Step = HEAT) OR (Step',
      'Step = STIR OR Step = HEAT OR (Step',
    ]),
    tank('the range without the function', [
      'TempOk := InRange(In.TempRaw, 0, Visu.MAX_TEMP);',
      'TempOk := In.TempRaw >= 0 AND In.TempRaw <= Visu.MAX_TEMP;',
    ]),
    tank('a stricter overfill', ['In.LevelRaw > Visu.FULL', 'In.LevelRaw > Visu.FULL - 200']),
    tank('the drives stop in overfill', [
      'Out.Run1 := Drives[1].Run AND Safe.Enable;',
      'Out.Run1 := Drives[1].Run AND Safe.Enable AND NOT Overfill;',
    ]),
    tank('stir for a shorter time', ['PT := T#15m', 'PT := T#12m']),
    tank('the names of the states with their type', ['Step = HEAT AND TempOk', 'Step = Phase.HEAT AND TempOk']),
    blocks('De Morgan', [
      'IF NOT Signals.ShutdownOk OR NOT Signals.ManholeClosed THEN',
      'IF NOT (Signals.ShutdownOk AND Signals.ManholeClosed) THEN',
    ]),
    blocks(
      'the drive with an intermediate variable',
      [
        'Drive.Run := Drive.Request AND Enable AND NOT Drive.Fault;',
        'Ready := Enable AND NOT Drive.Fault;\nDrive.Run := Drive.Request AND Ready;',
      ],
      ['  Drive : DriveData;\nEND_VAR', '  Drive : DriveData;\nEND_VAR\nVAR\n  Ready : BOOL;\nEND_VAR'],
    ),
    visu('a lower limit', ['MAX_TEMP : INT := 850', 'MAX_TEMP : INT := 820']),
    visu('another recipe by default', ['Recipe : INT := 1', 'Recipe : INT := 2']),
    {
      title: 'the temperature check in a file of its own',
      replacements: [
        [
          'src/Blocks.st',
          '\nFUNCTION InRange : BOOL\nVAR_INPUT\n  Value : INT;\n  Low : INT;\n  High : INT;\nEND_VAR\nInRange := Value >= Low AND Value <= High;\nEND_FUNCTION\n',
          '',
        ],
      ],
      added: {
        'src/InRange.st':
          'FUNCTION InRange : BOOL\nVAR_INPUT\n  Value : INT;\n  Low : INT;\n  High : INT;\nEND_VAR\nInRange := Value >= Low AND Value <= High;\nEND_FUNCTION\n',
      },
    },
  ],
};
