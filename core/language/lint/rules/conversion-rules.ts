import { body } from '../../diagnostics/diagnostic.js';
import { carrierOf, elementaryNamed, familyOf, traitsOf, valueTypeOf } from '../../semantics/elementary-types.js';
import { describeType } from '../../semantics/type-names.js';
import type { ElementaryType, Type } from '../../semantics/types.js';
import type { Expression } from '../../syntax/tree.js';
import { bare, textOf } from '../expressions.js';
import { at, type LintRule } from '../lint-rule.js';
import type { LintView } from '../lint-view.js';

const VARIABLES = 'i : INT;\n  d : DINT;\n  u : UINT;\n  r : REAL;\n  m : Mode;';
const MODE = 'TYPE Mode : (Idle, Auto, Manual);\nEND_TYPE';

interface Conversion {
  readonly from: ElementaryType;
  readonly to: ElementaryType;
}

/** `DINT_TO_INT` as its two types; null for any other call. */
function conversionNamed(callee: Expression): Conversion | null {
  const named = callee.kind === 'Name' ? /^(\w+?)_TO_(\w+)$/i.exec(callee.name.name) : null;
  const [from, to] = [
    elementaryNamed((named?.[1] ?? '').toUpperCase()),
    elementaryNamed((named?.[2] ?? '').toUpperCase()),
  ];
  return from === null || to === null ? null : { from, to };
}

function isInteger(type: Type): boolean {
  const family = familyOf(valueTypeOf(type));
  return family === 'signed' || family === 'unsigned';
}

/** A division of whole numbers inside of a value that is computed as a whole number. */
function integerDivision(view: LintView, value: Expression): Expression | null {
  const inner = bare(value);
  if (inner.kind !== 'Binary' || !['+', '-', '*', '/'].includes(inner.operator)) return null;
  const type = view.model.operandTypeOf(inner);
  if (!isInteger(type) && type.kind !== 'literal') return null;
  if (inner.operator === '/' && isInteger(type)) return inner;
  return integerDivision(view, inner.left) ?? integerDivision(view, inner.right);
}

/** Conversions: PLCopen CP22 and CP25. */
export const CONVERSION_RULES: readonly LintRule[] = [
  {
    code: 'PW5081',
    name: 'integer-division',
    title: 'A quotient of whole numbers becomes a REAL',
    explanation:
      'The division drops what is behind the point before the value becomes a REAL. Convert an operand first.',
    default: 'warning',
    guideline: ['PCG CP25', 'SA0057'],
    bad: body('r := i / 10;', VARIABLES, MODE),
    good: body('r := INT_TO_REAL(i) / 10.0;', VARIABLES, MODE),
    *check(view) {
      for (const { node, file } of view.nodes('Assignment')) {
        if (familyOf(valueTypeOf(view.model.typeOf(node.target))) !== 'real') continue;
        const division = integerDivision(view, node.value);
        if (division !== null)
          yield at(
            file,
            division,
            `"${textOf(file, division)}" is computed in whole numbers. Convert an operand to REAL first.`,
          );
      }
    },
  },
  {
    code: 'PW5082',
    name: 'implicit-widening',
    title: 'A number is widened without a conversion',
    explanation: 'Nothing gets lost, but the change of type can not be seen.',
    default: 'off',
    guideline: ['PCG CP25', 'SA0130'],
    bad: body('d := i;', VARIABLES, MODE),
    good: body('d := INT_TO_DINT(i);', VARIABLES, MODE),
    *check(view) {
      for (const { node, file } of view.nodes('Assignment')) {
        const [to, from] = [
          carrierOf(valueTypeOf(view.model.typeOf(node.target))),
          carrierOf(valueTypeOf(view.model.typeOf(node.value))),
        ];
        if (to === null || from === null || to.name === from.name || view.model.constantOf(node.value) !== null)
          continue;
        if (traitsOf(from).bits < traitsOf(to).bits && traitsOf(from).family !== 'any')
          yield at(file, node.value, `${from.name} becomes ${to.name}. Write ${from.name}_TO_${to.name}.`);
      }
    },
  },
  {
    code: 'PW5083',
    name: 'explicit-narrowing',
    title: 'A conversion may lose high bits',
    explanation: 'The wider type holds values that the narrower one does not. Limit the value first.',
    default: 'off',
    guideline: ['PCG CP25', 'SA0133'],
    bad: body('i := DINT_TO_INT(d);', VARIABLES, MODE),
    good: body('d := INT_TO_DINT(i);', VARIABLES, MODE),
    *check(view) {
      for (const { node, file } of view.nodes('Call')) {
        const conversion = conversionNamed(node.callee);
        if (conversion === null || !isInteger(conversion.from) || !isInteger(conversion.to)) continue;
        if (traitsOf(conversion.to).bits < traitsOf(conversion.from).bits)
          yield at(
            file,
            node,
            `${conversion.from.name} has values that ${conversion.to.name} does not have. Limit the value first.`,
          );
      }
    },
  },
  {
    code: 'PW5084',
    name: 'sign-conversion',
    title: 'A conversion changes the sign',
    explanation: 'A large unsigned number becomes negative, or a negative one large.',
    default: 'off',
    guideline: ['PCG CP25', 'SA0134'],
    bad: body('i := UINT_TO_INT(u);', VARIABLES, MODE),
    good: body('d := UINT_TO_DINT(u);', VARIABLES, MODE),
    *check(view) {
      for (const { node, file } of view.nodes('Call')) {
        const conversion = conversionNamed(node.callee);
        if (conversion === null) continue;
        const [from, to] = [traitsOf(conversion.from), traitsOf(conversion.to)];
        const isSignedToUnsigned = from.family === 'signed' && to.family === 'unsigned';
        const isUnsignedToSigned = from.family === 'unsigned' && to.family === 'signed' && to.bits <= from.bits;
        if (isSignedToUnsigned || isUnsignedToSigned)
          yield at(
            file,
            node,
            `${conversion.from.name} and ${conversion.to.name} do not have the same values. Check the range first.`,
          );
      }
    },
  },
  {
    code: 'PW5085',
    name: 'conversion-to-itself',
    title: 'A conversion of a value that has the type already',
    explanation: 'The value is of the wanted type, so the conversion does nothing.',
    default: 'info',
    guideline: ['PCG CP22'],
    bad: body('d := INT_TO_DINT(d);', VARIABLES, MODE),
    good: body('d := INT_TO_DINT(i);', VARIABLES, MODE),
    *check(view) {
      for (const { node, file } of view.nodes('Call')) {
        const conversion = conversionNamed(node.callee);
        const value = node.arguments[0]?.value;
        const type = value == null ? null : valueTypeOf(view.model.typeOf(value));
        if (conversion !== null && type?.kind === 'elementary' && type.name === conversion.to.name)
          yield at(file, node, `The value is ${type.name} already. Leave the conversion out.`);
      }
    },
  },
  {
    code: 'PW5086',
    name: 'enum-arithmetic',
    title: 'Arithmetic on an enumeration',
    explanation: 'The result may be a number that is no value of the enumeration.',
    default: 'info',
    guideline: ['SA0058'],
    bad: body('i := m + 1;', VARIABLES, MODE),
    good: body('m := Mode.Auto;', VARIABLES, MODE),
    *check(view) {
      for (const { node, file } of view.nodes('Binary')) {
        if (!['+', '-', '*', '/', 'MOD'].includes(node.operator)) continue;
        const operand = [node.left, node.right].find(
          (one) => view.model.typeOf(one).kind === 'enum' && view.model.constantOf(one) === null,
        );
        if (operand !== undefined)
          yield at(
            file,
            node,
            `"${textOf(file, operand)}" is ${describeType(view.model.typeOf(operand))}, and the result may be none of its values.`,
          );
      }
    },
  },
  {
    code: 'PW5087',
    name: 'enum-order',
    title: 'Enumerations are compared by order',
    explanation: 'A value that is added in the middle changes what the comparison means.',
    default: 'off',
    guideline: ['SA0058'],
    bad: body('IF m > Mode.Idle THEN\n  i := 1;\nEND_IF;', VARIABLES, MODE),
    good: body('IF m <> Mode.Idle THEN\n  i := 1;\nEND_IF;', VARIABLES, MODE),
    *check(view) {
      for (const { node, file } of view.nodes('Binary'))
        if (
          ['<', '>', '<=', '>='].includes(node.operator) &&
          [node.left, node.right].some((one) => view.model.typeOf(one).kind === 'enum')
        )
          yield at(file, node, 'This depends on the order of the values in the enumeration. Compare for equality.');
    },
  },
  {
    code: 'PW5088',
    name: 'unqualified-enum',
    title: 'A value of an enumeration is written without its name',
    explanation: 'With the name of the enumeration the value can not be taken for another one.',
    default: 'off',
    guideline: ['SA0025'],
    bad: body('m := Auto;', VARIABLES, MODE),
    good: body('m := Mode.Auto;', VARIABLES, MODE),
    *check(view) {
      for (const { node, file, inside } of view.nodes('Name')) {
        const symbol = inside === null ? null : view.model.symbolOf(node);
        if (symbol?.kind === 'enum-value' && symbol.type.name !== '')
          yield at(file, node, `Write "${symbol.type.name}.${symbol.name}".`);
      }
    },
  },
];
