import { startOfFile } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import type { StageAnswer } from './stage.js';

/** A judge may veto or abstain; it can never overrule another verifier (product.md, promise 2). */
export type JudgeOpinion =
  | { readonly kind: 'veto'; readonly reasons: readonly string[]; readonly model: string }
  | { readonly kind: 'no-objection'; readonly model: string }
  | { readonly kind: 'abstained'; readonly reason: string; readonly model: string };

/** A model that reads the change and its task. Null: none is configured. */
export type Judge = (change: Change, signal: AbortSignal) => Promise<JudgeOpinion>;

/** The judge verifier: a veto fails; no objection and an abstention add nothing to the verdict. */
export async function judgeStage(change: Change, judge: Judge | null, signal: AbortSignal): Promise<StageAnswer> {
  if (judge === null) {
    return { status: 'not-applicable', findings: [], evidence: { reason: 'no model is configured as a judge' } };
  }
  const opinion = await judge(change, signal);
  if (opinion.kind === 'veto') {
    return {
      status: 'failed',
      findings: opinion.reasons.map((reason) => ({
        ...startOfFile('plantwright.yaml'),
        code: 'JUDGE-VETO',
        rule: 'judge-veto',
        severity: 'error',
        message: reason,
        related: [],
        witness: { model: opinion.model },
      })),
      evidence: { opinion: 'veto', model: opinion.model },
    };
  }
  const abstained = opinion.kind === 'abstained';
  return {
    status: abstained ? 'not-applicable' : 'passed',
    findings: [],
    evidence: abstained
      ? { opinion: 'abstained', reason: opinion.reason, model: opinion.model }
      : { opinion: 'no objection', model: opinion.model },
  };
}
