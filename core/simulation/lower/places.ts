/** Names, members, indices and dereferences as places. */

import type { CodeSymbol, VariableSymbol } from '../../language/semantics/symbols.js';
import type { Expression, IndexAccess, MemberAccess, PartialAccess } from '../../language/syntax/tree.js';
import type { Place, PositionPart, Value } from '../compile/ir.js';
import { edgeName, fieldName, getterName, methodFieldName } from '../compile/mangle.js';
import {
  type ArrayShape,
  BOOL,
  DINT,
  elementaryShape,
  type IntegerShape,
  isBig,
  type Shape,
} from '../compile/shape.js';
import { type RoutineScope, siteOf, sourceText, unknownValue } from './context.js';
import { pointerElement } from './pointers.js';
import { intrinsic, load, plain } from './values.js';

/** The object of the POU in which the routine stands. */
export function selfValue(scope: RoutineScope): Value {
  const shape: Shape =
    scope.self === null
      ? { kind: 'unknown' }
      : { kind: 'object', className: scope.builder.classOf(scope.self), typeName: scope.self.name };
  return { op: 'self', shape };
}

/** The place of a variable by its symbol, seen from the routine; null when the routine can't reach it. */
function variablePlace(scope: RoutineScope, variable: VariableSymbol): Place | null {
  const { builder } = scope;
  const local =
    scope.locals.get(variable) ?? (variable.site === null ? undefined : scope.locals.get(variable.site.identifier));
  if (local !== undefined) return local;
  if (variable.scope === 'result') {
    return scope.result === null || variable.owner !== scope.callable
      ? null
      : { place: 'local', local: scope.result, shape: scope.result.shape };
  }
  if (variable.scope === 'external')
    return variable.externalTarget === null ? null : variablePlace(scope, variable.externalTarget);
  const shape = builder.shapeOf(variable.type);
  if (variable.location !== null && !variable.location.text.includes('*'))
    return builder.addressPlace(variable.location.text, shape);
  if (variable.scope === 'global') return builder.globalPlace(variable);
  if (variable.sectionKind === 'VAR_STAT') return builder.staticPlace(variable, scope);
  if (variable.sectionKind === 'VAR_INST' && variable.owner?.kind === 'method') {
    return {
      place: 'field',
      object: selfValue(scope),
      name: methodFieldName(variable.owner.name, variable.name),
      shape,
    };
  }
  if (variable.owner?.kind !== 'pou' || scope.self === null) return null;
  return memberPlace(scope, selfValue(scope), variable);
}

/** A variable of an object: an instance of a block, a program, a structure. */
export function memberPlace(scope: RoutineScope, object: Value, variable: VariableSymbol): Place {
  const shape = scope.builder.shapeOf(variable.type);
  if (variable.location !== null && !variable.location.text.includes('*'))
    return scope.builder.addressPlace(variable.location.text, shape);
  if (variable.scope === 'external' && variable.externalTarget !== null)
    return scope.builder.globalPlace(variable.externalTarget);
  const name = fieldName(variable.name);
  if (variable.scope === 'in-out') {
    const reference: Shape = { kind: 'reference', target: shape };
    return {
      place: 'target',
      reference: load({ place: 'field', object, name, shape: reference }),
      shape,
      site: scope.builder.site(scope.project, scope.file, variable.site?.identifier ?? scope.file),
    };
  }
  if (variable.edge !== null && object.op === 'self')
    return { place: 'field', object, name: edgeName(variable.name), shape };
  return { place: 'field', object, name, shape };
}

/** REFERENCE TO reads through by itself: the place becomes what it refers to. */
function throughReference(scope: RoutineScope, expression: Expression, place: Place, symbol: VariableSymbol): Place {
  if (symbol.type.kind !== 'pointer' || symbol.type.pointerKind !== 'reference') return place;
  return {
    place: 'target',
    reference: load(place),
    shape: scope.builder.shapeOf(symbol.type.target),
    site: siteOf(scope, expression),
  };
}

/** The place an expression stands for, or null when it is none (a value, a property, unresolved). */
export function lowerPlace(scope: RoutineScope, expression: Expression): Place | null {
  const place = lowerReferencePlace(scope, expression);
  if (place === null) return null;
  if (expression.kind !== 'Name' && expression.kind !== 'Member') {
    if (expression.kind !== 'Index') return place;
    const type = scope.project.model.typeOf(expression);
    return type.kind === 'pointer' && type.pointerKind === 'reference'
      ? {
          place: 'target',
          reference: load(place),
          shape: scope.builder.shapeOf(type.target),
          site: siteOf(scope, expression),
        }
      : place;
  }
  const symbol = scope.project.model.symbolOf(expression);
  return symbol?.kind === 'variable' ? throughReference(scope, expression, place, symbol) : place;
}

/** As `lowerPlace`, but a REFERENCE TO stands for itself: the left side of REF=. */
export function lowerReferencePlace(scope: RoutineScope, expression: Expression): Place | null {
  switch (expression.kind) {
    case 'Parenthesized':
      return lowerReferencePlace(scope, expression.expression);
    case 'Name': {
      const symbol = scope.project.model.symbolOf(expression);
      return symbol?.kind === 'variable' ? variablePlace(scope, symbol) : null;
    }
    case 'Member':
      return lowerMember(scope, expression);
    case 'Index':
      return lowerIndex(scope, expression);
    case 'Dereference':
      return lowerDereference(scope, expression.object, expression);
    case 'Partial':
      return lowerPartial(scope, expression);
    case 'DirectAddress': {
      const size = /^%[IQM]([XBWDL]?)/.exec(expression.text)?.[1] ?? 'X';
      const shape = {
        X: BOOL,
        '': BOOL,
        B: elementaryShape('BYTE'),
        W: elementaryShape('WORD'),
        D: elementaryShape('DWORD'),
        L: elementaryShape('LWORD'),
      }[size];
      return shape === undefined || expression.text.includes('*')
        ? null
        : scope.builder.addressPlace(expression.text, shape);
    }
    default:
      return null;
  }
}

/** The object whose member an expression names: a program, or the value of an instance or structure. */
export function lowerObject(scope: RoutineScope, expression: Expression): Value | null {
  const { model } = scope.project;
  if (expression.kind === 'Self' && expression.which === 'THIS') return selfValue(scope);
  if (expression.kind === 'Dereference' && expression.object.kind === 'Self') return selfValue(scope);
  const symbol: CodeSymbol | null =
    expression.kind === 'Name' || expression.kind === 'Member' ? model.symbolOf(expression) : null;
  if (symbol?.kind === 'pou') return symbol.pouKind === 'program' ? scope.builder.programOf(symbol) : null;
  if (symbol?.kind === 'program-instance') return scope.builder.programInstance(symbol.name);
  const place = lowerPlace(scope, expression);
  if (place === null)
    return expression.kind === 'Call'
      ? scope.lower.value(scope, expression)
      : propertyObject(scope, expression, symbol);
  if (place.shape.kind === 'reference' && place.shape.target.kind === 'object') {
    return intrinsic('$known', place.shape.target, [load(place), plain(siteOf(scope, expression))]);
  }
  return load(place);
}

function propertyObject(scope: RoutineScope, expression: Expression, symbol: CodeSymbol | null): Value | null {
  return symbol?.kind === 'property' ? scope.lower.value(scope, expression) : null;
}

function lowerMember(scope: RoutineScope, expression: MemberAccess): Place | null {
  const symbol = scope.project.model.symbolOf(expression) ?? scope.project.model.symbolOf(expression.member);
  if (symbol?.kind !== 'variable') return null;
  if (symbol.scope === 'global') return scope.builder.globalPlace(symbol);
  const object = lowerObject(scope, expression.object);
  // What is not held has no members: a UNION that was refused.
  return object === null || object.shape.kind === 'unknown' ? null : memberPlace(scope, object, symbol);
}

function lowerDereference(scope: RoutineScope, pointer: Expression, whole: Expression): Place | null {
  if (pointer.kind === 'Self') return null;
  const type = scope.project.model.typeOf(pointer);
  if (type.kind !== 'pointer') return null;
  // `r^` of a REFERENCE TO says what happens anyway.
  if (type.pointerKind === 'reference') return lowerPlace(scope, pointer);
  const reference = scope.lower.value(scope, pointer);
  return { place: 'target', reference, shape: scope.builder.shapeOf(type.target), site: siteOf(scope, whole) };
}

function lowerPartial(scope: RoutineScope, expression: PartialAccess): Place | null {
  const of = lowerPlace(scope, expression.object);
  if (of === null || of.shape.kind !== 'integer') return null;
  const count = { X: 1, B: 8, W: 16, D: 32, L: 64 }[expression.size];
  const from = expression.index * count;
  if (from + count > of.shape.bits) return null;
  const names = { X: 'BOOL', B: 'BYTE', W: 'WORD', D: 'DWORD', L: 'LWORD' } as const;
  return { place: 'bits', of, from, count, shape: elementaryShape(names[expression.size]) };
}

function lowerIndex(scope: RoutineScope, expression: IndexAccess): Place | null {
  const pointed = pointerElement(scope, expression);
  if (pointed !== null) return pointed;
  const arrayPlace = lowerPlace(scope, expression.object);
  const array = arrayPlace === null ? lowerObject(scope, expression.object) : load(arrayPlace);
  if (array === null || array.shape.kind !== 'array') return null;
  return elementPlace(scope, array, array.shape, expression);
}

/** `a[i][j]` of an array of arrays indexes twice; `a[i, j]` once. */
function elementPlace(scope: RoutineScope, array: Value, shape: ArrayShape, expression: IndexAccess): Place | null {
  const site = siteOf(scope, expression);
  if (shape.dimensions === null) {
    const indices = expression.indices.map((index) => scope.lower.value(scope, index));
    return {
      place: 'element',
      array,
      index: { op: 'open-position', shape: DINT, array, indices, site },
      shape: shape.element,
    };
  }
  if (shape.dimensions.length !== expression.indices.length) return null;
  const parts: PositionPart[] = [];
  let stride = 1;
  for (let dimension = shape.dimensions.length - 1; dimension >= 0; dimension--) {
    const bounds = shape.dimensions[dimension];
    const written = expression.indices[dimension];
    if (bounds === undefined || written === undefined) return null;
    const index = lowerIndexValue(scope, written);
    const isConstantInside =
      index.op === 'constant' && Number(index.value) >= bounds.lower && Number(index.value) <= bounds.upper;
    const isOutside = index.op === 'constant' && !isConstantInside;
    const checked: Value = isOutside
      ? intrinsic('$index', DINT, [index, plain(bounds.lower), plain(bounds.upper), plain(site)])
      : index;
    parts.unshift({
      index: checked,
      lower: isOutside ? 0 : bounds.lower,
      upper: bounds.upper,
      stride,
      isProven: isOutside || staysWithin(scope, written, bounds),
    });
    stride *= bounds.upper - bounds.lower + 1;
  }
  return { place: 'element', array, index: { op: 'position', shape: DINT, parts, site }, shape: shape.element };
}

/** An index as a number; a 64 bit one is converted, for no array is that long. */
function lowerIndexValue(scope: RoutineScope, expression: Expression): Value {
  const type = scope.project.model.typeOf(expression);
  const shape = scope.builder.shapeOf(type);
  if (shape.kind === 'integer' && !isBig(shape))
    return scope.lower.as(scope, expression, { ...shape, range: null } satisfies IntegerShape);
  if (shape.kind === 'integer') return intrinsic('$indexOfBig', DINT, [scope.lower.value(scope, expression)]);
  return scope.lower.as(scope, expression, DINT);
}

function staysWithin(scope: RoutineScope, expression: Expression, bounds: { lower: number; upper: number }): boolean {
  const symbol = expression.kind === 'Name' ? scope.project.model.symbolOf(expression) : null;
  const counter = symbol?.kind === 'variable' ? scope.counters.get(symbol) : undefined;
  return counter !== undefined && counter !== null && counter.lower >= bounds.lower && counter.upper <= bounds.upper;
}

/** Reads a property of an object or of the own block. */
export function readProperty(scope: RoutineScope, expression: Expression, shape: Shape): Value | null {
  const symbol = scope.project.model.symbolOf(expression);
  if (symbol?.kind !== 'property') return null;
  const site = siteOf(scope, expression);
  if (!symbol.canRead) return unknownValue(scope, expression, shape, symbol.name, 'the property has no GET');
  if (expression.kind === 'Name')
    return { op: 'invoke', shape, object: selfValue(scope), method: getterName(symbol.name), arguments: [], site };
  if (expression.kind !== 'Member') return null;
  const isSuper =
    expression.object.kind === 'Dereference' &&
    expression.object.object.kind === 'Self' &&
    expression.object.object.which === 'SUPER';
  const object = isSuper ? ('super' as const) : lowerObject(scope, expression.object);
  if (object === null) {
    return unknownValue(
      scope,
      expression,
      shape,
      sourceText(scope, expression),
      'the object of the property is not known',
    );
  }
  return { op: 'invoke', shape, object, method: getterName(symbol.name), arguments: [], site };
}
