/** Storing a value into what an expression stands for. */

import type { Expression, Span } from '../../language/syntax/tree.js';
import type { Effect, Place, Value } from '../compile/ir.js';
import { setterName } from '../compile/mangle.js';
import { isAggregate } from '../compile/shape.js';
import { type RoutineScope, siteOf, sourceText, unknownEffect } from './context.js';
import { lowerObject, lowerPlace, selfValue } from './places.js';
import { convert, load } from './values.js';

/** Stores a value of the right shape: objects and arrays are copied. */
export function storeValue(place: Place, value: Value): Effect[] {
  if (!isAggregate(place.shape)) return [{ do: 'store', to: place, value }];
  return [{ do: 'copy', to: load(place), from: value }];
}

/** Stores a value into what an expression stands for: a variable, or a property through its SET. */
export function storeInto(scope: RoutineScope, target: Expression, value: Value, span: Span): Effect[] {
  const site = siteOf(scope, span);
  const place = lowerPlace(scope, target);
  if (place !== null) {
    if (place.shape.kind === 'unknown' || value.shape.kind === 'unknown') {
      return [unknownEffect(scope, target, sourceText(scope, target), 'its type is not known')];
    }
    return storeValue(place, convert(value, place.shape, site, scope.builder.profile));
  }
  const symbol = target.kind === 'Name' || target.kind === 'Member' ? scope.project.model.symbolOf(target) : null;
  if (symbol?.kind !== 'property')
    return [unknownEffect(scope, target, sourceText(scope, target), 'the target is not resolved')];
  const object = target.kind === 'Member' ? lowerObject(scope, target.object) : selfValue(scope);
  if (object === null || !symbol.canWrite)
    return [unknownEffect(scope, target, symbol.name, 'the property can not be set here')];
  const shape = scope.builder.shapeOf(symbol.type);
  const converted = convert(value, shape, site, scope.builder.profile);
  const passed: Value = isAggregate(shape) ? { op: 'copy-of', shape, operand: converted } : converted;
  return [
    {
      do: 'evaluate',
      value: {
        op: 'invoke',
        shape: { kind: 'void' },
        object,
        method: setterName(symbol.name),
        arguments: [passed],
        site,
      },
    },
  ];
}
