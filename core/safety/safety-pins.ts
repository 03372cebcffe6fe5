/** Pins of function blocks: what is wired to them, and which of them always get the same value. */

import { keyOf } from '../language/semantics/symbols.js';
import type { Location } from './dataflow/location.js';
import type { WriteEvent } from './dataflow/trace.js';
import type { SafetyModel } from './safety-model.js';

export interface Pin {
  readonly instance: Location;
  readonly name: string;
  /** Upper-case name of the block's type. */
  readonly type: string;
  readonly isUserBlock: boolean;
}

/** The pin that a location is; null when its enclosing location is no instance of a function block. */
export function pinOf(location: Location, model: SafetyModel): Pin | null {
  const dot = location.lastIndexOf('.');
  if (dot < 0) return null;
  const instance = location.slice(0, dot);
  const type = model.variableAt(instance)?.type;
  if (type?.kind !== 'pou') return null;
  return {
    instance,
    name: location.slice(dot + 1),
    type: keyOf(type.pou.name),
    isUserBlock: !type.pou.isLibrary && type.pou.declaration !== null,
  };
}

/** The pin in the spelling of the block. */
export function pinName(pin: Pin, model: SafetyModel): string {
  return model.variableAt(`${pin.instance}.${pin.name}`)?.name ?? pin.name;
}

export interface PinWrite {
  readonly pin: Pin;
  readonly event: WriteEvent;
}

const PIN_WRITES = new WeakMap<SafetyModel, readonly PinWrite[]>();

/** Writes of pins from outside of their block, by a call or by an assignment. Memo by identity: several rules ask. */
export function pinWritesOf(model: SafetyModel): readonly PinWrite[] {
  const known = PIN_WRITES.get(model);
  if (known !== undefined) return known;
  const writes = model.trace.writes.flatMap((event): PinWrite[] => {
    if (event.kind === 'library') return [];
    const pin = pinOf(event.target, model);
    const isOwnVariable = pin?.instance === event.frame.self && event.kind !== 'input';
    return pin === null || isOwnVariable ? [] : [{ pin, event }];
  });
  PIN_WRITES.set(model, writes);
  return writes;
}

/** True when a pin is given TRUE by a literal, a constant, or a variable that holds nothing else here. */
export function isConstantTrue(event: WriteEvent, model: SafetyModel): boolean {
  return constantOfEvent(event, model) === true;
}

export function constantOfEvent(event: WriteEvent, model: SafetyModel): boolean | null {
  if (event.value === null) return null;
  const value = model.site.project.model.constantOf(event.value);
  if (typeof value === 'boolean') return value !== event.isNegated;
  const formula = model.formulaOf(event.value, event.frame);
  if (formula.kind !== 'atom' || formula.location === null) return null;
  const held = constantAt(formula.location, model, event.order);
  return held === null ? null : held !== event.isNegated;
}
/** The constant that a location holds at a point of the scan: the last write before it is one, and unconditional. */
export function constantAt(location: string, model: SafetyModel, order: number): boolean | null {
  const earlier = model.index.writersOf(location).filter((event) => event.order < order);
  const last = earlier.at(-1);
  if (last === undefined || last.target !== location || last.condition !== null || last.guard !== null) return null;
  if (!last.isCertain || last.value === null || (last.kind !== 'assign' && last.kind !== 'input')) return null;
  const value = model.site.project.model.constantOf(last.value);
  return typeof value === 'boolean' ? value !== last.isNegated : null;
}
