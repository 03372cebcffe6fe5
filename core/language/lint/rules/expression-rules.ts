import { body } from '../../diagnostics/diagnostic.js';
import { familyOf, integerRangeOf, isBoolean, valueTypeOf } from '../../semantics/elementary-types.js';
import type { Binary, Expression } from '../../syntax/tree.js';
import { bare, codeOf, hasCall, textOf, widthOf } from '../expressions.js';
import { at, type LintRule } from '../lint-rule.js';
import type { LintView } from '../lint-view.js';

const SAME_MEANS_MISTAKE = new Set([
  '=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  'AND',
  'OR',
  'XOR',
  'AND_THEN',
  'OR_ELSE',
  '-',
  '/',
  'MOD',
]);
const SHIFTS = new Set(['SHL', 'SHR', 'ROL', 'ROR']);

function literalValue(expression: Expression): unknown {
  const inner = bare(expression);
  return inner.kind === 'Literal' ? inner.value : undefined;
}

/** What a comparison with a constant at or beyond the limits of a type always gives; null when it depends. */
function alwaysGives(view: LintView, { operator, left, right }: Binary): boolean | null {
  const type = valueTypeOf(view.model.typeOf(left));
  const range = isBoolean(type) ? null : integerRangeOf(type);
  const value = view.model.constantOf(right);
  if (range === null || typeof value !== 'bigint' || view.model.constantOf(left) !== null) return null;
  const { lower, upper } = range;
  switch (operator) {
    case '>=':
      return value <= lower ? true : value > upper ? false : null;
    case '<':
      return value <= lower ? false : value > upper ? true : null;
    case '<=':
      return value >= upper ? true : value < lower ? false : null;
    case '>':
      return value >= upper ? false : value < lower ? true : null;
    case '=':
      return value < lower || value > upper ? false : null;
    case '<>':
      return value < lower || value > upper ? true : null;
    default:
      return null;
  }
}

/** The operand that does nothing or everything: `x + 0`, `x * 1`, `x * 0`. */
function uselessOperand({ operator, left, right }: Binary): Expression | null {
  const [a, b] = [literalValue(left), literalValue(right)];
  const isZero = (value: unknown): boolean => value === 0n || value === 0;
  const isOne = (value: unknown): boolean => value === 1n || value === 1;
  if ((operator === '+' || operator === '-') && isZero(b)) return right;
  if (operator === '+' && isZero(a)) return left;
  if (operator === '*' && (isZero(b) || isOne(b))) return right;
  if (operator === '*' && (isZero(a) || isOne(a))) return left;
  return operator === '/' && isOne(b) ? right : null;
}

const WORDS = 'w : WORD;\n  i : INT;\n  u : UINT;\n  b : BOOL;\n  r : REAL;';

/** Expressions that say less than they seem to. */
export const EXPRESSION_RULES: readonly LintRule[] = [
  {
    code: 'PW5061',
    name: 'compared-with-bool',
    title: 'A BOOL is compared with TRUE or FALSE',
    explanation: 'A BOOL is a condition already. "NOT a" and "a" read better than "a = FALSE" and "a = TRUE".',
    default: 'info',
    guideline: ['SA0051'],
    bad: body('IF b = TRUE THEN\n  i := 1;\nEND_IF;', WORDS),
    good: body('IF b THEN\n  i := 1;\nEND_IF;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Binary')) {
        if (node.operator !== '=' && node.operator !== '<>') continue;
        const value = [node.left, node.right].map(literalValue).find((one) => typeof one === 'boolean');
        if (value === undefined) continue;
        const isPlain = value === (node.operator === '=');
        const other = typeof literalValue(node.right) === 'boolean' ? node.left : node.right;
        yield at(file, node, `Write "${isPlain ? '' : 'NOT '}${textOf(file, other)}" instead.`);
      }
    },
  },
  {
    code: 'PW5062',
    name: 'constant-comparison',
    title: 'A comparison always gives the same',
    explanation: 'The type of the left side has no value for which the comparison would give the other answer.',
    default: 'warning',
    guideline: ['SA0055', 'SA0059'],
    bad: body('b := u >= 0;', WORDS),
    good: body('b := u > 0;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Binary')) {
        const answer = alwaysGives(view, node);
        if (answer !== null)
          yield at(
            file,
            node,
            `This is always ${answer ? 'TRUE' : 'FALSE'} for the type of "${textOf(file, node.left)}".`,
          );
      }
    },
  },
  {
    code: 'PW5063',
    name: 'same-operands',
    title: 'Both sides of an operator are the same',
    explanation: 'The result is known beforehand. Most likely one side was meant to be something else.',
    default: 'warning',
    guideline: ['SA0062'],
    bad: body('b := i > i;', WORDS),
    good: body('b := i > 5;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Binary')) {
        if (!SAME_MEANS_MISTAKE.has(node.operator) || hasCall(node.left)) continue;
        const [left, right] = [bare(node.left), bare(node.right)];
        if (left.kind === 'Literal' || codeOf(file, left) !== codeOf(file, right)) continue;
        // A number that is not itself is the test for NaN.
        if (familyOf(view.model.typeOf(left)) === 'real' && (node.operator === '<>' || node.operator === '=')) continue;
        yield at(file, node, `Both sides of "${node.operator}" are "${textOf(file, left)}".`);
      }
    },
  },
  {
    code: 'PW5064',
    name: 'useless-operand',
    title: 'An operand changes nothing',
    explanation: 'Adding 0, and multiplying by 0 or 1, gives a result that was known before.',
    default: 'info',
    guideline: ['SA0060'],
    bad: body('i := i + 0;', WORDS),
    good: body('i := i + 1;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Binary')) {
        const operand = uselessOperand(node);
        if (operand !== null)
          yield at(file, operand, `"${node.operator}" with ${textOf(file, operand)} is of no use here. Remove it.`);
      }
    },
  },
  {
    code: 'PW5065',
    name: 'double-negation',
    title: 'NOT NOT',
    explanation: 'Two negations are none.',
    default: 'info',
    guideline: [],
    bad: body('b := NOT (NOT b);', WORDS),
    good: body('b := NOT b;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Unary')) {
        const inner = bare(node.operand);
        if (node.operator === 'NOT' && inner.kind === 'Unary' && inner.operator === 'NOT')
          yield at(file, node, 'NOT stands twice. Remove both.');
      }
    },
  },
  {
    code: 'PW5066',
    name: 'big-shift',
    title: 'A shift by the whole width or more',
    explanation: 'All bits are gone, or, on some controllers, none: the count is taken modulo the width.',
    default: 'warning',
    guideline: ['SA0053', 'SA0147'],
    bad: body('w := SHL(w, 16);', WORDS),
    good: body('w := SHL(w, 4);', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Call')) {
        if (node.callee.kind !== 'Name' || !SHIFTS.has(node.callee.name.name.toUpperCase())) continue;
        const [value, count] = node.arguments.map((argument) => argument.value);
        if (value == null || count == null) continue;
        const [width, by] = [widthOf(view.model.typeOf(value)), view.model.constantOf(count)];
        if (typeof by === 'bigint' && width > 1 && (by >= BigInt(width) || by < 0n))
          yield at(file, count, `A value of ${width} bits can be shifted by 0 to ${width - 1}.`);
      }
    },
  },
  {
    code: 'PW5067',
    name: 'shift-of-number',
    title: 'A signed number is shifted',
    explanation: 'What happens to the sign depends on the controller. Shift bit strings, multiply numbers.',
    default: 'info',
    guideline: ['SA0052', 'SA0147'],
    bad: body('i := SHR(i, 2);', WORDS),
    good: body('i := i / 4;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Call')) {
        if (node.callee.kind !== 'Name' || !SHIFTS.has(node.callee.name.name.toUpperCase())) continue;
        const value = node.arguments[0]?.value;
        if (value != null && familyOf(view.model.typeOf(value)) === 'signed')
          yield at(file, value, `"${textOf(file, value)}" is a signed number. Shift a WORD or DWORD instead.`);
      }
    },
  },
  {
    code: 'PW5068',
    name: 'bit-of-signed',
    title: 'A bit of a signed number is used',
    explanation: 'The highest bit is the sign. Bits belong into BYTE, WORD and DWORD.',
    default: 'off',
    guideline: ['SA0018', 'SA0148'],
    bad: body('b := i.3;', WORDS),
    good: body('b := w.3;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Partial'))
        if (familyOf(view.model.typeOf(node.object)) === 'signed')
          yield at(file, node, `"${textOf(file, node.object)}" is a signed number and not a set of bits.`);
    },
  },
  {
    code: 'PW5069',
    name: 'mixed-and-or',
    title: 'AND and OR are mixed without parentheses',
    explanation: 'AND binds tighter than OR, but not every reader has that in mind in front of a machine.',
    default: 'off',
    guideline: ['PCG L15'],
    bad: body('b := b AND i > 1 OR u > 2;', WORDS),
    good: body('b := (b AND i > 1) OR u > 2;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('Binary')) {
        if (node.operator !== 'OR' && node.operator !== 'XOR') continue;
        for (const side of [node.left, node.right])
          if (side.kind === 'Binary' && side.operator === 'AND')
            yield at(file, side, 'Put parentheses around this AND.');
      }
    },
  },
  {
    code: 'PW5070',
    name: 'assignment-in-expression',
    title: 'An assignment stands inside of an expression',
    explanation: 'It is easily read as a comparison. Assign in a statement of its own.',
    default: 'info',
    guideline: ['SA0095'],
    bad: body('IF (b := i > 3) THEN\n  i := 1;\nEND_IF;', WORDS),
    good: body('b := i > 3;\nIF b THEN\n  i := 1;\nEND_IF;', WORDS),
    *check(view) {
      for (const { node, file, parent } of view.nodes('AssignmentExpression'))
        if (parent?.kind !== 'Assignment' && parent?.kind !== 'AssignmentExpression')
          yield at(file, node, 'This assigns and does not compare. Assign in a statement of its own.');
    },
  },
  {
    code: 'PW5071',
    name: 'if-for-bool',
    title: 'IF assigns TRUE or FALSE',
    explanation: 'The condition itself is the value: "b := condition;".',
    default: 'off',
    guideline: ['SA0051'],
    bad: body('IF i > 3 THEN\n  b := TRUE;\nELSE\n  b := FALSE;\nEND_IF;', WORDS),
    good: body('b := i > 3;', WORDS),
    *check(view) {
      for (const { node, file } of view.nodes('If')) {
        const [only, ...others] = node.branches;
        const [first, second] = [only?.body.statements ?? [], node.otherwise?.statements ?? []];
        const [yes, no] = [first[0], second[0]];
        if (others.length > 0 || first.length !== 1 || second.length !== 1) continue;
        if (yes?.kind !== 'Assignment' || no?.kind !== 'Assignment' || !isBoolean(view.model.typeOf(yes.target)))
          continue;
        const values = [literalValue(yes.value), literalValue(no.value)];
        if (values.every((value) => typeof value === 'boolean') && codeOf(file, yes.target) === codeOf(file, no.target))
          yield at(
            file,
            { start: node.start, end: node.start + 2 },
            `Write "${textOf(file, yes.target)} := ${values[0] === true ? '' : 'NOT '}…;" with the condition.`,
          );
      }
    },
  },
  {
    code: 'PW5072',
    name: 'magic-number',
    title: 'A number without a name',
    explanation: 'A constant with a name says what the number means and is changed in one place.',
    default: 'off',
    guideline: ['SA0024'],
    bad: body('b := i > 1350;', WORDS),
    good: body('b := i > 0;', WORDS),
    *check(view) {
      for (const { node, file, inside, parent } of view.nodes('Literal')) {
        if (inside === null || parent?.kind !== 'Binary' || typeof node.value !== 'bigint') continue;
        if (node.literalKind === 'integer' && (node.value > 10n || node.value < -10n))
          yield at(file, node, `Give ${textOf(file, node)} a name in VAR CONSTANT.`);
      }
    },
  },
];
