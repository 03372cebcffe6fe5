import { type Finding, failsVerdict } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import { checkChange, checkState, newFindings, SAFETY_RULES } from '../safety/rule-table.js';
import { safetyModelOf } from '../safety/safety-model.js';
import type { StageAnswer } from './stage.js';

/**
 * The safety verifier: every change rule, and every state rule whose finding the change brings in. What was there
 * before is listed in the evidence, so that a reviewer sees it, but does not fail the change.
 */
export function safetyStage(change: Change): StageAnswer {
  const brought = newFindings(change);
  const findings: Finding[] = [...checkChange(change), ...brought];
  const { signals } = safetyModelOf(change.after).resolution;
  // Repeated in every report; none of them counts for what a change brings in.
  const suppressions = change.after.manifest?.safety?.suppressions ?? [];
  return {
    status: findings.some((finding) => failsVerdict(finding.severity)) ? 'failed' : 'passed',
    findings,
    evidence: {
      rules: SAFETY_RULES.length,
      signals: signals.map(({ tag, role, zone, source }) => ({ tag, role, zone, source })),
      ...(suppressions.length === 0 ? {} : { suppressions }),
      existing: checkState(change.after).length - brought.length,
    },
  };
}
