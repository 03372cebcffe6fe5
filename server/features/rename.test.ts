import { describe, expect, test } from 'vitest';
import { decodeText } from '../../core/base/decode.js';
import { Unit } from '../workspace/unit.js';
import { renameAt } from './rename.js';

const FILES: Readonly<Record<string, string>> = {
  'plantwright.yaml':
    'site: a\ndialect: codesys\nentry: Main\nsafety:\n  rating: SIL-2\n  signals:\n    - { tag: Main.EStop_OK, role: estop, zone: z } # Main.EStop_OK stays in a comment\n    - { tag: Main.pump.running, role: hazard, zone: z }\n',
  'Pump.st':
    'FUNCTION_BLOCK Pump IMPLEMENTS IDrive\nVAR_INPUT\n  run : BOOL;\nEND_VAR\nVAR_OUTPUT\n  running : BOOL;\nEND_VAR\nrunning := run;\nMETHOD Stop : BOOL\nStop := run;\nEND_METHOD\nEND_FUNCTION_BLOCK\n',
  'IDrive.st': 'INTERFACE IDrive\nMETHOD Stop : BOOL\nEND_METHOD\nEND_INTERFACE\n',
  'Twice.st': 'FUNCTION Twice : INT\nVAR_INPUT\n  value : INT;\nEND_VAR\nTwice := value * 2;\nEND_FUNCTION\n',
  'Main.st':
    'PROGRAM Main\nVAR\n  EStop_OK : BOOL;\n  pump : Pump;\n  total : INT;\nEND_VAR\nVAR_EXTERNAL\n  limit : INT;\nEND_VAR\npump(run := estop_ok);\nIF pump.running THEN total := Twice(total) + limit; END_IF;\npump.Stop();\nEND_PROGRAM\n',
  'Globals.st': 'VAR_GLOBAL\n  limit : INT;\n  other : INT;\nEND_VAR\n',
  'pump_test.st': "TEST 'runs'\nVAR\n  p : Pump;\nEND_VAR\np(run := TRUE);\nASSERT_TRUE(p.running);\nEND_TEST\n",
  'scenarios/a.yaml': 'name: a\nsteps:\n  - { at: 0ms, set: { Main.EStop_OK: true } }\n',
};

function unitOf(files: Readonly<Record<string, string>> = FILES): Unit {
  return new Unit(
    '/site',
    { kind: 'site' },
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  );
}

/** Renames the symbol at the first place of `at` in a file. Gives the changed lines by file, or the reason why not. */
function rename(path: string, at: string, newName: string, files = FILES): Record<string, string[]> | string {
  const unit = unitOf(files);
  const checked = unit.fileOf(path);
  if (checked === null) throw new Error(`${path} holds no code`);
  const renaming = renameAt(unit, checked, checked.file.text.indexOf(at), newName);
  if (renaming.kind === 'refused') return renaming.reason;
  const changed: Record<string, string[]> = {};
  for (const edited of new Set(renaming.edits.map((edit) => edit.path))) {
    const before = decodeText(unit.snapshot().get(edited) ?? Buffer.alloc(0)).text;
    let after = before;
    for (const { start, end, text } of renaming.edits.filter((edit) => edit.path === edited).reverse())
      after = after.slice(0, start) + text + after.slice(end);
    const old = before.split('\n');
    changed[edited] = after
      .split('\n')
      .filter((line, index) => line !== old[index])
      .map((line) => line.trim());
  }
  return changed;
}

describe('renaming', () => {
  test('a signal changes its program, its tag in the manifest and in scenarios, whatever the case', () => {
    expect(rename('Main.st', 'EStop_OK', 'EmergencyStop_OK')).toEqual({
      'Main.st': ['EmergencyStop_OK : BOOL;', 'pump(run := EmergencyStop_OK);'],
      'plantwright.yaml': ['- { tag: Main.EmergencyStop_OK, role: estop, zone: z } # Main.EStop_OK stays in a comment'],
      'scenarios/a.yaml': ['- { at: 0ms, set: { Main.EmergencyStop_OK: true } }'],
    });
  });

  test('an output of a block changes its users, tests and tags', () => {
    expect(rename('Pump.st', 'running', 'isRunning')).toEqual({
      'Main.st': ['IF pump.isRunning THEN total := Twice(total) + limit; END_IF;'],
      'Pump.st': ['isRunning : BOOL;', 'isRunning := run;'],
      'plantwright.yaml': ['- { tag: Main.pump.isRunning, role: hazard, zone: z }'],
      'pump_test.st': ['ASSERT_TRUE(p.isRunning);'],
    });
  });

  test('an input changes where calls name it', () => {
    expect(rename('Main.st', 'run :=', 'enable')).toMatchObject({
      'Main.st': ['pump(enable := estop_ok);'],
      'pump_test.st': ['p(enable := TRUE);'],
    });
  });

  test('a function changes with its result', () => {
    expect(rename('Main.st', 'Twice(', 'Doubled')).toMatchObject({
      'Twice.st': ['FUNCTION Doubled : INT', 'Doubled := value * 2;'],
    });
  });

  test('a program changes its tags', () => {
    expect(rename('Main.st', 'Main', 'Line')).toMatchObject({
      'Main.st': ['PROGRAM Line'],
      'scenarios/a.yaml': ['- { at: 0ms, set: { Line.EStop_OK: true } }'],
    });
  });

  test('a method changes with its interface, and the calls', () => {
    expect(rename('IDrive.st', 'Stop', 'Halt')).toEqual({
      'IDrive.st': ['METHOD Halt : BOOL'],
      'Main.st': ['pump.Halt();'],
      'Pump.st': ['METHOD Halt : BOOL', 'Halt := run;'],
    });
  });

  test('a global changes with its VAR_EXTERNAL', () => {
    expect(rename('Main.st', 'limit', 'ceiling')).toEqual({
      'Globals.st': ['ceiling : INT;'],
      'Main.st': ['ceiling : INT;', 'IF pump.running THEN total := Twice(total) + ceiling; END_IF;'],
    });
  });

  test('a variable of a test changes in its test', () => {
    expect(rename('pump_test.st', 'p : Pump', 'unit')).toEqual({
      'pump_test.st': ['unit : Pump;', 'unit(run := TRUE);', 'ASSERT_TRUE(unit.running);'],
    });
  });

  test('refuses what a ladder names, and objects of a TwinCAT project', () => {
    const ladder = {
      ...FILES,
      'Old.exp': 'PROGRAM Old\nVAR\n  k : BOOL;\nEND_VAR\nLD Main.total\nST k\nEND_PROGRAM\n',
      'Valve.TcPOU':
        '<TcPlcObject><POU Name="Valve" Id="{1}"><Declaration><![CDATA[FUNCTION_BLOCK Valve\nVAR\n  open : BOOL;\nEND_VAR]]></Declaration><Implementation><ST><![CDATA[open := NOT open;]]></ST></Implementation></POU></TcPlcObject>',
    };
    expect(rename('Main.st', 'total', 'sum', ladder)).toMatch(/Old\.exp/);
    expect(rename('Valve.TcPOU', 'Valve\nVAR', 'Flap', ladder)).toMatch(/TwinCAT project/);
    expect(rename('Valve.TcPOU', 'open :', 'isOpen', ladder)).toEqual({
      'Valve.TcPOU': expect.arrayContaining([expect.stringContaining('isOpen : BOOL;')]),
    });
  });

  test.each([
    ['a keyword', 'Main.st', 'total', 'END_IF', /keyword/],
    ['the name of a type', 'Main.st', 'total', 'dint', /keyword/],
    ['what is no name', 'Main.st', 'total', '2nd', /no name/],
    ['a name of the same program', 'Main.st', 'total', 'PUMP', /already Main\.pump/],
    ['a name of the project', 'Main.st', 'Twice(', 'Pump', /Pump/],
    ['a global that a local one would hide', 'Globals.st', 'other', 'total', /variable of Main/],
    ['a local one that would hide a global', 'Main.st', 'total', 'other', /already other/],
    ['the standard library', 'Main.st', 'BOOL', 'x', /no name here|standard library/],
  ])('refuses %s', (_, path, at, newName, reason) => {
    expect(rename(path, at, newName)).toMatch(reason);
  });
});
