/** The table of unsafe and harmless edits, asked of the safety verifier alone and of the whole pipeline. */

import { describe, expect, test } from 'vitest';
import { type Finding, failsVerdict } from '../../core/base/finding.js';
import { safetyConeTouched } from '../../core/safety/compare/touched-roles.js';
import { checkChange, newFindings } from '../../core/safety/rule-table.js';
import { changeOf } from '../../core/safety/testing/site-of.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import { verifyChange } from '../../core/verify/pipeline.js';
import type { Verdict } from '../../core/verify/verdict.js';
import { applied, type Case, HARMLESS, MACHINES, UNSAFE } from './safety-change-cases.js';
import { type Files, STAMP } from './safety-change-machines.js';

function verdictOf(entry: Case): Finding[] {
  const change = changeOf(MACHINES[entry.machine], applied(entry));
  return [...checkChange(change), ...newFindings(change)];
}

const texts = (findings: readonly Finding[]): string[] =>
  findings.map((finding) => `${finding.code} ${finding.severity} ${finding.file}:${finding.line} ${finding.message}`);

describe('unsafe edits are vetoed, and the rule is named', () => {
  test.each(UNSAFE.filter((entry) => entry.rule !== 'proof' && entry.rule !== 'SIG01'))(
    '$machine: $title ($rule)',
    (entry) => {
      const failing = verdictOf(entry).filter((finding) => failsVerdict(finding.severity));
      expect(
        texts(failing).filter((text) => text.startsWith(`${entry.rule} `)),
        texts(verdictOf(entry)).join('\n'),
      ).not.toEqual([]);
    },
  );

  test.each(UNSAFE.filter((entry) => entry.rule === 'proof'))(
    '$machine: $title (for the proof; needs a safety review)',
    (entry) => {
      expect(safetyConeTouched(changeOf(MACHINES[entry.machine], applied(entry))).touched).toBe(true);
    },
  );

  test('a signal renamed without its tag', () => {
    const files = { ...STAMP, 'src/Cell.st': (STAMP['src/Cell.st'] ?? '').replaceAll('xFrontB', 'xFrontRear') };
    const change = changeOf(STAMP, files);
    expect(
      checkChange(change).filter(
        (finding) => finding.code === 'SIG01' && finding.file === 'plantwright.yaml' && finding.line === 11,
      ),
    ).toHaveLength(1);
  });
});

describe('harmless edits pass', () => {
  test.each(HARMLESS)('$machine: $title', (entry) => {
    expect(texts(verdictOf(entry).filter((finding) => failsVerdict(finding.severity)))).toEqual([]);
  });

  test.each([
    'a comment',
    'other spacing',
    'keywords in lower case',
    'other line ends',
    'a lamp that blinks faster',
    'a counter',
  ])('%s touches no safety logic', (title) => {
    const entry = HARMLESS.find((candidate) => candidate.title === title);
    if (entry === undefined) throw new Error(`no case "${title}"`);
    expect(safetyConeTouched(changeOf(MACHINES[entry.machine], applied(entry))).reasons).toEqual([]);
  });
});

describe('the whole pipeline', () => {
  test.each(UNSAFE.filter((entry) => entry.rule !== 'SIG01'))('vetoes $machine: $title', async (entry) => {
    const verdict = await judged(entry);
    expect(verdict.status, summary(verdict)).toBe('failed');
  });

  test.each(HARMLESS)('passes $machine: $title', async (entry) => {
    const verdict = await judged(entry);
    expect(summary(verdict)).toBe('');
    expect(verdict.status).toBe('passed');
  });
});

const snapshotOf = (files: Files): SiteSnapshot =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text, 'utf8')]));

function judged(entry: Case): Promise<Verdict> {
  return verifyChange({
    before: snapshotOf(MACHINES[entry.machine]),
    after: snapshotOf(applied(entry)),
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

/** The failing findings, one a line: what an engineer would read. */
function summary(verdict: Verdict): string {
  return verdict.stages
    .flatMap((stage) =>
      stage.status === 'failed'
        ? [`[${stage.stage}]`, ...texts(stage.findings.filter((finding) => failsVerdict(finding.severity)))]
        : [],
    )
    .join('\n');
}
