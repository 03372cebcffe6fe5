/** CASE: selector, labels, duplicates and overlaps. IEC 61131-3 ed. 3, 7.3.3.3.3. */

import { constantOfChecked } from '../semantics/constants.js';
import { familyOf, isUnknown, valueTypeOf } from '../semantics/elementary-types.js';
import { describeType } from '../semantics/type-names.js';
import { conversionTo, isIntegerLike } from '../semantics/type-relations.js';
import type { Type } from '../semantics/types.js';
import type { Case, CaseLabel, Expression } from '../syntax/tree.js';
import { type CheckContext, report, sourceText } from './context.js';
import { checkValue } from './values.js';

interface LabelRange {
  readonly lower: bigint;
  readonly upper: bigint;
  readonly label: CaseLabel;
}

export function checkCase(context: CheckContext, statement: Case): void {
  const selector = valueTypeOf(checkValue(context, statement.selector, null));
  const isSelectable = isUnknown(selector) || isIntegerLike(selector) || isTextSelector(context, selector);
  if (!isSelectable)
    report(
      context,
      'PW3015',
      statement.selector,
      `CASE selects by a whole number or an enumeration, and this is ${describeType(selector)}. Use IF instead.`,
    );
  const ranges: LabelRange[] = [];
  const texts = new Map<string, CaseLabel>();
  for (const branch of statement.branches) {
    for (const label of branch.labels) checkLabel(context, label, isSelectable ? selector : null, ranges, texts);
    context.checker.statements(context, branch.body);
  }
  reportOverlaps(context, ranges);
  reportMissingValues(context, statement, selector, ranges);
  if (statement.otherwise !== null) context.checker.statements(context, statement.otherwise);
}

/** CODESYS and SCL also select by bit strings; those count as numbers. Strings are not allowed anywhere but in Logix. */
function isTextSelector(context: CheckContext, selector: Type): boolean {
  return familyOf(selector) === 'bits' || (context.index.rules.numbersAreConditions && familyOf(selector) === 'real');
}

function checkLabel(
  context: CheckContext,
  label: CaseLabel,
  selector: Type | null,
  ranges: LabelRange[],
  texts: Map<string, CaseLabel>,
): void {
  const lower = checkBound(context, label.lower, selector);
  const upper = label.upper === null ? lower : checkBound(context, label.upper, selector);
  if (lower === null || upper === null) return;
  if (lower > upper) {
    report(context, 'PW4012', label, `The range ${lower}..${upper} is empty. Swap its ends.`);
    return;
  }
  const text = `${lower}..${upper}`;
  const first = texts.get(text);
  if (first === undefined) {
    texts.set(text, label);
    ranges.push({ lower, upper, label });
    return;
  }
  report(
    context,
    'PW4005',
    label,
    `"${sourceText(context, label)}" is already a label of this CASE; this branch is never taken for it.`,
    [{ file: context.file, span: first, message: 'first used here' }],
  );
}

function checkBound(context: CheckContext, bound: Expression, selector: Type | null): bigint | null {
  const type = checkValue(context, bound, selector);
  const value = constantOfChecked(context.index, bound);
  if (selector === null || isUnknown(type) || isUnknown(selector)) return typeof value === 'bigint' ? value : null;
  const conversion = conversionTo(selector, type, context.index.rules);
  const isBothInteger = isIntegerLike(selector) && isIntegerLike(valueTypeOf(type));
  const isEnumMix = conversion === 'integer-to-enum' && !context.index.rules.enumsAreIntegers;
  if (conversion === 'literal-range') {
    report(context, 'PW3005', bound, `${sourceText(context, bound)} does not fit into ${describeType(selector)}.`);
    return null;
  }
  if (!isBothInteger || isEnumMix) {
    if (conversion === 'same' || conversion === 'widening') return typeof value === 'bigint' ? value : null;
    report(
      context,
      'PW3016',
      bound,
      `The label is ${describeType(type)}, and the selector is ${describeType(selector)}. They must be of one type.`,
    );
    return null;
  }
  if (value === null) report(context, 'PW3046', bound, 'A label of CASE must be a constant.');
  return typeof value === 'bigint' ? value : null;
}

/** Values of the enumeration for which no branch runs. */
function reportMissingValues(
  context: CheckContext,
  statement: Case,
  selector: Type,
  ranges: readonly LabelRange[],
): void {
  if (selector.kind !== 'enum' || statement.otherwise !== null || ranges.length === 0) return;
  const labels = statement.branches.flatMap((branch) => branch.labels);
  if (labels.some(({ lower }) => constantOfChecked(context.index, lower) === null)) return;
  const missing = [...selector.values].filter(
    ([, value]) => !ranges.some(({ lower, upper }) => lower <= value && value <= upper),
  );
  if (missing.length === 0) return;
  const names = missing.slice(0, 4).map(([name]) => name);
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : '';
  report(
    context,
    'PW4023',
    statement.selector,
    `There is no branch for ${names.join(', ')}${more} of ${describeType(selector)}. Add one, or ELSE.`,
  );
}

/** Ranges that share a value: the first branch wins silently, which is seldom meant. */
function reportOverlaps(context: CheckContext, ranges: readonly LabelRange[]): void {
  const sorted = [...ranges].sort((a, b) => (a.lower < b.lower ? -1 : a.lower > b.lower ? 1 : 0));
  let widest: LabelRange | null = null;
  for (const range of sorted) {
    if (widest !== null && range.lower <= widest.upper) {
      const [later, earlier] = range.label.start > widest.label.start ? [range, widest] : [widest, range];
      report(
        context,
        'PW4006',
        later.label,
        `"${sourceText(context, later.label)}" overlaps with "${sourceText(context, earlier.label)}"; the first branch wins.`,
        [{ file: context.file, span: earlier.label, message: 'overlaps with this label' }],
      );
    }
    if (widest === null || range.upper > widest.upper) widest = range;
  }
}
