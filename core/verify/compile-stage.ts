import { type Finding, failsVerdict } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import { type StageAnswer, verificationFinding } from './stage.js';

/** A path of the site that is no regular file of its repository. */
export interface UnreadPath {
  readonly path: string;
  readonly reason: string;
}

/**
 * The compile verifier: the site after the change must be readable as a whole, parse and type-check. An error that was
 * there before fails too: what does not compile can't be verified.
 */
export function compileStage(change: Change, unread: readonly UnreadPath[]): StageAnswer {
  const { project, manifestFindings } = change.after;
  const findings: Finding[] = [...manifestFindings, ...project.findings, ...unread.map(unreadFinding)];
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

function unreadFinding({ path, reason }: UnreadPath): Finding {
  return verificationFinding(
    'CFG-UNREAD',
    'unread-file',
    `${path} was not read because ${reason}; what it stands for can't be verified. Keep sources as regular files of the repository.`,
    path,
  );
}
