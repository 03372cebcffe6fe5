/**
 * Edits that make a machine dangerous, and edits that don't. Each is a replacement in one of three small machines, so
 * that the table can be read like a list of what must never get through.
 */

import { type Files, LINE, STAMP, UNDECLARED } from './safety-change-machines.js';

export const MACHINES = { STAMP, LINE, UNDECLARED };
export type MachineName = keyof typeof MACHINES;

/** Replacements in files: `from` must occur; `to` null deletes the file, a missing `from` adds it. */
interface Edit {
  readonly file: string;
  readonly from?: string;
  readonly to: string | null;
}

export interface Case {
  readonly machine: MachineName;
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface UnsafeCase extends Case {
  /** A rule that must name it. `proof`: only a proof can tell; then the change must at least need a safety review. */
  readonly rule: string;
}

const CELL = 'src/Cell.st';
const PAIR = 'src/PairWatch.st';
const LINE_ST = 'src/line.st';

const cell = (title: string, rule: string, from: string, to: string): UnsafeCase => ({
  machine: 'STAMP',
  title,
  rule,
  edits: [{ file: CELL, from, to }],
});
const pair = (title: string, rule: string, from: string, to: string): UnsafeCase => ({
  machine: 'STAMP',
  title,
  rule,
  edits: [{ file: PAIR, from, to }],
});
const line = (title: string, rule: string, from: string, to: string): UnsafeCase => ({
  machine: 'LINE',
  title,
  rule,
  edits: [{ file: LINE_ST, from, to }],
});
const undeclared = (title: string, rule: string, from: string, to: string): UnsafeCase => ({
  machine: 'UNDECLARED',
  title,
  rule,
  edits: [{ file: 'src/Zelle.st', from, to }],
});

const RAM = 'qRam := iStep = 20 AND xGo AND xRedMushroom AND xFrontA AND xFrontB AND fbLimit.ok;';

export const UNSAFE: readonly UnsafeCase[] = [
  // operands and operators
  cell(
    'every trace of the e-stop leaves one output',
    'ES02',
    'xClear := xRedMushroom AND fbPair.q;',
    'xClear := fbPair.q;',
  ),
  cell(
    'OR instead of AND at the output, and its release is gone',
    'IL04',
    'xGo AND xRedMushroom AND xFrontA AND xFrontB AND fbLimit.ok',
    'xRedMushroom AND (xFrontA OR xFrontB) AND fbLimit.ok',
  ),
  pair('OR inside of the block', 'IL03', 'q := a AND b AND NOT bad;', 'q := (a OR b) AND NOT bad;'),
  pair('NOT inside of the block', 'IL03', 'q := a AND b AND NOT bad;', 'q := a AND NOT b AND NOT bad;'),
  pair(
    'a latch inside of the block',
    'IL03',
    'q := a AND b AND NOT bad;',
    'IF a AND b AND NOT bad THEN q := TRUE; END_IF',
  ),
  cell(
    'OR of the whole chain',
    'DP02',
    RAM,
    RAM.replace(
      'xGo AND xRedMushroom AND xFrontA AND xFrontB',
      '(xGo AND xRedMushroom AND xFrontA AND xFrontB OR Panel.xCool)',
    ),
  ),
  cell(
    'a bypass two assignments away',
    'DP02',
    RAM,
    `xWarm := xFrontA OR Panel.xCool;\nxReady := xWarm;\nqRam := iStep = 20 AND xRedMushroom AND xReady AND fbLimit.ok;`
      .replace('xWarm :=', 'xBypassValve :=')
      .replace('xReady := xWarm', 'xLatched := xBypassValve')
      .replaceAll('xReady', 'xLatched'),
  ),
  cell(
    'the guard negated',
    'IL04',
    'xRedMushroom AND xFrontA AND xFrontB AND fbLimit.ok',
    'xRedMushroom AND NOT xFrontA AND xFrontB AND fbLimit.ok',
  ),
  cell('OR TRUE', 'IL06', 'xFrontB AND fbLimit.ok', '(xFrontB OR TRUE) AND fbLimit.ok'),
  cell(
    'OR with a variable that is always TRUE',
    'DP02',
    RAM,
    `xBypassValve := TRUE;\n${RAM.replace('xFrontA AND xFrontB', '(xFrontA AND xFrontB OR xBypassValve)').replace('xGo AND ', '')}`,
  ),
  cell('a missing parenthesis', 'DP02', RAM, RAM.replace('iStep = 20 AND xGo', 'iStep = 20 OR xGo')),
  cell(
    'SEL as a bypass',
    'IL04',
    RAM,
    'qRam := iStep = 20 AND SEL(Panel.xCool, xGo AND xRedMushroom AND xFrontA AND xFrontB, TRUE) AND fbLimit.ok;',
  ),
  // writers
  cell('the front is read from the terminal of the top switch', 'DP12', 'xFrontA AT %IX0.1', 'xFrontA AT %IX0.5'),
  cell('the interlock against the other output', 'IL03', 'AND xFrontB AND NOT qRam;', 'AND xFrontB;'),
  cell('a release that starts as given', 'ES13', '  xClear : BOOL;', '  xClear : BOOL := TRUE;'),
  cell('a later overwrite', 'IL08', '// lamp', 'IF Panel.xCool THEN qRam := TRUE; END_IF\n// lamp'),
  cell('a later S=', 'IL08', '// lamp', 'qRam S= Panel.xCool;\n// lamp'),
  cell('a later write through a reference', 'IL08', '// lamp', 'rOut REF= qRam;\nrOut := Panel.xCool;\n// lamp'),
  cell('a later write through a pointer', 'IL08', '// lamp', 'pOut := ADR(qRam);\npOut^ := Panel.xCool;\n// lamp'),
  cell('a later write by address', 'IL08', '// lamp', '%QX0.0 := Panel.xCool;\n// lamp'),
  cell('a later write of the byte around it', 'IL08', '// lamp', '%QB0 := 16#01;\n// lamp'),
  cell(
    'the e-stop is written',
    'ES01',
    'fbEdge(CLK := xBlue);',
    'IF Panel.xCool THEN xRedMushroom := TRUE; END_IF\nfbEdge(CLK := xBlue);',
  ),
  cell(
    'a guard is written by a block’s output',
    'DP08',
    'fbEdge(CLK := xBlue);',
    'fbEdge(CLK := xBlue, Q => xFrontB);',
  ),
  cell('a guard is written by its address', 'DP08', 'fbEdge(CLK := xBlue);', '%IX0.1 := TRUE;\nfbEdge(CLK := xBlue);'),
  // flow
  cell('RETURN in front of the outputs', 'ES19', '// sequence', 'IF Panel.xCool THEN RETURN; END_IF\n// sequence'),
  cell(
    'RETURN in front of the chain',
    'ES19',
    'fbEdge(CLK := xBlue);',
    'IF Panel.xCool THEN RETURN; END_IF\nfbEdge(CLK := xBlue);',
  ),
  cell(
    'the guard block is called now and then',
    'IL18',
    'fbPair(a := xFrontA, b := xFrontB, limit := T#150ms, ack := fbEdge.Q);',
    'IF iStep = 0 THEN\n  fbPair(a := xFrontA, b := xFrontB, limit := T#150ms, ack := fbEdge.Q);\nEND_IF',
  ),
  cell(
    'the guard block is called twice',
    'IL18',
    'fbPair(a := xFrontA, b := xFrontB, limit := T#150ms, ack := fbEdge.Q);',
    'fbPair(a := xFrontA, b := xFrontB, limit := T#150ms, ack := fbEdge.Q);\nfbPair(a := xFrontA, b := xFrontB, limit := T#150ms, ack := fbEdge.Q);',
  ),
  pair('RETURN in the block', 'ES19', 'late(IN', 'IF ack THEN RETURN; END_IF\nlate(IN'),
  pair(
    'the timer of the block inside of IF',
    'TM07',
    'late(IN := a XOR b, PT := limit);',
    'IF ack THEN late(IN := a XOR b, PT := limit); END_IF',
  ),
  // channels and pins
  cell('one channel twice', 'PL03', 'a := xFrontA, b := xFrontB', 'a := xFrontA, b := xFrontA'),
  cell('a channel tied to TRUE', 'IL03', 'b := xFrontB, limit', 'b := TRUE, limit'),
  // reset
  cell('the edge of the reset becomes a level', 'ES08', 'ELSIF fbEdge.Q THEN', 'ELSIF xBlue THEN'),
  cell('the level goes into the block', 'ES08', 'ack := fbEdge.Q', 'ack := xBlue'),
  cell('the trip resets itself', 'proof', 'ELSIF fbEdge.Q THEN', 'ELSE'),
  cell('the latch is no latch any more', 'proof', '  xLatched := TRUE;', '  xLatched := FALSE;'),
  // start-up
  cell('a latch that starts free', 'ES13', 'xLatched : BOOL := TRUE;', 'xLatched : BOOL;'),
  cell(
    'a latch that is forgotten',
    'ES13',
    '  xLatched : BOOL := TRUE;\n',
    'END_VAR\nVAR_TEMP\n  xLatched : BOOL := TRUE;\nEND_VAR\nVAR\n',
  ),
  cell('the reset on a falling edge', 'ES10', 'fbEdge : R_TRIG;', 'fbEdge : F_TRIG;'),
  pair('the discrepancy timer becomes TOF', 'ES20', 'late : TON;', 'late : TOF;'),
  cell('the panel may reset', 'ES11', 'fbEdge(CLK := xBlue);', 'fbEdge(CLK := xBlue OR Panel.xCool);'),
  cell(
    'ELSIF in the wrong order',
    'proof',
    'IF NOT xClear THEN\n  xLatched := TRUE;\nELSIF fbEdge.Q THEN\n  xLatched := FALSE;',
    'IF fbEdge.Q THEN\n  xLatched := FALSE;\nELSIF NOT xClear THEN\n  xLatched := TRUE;',
  ),
  cell(
    'an operand that another one covers',
    'IL03',
    'xRedMushroom AND xFrontA AND xFrontB AND fbLimit.ok',
    'xRedMushroom AND xFrontA AND fbLimit.ok',
  ),
  cell('the release leaves an output', 'IL03', 'iStep = 20 AND xGo AND', 'iStep = 20 AND'),
  cell('OR between release and latch', 'IL04', 'xGo := xClear AND NOT xLatched;', 'xGo := xClear OR NOT xLatched;'),
  cell('a run state is retained', 'ES14', '  iStep : INT;\n', 'END_VAR\nVAR RETAIN\n  iStep : INT;\nEND_VAR\nVAR\n'),
  cell('an output starts on', 'PL11', 'qRam AT %QX0.0 : BOOL;', 'qRam AT %QX0.0 : BOOL := TRUE;'),
  // times and limits
  cell('the discrepancy time', 'TM01', 'T#150ms, ack', 'T#1500ms, ack'),
  cell('the discrepancy time in other units, and longer', 'TM01', 'T#150ms, ack', 'T#0.25s, ack'),
  cell('the discrepancy time from the panel', 'TM01', 'limit := T#150ms', 'limit := Panel.tWait'),
  pair('the timer of the block gets a constant', 'TM01', 'PT := limit', 'PT := T#10s'),
  {
    machine: 'STAMP',
    title: 'the limit of a certified block',
    rule: 'CF05',
    edits: [{ file: 'src/Panel.st', from: ':= 800', to: ':= 1200' }],
  },
  cell('a comparison that decides about the output', 'proof', 'qRam := iStep = 20', 'qRam := iStep >= 10'),
  pair('the latch of the block is gone', 'proof', 'q := a AND b AND NOT bad;', 'q := a AND b;'),
  // certified
  {
    machine: 'STAMP',
    title: 'a certified file',
    rule: 'CF01',
    edits: [{ file: 'src/certified/ForceWatch.st', from: '< limit', to: '<= limit' }],
  },
  {
    machine: 'STAMP',
    title: 'a comment in a certified file',
    rule: 'CF01',
    edits: [{ file: 'src/certified/ForceWatch.st', from: 'ok :=', to: '(* v2 *) ok :=' }],
  },
  {
    machine: 'STAMP',
    title: 'a certified file moves',
    rule: 'CF02',
    edits: [
      { file: 'src/certified/ForceWatch.st', to: null },
      { file: 'src/ForceWatch.st', to: STAMP['src/certified/ForceWatch.st'] ?? '' },
    ],
  },
  cell('a certified block is wired differently', 'CF05', 'force := iForce', 'force := 0'),
  // tests, manifest, text
  {
    machine: 'STAMP',
    title: 'an assertion is gone',
    rule: 'AG03',
    edits: [{ file: 'tests/pair_test.st', from: "ASSERT_FALSE(w.q, 'one open');\n", to: '' }],
  },
  {
    machine: 'STAMP',
    title: 'an assertion is turned round',
    rule: 'AG03',
    edits: [{ file: 'tests/pair_test.st', from: 'ASSERT_FALSE(w.q', to: 'ASSERT_TRUE(w.q' }],
  },
  { machine: 'STAMP', title: 'a scenario is gone', rule: 'AG03', edits: [{ file: 'scenarios/front.yaml', to: null }] },
  {
    machine: 'STAMP',
    title: 'a scenario expects later',
    rule: 'AG03',
    edits: [{ file: 'scenarios/front.yaml', from: 'at: 520ms', to: 'at: 5s' }],
  },
  {
    machine: 'STAMP',
    title: 'an invariant is gone',
    rule: 'AG03',
    edits: [{ file: 'scenarios/front.yaml', from: 'always: [Cell.xFrontA OR NOT Cell.qRam]\n', to: '' }],
  },
  {
    machine: 'STAMP',
    title: 'a role is taken from the manifest',
    rule: 'CF08',
    edits: [
      { file: 'plantwright.yaml', from: '    - { tag: Cell.xFrontB, role: guard }\n', to: '' },
      { file: CELL, from: 'xFrontB AND fbLimit.ok', to: 'fbLimit.ok' },
    ],
  },
  {
    machine: 'STAMP',
    title: 'the rating is lowered',
    rule: 'CF08',
    edits: [
      { file: 'plantwright.yaml', from: 'SIL-2', to: 'SIL-1' },
      { file: CELL, from: '// lamp', to: '// light' },
    ],
  },
  {
    machine: 'STAMP',
    title: 'a workflow file',
    rule: 'AG01',
    edits: [{ file: '.github/workflows/ci.yml', to: 'on: never\n' }],
  },
  cell('a comment that swallows code', 'AG07', '// sequence', '(* sequence'),
  cell(
    'a comment that swallows a little code',
    'DP04',
    'fbLimit(force := iForce, limit := PRESS_MAX);',
    '(* fbLimit(force := iForce, limit := PRESS_MAX); *)',
  ),
  cell('a name with a Cyrillic letter', 'CF10', 'xBypassValve : BOOL;', 'xBypassValve : BOOL; xFr\u043EntA : BOOL;'),
  cell('a comment with turned reading direction', 'CF10', '// lamp', '// lamp \u202E AND xFrontA \u202C'),
  cell('a pragma that hides findings', 'DP06', 'fbEdge(CLK := xBlue);', '{analysis -33}\nfbEdge(CLK := xBlue);'),
  cell('a leftover', 'DP05', 'xGo := xClear AND NOT xLatched;', 'xGo := xClear AND NOT (xLatched AND FALSE);'),
  cell('a signal is renamed away from the manifest', 'SIG01', CELL, CELL),
  // whole program
  line(
    'a guard leaves the input of an instance',
    'proof',
    'b(free := Free AND PullA AND Hood',
    'b(free := Free AND PullA',
  ),
  {
    machine: 'LINE',
    title: 'the e-stop leaves the chain',
    rule: 'ES02',
    edits: [
      {
        file: LINE_ST,
        from: 'Free := PullA AND Hood AND NOT latch.Q1;',
        to: 'Free := Hood AND NOT latch.Q1;',
      },
      { file: LINE_ST, from: 'S1 := NOT PullA OR NOT Hood', to: 'S1 := NOT Hood' },
    ],
  },
  {
    machine: 'LINE',
    title: 'SR becomes RS',
    rule: 'ES15',
    edits: [
      { file: LINE_ST, from: 'latch : SR;', to: 'latch : RS;' },
      {
        file: LINE_ST,
        from: 'latch(S1 := NOT PullA OR NOT Hood, R := edge.Q)',
        to: 'latch(S := NOT PullA OR NOT Hood, R1 := edge.Q)',
      },
    ],
  },
  line(
    'a program runs after its consumer',
    'TM08',
    '  PROGRAM Chain WITH Fast : Chain;\n  PROGRAM Drives WITH Fast : Drives;',
    '  PROGRAM Drives WITH Fast : Drives;\n  PROGRAM Chain WITH Fast : Chain;',
  ),
  line('a longer interval', 'TM08', 'T#10ms', 'T#100ms'),
  line('a program is not scheduled any more', 'TM08', '  PROGRAM Chain WITH Fast : Chain;\n', ''),
  line('the block that all share loses its operand', 'IL03', 'drive := request AND free;', 'drive := request;'),
  line(
    'a third writer far away',
    'IL08',
    'IF DriveA THEN',
    'a(free := TRUE, request := Go, drive := DriveB);\nIF DriveA THEN',
  ),
  line('a VAR_IN_OUT gets an input', 'DP08', 'drive := DriveB', 'drive := Hood'),
  line('the edge of the reset is gone', 'ES08', 'R := edge.Q', 'R := Ack'),
  // nothing declared
  undeclared('a German e-stop', 'ES02', ' AND bNotHalt', ''),
  undeclared('an English e-stop', 'ES02', ' AND xEmergencyOff', ''),
  undeclared('a German guard', 'IL03', ' AND bSchutztuerZu', ''),
  undeclared(
    'the line with the guard becomes a comment',
    'ES02',
    'qMotor := (bStart OR qMotor) AND bNotHalt',
    '// guard below\nqMotor := bStart; // (bStart OR qMotor) AND bNotHalt',
  ),
];

const safeCell = (title: string, ...edits: readonly [string, string][]): Case => ({
  machine: 'STAMP',
  title,
  edits: edits.map(([from, to]) => ({ file: CELL, from, to })),
});
const safeLine = (title: string, from: string, to: string): Case => ({
  machine: 'LINE',
  title,
  edits: [{ file: LINE_ST, from, to }],
});

export const HARMLESS: readonly Case[] = [
  safeCell('a comment', ['// lamp', '// lamp of the operator']),
  safeCell('a block comment about the guard', ['// lamp', '(* IF NOT xFrontA THEN the ram must not move *)']),
  safeCell('other spacing', [RAM, RAM.replaceAll(' AND ', '\n  AND ')]),
  safeCell('keywords in lower case', [RAM, RAM.replaceAll('AND', 'and')]),
  safeCell('names in another case', [RAM, RAM.replace('xFrontA', 'XFRONTA')]),
  safeCell('other line ends', ['fbEdge(CLK := xBlue);\n', 'fbEdge(CLK := xBlue);\r\n']),
  safeCell('operands in another order', [
    RAM,
    'qRam := xFrontB AND xFrontA AND xRedMushroom AND xGo AND fbLimit.ok AND iStep = 20;',
  ]),
  safeCell('De Morgan', ['xClear := xRedMushroom AND fbPair.q;', 'xClear := NOT (NOT xRedMushroom OR NOT fbPair.q);']),
  safeCell('superfluous parentheses', [RAM, RAM.replace('xFrontA AND xFrontB', '(xFrontA) AND (xFrontB)')]),
  safeCell('= TRUE', [RAM, RAM.replace('xFrontA AND', 'xFrontA = TRUE AND')]),
  safeCell('& for AND', [RAM, RAM.replace('xFrontA AND', 'xFrontA &')]),
  safeCell(
    'a variable in between',
    ['  xGo : BOOL;', '  xGo : BOOL;\n  xField : BOOL;'],
    [
      RAM,
      `xField := xRedMushroom AND xFrontA AND xFrontB;\n${RAM.replace('xRedMushroom AND xFrontA AND xFrontB', 'xField')}`,
    ],
  ),
  safeCell('a chain built in two statements', [
    'xClear := xRedMushroom AND fbPair.q;',
    'xClear := xRedMushroom;\nxClear := xClear AND fbPair.q;',
  ]),
  safeCell('the latch as an equation', [
    'IF NOT xClear THEN\n  xLatched := TRUE;\nELSIF fbEdge.Q THEN\n  xLatched := FALSE;\nEND_IF',
    'xLatched := NOT xClear OR (xLatched AND NOT fbEdge.Q);',
  ]),
  safeCell('IF instead of an assignment', [
    RAM,
    `IF iStep = 20 AND xGo AND xRedMushroom AND xFrontA AND xFrontB AND fbLimit.ok THEN\n  qRam := TRUE;\nELSE\n  qRam := FALSE;\nEND_IF`,
  ]),
  safeCell('a default and an IF', [
    RAM,
    `qRam := FALSE;\nIF iStep = 20 AND xGo AND xRedMushroom AND xFrontA AND xFrontB AND fbLimit.ok THEN\n  qRam := TRUE;\nEND_IF`,
  ]),
  safeCell('one operand more', [RAM, RAM.replace('fbLimit.ok', 'fbLimit.ok AND xTop')]),
  safeCell('the time in other units', ['T#150ms, ack', 'T#0.15s, ack']),
  safeCell('the time with a long prefix', ['T#150ms, ack', 'TIME#150MS, ack']),
  safeCell('a lamp that blinks faster', ['tBlink : TIME := T#500ms', 'tBlink : TIME := T#250ms']),
  safeCell('an unused limit with a dangerous name', ['rForceLimit : REAL := 12.5', 'rForceLimit : REAL := 14.0']),
  safeCell('a valve called bypass', ['xBypassValve := Panel.xCool;', 'xBypassValve := Panel.xCool AND iStep > 0;']),
  safeCell('one more status for the panel', [
    'Panel.iState := iStep;',
    'Panel.iState := iStep;\nqLamp := qLamp OR iStep = 99;',
  ]),
  safeCell(
    'a counter',
    ['  iStep : INT;', '  iStep : INT;\n  diStrokes : DINT;'],
    ['// lamp', 'IF qRam THEN diStrokes := diStrokes + 1; END_IF\n// lamp'],
  ),
  safeCell(
    'a retained counter',
    ['  iStep : INT;\n', 'END_VAR\nVAR RETAIN\n  diStrokes : DINT;\nEND_VAR\nVAR\n  iStep : INT;\n'],
    ['// lamp', 'diStrokes := diStrokes + 1;\n// lamp'],
  ),
  safeCell(
    'a local variable renamed',
    ['  xClear : BOOL;', '  xFieldFree : BOOL;'],
    ['xClear := xRedMushroom', 'xFieldFree := xRedMushroom'],
    ['IF NOT xClear THEN', 'IF NOT xFieldFree THEN'],
    ['xGo := xClear AND', 'xGo := xFieldFree AND'],
  ),
  safeCell(
    'an instance renamed',
    ['  fbPair : PairWatch;', '  fbFront : PairWatch;'],
    ['fbPair(a', 'fbFront(a'],
    ['fbPair.q', 'fbFront.q'],
  ),
  safeCell('independent statements in another order', [
    'Panel.iState := iStep;\nPanel.xOpen := NOT xFrontA;',
    'Panel.xOpen := NOT xFrontA;\nPanel.iState := iStep;',
  ]),
  safeCell('arguments in another order', [
    'a := xFrontA, b := xFrontB, limit := T#150ms',
    'limit := T#150ms, b := xFrontB, a := xFrontA',
  ]),
  safeCell('a number in another base', ['20: IF NOT xTop', '16#14: IF NOT xTop']),
  safeCell('ELSE IF instead of ELSIF', [
    'ELSIF fbEdge.Q THEN\n  xLatched := FALSE;\nEND_IF\nxGo',
    'ELSE\n  IF fbEdge.Q THEN\n    xLatched := FALSE;\n  END_IF\nEND_IF\nxGo',
  ]),
  safeCell('a later write that only switches off', ['// lamp', 'IF Panel.xCool THEN qFeed := FALSE; END_IF\n// lamp']),
  safeCell('a string that mentions a bypass', [
    '  iStep : INT;',
    "  iStep : INT;\n  sText : STRING := 'guard bypass not allowed';",
  ]),
  {
    machine: 'STAMP',
    title: 'a new block that nobody calls',
    edits: [
      {
        file: 'src/Lamp.st',
        to: 'FUNCTION_BLOCK Lamp\nVAR_OUTPUT on : BOOL; END_VAR\non := TRUE;\nEND_FUNCTION_BLOCK\n',
      },
    ],
  },
  {
    machine: 'STAMP',
    title: 'a file renamed',
    edits: [
      { file: PAIR, to: null },
      { file: 'src/Pair.st', to: STAMP[PAIR] ?? '' },
    ],
  },
  {
    machine: 'STAMP',
    title: 'the e-stop evaluated in a function',
    edits: [
      { file: CELL, from: 'xClear := xRedMushroom AND fbPair.q;', to: 'xClear := Both(xRedMushroom, fbPair.q);' },
      {
        file: 'src/Both.st',
        to: 'FUNCTION Both : BOOL\nVAR_INPUT l : BOOL; r : BOOL; END_VAR\nBoth := l AND r;\nEND_FUNCTION\n',
      },
    ],
  },
  {
    machine: 'STAMP',
    title: 'the chain moved into a block',
    edits: [
      {
        file: CELL,
        from: 'xClear := xRedMushroom AND fbPair.q;',
        to: 'fbChain(stop := xRedMushroom, front := fbPair.q);\nxClear := fbChain.free;',
      },
      { file: CELL, from: '  xGo : BOOL;', to: '  xGo : BOOL;\n  fbChain : Chain;' },
      {
        file: 'src/Chain.st',
        to: 'FUNCTION_BLOCK Chain\nVAR_INPUT stop : BOOL; front : BOOL; END_VAR\nVAR_OUTPUT free : BOOL; END_VAR\nfree := stop AND front;\nEND_FUNCTION_BLOCK\n',
      },
    ],
  },
  {
    machine: 'STAMP',
    title: 'the limit as a sum',
    edits: [{ file: 'src/Panel.st', from: ':= 800', to: ':= 8 * 100' }],
  },
  {
    machine: 'STAMP',
    title: 'one assertion more',
    edits: [
      { file: 'src/Panel.st', from: 'iState : INT;', to: 'iState : INT; // step' },
      { file: 'tests/more_test.st', to: "TEST 'more'\nASSERT_TRUE(TRUE);\nEND_TEST\n" },
    ],
  },
  { machine: 'STAMP', title: 'notes', edits: [{ file: 'README.md', to: 'The guard may be bypassed by nobody.\n' }] },
  safeLine('a request timer that is no safety time', 'PT := T#2s', 'PT := T#3s'),
  safeLine('a comment in the configuration', 'RESOURCE Cpu ON PLC', 'RESOURCE Cpu ON PLC (* S7 *)'),
  safeLine('a faster task', 'T#10ms', 'T#5ms'),
  safeLine(
    'a counter in another branch',
    'IF DriveA THEN\n  Count := Count + 1;\nEND_IF;',
    'IF DriveA AND Count < 1000 THEN\n  Count := Count + 1;\nEND_IF;',
  ),
  safeLine(
    'the latch in words',
    'latch(S1 := NOT PullA OR NOT Hood, R := edge.Q);',
    'latch(S1 := NOT (PullA AND Hood), R := edge.Q);',
  ),
  {
    machine: 'UNDECLARED',
    title: 'a lamp more',
    edits: [
      { file: 'src/Zelle.st', from: 'qLeuchte := NOT bNotHalt;', to: 'qLeuchte := NOT bNotHalt OR NOT bSchutztuerZu;' },
    ],
  },
  safeCell('a step more that runs nothing', [
    '    20: IF NOT xTop THEN iStep := 0; END_IF',
    '    20: IF NOT xTop THEN iStep := 30; END_IF\n    30: iStep := 0;',
  ]),
  {
    machine: 'UNDECLARED',
    title: 'operands in another order',
    edits: [
      {
        file: 'src/Zelle.st',
        from: 'bNotHalt AND xEmergencyOff AND bSchutztuerZu',
        to: 'bSchutztuerZu AND xEmergencyOff AND bNotHalt',
      },
    ],
  },
];

/** Variables that some edits need; declared by the edit so that it compiles. */
const HELPERS: Readonly<Record<string, string>> = {
  'rOut REF=': 'rOut : REFERENCE TO BOOL;',
  'pOut := ADR': 'pOut : POINTER TO BOOL;',
};

/** The files of a machine after the edits of a case. */
export function applied({ machine, edits }: Case): Files {
  const files: Record<string, string> = { ...MACHINES[machine] };
  for (const { file, from, to } of edits) {
    if (to === null) delete files[file];
    else if (from === undefined) files[file] = to;
    else {
      const text = files[file] ?? '';
      if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
      files[file] = text.replace(from, () => to);
    }
    for (const [use, declaration] of Object.entries(HELPERS)) {
      if (to?.includes(use))
        files[file] = (files[file] ?? '').replace('  xGo : BOOL;', `  xGo : BOOL;\n  ${declaration}`);
    }
  }
  return files;
}
