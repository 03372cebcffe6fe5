import { describe, expect, it } from 'vitest';
import { simulate } from '../test-support.js';

const TYPES = `INTERFACE Movable METHOD Move : INT END_METHOD END_INTERFACE
INTERFACE Liftable EXTENDS Movable END_INTERFACE
INTERFACE Paintable END_INTERFACE
FUNCTION_BLOCK Axis IMPLEMENTS Movable METHOD Move : INT Move := 1; END_METHOD END_FUNCTION_BLOCK
FUNCTION_BLOCK Lift EXTENDS Axis IMPLEMENTS Liftable METHOD Move : INT Move := 2; END_METHOD END_FUNCTION_BLOCK
FUNCTION_BLOCK Can IMPLEMENTS Paintable VAR n : INT; END_VAR END_FUNCTION_BLOCK`;
const VARIABLES = `axis : Axis; lift : Lift; can : Can; movable : Movable; liftable : Liftable; paintable : Paintable;
ra : REFERENCE TO Axis; rl : REFERENCE TO Lift; pl : POINTER TO Lift; pa : POINTER TO Axis; ok : BOOL; y : BOOL; n : INT;`;

function queryAfter(body: string, variables = VARIABLES): ReturnType<typeof simulate> {
  const simulation = simulate(`${TYPES}\nPROGRAM Main VAR ${variables} END_VAR\n${body}\nEND_PROGRAM`);
  simulation.scan();
  return simulation;
}

describe('the type of an object is asked for at run time', () => {
  it.each([
    ['movable := lift; ok := __QUERYINTERFACE(movable, liftable);', true],
    ['movable := axis; ok := __QUERYINTERFACE(movable, liftable);', false],
    ['movable := axis; ok := __QUERYINTERFACE(movable, paintable);', false],
    ['movable := lift; ok := __QUERYPOINTER(movable, pl);', true],
    ['movable := lift; ok := __QUERYPOINTER(movable, pa);', true],
    ['movable := axis; ok := __QUERYPOINTER(movable, pl);', false],
    ['ok := __QUERYINTERFACE(movable, liftable);', false],
    ['movable := lift; liftable ?= movable; ok := liftable <> 0;', true],
    ['movable := axis; liftable := lift; liftable ?= movable; ok := liftable <> 0;', false],
    ['ra REF= lift; rl ?= ra; ok := __ISVALIDREF(rl);', true],
    ['ra REF= axis; rl ?= ra; ok := __ISVALIDREF(rl);', false],
    ['ok := movable = 0;', true],
    ['ok := pl = 0;', true],
    ['pl := ADR(lift); ok := pl <> 0;', true],
    ['pl := ADR(lift); ok := 0 = pl;', false],
    ['rl ?= ra; ok := __ISVALIDREF(rl);', false],
  ])('%s gives %s', (body, expected) => {
    const simulation = queryAfter(body);
    expect([simulation.unknownBlocks, simulation.fault, simulation.read('Main.ok')]).toEqual([[], null, expected]);
  });

  it('calls the object that it found', () => {
    expect(queryAfter('movable := lift; liftable ?= movable; n := liftable.Move();').read('Main.n')).toBe(2);
    expect(queryAfter('ra REF= lift; rl ?= ra; n := rl.Move();').read('Main.n')).toBe(2);
  });

  it.each(['p := __NEW(INT);', 'y := __DELETE(p);'])('%s is refused at its place', (body) => {
    const simulation = queryAfter(body, 'p : POINTER TO INT; y : BOOL;');
    expect(simulation.unknownBlocks).toMatchObject([{ file: 'main.st', line: 8, isReached: true }]);
    expect(simulation.unknownBlocks[0]?.reason).toContain('no heap');
  });
});
