import { describe, expect, test } from 'vitest';
import type { Finding } from '../../base/finding.js';
import { LANGUAGE_DIAGNOSTICS } from '../diagnostics/registry.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { lintProject } from '../lint/lint-project.js';
import { LINT_RULES } from '../lint/lint-rules.js';
import { buildProject } from '../semantics/project.js';
import { parseSourceFile } from '../syntax/parser.js';
import type { Fix } from './fix.js';
import { FIXES, fixesFor } from './fixes.js';

const ALL_LINTS = Object.fromEntries(LINT_RULES.map(({ code }) => [code, 'warning' as const]));

function check(text: string, dialect: DialectId) {
  const file = parseSourceFile(dialect === 'siemens' ? 'a.scl' : 'a.st', text, dialect);
  const project = buildProject({ files: [file], dialect, entry: null, cycle: 10_000_000n });
  const findings: Finding[] = [...project.findings, ...lintProject(project, ALL_LINTS)];
  const lines = project.lineTableOf(file);
  const fixesOf = (code: string): Fix[] =>
    findings
      .filter((finding) => finding.code === code)
      .flatMap((one) => {
        const [start, end] = [lines.offsetAt(one.line, one.column), lines.offsetAt(one.endLine, one.endColumn)];
        return fixesFor(project, file, { code, start, end });
      });
  return {
    codes: findings.map(({ code }) => code),
    errors: project.findings.filter(({ severity }) => severity === 'error'),
    fixesOf,
  };
}

function applied(text: string, { edits }: Fix): string {
  let result = text;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}

const DEFINITIONS = [
  ...LANGUAGE_DIAGNOSTICS,
  ...LINT_RULES.map((rule) => ({ ...rule, dialect: rule.dialect ?? ('codesys' as const) })),
];

describe('the example of a diagnostic is mended by its fix', () => {
  // Their examples show a form that no fix is for: a circle of other mistakes.
  const others = new Set(['PW1003', 'PW3030', 'PW3001']);
  test.each(Object.keys(FIXES).filter((code) => !others.has(code)))('%s', (code) => {
    const definition = DEFINITIONS.find((one) => one.code === code);
    if (definition === undefined) throw new Error(`${code} is no diagnostic`);
    const dialect = definition.dialect ?? 'iec';
    const [fix] = check(definition.bad, dialect).fixesOf(code);
    if (fix === undefined) throw new Error(`no fix for\n${definition.bad}`);
    const mended = applied(definition.bad, fix);
    expect(check(mended, dialect).codes, `${fix.title}\n${mended}`).not.toContain(code);
    expect(check(mended, dialect).errors, mended).toEqual([]);
  });
});

function main(body: string, variables = '', outside = ''): string {
  return `${outside}PROGRAM Main\nVAR\n    x : INT;\n    d : DINT;\n    b : BOOL;\n${variables}END_VAR\n${body}\nEND_PROGRAM\n`;
}

/** The program after the fix with the title, or the titles of all fixes when none has it. */
function mend(text: string, code: string, title: string): string {
  const fixes = check(text, 'codesys').fixesOf(code);
  const fix = fixes.find((one) => one.title === title);
  return fix === undefined ? `no fix "${title}", but ${fixes.map((one) => one.title).join(', ')}` : applied(text, fix);
}

describe('fixes', () => {
  test.each([
    [
      'PW2001',
      'Change to "speed"',
      main('speeed := 1;', '    speed : INT;\n'),
      main('speed := 1;', '    speed : INT;\n'),
    ],
    ['PW2001', 'Declare "level" as DINT', main('level := d;'), main('level := d;', '    level : DINT;\n')],
    [
      'PW2001',
      'Declare "ready" as BOOL',
      main('IF ready THEN x := 1; END_IF;'),
      main('IF ready THEN x := 1; END_IF;', '    ready : BOOL;\n'),
    ],
    [
      'PW2001',
      'Declare "k" as INT',
      'FUNCTION F : INT\nF := k;\nEND_FUNCTION\n',
      'FUNCTION F : INT\nVAR\n    k : INT;\nEND_VAR\nF := k;\nEND_FUNCTION\n',
    ],
    [
      'PW2002',
      'Change to "Valve"',
      main('x := 1;', '    v : Vlave;\n', 'TYPE Valve : INT;\nEND_TYPE\n'),
      main('x := 1;', '    v : Valve;\n', 'TYPE Valve : INT;\nEND_TYPE\n'),
    ],
    [
      'PW2004',
      'Change to "Auto"',
      main('x := Mode.Auot;', '', 'TYPE Mode : (Off, Auto);\nEND_TYPE\n'),
      main('x := Mode.Auto;', '', 'TYPE Mode : (Off, Auto);\nEND_TYPE\n'),
    ],
    [
      'PW3027',
      'Change to "PT"',
      main('t(IN := b, PTT := T#1s);', '    t : TON;\n'),
      main('t(IN := b, PT := T#1s);', '    t : TON;\n'),
    ],
    ['PW3002', 'Convert with DINT_TO_INT', main('x := d + 1;'), main('x := DINT_TO_INT(d + 1);')],
    ['PW3011', 'Compare with 0', main('IF x THEN b := TRUE; END_IF;'), main('IF x <> 0 THEN b := TRUE; END_IF;')],
    ['PW1003', 'Change to "THEN"', main('IF b TEHN x := 1; END_IF;'), main('IF b THEN x := 1; END_IF;')],
    ['PW1003', 'Insert "THEN"', main('IF b\n    x := 1;\nEND_IF;'), main('IF b THEN\n    x := 1;\nEND_IF;')],
    ['PW1004', 'Insert "END_IF;"', main('IF b THEN\n    x := 1;'), main('IF b THEN\n    x := 1;\nEND_IF;')],
    ['PW5021', 'Remove "c"', main('x := d;', '    a, c : INT; // both\n'), main('x := d;', '    a : INT; // both\n')],
    ['PW5021', 'Remove "c"', main('x := d;', '    c : INT; // alone\n'), main('x := d;')],
    [
      'PW5061',
      'Remove the comparison',
      main('IF b = FALSE THEN x := 1; END_IF;'),
      main('IF NOT b THEN x := 1; END_IF;'),
    ],
  ])('%s: %s', (code, title, before, after) => {
    expect(mend(before, code, title)).toBe(after);
  });

  test('write the methods of an interface that are missing', () => {
    const text =
      'INTERFACE I\nMETHOD Go : BOOL\nVAR_INPUT\n    speed : REAL;\nEND_VAR\nEND_METHOD\nEND_INTERFACE\nFUNCTION_BLOCK F IMPLEMENTS I\nEND_FUNCTION_BLOCK\n';
    expect(mend(text, 'PW2021', 'Add the method Go')).toBe(
      text.replace(
        'IMPLEMENTS I\n',
        'IMPLEMENTS I\nMETHOD PUBLIC Go : BOOL\nVAR_INPUT\n    speed : REAL;\nEND_VAR\nEND_METHOD\n',
      ),
    );
  });
});
