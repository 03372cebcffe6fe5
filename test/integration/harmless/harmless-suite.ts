/** Runs the edits of one machine through the whole pipeline, as the gate does. */

import { describe, expect, test } from 'vitest';
import { failsVerdict } from '../../../core/base/finding.js';
import { openSite } from '../../../core/site/open-site.js';
import type { SiteSnapshot } from '../../../core/site/snapshot.js';
import { verifyChange } from '../../../core/verify/pipeline.js';
import type { Verdict } from '../../../core/verify/verdict.js';
import { applied, type Files, type HarmlessMachine, type Step } from './harmless-machine.js';

/** Defines the tests of one machine: it compiles, its edits pass, their twins and what a person must see do not. */
export function describeMachine({ name, files, edits, refused = [] }: HarmlessMachine): void {
  const twins = edits.flatMap(({ title, twin }) => (twin === undefined ? [] : [{ title, edit: twin }]));
  describe(name, () => {
    test('compiles', () => {
      const site = openSite(snapshotOf(files));
      const errors = [...site.manifestFindings, ...site.project.findings].filter(({ severity }) =>
        failsVerdict(severity),
      );
      expect(errors).toEqual([]);
    });

    test.each(edits)('passes: $title', async ({ edit }) => {
      expect(failuresOf(await judged(files, edit))).toEqual([]);
    });

    if (twins.length > 0) {
      test.each(twins)('vetoed with a slip: $title', async ({ edit }) => {
        const verdict = await judged(files, edit);
        expect(verdict.status).toBe('failed');
        // an edit that the compiler refuses never runs, and shows nothing about the other verifiers
        expect(failedStages(verdict)).not.toContain('compile');
      });
    }

    if (refused.length > 0) {
      test.each(refused)('for a person to see: $title ($because)', async ({ edit }) => {
        expect((await judged(files, edit)).status).toBe('failed');
      });
    }
  });
}

const snapshotOf = (files: Files): SiteSnapshot =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'utf8')]));

function judged(files: Files, steps: readonly Step[]): Promise<Verdict> {
  return verifyChange({
    before: snapshotOf(files),
    after: snapshotOf(applied(files, steps)),
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

const failedStages = ({ stages }: Verdict): string[] =>
  stages.filter(({ status }) => status === 'failed').map(({ stage }) => stage);

/** One text per failed stage with its findings, so that a failing test shows what the gate says. */
const failuresOf = ({ stages }: Verdict): string[] =>
  stages
    .filter(({ status }) => status === 'failed')
    .map(({ stage, findings }) =>
      [
        stage,
        ...findings
          .filter(({ severity }) => failsVerdict(severity))
          .map(({ code, file, line, message }) => `${code} ${file}:${line} ${message}`),
      ].join('\n'),
    );
