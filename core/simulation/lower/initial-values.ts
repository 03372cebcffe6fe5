/** Initial values: of declarations, of types, of array and structure initialisers. */

import { keyOf, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { StructType, Type } from '../../language/semantics/types.js';
import type { ArrayInitializer, Expression, StructInitializer, TypeNode } from '../../language/syntax/tree.js';
import type { Value } from '../compile/ir.js';
import { fieldName } from '../compile/mangle.js';
import { type ArrayShape, isAggregate, lengthOf, type Shape } from '../compile/shape.js';
import { type RoutineScope, sourceText, unknownValue } from './context.js';

/** The value of a variable before it is first written: its own initialiser, else that of its type. */
export function defaultOf(scope: RoutineScope, variable: VariableSymbol): Value {
  const shape = scope.builder.shapeOf(variable.type);
  const file = variable.site?.file ?? scope.file;
  const inner: RoutineScope = file === scope.file ? scope : { ...scope, file };
  if (variable.scope === 'in-out') return { op: 'constant', shape: { kind: 'reference', target: shape }, value: null };
  const node = variable.declaration?.type ?? null;
  const initializer = variable.initializer ?? (node === null ? null : typeInitializer(scope, node));
  const constructorArguments = node === null ? null : constructorArgumentsOf(inner, variable.type, node);
  if (initializer === null) {
    return constructorArguments === null
      ? { op: 'initial', shape }
      : { op: 'object-of', shape, members: [], constructorArguments };
  }
  const value = initialOf(inner, initializer, shape, variable.type);
  if (value.op === 'object-of' && constructorArguments !== null) return { ...value, constructorArguments };
  return isAggregate(shape) && value.op === 'load' ? { op: 'copy-of', shape, operand: value } : value;
}

/** The initialiser of `TYPE t : INT := 5`, also through aliases. */
function typeInitializer(scope: RoutineScope, node: TypeNode): Expression | null {
  let current: TypeNode | null = node;
  for (let depth = 0; current !== null && current.kind === 'NamedType' && depth < 32; depth++) {
    const symbol = scope.project.lookup(current.name.parts.map((part) => part.name).join('.'));
    if (symbol?.kind !== 'type') return null;
    if (symbol.initializer !== null) return symbol.initializer;
    current = symbol.declaration?.definition ?? null;
  }
  return null;
}

/** Arguments of FB_init in the order of its inputs, after the two that CODESYS sets itself; null without FB_init. */
function constructorArgumentsOf(scope: RoutineScope, type: Type, node: TypeNode): Value[] | null {
  if (type.kind !== 'pou' || node.kind !== 'NamedType') return null;
  let owner: typeof type.pou | null = type.pou;
  let method = owner.methods.get('FB_INIT');
  while (method === undefined && owner !== null) {
    owner = owner.base;
    method = owner?.methods.get('FB_INIT');
  }
  if (method === undefined) return null;
  const inputs = [...method.variables.values()].filter((each) => each.scope === 'input');
  return inputs.map((input, index) => {
    const shape = scope.builder.shapeOf(input.type);
    if (index < 2) return { op: 'constant', shape, value: false };
    const argument =
      node.arguments.find((each) => each.name !== null && keyOf(each.name.name) === keyOf(input.name)) ??
      node.arguments.filter((each) => each.name === null)[index - 2];
    return argument?.value === null || argument === undefined
      ? defaultOf(scope, input)
      : scope.lower.as(scope, argument.value, shape);
  });
}

function initialOf(scope: RoutineScope, expression: Expression, shape: Shape, type: Type): Value {
  if (expression.kind === 'ArrayInitializer' && shape.kind === 'array') {
    return arrayValue(scope, expression, shape, type.kind === 'array' ? type.element : null);
  }
  if (expression.kind === 'StructInitializer' && shape.kind === 'object')
    return objectValue(scope, expression, shape, type);
  return scope.lower.as(scope, expression, shape);
}

/** An initialiser whose place is known only by its shape. */
export function lowerInitializer(
  scope: RoutineScope,
  expression: ArrayInitializer | StructInitializer,
  shape: Shape,
): Value {
  return initialOf(scope, expression, shape, scope.project.model.typeOf(expression));
}

const LONGEST_INITIALIZER = 1_000_000;

function arrayValue(scope: RoutineScope, expression: ArrayInitializer, shape: ArrayShape, element: Type | null): Value {
  const elements: Value[] = [];
  const limit = Math.min(lengthOf(shape), LONGEST_INITIALIZER);
  for (const each of expression.elements) {
    const count = each.repetition === null ? 1 : Number(scope.project.model.constantOf(each.repetition) ?? 0);
    for (let repeat = 0; repeat < count && elements.length < limit; repeat++) {
      if (each.values.length === 0) elements.push({ op: 'initial', shape: shape.element });
      for (const value of each.values) {
        elements.push(initialOf(scope, value, shape.element, element ?? scope.project.model.typeOf(value)));
      }
    }
  }
  if (elements.length > lengthOf(shape)) {
    return unknownValue(scope, expression, shape, sourceText(scope, expression), 'there are more values than elements');
  }
  return { op: 'array-of', shape, elements };
}

function memberVariables(type: Type): ReadonlyMap<string, VariableSymbol> | null {
  if (type.kind === 'struct') return (type satisfies StructType).members;
  if (type.kind !== 'pou') return null;
  const all = new Map<string, VariableSymbol>();
  for (let pou: typeof type.pou | null = type.pou; pou !== null; pou = pou.base) {
    for (const [key, variable] of pou.variables) if (!all.has(key)) all.set(key, variable);
  }
  return all;
}

function objectValue(scope: RoutineScope, expression: StructInitializer, shape: Shape, type: Type): Value {
  const variables = memberVariables(type);
  const members: { name: string; value: Value }[] = [];
  for (const member of expression.members) {
    const variable = member.name === null ? undefined : variables?.get(keyOf(member.name.name));
    if (variable === undefined || member.value === null) {
      return unknownValue(scope, member, shape, sourceText(scope, member), 'the member is not resolved');
    }
    members.push({
      name: fieldName(variable.name),
      value: initialOf(scope, member.value, scope.builder.shapeOf(variable.type), variable.type),
    });
  }
  return { op: 'object-of', shape, members, constructorArguments: null };
}
