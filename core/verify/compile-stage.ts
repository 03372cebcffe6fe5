import { type Finding, failsVerdict } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import type { StageAnswer } from './stage.js';

/**
 * The compile verifier: the site after the change must parse and type-check, and its manifest must be readable. An
 * error that was there before fails too: what does not compile can't be verified.
 */
export function compileStage(change: Change): StageAnswer {
  const { project, manifestFindings } = change.after;
  const findings: Finding[] = [...manifestFindings, ...project.findings];
  const errors = findings.filter((finding) => failsVerdict(finding.severity));
  return {
    status: errors.length === 0 ? 'passed' : 'failed',
    findings,
    evidence: {
      files: project.files.length,
      pous: project.pous.length,
      dialect: project.dialect,
      errors: errors.length,
      warnings: findings.length - errors.length,
    },
  };
}
