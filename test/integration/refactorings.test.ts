/** Refactorings that engineers make every day pass the whole pipeline; their unsafe twins are refused. */

import { describe, expect, test } from 'vitest';
import { failsVerdict } from '../../core/base/finding.js';
import { verifyChange } from '../../core/verify/pipeline.js';
import type { Verdict } from '../../core/verify/verdict.js';
import { applied, CASES, type Edit } from './refactoring-cases.js';
import { type Files, PRESS } from './refactoring-machine.js';

const snapshotOf = (files: Files): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'utf8')]));

function judged(edits: readonly Edit[]): Promise<Verdict> {
  return verifyChange({
    before: snapshotOf(PRESS),
    after: snapshotOf(applied(edits)),
    base: 'base',
    head: 'head',
    scope: { author: 'agent', mayChange: null, mustNotChange: [], touches: null },
    unread: [],
    judge: null,
    signal: new AbortController().signal,
    progress: () => undefined,
    clock: () => 0,
  });
}

function failures(verdict: Verdict): string[] {
  return verdict.stages.flatMap((stage) =>
    stage.findings
      .filter((finding) => failsVerdict(finding.severity))
      .map((finding) => `[${stage.stage}] ${finding.code} ${finding.file}:${finding.line} ${finding.message}`),
  );
}

describe('harmless refactorings pass', () => {
  test.each(CASES)('$title', async ({ harmless, refusedBy }) => {
    const verdict = await judged(harmless);
    const failed = verdict.stages.filter(({ status }) => status === 'failed').map(({ stage }) => stage);
    expect(failed, failures(verdict).join('\n')).toEqual(refusedBy === undefined ? [] : [refusedBy]);
  });
});

describe('their unsafe twins are refused', () => {
  test.each(CASES.flatMap(({ title, unsafe }) => (unsafe === undefined ? [] : [{ title, unsafe }])))(
    '$title',
    async ({ unsafe }) => {
      const verdict = await judged(unsafe);
      expect(verdict.status).toBe('failed');
    },
  );
});
