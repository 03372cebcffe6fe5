import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSimulation, type Simulation } from './simulation.js';
import { projectOf } from './test-support.js';

const MIXER = `
TYPE Batch : STRUCT Name : STRING[20]; Amount : REAL; Steps : ARRAY[1..3] OF INT; END_STRUCT; END_TYPE
FUNCTION_BLOCK Dose
VAR_INPUT Go : BOOL; END_VAR
VAR_OUTPUT Done : BOOL; END_VAR
VAR Wait : TON; Names : ARRAY[0..2] OF STRING[10]; Total : LINT; END_VAR
Wait(IN := Go, PT := T#30ms);
Done := Wait.Q;
IF Done THEN Total := Total + 1; Names[1] := CONCAT(Names[1], 'x'); END_IF;
END_FUNCTION_BLOCK
PROGRAM Main
VAR Go : BOOL; D : ARRAY[0..1] OF Dose; B, Copy : Batch; P : POINTER TO REAL; N : INT; END_VAR
D[0](Go := Go); D[1](Go := NOT Go);
N := N + 1;
B.Name := INT_TO_STRING(N); B.Steps[1 + N MOD 3] := N; B.Amount := B.Amount + 0.1;
P := ADR(B.Amount);
IF D[0].Done THEN Copy := B; P^ := 0.0; END_IF;
END_PROGRAM
`;

function simulation(engine: 'javascript' | 'wasm'): Simulation {
  const created = createSimulation(projectOf(MIXER), { engine });
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  return created.simulation;
}

/** Values after each scan. */
function run(machine: Simulation, inputs: readonly boolean[]): unknown[] {
  return inputs.map((input) => {
    machine.write('Main.Go', input);
    machine.scan();
    return { at: machine.nowNs, ...machine.values() };
  });
}

for (const engine of ['javascript', 'wasm'] as const) {
  test(`${engine}: what was saved goes on as if nothing had happened since`, () => {
    const machine = simulation(engine);
    machine.scan();
    expect(machine.whyJavaScript).toBe(engine === 'wasm' ? null : 'it was asked for');
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
        fc.constantFrom('none', 'warm', 'cold'),
        (before, between, after, power) => {
          machine.reset();
          run(machine, before);
          const image = machine.save();
          const first = run(machine, after);
          run(machine, between);
          if (power !== 'none') machine.start(power);
          run(machine, between);
          machine.restore(image);
          expect(machine.engine).toBe(before.length === 0 && engine === 'wasm' ? 'javascript' : engine);
          expect(run(machine, after)).toEqual(first);
        },
      ),
      { numRuns: 60 },
    );
  });
}

test('forces, faults and the schedule are part of it', () => {
  const machine = simulation('javascript');
  run(machine, [true, true]);
  machine.force('Main.N', 7);
  const image = machine.save();
  machine.unforce('Main.N');
  machine.jumpClock(1e9);
  run(machine, [true]);
  machine.restore(image);
  expect(machine.nextNs).toBe(20_000_000);
  machine.scan();
  expect(machine.read('Main.N')).toBe(7);
});
