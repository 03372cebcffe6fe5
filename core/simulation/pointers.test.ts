/** Pointers of the CODESYS family, in both engines; arithmetic on them keeps a program in JavaScript, which says so. */

import { describe, expect, it } from 'vitest';
import { createSimulation, type Simulation } from './simulation.js';
import { projectOf } from './test-support.js';
import type { Engine } from './wasm/tiered-machine.js';

const ENGINES = ['javascript', 'wasm'] as const satisfies readonly Engine[];

function ranOnce(body: string, engine: Engine): Simulation {
  const project = projectOf(`TYPE Row : STRUCT x : INT; z : REAL; END_STRUCT END_TYPE
TYPE Other : STRUCT a : LREAL; END_STRUCT END_TYPE
FUNCTION_BLOCK Base VAR n : INT; END_VAR END_FUNCTION_BLOCK
FUNCTION_BLOCK Derived EXTENDS Base END_FUNCTION_BLOCK
FUNCTION Same : POINTER TO INT VAR_INPUT p : POINTER TO INT; END_VAR Same := p; END_FUNCTION
PROGRAM Main VAR a : ARRAY[1..4] OF INT := [10, 20, 30, 40]; grid : ARRAY[0..1, 0..2] OF DINT := [1, 2, 3, 4, 5, 6];
 p, q : POINTER TO INT; pp : POINTER TO POINTER TO INT; pd : POINTER TO DINT; pb : POINTER TO BYTE; px : POINTER TO BOOL;
 y, i, sum : INT; b : BOOL; n : DINT; s : Row; o : Other; ps : POINTER TO Row; rows : ARRAY[0..2] OF Row; flags : ARRAY[0..3] OF BOOL;
 pa : POINTER TO ARRAY[1..4] OF INT; dw : DWORD; t : TON; pt : POINTER TO TON; d : Derived; pBase : POINTER TO Base; small : INT(0..9); END_VAR
${body}
END_PROGRAM`);
  const errors = project.findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((finding) => finding.message).join('\n'));
  const created = createSimulation(project, { engine });
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  created.simulation.scan();
  return created.simulation;
}

describe.each(ENGINES)('%s', (engine) => {
  const VALUES: readonly {
    readonly title: string;
    readonly body: string;
    readonly tag: string;
    readonly is: unknown;
  }[] = [
    { title: 'an element of an array', body: 'p := ADR(a[2]); p^ := 7; y := a[2];', tag: 'y', is: 7 },
    { title: 'an array is its first element', body: 'p := ADR(a); y := p^;', tag: 'y', is: 10 },
    { title: 'a pointer to a whole array', body: 'pa := ADR(a); pa^[2] := 5; y := a[2];', tag: 'y', is: 5 },
    { title: 'a member of a structure', body: 'p := ADR(s.x); p^ := 4; y := s.x;', tag: 'y', is: 4 },
    { title: 'a structure', body: 'ps := ADR(rows[1]); ps^.x := 4; y := rows[1].x;', tag: 'y', is: 4 },
    { title: 'a pointer to a pointer', body: 'pp := ADR(p); pp^ := ADR(y); y := 5; y := pp^^ + 1;', tag: 'y', is: 6 },
    { title: 'a block, called', body: 'pt := ADR(t); pt^(IN := TRUE, PT := T#1s); b := t.IN;', tag: 'b', is: true },
    { title: 'a block seen as its base', body: 'pBase := ADR(d); pBase^.n := 3; y := d.n;', tag: 'y', is: 3 },
    { title: 'through a function', body: 'p := Same(ADR(a[3])); y := p^;', tag: 'y', is: 30 },
    { title: 'a subrange seen as its base', body: 'p := ADR(small); p^ := 5; y := small;', tag: 'y', is: 5 },
    {
      title: 'the counter of a FOR loop',
      body: 'p := ADR(i); FOR i := 0 TO 3 DO sum := sum + p^; END_FOR',
      tag: 'sum',
      is: 6,
    },
    {
      title: 'two pointers to one element are equal',
      body: 'p := ADR(a[1]); q := ADR(a[1]); b := p = q;',
      tag: 'b',
      is: true,
    },
    {
      title: 'two pointers to different elements are not',
      body: 'p := ADR(a[1]); q := ADR(a[2]); b := p = q;',
      tag: 'b',
      is: false,
    },
    { title: 'zero is no variable', body: 'p := ADR(y); p := 0; b := p = NULL;', tag: 'b', is: true },

    { title: 'moved by SIZEOF of a type', body: 'p := ADR(a[1]); p := p + SIZEOF(INT); y := p^;', tag: 'y', is: 20 },
    { title: 'moved by SIZEOF of a variable', body: 'p := ADR(a[1]) + 2 * SIZEOF(y); y := p^;', tag: 'y', is: 30 },
    { title: 'moved back', body: 'p := ADR(a[4]); p := p - 4; y := p^;', tag: 'y', is: 20 },
    { title: 'a number in front', body: 'p := ADR(a[1]); p := 2 + p; y := p^;', tag: 'y', is: 20 },
    { title: 'written through', body: 'p := ADR(a) + 6; p^ := 9; y := a[4];', tag: 'y', is: 9 },
    {
      title: 'run over an array, to one place behind its end',
      body: 'p := ADR(a); FOR i := 1 TO 4 DO sum := sum + p^; p := p + SIZEOF(INT); END_FOR',
      tag: 'sum',
      is: 100,
    },
    { title: 'moved back from behind the end', body: 'p := ADR(a[4]) + 2; p := p - 2; y := p^;', tag: 'y', is: 40 },
    { title: 'with an index', body: 'p := ADR(a); p[2] := 5; y := p[0] + p[2];', tag: 'y', is: 15 },
    { title: 'an index before it', body: 'p := ADR(a[4]); y := p[-1];', tag: 'y', is: 30 },
    { title: 'over rows of an array of two dimensions', body: 'pd := ADR(grid); n := pd[4];', tag: 'n', is: 5 },
    {
      title: 'over BOOL, which takes a byte',
      body: 'flags[2] := TRUE; px := ADR(flags) + 2; b := px^;',
      tag: 'b',
      is: true,
    },
    { title: 'the distance in bytes', body: 'p := ADR(a[1]); q := ADR(a[4]); n := q - p;', tag: 'n', is: 6 },
    {
      title: 'the order of two elements',
      body: 'p := ADR(a[1]); q := ADR(a[2]); b := p < q AND q >= p;',
      tag: 'b',
      is: true,
    },
    {
      title: 'to the end by order',
      body: 'p := ADR(a); q := ADR(a[4]); WHILE p <= q DO sum := sum + p^; p := p + 2; END_WHILE',
      tag: 'sum',
      is: 100,
    },
    { title: 'a single variable, moved by nothing', body: 'p := ADR(y) + 0; p^ := 3;', tag: 'y', is: 3 },
  ];
  it.each(VALUES)('$title', ({ body, tag, is }) => {
    const simulation = ranOnce(body, engine);
    expect(simulation.fault?.message ?? null).toBeNull();
    expect(simulation.unknownBlocks).toEqual([]);
    expect(simulation.isUnknown).toBe(false);
    expect(simulation.read(`Main.${tag}`)).toBe(is);
  });

  const FAULTS: readonly (readonly [string, string, RegExp])[] = [
    ['a null pointer', 'y := p^;', /null reference/],
    ['behind the end', 'p := ADR(a[4]) + 2; y := p^;', /outside of the variable/],
    ['before the start', 'p := ADR(a) - 2; p^ := 1;', /outside of the variable/],
    ['an index behind the end', 'p := ADR(a); y := p[4];', /outside of the variable/],
    ['beside a single variable', 'p := ADR(y); p := p + 2; p^ := 1;', /outside of the variable/],
    ['into the middle of a value', 'p := ADR(a); p := p + 1;', /middle of a value of 2 bytes/],
    ['a null pointer moved', 'p := p + 2;', /null pointer is moved/],
    ['the order of two variables', 'p := ADR(y); q := ADR(sum); b := p < q;', /different variables/],
    ['the distance to nothing', 'q := ADR(sum); n := q - p;', /null pointer has no place/],
  ];
  it.each(FAULTS)('a fault with its place: %s', (_title, body, message) => {
    const simulation = ranOnce(`\n${body}`, engine);
    expect(simulation.fault).toMatchObject({ code: 'SIM-NULL', file: 'main.st', line: 11 });
    expect(simulation.fault?.message).toMatch(message);
  });

  const REFUSED: readonly (readonly [string, string])[] = [
    ['pb := ADR(y);', 'the bytes of INT can not be seen as BYTE through a pointer'],
    ['ps := ADR(o);', 'the bytes of Other can not be seen as Row through a pointer'],
    ['dw := p;', 'the address of a variable is not known as a number'],
    ['p := dw;', 'an address can not be made of a number'],
    ['ps := ADR(rows); ps := ps + 8;', 'only pointers to values of elementary types can be moved'],
    ['p := __NEW(INT);', 'the simulator has no heap; declare the instance or the array as a variable instead'],
  ];
  it.each(REFUSED)('%s is refused with its reason, at its place', (body, reason) => {
    const simulation = ranOnce(`b := TRUE;\n${body}`, engine);
    expect(simulation.unknownBlocks).toMatchObject([{ reason, line: 11, isReached: true }]);
  });
});

it('says what keeps a program with pointer arithmetic in JavaScript', () => {
  const simulation = ranOnce('p := ADR(a) + 2;', 'wasm');
  expect([simulation.engine, simulation.whyJavaScript]).toEqual(['javascript', '$moved of an aggregate']);
  expect(ranOnce('p := ADR(a); y := p^;', 'wasm').engine).toBe('wasm');
});
