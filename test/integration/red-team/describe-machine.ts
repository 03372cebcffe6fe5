/**
 * What is asked of every machine of the red team. The machines resemble no fixture and were written without a look at
 * how the verifiers work; every edit goes through the whole pipeline. One test file per machine keeps them parallel.
 */

import { describe, expect, test } from 'vitest';
import { openSite } from '../../../core/site/open-site.js';
import type { SiteSnapshot } from '../../../core/site/snapshot.js';
import { verifyChange } from '../../../core/verify/pipeline.js';
import type { Verdict } from '../../../core/verify/verdict.js';
import { applied, type Edit, type Files, type RedTeamMachine } from './red-team-machine.js';

/** Declares the tests of one machine: it compiles, its unsafe edits are vetoed, its harmless ones pass. */
export function describeMachine({ name, files, unsafe, harmless, refused }: RedTeamMachine): void {
  describe(name, () => {
    test('compiles', () => {
      const site = openSite(snapshotOf(files));
      const errors = [...site.manifestFindings, ...site.project.findings].filter(
        ({ severity }) => severity === 'error',
      );
      expect(errors).toEqual([]);
    });

    test.each(unsafe)('vetoed: $title', async (edit) => {
      const verdict = await judged(files, edit);
      expect(verdict.status).toBe('failed');
      // an edit that the compiler refuses never runs, and shows nothing about the other verifiers
      expect(failingStages(verdict)).not.toContain('compile');
    });

    test.each(harmless)('passes: $title', async (edit) => {
      expect(failures(await judged(files, edit))).toEqual([]);
    });

    test.each(refused ?? [])('refused on the safe side: $title', async (edit) => {
      expect((await judged(files, edit)).status).toBe('failed');
    });
  });
}

const snapshotOf = (files: Files): SiteSnapshot =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'utf8')]));

function judged(files: Files, edit: Edit): Promise<Verdict> {
  return verifyChange({
    before: snapshotOf(files),
    after: snapshotOf(applied(files, edit)),
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

const failingStages = ({ stages }: Verdict): string[] =>
  stages.filter(({ status }) => status === 'failed').map(({ stage }) => stage);

const failures = ({ stages }: Verdict): string[] =>
  stages
    .filter(({ status }) => status === 'failed')
    .flatMap(({ stage, findings }) => [
      `[${stage}]`,
      ...findings
        .filter(({ severity }) => severity === 'error' || severity === 'blocker')
        .map(({ code, file, line, message }) => `${code} ${file}:${line} ${message}`),
    ]);
