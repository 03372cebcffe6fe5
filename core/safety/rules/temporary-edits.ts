import type { Finding } from '../../base/finding.js';
import type { Expression, SourceFile, Statement } from '../../language/syntax/tree.js';
import { normalExpression } from '../compare/normal-form.js';
import {
  codeUnitsOf,
  expressionsOf,
  forEachExpression,
  forEachStatement,
  statementListsOf,
} from '../dataflow/visit.js';
import type { StateRule } from '../rule.js';
import { findingAt } from '../safety-model.js';
import { example } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** DP05: what somebody typed to get the machine going, and forgot. */
export const temporaryEdit: StateRule = {
  kind: 'state',
  code: 'DP05',
  name: 'temp-edit',
  severity: 'error',
  title: 'A leftover of a temporary edit',
  rationale:
    '`AND TRUE`, `IF FALSE`, `x := x` change nothing or switch something off. They are how jumpers look in code.',
  reference: 'CWE-570, CWE-571; PLCopen Coding Guidelines CP2',
  decision: 'syntax',
  flags: [
    example('OR FALSE', { body: 'Motor := Start_PB AND EStop_OK AND (Guard_Closed OR FALSE);' }),
    example('IF FALSE', { body: 'IF FALSE THEN Motor := Start_PB AND EStop_OK AND Guard_Closed; END_IF' }),
    example('x := x', { body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nReset_PB := reset_pb;' }),
  ],
  accepts: [
    example('a comparison with TRUE is only long-winded', {
      body: 'Motor := Start_PB AND EStop_OK = TRUE AND Guard_Closed;',
    }),
    example('a literal that is a value', {
      variables: 'enable : BOOL;',
      body: 'enable := TRUE;\nMotor := Start_PB AND enable AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const findings: Finding[] = [];
    const report = (file: SourceFile, node: Expression | Statement, why: string): void => {
      const text = excerpt(file.text.slice(node.start, node.end));
      findings.push(
        findingAt(temporaryEdit, site, file, node, {
          message: `${why}: "${text}". Remove it, or write what is meant.`,
          subject: `${file.path} ${text}`,
        }),
      );
    };
    const look = (file: SourceFile, expression: Expression): void => {
      if (expression.kind === 'Binary' && ['AND', 'OR', 'AND_THEN', 'OR_ELSE'].includes(expression.operator)) {
        if (isBooleanLiteral(expression.left) || isBooleanLiteral(expression.right))
          report(file, expression, 'One operand is a constant');
      }
      const isDouble =
        expression.kind === 'Unary' &&
        expression.operator === 'NOT' &&
        expression.operand.kind === 'Unary' &&
        expression.operand.operator === 'NOT';
      if (isDouble) report(file, expression, 'NOT NOT changes nothing');
    };
    for (const file of site.project.files) {
      if (site.libraryPaths.has(file.path)) continue;
      for (const unit of codeUnitsOf(file)) {
        for (const list of statementListsOf(unit.body)) {
          forEachStatement(list, (statement) => {
            for (const expression of expressionsOf(statement))
              forEachExpression(expression, (part) => look(file, part));
            if (statement.kind === 'If') {
              for (const branch of statement.branches)
                if (isBooleanLiteral(branch.condition)) report(file, branch.condition, 'The condition is a constant');
            }
            if (statement.kind === 'Assignment' && statement.operator === ':=') {
              const options = { model: site.project.model };
              if (
                statement.value.kind !== 'Literal' &&
                normalExpression(statement.target, options) === normalExpression(statement.value, options)
              ) {
                report(file, statement, 'The assignment changes nothing');
              }
            }
          });
        }
      }
    }
    return oncePerPlace(findings);
  },
};

function isBooleanLiteral(expression: Expression): boolean {
  if (expression.kind === 'Parenthesized') return isBooleanLiteral(expression.expression);
  return expression.kind === 'Literal' && typeof expression.value === 'boolean';
}
