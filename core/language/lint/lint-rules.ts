/** All lint rules in one table: settings, docs pages and tests come from here. */

import type { LintRule } from './lint-rule.js';
import { CALL_RULES } from './rules/call-rules.js';
import { COMMENT_RULES } from './rules/comment-rules.js';
import { CONVERSION_RULES } from './rules/conversion-rules.js';
import { DATA_RULES } from './rules/data-rules.js';
import { EXPRESSION_RULES } from './rules/expression-rules.js';
import { FEATURE_RULES } from './rules/feature-rules.js';
import { METRIC_RULES } from './rules/metric-rules.js';
import { NAME_RULES } from './rules/name-rules.js';
import { STRUCTURE_RULES } from './rules/structure-rules.js';
import { TASK_RULES } from './rules/task-rules.js';
import { UNUSED_RULES } from './rules/unused-rules.js';

/** Every lint rule, by code. */
export const LINT_RULES: readonly LintRule[] = [
  ...NAME_RULES,
  ...COMMENT_RULES,
  ...UNUSED_RULES,
  ...STRUCTURE_RULES,
  ...EXPRESSION_RULES,
  ...CONVERSION_RULES,
  ...CALL_RULES,
  ...DATA_RULES,
  ...TASK_RULES,
  ...FEATURE_RULES,
  ...METRIC_RULES,
];
