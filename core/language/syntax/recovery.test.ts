import { describe, expect, it } from 'vitest';
import { LineTable } from '../../base/line-table.js';
import { parseSourceFile } from './parser.js';
import { SYNTAX_CODES } from './syntax-codes.js';
import type { Pou } from './tree.js';
import { outlineStatements } from './tree-outline.js';

/** Parses a program with a body and one more POU behind it. Lines count from the first line of the body. */
function recover(body: string): { statements: string; errors: string[] } {
  const text = `PROGRAM Main\n${body}\nEND_PROGRAM\nFUNCTION After : INT\nAfter := 1;\nEND_FUNCTION\n`;
  const file = parseSourceFile('a.st', text, 'codesys');
  const table = new LineTable(text);
  const errors = file.syntaxErrors.map((error) => {
    const { line, column } = table.positionAt(error.start);
    return `${line - 1}:${column} ${error.code} ${error.message}`;
  });
  expect(file.declarations.map((declaration) => declaration.kind === 'Pou' && declaration.name.name)).toEqual([
    'Main',
    'After',
  ]);
  const parsed = (file.declarations[0] as Pou).body;
  return { statements: parsed.kind === 'StatementList' ? outlineStatements(parsed) : '(SFC)', errors };
}

describe('one slip in a body gives one error and costs no other statement', () => {
  it.each([
    ['a := 1\nb := 2;', 'a := 1; b := 2;', "1:6 PW1005 The semicolon at the end of the statement is missing. Add ';'."],
    ['foo.\nb := 2;', 'foo.?; b := 2;', "1:4 PW1003 Expected a member name after '.', found 'b'."],
    ['a := foo.\nb := 2;', 'a := foo.?; b := 2;', "1:9 PW1003 Expected a member name after '.', found 'b'."],
    ['a := \nb := 2;', 'a := ?; b := 2;', "1:4 PW1003 Expected an expression, found 'b'."],
    ['a := c +\nb := 2;', 'a := (c + ?); b := 2;', "1:8 PW1003 Expected an expression, found 'b'."],
    ['a := c AND;\nb := 2;', 'a := (c AND ?); b := 2;', "1:11 PW1003 Expected an expression, found ';'."],
    ['a := (c + d;\nb := 2;', 'a := (c + d); b := 2;', "1:12 PW1003 Expected ')', found ';'."],
    ['f(c, d\nb := 2;', 'f(c, d); b := 2;', "1:6 PW1003 Expected ',' or ')' in the list of arguments, found 'b'."],
    [
      'f(c := 1\n  d := 2);\nb := 2;',
      'f(c := 1, d := 2); b := 2;',
      "1:8 PW1003 Expected ',' before the next argument, found 'd'.",
    ],
    [
      'a := f(c d);\nb := 2;',
      'a := f(c); b := 2;',
      "1:10 PW1003 Expected ',' or ')' in the list of arguments, found 'd'.",
    ],
    ['a[1 := 2;\nb := 2;', 'a[1] := 2; b := 2;', "1:5 PW1003 Expected ']' after the index, found ':='."],
    ['a := 5 6;\nb := 2;', 'a := 5; b := 2;', "1:8 PW1003 Expected ';' at the end of the statement, found '6'."],
    ['a := ! c;\nb := 2;', 'a := ?; b := 2;', "1:6 PW1009 Unexpected character '!'. Remove it."],
    [
      "a := 'abc;\nb := 2;",
      'a := "abc;"; b := 2;',
      '1:6 PW1002 The string is not closed in line 2. Add its closing quote.',
    ],
    ['a = 5;\nb := 2;', 'a := 5; b := 2;', "1:3 PW1011 '=' compares. Write ':=' to assign."],
    [
      'a + 1 := 2;\nb := 2;',
      '(a + 1) := 2; b := 2;',
      '1:1 PW1016 Nothing can be assigned to this expression: write a variable before the assignment operator.',
    ],
    ['a := IF;\nb := 2;', 'a := IF; b := 2;', "1:6 PW1008 'IF' is a keyword and can't be a name. Choose another name."],
    ['IF a := 5 THEN b := 2; END_IF', 'IF (a = 5) {b := 2;}', "1:6 PW1011 ':=' assigns. Write '=' to compare."],
    ['IF a\n c := 1;\nEND_IF\nb := 2;', 'IF a {c := 1;} b := 2;', "1:4 PW1003 Expected THEN, found 'c'."],
    ['IF THEN c := 1; END_IF\nb := 2;', 'IF ? {c := 1;} b := 2;', "1:4 PW1003 Expected an expression, found 'THEN'."],
    [
      'IF a THEN\n c := 1;\nb := 2;',
      'IF a {c := 1; b := 2;}',
      "3:7 PW1004 END_IF is missing for the IF in line 2; found 'END_PROGRAM'.",
    ],
    [
      'IF a THEN c := 1; END_FOR\nb := 2;',
      'IF a {c := 1;} b := 2;',
      "1:19 PW1004 Expected END_IF for the IF in line 2, found 'END_FOR'.",
    ],
    [
      'WHILE a DO\n IF c THEN\n d := 1;\nEND_WHILE\nb := 2;',
      'WHILE a {IF c {d := 1;}} b := 2;',
      "3:8 PW1004 END_IF is missing for the IF in line 3; found 'END_WHILE'.",
    ],
    [
      'FOR i = 0 TO 5 DO c := 1; END_FOR\nb := 2;',
      'FOR i := 0 TO 5 {c := 1;} b := 2;',
      "1:7 PW1011 '=' compares. Write ':=' to give the first value of the loop.",
    ],
    [
      'REPEAT c := 1; END_REPEAT\nb := 2;',
      'REPEAT {c := 1;} UNTIL ? b := 2;',
      "1:16 PW1003 Expected UNTIL for the REPEAT in line 2, found 'END_REPEAT'.",
    ],
    [
      'CASE a OF\n1 c := 1;\n2: b := 2;\nEND_CASE',
      'CASE a 1: {c := 1;} 2: {b := 2;}',
      "2:3 PW1003 Expected ':' after the label of the CASE, found 'c'.",
    ],
    [
      'CASE a OF\n c := 1;\n2: b := 2;\nEND_CASE',
      'CASE a 2: {b := 2;}',
      "2:2 PW1003 Expected a label such as '1:' in the CASE in line 2, found 'c'.",
    ],
    [
      'END_IF\nb := 2;',
      '?; b := 2;',
      "1:1 PW1015 'END_IF' closes nothing: no block that it ends is open here. Remove it.",
    ],
    [
      'ELSE c := 1;\nb := 2;',
      '?; c := 1; b := 2;',
      "1:1 PW1015 'ELSE' continues nothing: no block that it belongs to is open here.",
    ],
    [
      'IF a THEN\n c := 1;\nELSEIF d THEN\n b := 2;\nEND_IF',
      'IF a {c := 1;} ELSIF d {b := 2;}',
      "3:1 PW1003 'ELSEIF' is not a keyword. Write ELSIF.",
    ],
    [
      'IF a THEN\n c := 1;\nENDIF;\nb := 2;',
      'IF a {c := 1;} b := 2;',
      "3:1 PW1003 'ENDIF' is not a keyword. Write END_IF.",
    ],
    ["{attribute 'x'\nb := 2;", 'b := 2;', "1:1 PW1012 The pragma that starts in line 2 is not closed. Add '}'."],
    [
      '(* a (* b *)\nb := 2;',
      'b := 2;',
      '1:1 PW1001 The comment that starts in line 2 is not closed. Add its end mark.',
    ],
  ])('%s', (text, statements, error) => {
    expect(recover(text)).toEqual({ statements, errors: [error] });
  });
});

/** Names of the declarations with their variables, and the errors of a whole file. */
function outline(text: string): { declarations: string[]; errors: string[] } {
  const file = parseSourceFile('a.st', text, 'codesys');
  const declarations = file.declarations.map((declaration) => {
    if (declaration.kind === 'Pou') {
      const names = declaration.sections.flatMap((section) =>
        section.variables.flatMap((variable) => variable.names.map((name) => name.name.name)),
      );
      return [declaration.name.name, ...names, ...declaration.methods.map((method) => `${method.name.name}()`)].join(
        ' ',
      );
    }
    return declaration.kind === 'TypeDeclaration' || declaration.kind === 'Interface'
      ? declaration.name.name
      : declaration.kind;
  });
  return { declarations, errors: file.syntaxErrors.map((error) => `${error.code} ${error.message}`) };
}

describe('one slip among declarations gives one error and costs no other declaration', () => {
  it.each<[string, string[], string]>([
    [
      'PROGRAM A\nEND_PROGRAM\nstray words here;\nPROGRAM B\nEND_PROGRAM',
      ['A', 'B'],
      "PW1017 Expected a declaration such as PROGRAM, FUNCTION_BLOCK, FUNCTION or TYPE, found 'stray'.",
    ],
    [
      'END_PROGRAM\nPROGRAM B\nEND_PROGRAM',
      ['B'],
      "PW1015 'END_PROGRAM' closes nothing: no block that it ends is open here. Remove it.",
    ],
    [
      'PROGRAM A\nEND_FUNCTION\nPROGRAM B\nEND_PROGRAM',
      ['A', 'B'],
      "PW1004 Expected END_PROGRAM for the PROGRAM in line 1, found 'END_FUNCTION'.",
    ],
    [
      'PROGRAM A\nx := 1;\nPROGRAM B\nEND_PROGRAM',
      ['A', 'B'],
      "PW1004 END_PROGRAM is missing for the PROGRAM in line 1; found 'PROGRAM'.",
    ],
    [
      'PROGRAM\nx := 1;\nEND_PROGRAM\nPROGRAM B\nEND_PROGRAM',
      ['', 'B'],
      "PW1003 Expected the name of the PROGRAM, found 'x'.",
    ],
    [
      'PROGRAM A\nVAR\n x : INT\n y : INT;\nEND_VAR\nEND_PROGRAM',
      ['A x y'],
      "PW1005 The semicolon after the declaration is missing. Add ';'.",
    ],
    [
      'PROGRAM A\nVAR\n x INT;\n y : INT;\nEND_VAR\nEND_PROGRAM',
      ['A x y'],
      "PW1003 Expected ':' and a type, found 'INT'.",
    ],
    ['PROGRAM A\nVAR\n x : ;\n y : INT;\nEND_VAR\nEND_PROGRAM', ['A x y'], "PW1003 Expected a type, found ';'."],
    [
      'PROGRAM A\nVAR\n x : INT = 5;\n y : INT;\nEND_VAR\nEND_PROGRAM',
      ['A x y'],
      "PW1011 '=' compares. Write ':=' to give an initial value.",
    ],
    [
      'PROGRAM A\nVAR\n IF : INT;\n y : INT;\nEND_VAR\nEND_PROGRAM',
      ['A IF y'],
      "PW1008 'IF' is a keyword and can't be the name of a variable. Choose another name.",
    ],
    [
      'PROGRAM A\nVAR\n x : INT;\nx := 1;\nEND_PROGRAM',
      ['A x'],
      "PW1004 END_VAR is missing for the VAR in line 2; found 'x'.",
    ],
    [
      'PROGRAM A\nVAR\n x : INT;\nIF x THEN END_IF\nEND_PROGRAM',
      ['A x'],
      "PW1004 END_VAR is missing for the VAR in line 2; found 'IF'.",
    ],
    [
      'PROGRAM A\nVAR x : ARRAY 0..1 OF INT; y : INT; END_VAR\nEND_PROGRAM',
      ['A x y'],
      "PW1003 Expected '[' with the bounds of the array, found '0'.",
    ],
    [
      'FUNCTION_BLOCK F\nMETHOD m\nx := 1;\nMETHOD n\nEND_METHOD\nEND_FUNCTION_BLOCK',
      ['F m() n()'],
      "PW1004 END_METHOD is missing for the METHOD in line 2; found 'METHOD'.",
    ],
    [
      'TYPE A : STRUCT x : INT; END_TYPE\nTYPE B : INT; END_TYPE',
      ['A', 'B'],
      "PW1004 END_STRUCT is missing for the STRUCT in line 1; found 'END_TYPE'.",
    ],
    ['TYPE A (x, y); END_TYPE\nTYPE B : INT; END_TYPE', ['A', 'B'], "PW1003 Expected ':' and a type, found '('."],
    [
      'INTERFACE I\nx := 1;\nEND_INTERFACE\nPROGRAM B\nEND_PROGRAM',
      ['I', 'B'],
      "PW1003 Expected METHOD, PROPERTY or END_INTERFACE, found 'x'.",
    ],
    [
      'PROGRAM A\nVAR x : INT; (* open\nEND_VAR\nEND_PROGRAM',
      ['A x'],
      'PW1001 The comment that starts in line 2 is not closed. Add its end mark.',
    ],
  ])('%s', (text, declarations, error) => {
    expect(outline(text)).toEqual({ declarations, errors: [error] });
  });
});

describe('the table of syntax errors', () => {
  const ofText = Object.entries(SYNTAX_CODES).filter(([code]) => code !== 'PW1018' && code !== 'PW1019');
  it.each(ofText)('%s: the bad example shows it alone, the good one nothing', (code, entry) => {
    const dialect = entry.dialect ?? 'codesys';
    const bad = parseSourceFile('a.st', entry.bad, dialect).syntaxErrors.map((error) => error.code);
    expect(bad).toEqual([code]);
    expect(parseSourceFile('a.st', entry.good, dialect).syntaxErrors).toEqual([]);
  });
});

it('a number sign alone before a colon ends the label instead of starting it for ever', () => {
  const text = 'PROGRAM A\nVAR x : INT; END_VAR\nCASE x OF\n  # : x := 2;\nEND_CASE;\nx := 3;\nEND_PROGRAM\n';
  const file = parseSourceFile('a.st', text, 'rockwell');
  expect(file.syntaxErrors.length).toBeGreaterThan(0);
  expect(file.declarations.map(({ kind }) => kind)).toEqual(['Pou']);
});

it('a value whose number is being typed costs nothing but its own error', () => {
  const text = 'TYPE\n  E : (A, B :);\n  F : (C : 5, D);\n  S : STRUCT x : INT; END_STRUCT;\nEND_TYPE\n';
  const { declarations, syntaxErrors } = parseSourceFile('a.st', text, 'codesys');
  expect(syntaxErrors.map(({ code, start }) => `${code} ${start}`)).toEqual(['PW1003 17', 'PW1003 30']);
  const values = declarations.map((declaration) => {
    if (declaration.kind !== 'TypeDeclaration') return declaration.kind;
    const { definition } = declaration;
    return definition.kind === 'EnumType' ? definition.values.map(({ name }) => name.name) : definition.kind;
  });
  expect(values).toEqual([['A', 'B'], ['C', 'D'], 'StructType']);
});
