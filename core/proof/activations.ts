/** Running the body of a program, function block, function or method in its own memory. */

import { keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';
import type { Body } from '../language/syntax/tree.js';
import { not } from './circuit.js';
import { initialValue } from './initial-values.js';
import { stepLibraryBlock } from './library-blocks.js';
import type { Frame, Machine, Place, Reference } from './machine.js';
import { leavesOf, writePlace } from './memory-access.js';
import { memberPlace, variablePlace } from './places.js';
import { executeSfc } from './sfc.js';
import { executeBody } from './statements.js';

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
  registerStartValues(machine, place, target);
  applyEdges(machine, place, target);
  executeAnyBody(machine, target.declaration.body, frame);
}

/** `block : Block := (x := 1)`: what the instance says counts, not what the type says. */
function registerStartValues(machine: Machine, place: Place, target: PouSymbol): void {
  if (place.initializer?.kind !== 'StructInitializer') return;
  const named = new Set(place.initializer.members.map(({ name }) => keyOf(name?.name ?? '')));
  for (let pou: PouSymbol | null = target; pou !== null; pou = pou.base)
    for (const [key, variable] of pou.variables) if (named.has(key)) memberPlace(machine, place, variable);
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

export function executeAnyBody(machine: Machine, body: Body, frame: Frame): void {
  if (body.kind === 'SfcBody') executeSfc(machine, body, frame);
  else executeBody(machine, body, frame);
}

/** VAR_TEMP and the variables of functions and methods start from their initial values at every call. */
function initialiseTemporaries(machine: Machine, variables: Iterable<VariableSymbol>, frame: Frame): void {
  for (const variable of variables) {
    if (variable.scope === 'temporary') initialise(machine, `${frame.locals}.${keyOf(variable.name)}`, variable);
  }
}

export function initialise(machine: Machine, path: string, variable: VariableSymbol): void {
  for (const leaf of leavesOf(machine, variablePlace(machine, path, variable)))
    writePlace(machine, leaf, initialValue(machine, leaf));
}
