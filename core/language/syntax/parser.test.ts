import { describe, expect, it } from 'vitest';
import type { DialectId } from '../dialects/dialect-id.js';
import { parseExpression, parseSourceFile } from './parser.js';
import { CODESYS_SAMPLE, SIEMENS_SAMPLE, TEST_SAMPLE } from './samples.test-data.js';
import type { Pou, SourceFile, TypeDeclaration } from './tree.js';
import { outlineExpression, outlineStatements, outlineType, outlineVariable } from './tree-outline.js';

function errorsOf(file: SourceFile): string[] {
  return file.syntaxErrors.map((error) => `${error.code} ${error.message}`);
}

function onlyPou(file: SourceFile): Pou {
  const pou = file.declarations.find((declaration) => declaration.kind === 'Pou');
  if (pou === undefined) throw new Error('the text declares no POU');
  return pou;
}

/** The statements of a program with the given body; the text must be free of errors. */
function body(text: string, dialect: DialectId = 'codesys'): string {
  const file = parseSourceFile('a.st', `PROGRAM Main\n${text}\nEND_PROGRAM`, dialect);
  expect(errorsOf(file)).toEqual([]);
  const parsed = onlyPou(file).body;
  return parsed.kind === 'StatementList' ? outlineStatements(parsed) : '(SFC)';
}

/** The declarations of a program with the given sections; the text must be free of errors. */
function variables(text: string, dialect: DialectId = 'codesys'): string[] {
  const file = parseSourceFile('a.st', `PROGRAM Main\n${text}\nEND_PROGRAM`, dialect);
  expect(errorsOf(file)).toEqual([]);
  return onlyPou(file).sections.flatMap((section) => section.variables.map(outlineVariable));
}

function typeOf(text: string, dialect: DialectId = 'codesys'): string {
  const file = parseSourceFile('a.st', `TYPE T : ${text} END_TYPE`, dialect);
  expect(errorsOf(file)).toEqual([]);
  const declaration = file.declarations[0] as TypeDeclaration;
  return outlineType(declaration.definition);
}

describe('expressions', () => {
  it.each([
    ['a OR b AND c', '(a OR (b AND c))'],
    ['a OR b XOR c AND d', '(a OR (b XOR (c AND d)))'],
    ['a & b', '(a AND b)'],
    ['NOT a AND b', '((NOT a) AND b)'],
    ['NOT (a AND b)', '(NOT (a AND b))'],
    ['a = b <> c', '((a = b) <> c)'],
    ['a < b = c > d', '((a < b) = (c > d))'],
    ['a + b * c ** d', '(a + (b * (c ** d)))'],
    ['a - b - c', '((a - b) - c)'],
    ['a MOD b / c', '((a MOD b) / c)'],
    ['-a ** 2', '((- a) ** 2)'],
    ['a AND_THEN b OR_ELSE c', '((a AND_THEN b) OR_ELSE c)'],
    ['p^.a[1, i + 1].b^[2]', 'p^.a[1, (i + 1)].b^[2]'],
    ['f(1, x := 2, NOT q => r, s => )', 'f(1, x := 2, NOT q => r, s => )'],
    ['a.b(1).c(2).d', 'a.b(1).c(2).d'],
    ['SUPER^.m(THIS^)', 'SUPER^.m(THIS^)'],
    ['w.3', 'w.%X3'],
    ['w.%B1', 'w.%B1'],
    ['E_Mode#Run', 'E_Mode#Run'],
    ['Lib.E_Mode#Run', 'Lib.E_Mode#Run'],
    ['.glob', '.glob'],
    ['%IX0.0 OR %MW1.2.3 > 0', '(%IX0.0 OR (%MW1.2.3 > 0))'],
    ['step + action', '(step + action)'],
  ])('%s', (text, expected) => {
    const { expression, errors } = parseExpression(text, 'codesys');
    expect(errors).toEqual([]);
    expect(outlineExpression(expression)).toBe(expected);
  });

  it.each<[string, DialectId, string]>([
    ['#a AND "Db".b[#i].c', 'siemens', '(#a AND "Db".b[#i].c)'],
    ['F(P#DB1.DBX0.0 BYTE 10, 1)', 'siemens', 'F(P#DB1.DBX0.0 BYTE 10, 1)'],
    ['"Fb_Db"(x := #"odd name")', 'siemens', '"Fb_Db"(x := #odd name)'],
    ['Local:1:I.Data.0 AND NOT tag.3', 'rockwell', '(Local:1:I.Data.%X0 AND (NOT tag.%X3))'],
  ])('%s (%s)', (text, dialect, expected) => {
    const { expression, errors } = parseExpression(text, dialect);
    expect(errors).toEqual([]);
    expect(outlineExpression(expression)).toBe(expected);
  });

  it('reads the forms of Logix that other dialects lack', () => {
    const text = "#region It's here\nLocal:1:O.Data.3 [:=] \\Cell.word.[index] & tag.0;\n#endregion\nTONR(timer);";
    const file = parseSourceFile('Routine.st', text, 'rockwell');
    expect(errorsOf(file)).toEqual([]);
    const parsed = onlyPou(file).body;
    expect(parsed.kind === 'StatementList' && outlineStatements(parsed)).toBe(
      'Local:1:O.Data.%X3 [:=] (\\Cell.word[index] AND tag.%X0); TONR(timer);',
    );
  });

  it('says what stands behind an expression', () => {
    const { errors } = parseExpression('a b', 'codesys');
    expect(errors.map((error) => error.message)).toEqual(["Expected the end of the expression, found 'b'."]);
  });
});

describe('statements', () => {
  it.each([
    ['a := b := c;', 'a := (b := c);'],
    ['a S= b; a R= c; r REF= x; r ?= y;', 'a S= b; a R= c; r REF= x; r ?= y;'],
    ['s := r = 5;', 's := (r = 5);'],
    ['IF a THEN b(); ELSIF c THEN d := 1; ELSE ; END_IF', 'IF a {b();} ELSIF c {d := 1;} ELSE {;}'],
    [
      'CASE x OF 1: a(); 2, 4..6: b(); E.V, E#W: ; ELSE c(); END_CASE',
      'CASE x 1: {a();} 2, 4..6: {b();} E.V, E#W: {;} ELSE {c();}',
    ],
    ['FOR i := 0 TO n - 1 BY 2 DO CONTINUE; EXIT; END_FOR;', 'FOR i := 0 TO (n - 1) BY 2 {CONTINUE; EXIT;}'],
    ['WHILE a DO b(); END_WHILE', 'WHILE a {b();}'],
    ['REPEAT b(); UNTIL a END_REPEAT', 'REPEAT {b();} UNTIL a'],
    ['JMP l; l: RETURN;', 'GOTO l; l: RETURN;'],
    ['a\n  .b()\n  .c();', 'a.b().c();'],
    ['a := b +\n  c;', 'a := (b + c);'],
    ['Step := 1; Action.Get := Set;', 'Step := 1; Action.Get := Set;'],
    ['(* (* nested *) *) a := 1; /* c */ // d', 'a := 1;'],
  ])('%s', (text, expected) => {
    expect(body(text)).toBe(expected);
  });

  it.each<[string, DialectId, string]>([
    ["REGION It's (a) name\n #a += 1;\nEND_REGION", 'siemens', "REGION It's (a) name {#a += 1;}"],
    ['GOTO l; l: #a := 1;', 'siemens', 'GOTO l; l: #a := 1;'],
    [
      'CASE #x OF 1: #a := 1; #MAX: ; ELSE: #a := 2; END_CASE;',
      'siemens',
      'CASE #x 1: {#a := 1;} #MAX: {;} ELSE {#a := 2;}',
    ],
  ])('%s (%s)', (text, dialect, expected) => {
    expect(body(text, dialect)).toBe(expected);
  });
});

describe('literals', () => {
  it.each([
    ['1_000', '1000'],
    ['16#FF_FF', '65535'],
    ['2#1010', '10'],
    ['INT#-5', 'INT#-5'],
    ['WORD#16#FF', 'WORD#255'],
    ['BOOL#1', 'BOOL#true'],
    ['1.5E-3', '0.0015'],
    ['LREAL#11.0', 'LREAL#11'],
    ['T#1h30m', 'T#5400000000000'],
    ['T#1.5s', 'T#1500000000'],
    ['T#-5ms', 'T#-5000000'],
    ['T#90m', 'T#5400000000000'],
    ['t#1d_2h', 'T#93600000000000'],
    ['LTIME#1us500ns', 'LTIME#1500'],
    ['D#1970-01-02', 'D#86400000000000'],
    ['TIME_OF_DAY#00:00:01.5', 'TIME_OF_DAY#1500000000'],
    ['DT#1970-01-02-00:00:01', 'DT#86401000000000'],
    ["'it$'s$N'", '"it\'s\\n"'],
    ["'$41$$'", '"A$"'],
    ['"wide$0041"', '"wideA"'],
    ["STRING#'x'", 'STRING#"x"'],
    ['NULL', 'null'],
    ['MyInt#5', 'MYINT#5'],
  ])('%s', (text, expected) => {
    const { expression, errors } = parseExpression(text, 'codesys');
    expect(errors).toEqual([]);
    expect(outlineExpression(expression)).toBe(expected);
  });

  it.each([
    ['2#102', 'PW1006'],
    ['3#1', 'PW1006'],
    ['16#', 'PW1006'],
    ['1__0', 'PW1006'],
    ['5abc', 'PW1006'],
    ['BOOL#2', 'PW1006'],
    ['T#5s1m', 'PW1007'],
    ['T#1m70s', 'PW1007'],
    ['T#50d', 'PW1007'],
    ['LTIME#300000d', 'PW1007'],
    ['T#1.5m3s', 'PW1007'],
    ['T#5x', 'PW1007'],
    ['D#2023-02-29', 'PW1007'],
    ['TOD#24:00:00', 'PW1007'],
    ["'$q'", 'PW1014'],
  ])('%s is malformed', (text, code) => {
    expect(parseExpression(text, 'codesys').errors.map((error) => error.code)).toEqual([code]);
  });
});

describe('variables', () => {
  it.each([
    ['VAR a, b AT %IX0.0 : BOOL := TRUE; END_VAR', ['a, b AT %IX0.0 : BOOL := true;']],
    ['VAR AT %QW1 : WORD; x AT %Q* : BYTE; END_VAR', ['? AT %QW1 : WORD;', 'x AT %Q* : BYTE;']],
    ['VAR_INPUT e : BOOL R_EDGE; f : BOOL F_EDGE; END_VAR', ['e : BOOL rising;', 'f : BOOL falling;']],
    ['VAR a : ARRAY[0..1, -1..N] OF INT := [1, 2(0)]; END_VAR', ['a : ARRAY[0..1, (- 1)..N] OF INT := [1, 2(0)];']],
    ['VAR a : ARRAY[0..2] OF INT := 1, 2(3); END_VAR', ['a : ARRAY[0..2] OF INT := [1, 2(3)];']],
    [
      'VAR t : TON := (PT := T#1s); f : Fb(THIS^, n := 2); END_VAR',
      ['t : TON := {PT := T#1000000000};', 'f : Fb(THIS^, n := 2);'],
    ],
    ['VAR Step, Get : INT; Final : BOOL; END_VAR', ['Step, Get : INT;', 'Final : BOOL;']],
    [
      'VAR r : REFERENCE TO INT REF= x; p : POINTER TO REF_TO INT; END_VAR',
      ['r : reference INT := x;', 'p : pointer ref INT;'],
    ],
    ['VAR s : STRING[80]; w : WSTRING(20) := "x"; END_VAR', ['s : STRING[80];', 'w : WSTRING[20] := "x";']],
    ['VAR a : INT (0..10); e : (Red, Green := 2); END_VAR', ['a : INT(0..10);', 'e : (Red, Green := 2);']],
  ])('%s', (text, expected) => {
    expect(variables(text)).toEqual(expected);
  });

  it.each([
    ['VAR a : ARRAY[1..2] OF Fb[(x := 1), (2, 3)]; b : INT; END_VAR', 'FB_init'],
    ['VAR b : INT; END_VAR __TRY b := 1; __CATCH(e) b := 2; __ENDTRY b := 3;', '__TRY'],
    ['VAR b : INT; END_VAR\n_FBD_BODY\n_NETWORKS : 1\n', 'FBD'],
  ])('tells that the tree lacks a part of: %s', (text, language) => {
    const file = parseSourceFile('a.exp', `PROGRAM Main\n${text}\nEND_PROGRAM`, 'codesys');
    expect(errorsOf(file)).toEqual([]);
    expect(file.unsupportedBodies).toMatchObject([{ owner: 'Main', language }]);
  });

  it('reads qualifiers in any order', () => {
    const file = parseSourceFile(
      'a.st',
      'FUNCTION_BLOCK F VAR_INPUT PERSISTENT PRIVATE CONSTANT RETAIN a : INT; END_VAR END_FUNCTION_BLOCK',
      'codesys',
    );
    expect(errorsOf(file)).toEqual([]);
    expect(onlyPou(file).sections).toMatchObject([
      { sectionKind: 'VAR_INPUT', isConstant: true, retention: 'retain-persistent', access: 'private' },
    ]);
  });
});

describe('types', () => {
  it.each([
    ['(A, B := 5) DINT;', '(A, B := 5) DINT'],
    ['INT (A := 1, B);', '(A := 1, B) INT'],
    ['INT (-10..10) := 3;', 'INT((- 10)..10)'],
    ['STRUCT a : INT; b : STRUCT c : BOOL; END_STRUCT END_STRUCT', 'STRUCT {a : INT; b : STRUCT {c : BOOL;};}'],
    ['STRUCT OVERLAP a AT %B0 : INT; END_STRUCT;', 'STRUCT OVERLAP {a AT %B0 : INT;}'],
    ['UNION a : INT; b : WORD; END_UNION', 'UNION {a : INT; b : WORD;}'],
    ['ARRAY[*] OF ARRAY[0..1] OF Lib.T;', 'ARRAY[*] OF ARRAY[0..1] OF Lib.T'],
  ])('%s', (text, expected) => {
    expect(typeOf(text)).toBe(expected);
  });

  it('reads a structure that extends another', () => {
    const file = parseSourceFile('a.st', 'TYPE T EXTENDS Base : STRUCT a : INT; END_STRUCT END_TYPE', 'codesys');
    expect(errorsOf(file)).toEqual([]);
    expect(outlineType((file.declarations[0] as TypeDeclaration).definition)).toBe('STRUCT EXTENDS Base {a : INT;}');
  });
});

describe('POUs', () => {
  it('reads members with modifiers on either side of their keyword', () => {
    const text = `FUNCTION_BLOCK ABSTRACT F EXTENDS Lib.B IMPLEMENTS I, J
      METHOD PUBLIC FINAL a : INT a := 1; END_METHOD
      PROTECTED OVERRIDE METHOD b END_METHOD
      PUBLIC PROPERTY p : INT GET p := 1; END_GET PRIVATE SET END_SET END_PROPERTY
      ACTION act: a(); END_ACTION
      b();
    END_FUNCTION_BLOCK`;
    const file = parseSourceFile('a.st', text, 'codesys');
    expect(errorsOf(file)).toEqual([]);
    const pou = onlyPou(file);
    expect(pou).toMatchObject({
      pouKind: 'function-block',
      modifiers: { isAbstract: true },
      methods: [
        { name: { name: 'a' }, modifiers: { access: 'public', isFinal: true } },
        { name: { name: 'b' }, modifiers: { access: 'protected', isOverride: true }, returnType: null },
      ],
      properties: [{ name: { name: 'p' }, modifiers: { access: 'public' }, set: { modifiers: { access: 'private' } } }],
      actions: [{ name: { name: 'act' } }],
    });
    expect(pou.body.kind === 'StatementList' && outlineStatements(pou.body)).toBe('b();');
  });

  it('joins PROPERTY_GET and PROPERTY_SET of a name', () => {
    const text =
      'FUNCTION_BLOCK F PROPERTY_GET p : INT p := 1; END_PROPERTY PROPERTY_SET p : INT END_PROPERTY END_FUNCTION_BLOCK';
    const pou = onlyPou(parseSourceFile('a.st', text, 'codesys'));
    expect(pou.properties).toHaveLength(1);
    expect(pou.properties[0]?.get).not.toBeNull();
    expect(pou.properties[0]?.set).not.toBeNull();
  });

  it('reads accessors of an interface with and without their END', () => {
    const text =
      'INTERFACE I PROPERTY p : INT GET; SET; END_PROPERTY PROPERTY q : INT GET END_GET END_PROPERTY END_INTERFACE';
    const file = parseSourceFile('a.st', text, 'codesys');
    expect(errorsOf(file)).toEqual([]);
    expect(file.declarations).toMatchObject([
      {
        properties: [
          { get: { kind: 'PropertyAccessor' }, set: { kind: 'PropertyAccessor' } },
          { get: {}, set: null },
        ],
      },
    ]);
  });

  it('keeps pragmas with the declaration behind them', () => {
    const text =
      "{attribute 'a'}\nFUNCTION_BLOCK F\nVAR\n {attribute 'b'}\n x : INT;\n y : INT;\nEND_VAR\nEND_FUNCTION_BLOCK";
    const pou = onlyPou(parseSourceFile('a.st', text, 'codesys'));
    expect(pou.pragmas.map((pragma) => pragma.text)).toEqual(["attribute 'a'"]);
    expect(pou.sections[0]?.variables.map((variable) => variable.pragmas.map((pragma) => pragma.text))).toEqual([
      ["attribute 'b'"],
      [],
    ]);
  });

  it('reads SFC elements', () => {
    const text = `PROGRAM P
      INITIAL_STEP Start: A(N); B(D, T#5s); END_STEP
      TRANSITION go (PRIORITY := 1) FROM (Start, Other) TO Next := a AND b; END_TRANSITION
      STEP Next: END_STEP
      ACTION A: x := 1; END_ACTION
    END_PROGRAM`;
    const file = parseSourceFile('a.st', text, 'iec');
    expect(errorsOf(file)).toEqual([]);
    expect(onlyPou(file).body).toMatchObject({
      kind: 'SfcBody',
      steps: [
        {
          name: { name: 'Start' },
          isInitial: true,
          associations: [{ qualifier: 'N' }, { qualifier: 'D', time: { kind: 'Literal' } }],
        },
        { name: { name: 'Next' }, isInitial: false },
      ],
      transitions: [{ name: { name: 'go' }, from: [{ name: 'Start' }, { name: 'Other' }], to: [{ name: 'Next' }] }],
      actions: [{ name: { name: 'A' } }],
    });
  });

  it('reads configurations', () => {
    const text = `CONFIGURATION C
      VAR_GLOBAL g : INT; END_VAR
      RESOURCE R ON CPU
        TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);
        PROGRAM P1 WITH Fast : Main(a := 1);
      END_RESOURCE
      VAR_ACCESS path : R.P1.x : INT READ_ONLY; END_VAR
      VAR_CONFIG R.P1.x AT %IW0 : INT := 5; END_VAR
    END_CONFIGURATION`;
    const file = parseSourceFile('a.st', text, 'iec');
    expect(errorsOf(file)).toEqual([]);
    expect(file.declarations).toMatchObject([
      {
        kind: 'Configuration',
        resources: [
          { name: { name: 'R' }, tasks: [{ name: { name: 'Fast' } }], programs: [{ task: { name: 'Fast' } }] },
        ],
        accessPaths: [{ direction: 'READ_ONLY' }],
        instanceInitializers: [{ path: [{ name: 'R' }, { name: 'P1' }, { name: 'x' }], location: { text: '%IW0' } }],
      },
    ]);
  });

  it('attaches the actions that stand behind a POU', () => {
    const file = parseSourceFile(
      'a.exp',
      'PROGRAM P\nx := 1;\nEND_PROGRAM\nACTION act:\nx := 2;\nEND_ACTION',
      'codesys',
    );
    expect(errorsOf(file)).toEqual([]);
    expect(onlyPou(file).actions).toMatchObject([{ name: { name: 'act' } }]);
  });

  it('reads test blocks in test files only', () => {
    const file = parseSourceFile('tests/counter_test.st', TEST_SAMPLE, 'codesys');
    expect(errorsOf(file)).toEqual([]);
    expect(file.declarations).toMatchObject([
      { kind: 'TestFixture', phase: 'setup' },
      { kind: 'TestFixture', phase: 'teardown' },
      { kind: 'TestCase', name: 'counts rising edges' },
      { kind: 'TestCase', name: 'second' },
      { kind: 'Pou', name: { name: 'Test' } },
    ]);
    expect(parseSourceFile('counter.st', TEST_SAMPLE, 'codesys').syntaxErrors).not.toEqual([]);
  });

  it('reads the blocks of SCL with their attributes', () => {
    const file = parseSourceFile('a.scl', SIEMENS_SAMPLE, 'siemens');
    expect(errorsOf(file)).toEqual([]);
    expect(file.declarations).toMatchObject([
      {
        kind: 'Pou',
        pouKind: 'function-block',
        name: { name: 'FB_Motor', quoting: 'quotes' },
        pragmas: [{ text: " S7_Optimized_Access := 'TRUE' " }],
      },
      { kind: 'Pou', pouKind: 'function', returnType: null },
      { kind: 'TypeDeclaration', name: { name: 'UDT_Motor' } },
      {
        kind: 'DataBlock',
        name: { name: 'DB_Global' },
        type: { kind: 'StructType' },
        startValues: { statements: [{ kind: 'Assignment' }] },
      },
      { kind: 'DataBlock', name: { name: 'FB_DB' }, type: { kind: 'NamedType' } },
      { kind: 'Pou', pouKind: 'organization-block' },
    ]);
  });

  it('goes on behind a version in the same line', () => {
    const file = parseSourceFile('a.scl', 'TYPE "X" VERSION : 0.1 STRUCT a : INT; END_STRUCT; END_TYPE', 'siemens');
    expect(errorsOf(file)).toEqual([]);
    expect(file.declarations).toMatchObject([{ name: { name: 'X' }, definition: { kind: 'StructType' } }]);
  });

  it('reads every construct of CODESYS without an error', () => {
    expect(errorsOf(parseSourceFile('a.st', CODESYS_SAMPLE, 'codesys'))).toEqual([]);
  });

  it('takes the description of an OSCAT export as a comment', () => {
    const text =
      "(*@KEY@:DESCRIPTION*)\nversion 1.0\nit's free text\n(*@KEY@:END_DESCRIPTION*)\nPROGRAM P\nEND_PROGRAM";
    const file = parseSourceFile('a.exp', text, 'codesys');
    expect(errorsOf(file)).toEqual([]);
    expect(file.comments).toHaveLength(1);
  });
});

describe('dialects', () => {
  it.each<[string, DialectId, string]>([
    ['PROGRAM P VAR p : POINTER TO INT; END_VAR END_PROGRAM', 'iec', "'POINTER' is not part of IEC 61131-3."],
    ['PROGRAM P a S= b; END_PROGRAM', 'iec', "'S=' is not part of IEC 61131-3."],
    ['PROGRAM P a := b := c; END_PROGRAM', 'iec', "':=' is not part of IEC 61131-3."],
    ['PROGRAM P a := #b; END_PROGRAM', 'codesys', "'#b' is not part of CODESYS."],
    ['PROGRAM P a += 1; END_PROGRAM', 'twincat', "'+=' is not part of TwinCAT 3."],
    ['PROGRAM P a [:=] 1; END_PROGRAM', 'codesys', "'[:=]' is not part of CODESYS."],
  ])('%s (%s)', (text, dialect, message) => {
    expect(parseSourceFile('a.st', text, dialect).syntaxErrors.map((error) => error.message)).toEqual([message]);
  });

  it('asks for the semicolon behind END_IF where the compiler does', () => {
    const text = 'FUNCTION "F" : Void BEGIN IF #a THEN ; END_IF #b := 1; END_FUNCTION';
    expect(parseSourceFile('a.scl', text, 'siemens').syntaxErrors.map((error) => error.code)).toEqual(['PW1005']);
  });
});
