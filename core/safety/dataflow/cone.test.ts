/** What the cone of an output must hold: every way in which code can hand a value on. */

import { describe, expect, test } from 'vitest';
import { safetyModelOf } from '../safety-model.js';
import { siteOf } from '../testing/site-of.js';
import { coneTouches } from './cone.js';

/** A program `Main` with a guard at a terminal and an output; `blocks` stand above it. */
function coneOf(parts: { blocks?: string; variables?: string; body: string }) {
  const site = siteOf({
    'plantwright.yaml':
      'site: s\ndialect: codesys\nsources: [src/**]\nentry: Main\nsafety:\n  signals:\n    - { tag: Main.guard, role: guard }\n    - { tag: Main.motor, role: hazard }\n',
    'src/a.st': `${parts.blocks ?? ''}
PROGRAM Main
VAR
  guard AT %IX0.0 : BOOL; start AT %IX0.1 : BOOL; motor AT %QX0.0 : BOOL;
  ${parts.variables ?? ''}
END_VAR
${parts.body}
END_PROGRAM
`,
  });
  const errors = site.project.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  expect(errors).toEqual([]);
  const model = safetyModelOf(site);
  return (location: string): boolean => coneTouches(model.coneOf('MAIN.MOTOR'), location);
}

const GATE =
  'FUNCTION_BLOCK Gate\nVAR_INPUT a : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nVAR kept : BOOL; END_VAR\n';

describe('the guard reaches the output', () => {
  test.each<[string, { blocks?: string; variables?: string; body: string }]>([
    ['over variables', { variables: 'x, y : BOOL;', body: 'x := guard; y := x; motor := y;' }],
    ['over an IF', { variables: 'x : BOOL;', body: 'IF guard THEN x := start; END_IF motor := x;' }],
    ['over the ELSE of an IF', { variables: 'x : BOOL;', body: 'IF guard THEN ; ELSE x := start; END_IF motor := x;' }],
    [
      'over a CASE',
      {
        variables: 'n : INT;',
        body: 'n := BOOL_TO_INT(guard); CASE n OF 1: motor := TRUE; ELSE motor := FALSE; END_CASE',
      },
    ],
    [
      'over a loop',
      {
        variables: 'i : INT; x : BOOL;',
        body: 'WHILE guard AND i < 3 DO i := i + 1; x := TRUE; END_WHILE motor := x;',
      },
    ],
    ['over an early return', { body: 'IF NOT guard THEN RETURN; END_IF motor := start;' }],
    [
      'over an input of a block',
      { blocks: `${GATE}q := a;\nEND_FUNCTION_BLOCK`, variables: 'g : Gate;', body: 'g(a := guard); motor := g.q;' },
    ],
    [
      'over the memory of a block',
      {
        blocks: `${GATE}q := kept; kept := a;\nEND_FUNCTION_BLOCK`,
        variables: 'g : Gate;',
        body: 'g(a := guard); motor := g.q;',
      },
    ],
    [
      'over an assigned pin',
      {
        blocks: `${GATE}q := a;\nEND_FUNCTION_BLOCK`,
        variables: 'g : Gate;',
        body: 'g.a := guard; g(); motor := g.q;',
      },
    ],
    [
      'over an output arrow',
      { blocks: `${GATE}q := a;\nEND_FUNCTION_BLOCK`, variables: 'g : Gate;', body: 'g(a := guard, q => motor);' },
    ],
    ['over an action', { variables: 'x : BOOL;', body: 'x := guard; motor := x;' }],
    [
      'over a method',
      {
        blocks: `${GATE}METHOD Ask : BOOL\nVAR_INPUT c : BOOL; END_VAR\nAsk := c AND kept;\nEND_METHOD\nEND_FUNCTION_BLOCK`,
        variables: 'g : Gate;',
        body: 'motor := g.Ask(c := guard);',
      },
    ],
    [
      'over a method that keeps it',
      {
        blocks: `${GATE}METHOD Put\nVAR_INPUT c : BOOL; END_VAR\nkept := c;\nEND_METHOD\nq := kept;\nEND_FUNCTION_BLOCK`,
        variables: 'g : Gate;',
        body: 'g.Put(c := guard); g(); motor := g.q;',
      },
    ],
    [
      'over a property',
      {
        blocks: `${GATE}PROPERTY Ok : BOOL\nGET\nOk := kept;\nEND_GET\nEND_PROPERTY\nkept := a;\nEND_FUNCTION_BLOCK`,
        variables: 'g : Gate;',
        body: 'g(a := guard); motor := g.Ok;',
      },
    ],
    [
      'over a base block',
      {
        blocks: `${GATE}q := a;\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK Wide EXTENDS Gate\nSUPER^();\nEND_FUNCTION_BLOCK`,
        variables: 'g : Wide;',
        body: 'g(a := guard); motor := g.q;',
      },
    ],
    [
      'over a block in a block',
      {
        blocks: `${GATE}q := a;\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK Outer\nVAR_INPUT a : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nVAR inner : Gate; END_VAR\ninner(a := a); q := inner.q;\nEND_FUNCTION_BLOCK`,
        variables: 'o : Outer;',
        body: 'o(a := guard); motor := o.q;',
      },
    ],
    [
      'over VAR_IN_OUT that writes the output',
      {
        blocks:
          'FUNCTION_BLOCK Drive\nVAR_INPUT c : BOOL; END_VAR\nVAR_IN_OUT m : BOOL; END_VAR\nm := c;\nEND_FUNCTION_BLOCK',
        variables: 'd : Drive;',
        body: 'd(c := guard, m := motor);',
      },
    ],
    [
      'over VAR_IN_OUT that reads the guard',
      {
        blocks:
          'FUNCTION_BLOCK Look\nVAR_IN_OUT g : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nq := g;\nEND_FUNCTION_BLOCK',
        variables: 'l : Look; x : BOOL;',
        body: 'x := guard; l(g := x); motor := l.q;',
      },
    ],
    [
      'over VAR_IN_OUT handed on',
      {
        blocks:
          'FUNCTION_BLOCK Low\nVAR_IN_OUT m : BOOL; END_VAR\nVAR_INPUT c : BOOL; END_VAR\nm := c;\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK High\nVAR_IN_OUT m : BOOL; END_VAR\nVAR_INPUT c : BOOL; END_VAR\nVAR low : Low; END_VAR\nlow(m := m, c := c);\nEND_FUNCTION_BLOCK',
        variables: 'h : High;',
        body: 'h(m := motor, c := guard);',
      },
    ],
    [
      'over a function',
      {
        blocks: 'FUNCTION Both : BOOL\nVAR_INPUT a, b : BOOL; END_VAR\nBoth := a AND b;\nEND_FUNCTION',
        body: 'motor := Both(a := start, b := guard);',
      },
    ],
    [
      'over a function that leaves early',
      {
        blocks:
          'FUNCTION Both : BOOL\nVAR_INPUT a, b : BOOL; END_VAR\nIF NOT b THEN RETURN; END_IF\nBoth := a;\nEND_FUNCTION',
        body: 'motor := Both(a := start, b := guard);',
      },
    ],
    ['over a library function', { body: 'motor := SEL(guard, FALSE, start);' }],
    ['over a timer', { variables: 't : TON;', body: 't(IN := guard, PT := T#1s); motor := t.Q;' }],
    [
      'over the elapsed time of a timer',
      { variables: 't : TON;', body: 't(IN := guard, PT := T#1s); motor := t.ET > T#500ms;' },
    ],
    ['over a bistable', { variables: 'l : RS;', body: 'l(SET := start, RESET1 := NOT guard); motor := l.Q1;' }],
    ['over a reference', { variables: 'r : REFERENCE TO BOOL; x : BOOL;', body: 'r REF= x; r := guard; motor := x;' }],
    [
      'over a reference that is read',
      { variables: 'r : REFERENCE TO BOOL; x : BOOL;', body: 'x := guard; r REF= x; motor := r;' },
    ],
    ['over a pointer', { variables: 'p : POINTER TO BOOL; x : BOOL;', body: 'p := ADR(x); p^ := guard; motor := x;' }],
    ['over a pointer to the output', { variables: 'p : POINTER TO BOOL;', body: 'p := ADR(motor); p^ := guard;' }],
    [
      'over a pointer that was copied',
      { variables: 'p, o : POINTER TO BOOL; x : BOOL;', body: 'p := ADR(x); o := p; o^ := guard; motor := x;' },
    ],
    [
      'over one of two targets of a pointer',
      {
        variables: 'p : POINTER TO BOOL; x, y : BOOL;',
        body: 'IF start THEN p := ADR(x); ELSE p := ADR(y); END_IF p^ := guard; motor := y;',
      },
    ],
    ['over the same address', { variables: 'same AT %QX0.0 : BOOL;', body: 'same := guard;' }],
    ['over the byte around an address', { variables: 'b AT %QB0 : BYTE;', body: 'b := BOOL_TO_BYTE(guard);' }],
    ['over a direct address', { body: '%QX0.0 := guard;' }],
    ['from a direct address', { body: 'motor := %IX0.0;' }],
    ['over a bit of a word', { variables: 'w : WORD;', body: 'w.3 := guard; motor := w.3;' }],
    ['over an array element', { variables: 'v : ARRAY[1..4] OF BOOL;', body: 'v[2] := guard; motor := v[2];' }],
    [
      'over a computed element',
      { variables: 'v : ARRAY[1..4] OF BOOL; i : INT;', body: 'v[i] := guard; motor := v[2];' },
    ],
    ['over the index', { variables: 'v : ARRAY[0..1] OF BOOL;', body: 'motor := v[BOOL_TO_INT(guard)];' }],
    [
      'over an array that was copied',
      { variables: 'v, u : ARRAY[1..4] OF BOOL;', body: 'v[2] := guard; u := v; motor := u[2];' },
    ],
    [
      'over an element of an array of blocks',
      {
        blocks: `${GATE}q := a;\nEND_FUNCTION_BLOCK`,
        variables: 'g : ARRAY[1..2] OF Gate; i : INT;',
        body: 'FOR i := 1 TO 2 DO g[i](a := guard); END_FOR motor := g[2].q;',
      },
    ],
    [
      'over a structure that was copied',
      {
        blocks: 'TYPE ST : STRUCT a : BOOL; b : BOOL; END_STRUCT END_TYPE',
        variables: 's, t : ST;',
        body: 's.a := guard; t := s; motor := t.a;',
      },
    ],
    [
      'over a union',
      {
        blocks: 'TYPE U : UNION a : BOOL; b : BYTE; END_UNION END_TYPE',
        variables: 'u : U;',
        body: 'u.a := guard; motor := u.b > 0;',
      },
    ],
    [
      'over a global variable',
      { blocks: 'VAR_GLOBAL\n  release : BOOL;\nEND_VAR', body: 'release := guard; motor := release;' },
    ],
    [
      'over another program',
      {
        blocks: 'VAR_GLOBAL\n  release : BOOL;\nEND_VAR\nPROGRAM Stops\nrelease := Main.guard;\nEND_PROGRAM',
        body: 'Stops(); motor := release;',
      },
    ],
    [
      'over a program of another task',
      {
        blocks:
          'VAR_GLOBAL\n  release : BOOL;\nEND_VAR\nPROGRAM Stops\nrelease := Main.guard;\nEND_PROGRAM\nCONFIGURATION C\nRESOURCE R ON P\nTASK A(INTERVAL := T#10ms, PRIORITY := 1);\nTASK B(INTERVAL := T#50ms, PRIORITY := 2);\nPROGRAM Stops WITH B : Stops;\nPROGRAM Main WITH A : Main;\nEND_RESOURCE\nEND_CONFIGURATION',
        body: 'motor := release;',
      },
    ],
    [
      'over an interface',
      {
        blocks:
          'INTERFACE IAsk\nMETHOD Ask : BOOL\nVAR_INPUT c : BOOL; END_VAR\nEND_METHOD\nEND_INTERFACE\nFUNCTION_BLOCK Door IMPLEMENTS IAsk\nMETHOD Ask : BOOL\nVAR_INPUT c : BOOL; END_VAR\nAsk := c;\nEND_METHOD\nEND_FUNCTION_BLOCK',
        variables: 'd : Door; i : IAsk;',
        body: 'i := d; motor := i.Ask(c := guard);',
      },
    ],
    ['over S= and R=', { variables: 'x : BOOL;', body: 'x S= start; x R= NOT guard; motor := x;' }],
    [
      'over EN',
      {
        blocks: 'FUNCTION_BLOCK Put\nVAR_IN_OUT m : BOOL; END_VAR\nm := TRUE;\nEND_FUNCTION_BLOCK',
        variables: 'p : Put;',
        body: 'p(EN := guard, m := motor);',
      },
    ],
  ])('%s', (_title, parts) => {
    expect(coneOf(parts)('MAIN.GUARD')).toBe(true);
  });
});

describe('what has nothing to do with the output stays outside', () => {
  test.each<[string, { blocks?: string; variables?: string; body: string }]>([
    ['a lamp', { variables: 'lamp : BOOL;', body: 'lamp := guard; motor := start;' }],
    [
      'another instance of the same block',
      {
        blocks: `${GATE}q := a;\nEND_FUNCTION_BLOCK`,
        variables: 'g, h : Gate; lamp : BOOL;',
        body: 'g(a := guard); h(a := start); lamp := g.q; motor := h.q;',
      },
    ],
    [
      'another element with a constant index',
      { variables: 'v : ARRAY[1..4] OF BOOL;', body: 'v[1] := guard; v[2] := start; motor := v[2];' },
    ],
    [
      'another member of a structure',
      {
        blocks: 'TYPE ST : STRUCT a : BOOL; b : BOOL; END_STRUCT END_TYPE',
        variables: 's : ST;',
        body: 's.a := guard; s.b := start; motor := s.b;',
      },
    ],
    [
      'another call of the same function',
      {
        blocks: 'FUNCTION Pass : BOOL\nVAR_INPUT a : BOOL; END_VAR\nPass := a;\nEND_FUNCTION',
        variables: 'lamp : BOOL;',
        body: 'lamp := Pass(a := guard); motor := Pass(a := start);',
      },
    ],
  ])('%s', (_title, parts) => {
    expect(coneOf(parts)('MAIN.GUARD')).toBe(false);
  });
});
