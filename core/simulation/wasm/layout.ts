/** Where values lie in linear memory: sizes of shapes, offsets of members, fixed addresses of programs and globals. */

import type { ClassForm } from '../compile/ir.js';
import { lengthOf, type Shape } from '../compile/shape.js';
import type { ValueType } from './encoder.js';
import { unsupported } from './unsupported.js';

/** A member of a class in memory. */
export interface Member {
  readonly name: string;
  readonly offset: number;
  readonly shape: Shape;
  /** The declaring class and the name: two members with different marks never overlap. */
  readonly mark: string;
}

export interface ClassLayout {
  readonly form: ClassForm;
  readonly size: number;
  /** Own members and those of the bases, by name. */
  readonly members: ReadonlyMap<string, Member>;
}

/** Type of a value on the WebAssembly stack; aggregates and references are addresses. */
export function valueTypeOf(shape: Shape): ValueType {
  switch (shape.kind) {
    case 'bool':
    case 'array':
    case 'object':
    case 'reference':
      return 'i32';
    case 'integer':
      return shape.bits === 64 ? 'i64' : 'i32';
    case 'real':
      return 'f32';
    // Nanoseconds as in JavaScript: whole numbers that a double holds exactly, with the same limit.
    case 'lreal':
    case 'time':
    case 'time-of-day':
      return 'f64';
    case 'string':
      return 'externref';
    case 'interface':
    case 'void':
    case 'unknown':
      return unsupported(`a value of kind ${shape.kind}`);
    default:
      return 'i64';
  }
}

const FIRST_ADDRESS = 16;

/** Lays out classes on demand and hands out addresses. */
export class Layout {
  readonly #classes: ReadonlyMap<string, ClassForm>;
  readonly #layouts = new Map<string, ClassLayout>();
  readonly #overridden = new Map<string, ClassForm[]>();
  #next = FIRST_ADDRESS;
  #hasStrings = false;

  constructor(classes: readonly ClassForm[]) {
    this.#classes = new Map(classes.map((form) => [form.name, form]));
    for (const form of classes) {
      for (let base = this.base(form); base !== null; base = this.base(base)) {
        const known = this.#overridden.get(base.name) ?? [];
        known.push(form);
        this.#overridden.set(base.name, known);
      }
    }
  }

  /** Bytes in use so far. */
  get bytes(): number {
    return this.#next;
  }

  get hasStrings(): boolean {
    return this.#hasStrings;
  }

  get classes(): ReadonlyMap<string, ClassForm> {
    return this.#classes;
  }

  base(form: ClassForm): ClassForm | null {
    return form.base === null ? null : (this.#classes.get(form.base) ?? null);
  }

  /** Classes that extend a class, directly or not. */
  derived(className: string): readonly ClassForm[] {
    return this.#overridden.get(className) ?? [];
  }

  /** A new address for a value of a shape. */
  allocate(shape: Shape): number {
    const address = this.#next;
    this.#next += (this.sizeOf(shape) + 7) & ~7;
    if (this.#next > 2 ** 28) unsupported('more than 256 MB of variables');
    return address;
  }

  classOf(name: string): ClassLayout {
    const known = this.#layouts.get(name);
    if (known !== undefined) return known;
    const form = this.#classes.get(name);
    if (form === undefined) return unsupported('a class that is not in the program');
    if (form.isUnion === true) return unsupported('a UNION');
    const base = this.base(form);
    const inherited = base === null ? null : this.classOf(base.name);
    const members = new Map(inherited?.members);
    let offset = inherited?.size ?? 0;
    for (const field of form.fields) {
      if (field.sharedAs !== null || field.shape.kind === 'unknown' || field.shape.kind === 'void') continue;
      const align = this.#alignmentOf(field.shape);
      offset = (offset + align - 1) & -align;
      members.set(field.name, { name: field.name, offset, shape: field.shape, mark: `${name}.${field.name}` });
      offset += this.sizeOf(field.shape);
    }
    const layout = { form, size: (offset + 7) & ~7, members };
    this.#layouts.set(name, layout);
    return layout;
  }

  memberOf(className: string, name: string): Member {
    return this.classOf(className).members.get(name) ?? unsupported('a member without a place in memory');
  }

  #alignmentOf(shape: Shape): number {
    if (shape.kind === 'array') return this.#alignmentOf(shape.element);
    return shape.kind === 'object' ? 8 : Math.max(1, this.sizeOf(shape));
  }

  /** Bytes of a value. A string takes four: its place in the table of strings is its address divided by four. */
  sizeOf(shape: Shape): number {
    switch (shape.kind) {
      case 'bool':
        return 1;
      case 'integer':
        return shape.bits / 8;
      case 'string':
        this.#hasStrings = true;
        return 4;
      case 'real':
      case 'reference':
        return 4;
      case 'array':
        if (shape.dimensions === null) return unsupported('an array with open bounds');
        return lengthOf(shape) * this.sizeOf(shape.element);
      case 'object':
        return this.classOf(shape.className).size;
      case 'interface':
        return unsupported('an interface');
      case 'void':
      case 'unknown':
        return unsupported('a variable of a type that the simulator does not know');
      default:
        return 8;
    }
  }
}
