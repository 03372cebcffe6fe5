import { failsVerdict } from '../base/finding.js';
import type { Verdict } from '../verify/verdict.js';

/** Longest text that `verify` gives back to a model, in characters. */
export const MAX_VERDICT_TEXT = 2048;

/**
 * What a model is told about a verdict: the failed stages with their findings, short. A pass is one line. The model
 * never sees more than it needs to mend the change, and nothing that it could argue with.
 */
export function verdictForModel(verdict: Verdict): string {
  if (verdict.status === 'passed') return 'verify: all verifiers passed';
  const lines = ['verify: failed'];
  for (const stage of verdict.stages) {
    if (stage.status !== 'failed') continue;
    lines.push(`[${stage.stage}]`);
    for (const finding of stage.findings) {
      if (!failsVerdict(finding.severity)) continue;
      lines.push(
        `${finding.file}:${finding.line}:${finding.column} ${finding.code} ${finding.rule}: ${finding.message}`,
      );
    }
  }
  const text = lines.join('\n');
  return text.length <= MAX_VERDICT_TEXT ? text : `${text.slice(0, MAX_VERDICT_TEXT - 40)}\n… more findings were cut`;
}
