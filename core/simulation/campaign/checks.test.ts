import { expect, test } from 'vitest';
import { startOfFile } from '../../base/finding.js';
import type { Run } from './bench-run.js';
import { type CheckInput, violationOf } from './checks.js';

const INPUT: CheckInput = {
  hazard: { tag: 'Main.Motor', off: false, conditions: [], resets: [], starts: [], reach: [] },
  conditions: [],
  diagnoses: [],
  budgetNs: 0,
};

function stoppedBy(code: string): Run {
  const fault = {
    ...startOfFile('main.st'),
    code,
    rule: 'fault',
    severity: 'error' as const,
    message: 'it stopped',
    related: [],
    witness: {},
  };
  return { timesNs: [0, 10], values: new Map([['MAIN.MOTOR', [false, false]]]), fault };
}

test('a run-time fault is a failure; a watchdog that stops an overrun is what must happen', () => {
  const content = { name: 'x', steps: [] };
  expect(violationOf(INPUT, stoppedBy('SIM-DIVISION'), content)?.check).toBe('run-time-fault');
  expect(violationOf(INPUT, stoppedBy('SIM-WATCHDOG'), content)).toBeNull();
});
