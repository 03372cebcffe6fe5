import { describe, expect, test } from 'vitest';
import { projectOf } from '../check/testing/marked-source.js';
import type { Expression } from '../syntax/tree.js';
import { walk } from '../syntax/walk.js';
import { accessPathOf } from './access-path.js';
import { hoverText } from './hover.js';
import { declaredSymbols, enclosingPou, referencesTo, symbolAt } from './queries.js';
import { explainMissingTag, findTag, findTags } from './tags.js';
import { describeType } from './type-names.js';
import { variablesOf } from './variables-of.js';

const PLANT = {
  'gvl.st': `VAR_GLOBAL
  LineSpeed : REAL;
END_VAR
VAR_GLOBAL CONSTANT
  N : INT := 2 + 1;
END_VAR
`,
  'pump.st': `TYPE Limits : STRUCT
  low : INT;
  high : INT;
END_STRUCT;
END_TYPE
FUNCTION_BLOCK Base
VAR
  cycles : UDINT;
END_VAR
END_FUNCTION_BLOCK
FUNCTION_BLOCK Pump EXTENDS Base
VAR_INPUT
  (* starts the pump *)
  start : BOOL;
END_VAR
VAR_OUTPUT
  runs : BOOL;
  limits : ARRAY[1..N] OF Limits;
END_VAR
VAR
  delay : TON;
END_VAR
delay(IN := start, PT := T#1s);
runs := delay.Q;
END_FUNCTION_BLOCK
`,
  'main.st': `PROGRAM Main
VAR
  EStop_OK, Guard_OK : BOOL;
  pump1 : Pump;
  pump2 : Pump;
  x : INT;
END_VAR
pump1(start := EStop_OK);
x := pump1.limits[2].high + N;
END_PROGRAM
PROGRAM Aux
END_PROGRAM
`,
};

const CONFIGURATION = `CONFIGURATION Plant
RESOURCE Cpu ON PLC
TASK Slow(INTERVAL := T#100ms, PRIORITY := 5);
TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);
PROGRAM A1 WITH Slow : Aux;
PROGRAM M1 WITH Fast : Main;
END_RESOURCE
END_CONFIGURATION
`;

function expressionsOf(project: ReturnType<typeof projectOf>, path: string): Map<string, Expression> {
  const found = new Map<string, Expression>();
  const file = project.files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`no file ${path}`);
  walk(file, (node) => {
    const kinds = ['Name', 'Member', 'Index', 'Binary', 'Call', 'Literal'];
    if (kinds.includes(node.kind)) found.set(file.text.slice(node.start, node.end), node as Expression);
    return undefined;
  });
  return found;
}

describe('a project', () => {
  const project = projectOf(PLANT, 'iec');

  test('has no findings when the code is fine', () => {
    expect(project.findings.map((finding) => finding.message)).toEqual([]);
  });

  test('answers types, operand types, constants and calls', () => {
    const expressions = expressionsOf(project, 'main.st');
    const get = (text: string): Expression => {
      const expression = expressions.get(text);
      if (expression === undefined) throw new Error(`no expression ${text}`);
      return expression;
    };
    expect(describeType(project.model.typeOf(get('pump1.limits[2].high')))).toBe('INT');
    expect(describeType(project.model.typeOf(get('pump1.limits')))).toBe('ARRAY[1..3] OF Limits');
    expect(describeType(project.model.operandTypeOf(get('pump1.limits[2].high + N')))).toBe('INT');
    expect(project.model.constantOf(get('N'))).toBe(3n);
    expect(project.model.symbolOf(get('pump1.limits[2].high'))?.qualifiedName).toBe('Limits.high');
    const call = get('pump1(start := EStop_OK)');
    if (call.kind !== 'Call') throw new Error('not a call');
    const resolved = project.model.callOf(call);
    expect(resolved?.target?.name).toBe('Pump');
    expect(
      resolved?.bindings.map((one) => [one.parameterName, one.direction, describeType(one.parameterType)]),
    ).toEqual([['start', 'in', 'BOOL']]);
  });

  test('knows the path behind an expression', () => {
    const expression = expressionsOf(project, 'main.st').get('pump1.limits[2].high');
    if (expression === undefined) throw new Error('no expression');
    const path = accessPathOf(project.model, expression);
    expect(path?.root.qualifiedName).toBe('Main.pump1');
    expect(
      path?.steps.map((step) =>
        step.kind === 'member' ? step.symbol.name : step.kind === 'index' ? step.indices : step.kind,
      ),
    ).toEqual(['limits', [2n], 'high']);
  });

  test.each([
    ['Main.EStop_OK', ['Main.EStop_OK']],
    ['main.estop_ok', ['Main.EStop_OK']],
    ['Main.*_OK', ['Main.EStop_OK', 'Main.Guard_OK']],
    ['Main.pump1.delay.PT', ['Main.pump1.delay.PT']],
    ['Main.pump*.runs', ['Main.pump1.runs', 'Main.pump2.runs']],
    ['Main.pump1.cycles', ['Main.pump1.cycles']],
    ['Main.pump1.limits[2].high', ['Main.pump1.limits[2].high']],
    ['LineSpeed', ['LineSpeed']],
    ['Main.nothing', []],
    ['EStop_OK', []],
  ])('finds the tag %s', (tag, paths) => {
    expect(findTags(project, tag).map((one) => one.path)).toEqual(paths);
  });

  test('says why a tag is missing', () => {
    expect(explainMissingTag(project, 'Main.EStopOK')).toBe(
      '"Main" has no variable "EStopOK". Did you mean "EStop_OK"?',
    );
    expect(explainMissingTag(project, 'Mian.EStop_OK')).toContain(
      'no program or global variable "Mian". Did you mean "Main"?',
    );
  });

  test('schedules by priority, and falls back to the usual program', () => {
    expect(
      project.schedule.map((task) => [task.name, task.interval, task.programs.map((one) => one.instanceName)]),
    ).toEqual([['Main', 10_000_000n, ['Main']]]);
    const configured = projectOf({ ...PLANT, 'configuration.st': CONFIGURATION }, 'iec');
    expect(configured.findings).toEqual([]);
    expect(
      configured.schedule.map((task) => [task.name, task.interval, task.programs.map((one) => one.instanceName)]),
    ).toEqual([
      ['Fast', 10_000_000n, ['M1']],
      ['Slow', 100_000_000n, ['A1']],
    ]);
    expect(findTag(configured, 'M1.pump1.runs')?.path).toBe('M1.pump1.runs');
  });

  test('finds declarations, references and what stands at a place', () => {
    const main = project.files.find((file) => file.path === 'main.st');
    if (main === undefined) throw new Error('no file');
    const offset = main.text.indexOf('pump1(') + 2;
    const found = symbolAt(project, main, offset);
    expect(found?.symbol.qualifiedName).toBe('Main.pump1');
    if (found === null) return;
    expect(referencesTo(project, found.symbol).length).toBe(3);
    expect(enclosingPou(project, main, offset).pou?.name).toBe('Main');
    expect(declaredSymbols(project).map((symbol) => symbol.name)).toEqual(['Limits', 'Base', 'Pump', 'Main', 'Aux']);
    const pump = project.lookup('pump');
    expect(pump?.kind === 'pou' ? variablesOf(pump).map((one) => one.name) : []).toEqual([
      'cycles',
      'start',
      'runs',
      'limits',
      'delay',
    ]);
    expect(hoverText(project.lookup('Pump.start') ?? found.symbol)).toBe(
      '```st\nVAR_INPUT start : BOOL\n```\n\nstarts the pump',
    );
  });

  test('gives the same findings in the same order every time', () => {
    const broken = {
      'b.st': 'PROGRAM B\nVAR x : INT; END_VAR\nx := y;\nx := z;\nEND_PROGRAM\n',
      'a.st': 'PROGRAM A\nq();\nEND_PROGRAM\n',
    };
    const first = projectOf(broken, 'iec').findings;
    expect(first.map((finding) => `${finding.file} ${finding.code}`)).toEqual([
      'a.st PW2003',
      'b.st PW2001',
      'b.st PW2001',
    ]);
    expect(projectOf(broken, 'iec').findings).toEqual(first);
  });

  test('two projects with the same names do not see each other', () => {
    const one = projectOf(
      { 'Pump.st': 'FUNCTION_BLOCK Pump\nVAR_INPUT a : INT; END_VAR\nEND_FUNCTION_BLOCK\n' },
      'iec',
    );
    const two = projectOf(
      { 'Pump.st': 'FUNCTION_BLOCK Pump\nVAR_INPUT b : INT; END_VAR\nEND_FUNCTION_BLOCK\n' },
      'iec',
    );
    expect(one.lookup('Pump.a')).not.toBeNull();
    expect(one.lookup('Pump.b')).toBeNull();
    expect(two.lookup('Pump.b')).not.toBeNull();
  });
});

describe('constants', () => {
  test.each([
    ['A', 3n],
    ['A / 2', 1n],
    ['R / 2', 1.5],
    ['T * 2', 2_000_000_000n],
    ['T * 1.5', 1_500_000_000n],
    ['NOT B', true],
    ['A > 2', true],
    ['Mode#Auto', 5n],
    ['S', Math.fround(0.1)],
    ['v', null],
    ['given', null],
    ['1 / 0', null],
    ['-A', -3n],
    ['2 ** 3', 8n],
    ['16#F0 AND 16#3C', 0x30n],
    ["'a' = 'a'", true],
  ] as const)('%s is %s', (text, expected) => {
    const source = `TYPE Mode : (Off, Auto := 5); END_TYPE
FUNCTION_BLOCK F
VAR CONSTANT
  A : INT := 1 + 2; R : REAL := 3; S : REAL := 0.1; T : TIME := T#1s; B : BOOL := FALSE;
END_VAR
VAR_INPUT CONSTANT
  given : INT := 3;
END_VAR
VAR
  v : INT := 3;
END_VAR
Show(${text});
END_FUNCTION_BLOCK
FUNCTION Show
VAR_INPUT
  x : INT;
END_VAR
END_FUNCTION
`;
    const project = projectOf({ 'a.st': source }, 'iec');
    const expression = expressionsOf(project, 'a.st').get(text) ?? unaryIn(project, text);
    expect(expression === undefined ? 'no expression' : project.model.constantOf(expression)).toBe(expected);
  });
});

function unaryIn(project: ReturnType<typeof projectOf>, text: string): Expression | undefined {
  let found: Expression | undefined;
  const [file] = project.files;
  if (file === undefined) return undefined;
  walk(file, (node) => {
    if (node.kind === 'Unary' && file.text.slice(node.start, node.end) === text) found = node;
    return undefined;
  });
  return found;
}

describe('lists of global variables in text files', () => {
  const files = {
    'src/GVL_HMI.st': 'VAR_GLOBAL\n  reset : BOOL;\nEND_VAR\nVAR_GLOBAL CONSTANT\n  limit : INT := 5;\nEND_VAR\n',
    'src/GVL_IO.st': "{attribute 'qualified_only'}\nVAR_GLOBAL\n  motor : BOOL;\nEND_VAR\n",
    'main.st':
      'PROGRAM PLC_PRG\nVAR\n  x : INT;\nEND_VAR\nIF GVL_HMI.reset AND reset THEN\n  GVL_IO.motor := FALSE;\nEND_IF;\nx := GVL_HMI.limit;\nEND_PROGRAM\n',
  };

  test('have the name of their file in CODESYS', () => {
    const project = projectOf(files, 'codesys');
    expect(project.findings.map((finding) => finding.message)).toEqual([]);
    expect([...project.globals.keys()]).toEqual(['RESET', 'LIMIT', 'GVL_IO.MOTOR']);
    expect(findTags(project, 'GVL_HMI.*').map((one) => one.path)).toEqual(['reset', 'limit']);
    expect(findTags(project, 'GVL_IO.motor').map((one) => one.path)).toEqual(['GVL_IO.motor']);
    expect(findTags(project, 'motor')).toEqual([]);
  });

  test('have no name in IEC', () => {
    expect(projectOf({ ...files, 'src/GVL_IO.st': '' }, 'iec').findings.map((finding) => finding.code)).toContain(
      'PW2001',
    );
  });
});

describe('test files', () => {
  test('variables of SETUP are visible in every TEST', () => {
    const project = projectOf(
      {
        'counter.st':
          'FUNCTION_BLOCK Counter\nVAR_INPUT\n  reset : BOOL;\nEND_VAR\nVAR_OUTPUT\n  count : INT;\nEND_VAR\nVAR\n  hidden : INT;\nEND_VAR\nEND_FUNCTION_BLOCK\nFUNCTION Noise : INT\nNoise := 1;\nEND_FUNCTION\n',
        'counter_test.st': `SETUP
  VAR c : Counter; END_VAR
  c(reset := TRUE);
END_SETUP
TEST 'counts'
  VAR n : INT; END_VAR
  c(reset := FALSE);
  n := c.hidden;
  ASSERT_EQ(c.count, 1, 'after one call');
  ASSERT_TRUE(n = 0);
  ASSERT_NEAR(1.5, 1.4, 0.2);
  ADVANCE_TIME(T#100ms);
  ADVANCE_TIME(100000000);
  MOCK c;
  MOCK_FUNCTION Noise RETURNS 5;
  MOCK_VERIFY_CALL_COUNT(c, 2);
END_TEST
TEST "other"
  ASSERT_EQ(c.cuont, 1);
END_TEST
`,
      },
      'iec',
    );
    expect(project.findings.map((one) => `${one.file}:${one.line} ${one.code} ${one.message}`)).toEqual([
      'counter_test.st:19 PW2004 Counter has no member "cuont". Did you mean "count"?',
    ]);
  });
});
