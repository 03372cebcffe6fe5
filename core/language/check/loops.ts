/** Loops that never end, or are none. */

import { constantOfChecked } from '../semantics/constants.js';
import { integerRangeOf, valueTypeOf } from '../semantics/elementary-types.js';
import type { For, Repeat, While } from '../syntax/tree.js';
import { type CheckContext, report, typeOf } from './context.js';

/** A counter that reaches the end of its type starts again below the end of the loop. */
export function checkCount(context: CheckContext, statement: For): void {
  const type = typeOf(context, statement.variable);
  const range = type === undefined ? null : integerRangeOf(valueTypeOf(type));
  const end = constantOfChecked(context.index, statement.to);
  const step = statement.by === null ? 1n : constantOfChecked(context.index, statement.by);
  if (range === null || typeof end !== 'bigint' || typeof step !== 'bigint' || step === 0n) return;
  const isWithin = end >= range.lower && end <= range.upper;
  const passes = step > 0n ? end + step <= range.upper : end + step >= range.lower;
  if (isWithin && !passes)
    report(
      context,
      'PW4026',
      statement.to,
      `The counter ends at ${step > 0n ? range.upper : range.lower} and can never pass ${end}, so the loop does not end. Take a wider type.`,
    );
}

/** `WHILE FALSE` and `UNTIL TRUE`, and loops that nothing leaves. */
export function checkLoopCondition(context: CheckContext, statement: While | Repeat, isEndless: boolean): void {
  if (isEndless) {
    report(
      context,
      'PW4025',
      statement.kind === 'While' ? statement.condition : statement.until,
      'Nothing leaves this loop, so the scan never ends. Give it a condition, or an EXIT.',
    );
    return;
  }
  const condition = statement.kind === 'While' ? statement.condition : statement.until;
  const value = constantOfChecked(context.index, condition);
  if (statement.kind === 'While' && value === false)
    report(context, 'PW4027', condition, 'This loop never runs: its condition is always FALSE.');
  if (statement.kind === 'Repeat' && value === true)
    report(context, 'PW4027', condition, 'This loop runs once only: it ends as soon as its condition is TRUE.');
}
