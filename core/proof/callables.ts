/** Functions, methods, actions and properties, unfolded where they are called. */

import type { ResolvedCall } from '../language/semantics/model.js';
import {
  type ActionSymbol,
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
  type VariableSymbol,
} from '../language/semantics/symbols.js';
import type { Type } from '../language/semantics/types.js';
import type { Body, Call } from '../language/syntax/tree.js';
import { executeAnyBody, initialise } from './activations.js';
import { copyPlaces, DEPTH_LIMIT, eachAlternative, enableOf, loseCall } from './call-effects.js';
import { not, TRUE } from './circuit.js';
import { initialValue } from './initial-values.js';
import type { Frame, Machine, Place, Reference } from './machine.js';
import { leavesOf, lose, readPlace, writePlace, writeReference } from './memory-access.js';
import { converted } from './operators.js';
import { behindInterface, isKindOf, variablePlace } from './places.js';
import type { Value } from './terms.js';
import { isScalarType } from './value-types.js';

// ---------------------------------------------------------------------------------------------- functions, methods

export function invokeFunction(
  machine: Machine,
  target: PouSymbol,
  resolved: ResolvedCall,
  caller: Frame,
): Place | null {
  const frame = { self: null, instanceType: null, pou: target, locals: localsOf(caller, target.qualifiedName) };
  return runCallable(
    machine,
    target.variables,
    target.returnType,
    target.declaration?.body ?? null,
    target.name,
    frame,
    resolved,
    caller,
  );
}

function localsOf(caller: Frame, name: string): string {
  return `#${caller.depth + 1}.${keyOf(name)}`;
}

export function invokeMethod(
  machine: Machine,
  call: Call,
  target: MethodSymbol,
  resolved: ResolvedCall,
  caller: Frame,
): Place | null {
  const instance = behindInterface(
    machine,
    machine.refer(resolved.instance ?? { kind: 'Self', which: 'THIS', start: 0, end: 0 }, caller),
  );
  if (instance.alternatives.length === 0) return loseCall(machine, call, resolved, caller);
  const isSuper = containsSuper(resolved);
  let result: Place | null = null;
  eachAlternative(machine, instance, (place) => {
    const instanceType = place.type.kind === 'pou' ? place.type.pou : null;
    const method = isSuper || instanceType === null ? target : (findMethod(instanceType, target.name) ?? target);
    const owner = method.owner.kind === 'pou' ? method.owner : null;
    if (method.declaration === null || owner === null) {
      loseCall(machine, call, resolved, caller);
      return;
    }
    const frame = { self: place.path, instanceType, pou: owner, locals: localsOf(caller, target.name) };
    result = runCallable(
      machine,
      method.variables,
      method.returnType,
      method.declaration.body,
      method.name,
      frame,
      resolved,
      caller,
    );
  });
  return result;
}

function containsSuper(resolved: ResolvedCall): boolean {
  let each = resolved.instance;
  while (each?.kind === 'Dereference' || each?.kind === 'Parenthesized')
    each = each.kind === 'Dereference' ? each.object : each.expression;
  return each?.kind === 'Self' && each.which === 'SUPER';
}

function findMethod(pou: PouSymbol, name: string): MethodSymbol | null {
  for (let each: PouSymbol | null = pou; each !== null; each = each.base) {
    const found = each.methods.get(keyOf(name));
    if (found !== undefined) return found;
  }
  return null;
}

/** Runs a function or method with fresh locals; gives the place of its result. */
function runCallable(
  machine: Machine,
  variables: ReadonlyMap<string, VariableSymbol>,
  returnType: Type,
  body: Body | null,
  name: string,
  scope: Pick<Frame, 'self' | 'instanceType' | 'pou' | 'locals'>,
  resolved: ResolvedCall,
  caller: Frame,
): Place | null {
  const bindings = new Map<VariableSymbol, Reference>();
  const given: { variable: VariableSymbol; value: Value }[] = [];
  const aggregates: { variable: VariableSymbol; source: Reference }[] = [];
  for (const binding of resolved.bindings) {
    const variable = binding.parameter ?? variables.get(keyOf(binding.parameterName)) ?? null;
    const { argument } = binding;
    if (variable === null || argument.value === null || binding.direction === 'out') continue;
    if (binding.direction === 'in-out' || variable.scope === 'in-out')
      bindings.set(variable, machine.refer(argument.value, caller));
    else if (!isScalarType(variable.type)) aggregates.push({ variable, source: machine.refer(argument.value, caller) });
    else {
      const value = machine.evaluate(argument.value, caller);
      given.push({ variable, value: argument.isNegated ? not(machine.terms.asLiteral(value)) : value });
    }
  }
  const result = returnType.kind === 'void' ? null : `${scope.locals}.${keyOf(name)}`;
  const frame: Frame = { ...scope, bindings, result, loop: null, depth: caller.depth + 1 };
  const place: Place | null =
    result === null ? null : { path: result, type: returnType, symbol: null, initializer: null, part: null };
  const run = (): void => {
    for (const variable of variables.values()) {
      if (!isOwnMemory(variable)) continue;
      initialise(machine, `${scope.locals}.${keyOf(variable.name)}`, variable);
    }
    if (place !== null) {
      machine.cells.set(place.path, place);
      for (const leaf of leavesOf(machine, place)) writePlace(machine, leaf, initialValue(machine, leaf));
    }
    for (const { variable, value } of given) {
      writePlace(
        machine,
        variablePlace(machine, `${scope.locals}.${keyOf(variable.name)}`, variable),
        converted(machine, value, variable.type),
      );
    }
    for (const { variable, source } of aggregates)
      copyPlaces(machine, source, variablePlace(machine, `${scope.locals}.${keyOf(variable.name)}`, variable));
    if (body !== null) executeAnyBody(machine, body, frame);
    for (const binding of resolved.bindings) {
      const variable = binding.parameter ?? variables.get(keyOf(binding.parameterName)) ?? null;
      if (binding.direction !== 'out' || variable === null || binding.argument.value === null) continue;
      const source = variablePlace(machine, `${scope.locals}.${keyOf(variable.name)}`, variable);
      const destination = machine.refer(binding.argument.value, caller);
      if (isScalarType(variable.type))
        writeReference(machine, destination, converted(machine, readPlace(machine, source), destination.type));
    }
  };
  const enabled = enableOf(machine, resolved, caller);
  if (enabled === TRUE) run();
  else machine.environment.merge(machine.terms, [{ guard: enabled, layer: machine.environment.branch(run) }]);
  return place;
}

/** VAR_INST and VAR_STAT keep their value from call to call; everything else is fresh at each call. */
function isOwnMemory(variable: VariableSymbol): boolean {
  if (variable.scope === 'in-out' || variable.scope === 'external' || variable.scope === 'global') return false;
  return variable.sectionKind !== 'VAR_INST' && variable.sectionKind !== 'VAR_STAT';
}

export function invokeAction(
  machine: Machine,
  target: ActionSymbol,
  resolved: ResolvedCall,
  caller: Frame,
): Place | null {
  const instance = resolved.instance === null ? null : machine.refer(resolved.instance, caller);
  const run = (self: string | null, instanceType: PouSymbol | null): void => {
    const inside = self !== null && self === caller.self;
    const frame: Frame = {
      ...caller,
      self,
      instanceType,
      pou: target.owner,
      bindings: inside ? caller.bindings : new Map(),
      locals: inside ? `${caller.locals}.${keyOf(target.name)}` : localsOf(caller, target.qualifiedName),
      result: null,
      loop: null,
      depth: caller.depth + 1,
    };
    // an action shares the temporaries of its POU
    const shared = inside ? { ...frame, locals: caller.locals } : frame;
    const returned = machine.environment.read(`#${shared.locals}.RETURN`);
    executeAnyBody(machine, target.declaration.body, shared);
    machine.environment.write(`#${shared.locals}.RETURN`, returned);
  };
  if (instance === null || instance.alternatives.length === 0) {
    const isOwn = caller.instanceType !== null && isKindOf(caller.instanceType, target.owner);
    run(isOwn ? caller.self : machine.rootOfProgram(target.owner), isOwn ? caller.instanceType : target.owner);
    return null;
  }
  eachAlternative(machine, instance, (place) =>
    run(place.path, place.type.kind === 'pou' ? place.type.pou : target.owner),
  );
  return null;
}

// ---------------------------------------------------------------------------------------------- properties

export function readProperty(
  machine: Machine,
  property: PropertySymbol,
  instance: Reference,
  caller: Frame,
): Place | null {
  return runAccessor(machine, property, instance, 'get', null, caller);
}

export function writeProperty(
  machine: Machine,
  property: PropertySymbol,
  instance: Reference,
  value: Value,
  caller: Frame,
): void {
  runAccessor(machine, property, instance, 'set', value, caller);
}

function runAccessor(
  machine: Machine,
  property: PropertySymbol,
  instance: Reference,
  which: 'get' | 'set',
  value: Value | null,
  caller: Frame,
): Place | null {
  if (caller.depth > DEPTH_LIMIT || instance.alternatives.length === 0) return null;
  let result: Place | null = null;
  eachAlternative(machine, behindInterface(machine, instance), (place) => {
    const instanceType = place.type.kind === 'pou' ? place.type.pou : null;
    const actual = instanceType === null ? property : (findProperty(instanceType, property.name) ?? property);
    const accessor = actual.declaration?.[which] ?? null;
    if (accessor === null || actual.owner.kind !== 'pou') {
      if (which === 'set') lose(machine, place, value === null ? [] : [value]);
      return;
    }
    const locals = localsOf(caller, property.qualifiedName);
    const cell: Place = {
      path: `${locals}.${keyOf(property.name)}`,
      type: property.type,
      symbol: null,
      initializer: null,
      part: null,
    };
    machine.cells.set(cell.path, cell);
    for (const leaf of leavesOf(machine, cell)) writePlace(machine, leaf, initialValue(machine, leaf));
    if (value !== null) writePlace(machine, cell, converted(machine, value, property.type));
    const frame: Frame = {
      self: place.path,
      instanceType,
      pou: actual.owner,
      locals,
      bindings: new Map(),
      result: cell.path,
      loop: null,
      depth: caller.depth + 1,
    };
    executeAnyBody(machine, accessor.body, frame);
    result = cell;
  });
  return result;
}

function findProperty(pou: PouSymbol, name: string): PropertySymbol | null {
  for (let each: PouSymbol | null = pou; each !== null; each = each.base) {
    const found = each.properties.get(keyOf(name));
    if (found !== undefined) return found;
  }
  return null;
}
