import { describe, expect, it } from 'vitest';
import { compareBehaviour, describeDifference } from './co-simulation.js';
import { inputTags } from './inputs.js';
import { projectOf } from './test-support.js';

function press(motor: string): string {
  return `PROGRAM Main
VAR EStop : BOOL; Guard : BOOL; Start : BOOL; Speed : INT; Motor : BOOL; latched : BOOL; END_VAR
latched := (Start OR latched) AND EStop;
Motor := ${motor};
END_PROGRAM`;
}

const OPTIONS = { hazards: ['Main.Motor'], conditions: ['Main.EStop', 'Main.Guard'], seed: 1, scans: 4000 };

describe('before/after co-simulation', () => {
  it('takes what no code writes for inputs', () => {
    expect(inputTags(projectOf(press('latched AND Guard')))).toEqual([
      'Main.EStop',
      'Main.Guard',
      'Main.Start',
      'Main.Speed',
    ]);
  });

  it('finds nothing between two ways of writing the same', () => {
    const result = compareBehaviour(
      projectOf(press('latched AND Guard')),
      projectOf(press('NOT (NOT Guard OR NOT latched)')),
      OPTIONS,
    );
    expect(result).toMatchObject({ status: 'equal', difference: null, scans: 4000, unmatched: [] });
  });

  it('finds a dropped guard and the shortest inputs that show it', () => {
    const result = compareBehaviour(projectOf(press('latched AND Guard')), projectOf(press('latched')), OPTIONS);
    expect(result.status).toBe('different');
    expect(result.difference).toMatchObject({ tag: 'Main.Motor', before: false, after: true });
    expect(result.difference?.inputs.length).toBeLessThanOrEqual(3);
    expect(result.difference === null ? '' : describeDifference(result.difference)).toMatch(
      /Main\.Motor was FALSE before the change and is TRUE after it/,
    );
  });

  it('gives the same result for the same seed', () => {
    const compare = () =>
      compareBehaviour(projectOf(press('latched AND Guard')), projectOf(press('latched AND (Speed < 900)')), OPTIONS);
    expect(compare()).toEqual(compare());
  });

  it('is unknown when a version can not be executed', () => {
    const vendor = 'PROGRAM Main VAR Motor : BOOL; g : GEN; END_VAR g(); END_PROGRAM';
    expect(compareBehaviour(projectOf(vendor), projectOf(vendor), OPTIONS).status).toBe('unknown');
  });
});
