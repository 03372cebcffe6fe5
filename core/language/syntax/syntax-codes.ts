/**
 * The syntax errors: one entry per code, the single source for messages' titles, documentation pages and tests.
 * `bad` shows the error in the CODESYS dialect unless `dialect` says otherwise; `good` is the program mended.
 */

import type { DialectId } from '../dialects/dialect-id.js';

export interface SyntaxCodeEntry {
  /** Kebab-case name of the rule. */
  readonly rule: string;
  readonly title: string;
  readonly explanation: string;
  readonly bad: string;
  readonly good: string;
  /** Dialect of the examples; null for the default. */
  readonly dialect: DialectId | null;
}

function entry(
  rule: string,
  title: string,
  explanation: string,
  bad: string,
  good: string,
  dialect: DialectId | null = null,
): SyntaxCodeEntry {
  return { rule, title, explanation, bad, good, dialect };
}

function program(body: string, variables = 'x : INT;'): string {
  return `PROGRAM Main\nVAR\n  ${variables}\nEND_VAR\n${body}\nEND_PROGRAM\n`;
}

export const SYNTAX_CODES = {
  PW1001: entry(
    'unclosed-comment',
    'A comment is not closed',
    'A block comment runs to the end of the file because its end mark is missing, or because a nested comment is not closed. Code in it is not seen by any check.',
    program('(* start\nx := 1;'),
    program('(* start *)\nx := 1;'),
  ),
  PW1002: entry(
    'unclosed-string',
    'A string is not closed',
    "A string literal ends on the line on which it starts. Write $N for a line break and $' for a quote in it.",
    program("s := 'abc;", 's : STRING;'),
    program("s := 'abc';", 's : STRING;'),
  ),
  PW1003: entry(
    'unexpected-token',
    'Something else was expected here',
    'The text does not follow the grammar at this place. The message names what was expected and what was found.',
    program('x := ;'),
    program('x := 1;'),
  ),
  PW1004: entry(
    'missing-end',
    'A block is not closed',
    'A block such as IF, CASE, FOR, VAR or FUNCTION_BLOCK lacks its END_… keyword, or has that of another block. The message names the line where the block starts.',
    program('IF x > 1 THEN\n  x := 0;'),
    program('IF x > 1 THEN\n  x := 0;\nEND_IF;'),
  ),
  PW1005: entry(
    'missing-semicolon',
    'A semicolon is missing',
    'Statements and declarations end with a semicolon.',
    program('x := 1\nx := 2;'),
    program('x := 1;\nx := 2;'),
  ),
  PW1006: entry(
    'bad-number',
    'A number is malformed',
    'Integers have the base 2, 8, 10 or 16 (16#FF) and digits of that base; underscores stand between digits only.',
    program('x := 2#102;'),
    program('x := 2#101;'),
  ),
  PW1007: entry(
    'bad-time-or-date',
    'A duration, date or time is malformed',
    'Durations are numbers with units from large to small (T#1h30m, only the last with a fraction). Dates are D#2024-01-20, times of day TOD#14:30:20.',
    program('t := T#5s1m;', 't : TIME;'),
    program('t := T#1m5s;', 't : TIME;'),
  ),
  PW1008: entry(
    'keyword-as-name',
    'A keyword is used as a name',
    'The word is a keyword of the dialect and can not name a variable, type or POU.',
    program('x := 1;', 'x : INT; FOR : INT;'),
    program('x := 1;', 'x : INT; ForValue : INT;'),
  ),
  PW1009: entry(
    'unexpected-character',
    'A character has no meaning here',
    'The character belongs to no token of the language. It may come from another language (!, |, ~) or from a broken copy.',
    program('x := ! 1;'),
    program('x := 1;'),
  ),
  PW1010: entry(
    'not-in-dialect',
    'The form does not exist in this dialect',
    'The text is understood, but the dialect that the site declares does not have this form, so its compiler will refuse it.',
    program('p := ADR(x);', 'x : INT; p : POINTER TO INT;'),
    program('p := REF(x);', 'x : INT; p : REF_TO INT;'),
    'iec',
  ),
  PW1011: entry(
    'assignment-or-comparison',
    "'=' and ':=' are mixed up",
    "':=' assigns a value; '=' compares two values.",
    program('x = 1;'),
    program('x := 1;'),
  ),
  PW1012: entry(
    'unclosed-pragma',
    'A pragma is not closed',
    'A pragma stands between braces.',
    program("{attribute 'x'\nx := 1;"),
    program("{attribute 'x'}\nx := 1;"),
  ),
  PW1013: entry(
    'nesting-too-deep',
    'The code nests too deep',
    'Statements, expressions or types are nested deeper, or an expression has more operands, than the checks can follow. What is inside is not checked.',
    program(`x := ${'('.repeat(800)}1${')'.repeat(800)};`),
    program('x := ((1));'),
  ),
  PW1014: entry(
    'bad-escape',
    'An escape in a string is unknown',
    'In strings, $ starts an escape: $$ $\' $" $L $N $P $R $T, or two hexadecimal digits (four in a WSTRING).',
    program("s := 'costs $z';", 's : STRING;'),
    program("s := 'costs $$z';", 's : STRING;'),
  ),
  PW1015: entry(
    'stray-keyword',
    'A keyword closes or continues nothing',
    'The keyword ends or continues a block, but no such block is open here.',
    program('x := 1;\nEND_IF;'),
    program('x := 1;'),
  ),
  PW1016: entry(
    'not-assignable',
    'This can not be assigned to',
    'The left side of an assignment is a variable, a member, an element of an array, a part of a variable or a dereferenced pointer.',
    program('x + 1 := 2;'),
    program('x := 2 - 1;'),
  ),
  PW1017: entry(
    'unexpected-text',
    'Text outside of declarations',
    'Between POUs and types only comments and pragmas may stand.',
    `stray\n${program('x := 1;')}`,
    `(* stray *)\n${program('x := 1;')}`,
  ),
  PW1018: entry(
    'malformed-container',
    'The file that holds the program is malformed',
    'The XML file around the program text can not be read, or lacks a part that it must have.',
    '<TcPlcObject><POU Name="Main"><Declaration><![CDATA[PROGRAM Main]]></Declaration></POU>',
    '<TcPlcObject><POU Name="Main"><Declaration><![CDATA[PROGRAM Main]]></Declaration></POU></TcPlcObject>',
    'twincat',
  ),
  PW1019: entry(
    'undecodable-text',
    'The bytes of the file are no text',
    'The file holds bytes that its encoding does not know, or NUL characters. They are shown as a replacement character.',
    program('x := 1;\u0000'),
    program('x := 1;'),
  ),
} as const satisfies Readonly<Record<string, SyntaxCodeEntry>>;

export type SyntaxCode = keyof typeof SYNTAX_CODES;
