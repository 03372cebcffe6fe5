import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataFlow } from './data-flow.js';
import { createSimulation, type Simulation } from './simulation.js';
import { projectOf, runOnce, simulate } from './test-support.js';

const TYPES = `TYPE Pair : STRUCT low : WORD; flag : BOOL; high : UDINT; END_STRUCT END_TYPE
TYPE U : UNION
  r : REAL; dw : DWORD; bytes : ARRAY[0..7] OF BYTE; lw : LWORD; lr : LREAL; si : SINT; w : ARRAY[1..2] OF UINT;
  b : BOOL; pair : Pair; i : INT; di : DINT; li : LINT;
END_UNION END_TYPE`;

function unionAfter(body: string, variables = 'u : U; v : U; us : ARRAY[1..3] OF U; x : DWORD;'): Simulation {
  return runOnce(variables, body, 'codesys', TYPES);
}

describe('the members of a UNION share their bytes, little end first', () => {
  it.each([
    ['u.r := 1.0;', 'u.dw', 0x3f800000],
    ['u.r := 1.0; x := u.dw;', 'x', 0x3f800000],
    ['u.dw := 16#12345678;', 'u.bytes[0]', 0x78],
    ['u.dw := 16#12345678;', 'u.bytes[3]', 0x12],
    ['u.bytes[1] := 1;', 'u.dw', 256],
    ['u.bytes[4] := 7;', 'u.dw', 0],
    ['u.w[2] := 16#ABCD;', 'u.dw', 0xabcd0000],
    ['u.si := -1;', 'u.dw', 255],
    ['u.bytes[0] := 2;', 'u.b', true],
    ['u.b := TRUE;', 'u.dw', 1],
    ['u.dw.7 := TRUE;', 'u.si', -128],
    // A structure inside: low at 0, flag at 2, high at 4.
    ['u.pair.flag := TRUE;', 'u.dw', 65536],
    ['u.lw := 16#1122334455667788;', 'u.pair.high', 0x11223344],
    ['u.pair.high := 16#01020304;', 'u.bytes[7]', 1],
    // Copies are by value.
    ['u.dw := 5; v := u; u.dw := 6;', 'v.dw', 5],
    ['us[2].r := -2.0; us[3] := us[2]; us[2].dw := 0;', 'us[3].dw', 0xc0000000],
    ['v.pair.low := 3; u.pair := v.pair; v.pair.low := 4;', 'u.dw', 3],
  ])('%s gives %s', (body, tag, expected) => {
    expect(unionAfter(body).read(`Main.${tag}`)).toBe(expected);
  });

  it('takes the initial value of a member and of a declaration', () => {
    const simulation = runOnce(
      's : Start; t : Start := (dw := 16#40000000);',
      '',
      'codesys',
      'TYPE Start : UNION r : REAL := 1.0; dw : DWORD; END_UNION END_TYPE',
    );
    expect([simulation.read('Main.s.dw'), simulation.read('Main.t.r')]).toEqual([0x3f800000, 2]);
  });

  it('keeps every bit when the state is saved and put back', () => {
    const simulation = unionAfter('x := u.dw;');
    simulation.write('Main.u.dw', 0x7f800102);
    const image = simulation.save();
    simulation.write('Main.u.dw', 0);
    simulation.restore(image);
    expect(simulation.read('Main.u.dw')).toBe(0x7f800102);
  });

  it('runs in JavaScript when asked for WebAssembly, and counts coverage', () => {
    const text = `${TYPES}\nPROGRAM Main VAR u : U; x : DWORD; END_VAR\nu.r := u.r + 1.0; x := u.dw;\nEND_PROGRAM`;
    const fast = simulate(text, 'codesys', { engine: 'wasm' });
    fast.runScans(3);
    expect([fast.engine, fast.whyJavaScript?.includes('UNION'), fast.read('Main.x')]).toEqual([
      'javascript',
      true,
      0x40400000,
    ]);
    const covered = simulate(text, 'codesys', { coverage: true });
    covered.scan();
    expect([...covered.hits].some((hits) => hits > 0)).toBe(true);
  });

  it('is one variable for the flow of data', () => {
    const { program } = unionAfter('x := u.dw;');
    const flow = new DataFlow(program);
    expect(flow.membersFrom(['v_R']).has('v_X')).toBe(true);
    expect(flow.membersFrom(['v_HIGH']).has('v_X')).toBe(true);
  });

  const kinds = {
    dw: { set: 'setUint32', get: 'getUint32', value: fc.nat() },
    di: { set: 'setInt32', get: 'getInt32', value: fc.integer() },
    i: { set: 'setInt16', get: 'getInt16', value: fc.integer({ min: -32768, max: 32767 }) },
    r: { set: 'setFloat32', get: 'getFloat32', value: fc.float() },
    lr: { set: 'setFloat64', get: 'getFloat64', value: fc.double() },
    lw: { set: 'setBigUint64', get: 'getBigUint64', value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
    li: { set: 'setBigInt64', get: 'getBigInt64', value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  } as const;
  type Kind = keyof typeof kinds;
  const names = Object.keys(kinds) as Kind[];
  const write = fc.constantFrom(...names).chain((kind) => kinds[kind].value.map((value) => ({ kind, value })));

  it('reads any member as a DataView does after any writes', () => {
    const simulation = unionAfter('');
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 6 }), (writes) => {
        const view = new DataView(new ArrayBuffer(8));
        simulation.write('Main.u.lw', 0n);
        for (const { kind, value } of writes) {
          if (Number.isNaN(value)) continue;
          const tag = simulation.tag(`Main.u.${kind}`);
          if (tag === null) throw new Error(`no tag for ${kind}`);
          simulation.poke(tag, value);
          (view[kinds[kind].set] as (offset: number, value: unknown, little: boolean) => void).call(
            view,
            0,
            value,
            true,
          );
        }
        for (const kind of names) expect(simulation.read(`Main.u.${kind}`)).toEqual(view[kinds[kind].get](0, true));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a UNION that has no fixed bytes is refused at its member', () => {
  it.each([
    ['text : STRING[10];', 'STRING'],
    ['pointer : POINTER TO INT;', 'pointer'],
    ['block : TON;', 'function block'],
    ['time : TIME;', 'TIME'],
    ['flags : ARRAY[0..7] OF BOOL;', 'BYTE'],
  ])('%s', (member, reason) => {
    const text = `TYPE V : UNION\n  dw : DWORD;\n  ${member}\nEND_UNION END_TYPE\nPROGRAM Main VAR v : V; x : DWORD; END_VAR\nv.dw := 1; x := v.dw;\nEND_PROGRAM`;
    const created = createSimulation(projectOf(text));
    expect('findings' in created ? created.findings : []).toMatchObject([
      { code: 'SIM-UNION', file: 'main.st', line: 3, column: 3, message: expect.stringContaining(reason) },
    ]);
  });
});
