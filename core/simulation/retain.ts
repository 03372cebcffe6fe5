/** Warm start: values of retained variables go from the old state into the freshly initialised one. */

import type { ClassForm, Field } from './compile/ir.js';
import type { StateObject } from './compile/machine.js';
import type { Shape } from './compile/shape.js';
import type { LoweredProgram } from './lower/program.js';

interface Copyable {
  copy(from: unknown): unknown;
}

/** Copies retained variables of globals, programs and the instances in them (IEC 61131-3 ed. 3, figure 9). */
export function retainInto(
  program: LoweredProgram,
  before: Readonly<Record<string, StateObject>>,
  after: Readonly<Record<string, StateObject>>,
): void {
  const classes = new Map(program.classes.map((form) => [form.name, form]));
  const start = [
    { root: 'G', className: program.globalsClass },
    ...program.roots.map((each) => ({ root: each.root, className: each.shape.className })),
  ];
  for (const { root, className } of start) {
    const from = before[root];
    const to = after[root];
    if (from !== undefined && to !== undefined) retainMembers(classes, className, from, to);
  }
}

function retainMembers(
  classes: ReadonlyMap<string, ClassForm>,
  className: string,
  from: StateObject,
  to: StateObject,
): void {
  for (let form = classes.get(className); form !== undefined; form = classes.get(form.base ?? '')) {
    for (const field of form.fields) retainField(classes, field, from, to);
  }
}

function retainField(classes: ReadonlyMap<string, ClassForm>, field: Field, from: StateObject, to: StateObject): void {
  if (field.sharedAs !== null) return;
  const { name, shape } = field;
  if (field.isRetained) {
    // Whole instances and structures are retained with everything in them.
    if (shape.kind === 'object') (to[name] as Copyable).copy(from[name]);
    else if (shape.kind === 'array') copyElements(shape.element, to[name] as unknown[], from[name] as unknown[]);
    else if (shape.kind !== 'reference' && shape.kind !== 'interface') to[name] = from[name];
    return;
  }
  if (shape.kind === 'object')
    retainMembers(classes, shape.className, from[name] as StateObject, to[name] as StateObject);
  if (shape.kind === 'array' && shape.element.kind === 'object') {
    const element = shape.element;
    const source = from[name] as StateObject[];
    (to[name] as StateObject[]).forEach((each, index) => {
      const old = source[index];
      if (old !== undefined) retainMembers(classes, element.className, old, each);
    });
  }
}

function copyElements(element: Shape, to: unknown[], from: unknown[]): void {
  for (let index = 0; index < to.length; index++) {
    if (element.kind === 'object') (to[index] as Copyable).copy(from[index]);
    else if (element.kind === 'array') copyElements(element.element, to[index] as unknown[], from[index] as unknown[]);
    else to[index] = from[index];
  }
}
