/**
 * References to single values. Objects and arrays are their own reference; a scalar needs a cell with a member `v`
 * that reads and writes the variable it stands for.
 */

import { raise } from './fault.js';

/** What a reference to a scalar looks like. */
export interface Cell {
  v: unknown;
}

/** A local variable of which a reference is taken. */
export class BoxCell implements Cell {
  v: unknown;
  constructor(v: unknown) {
    this.v = v;
  }
}

/** A member of an object: reads and writes through the object. */
export class MemberCell implements Cell {
  readonly object: Record<string, unknown>;
  readonly key: string;
  constructor(object: Record<string, unknown>, key: string) {
    this.object = object;
    this.key = key;
  }
  get v(): unknown {
    return this.object[this.key];
  }
  set v(value: unknown) {
    this.object[this.key] = value;
  }
}

/** An element of an array. */
export class ElementCell implements Cell {
  readonly object: Record<number, unknown>;
  readonly index: number;
  constructor(object: Record<number, unknown>, index: number) {
    this.object = object;
    this.index = index;
  }
  get v(): unknown {
    return this.object[this.index];
  }
  set v(value: unknown) {
    this.object[this.index] = value;
  }
}

/** True when both references stand for the same variable. */
export function sameReference(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof MemberCell && b instanceof MemberCell) return a.object === b.object && a.key === b.key;
  if (a instanceof ElementCell && b instanceof ElementCell) return a.object === b.object && a.index === b.index;
  if (a instanceof OutsideCell && b instanceof OutsideCell) return a.object === b.object && a.index === b.index;
  return false;
}

/** Where a pointer stands that was moved off the variable it pointed to: it can be moved back, but not used. */
export class OutsideCell implements Cell {
  /** The array, or the cell of a single variable. */
  readonly object: object;
  readonly index: number;
  readonly site: number;
  constructor(object: object, index: number, site: number) {
    this.object = object;
    this.index = index;
    this.site = site;
  }
  get v(): unknown {
    return this.#refuse();
  }
  set v(_value: unknown) {
    this.#refuse();
  }
  #refuse(): never {
    return raise(
      'null-reference',
      this.site,
      'the pointer was moved here to a place outside of the variable, and is used there',
    );
  }
}

interface Position {
  readonly object: object;
  readonly index: number;
}

/** The array and the element that a pointer stands for; a single variable is an array of one element. */
function positionOf(reference: object): Position {
  return reference instanceof ElementCell || reference instanceof OutsideCell
    ? reference
    : { object: reference, index: 0 };
}

function at(object: object, index: number, site: number): object {
  if (Array.isArray(object) || ArrayBuffer.isView(object)) {
    const array = object as unknown as { readonly length: number; readonly [index: number]: unknown };
    return index >= 0 && index < array.length ? new ElementCell(array, index) : new OutsideCell(object, index, site);
  }
  return index === 0 ? object : new OutsideCell(object, index, site);
}

/** A pointer further by a number of bytes, which must be whole elements of `size` bytes. */
export function movedReference(reference: object | null, bytes: number, size: number, site: number): object {
  if (reference === null)
    return raise('null-reference', site, 'a null pointer is moved: assign it before, or check it');
  const steps = bytes / size;
  if (!Number.isInteger(steps))
    return raise(
      'null-reference',
      site,
      `the pointer is moved by ${bytes} bytes, into the middle of a value of ${size} bytes`,
    );
  const { object, index } = positionOf(reference);
  return at(object, index + steps, site);
}

/** Bytes from one pointer to another one into the same array. */
export function distanceBetween(a: object | null, b: object | null, size: number, site: number): number {
  if (a === null || b === null)
    return raise('null-reference', site, 'a null pointer has no place: assign it before, or check it');
  const [one, other] = [positionOf(a), positionOf(b)];
  if (one.object !== other.object && !sameReference(one.object, other.object))
    return raise('null-reference', site, 'the pointers stand for different variables, whose order is not known');
  return (one.index - other.index) * size;
}
