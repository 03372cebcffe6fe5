import { expect, test } from 'vitest';
import { readTrace } from './read-trace.js';
import { replayTrace } from './replay-trace.js';
import { createSimulation } from './simulation.js';
import { projectOf } from './test-support.js';

const HOIST = `PROGRAM Main
VAR Up, Slack, Key, Motor : BOOL; Run : TON; Count : DINT; END_VAR
Run(IN := Up AND NOT Slack AND NOT Key, PT := T#30ms);
Motor := Run.Q;
IF Motor THEN Count := Count + 1; END_IF;
END_PROGRAM
`;

function replay(csv: string) {
  const created = createSimulation(projectOf(HOIST));
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  const reading = readTrace('hoist.csv', csv);
  if ('problem' in reading) throw new Error(reading.problem);
  return replayTrace(created.simulation, reading.trace, () => undefined);
}

const RECORDED = `time_ms,Main.Up,Main.Slack,Main.Motor,Main.Count,Main.Rope
1000,0,0,0,0,1
1020,1,0,0,0,1
1050,1,0,1,1,1
1060,1,0,1,2,1
1070,1,1,0,2,1
`;

test('a recording that the program follows has no difference; the first sample is the first scan', () => {
  expect(replay(RECORDED)).toEqual({
    scans: 8,
    driven: ['Main.Up', 'Main.Slack'],
    compared: ['Main.Motor', 'Main.Count'],
    missing: ['Main.Key'],
    unknown: ['Main.Rope'],
    misfits: [],
    differences: [],
  });
});

test('the first difference of each signal is told with its scan', () => {
  const { differences } = replay(RECORDED.replace('1050,1,0,1,1', '1050,1,0,0,1'));
  expect(differences).toEqual([{ tag: 'Main.Motor', scan: 5, timeNs: 50_000_000, recorded: false, simulated: true }]);
});
