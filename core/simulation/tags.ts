/** Tags: qualified names of manifests and scenarios as places in the state of a generated program. */

import type { ClassForm, Field } from './compile/ir.js';
import type { StateObject } from './compile/machine.js';
import { type ArrayShape, describeShape, lengthOf, type Shape } from './compile/shape.js';
import type { LoweredProgram } from './lower/program.js';

/** One step from a root object to a variable: a member by its generated name, or a zero-based element. */
export type Step = { readonly field: string } | { readonly index: number };

/** A place in the state, found by name. */
export interface Tag {
  /** The name in the spelling of the declarations. */
  readonly name: string;
  readonly shape: Shape;
  /** Generated name of the innermost member that holds it. */
  readonly member: string;
  /** The root object and the way from there. */
  readonly root: string;
  readonly steps: readonly Step[];
  read(roots: Readonly<Record<string, StateObject>>): unknown;
  write(roots: Readonly<Record<string, StateObject>>, value: unknown): void;
}

/** A readable name with its type, for lists and completion. */
export interface TagDescription {
  readonly name: string;
  readonly type: string;
}

interface Cursor {
  readonly name: string;
  readonly root: string;
  readonly steps: readonly Step[];
  readonly shape: Shape;
}

type Listing = (field: Field) => boolean;
const isState: Listing = (field) => !field.isHidden;
const isNamed: Listing = (field) => !field.isHidden && field.isPrivate !== true;

const NAME_LIMIT = 20_000;

/** A name as tags are found by: case and spaces do not count, also those inside of a name that Siemens quotes. */
function tagKey(name: string): string {
  return name.replace(/\s+/g, '').toUpperCase();
}

/** Finds and lists the tags of a program. */
export class TagTable {
  readonly #classes: ReadonlyMap<string, ClassForm>;
  readonly #program: LoweredProgram;
  readonly #known = new Map<string, Tag | null>();

  constructor(program: LoweredProgram) {
    this.#program = program;
    this.#classes = new Map(program.classes.map((form) => [form.name, form]));
  }

  /** The tag of a name, or null when there is none. Case does not matter; spaces around brackets are ignored. */
  find(name: string): Tag | null {
    const key = tagKey(name);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const cursor = this.#resolve(key);
    const tag = cursor === null ? null : tagOf(cursor);
    this.#known.set(key, tag);
    return tag;
  }

  #resolve(key: string): Cursor | null {
    const parts = key.split('.');
    for (const root of this.#program.roots) {
      if (parts[0] !== tagKey(root.instanceName) && parts[0] !== tagKey(root.pou.name)) continue;
      const start: Cursor = {
        name: parts[0] === tagKey(root.pou.name) ? root.pou.name : root.instanceName,
        root: root.root,
        steps: [],
        shape: root.shape,
      };
      const found = this.#walk(start, parts.slice(1));
      if (found !== null && found.steps.length > 0) return found;
    }
    const globals = this.#classes.get(this.#program.globalsClass);
    // The longest label first: `GVL.x` before a bare global `GVL` that has a member x.
    for (let count = Math.min(parts.length, 6); count >= 1; count--) {
      const label = parts.slice(0, count).join('.');
      // The brackets end the label: `T[0].ACC` is a member of an element, not an element of something named so.
      const bare = /^([^[]+)((?:\[[^\]]*\])+)?$/.exec(label);
      const field = globals?.fields.find((each) => tagKey(each.label) === (bare?.[1] ?? label));
      if (field === undefined) continue;
      const start: Cursor = {
        name: field.label,
        root: 'G',
        steps: [{ field: field.sharedAs ?? field.name }],
        shape: field.shape,
      };
      const indexed = bare?.[2] === undefined ? start : indexInto(start, bare[2]);
      const found = indexed === null ? null : this.#walk(indexed, parts.slice(count));
      if (found !== null) return found;
    }
    return null;
  }

  #walk(start: Cursor, parts: readonly string[]): Cursor | null {
    let cursor: Cursor | null = start;
    for (const part of parts) {
      const match = /^([^[]+)(\[.*)?$/.exec(part);
      if (match === null || cursor === null) return null;
      cursor = this.#member(cursor, match[1] ?? '');
      if (cursor !== null && match[2] !== undefined) cursor = indexInto(cursor, match[2]);
    }
    return cursor;
  }

  #member(cursor: Cursor, label: string): Cursor | null {
    if (cursor.shape.kind !== 'object') return null;
    for (
      let form = this.#classes.get(cursor.shape.className);
      form !== undefined;
      form = this.#classes.get(form.base ?? '')
    ) {
      const field = form.fields.find((each) => tagKey(each.label) === label);
      if (field === undefined) continue;
      const name = `${cursor.name}.${field.label}`;
      if (field.sharedAs !== null) return { name, root: 'G', steps: [{ field: field.sharedAs }], shape: field.shape };
      return { name, root: cursor.root, steps: [...cursor.steps, { field: field.name }], shape: field.shape };
    }
    return null;
  }

  /** Every readable scalar of programs and globals, in order of declaration. At most 20,000. */
  list(): TagDescription[] {
    const found: TagDescription[] = [];
    for (const tag of this.scalars()) found.push({ name: tag.name, type: describeShape(tag.shape) });
    return found;
  }

  /** Every scalar place that has a name in the project; arrays element by element. */
  scalars(): Iterable<Tag> {
    return this.#allScalars(isNamed);
  }

  /** Those and the inner variables of library blocks: the state that decides what comes next. */
  stateScalars(): Iterable<Tag> {
    return this.#allScalars(isState);
  }

  *#allScalars(isListed: Listing): Iterable<Tag> {
    let count = 0;
    for (const cursor of this.#starts()) {
      for (const scalar of this.#scalarsOf(cursor, 0, isListed)) {
        if (++count > NAME_LIMIT) return;
        yield tagOf(scalar);
      }
    }
  }

  /** The cells behind addresses of outputs (%Q), whoever declares them. */
  *outputCells(): Iterable<Tag> {
    const globals = this.#classes.get(this.#program.globalsClass);
    for (const field of globals?.fields ?? []) {
      if (!/^%Q/i.test(field.label)) continue;
      const cell: Cursor = { name: field.label, root: 'G', steps: [{ field: field.name }], shape: field.shape };
      for (const scalar of this.#scalarsOf(cell, 0, isState)) yield tagOf(scalar);
    }
  }

  /** Every scalar place of an object that is no program, an instance of a test; names begin with its members. */
  *scalarsOf(root: string, shape: Shape): Iterable<Tag> {
    let count = 0;
    for (const scalar of this.#scalarsOf({ name: '', root, steps: [], shape }, 0, isNamed)) {
      if (++count > NAME_LIMIT) return;
      if (scalar.root === root) yield tagOf({ ...scalar, name: scalar.name.replace(/^\./, '') });
    }
  }

  *#starts(): Iterable<Cursor> {
    const globals = this.#classes.get(this.#program.globalsClass);
    for (const field of globals?.fields ?? []) {
      if (!field.isHidden)
        yield { name: field.label, root: 'G', steps: [{ field: field.sharedAs ?? field.name }], shape: field.shape };
    }
    for (const root of this.#program.roots) {
      yield { name: this.#rootName(root.pou.name, root.instanceName), root: root.root, steps: [], shape: root.shape };
    }
  }

  /** The type name, unless several instances share it. */
  #rootName(typeName: string, instanceName: string): string {
    const count = this.#program.roots.filter((each) => each.pou.name === typeName).length;
    return count === 1 ? typeName : instanceName;
  }

  *#scalarsOf(cursor: Cursor, depth: number, isListed: Listing): Iterable<Cursor> {
    if (depth > 16) return;
    if (cursor.shape.kind === 'array') {
      for (const element of elementsOf(cursor, cursor.shape)) yield* this.#scalarsOf(element, depth + 1, isListed);
      return;
    }
    if (cursor.shape.kind !== 'object') {
      if (!['reference', 'interface', 'unknown', 'void'].includes(cursor.shape.kind)) yield cursor;
      return;
    }
    const chain: ClassForm[] = [];
    for (
      let form = this.#classes.get(cursor.shape.className);
      form !== undefined;
      form = this.#classes.get(form.base ?? '')
    )
      chain.unshift(form);
    for (const field of chain.flatMap((form) => form.fields)) {
      const member = isListed(field) ? this.#member(cursor, tagKey(field.label)) : null;
      if (member !== null) yield* this.#scalarsOf(member, depth + 1, isListed);
    }
  }
}

function* elementsOf(cursor: Cursor, shape: ArrayShape): Iterable<Cursor> {
  const dimensions = shape.dimensions ?? [];
  const length = Math.min(lengthOf(shape), NAME_LIMIT);
  for (let position = 0; position < length; position++) {
    const indices: number[] = [];
    let rest = position;
    for (let dimension = dimensions.length - 1; dimension >= 0; dimension--) {
      const bounds = dimensions[dimension];
      if (bounds === undefined) continue;
      const size = bounds.upper - bounds.lower + 1;
      indices.unshift(bounds.lower + (rest % size));
      rest = Math.floor(rest / size);
    }
    yield {
      name: `${cursor.name}[${indices.join(',')}]`,
      root: cursor.root,
      steps: [...cursor.steps, { index: position }],
      shape: shape.element,
    };
  }
}

/** `[3]`, `[1,2]`, `[1][2]`; null when an index is out of bounds or the shape is no array. */
function indexInto(start: Cursor, brackets: string): Cursor | null {
  let cursor: Cursor = start;
  for (const group of brackets.matchAll(/\[([^\]]*)\]/g)) {
    if (cursor.shape.kind !== 'array' || cursor.shape.dimensions === null) return null;
    const shape: ArrayShape = cursor.shape;
    const dimensions = cursor.shape.dimensions;
    const indices = (group[1] ?? '').split(',').map(Number);
    if (indices.length !== dimensions.length) return null;
    let position = 0;
    for (const [dimension, bounds] of dimensions.entries()) {
      const index = indices[dimension] ?? Number.NaN;
      if (!Number.isInteger(index) || index < bounds.lower || index > bounds.upper) return null;
      position = position * (bounds.upper - bounds.lower + 1) + index - bounds.lower;
    }
    cursor = {
      name: `${cursor.name}[${indices.join(',')}]`,
      root: cursor.root,
      steps: [...cursor.steps, { index: position }],
      shape: shape.element,
    };
  }
  return cursor;
}

function tagOf(cursor: Cursor): Tag {
  const { steps, root } = cursor;
  const last = steps.at(-1);
  const walk = (roots: Readonly<Record<string, StateObject>>, count: number): Record<string | number, unknown> => {
    let current: unknown = roots[root];
    for (let index = 0; index < count; index++) {
      const step = steps[index];
      if (step === undefined) break;
      current = (current as Record<string | number, unknown>)['field' in step ? step.field : step.index];
    }
    return current as Record<string | number, unknown>;
  };
  const owner = steps.findLast((step) => 'field' in step);
  return {
    name: cursor.name,
    shape: cursor.shape,
    member: owner !== undefined && 'field' in owner ? owner.field : '',
    root,
    steps,
    // A BOOL is stored as 0 or 1.
    read: (roots) =>
      cursor.shape.kind === 'bool' ? (walk(roots, steps.length) as unknown) === 1 : walk(roots, steps.length),
    write(roots, value) {
      if (last === undefined) return;
      walk(roots, steps.length - 1)['field' in last ? last.field : last.index] =
        cursor.shape.kind === 'bool' ? (value === true ? 1 : 0) : value;
    },
  };
}
