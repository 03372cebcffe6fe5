import { describe, expect, it } from 'vitest';
import { buildProject } from '../language/semantics/project.js';
import { parseSourceFile } from '../language/syntax/parser.js';
import { tagChain, writesOf } from './tag-writes.js';

const CODE = `
TYPE Status : STRUCT code : INT; ok : BOOL; END_STRUCT; END_TYPE
VAR_GLOBAL gLamp : BOOL; END_VAR
FUNCTION_BLOCK Guard
VAR_INPUT Closed : BOOL; END_VAR
VAR_OUTPUT Ok : BOOL; END_VAR
VAR status : Status; END_VAR
Ok := Closed; (* body *)
status.ok := Ok; (* member *)
END_FUNCTION_BLOCK
PROGRAM Main
VAR_EXTERNAL gLamp : BOOL; END_VAR
VAR g1, g2 : Guard; t : TON; a, b : Status; out : BOOL; i : INT; list : ARRAY[1..3] OF BOOL; END_VAR
g1(Closed := TRUE, Ok => out); (* call g1 *)
g2(); (* call g2 *)
t(IN := out); (* call t *)
a.code := 1; (* a.code *)
b.code := 2; (* b.code *)
a := b; (* whole a *)
FOR i := 1 TO 3 DO (* loop *)
  list[i] := TRUE; (* element *)
END_FOR;
gLamp := out; (* lamp *)
END_PROGRAM`;

function writesTo(tag: string): string[] {
  const file = parseSourceFile('code.st', CODE, 'codesys');
  const project = buildProject({ files: [file], dialect: 'codesys', entry: 'Main', cycle: 10_000_000n });
  const chain = tagChain(project, tag);
  if (chain === null) return ['no such tag'];
  return writesOf(project, chain).map(({ start }) => {
    const line = CODE.slice(start, CODE.indexOf('\n', start));
    return /\(\* (.*) \*\)/.exec(line)?.[1] ?? line;
  });
}

describe('the statements that write a tag', () => {
  it.each([
    ['Main.g1.Ok', ['body']],
    ['Main.g1.Closed', ['call g1']],
    ['Main.g2.Closed', []],
    ['Main.out', ['call g1']],
    ['Main.t.Q', ['call t']],
    ['Main.t.IN', ['call t']],
    ['Main.a.code', ['a.code', 'whole a']],
    ['Main.b.code', ['b.code']],
    ['Main.g1.status.ok', ['member']],
    ['Main.list[2]', ['element']],
    ['Main.i', ['loop']],
    ['gLamp', ['lamp']],
    ['Main.nothing', ['no such tag']],
  ])('%s: %j', (tag, expected) => {
    expect(writesTo(tag)).toEqual(expected);
  });
});
