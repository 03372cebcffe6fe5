/** NORM_X and SCALE_X: the usual way of an analog value on S7-1200 and S7-1500. */

import { describe, expect, it } from 'vitest';
import { createSimulation } from '../simulation.js';
import { projectOf } from '../test-support.js';

const DECLARATIONS = `FUNCTION_BLOCK "Scaled"
VAR_INPUT raw : Int; real : Real; END_VAR
VAR_OUTPUT y : Real; n : Int; END_VAR
VAR low : Int := -100; high : Int := 100; END_VAR
BEGIN
`;

const ROWS: readonly (readonly [string, number, number, string, number])[] = [
  // Body, raw, real, the output, its value.
  ['#y := NORM_X(MIN := 0, VALUE := #raw, MAX := 27648);', 13824, 0, 'y', 0.5],
  ['#y := NORM_X(MIN := 0, VALUE := #raw, MAX := 27648);', 0, 0, 'y', 0],
  ['#y := NORM_X(MIN := 0, VALUE := #raw, MAX := 27648);', -27648, 0, 'y', -1],
  ['#y := NORM_X(MIN := 10.0, VALUE := #real, MAX := 30.0);', 0, 40, 'y', 1.5],
  ['#y := SCALE_X(MIN := 0.0, VALUE := #real, MAX := 10.0);', 0, 0.25, 'y', 2.5],
  // Plain whole numbers as limits do not round what a real variable takes.
  ['#y := SCALE_X(MIN := 0, VALUE := #real, MAX := 10);', 0, 0.25, 'y', 2.5],
  ['#y := SCALE_X(MIN := -10, VALUE := #real, MAX := 10);', 0, 0.25, 'y', -5],
  ['#n := SCALE_X(MIN := #low, VALUE := #real, MAX := #high);', 0, 0.25, 'n', -50],
  [
    '#y := SCALE_X(MIN := 0.0, VALUE := NORM_X(MIN := 0, VALUE := #raw, MAX := 27648), MAX := 10.0);',
    6912,
    0,
    'y',
    2.5,
  ],
];

describe.each(['javascript', 'wasm'] as const)('%s', (engine) => {
  it.each(ROWS)('%s raw %d real %d', (body, raw, real, tag, expected) => {
    const text = `${DECLARATIONS}${body}\nEND_FUNCTION_BLOCK\nDATA_BLOCK "D"\n"Scaled"\nBEGIN\nEND_DATA_BLOCK\nORGANIZATION_BLOCK "Main"\nBEGIN\n"D"();\nEND_ORGANIZATION_BLOCK\n`;
    const project = projectOf(text, 'siemens');
    expect(project.findings.filter((each) => each.severity === 'error')).toEqual([]);
    const created = createSimulation(project, { engine });
    if ('findings' in created) throw new Error(created.findings[0]?.message);
    const { simulation } = created;
    simulation.write('D.raw', raw);
    simulation.write('D.real', real);
    expect(simulation.scan()).toBeNull();
    expect(simulation.read(`D.${tag}`)).toBe(expected);
    expect([simulation.unknownBlocks, simulation.engine]).toEqual([[], engine]);
  });

  it('an empty range divides by zero as reals of the dialect do', () => {
    const text = `${DECLARATIONS}#y := NORM_X(MIN := #low, VALUE := #raw, MAX := #low);\nEND_FUNCTION_BLOCK\nDATA_BLOCK "D"\n"Scaled"\nBEGIN\nEND_DATA_BLOCK\nORGANIZATION_BLOCK "Main"\nBEGIN\n"D"();\nEND_ORGANIZATION_BLOCK\n`;
    const created = createSimulation(projectOf(text, 'siemens'), { engine });
    if ('findings' in created) throw new Error(created.findings[0]?.message);
    expect(created.simulation.scan()).toBeNull();
    expect(created.simulation.read('D.y')).toBe(Number.POSITIVE_INFINITY);
  });
});
