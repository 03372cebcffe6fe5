/**
 * The variables of a program in linear memory, seen from JavaScript: moved there from the objects of the JavaScript
 * engine, and read and written through objects with the same members.
 */

import type { StateObject } from '../compile/machine.js';
import { type ArrayShape, isAggregate, lengthOf, type ReferenceShape, type Shape } from '../compile/shape.js';
import { ElementCell, MemberCell } from '../run-time/cells.js';
import type { Step } from '../tags.js';
import { valueTypeOf } from './layout.js';
import type { WasmProgram } from './module.js';

type Bounded = (array: unknown, limits: readonly number[]) => unknown;

interface Moved {
  readonly address: number;
  readonly shape: Shape;
}

/** A reference to a scalar at an address. As an element of memory it compares like any other reference. */
class AddressCell extends ElementCell {
  readonly #state: WasmState;
  readonly #shape: Shape;
  constructor(state: WasmState, shape: Shape, address: number) {
    super(state as unknown as Record<number, unknown>, address);
    this.#state = state;
    this.#shape = shape;
  }
  override get v(): unknown {
    return this.#state.get(this.#shape, this.index);
  }
  override set v(value: unknown) {
    this.#state.set(this.#shape, this.index, value);
  }
}

/** A copy of linear memory and of the strings beside it. */
export interface WasmImage {
  readonly memory: Uint8Array;
  readonly strings: readonly unknown[];
}

export class WasmState {
  readonly #program: WasmProgram;
  readonly #memory: DataView;
  readonly #buffer: ArrayBuffer;
  readonly #strings: WebAssembly.Table | null;
  readonly #bounded: Bounded;
  readonly #prototypes = new Map<string, object>();
  readonly #views = new Map<string, unknown>();
  #roots: Readonly<Record<string, StateObject>> | null = null;

  /** `bounded` tells the run-time library the bounds of an array. */
  constructor(program: WasmProgram, buffer: ArrayBuffer, strings: WebAssembly.Table | null, bounded: Bounded) {
    this.#program = program;
    this.#buffer = buffer;
    this.#memory = new DataView(buffer);
    this.#strings = strings;
    this.#bounded = bounded;
    for (const [text, slot] of program.strings) strings?.set(slot, text);
  }

  /** Root objects by name, backed by memory: always the same objects. */
  roots(names: readonly { readonly name: string; readonly shape: Shape }[]): Readonly<Record<string, StateObject>> {
    if (this.#roots !== null) return this.#roots;
    const roots: Record<string, StateObject> = {};
    for (const { name, shape } of names) {
      roots[name] = this.get(shape, this.#program.roots.get(name) ?? 0) as StateObject;
    }
    this.#roots = roots;
    return roots;
  }

  /** The address of a variable: its root object and the steps from there. */
  addressOf(root: string, rootShape: Shape, steps: readonly Step[]): number {
    let address = this.#program.roots.get(root) ?? 0;
    let shape = rootShape;
    for (const step of steps) {
      if ('field' in step && shape.kind === 'object') {
        const member = this.#program.layout.classOf(shape.className).members.get(step.field);
        if (member === undefined) throw new Error(`the layout has no member ${step.field}`);
        address += member.offset;
        shape = member.shape;
      } else if ('index' in step && shape.kind === 'array') {
        address += step.index * this.#program.layout.sizeOf(shape.element);
        shape = shape.element;
      } else throw new Error('a step that the layout does not have');
    }
    return address;
  }

  /** A copy of everything that the program keeps between scans. */
  save(): WasmImage {
    const memory = new Uint8Array(this.#buffer, 0, this.#program.layout.bytes).slice();
    return { memory, strings: this.#stringSlots().map((slot) => this.#strings?.get(slot)) };
  }

  restore(image: WasmImage): void {
    new Uint8Array(this.#buffer).set(image.memory);
    this.#stringSlots().forEach((slot, index) => {
      this.#strings?.set(slot, image.strings[index]);
    });
  }

  /** Places in the table of the strings that are variables of the globals and programs. */
  #stringSlots(): readonly number[] {
    if (this.#slots !== null) return this.#slots;
    const slots: number[] = [];
    const collect = (shape: Shape, address: number): void => {
      if (shape.kind === 'string') slots.push(address >>> 2);
      else if (shape.kind === 'object') {
        for (const member of this.#program.layout.classOf(shape.className).members.values())
          collect(member.shape, address + member.offset);
      } else if (shape.kind === 'array' && isAggregateOrText(shape.element)) {
        const size = this.#program.layout.sizeOf(shape.element);
        for (let index = 0; index < lengthOf(shape); index++) collect(shape.element, address + index * size);
      }
    };
    for (const { shape, address } of this.#program.rootShapes) collect(shape, address);
    this.#slots = slots;
    return slots;
  }

  #slots: readonly number[] | null = null;

  /** The value at an address in the form in which the JavaScript engine stores it. */
  get(shape: Shape, address: number): unknown {
    const memory = this.#memory;
    switch (shape.kind) {
      case 'bool':
        return memory.getUint8(address);
      case 'string':
        return this.#strings?.get(address >>> 2);
      case 'real':
        return memory.getFloat32(address, true);
      case 'object':
        return this.#viewOf(shape.className, address);
      case 'array':
        return this.#arrayOf(shape, address);
      case 'reference':
        return this.#referenceOf(shape, memory.getUint32(address, true));
      case 'integer':
        if (shape.bits === 8) return shape.isSigned ? memory.getInt8(address) : memory.getUint8(address);
        if (shape.bits === 16) return shape.isSigned ? memory.getInt16(address, true) : memory.getUint16(address, true);
        if (shape.bits === 32) return shape.isSigned ? memory.getInt32(address, true) : memory.getUint32(address, true);
        return shape.isSigned ? memory.getBigInt64(address, true) : memory.getBigUint64(address, true);
      default:
        return valueTypeOf(shape) === 'f64' ? memory.getFloat64(address, true) : memory.getBigInt64(address, true);
    }
  }

  /** Sets a scalar at an address; aggregates are set member by member. */
  set(shape: Shape, address: number, value: unknown): void {
    const memory = this.#memory;
    switch (shape.kind) {
      case 'bool':
        memory.setUint8(address, Number(value));
        return;
      case 'string':
        this.#strings?.set(address >>> 2, value);
        return;
      case 'real':
        memory.setFloat32(address, Number(value), true);
        return;
      case 'integer':
        if (shape.bits === 8) {
          memory.setUint8(address, Number(value) & 255);
          return;
        }
        if (shape.bits === 16) {
          memory.setUint16(address, Number(value) & 65_535, true);
          return;
        }
        if (shape.bits === 32) {
          memory.setInt32(address, Number(value) | 0, true);
          return;
        }
        memory.setBigInt64(address, BigInt.asIntN(64, value as bigint), true);
        return;
      case 'object':
      case 'array':
      case 'reference':
        throw new TypeError('aggregates and references in memory are not assigned as a whole');
      default:
        if (valueTypeOf(shape) === 'f64') memory.setFloat64(address, Number(value), true);
        else memory.setBigInt64(address, BigInt.asIntN(64, value as bigint), true);
    }
  }

  #referenceOf(shape: ReferenceShape, target: number): unknown {
    if (target === 0) return null;
    return isAggregate(shape.target) ? this.get(shape.target, target) : new AddressCell(this, shape.target, target);
  }

  #viewOf(className: string, address: number): unknown {
    const key = `${className}@${address}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const view: unknown = Object.create(this.#prototypeOf(className), { address: { value: address } });
    this.#views.set(key, view);
    return view;
  }

  #prototypeOf(className: string): object {
    const known = this.#prototypes.get(className);
    if (known !== undefined) return known;
    const prototype: object = Object.create(null);
    const state = this;
    for (const { name, offset, shape } of this.#program.layout.classOf(className).members.values()) {
      Object.defineProperty(prototype, name, {
        get(this: { readonly address: number }) {
          return state.get(shape, this.address + offset);
        },
        set(this: { readonly address: number }, value: unknown) {
          state.set(shape, this.address + offset, value);
        },
      });
    }
    this.#prototypes.set(className, prototype);
    return prototype;
  }

  #arrayOf(shape: ArrayShape, address: number): unknown {
    const length = lengthOf(shape);
    const key = `[${length}]@${address}`;
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const view = typedView(shape.element, this.#buffer, address, length) ?? this.#plainArray(shape, address, length);
    const limits = (shape.dimensions ?? []).flatMap((each) => [each.lower, each.upper]);
    this.#bounded(view, limits);
    this.#views.set(key, view);
    return view;
  }

  #plainArray(shape: ArrayShape, address: number, length: number): unknown[] {
    const size = this.#program.layout.sizeOf(shape.element);
    const view: unknown[] = new Array<unknown>(length);
    for (let index = 0; index < length; index++) {
      const place = address + index * size;
      Object.defineProperty(view, index, {
        enumerable: true,
        get: () => this.get(shape.element, place),
        set: (value: unknown) => this.set(shape.element, place, value),
      });
    }
    return view;
  }

  /**
   * Moves the state of the JavaScript engine into memory. False when it holds a reference to something that is no
   * variable of the globals or programs: then it can't be moved.
   */
  moveFrom(roots: Readonly<Record<string, unknown>>, shapes: ReadonlyMap<string, Shape>): boolean {
    const moved = new Map<unknown, Moved>();
    const references: { readonly address: number; readonly shape: ReferenceShape; readonly value: unknown }[] = [];
    const move = (shape: Shape, address: number, value: unknown): void => {
      if (shape.kind === 'object') {
        moved.set(value, { address, shape });
        for (const member of this.#program.layout.classOf(shape.className).members.values()) {
          move(member.shape, address + member.offset, (value as Record<string, unknown>)[member.name]);
        }
      } else if (shape.kind === 'array') {
        moved.set(value, { address, shape });
        const size = this.#program.layout.sizeOf(shape.element);
        const elements = value as ArrayLike<unknown>;
        for (let index = 0; index < elements.length; index++)
          move(shape.element, address + index * size, elements[index]);
      } else if (shape.kind === 'reference') references.push({ address, shape, value });
      else this.set(shape, address, value);
    };
    for (const [name, shape] of shapes) move(shape, this.#program.roots.get(name) ?? 0, roots[name]);
    return references.every(({ address, shape, value }) => {
      const target = this.#targetOf(value, shape.target, moved);
      if (target === null) return false;
      this.#memory.setUint32(address, target, true);
      return true;
    });
  }

  #targetOf(reference: unknown, target: Shape, moved: ReadonlyMap<unknown, Moved>): number | null {
    if (reference === null || reference === undefined) return 0;
    if (isAggregate(target)) return moved.get(reference)?.address ?? null;
    if (reference instanceof MemberCell) {
      const owner = moved.get(reference.object);
      if (owner?.shape.kind !== 'object') return null;
      const member = this.#program.layout.classOf(owner.shape.className).members.get(reference.key);
      return member === undefined ? null : owner.address + member.offset;
    }
    if (reference instanceof ElementCell) {
      const owner = moved.get(reference.object);
      if (owner?.shape.kind !== 'array') return null;
      return owner.address + reference.index * this.#program.layout.sizeOf(owner.shape.element);
    }
    return null;
  }
}

function isAggregateOrText(shape: Shape): boolean {
  return shape.kind === 'string' || isAggregate(shape);
}

function typedView(element: Shape, buffer: ArrayBuffer, address: number, length: number): unknown {
  switch (element.kind) {
    case 'bool':
      return new Uint8Array(buffer, address, length);
    case 'integer':
      switch (element.bits) {
        case 8:
          return element.isSigned ? new Int8Array(buffer, address, length) : new Uint8Array(buffer, address, length);
        case 16:
          return element.isSigned ? new Int16Array(buffer, address, length) : new Uint16Array(buffer, address, length);
        case 32:
          return element.isSigned ? new Int32Array(buffer, address, length) : new Uint32Array(buffer, address, length);
        case 64:
          return element.isSigned
            ? new BigInt64Array(buffer, address, length)
            : new BigUint64Array(buffer, address, length);
      }
      return null;
    case 'real':
      return new Float32Array(buffer, address, length);
    case 'string':
    case 'array':
    case 'object':
    case 'reference':
      return null;
    default:
      return valueTypeOf(element) === 'f64'
        ? new Float64Array(buffer, address, length)
        : new BigInt64Array(buffer, address, length);
  }
}
