import { expect, test } from 'vitest';
import type { AttemptState, AttemptSummary } from '../../core/fleet/run-record.js';
import { attemptView } from './attempt-view.js';

const STATES: Readonly<Record<AttemptState, true>> = {
  queued: true,
  preparing: true,
  running: true,
  verifying: true,
  'awaiting-approval': true,
  verified: true,
  skipped: true,
  'needs-engineer': true,
  'not-needed': true,
  blocked: true,
  failed: true,
  cancelled: true,
};

function attempt(state: AttemptSummary['state'], reasons: readonly string[] = []): AttemptSummary {
  return {
    site: 'plant-01',
    folderName: 'plant-01',
    wave: null,
    state,
    attempt: 1,
    cause: null,
    reasons,
    findings: [],
    base: null,
    baseBranch: null,
    head: null,
    branch: null,
    car: null,
    summary: null,
    engine: null,
    cost: null,
    verdict: null,
    startedAt: null,
    endedAt: null,
  };
}

test('every state of an attempt has words of its own', () => {
  const states = Object.keys(STATES) as AttemptState[];
  const words = states.map((state) => attemptView(attempt(state), null, null, true).status);
  expect(new Set(words).size).toBe(states.length);
});

test('the verifier at work is shown while a process works on the run', () => {
  const live = { message: 'proof' };
  expect(attemptView(attempt('verifying'), null, live, true).stage).toBe('proof');
  expect(attemptView(attempt('verifying'), null, { message: 'copying files' }, true).stage).toBeNull();
  expect(attemptView(attempt('blocked'), null, live, true).stage).toBeNull();
});

test('work that nobody continues is interrupted, not running', () => {
  const view = attemptView(attempt('verifying'), null, { message: 'proof' }, false);
  expect([view.status, view.kind, view.stage]).toEqual(['interrupted', 'attention', null]);
});

test('why a site needs an engineer is kept', () => {
  expect(attemptView(attempt('needs-engineer', ['No second channel.']), null, null, true).detail).toBe(
    'No second channel.',
  );
});
