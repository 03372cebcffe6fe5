/** Calls: functions, function blocks, methods, actions and programs are unfolded where they are called. */

import type { ArgumentBinding, ResolvedCall } from '../language/semantics/model.js';
import { keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';
import type { Call } from '../language/syntax/tree.js';
import { executeInstance } from './activations.js';
import { copyPlaces, DEPTH_LIMIT, eachAlternative, enableOf, loseCall } from './call-effects.js';
import { invokeAction, invokeFunction, invokeMethod } from './callables.js';
import { FALSE, not, TRUE } from './circuit.js';
import { addressOf } from './expressions.js';
import type { Frame, Machine, Place, Reference } from './machine.js';
import { readPlace, writePlace, writeReference } from './memory-access.js';
import { converted } from './operators.js';
import { memberPlace } from './places.js';
import { isScalarType } from './value-types.js';
import { findVariable } from './variables.js';

/** Executes a call; gives the place of its result, or null when it has none or could not be resolved. */
export function invoke(machine: Machine, call: Call, frame: Frame): Place | null {
  const resolved = machine.model.callOf(call);
  const target = resolved?.target ?? null;
  if (resolved === null || target === null || frame.depth > DEPTH_LIMIT)
    return loseCall(machine, call, resolved, frame);
  if (target.kind === 'action') return invokeAction(machine, target, resolved, frame);
  if (target.kind === 'method') return invokeMethod(machine, call, target, resolved, frame);
  if (target.pouKind === 'function') {
    return target.declaration === null
      ? loseCall(machine, call, resolved, frame)
      : invokeFunction(machine, target, resolved, frame);
  }
  if (target.pouKind === 'program') {
    const place: Place = {
      path: machine.rootOfProgram(target),
      type: { kind: 'pou', pou: target },
      symbol: null,
      initializer: null,
      part: null,
    };
    runInstance(machine, place, target, resolved, frame);
    return null;
  }
  const instance = resolved.instance === null ? null : machine.refer(resolved.instance, frame);
  if (instance === null || instance.alternatives.length === 0) return loseCall(machine, call, resolved, frame);
  eachAlternative(machine, instance, (place) => runInstance(machine, place, target, resolved, frame));
  return null;
}

// ---------------------------------------------------------------------------------------------- function blocks

/** Calls the body of an instance with the arguments of a call. */
function runInstance(machine: Machine, place: Place, target: PouSymbol, resolved: ResolvedCall, caller: Frame): void {
  const enabled = enableOf(machine, resolved, caller);
  const run = (): void => {
    const bindings = new Map<VariableSymbol, Reference>();
    for (const binding of resolved.bindings) passArgument(machine, place, target, binding, caller, bindings);
    executeInstance(machine, place, target, bindings, caller.depth + 1);
    for (const binding of resolved.bindings) takeOutput(machine, place, target, binding, caller);
  };
  if (enabled === TRUE) {
    run();
    return;
  }
  machine.environment.merge(machine.terms, [{ guard: enabled, layer: machine.environment.branch(run) }]);
}

function passArgument(
  machine: Machine,
  place: Place,
  target: PouSymbol,
  { argument, parameter, parameterName, direction, parameterType }: ArgumentBinding,
  caller: Frame,
  bindings: Map<VariableSymbol, Reference>,
): void {
  if (argument.value === null || direction === 'out') return;
  const pin = parameter ?? findVariable(target, parameterName);
  if (pin === null) return;
  if (direction === 'in-out' || pin.scope === 'in-out') {
    bindings.set(pin, machine.refer(argument.value, caller));
    return;
  }
  const pinPlace = memberPlace(machine, place, pin);
  if (!isScalarType(pin.type)) {
    copyPlaces(machine, machine.refer(argument.value, caller), pinPlace);
    return;
  }
  const isInstance = pin.type.kind === 'interface' && machine.model.typeOf(argument.value).kind === 'pou';
  const value = isInstance ? addressOf(machine, argument.value, caller) : machine.evaluate(argument.value, caller);
  const given = argument.isNegated ? not(machine.terms.asLiteral(value)) : value;
  writePlace(machine, pinPlace, converted(machine, given, parameterType.kind === 'unknown' ? pin.type : parameterType));
}

function takeOutput(
  machine: Machine,
  place: Place,
  target: PouSymbol,
  { argument, parameter, parameterName, direction }: ArgumentBinding,
  caller: Frame,
): void {
  if (argument.value === null || direction !== 'out') return;
  const pin = parameter ?? findVariable(target, parameterName);
  const destination = machine.refer(argument.value, caller);
  if (pin === null) {
    if (keyOf(parameterName) === 'ENO') writeReference(machine, destination, TRUE);
    return;
  }
  const source = memberPlace(machine, place, pin);
  if (!isScalarType(pin.type)) {
    for (const each of destination.alternatives)
      copyPlaces(
        machine,
        { alternatives: [{ guard: TRUE, place: source }], unknown: FALSE, label: source.path, type: pin.type },
        each.place,
      );
    return;
  }
  const value = readPlace(machine, source);
  const given = argument.isNegated ? not(machine.terms.asLiteral(value)) : value;
  writeReference(machine, destination, converted(machine, given, destination.type));
}
