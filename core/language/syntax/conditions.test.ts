import { describe, expect, test } from 'vitest';
import { lintProject } from '../lint/lint-project.js';
import { buildProject } from '../semantics/project.js';
import { parseSourceFile } from './parser.js';
import { outlineStatements } from './tree-outline.js';

function read(text: string, path = 'Main.st') {
  const file = parseSourceFile(path, text, 'codesys');
  const project = buildProject({ files: [file], dialect: 'codesys', entry: null, cycle: 10_000_000n });
  const [pou] = file.declarations.filter((one) => one.kind === 'Pou');
  const body = pou?.kind === 'Pou' && pou.body.kind === 'StatementList' ? outlineStatements(pou.body) : '';
  return { file, body, codes: [...project.findings, ...lintProject(project)].map(({ code }) => code) };
}

function main(body: string, head = ''): string {
  return `PROGRAM Main\nVAR\n  x, y : INT;\nEND_VAR\n${head}x := y;\ny := x;\n${body}\nEND_PROGRAM\n`;
}

describe('conditions of the compiler', () => {
  test.each([
    ['a name that is defined', '{define SIM}\n{IF defined (SIM)}\nx := 1;\n{ELSE}\nx := 2;\n{END_IF}', 'x := 1;'],
    ['NOT of it', '{define SIM}\n{IF NOT defined (SIM)}\nx := 1;\n{ELSE}\nx := 2;\n{END_IF}', 'x := 2;'],
    ['a name that is no longer defined', '{define SIM}\n{undefine SIM}\n{IF defined (SIM)}\nx := 1;\n{END_IF}', ''],
    [
      'a value',
      "{define KIND 'pump'}\n{IF hasvalue (KIND, 'fan')}\nx := 1;\n{ELSIF hasvalue (KIND, 'pump')}\nx := 2;\n{END_IF}",
      'x := 2;',
    ],
    [
      'AND and OR',
      '{define A}\n{define B}\n{IF defined (A) AND (defined (C) OR defined (B))}\nx := 1;\n{ELSE}\nx := 2;\n{END_IF}',
      'x := 1;',
    ],
    [
      'a condition in a branch that is left out',
      '{define A}\n{IF NOT defined (A)}\n{IF defined (A)}\nx := 1;\n{END_IF}\n{ELSE}\nx := 3;\n{END_IF}',
      'x := 3;',
    ],
  ])('take one branch: %s', (_, body, expected) => {
    const { body: read1, file } = read(main(body));
    expect(file.syntaxErrors).toEqual([]);
    expect(read1.replace('x := y; y := x;', '').trim()).toBe(expected);
    expect(file.openConditions).toBeUndefined();
  });

  test('that the settings of the project decide keep all branches, and nothing is guessed about values', () => {
    const { file, body, codes } = read(main('{IF defined (SIM)}\nx := 1;\n{ELSE}\nx := 2;\n{END_IF}\ny := x;'));
    expect(body).toBe('x := y; y := x; ?; x := 1; x := 2; y := x;');
    expect(file.openConditions).toHaveLength(1);
    expect(codes.filter((code) => code !== 'PW2078')).toEqual([]);
  });

  test('in one POU know nothing of what another one defines', () => {
    const { file } = read(
      `${main('{define SIM}')}PROGRAM B\nVAR\n  x : INT;\nEND_VAR\n{IF defined (SIM)}\nx := 1;\n{ELSE}\nx := 2;\n{END_IF}\nEND_PROGRAM\n`,
    );
    expect(file.openConditions).toHaveLength(1);
  });

  test('may declare one name in each branch', () => {
    const text =
      'FUNCTION_BLOCK F\nVAR_INPUT\n{IF defined (BIG)}\n  n : DINT;\n{ELSE}\n  n : INT;\n{END_IF}\nEND_VAR\nEND_FUNCTION_BLOCK\n';
    expect(read(text).codes).not.toContain('PW2005');
    expect(read(text.replace('{ELSE}', '')).codes).toContain('PW2005');
    const twice =
      '{IF defined (BIG)}\nFUNCTION G : DINT\nG := 1;\nEND_FUNCTION\n{ELSE}\nFUNCTION G : INT\nG := 1;\nEND_FUNCTION\n{END_IF}\n';
    expect(read(twice).codes).not.toContain('PW2006');
  });

  test('may ask for types and attributes, which only the whole project knows', () => {
    const { file } = read(
      main("{IF hasattribute (pou: Main, 'x') AND defined (variable: y)}\nx := 1;\n{ELSE}\nx := 2;\n{END_IF}"),
    );
    expect(file.syntaxErrors).toEqual([]);
    expect(file.openConditions).toHaveLength(1);
  });

  test('are no conditions in a dialect without them', () => {
    const file = parseSourceFile('Main.st', main('{IF defined (SIM)}\nx := 1;\n{END_IF}'), 'iec');
    expect(file.openConditions).toBeUndefined();
  });
});
