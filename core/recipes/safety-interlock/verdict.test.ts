import { describe, expect, it } from 'vitest';
import { openSite } from '../../site/open-site.js';
import { verifyChange } from '../../verify/pipeline.js';
import { fixtureSite } from '../testing/fixture-sites.js';
import { migrationOf } from '../testing/migration-of.js';
import { safetyInterlock } from './safety-interlock.js';

describe('the verdict on what the recipe proposes', () => {
  // One site of the seven: the demo runs the whole pipeline on all of them.
  it('passes every stage for the packaging machine and asks for a safety engineer', async () => {
    const before = fixtureSite('plant-04-packaging');
    const migration = migrationOf();
    const outcome = safetyInterlock.apply(openSite(before), migration);
    if (outcome.kind !== 'changed') throw new Error(JSON.stringify(outcome));
    const verdict = await verifyChange({
      before,
      after: new Map([...before, ...outcome.files]),
      base: 'base',
      head: 'head',
      scope: {
        author: 'agent',
        mayChange: migration.mayChange,
        mustNotChange: migration.mustNotChange,
        touches: migration.touches,
      },
      unread: [],
      judge: null,
      signal: new AbortController().signal,
      progress: () => undefined,
      clock: () => 0,
    });
    expect(verdict.stages.map(({ stage, status }) => `${stage}: ${status}`)).toEqual([
      'compile: passed',
      'safety: passed',
      'simulation: passed',
      'proof: passed',
      'judge: not-applicable',
    ]);
    expect(verdict.review).toBe('safety-engineer');
  });
});
