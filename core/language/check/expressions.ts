/** Types of expressions. Every expression below a checked one gets its type and symbol recorded. */

import { BOOL_TYPE, elementary, elementaryNamed, integerRangeOf } from '../semantics/elementary-types.js';
import { lookupType } from '../semantics/scope.js';
import { keyOf } from '../semantics/symbols.js';
import { type Type, UNKNOWN_TYPE } from '../semantics/types.js';
import type { Expression, Literal, NameExpression, SelfReference } from '../syntax/tree.js';
import { checkAssignment } from './assignments.js';
import { checkCall } from './calls.js';
import type { NameUse } from './context.js';
import { type CheckContext, checkExpression, recordSymbol, report } from './context.js';
import { checkArrayInitializer, checkStructInitializer } from './initializers.js';
import { checkDereference, checkIndex, checkMember, checkPartial } from './members.js';
import { resolveName, valueTypeOfSymbol } from './names.js';
import { checkBinary, checkUnary } from './operators.js';

/** The type of any expression; every one below it gets its type and symbol recorded. */
export function typeOfExpression(
  context: CheckContext,
  expression: Expression,
  expected: Type | null,
  use: NameUse,
): Type {
  switch (expression.kind) {
    case 'Literal':
      return typeOfLiteral(context, expression);
    case 'Name':
      return typeOfName(context, expression, expected, use);
    case 'Member':
      return checkMember(context, expression, use);
    case 'Index':
      return checkIndex(context, expression);
    case 'Dereference':
      return checkDereference(context, expression);
    case 'Partial':
      return checkPartial(context, expression);
    case 'DirectAddress':
      return typeOfAddress(expression.text);
    case 'Call':
      return checkCall(context, expression);
    case 'Unary':
      return checkUnary(context, expression);
    case 'Binary':
      return checkBinary(context, expression, expected);
    case 'Parenthesized': {
      const type = checkExpression(context, expression.expression, expected, use);
      const symbol = context.index.facts.symbols.get(expression.expression);
      if (symbol !== undefined) recordSymbol(context, expression, symbol);
      return type;
    }
    case 'Self':
      return typeOfSelf(context, expression);
    case 'AssignmentExpression':
      return checkAssignment(context, expression);
    case 'ArrayInitializer':
      return checkArrayInitializer(context, expression, expected);
    case 'StructInitializer':
      return checkStructInitializer(context, expression, expected);
    case 'ErrorExpression':
      return UNKNOWN_TYPE;
  }
}

function typeOfName(context: CheckContext, expression: NameExpression, expected: Type | null, use: NameUse): Type {
  const symbol = resolveName(context, expression, expected, use);
  return symbol === null ? UNKNOWN_TYPE : valueTypeOfSymbol(symbol);
}

const LITERAL_TYPES = {
  bool: 'BOOL',
  time: 'TIME',
  date: 'DATE',
  'time-of-day': 'TIME_OF_DAY',
  'date-and-time': 'DATE_AND_TIME',
} as const;

function typeOfLiteral(context: CheckContext, literal: Literal): Type {
  const { value, literalKind, typePrefix } = literal;
  switch (literalKind) {
    case 'null':
      return { kind: 'null' };
    case 'string':
    case 'wstring':
      return typeOfText(literal);
    case 'integer':
    case 'real': {
      const typed = typePrefix === null ? null : typeOfPrefix(context, typePrefix);
      if (typed !== null) return checkTypedLiteral(context, literal, typed);
      return {
        kind: 'literal',
        class: literalKind,
        value: typeof value === 'bigint' || typeof value === 'number' ? value : null,
      };
    }
    default: {
      const prefix = typePrefix === null ? null : elementaryNamed(TIME_PREFIXES[typePrefix] ?? typePrefix);
      return prefix ?? elementary(LITERAL_TYPES[literalKind]);
    }
  }
}

const TIME_PREFIXES: Readonly<Record<string, string>> = {
  T: 'TIME',
  LT: 'LTIME',
  D: 'DATE',
  LD: 'LDATE',
  S5T: 'S5TIME',
};

function typeOfText(literal: Literal): Type {
  const { typePrefix, value } = literal;
  if (typePrefix === 'CHAR' || typePrefix === 'WCHAR') return elementary(typePrefix);
  const length = typeof value === 'string' ? value.length : null;
  return { kind: 'string', isWide: literal.literalKind === 'wstring' || typePrefix === 'WSTRING', length };
}

/** `INT#5`, or a user's type: `Percent#50`. */
function typeOfPrefix(context: CheckContext, prefix: string): Type | null {
  const known = elementaryNamed(prefix);
  if (known !== null) return known;
  const symbol = lookupType(context.scope, keyOf(prefix));
  return symbol?.kind === 'type' ? symbol.type : null;
}

function checkTypedLiteral(context: CheckContext, literal: Literal, type: Type): Type {
  const { value } = literal;
  if (typeof value !== 'bigint') return type;
  const range = integerRangeOf(type);
  if (range === null || (value >= range.lower && value <= range.upper)) return type;
  report(
    context,
    'PW3005',
    literal,
    `${value} does not fit into ${literal.typePrefix} (${range.lower}..${range.upper}). Use a wider type.`,
  );
  return type;
}

const ADDRESS_TYPES: Readonly<Record<string, 'BOOL' | 'BYTE' | 'WORD' | 'DWORD' | 'LWORD'>> = {
  X: 'BOOL',
  B: 'BYTE',
  W: 'WORD',
  D: 'DWORD',
  L: 'LWORD',
};

/** `%IX0.0` is a BOOL, `%QW4` a WORD; without a size letter it is a bit. */
function typeOfAddress(text: string): Type {
  const letter = /^%[IQM]?([XBWDL])/i.exec(text)?.[1]?.toUpperCase();
  return letter === undefined ? BOOL_TYPE : elementary(ADDRESS_TYPES[letter] ?? 'BOOL');
}

/** THIS and SUPER point to the instance; ed. 3 and CODESYS differ only in whether `^` is written. */
function typeOfSelf(context: CheckContext, expression: SelfReference): Type {
  const { pou } = context.unit;
  if (pou === null || (pou.pouKind !== 'function-block' && pou.pouKind !== 'class' && pou.pouKind !== 'program')) {
    report(context, 'PW2041', expression, `${expression.which} only exists inside a function block or class.`);
    return UNKNOWN_TYPE;
  }
  const target = expression.which === 'THIS' ? pou : pou.base;
  if (target === null) {
    if (!context.index.openSymbols.has(pou))
      report(context, 'PW2042', expression, `"${pou.name}" extends nothing, so there is no SUPER.`);
    return UNKNOWN_TYPE;
  }
  recordSymbol(context, expression, target);
  return { kind: 'pointer', pointerKind: 'pointer', target: { kind: 'pou', pou: target } };
}
