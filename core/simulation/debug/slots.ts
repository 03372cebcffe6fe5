/** Variables of a stopped program as places that can be read, set and opened. */

import type { Project } from '../../language/semantics/model.js';
import type { SourceFile } from '../../language/syntax/tree.js';
import type { ClassForm, Field } from '../compile/ir.js';
import type { StateObject } from '../compile/machine.js';
import { fieldName } from '../compile/mangle.js';
import { type ArrayShape, describeShape, isAggregate, lengthOf, type Shape } from '../compile/shape.js';
import type { LoweredProgram } from '../lower/program.js';
import { describeValue, fromInput, type RunTimeValue } from '../values.js';

/** A variable, element or group of variables. Valid until the program goes on. */
export interface Slot {
  /** As the tree shows it: `x`, `[3]`. */
  readonly name: string;
  /** The expression that names it where execution stands; null when none does. */
  readonly path: string | null;
  readonly shape: Shape;
  /** In the form of `RunTimeValue` for scalars. */
  read(): unknown;
  /** Takes a value of the shape. Null where nothing can be stored. */
  readonly write: ((value: RunTimeValue) => void) | null;
}

/** A name as an expression writes it: a part that is no plain identifier, as Siemens allows, stands in quotes. */
export function spelled(name: string): string {
  if (name.startsWith('%')) return name;
  const parts = name.split('.');
  return parts.map((part) => (/^[\p{L}_][\p{L}\p{N}_]*(\[[-\d,]+\])*$/u.test(part) ? part : `"${part}"`)).join('.');
}

/** A named value that is no variable: the scan number, a group. */
export interface Group {
  readonly name: string;
  readonly text: string;
  readonly children: readonly (Slot | Group)[];
}

export function isGroup(each: Slot | Group): each is Group {
  return 'children' in each;
}

/** Reads and stores a BOOL that is held as 0 or 1. */
export function storedSlot(
  owner: Record<string | number, unknown>,
  key: string | number,
  rest: Omit<Slot, 'read' | 'write'>,
): Slot {
  const isBool = rest.shape.kind === 'bool';
  return {
    ...rest,
    read: () => (isBool ? owner[key] === 1 : owner[key]),
    write: isAggregate(rest.shape)
      ? null
      : (value) => {
          owner[key] = isBool ? (value === true ? 1 : 0) : value;
        },
  };
}

/** Opens variables of the classes of one program. */
export class SlotTree {
  readonly #classes: ReadonlyMap<string, ClassForm>;
  readonly #program: LoweredProgram;
  readonly #files: ReadonlySet<SourceFile>;
  readonly #members = new Map<string, readonly Field[]>();

  constructor(program: LoweredProgram, project: Project) {
    this.#program = program;
    this.#files = new Set(project.files);
    this.#classes = new Map(program.classes.map((form) => [form.name, form]));
  }

  /** Members of a class with those of its bases first. */
  fieldsOf(className: string): readonly Field[] {
    const chain: ClassForm[] = [];
    for (let form = this.#classes.get(className); form !== undefined; form = this.#classes.get(form.base ?? ''))
      chain.unshift(form);
    return chain.flatMap((form) => form.fields);
  }

  /** The slot of a member; one at a direct address lives in the globals. */
  memberSlot(object: StateObject, globals: StateObject, field: Field, path: string | null): Slot {
    const owner = field.sharedAs === null ? object : globals;
    return storedSlot(owner, field.sharedAs ?? field.name, { name: field.label, path, shape: field.shape });
  }

  /** How many children there are; arrays tell apart so that a view can page. */
  count(slot: Slot): { readonly named: number; readonly indexed: number } {
    const target = this.target(slot);
    if (target === null) return { named: 0, indexed: 0 };
    if (target.shape.kind === 'array') return { named: 0, indexed: elementCount(target) };
    if (target.shape.kind === 'object') return { named: this.#membersOf(target.shape.className).length, indexed: 0 };
    return { named: target === slot ? 0 : 1, indexed: 0 };
  }

  children(slot: Slot, globals: StateObject, from = 0, count = Number.POSITIVE_INFINITY): readonly Slot[] {
    const target = this.target(slot);
    if (target === null) return [];
    const { shape, path } = target;
    if (shape.kind === 'array') return elementsOf(target, shape, from, count);
    if (shape.kind === 'object') {
      const object = target.read() as StateObject;
      return this.#membersOf(shape.className).map((field) =>
        this.memberSlot(object, globals, field, path === null ? null : `${path}.${spelled(field.label)}`),
      );
    }
    return target === slot ? [] : [target];
  }

  #membersOf(className: string): readonly Field[] {
    const known = this.#members.get(className);
    if (known !== undefined) return known;
    const internal = this.#internalNames(className);
    const members = this.fieldsOf(className).filter(
      (field) =>
        !internal.has(field.name) &&
        (!field.isHidden || (field.label !== field.name && field.shape.kind === 'reference')),
    );
    this.#members.set(className, members);
    return members;
  }

  /** Inner variables of the model of a library block: nobody has declared them in the project. */
  #internalNames(className: string): ReadonlySet<string> {
    const names = new Set<string>();
    for (let pou = this.#program.pous.get(className) ?? null; pou !== null; pou = pou.base) {
      if (pou.site === null || this.#files.has(pou.site.file)) continue;
      for (const { name, scope } of pou.variables.values()) if (scope === 'local') names.add(fieldName(name));
    }
    return names;
  }

  /** What a reference or interface stands for; the slot itself for all else. Null for a reference to nothing. */
  target(slot: Slot): Slot | null {
    const { shape } = slot;
    if (shape.kind === 'reference') {
      const held = slot.read();
      if (held === null || held === undefined) return null;
      const path = slot.path === null ? null : `${slot.path}^`;
      if (isAggregate(shape.target)) return { name: '^', path, shape: shape.target, read: () => held, write: null };
      return storedSlot(held as Record<string, unknown>, 'v', { name: '^', path, shape: shape.target });
    }
    if (shape.kind !== 'interface') return slot;
    const object = slot.read();
    if (typeof object !== 'object' || object === null) return null;
    const form = this.#classes.get(object.constructor.name);
    if (form === undefined) return null;
    return {
      ...slot,
      shape: { kind: 'object', className: form.name, typeName: form.typeName },
      read: () => object,
      write: null,
    };
  }

  /** The value as a person reads it: `T#50ms`, an enumeration by name, a structure by its first members. */
  describe(slot: Slot, globals: StateObject, format: 'plain' | 'hex' = 'plain'): string {
    const { shape } = slot;
    if (shape.kind === 'reference' || shape.kind === 'interface') {
      const target = this.target(slot);
      if (target === null) return 'NULL';
      return `-> ${this.describe(target, globals, format)}`;
    }
    if (shape.kind === 'array') return typeName(shape);
    if (shape.kind === 'object') {
      const first = this.children(slot, globals)
        .filter(({ shape: inner }) => !isAggregate(inner) && inner.kind !== 'reference' && inner.kind !== 'interface')
        .slice(0, 4)
        .map((each) => `${each.name}: ${this.describe(each, globals, format)}`);
      return first.length === 0 ? shape.typeName : `${shape.typeName} (${first.join(', ')})`;
    }
    const value = slot.read() as RunTimeValue;
    if (format === 'hex' && shape.kind === 'integer' && value !== null)
      return `16#${BigInt.asUintN(shape.bits, BigInt(value))
        .toString(16)
        .toUpperCase()
        .padStart(shape.bits / 4, '0')}`;
    return describeValue(value, shape);
  }

  /** Paths of all instances, structures and arrays by their objects, as tags name them; of the globals: nothing. */
  instancePaths(roots: Readonly<Record<string, StateObject>>): ReadonlyMap<unknown, string> {
    const paths = new Map<unknown, string>();
    const visit = (value: unknown, shape: Shape, path: string): void => {
      if (paths.has(value)) return;
      paths.set(value, path);
      if (shape.kind === 'object') {
        for (const field of this.fieldsOf(shape.className)) {
          if (field.sharedAs === null && isAggregate(field.shape))
            visit(
              (value as StateObject)[field.name],
              field.shape,
              path === '' ? field.label : `${path}.${field.label}`,
            );
        }
      } else if (shape.kind === 'array' && isAggregate(shape.element)) {
        const { element } = shape;
        (value as unknown[]).forEach((each, index) => {
          visit(each, element, `${path}[${indicesAt(shape, index).join(',')}]`);
        });
      }
    };
    for (const root of this.#program.roots)
      visit(roots[root.root], root.shape, this.rootName(root.pou.name, root.instanceName));
    visit(roots['G'], { kind: 'object', className: this.#program.globalsClass, typeName: 'globals' }, '');
    return paths;
  }

  /** The type of a program, unless several instances share it. */
  rootName(type: string, instance: string): string {
    const same = this.#program.roots.filter((each) => each.pou.name === type);
    return same.length === 1 ? type : instance;
  }
}

/** Sets a slot from text as a person types it. Returns what is wrong, or the value. */
export function parseInput(
  text: string,
  shape: Shape,
): { readonly value: RunTimeValue } | { readonly problem: string } {
  const trimmed = text.trim();
  if (isAggregate(shape) || shape.kind === 'reference' || shape.kind === 'interface')
    return { problem: `a ${describeShape(shape)} can't be set as a whole: set its members` };
  if (shape.kind === 'bool') {
    if (/^(true|1)$/i.test(trimmed)) return { value: true };
    return /^(false|0)$/i.test(trimmed) ? { value: false } : { problem: `${trimmed} is no BOOL: write TRUE or FALSE` };
  }
  if (shape.kind === 'string') return fromInput(trimmed.replace(/^(['"])(.*)\1$/s, '$2'), shape);
  return fromInput(trimmed, shape);
}

/** A type as declarations write it. */
export function typeName(shape: Shape): string {
  if (shape.kind !== 'array') return describeShape(shape);
  const bounds = (shape.dimensions ?? []).map((each) => `${each.lower}..${each.upper}`);
  return `ARRAY[${bounds.length === 0 ? '*' : bounds.join(', ')}] OF ${typeName(shape.element)}`;
}

function elementCount(slot: Slot): number {
  return slot.shape.kind === 'array' ? lengthOf(slot.shape) || (slot.read() as ArrayLike<unknown>).length : 0;
}

function elementsOf(slot: Slot, shape: ArrayShape, from: number, count: number): Slot[] {
  const elements = slot.read() as Record<number, unknown>;
  const end = Math.min(elementCount(slot), from + count);
  const slots: Slot[] = [];
  for (let index = from; index < end; index++) {
    const name = `[${indicesAt(shape, index).join(',')}]`;
    const path = slot.path === null ? null : `${slot.path}${name}`;
    slots.push(storedSlot(elements, index, { name, path, shape: shape.element }));
  }
  return slots;
}

/** The indices of the element at a position of a row-major array. */
function indicesAt(shape: ArrayShape, position: number): readonly number[] {
  const dimensions = shape.dimensions ?? [];
  if (dimensions.length === 0) return [position];
  const indices: number[] = [];
  let rest = position;
  for (const { lower, upper } of [...dimensions].reverse()) {
    const size = upper - lower + 1;
    indices.unshift(lower + (rest % size));
    rest = Math.floor(rest / size);
  }
  return indices;
}
