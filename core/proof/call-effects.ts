/** What calls have in common: every instance that may be meant, EN, copies of structures, and calls of the unknown. */

import type { ResolvedCall } from '../language/semantics/model.js';
import { keyOf } from '../language/semantics/symbols.js';
import type { Call } from '../language/syntax/tree.js';
import { type Literal, TRUE } from './circuit.js';
import type { Frame, Machine, Place, Reference } from './machine.js';
import { leavesOf, lose, readPlace, writePlace } from './memory-access.js';
import type { Value } from './terms.js';
import { isScalarType } from './value-types.js';

/** Calls nested deeper than this are recursion. */
export const DEPTH_LIMIT = 40;

export function eachAlternative(machine: Machine, reference: Reference, run: (place: Place) => void): void {
  for (const { guard, place } of reference.alternatives) {
    if (guard === TRUE) run(place);
    else machine.environment.merge(machine.terms, [{ guard, layer: machine.environment.branch(() => run(place)) }]);
  }
}

/** What could not be resolved may write whatever it is given by reference. */
export function loseCall(machine: Machine, call: Call, resolved: ResolvedCall | null, frame: Frame): null {
  machine.assumptions.add(
    'calls that could not be resolved change only their own instance, outputs and in-out arguments',
  );
  const inputs: Value[] = [];
  for (const { direction, value } of call.arguments) {
    if (value !== null && direction === 'in' && isScalarType(machine.model.typeOf(value)))
      inputs.push(machine.evaluate(value, frame));
  }
  const lost = call.arguments.filter(
    ({ direction, value }) => value !== null && (direction === 'out' || mayBeWritten(resolved, value)),
  );
  const places = lost.flatMap(({ value }) =>
    value === null ? [] : machine.refer(value, frame).alternatives.map(({ place }) => place),
  );
  const instance = resolved?.instance ?? (call.callee.kind === 'Member' ? call.callee.object : call.callee);
  if (machine.model.symbolOf(instance)?.kind === 'variable')
    places.push(...machine.refer(instance, frame).alternatives.map(({ place }) => place));
  // What such a call makes of its memory depends on what stands there: `T1.PRE := 500; TONR(T1);`.
  for (const place of places) for (const leaf of leavesOf(machine, place)) inputs.push(readPlace(machine, leaf));
  for (const place of places) lose(machine, place, inputs);
  return null;
}

function mayBeWritten(resolved: ResolvedCall | null, value: unknown): boolean {
  return (
    resolved?.bindings.some(({ argument, direction }) => argument.value === value && direction === 'in-out') ?? false
  );
}

/** EN of a call, TRUE without one. */
export function enableOf(machine: Machine, resolved: ResolvedCall, caller: Frame): Literal {
  const enable = resolved.bindings.find(
    ({ parameterName, parameter }) => keyOf(parameterName) === 'EN' && parameter === null,
  );
  const value = enable?.argument.value ?? null;
  return value === null ? TRUE : machine.terms.asLiteral(machine.evaluate(value, caller));
}

export function copyPlaces(machine: Machine, source: Reference, target: Place): void {
  const [from] = source.alternatives;
  const targets = leavesOf(machine, target);
  const sources = from !== undefined && source.alternatives.length === 1 ? leavesOf(machine, from.place) : [];
  if (sources.length !== targets.length || sources.length === 0) {
    lose(machine, target, []);
    return;
  }
  targets.forEach((leaf, index) => {
    const each = sources[index];
    if (each !== undefined) writePlace(machine, leaf, readPlace(machine, each));
  });
}
