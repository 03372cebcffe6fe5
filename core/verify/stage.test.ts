import { describe, expect, test } from 'vitest';
import { reviewLevel } from './review-level.js';
import { runStage } from './stage.js';

const clock = () => 0;
const passed = { status: 'passed', findings: [], evidence: {} } as const;

describe('a verifier that does not answer has failed', () => {
  test('an answer is kept as it is', async () => {
    const result = await runStage('compile', () => passed, new AbortController().signal, clock);
    expect(result).toEqual({ stage: 'compile', ...passed, ms: 0 });
  });

  test.each<[string, () => never]>([
    [
      'an exception',
      () => {
        throw new Error('boom');
      },
    ],
    [
      'something thrown that is no error',
      () => {
        throw 'boom';
      },
    ],
  ])('%s is a failed stage with the reason', async (_name, work) => {
    const result = await runStage('proof', work, new AbortController().signal, clock);
    expect(result).toMatchObject({ status: 'failed', findings: [{ code: 'VERIFIER-CRASH', severity: 'blocker' }] });
    expect(result.findings[0]?.message).toContain('boom');
  });

  test('a stage that starts after the deadline fails, and so does one that answers too late', async () => {
    const late = new AbortController();
    const answered = runStage(
      'proof',
      async () => {
        late.abort(new DOMException('x', 'TimeoutError'));
        return passed;
      },
      late.signal,
      clock,
    );
    expect(await answered).toMatchObject({ status: 'failed', findings: [{ code: 'VERIFIER-TIMEOUT' }] });
    const notStarted = await runStage('proof', () => passed, late.signal, clock);
    expect(notStarted).toMatchObject({ status: 'failed', evidence: { unfinished: 'it ran out of time' } });
  });
});

describe('who must review', () => {
  test.each([
    ['nothing', 'SIL-3', 'none'],
    ['ordinary-logic', 'SIL-3', 'engineer'],
    ['safety-logic', 'SIL-1', 'safety-engineer'],
    ['safety-logic', 'SIL-3', 'two-safety-engineers'],
  ] as const)('%s at %s: %s', (reach, rating, expected) => {
    expect(reviewLevel(reach, { site: 's', dialect: 'iec', safety: { rating } })).toBe(expected);
  });

  test('performance level e needs two, an unknown rating still a safety engineer', () => {
    expect(reviewLevel('safety-logic', { site: 's', dialect: 'iec', safety: { performance_level: 'e' } })).toBe(
      'two-safety-engineers',
    );
    expect(reviewLevel('safety-logic', null)).toBe('safety-engineer');
  });
});
