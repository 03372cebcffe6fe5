/** Questions about the type of an object that are answered at run time: `?=`, __QUERYINTERFACE, __QUERYPOINTER. */

import { type InterfaceSymbol, keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Type } from '../../language/semantics/types.js';
import type { Assignment, Expression } from '../../language/syntax/tree.js';
import type { Effect, Place, Value } from '../compile/ir.js';
import { BOOL } from '../compile/shape.js';
import { type RoutineScope, sourceText, unknownEffect } from './context.js';
import { lowerValue } from './expressions.js';
import { lowerReferencePlace } from './places.js';
import type { StandardCall } from './standard-call.js';
import { constant, intrinsic, load } from './values.js';

/** Names of everything that an instance of a block is: its own type, its bases and their interfaces. */
export function typesOfInstance(pou: PouSymbol): readonly string[] {
  const names = new Set<string>();
  const addInterface = (one: InterfaceSymbol): void => {
    if (names.has(keyOf(one.qualifiedName))) return;
    names.add(keyOf(one.qualifiedName));
    for (const base of one.bases) addInterface(base);
  };
  for (let current: PouSymbol | null = pou; current !== null; current = current.base) {
    if (names.has(keyOf(current.qualifiedName))) break;
    names.add(keyOf(current.qualifiedName));
    for (const one of current.interfaces) addInterface(one);
  }
  return [...names].sort();
}

/** `target ?= source`: the target refers to the object when it is of its type, and to nothing when not. */
export function lowerAttempt(scope: RoutineScope, statement: Assignment): Effect[] {
  const attempt = attemptOf(scope, statement.value, statement.target);
  if (attempt !== null) return [{ do: 'store', to: attempt.to, value: attempt.value }];
  const reason = 'only references to blocks of the project and interfaces can be tried; declare the target as one';
  return [unknownEffect(scope, statement, sourceText(scope, statement), reason)];
}

/** `__QUERYINTERFACE(from, to)` and `__QUERYPOINTER(from, to)`; null when the target is no reference to a block. */
export function lowerQuery(call: StandardCall): Value | null {
  const [from, to] = call.inputs;
  const attempt = from && to ? attemptOf(call.scope, from, to) : null;
  if (attempt === null) return null;
  return {
    op: 'after',
    shape: BOOL,
    effects: [{ do: 'store', to: attempt.to, value: attempt.value }],
    value: intrinsic('$isSet', BOOL, [load(attempt.to)]),
  };
}

function attemptOf(
  scope: RoutineScope,
  source: Expression,
  target: Expression,
): { readonly to: Place; readonly value: Value } | null {
  const wanted = wantedType(scope.project.model.typeOf(target));
  const to = lowerReferencePlace(scope, target);
  const object = objectReference(scope, source);
  if (wanted === null || object === null || to === null) return null;
  if (to.shape.kind !== 'reference' && to.shape.kind !== 'interface') return null;
  const name = constant({ kind: 'string', isWide: false, length: 255, isCharacter: false }, wanted);
  return { to, value: intrinsic('$attempt', to.shape, [object, name]) };
}

function wantedType(type: Type): string | null {
  const aim = type.kind === 'pointer' ? type.target : type;
  if (aim.kind === 'interface') return keyOf(aim.interface.qualifiedName);
  return aim.kind === 'pou' && !aim.pou.isLibrary && aim.pou.pouKind !== 'function'
    ? keyOf(aim.pou.qualifiedName)
    : null;
}

/** The object that an expression refers to, without following a reference that may be null. */
function objectReference(scope: RoutineScope, expression: Expression): Value | null {
  if (scope.project.model.typeOf(expression).kind === 'null') return constant({ kind: 'interface' }, null);
  const place = lowerReferencePlace(scope, expression);
  const value = place === null ? lowerValue(scope, expression) : load(place);
  if (value.shape.kind === 'object' || value.shape.kind === 'interface') return value;
  return value.shape.kind === 'reference' && value.shape.target.kind === 'object' ? value : null;
}
