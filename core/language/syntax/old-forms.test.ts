/** Forms of older tools that stand in code which still runs: CODESYS 2.3 exports, S7-SCL, instruction lists. */
import { describe, expect, test } from 'vitest';
import { readSource } from '../../formats/read-source.js';
import { buildProject } from '../semantics/project.js';

function check(path: string, text: string) {
  const file = readSource(path, text, 'codesys');
  const project = buildProject({ files: [file], dialect: file.dialect, entry: null, cycle: 10_000_000n });
  const errors = project.findings.filter(({ severity }) => severity === 'error');
  return { file, project, errors: errors.map(({ code, line, message }) => `${code} ${line} ${message}`) };
}

const PROGRAM = "PROGRAM PLC_PRG\nVAR\n  a : BOOL;\n  t : TON;\nEND_VAR\n(* @END_DECLARATION := '0' *)\n";

describe('CODESYS 2.3 exports', () => {
  test.each([
    ['a load', 'LD a\nANDN a\nST a\n'],
    ['a load behind a label', 'first:\nLD a\nST a\n'],
    ['a call with its inputs', 'CAL t(IN := a, PT := T#1s)\nLD t.Q\nST a\n'],
    ['a jump', 'JMPC done\nLD a\ndone:\nRET\n'],
  ])('keep an instruction list that starts with %s as one body, told once', (_, body) => {
    const { file, project, errors } = check('a.exp', `${PROGRAM}${body}END_PROGRAM\n`);
    expect(errors).toEqual([]);
    expect(file.unsupportedBodies).toMatchObject([{ owner: 'PLC_PRG', language: 'IL' }]);
    expect(project.findings.map(({ code }) => code)).toEqual(['PW2077']);
    expect(file.declarations).toMatchObject([{ body: { statements: [{ kind: 'ErrorStatement' }] } }]);
  });

  test.each(['ld := a;', 'LD(a);', 'cal.x := a;', 'a := NOT a;'])('take "%s" for Structured Text', (statement) => {
    expect(check('a.exp', `${PROGRAM}${statement}\nEND_PROGRAM\n`).file.unsupportedBodies).toBeUndefined();
  });

  test('pass over libraries, settings and visualisations, and read the tasks', () => {
    const { errors, project } = check(
      'a.exp',
      `${PROGRAM}a := NOT a;\nEND_PROGRAM\n\nLIBRARY\nStandard.lib 9.12.05 12:48:08\nNumOfPOUs: 2\nCONCAT: 0\nEND_LIBRARY\n\nPLC_CONFIGURATION\n_GLOBAL\n_VERSION: 3\nPLC_END\n\nRESOURCE\nTASK Fast ( INTERVAL := t#5ms , PRIORITY := 1 )\n{ WATCHDOG := 'true' }\nPLC_PRG();\nEND_TASK\nEND_RESOURCE\n\n_WORKSPACE\n_GLOBALVISUALSETTINGS\n_WORKSPACE_END\n`,
    );
    expect(errors).toEqual([]);
    expect(project.schedule).toMatchObject([
      { name: 'Fast', interval: 5_000_000n, programs: [{ pou: { name: 'PLC_PRG' } }] },
    ]);
  });
});

describe('S7-SCL', () => {
  const block = (sections: string, body: string) =>
    `FUNCTION_BLOCK FB10\n${sections}VAR_TEMP\n  i : INT;\n  r : REAL;\nEND_VAR\nBEGIN\n${body}\nEND_FUNCTION_BLOCK\n`;

  test('declares constants and labels', () => {
    const { errors } = check(
      'a.scl',
      block(
        'CONST\n  n := 10;\n  f := 2.5;\n  d := T#5s;\nEND_CONST\nLABEL\n  done, other;\nEND_LABEL\nVAR\n  a : ARRAY[1..n] OF INT;\nEND_VAR\n',
        'FOR i := 1 TO n DO\n  IF a[i] > 5 THEN GOTO done; END_IF;\nEND_FOR;\nr := f;\ndone: i := 0;',
      ),
    );
    expect(errors).toEqual([]);
  });

  test.each([
    ['a constant that is written', 'CONST\n  n := 10;\nEND_CONST\n', 'n := 2;', 'PW3038'],
    [
      'an index beyond such a bound',
      'CONST\n  n := 10;\nEND_CONST\nVAR\n  a : ARRAY[1..n] OF INT;\nEND_VAR\n',
      'a[11] := 2;',
      'PW3019',
    ],
    ['a missing END_CONST', 'CONST\n  n := 10;\n', 'i := n;', 'PW1004'],
  ])('reports %s, once', (_, sections, body, code) => {
    const { errors } = check('a.scl', block(sections, body));
    expect(errors.map((error) => error.slice(0, 6))).toEqual([code]);
  });
});

describe('CODESYS', () => {
  const outside =
    'FUNCTION_BLOCK Pump\nVAR_INPUT\n  size : INT;\nEND_VAR\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK List\nVAR_GENERIC CONSTANT\n  n : UINT := 3;\nEND_VAR\nVAR\n  items : ARRAY[1..n] OF INT;\nEND_VAR\nitems[9] := 1;\nEND_FUNCTION_BLOCK\n';
  const program = (variables: string) =>
    check('a.st', `${outside}PROGRAM Main\nVAR\n  ${variables}\nEND_VAR\nEND_PROGRAM\n`).errors;

  test('reads constants that each instance sets, without guessing their values', () => {
    expect(program('s : List<5>; u : List;')).toEqual([]);
    expect(program('s : List<5;').map((error) => error.slice(0, 6))).toEqual(['PW1003']);
  });

  test('checks the arguments of each element of an array of blocks', () => {
    expect(program('p : ARRAY[0..1] OF Pump[(size := 1), (size := 2)];')).toEqual([]);
    expect(program('p : ARRAY[0..1] OF Pump[(size := 1), (sise := 2)];')).toEqual([
      expect.stringMatching(/^PW3027 .*"sise"/),
    ]);
  });
});
