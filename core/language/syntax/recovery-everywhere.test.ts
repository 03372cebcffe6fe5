/**
 * Whatever stands wrong inside of a construct costs that construct at most: the statements before and behind it and the
 * POUs around it are there, whatever the place and the stray token.
 */
import { describe, expect, test } from 'vitest';
import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { tokenize } from './lexer.js';
import { parseSourceFile } from './parser.js';
import type { SourceFile } from './tree.js';
import { walk } from './walk.js';

/** Statements that must survive: they stand before and behind the construct, and in the POUs around it. */
const BEFORE = 'before := 1;';
const BEHIND = 'behind := 2;';

const STATEMENTS: readonly (readonly [string, string])[] = [
  ['an assignment', 'x := a + b * (c - 1);'],
  ['a call', 'timer(IN := a, PT := T#5s, Q => b);'],
  ['an IF', 'IF a THEN\n  x := 1;\nELSIF b THEN\n  x := 2;\nELSE\n  x := 3;\nEND_IF;'],
  ['a CASE', 'CASE x OF\n  1, 2..4: y := 1;\n  E.V: y := 2;\nELSE\n  y := 3;\nEND_CASE;'],
  ['a FOR', 'FOR i := 1 TO 10 BY 2 DO\n  x := x + i;\nEND_FOR;'],
  ['a WHILE', 'WHILE a AND NOT b DO\n  x := x - 1;\nEND_WHILE;'],
  ['a REPEAT', 'REPEAT\n  x := x - 1;\nUNTIL x < 0\nEND_REPEAT;'],
  ['a path', 'list[i, 2].item^.value.3 := 16#FF;'],
];

const DECLARATIONS: readonly (readonly [string, string])[] = [
  ['an enumeration', 'TYPE Mode : (Off, Auto := 5, Manual) INT := Off;\nEND_TYPE'],
  [
    'a structure',
    "TYPE Part : STRUCT\n  a : INT := 1;\n  b : ARRAY[1..3] OF STRING[10] := ['x', 2('y')];\nEND_STRUCT;\nEND_TYPE",
  ],
  [
    'a block',
    'FUNCTION_BLOCK Pump EXTENDS Base IMPLEMENTS IPump\nVAR_INPUT\n  run : BOOL;\nEND_VAR\nMETHOD PUBLIC Stop : BOOL\nVAR\n  k : INT;\nEND_VAR\nk := 1;\nEND_METHOD\nPROPERTY Speed : INT\nGET\nSpeed := 1;\nEND_GET\nEND_PROPERTY\nEND_FUNCTION_BLOCK',
  ],
  [
    'an interface',
    'INTERFACE IPump EXTENDS IDrive\nMETHOD Go : BOOL\nVAR_INPUT\n  a : INT;\nEND_VAR\nEND_METHOD\nEND_INTERFACE',
  ],
  ['globals', 'VAR_GLOBAL CONSTANT\n  limit : INT := 5;\n  out AT %QX0.0 : BOOL;\nEND_VAR'],
  [
    'a configuration',
    'CONFIGURATION C\nRESOURCE R ON Cpu\n  TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);\n  PROGRAM P1 WITH Fast : Main;\nEND_RESOURCE\nEND_CONFIGURATION',
  ],
  ['a function', 'FUNCTION Twice : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\nTwice := v * 2;\nEND_FUNCTION'],
];

/** Tokens that make no sense in most places, and open or close nothing. */
const STRAYS = ['foo', ')', ']', ',', ':=', '..', '12', 'THEN', '=', '$', "'text'", '(', '['];

/** The texts that arise when a stray stands at, or replaces, each token. */
function* damaged(text: string, dialect: DialectId): Generator<{ readonly text: string; readonly what: string }> {
  const { count, starts, ends } = tokenize(text, 0, text.length, dialectOf(dialect), 'program');
  for (let at = 0; at < count - 1; at++) {
    const [start, end] = [starts[at] ?? 0, ends[at] ?? 0];
    const token = text.slice(start, end);
    yield { text: text.slice(0, start) + text.slice(end), what: `without "${token}" at ${start}` };
    for (const stray of STRAYS)
      yield {
        text: `${text.slice(0, start)}${stray} ${text.slice(start)}`,
        what: `"${stray}" before "${token}" at ${start}`,
      };
  }
}

function assignmentsIn(file: SourceFile): string[] {
  const found: string[] = [];
  walk(file, (node) => {
    if (node.kind === 'Assignment') found.push(file.text.slice(node.start, node.end));
    return undefined;
  });
  return found;
}

describe('statements around a damaged one are kept', () => {
  test.each(STATEMENTS)('%s', (_, construct) => {
    const lost: string[] = [];
    for (const { text, what } of damaged(construct, 'codesys')) {
      const program = `PROGRAM First\n${BEFORE}\nEND_PROGRAM\nPROGRAM Main\n${BEFORE}\n${text}\n${BEHIND}\nEND_PROGRAM\nPROGRAM Last\n${BEHIND}\nEND_PROGRAM\n`;
      const file = parseSourceFile('a.st', program, 'codesys');
      const kept = assignmentsIn(file);
      const names = file.declarations.map((one) =>
        'name' in one && one.name !== null && typeof one.name === 'object' && 'name' in one.name
          ? one.name.name
          : one.kind,
      );
      if (
        kept.filter((one) => one === BEFORE).length < 2 ||
        kept.filter((one) => one.startsWith(BEHIND.slice(0, -1))).length < 2 ||
        names.join() !== 'First,Main,Last'
      )
        lost.push(`${what}: ${names.join()} ${kept.join(' ')}`);
    }
    expect(lost).toEqual([]);
  });
});

describe('declarations around a damaged one are kept', () => {
  test.each(DECLARATIONS)('%s', (_, construct) => {
    const lost: string[] = [];
    for (const { text, what } of damaged(construct, 'codesys')) {
      const program = `PROGRAM First\n${BEFORE}\nEND_PROGRAM\n${text}\nPROGRAM Last\n${BEHIND}\nEND_PROGRAM\n`;
      const file = parseSourceFile('a.st', program, 'codesys');
      const kept = assignmentsIn(file);
      if (!kept.includes(BEFORE) || !kept.includes(BEHIND)) lost.push(`${what}: ${kept.join(' ')}`);
    }
    expect(lost).toEqual([]);
  });
});
