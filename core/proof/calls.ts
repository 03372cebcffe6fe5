/** Calls: functions, function blocks, methods, actions and programs are unfolded where they are called. */

import type { ArgumentBinding, ResolvedCall } from '../language/semantics/model.js';
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
import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { initialValue } from './initial-values.js';
import { stepLibraryBlock } from './library-blocks.js';
import type { Frame, Machine, Place, Reference } from './machine.js';
import { converted } from './operators.js';
import {
  isKindOf,
  leavesOf,
  lose,
  memberPlace,
  readPlace,
  variablePlace,
  writePlace,
  writeReference,
} from './places.js';
import { executeSfc } from './sfc.js';
import { executeBody } from './statements.js';
import type { Value } from './terms.js';
import { isScalarType } from './value-types.js';
import { findVariable } from './variables.js';

/** Calls nested deeper than this are recursion. */
const DEPTH_LIMIT = 40;

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

function eachAlternative(machine: Machine, reference: Reference, run: (place: Place) => void): void {
  for (const { guard, place } of reference.alternatives) {
    if (guard === TRUE) run(place);
    else machine.environment.merge(machine.terms, [{ guard, layer: machine.environment.branch(() => run(place)) }]);
  }
}

/** What could not be resolved may write whatever it is given by reference. */
function loseCall(machine: Machine, call: Call, resolved: ResolvedCall | null, frame: Frame): null {
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
  for (const { value } of lost)
    if (value !== null) for (const { place } of machine.refer(value, frame).alternatives) lose(machine, place, inputs);
  const instance = resolved?.instance ?? (call.callee.kind === 'Member' ? call.callee.object : call.callee);
  if (machine.model.symbolOf(instance)?.kind === 'variable') {
    for (const { place } of machine.refer(instance, frame).alternatives) lose(machine, place, inputs);
  }
  return null;
}

function mayBeWritten(resolved: ResolvedCall | null, value: unknown): boolean {
  return (
    resolved?.bindings.some(({ argument, direction }) => argument.value === value && direction === 'in-out') ?? false
  );
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

/** EN of a call, TRUE without one. */
function enableOf(machine: Machine, resolved: ResolvedCall, caller: Frame): Literal {
  const enable = resolved.bindings.find(
    ({ parameterName, parameter }) => keyOf(parameterName) === 'EN' && parameter === null,
  );
  const value = enable?.argument.value ?? null;
  return value === null ? TRUE : machine.terms.asLiteral(machine.evaluate(value, caller));
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
  const value = machine.evaluate(argument.value, caller);
  const given = argument.isNegated ? not(machine.terms.asLiteral(value)) : value;
  writePlace(machine, pinPlace, converted(machine, given, parameterType.kind === 'unknown' ? pin.type : parameterType));
}

function copyPlaces(machine: Machine, source: Reference, target: Place): void {
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

/** Runs the body of a program or function block instance once. */
export function executeInstance(
  machine: Machine,
  place: Place,
  target: PouSymbol,
  bindings: ReadonlyMap<VariableSymbol, Reference>,
  depth: number,
): void {
  const instanceType = place.type.kind === 'pou' ? place.type.pou : target;
  if (target.declaration === null) {
    stepLibraryBlock(machine, place, target, bindings);
    return;
  }
  const frame: Frame = {
    self: place.path,
    instanceType,
    pou: target,
    locals: `${place.path}.#TEMP`,
    bindings,
    result: null,
    loop: null,
    depth,
  };
  for (let pou: PouSymbol | null = target; pou !== null; pou = pou.base)
    initialiseTemporaries(machine, pou.variables.values(), frame);
  applyEdges(machine, place, target);
  executeAnyBody(machine, target.declaration.body, frame);
}

/** `R_EDGE` and `F_EDGE` inputs: the body sees the edge, not the level. */
function applyEdges(machine: Machine, place: Place, target: PouSymbol): void {
  const { terms, environment } = machine;
  for (const pin of target.variables.values()) {
    if (pin.edge === null) continue;
    const path = memberPlace(machine, place, pin).path;
    const level = terms.asLiteral(environment.read(path));
    const memory = terms.asLiteral(environment.read(`${path}.#M`));
    environment.write(
      path,
      pin.edge === 'rising' ? terms.circuit.and(level, not(memory)) : terms.circuit.and(not(level), not(memory)),
    );
    environment.write(`${path}.#M`, pin.edge === 'rising' ? level : not(level));
  }
}

function executeAnyBody(machine: Machine, body: Body, frame: Frame): void {
  if (body.kind === 'SfcBody') executeSfc(machine, body, frame);
  else executeBody(machine, body, frame);
}

/** VAR_TEMP and the variables of functions and methods start from their initial values at every call. */
function initialiseTemporaries(machine: Machine, variables: Iterable<VariableSymbol>, frame: Frame): void {
  for (const variable of variables) {
    if (variable.scope === 'temporary') initialise(machine, `${frame.locals}.${keyOf(variable.name)}`, variable);
  }
}

function initialise(machine: Machine, path: string, variable: VariableSymbol): void {
  for (const leaf of leavesOf(machine, variablePlace(machine, path, variable)))
    writePlace(machine, leaf, initialValue(machine, leaf));
}

// ---------------------------------------------------------------------------------------------- functions, methods

function invokeFunction(machine: Machine, target: PouSymbol, resolved: ResolvedCall, caller: Frame): Place | null {
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

function invokeMethod(
  machine: Machine,
  call: Call,
  target: MethodSymbol,
  resolved: ResolvedCall,
  caller: Frame,
): Place | null {
  const instance =
    resolved.instance === null
      ? machine.refer({ kind: 'Self', which: 'THIS', start: 0, end: 0 }, caller)
      : machine.refer(resolved.instance, caller);
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
      if (!isOwnMemory(variable, scope)) continue;
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

/** VAR_INST and VAR_STAT of a method live in the instance; everything else is fresh at each call. */
function isOwnMemory(variable: VariableSymbol, scope: Pick<Frame, 'self'>): boolean {
  if (variable.scope === 'in-out' || variable.scope === 'external' || variable.scope === 'global') return false;
  const isStatic = variable.sectionKind === 'VAR_INST' || variable.sectionKind === 'VAR_STAT';
  return !(isStatic && scope.self !== null);
}

function invokeAction(machine: Machine, target: ActionSymbol, resolved: ResolvedCall, caller: Frame): Place | null {
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
  eachAlternative(machine, instance, (place) => {
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
