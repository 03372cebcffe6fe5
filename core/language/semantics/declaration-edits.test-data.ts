/** A project whose declarations lean on each other, and edits of them as a person makes them. */

export const PLANT: ReadonlyMap<string, string> = new Map([
  [
    'types.st',
    `TYPE E_State : (Idle, Running := 5, Failed); END_TYPE
TYPE T_Level : REAL; END_TYPE
TYPE T_Percent : INT (0..100); END_TYPE
TYPE ST_Point : STRUCT
  x : INT;
  y : T_Level;
END_STRUCT
END_TYPE
TYPE ST_Path EXTENDS ST_Point : STRUCT
  points : ARRAY[1..C_POINTS] OF ST_Point;
  state : E_State;
END_STRUCT
END_TYPE
`,
  ],
  [
    'GVL_Plant.st',
    `VAR_GLOBAL CONSTANT
  C_POINTS : INT := 4;
  C_MORE : INT := C_POINTS + 1;
END_VAR
VAR_GLOBAL
  gLevel : T_Level;
  gState : E_State := Idle;
  gPath : ST_Path;
  gReady : BOOL;
END_VAR
`,
  ],
  [
    'I_Drive.st',
    `INTERFACE I_Drive
METHOD Start : BOOL
VAR_INPUT
  speed : REAL;
END_VAR
END_METHOD
PROPERTY Speed : REAL
GET
END_GET
END_PROPERTY
END_INTERFACE
`,
  ],
  [
    'FB_Base.st',
    `FUNCTION_BLOCK FB_Base IMPLEMENTS I_Drive
VAR CONSTANT
  C_SLOTS : INT := 3;
END_VAR
VAR_INPUT
  xEnable : BOOL;
END_VAR
VAR_OUTPUT
  eState : E_State;
END_VAR
VAR
  nSlots : ARRAY[0..C_SLOTS] OF INT;
END_VAR
METHOD Start : BOOL
VAR_INPUT
  speed : REAL;
END_VAR
Start := speed > 0.0;
END_METHOD
PROPERTY Speed : REAL
GET
Speed := 1.5;
END_GET
END_PROPERTY
nSlots[0] := 1;
eState := Running;
END_FUNCTION_BLOCK
`,
  ],
  [
    'FB_Axis.st',
    `FUNCTION_BLOCK FB_Axis EXTENDS FB_Base
VAR_INPUT
  target : ST_Point;
END_VAR
VAR_EXTERNAL
  gLevel : T_Level;
END_VAR
VAR
  local : ST_Path;
END_VAR
IF xEnable AND eState = Running THEN
  target.y := gLevel;
  local.points[1].x := nSlots[1];
END_IF
END_FUNCTION_BLOCK
`,
  ],
  [
    'F_Scale.st',
    `FUNCTION F_Scale : T_Level
VAR_INPUT
  raw : INT;
END_VAR
F_Scale := raw * 0.1;
END_FUNCTION
`,
  ],
  [
    'PLC_PRG.st',
    `PROGRAM PLC_PRG
VAR
  axis : FB_Axis;
  drive : I_Drive;
  level : T_Level;
  percent : T_Percent;
  counts : ARRAY[0..C_MORE] OF DINT;
  ok : BOOL;
END_VAR
axis(xEnable := gReady, target := gPath.points[1]);
drive := axis;
ok := drive.Start(speed := 2.0);
level := F_Scale(raw := 5);
level := axis.Speed;
CASE axis.eState OF
  Idle: percent := 0;
  E_State.Failed: percent := 100;
END_CASE
counts[C_POINTS] := 3;
gState := axis.eState;
gPath.state := INT_TO_E_State(percent);
END_PROGRAM
`,
  ],
  [
    'axis_test.st',
    `SETUP
VAR
  axis : FB_Axis;
END_VAR
END_SETUP
TEST 'starts'
VAR
  ok : BOOL;
END_VAR
ok := axis.Start(speed := 1.0);
END_TEST
TEST 'scales'
VAR
  level : T_Level;
END_VAR
level := F_Scale(raw := 3);
END_TEST
`,
  ],
]);

/** An edit of a file: the first place that reads so is replaced; nothing happens where none does. */
export type DeclarationEdit = readonly [path: string, find: string, replacement: string];

/** Each is made and unmade. */
const PAIRS: readonly DeclarationEdit[] = [
  ['types.st', 'Running := 5', 'Running := 6'],
  ['types.st', 'Failed)', 'Failed, Stopped)'],
  ['types.st', 'Running', 'Turning'],
  ['types.st', 'T_Level : REAL', 'T_Level : BOOL'],
  ['types.st', 'T_Level : REAL', 'T_Level : RE'],
  ['types.st', 'T_Percent : INT (0..100)', 'T_Percent : INT (0..C_POINTS)'],
  ['types.st', '  x : INT;', '  x : STRING;'],
  ['types.st', '  x : INT;', '  x : INT;\n  z : INT;'],
  ['types.st', '  x : INT;\n', ''],
  ['types.st', 'ST_Point :', 'ST_Points :'],
  ['types.st', ' EXTENDS ST_Point', ''],
  ['types.st', 'ARRAY[1..C_POINTS]', 'ARRAY[2..C_POINTS]'],
  ['types.st', 'TYPE T_Level', 'TYPE T_More : DINT; END_TYPE\nTYPE T_Level'],
  ['types.st', 'state : E_State', 'state : (On, Off)'],
  ['GVL_Plant.st', 'C_POINTS : INT := 4', 'C_POINTS : INT := 2'],
  ['GVL_Plant.st', 'C_POINTS : INT := 4', 'C_POINTS : INT :='],
  ['GVL_Plant.st', '  gReady : BOOL;\n', ''],
  ['GVL_Plant.st', '  gReady : BOOL;\n', '  gReady : INT;\n'],
  ['GVL_Plant.st', '  gReady', '  gExtra : INT;\n  gReady'],
  ['GVL_Plant.st', 'gLevel : T_Level', 'gLevel : INT'],
  ['GVL_Plant.st', 'VAR_GLOBAL CONSTANT', 'VAR_GLOBAL'],
  ['GVL_Plant.st', 'C_POINTS + 1', 'C_POINTS + 2'],
  ['GVL_Plant.st', 'gState', 'gStates'],
  ['GVL_Plant.st', 'gPath : ST_Path', 'gPath : ST_Pat'],
  ['I_Drive.st', '  speed : REAL', '  speed : INT'],
  ['I_Drive.st', 'METHOD Start : BOOL', 'METHOD Start'],
  ['I_Drive.st', 'PROPERTY Speed : REAL', 'PROPERTY Speed : INT'],
  ['I_Drive.st', 'INTERFACE I_Drive', 'INTERFACE I_Drives'],
  ['FB_Base.st', 'C_SLOTS : INT := 3', 'C_SLOTS : INT := 0'],
  ['FB_Base.st', '  speed : REAL', '  speed : LREAL'],
  ['FB_Base.st', 'METHOD Start : BOOL', 'METHOD Begin : BOOL'],
  ['FB_Base.st', 'METHOD Start : BOOL', 'METHOD PRIVATE Start : BOOL'],
  ['FB_Base.st', ' IMPLEMENTS I_Drive', ''],
  ['FB_Base.st', 'xEnable : BOOL', 'xEnable : INT'],
  ['FB_Base.st', 'PROPERTY Speed : REAL', 'PROPERTY Speed : T_Level'],
  ['FB_Base.st', 'FUNCTION_BLOCK FB_Base', 'FUNCTION_BLOCK ABSTRACT FB_Base'],
  ['FB_Base.st', 'Start := speed', 'Start := missing'],
  ['FB_Axis.st', ' EXTENDS FB_Base', ''],
  ['FB_Axis.st', 'gLevel : T_Level', 'gLevel : INT'],
  ['FB_Axis.st', 'FB_Axis', 'FB_Axes'],
  ['FB_Axis.st', '  local : ST_Path;', '  local : ST_Path;\n  more : FB_Base;'],
  ['F_Scale.st', 'F_Scale : T_Level', 'F_Scale : INT'],
  ['F_Scale.st', 'raw : INT', 'raw : STRING'],
  ['F_Scale.st', 'FUNCTION F_Scale', 'FUNCTION F_Scal'],
  ['F_Scale.st', 'END_FUNCTION\n', 'END_FUNCTION\nFUNCTION F_Other : INT\nF_Other := 1;\nEND_FUNCTION\n'],
  ['PLC_PRG.st', 'axis : FB_Axis', 'axis : FB_Base'],
  ['axis_test.st', 'axis : FB_Axis', 'axes : FB_Axis'],
  ['axis_test.st', '  ok : BOOL;', '  ok : INT;'],
  ['axis_test.st', "TEST 'starts'", "TEST 'begins'"],
  ['axis_test.st', 'raw := 3', 'raw := missing'],
  ['axis_test.st', "TEST 'scales'", "TEST 'more'\nEND_TEST\nTEST 'scales'"],
  ['PLC_PRG.st', 'level := F_Scale', 'level := F_Scales'],
  ['PLC_PRG.st', 'gReady, target', 'gExtra, target'],
];

export const DECLARATION_EDITS: readonly DeclarationEdit[] = [
  ...PAIRS,
  ...PAIRS.map(([path, find, replacement]): DeclarationEdit => [path, replacement, find]),
];
