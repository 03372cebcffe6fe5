import { describe, expect, it } from 'vitest';
import { changesOfTrace } from './change-trace.js';
import { compareBehaviour, describeDifference } from './co-simulation.js';
import { sequenceOfTrace } from './input-sequences.js';
import { inputTags } from './inputs.js';
import { createSimulation } from './simulation.js';
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

/** Four steps that come one after the other, and a defect in the last one. */
function sequencer(last: string): string {
  return `PROGRAM Main
VAR Go, Part, Clamp, Turn, Stop, Other_1, Other_2, Other_3, Other_4 : BOOL; Step : INT; Pressure : INT; Motor : BOOL; Wait : TON; END_VAR
Wait(IN := Step = 20, PT := T#200ms);
IF Stop THEN Step := 0; END_IF;
CASE Step OF
  0: IF Go AND Pressure > 1234 THEN Step := 10; END_IF;
  10: IF Part THEN Step := 20; END_IF;
  20: IF Wait.Q AND Clamp THEN Step := 30; END_IF;
  30: IF Turn THEN Step := 40; END_IF;
END_CASE;
Motor := Step = 40 AND ${last};
END_PROGRAM`;
}

const SEQUENCE_OPTIONS = { hazards: ['Main.Motor'], seed: 3, scans: 20_000 };
const [WITH_CLAMP, WITHOUT_CLAMP] = [projectOf(sequencer('Clamp')), projectOf(sequencer('(Clamp OR Other_4)'))];

describe('differences deep in a sequence', () => {
  it('are found by going on from states that were new', () => {
    const result = compareBehaviour(WITH_CLAMP, WITHOUT_CLAMP, SEQUENCE_OPTIONS);
    expect(result.difference).toMatchObject({ tag: 'Main.Motor', before: false, after: true });
    expect(result.states).toBeGreaterThanOrEqual(4);
    expect(result.difference?.inputs.length).toBeLessThan(20);
  });

  it('are found by a scenario of the site, with its faults', () => {
    const drive = { 'Main.Go': true, 'Main.Pressure': 2000, 'Main.Part': true, 'Main.Clamp': true, 'Main.Turn': true };
    const result = compareBehaviour(WITH_CLAMP, WITHOUT_CLAMP, {
      ...SEQUENCE_OPTIONS,
      scans: 0,
      scenarios: [
        {
          name: 'the clamp opens',
          steps: [
            { at: 0, set: { ...drive, 'Main.Other_4': true } },
            { at: '1s', fault: { tag: 'Main.Clamp', kind: 'open_circuit' } },
          ],
        },
      ],
    });
    expect(result.sequences).toEqual(['scenario "the clamp opens"']);
    expect(result.difference).toMatchObject({ tag: 'Main.Motor', scan: 100, before: false, after: true });
    expect(result.difference?.inputs.map((each) => `${each.scan} ${each.tag} ${each.value}`)).toEqual([
      '0 Main.Go true',
      '0 Main.Pressure 2000',
      '0 Main.Part true',
      '0 Main.Clamp true',
      '0 Main.Turn true',
      '0 Main.Other_4 true',
      '100 Main.Clamp false',
    ]);
  });

  it('are found by a recording of the machine', () => {
    const column = (name: string, kind: 'bool' | 'number', ...values: (boolean | number)[]) => ({
      name,
      type: '',
      kind,
      values,
    });
    const trace = {
      timesNs: [0, 10, 500, 600].map((ms) => ms * 1_000_000),
      signals: [
        column('Main.Go', 'bool', true, true, true, true),
        column('Main.Pressure', 'number', 2000, 2000, 2000, 2000),
        column('Main.Part', 'bool', true, true, true, true),
        column('Main.Clamp', 'bool', true, true, true, false),
        column('Main.Turn', 'bool', false, false, true, true),
        column('Main.Other_4', 'bool', true, true, true, true),
        column('Main.Motor', 'bool', false, false, true, false),
      ],
      markers: [],
    };
    const created = createSimulation(WITH_CLAMP);
    if ('findings' in created) throw new Error(created.findings[0]?.message);
    const recorded = changesOfTrace(trace);
    const { sequence } = sequenceOfTrace('line 4, May 3', recorded, created.simulation, inputTags(WITH_CLAMP));
    const sequences = [sequence];
    const result = compareBehaviour(WITH_CLAMP, WITHOUT_CLAMP, { ...SEQUENCE_OPTIONS, scans: 0, sequences });
    expect(result.sequences).toEqual(['recording line 4, May 3']);
    expect(result.difference).toMatchObject({ tag: 'Main.Motor', scan: 60, timeNs: 600_000_000 });
  });

  it('are none between the same program', () => {
    expect(compareBehaviour(WITH_CLAMP, projectOf(sequencer('NOT NOT Clamp')), SEQUENCE_OPTIONS).status).toBe('equal');
  });
});
