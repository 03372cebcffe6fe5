import { expect, test } from 'vitest';
import { caseOfFinding } from './counterexample.js';

test.each([
  ['a scenario of a campaign', { scenario: 'name: x' }, { scenario: 'name: x' }],
  [
    'the inputs of a difference',
    { tag: 'Main.Motor', scan: 3, timeNs: 30, inputs: [{ scan: 1, tag: 'Main.Start', value: true }, { scan: 'x' }] },
    { inputs: [{ scan: 1, tag: 'Main.Start', value: true }], scans: 4, tags: ['Main.Motor'] },
  ],
  [
    'a refuted proof from a cold start',
    {
      counterexample: {
        from: 'cold-start',
        scans: [
          {
            inputs: [
              { name: 'Main.Start', value: true },
              { name: 'Main.n > 3', value: true },
            ],
          },
          { inputs: [] },
        ],
      },
    },
    { inputs: [{ scan: 0, tag: 'Main.Start', value: true }], scans: 2, tags: [] },
  ],
  [
    'a proof from any memory, which no run begins with',
    { counterexample: { from: 'any', scans: [{ inputs: [] }] } },
    null,
  ],
  ['nothing', {}, null],
])('%s can be run', (_, witness, expected) => {
  expect(caseOfFinding({ witness })).toEqual(expected);
});
