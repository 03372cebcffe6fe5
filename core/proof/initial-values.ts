/** The value of memory after a cold start. */

import { FALSE } from './circuit.js';
import type { Machine, Place } from './machine.js';
import { constantValue } from './operators.js';
import type { Value } from './terms.js';
import { isBooleanType, isRealType } from './value-types.js';

/** Declared initial value of a scalar place, else the default of its type. */
export function initialValue(machine: Pick<Machine, 'terms' | 'model'>, place: Place): Value {
  const { terms, model } = machine;
  if (place.initializer !== null) {
    const constant = model.constantOf(place.initializer);
    if (constant !== null) return constantValue(terms, constant, place.type);
    return isBooleanType(place.type)
      ? terms.boolean(`initial:${place.path}`)
      : terms.single(terms.symbol(`initial:${place.path}`));
  }
  const { type } = place;
  if (isBooleanType(type)) return FALSE;
  if (isRealType(type)) return terms.constantChoice(0);
  if (type.kind === 'enum') return terms.constantChoice([...type.values.values()][0] ?? 0n);
  if (type.kind === 'subrange') return terms.constantChoice(type.lower);
  if (type.kind === 'string') return terms.constantChoice('');
  if (type.kind === 'pointer' || type.kind === 'interface') return terms.constantChoice('null');
  if (type.kind === 'unknown') return terms.single(terms.symbol(`initial:${place.path}`));
  return terms.constantChoice(0n);
}
