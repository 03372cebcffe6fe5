/** Member, index, dereference and bit access. */

import { constantOfChecked, constantOfSymbol } from '../semantics/constants.js';
import {
  BOOL_TYPE,
  carrierOf,
  elementary,
  familyOf,
  isUnknown,
  traitsOf,
  valueTypeOf,
} from '../semantics/elementary-types.js';
import { staticMember } from '../semantics/lookup.js';
import { isOpenInterface, isOpenPou } from '../semantics/project-index.js';
import { lookupType, lookupValue, memberOfInterface, memberOfPou } from '../semantics/scope.js';
import { suggestion } from '../semantics/suggestions.js';
import { type CodeSymbol, keyOf, type PouSymbol } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { derivesFrom, isIntegerLike } from '../semantics/type-relations.js';
import { type Type, UNKNOWN_TYPE } from '../semantics/types.js';
import type { Dereference, IndexAccess, MemberAccess, PartialAccess } from '../syntax/tree.js';
import { accessOf, reportHidden } from './access.js';
import type { NameUse } from './context.js';
import {
  type CheckContext,
  checkExpression,
  declaredAt,
  recordSymbol,
  recordType,
  report,
  symbolOf,
} from './context.js';
import { valueTypeOfSymbol } from './names.js';
import { checkValue } from './values.js';

export function checkMember(context: CheckContext, expression: MemberAccess, use: NameUse): Type {
  const { object, member } = expression;
  if (expression.isTyped) return checkTypedMember(context, expression);
  const type = checkExpression(context, object, null, 'container');
  const container = symbolOf(context, object);
  if (member.name === '') return UNKNOWN_TYPE;
  if (container !== null && isStaticContainer(container)) return memberOfContainer(context, expression, container);
  const { index } = context;
  const key = keyOf(member.name);
  const value = object.kind === 'Self' && type.kind === 'pointer' ? type.target : valueTypeOf(type);
  if (isUnknown(value)) return UNKNOWN_TYPE;
  switch (value.kind) {
    case 'struct':
      return found(context, expression, value.members.get(key) ?? null, value, value.members.keys(), use);
    case 'pou': {
      if (container?.kind === 'pou' && object.kind !== 'Self' && !isProgram(container)) {
        report(
          context,
          'PW3035',
          object,
          `"${container.name}" is a type. Declare an instance ("x : ${container.name};") and use "x.${member.name}".`,
        );
        return UNKNOWN_TYPE;
      }
      const symbol = memberOfPou(value.pou, key) ?? index.library.pinOf(value.pou, key);
      if (symbol === null && isOpenPou(index, value.pou)) return UNKNOWN_TYPE;
      if (symbol === null && (key === 'EN' || key === 'ENO')) return BOOL_TYPE;
      if (symbol === null && value.pou.isLibrary && !index.library.isExact(value.pou)) return UNKNOWN_TYPE;
      if (symbol !== null) checkAccess(context, expression, symbol, value.pou);
      return found(context, expression, symbol, value, memberKeys(value.pou), use);
    }
    case 'interface': {
      const symbol = memberOfInterface(value.interface, key);
      if (symbol === null && isOpenInterface(index, value.interface)) return UNKNOWN_TYPE;
      const keys = [...value.interface.methods.keys(), ...value.interface.properties.keys()];
      return found(context, expression, symbol, value, keys, use);
    }
    case 'pointer':
      report(
        context,
        'PW3024',
        member,
        `"${context.file.text.slice(object.start, object.end)}" is a pointer. Write "^." before "${member.name}" to reach what it points to.`,
      );
      return UNKNOWN_TYPE;
    default:
      return memberOfScalar(context, expression, value);
  }
}

/** A program is its own instance where no configuration gives it others. */
function isProgram(pou: PouSymbol): boolean {
  return pou.pouKind === 'program' || pou.pouKind === 'organization-block';
}

function isStaticContainer(symbol: CodeSymbol): boolean {
  return (
    symbol.kind === 'namespace' ||
    symbol.kind === 'global-list' ||
    (symbol.kind === 'type' && symbol.type.kind === 'enum') ||
    symbol.kind === 'program-instance'
  );
}

/** `Enum#Value`. */
function checkTypedMember(context: CheckContext, expression: MemberAccess): Type {
  const { object, member } = expression;
  if (object.kind !== 'Name') return UNKNOWN_TYPE;
  const type = lookupType(context.scope, keyOf(object.name.name));
  if (type === null) {
    if (context.index.missingLibraries.has(keyOf(object.name.name))) return UNKNOWN_TYPE;
    report(
      context,
      'PW2002',
      object,
      `The type "${object.name.name}" is not declared.${suggestion(object.name.name, context.index.types.keys(), (key) => context.index.types.get(key)?.name ?? key)}`,
    );
    return UNKNOWN_TYPE;
  }
  recordSymbol(context, object, type);
  recordType(context, object, valueTypeOfSymbol(type));
  if (type.kind === 'type' && type.type.kind === 'unknown') return UNKNOWN_TYPE;
  const value = staticMember(context.index, type, keyOf(member.name));
  if (value !== null) return record(context, expression, value);
  if (type.kind === 'type' && type.declaration?.isDamaged === true) return UNKNOWN_TYPE;
  report(
    context,
    'PW2004',
    member,
    `"${type.name}" has no value "${member.name}".${suggestion(member.name, enumKeys(type))}`,
  );
  return UNKNOWN_TYPE;
}

function enumKeys(symbol: CodeSymbol): Iterable<string> {
  return symbol.kind === 'type' && symbol.type.kind === 'enum' ? symbol.type.values.keys() : [];
}

function memberOfContainer(context: CheckContext, expression: MemberAccess, container: CodeSymbol): Type {
  const { member } = expression;
  const symbol = staticMember(context.index, container, keyOf(member.name));
  if (symbol !== null) return record(context, expression, symbol);
  if (container.kind === 'type' && container.declaration?.isDamaged === true) return UNKNOWN_TYPE;
  const names = namesOf(container);
  report(
    context,
    'PW2004',
    member,
    `"${container.name}" has no member "${member.name}".${suggestion(member.name, names.keys(), (key) => names.get(key)?.name ?? key)}`,
  );
  return UNKNOWN_TYPE;
}

function namesOf(container: CodeSymbol): ReadonlyMap<string, { readonly name: string }> {
  switch (container.kind) {
    case 'namespace':
      return container.members;
    case 'global-list':
      return container.variables;
    case 'program-instance':
      return container.pou.variables;
    case 'type':
      return new Map([...enumKeys(container)].map((key) => [key, { name: key }]));
    default:
      return new Map();
  }
}

function record(context: CheckContext, expression: MemberAccess, symbol: CodeSymbol): Type {
  recordSymbol(context, expression, symbol);
  recordSymbol(context, expression.member, symbol);
  return valueTypeOfSymbol(symbol);
}

function found(
  context: CheckContext,
  expression: MemberAccess,
  symbol: CodeSymbol | null,
  type: Type,
  keys: Iterable<string>,
  use: NameUse,
): Type {
  if (symbol !== null) return record(context, expression, symbol);
  if (isDamaged(context, type)) return UNKNOWN_TYPE;
  const what = use === 'callee' ? 'method or member' : 'member';
  report(
    context,
    'PW2004',
    expression.member,
    `${describeType(type)} has no ${what} "${expression.member.name}".${suggestion(expression.member.name, keys, (key) => spellingOf(type, key))}`,
  );
  return UNKNOWN_TYPE;
}

/** A structure that could not be read in full may have the member. */
function isDamaged({ index }: CheckContext, type: Type): boolean {
  if (type.kind !== 'struct' || type.name === null) return false;
  const symbol = index.types.get(keyOf(type.name));
  return symbol?.kind === 'type' && symbol.declaration?.isDamaged === true;
}

function spellingOf(type: Type, key: string): string {
  if (type.kind === 'struct') return type.members.get(key)?.name ?? key;
  if (type.kind === 'pou') return memberOfPou(type.pou, key)?.name ?? key;
  return type.kind === 'interface' ? (memberOfInterface(type.interface, key)?.name ?? key) : key;
}

function* memberKeys(pou: PouSymbol): Iterable<string> {
  let current: PouSymbol | null = pou;
  for (let depth = 0; current !== null && depth < 64; depth++) {
    yield* current.variables.keys();
    yield* current.properties.keys();
    yield* current.methods.keys();
    yield* current.actions.keys();
    current = current.base;
  }
}

/** Visibility: IEC 61131-3 ed. 3, 6.6.5.6 and table 50. */
function checkAccess(context: CheckContext, expression: MemberAccess, symbol: CodeSymbol, pou: PouSymbol): void {
  if (reportHidden(context, expression.member, symbol)) return;
  const inside = context.unit.pou;
  if (inside !== null && (derivesFrom(inside, pou) || derivesFrom(pou, inside))) return;
  if (context.unit.kind === 'test' || context.unit.kind === 'fixture') return;
  if (symbol.kind !== 'variable' || accessOf(symbol) === 'public') return;
  if (
    (symbol.scope === 'local' || symbol.scope === 'temporary') &&
    pou.pouKind !== 'program' &&
    pou.pouKind !== 'class'
  )
    report(
      context,
      'PW3042',
      expression.member,
      `"${symbol.name}" is an internal variable of ${pou.name}. Use an output of it instead.`,
      declaredAt(symbol),
    );
}

/** `word.BIT_NAME` with a constant is a bit; anything else has no members. */
function memberOfScalar(context: CheckContext, expression: MemberAccess, type: Type): Type {
  const { member } = expression;
  const ofText =
    type.kind === 'string' && context.index.rules.textsHaveMembers ? memberOfText(context, type, member) : null;
  if (ofText !== null) return ofText;
  const constant = lookupValue(context.scope, keyOf(member.name));
  if (constant !== null && isIntegerLike(type) && typeof constantOfSymbol(context.index, constant) === 'bigint') {
    recordSymbol(context, member, constant);
    return BOOL_TYPE;
  }
  report(context, 'PW3023', member, `${describeType(type)} has no members, so ".${member.name}" can't follow it.`);
  return UNKNOWN_TYPE;
}

/** A Logix STRING is a structure of LEN and DATA. Rockwell 1756-RM003, "ASCII string instructions". */
function memberOfText(
  context: CheckContext,
  type: Extract<Type, { kind: 'string' }>,
  { name }: MemberAccess['member'],
): Type | null {
  if (keyOf(name) === 'LEN') return elementary('DINT');
  if (keyOf(name) !== 'DATA') return null;
  const upper = BigInt(type.length ?? context.index.rules.defaultStringLength) - 1n;
  return { kind: 'array', dimensions: [{ lower: 0n, upper }], element: elementary('SINT') };
}

export function checkIndex(context: CheckContext, expression: IndexAccess): Type {
  const type = valueTypeOf(checkExpression(context, expression.object, null, 'container'));
  const isArray = type.kind === 'array';
  const indices = expression.indices.map((index) => checkValue(context, index, null));
  indices.forEach((indexType, position) => {
    const node = expression.indices[position];
    if (node === undefined || isUnknown(indexType) || !(isArray || type.kind === 'string')) return;
    if (!isIntegerLike(valueTypeOf(indexType)))
      report(context, 'PW3017', node, `An array index must be a whole number, and this is ${describeType(indexType)}.`);
  });
  if (isUnknown(type)) return UNKNOWN_TYPE;
  if (type.kind === 'string') return elementary(type.isWide ? 'WORD' : 'BYTE');
  if (type.kind === 'pointer' && type.pointerKind === 'pointer') return type.target;
  if (isBitByIndex(context, expression) && isIntegerLike(type)) return BOOL_TYPE;
  if (type.kind !== 'array') {
    report(context, 'PW3020', expression, `${describeType(type)} is not an array, so it has no [index].`);
    return UNKNOWN_TYPE;
  }
  if (expression.indices.length !== type.dimensions.length) {
    if (expression.indices.length > type.dimensions.length && type.element.kind === 'array') return UNKNOWN_TYPE;
    report(
      context,
      'PW3018',
      expression,
      `The array has ${type.dimensions.length} dimension(s), and ${expression.indices.length} index(es) are given.`,
    );
    return type.element;
  }
  type.dimensions.forEach((dimension, position) => {
    const node = expression.indices[position];
    const value = node === undefined ? null : constantOfChecked(context.index, node);
    if (node === undefined || dimension === null || typeof value !== 'bigint') return;
    if (value < dimension.lower || value > dimension.upper)
      report(
        context,
        'PW3019',
        node,
        `The index ${value} is outside of the array's bounds ${dimension.lower}..${dimension.upper}.`,
      );
  });
  return type.element;
}

/** Logix `word.[n]`: the bit whose number a variable gives. */
function isBitByIndex({ file }: CheckContext, { object, indices }: IndexAccess): boolean {
  const [first] = indices;
  return first !== undefined && /^\s*\./.test(file.text.slice(object.end, first.start));
}

export function checkDereference(context: CheckContext, expression: Dereference): Type {
  const type = checkExpression(context, expression.object, null, 'container');
  if (isUnknown(type)) return UNKNOWN_TYPE;
  if (type.kind === 'pointer') return type.target;
  const symbol = symbolOf(context, expression.object);
  report(
    context,
    'PW3021',
    expression,
    `${symbol === null ? 'This' : `"${symbol.name}"`} is ${describeType(type)}, not a pointer. Remove the "^".`,
  );
  return UNKNOWN_TYPE;
}

const PARTIAL_WIDTHS = { X: 1, B: 8, W: 16, D: 32, L: 64 } as const;
const PARTIAL_TYPES = { X: 'BOOL', B: 'BYTE', W: 'WORD', D: 'DWORD', L: 'LWORD' } as const;

/** `word.3`, `word.%B1`. IEC 61131-3 ed. 3, table 17. */
export function checkPartial(context: CheckContext, expression: PartialAccess): Type {
  const type = valueTypeOf(checkExpression(context, expression.object, null, 'container'));
  const result = elementary(PARTIAL_TYPES[expression.size]);
  if (isUnknown(type)) return result;
  const carrier = carrierOf(type);
  const family = familyOf(type);
  if (carrier === null || !(family === 'bits' || family === 'signed' || family === 'unsigned')) {
    report(context, 'PW3022', expression, `${describeType(type)} has no bits that can be reached one by one.`);
    return result;
  }
  const count = traitsOf(carrier).bits / PARTIAL_WIDTHS[expression.size];
  if (expression.index >= count)
    report(
      context,
      'PW3022',
      expression,
      count < 1
        ? `${carrier.name} is too small for "%${expression.size}".`
        : `${carrier.name} has the parts 0..${count - 1}, and ${expression.index} is asked for.`,
    );
  return result;
}
