import { describe, expect, test } from 'vitest';
import { safetyModelOf } from '../safety-model.js';
import { siteOf } from '../testing/site-of.js';
import { coneTouches } from './cone.js';

const MANIFEST = 'site: s\ndialect: codesys\nsources: [src/**]\nentry: Main\n';

function modelOf(source: string, manifest = MANIFEST) {
  const site = siteOf({ 'plantwright.yaml': manifest, 'src/a.st': source });
  expect(
    site.project.findings.filter((finding) => finding.severity === 'error').map((finding) => finding.message),
  ).toEqual([]);
  return safetyModelOf(site);
}

/** Which of the candidates the location depends on. */
function dependsOn(source: string, location: string, candidates: readonly string[], manifest?: string): string[] {
  const model = modelOf(source, manifest);
  return candidates.filter((candidate) => coneTouches(model.coneOf(location), candidate));
}

describe('the cone of an output', () => {
  test('goes through instances, and keeps two of them apart', () => {
    const source = `FUNCTION_BLOCK Gate VAR_INPUT x : BOOL; END_VAR VAR_OUTPUT y : BOOL; END_VAR y := x; END_FUNCTION_BLOCK
PROGRAM Main VAR a : BOOL; b : BOOL; g1 : Gate; g2 : Gate; q : BOOL; END_VAR
g1(x := a); g2(x := b); q := g1.y;
END_PROGRAM`;
    expect(dependsOn(source, 'MAIN.Q', ['MAIN.A', 'MAIN.B'])).toEqual(['MAIN.A']);
  });

  test('goes through methods, properties and actions', () => {
    const source = `FUNCTION_BLOCK Gate
VAR m : BOOL; p : BOOL; END_VAR
METHOD Put VAR_INPUT x : BOOL; END_VAR m := x; END_METHOD
PROPERTY Level : BOOL GET Level := p; END_GET SET p := Level; END_SET END_PROPERTY
END_FUNCTION_BLOCK
PROGRAM Main VAR a : BOOL; b : BOOL; c : BOOL; g : Gate; q : BOOL; r : BOOL; END_VAR
g.Put(x := a); g.Level := b; q := g.Level;
END_PROGRAM`;
    expect(dependsOn(source, 'MAIN.Q', ['MAIN.A', 'MAIN.B', 'MAIN.C'])).toEqual(['MAIN.B']);
    expect(dependsOn(source, 'MAIN.G.M', ['MAIN.A', 'MAIN.B', 'MAIN.C'])).toEqual(['MAIN.A']);
  });

  test('goes through VAR_IN_OUT, references, pointers and interfaces', () => {
    const source = `INTERFACE IGate METHOD Read : BOOL END_METHOD END_INTERFACE
FUNCTION_BLOCK Gate IMPLEMENTS IGate VAR_INPUT x : BOOL; END_VAR METHOD Read : BOOL Read := x; END_METHOD END_FUNCTION_BLOCK
FUNCTION_BLOCK Put VAR_IN_OUT target : BOOL; END_VAR VAR_INPUT v : BOOL; END_VAR target := v; END_FUNCTION_BLOCK
PROGRAM Main
VAR a : BOOL; b : BOOL; c : BOOL; d : BOOL; e : BOOL;
 q1 : BOOL; q2 : BOOL; q3 : BOOL; q4 : BOOL; put1 : Put; r : REFERENCE TO BOOL; p : POINTER TO BOOL; g : Gate; i : IGate; END_VAR
put1(target := q1, v := a);
r REF= q2; r := b;
p := ADR(q3); p^ := c;
i := g; g(x := d); q4 := i.Read();
END_PROGRAM`;
    const all = ['MAIN.A', 'MAIN.B', 'MAIN.C', 'MAIN.D', 'MAIN.E'];
    expect(dependsOn(source, 'MAIN.Q1', all)).toEqual(['MAIN.A']);
    expect(dependsOn(source, 'MAIN.Q2', all)).toEqual(['MAIN.B']);
    expect(dependsOn(source, 'MAIN.Q3', all)).toEqual(['MAIN.C']);
    expect(dependsOn(source, 'MAIN.Q4', all)).toEqual(['MAIN.D']);
  });

  test('goes through structures that are copied, member by member', () => {
    const source = `TYPE S : STRUCT u : BOOL; v : BOOL; END_STRUCT END_TYPE
PROGRAM Main VAR a : BOOL; b : BOOL; s : S; t : S; q : BOOL; END_VAR
s.u := a; s.v := b; t := s; q := t.u;
END_PROGRAM`;
    expect(dependsOn(source, 'MAIN.Q', ['MAIN.A', 'MAIN.B'])).toEqual(['MAIN.A']);
  });

  test('knows that overlapping addresses, unions and computed indices may be the same memory', () => {
    const source = `TYPE U : UNION w : WORD; b : BOOL; END_UNION END_TYPE
PROGRAM Main
VAR a : BYTE; b : WORD; c : BOOL; i : INT; q AT %QX0.1 : BOOL; u : U; q2 : BOOL; v : ARRAY[1..3] OF BOOL; q3 : BOOL; END_VAR
%QB0 := a; u.w := b; q2 := u.b; v[i] := c; q3 := v[2];
END_PROGRAM`;
    expect(dependsOn(source, 'MAIN.Q', ['MAIN.A', 'MAIN.B', 'MAIN.C'])).toEqual(['MAIN.A']);
    expect(dependsOn(source, 'MAIN.Q2', ['MAIN.A', 'MAIN.B', 'MAIN.C'])).toEqual(['MAIN.B']);
    expect(dependsOn(source, 'MAIN.Q3', ['MAIN.A', 'MAIN.B', 'MAIN.C', 'MAIN.I'])).toEqual(['MAIN.C', 'MAIN.I']);
  });

  test('goes through conditions and early exits', () => {
    const source = `PROGRAM Main VAR a : BOOL; b : BOOL; c : BOOL; q : BOOL; END_VAR
IF b THEN RETURN; END_IF
IF a THEN q := TRUE; END_IF
END_PROGRAM`;
    expect(dependsOn(source, 'MAIN.Q', ['MAIN.A', 'MAIN.B', 'MAIN.C'])).toEqual(['MAIN.A', 'MAIN.B']);
  });

  test('goes through timers, and through blocks whose library is not there only as far as they are wired', () => {
    const source = `PROGRAM Main VAR a : BOOL; b : BOOL; t : TON; q : BOOL; END_VAR
t(IN := a, PT := T#1s); q := t.Q;
END_PROGRAM`;
    expect(dependsOn(source, 'MAIN.Q', ['MAIN.A', 'MAIN.B'])).toEqual(['MAIN.A']);
  });

  test('crosses programs and tasks through globals', () => {
    const source = `PROGRAM In1 VAR_EXTERNAL g : BOOL; a : BOOL; END_VAR g := a; END_PROGRAM
PROGRAM Out1 VAR_EXTERNAL g : BOOL; q : BOOL; END_VAR q := g; END_PROGRAM
CONFIGURATION C VAR_GLOBAL a AT %IX0.0 : BOOL; g : BOOL; q AT %QX0.0 : BOOL; END_VAR
RESOURCE R ON PLC TASK T(INTERVAL := T#10ms, PRIORITY := 1); PROGRAM I WITH T : In1; PROGRAM O WITH T : Out1; END_RESOURCE END_CONFIGURATION`;
    expect(dependsOn(source, 'Q', ['A'], 'site: s\ndialect: iec\nsources: [src/**]\n')).toEqual(['A']);
  });
});

test('a write through a pointer of which nothing is known is kept as such', () => {
  const model = modelOf('PROGRAM Main VAR p : POINTER TO BOOL; END_VAR p^ := TRUE; END_PROGRAM');
  expect(model.trace.wildWrites).toHaveLength(1);
});

test('branches of one IF exclude each other, two IFs do not', () => {
  const model = modelOf(`PROGRAM Main VAR a : BOOL; q : BOOL; END_VAR
IF a THEN q := TRUE; ELSE q := FALSE; END_IF
IF a THEN q := TRUE; END_IF
END_PROGRAM`);
  const [first, second, third] = model.index.writersOf('MAIN.Q');
  expect(first?.branch?.statement).toBe(second?.branch?.statement);
  expect(first?.branch?.arm).not.toBe(second?.branch?.arm);
  expect(third?.branch?.statement).not.toBe(first?.branch?.statement);
});
