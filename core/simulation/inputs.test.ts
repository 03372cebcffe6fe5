import { describe, expect, test } from 'vitest';
import { inputTags } from './inputs.js';
import { projectOf } from './test-support.js';

const TYPES = `
TYPE Lamp : STRUCT On : BOOL; Colour : INT; END_STRUCT; END_TYPE
TYPE Panel : STRUCT Mode : INT; Cool : BOOL; State : INT; Lamp : Lamp; List : ARRAY[1..3] OF BOOL; END_STRUCT; END_TYPE
FUNCTION_BLOCK Clear VAR_IN_OUT P : Lamp; END_VAR END_FUNCTION_BLOCK
`;

describe('inputs are what no code writes', () => {
  test.each([
    ['a scalar', 'a : BOOL; b : BOOL;', 'b := a;', ['Main.a']],
    [
      'members of a structure',
      'p : Panel;',
      'p.State := p.Mode;',
      ['Main.p.Mode', 'Main.p.Cool', 'Main.p.Lamp.On', 'Main.p.Lamp.Colour'],
    ],
    [
      'not a structure that is assigned as a whole',
      'p, q : Panel;',
      'p := q; p.State := 1;',
      ['Main.q.Mode', 'Main.q.Cool', 'Main.q.Lamp.On', 'Main.q.Lamp.Colour'],
    ],
    ['not what goes into VAR_IN_OUT', 'l : Lamp; c : Clear;', 'c(P := l);', []],
    [
      'not a counter of FOR, nor what is behind a pointer',
      'i : INT; p : POINTER TO BOOL; b : BOOL;',
      'FOR i := 1 TO 3 DO ; END_FOR p := ADR(b);',
      [],
    ],
  ])('%s', (_, variables, body, expected) => {
    expect(inputTags(projectOf(`${TYPES} PROGRAM Main VAR ${variables} END_VAR ${body} END_PROGRAM`))).toEqual(
      expected,
    );
  });
});
