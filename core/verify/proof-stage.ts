import { failsVerdict } from '../base/finding.js';
import { summaryOf } from '../proof/certificate/certified-proofs.js';
import { checkProofChange } from '../proof/rules.js';
import type { Change } from '../safety/rule.js';
import type { StageAnswer } from './stage.js';
import type { VerifierOptions } from './verifier.js';

/**
 * The proof verifier: every obligation that the site's signals give, and that no hazard, condition or command became
 * weaker than before. Not applicable only where a site has neither an obligation nor an output to compare.
 */
export function proofStage(change: Change, options: VerifierOptions): StageAnswer {
  const { findings, obligations, comparisons, certificates } = checkProofChange(change, options.signal);
  const fails = findings.some((finding) => failsVerdict(finding.severity));
  const isEmpty = obligations.length === 0 && comparisons.length === 0;
  return {
    status: fails ? 'failed' : isEmpty ? 'not-applicable' : 'passed',
    findings,
    evidence: isEmpty
      ? { reason: 'the site declares no safety signal and no output whose logic could be compared' }
      : {
          obligations: obligations.map(({ ms: _ms, ...obligation }) => obligation),
          comparisons,
          certificates: summaryOf(certificates),
        },
  };
}
