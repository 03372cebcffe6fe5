/**
 * References to single values. Objects and arrays are their own reference; a scalar needs a cell with a member `v`
 * that reads and writes the variable it stands for.
 */

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
  return false;
}
