import { expect, test } from 'vitest';
import { buildProject } from '../../core/language/semantics/project.js';
import { parseSourceFile } from '../../core/language/syntax/parser.js';
import { indexSymbols } from '../symbols/symbol-index.js';
import { codeLenses, type LensKind, lensKindsOf } from './code-lens.js';

const CODE = `PROGRAM Main
END_PROGRAM
FUNCTION_BLOCK Block
END_FUNCTION_BLOCK
TEST 'it runs'
END_TEST
`;

function lenses(kinds: readonly LensKind[]): string[] {
  const file = parseSourceFile('main_test.st', CODE, 'codesys');
  const project = buildProject({ files: [file], dialect: 'codesys', entry: null, cycle: 10_000_000n });
  const checked = { file, project, symbols: indexSymbols(project) };
  return codeLenses(checked, 'file:///main_test.st', kinds).map(
    ({ range, command }) =>
      `${range.start.line} ${command?.title} ${command?.command} ${JSON.stringify(command?.arguments?.[0])}`,
  );
}

test('a program can be simulated; a test can be run, debugged and traced', () => {
  expect(lenses(['simulate', 'run', 'debug'])).toEqual([
    '0 Simulate plantwright.simulateProgram {"uri":"file:///main_test.st","program":"Main"}',
    '0 Debug plantwright.debugProgram {"uri":"file:///main_test.st","program":"Main"}',
    '4 Run plantwright.runTest {"uri":"file:///main_test.st","name":"it runs"}',
    '4 Debug plantwright.debugTest {"uri":"file:///main_test.st","name":"it runs"}',
    '4 Trace plantwright.openTrace {"uri":"file:///main_test.st","name":"it runs"}',
  ]);
});

test('a client gets only lenses that it has commands for', () => {
  expect(lenses(['run']).map((lens) => lens.split(' ')[1])).toEqual(['Run', 'Trace']);
  expect(lenses([])).toEqual([]);
});

test.each([
  [{ lenses: ['run', 'simulate', 'format'] }, ['simulate', 'run']],
  [{ lenses: 'run' }, []],
  [undefined, []],
])('the options %j name the lenses %j', (options, expected) => {
  expect(lensKindsOf(options)).toEqual(expected);
});
