/** `checklist.md`: what the verifiers checked, and what a person must still confirm before signing. */

import type { Digest } from '../base/digest.js';
import type { Migration } from '../site/migration.js';
import type { EngineIdentity } from '../verify/engine.js';
import type { ReviewLevel, StageName, StageResult, Verdict } from '../verify/verdict.js';

/** What the checklist and the report say about where a change comes from. */
export interface ChangeFacts {
  readonly id: string;
  readonly site: string;
  readonly migration: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly digest: Digest;
  };
  readonly engine: EngineIdentity;
  readonly summary: string;
  readonly author: string;
}

export const STAGE_TITLES: Readonly<Record<StageName, string>> = {
  compile: 'Compile',
  safety: 'Safety rules',
  simulation: 'Simulation',
  proof: 'Proof',
  judge: 'Judge',
};

export const REVIEW_TITLES: Readonly<Record<ReviewLevel, string>> = {
  none: 'one person (no logic is touched)',
  engineer: 'an engineer',
  'safety-engineer': 'a safety engineer',
  'two-safety-engineers': 'two safety engineers',
};

/** What a stage did, in one sentence that claims no more than it did. */
export function stageSentence(stage: StageResult): string {
  const warnings = stage.findings.filter(({ severity }) => severity === 'warning').length;
  const errors = stage.findings.filter(({ severity }) => severity === 'error' || severity === 'blocker').length;
  if (stage.status === 'failed')
    return errors === 0 ? 'refused the change' : `refused the change: ${count(errors, 'error')}`;
  if (stage.status === 'not-applicable') {
    const reason = stage.evidence['reason'];
    return `had nothing to decide here${typeof reason === 'string' ? `: ${reason}` : ''}`;
  }
  return `found nothing that refuses the change${warnings === 0 ? '' : `; ${count(warnings, 'warning')} to read`}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The points that a person must confirm: no verifier can. */
function pointsToConfirm(migration: Migration, verdict: Verdict): string[] {
  const points = [
    'The roles, zones and limits in plantwright.yaml describe the machine as it stands: the verifiers know it only from there.',
    'The annotated diff shows nothing that the summary does not say.',
    'Wiring, sensors and terminals that the change relies on exist and are connected as the program assumes.',
  ];
  if (migration.kind === 'safety') {
    points.push(
      'The required performance level or SIL is met by the whole safety function, hardware included; the verifiers look at the program alone.',
      'Reset and start are where they are allowed to be, and nobody can be in the danger zone unseen when they are used.',
    );
  }
  for (const stage of verdict.stages) {
    if (stage.status === 'not-applicable' && stage.stage !== 'judge')
      points.push(
        `${STAGE_TITLES[stage.stage]} ${stageSentence(stage)}. Decide whether that is enough for this change.`,
      );
    for (const finding of stage.findings) {
      if (finding.severity === 'warning')
        points.push(`${finding.code} at ${finding.file}:${finding.line}: ${finding.message}`);
    }
  }
  for (const line of migration.sections.successCriteria.split('\n')) {
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*\S)\s*$/.exec(line)?.[1];
    if (item !== undefined) points.push(`Success criterion: ${item}`);
  }
  points.push(
    'After download to the controller: the safety functions touched by this change were tested on the machine, and the test is on record.',
  );
  return points;
}

export function checklistOf(
  facts: ChangeFacts,
  migration: Migration,
  verdict: Verdict,
): { markdown: string; items: readonly string[] } {
  const items = pointsToConfirm(migration, verdict);
  const lines = [
    `# Checklist for ${facts.id}`,
    '',
    `Site ${facts.site}, migration ${migration.name} ${migration.version}: ${migration.title}.`,
    '',
    `Needs the signature of ${REVIEW_TITLES[verdict.review]}.`,
    '',
    '## What the verifiers did',
    '',
    ...verdict.stages.map((stage) => `- ${STAGE_TITLES[stage.stage]} ${stageSentence(stage)}.`),
    '',
    '## What a person must confirm',
    '',
    ...items.map((item) => `- [ ] ${item.replace(/\s+/g, ' ')}`),
    '',
  ];
  return { markdown: lines.join('\n'), items };
}
