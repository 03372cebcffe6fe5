import { digestOfJson } from '../base/digest.js';
import { PROOF_RULES } from '../proof/rules.js';
import type { SafetyRule } from '../safety/rule.js';
import { SAFETY_RULES } from '../safety/rule-table.js';

/** Every rule of the product, those that need a proof included: what docs, settings and the digest are made from. */
export const ALL_RULES: readonly SafetyRule[] = [...SAFETY_RULES, ...PROOF_RULES];

/** Digest of the rule set, part of every verdict: two verdicts with different digests were made by different rules. */
export const RULES_DIGEST = digestOfJson(
  ALL_RULES.map(({ code, name, severity, kind, decision, reference }) => ({
    code,
    name,
    severity,
    kind,
    decision,
    reference,
  })),
);
