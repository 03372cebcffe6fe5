/** How the models of library blocks see an instance: pins by name, and hidden memory in cells that start with `#`. */

import type { PouSymbol } from '../language/semantics/symbols.js';
import { FALSE, type Literal, not } from './circuit.js';
import type { Machine, Place } from './machine.js';
import { memberPlace } from './places.js';
import type { Choice, Value } from './terms.js';

/** The pins and the memory of one library instance. */
export interface BlockPins {
  readonly machine: Machine;
  readonly path: string;
  readonly target: PouSymbol;
  /** The value of a pin or hidden cell as a literal; the first name that the block has. */
  bit(...names: string[]): Literal;
  number(...names: string[]): Choice;
  setBit(name: string, value: Literal): void;
  setNumber(name: string, value: Value): void;
}

export function pinsOf(machine: Machine, place: Place, target: PouSymbol): BlockPins {
  const { environment, terms } = machine;
  const path = place.path;
  for (const variable of target.variables.values()) memberPlace(machine, place, variable);
  const nameOf = (names: readonly string[]): string =>
    names.find((name) => target.variables.has(name)) ?? names[0] ?? '';
  return {
    machine,
    path,
    target,
    bit: (...names) => {
      const name = nameOf(names);
      // a pin that this version of the block does not have is never TRUE
      return name.startsWith('#') || target.variables.has(name)
        ? terms.asLiteral(environment.read(`${path}.${name}`))
        : FALSE;
    },
    number: (...names) => terms.asChoice(environment.read(`${path}.${nameOf(names)}`)),
    setBit: (name, value) => environment.write(`${path}.${name}`, value),
    setNumber: (name, value) => environment.write(`${path}.${name}`, terms.asChoice(value)),
  };
}

/** Rising edge of a signal that is remembered in `memory` (a cell of the block). */
export function risingEdge(pins: BlockPins, signal: Literal, memory: string): Literal {
  const edge = pins.machine.terms.circuit.and(signal, not(pins.bit(memory)));
  pins.setBit(memory, signal);
  return edge;
}
