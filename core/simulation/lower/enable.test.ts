/** EN and ENO of calls (IEC 61131-3 ed. 3, 6.6.1.6), and pins of blocks that only have that name. */

import { describe, expect, it } from 'vitest';
import { createSimulation } from '../simulation.js';
import { projectOf } from '../test-support.js';

const TEXT = `FUNCTION Twice : INT
VAR_INPUT x : INT; END_VAR VAR_OUTPUT runs : INT; END_VAR
Twice := 2 * x; runs := 1;
END_FUNCTION
FUNCTION_BLOCK Counter VAR_OUTPUT n : INT; END_VAR n := n + 1; END_FUNCTION_BLOCK
FUNCTION_BLOCK Own
VAR_INPUT EN : BOOL; END_VAR VAR_OUTPUT ENO : BOOL; seen : BOOL; n : INT; END_VAR
seen := EN; ENO := NOT EN; n := n + 1;
END_FUNCTION_BLOCK
PROGRAM Main
VAR on, ok : BOOL; y, r : INT; text : STRING; c : Counter; own : Own; END_VAR
`;

describe.each(['javascript', 'wasm'] as const)('%s', (engine) => {
  const rows: readonly (readonly [string, string, readonly unknown[], readonly unknown[]])[] = [
    // Body, then what [y, r, ok, c.n] are after a scan with on = FALSE, and after one with on = TRUE.
    ['y := 1 + Twice(EN := on, x := 4, ENO => ok);', 'y', [1, false], [9, true]],
    ['r := 7; y := Twice(EN := on, x := 4, runs => r);', 'r', [7, false], [1, false]],
    ['y := MAX(EN := on, IN1 := 3, IN2 := 5, ENO => ok);', 'y', [0, false], [5, true]],
    ['y := Twice(x := 4, ENO => ok);', 'y', [8, true], [8, true]],
    ['c(EN := on, ENO => ok); y := c.n;', 'y', [0, false], [1, true]],
    ['own(EN := on, ENO => ok); y := own.n;', 'y', [1, true], [2, false]],
  ];
  it.each(rows)('%s', (body, tag, off, on) => {
    const project = projectOf(`${TEXT}${body}\nEND_PROGRAM`, 'iec');
    expect(project.findings.filter((each) => each.severity === 'error')).toEqual([]);
    const created = createSimulation(project, { engine });
    if ('findings' in created) throw new Error(created.findings[0]?.message);
    const { simulation } = created;
    for (const [isOn, expected] of [
      [false, off],
      [true, on],
    ] as const) {
      simulation.write('Main.on', isOn);
      expect(simulation.scan()).toBeNull();
      expect([simulation.read(`Main.${tag}`), simulation.read('Main.ok')]).toEqual(expected);
    }
    expect(simulation.unknownBlocks).toEqual([]);
    expect([simulation.engine, simulation.whyJavaScript]).toEqual([
      engine,
      engine === 'wasm' ? null : 'it was asked for',
    ]);
  });

  it('a pin named EN is an input like any other', () => {
    const created = createSimulation(projectOf(`${TEXT}own(EN := on);\nEND_PROGRAM`, 'codesys'), { engine });
    if ('findings' in created) throw new Error(created.findings[0]?.message);
    created.simulation.write('Main.on', true);
    created.simulation.scan();
    created.simulation.write('Main.on', false);
    created.simulation.scan();
    expect([created.simulation.read('Main.own.seen'), created.simulation.read('Main.own.n')]).toEqual([false, 2]);
  });
});
