/**
 * Prints UNIONs. A UNION is an object with a buffer of its own; its scalar members read and write the buffer in
 * little-endian order, its arrays are typed arrays on it, its structures are views of the same buffer with the members
 * of the structure. So a member is written like any other, and every other member shows the bytes at once.
 */

import type { ClassForm, Field } from './ir.js';
import { type OverlayLayout, scalarSize } from './overlay.js';
import { lengthOf, type Shape } from './shape.js';

/** What the printer of classes lends: it depends on this file. */
export interface OverlayPrinter {
  readonly layouts: ReadonlyMap<string, OverlayLayout>;
  /** Copies the value of a member from another place, as a statement. */
  readonly copyCode: (to: string, from: string, shape: Shape) => string;
  /** Stores the initial value of a member into a place, as a statement. */
  readonly initialCode: (to: string, field: Field) => string;
  readonly typedArrayOf: (element: Shape) => string | null;
}

/** Name of the class of views of a UNION or structure. */
const viewName = (className: string): string => `V${className}`;

/** The class of views, for a UNION and for each structure in one. */
export function overlayViewCode(layout: OverlayLayout, printer: OverlayPrinter): string {
  const { form, size, offsets } = layout;
  const lines = [
    `class ${viewName(form.name)} {`,
    '  constructor(b, o) {',
    `    this.bytes = new Uint8Array(b, o, ${size}); this.view = new DataView(b, o, ${size});`,
  ];
  const accessors: string[] = [];
  for (const { name, shape } of form.fields) {
    const offset = offsets.get(name) ?? 0;
    if (shape.kind === 'array' || shape.kind === 'object')
      lines.push(`    this.${name} = ${viewOf(shape, `o + ${offset}`, printer, 0)};`);
    else accessors.push(...accessorCode(name, shape, offset));
  }
  lines.push('  }', ...accessors, '  copy(o) {');
  if (form.isUnion === true) lines.push('    this.bytes.set(o.bytes);');
  else
    for (const { name, shape } of form.fields)
      lines.push(`    ${printer.copyCode(`this.${name}`, `o.${name}`, shape)}`);
  lines.push('    return this;', '  }', '}');
  return lines.join('\n');
}

/** The class of a UNION that is no part of another: it makes its buffer and stores the initial value. */
export function unionCode(form: ClassForm, printer: OverlayPrinter): string {
  const size = printer.layouts.get(form.name)?.size ?? 0;
  const starts = form.fields
    .filter((field) => field.initial.op !== 'initial')
    .map((field) => `    ${printer.initialCode(`this.${field.name}`, field)}`);
  return [
    `class ${form.name} extends ${viewName(form.name)} {`,
    `  constructor() {\n    super(new ArrayBuffer(${size}), 0);`,
    ...starts,
    '  }',
    '}',
  ].join('\n');
}

/** A view of an array or object at an offset; `depth` keeps the counters of nested arrays apart. */
function viewOf(shape: Shape, offset: string, printer: OverlayPrinter, depth: number): string {
  if (shape.kind === 'object') return `new ${viewName(shape.className)}(b, ${offset})`;
  if (shape.kind !== 'array') throw new Error(`a ${shape.kind} is no view`);
  const { element } = shape;
  const length = lengthOf(shape);
  const bounds = (shape.dimensions ?? []).flatMap((each) => [each.lower, each.upper]);
  const typed = printer.typedArrayOf(element);
  if (typed !== null) return `$bounded(new ${typed}(b, ${offset}, ${length}), [${bounds.join(', ')}])`;
  const index = `i${depth}`;
  const each = viewOf(element, `${offset} + ${index} * ${bytesOf(element, printer)}`, printer, depth + 1);
  return `$bounded(Array.from({ length: ${length} }, (_, ${index}) => ${each}), [${bounds.join(', ')}])`;
}

function bytesOf(shape: Shape, printer: OverlayPrinter): number {
  if (shape.kind === 'array') return lengthOf(shape) * bytesOf(shape.element, printer);
  return shape.kind === 'object' ? (printer.layouts.get(shape.className)?.size ?? 0) : scalarSize(shape);
}

function accessorCode(name: string, shape: Shape, offset: number): string[] {
  // Any bit set is TRUE, as in the machine code of a controller; stored is 0 or 1.
  if (shape.kind === 'bool')
    return [
      `  get ${name}() { return this.bytes[${offset}] !== 0 ? 1 : 0; }`,
      `  set ${name}(x) { this.bytes[${offset}] = x; }`,
    ];
  const type = viewType(shape);
  return [
    `  get ${name}() { return this.view.get${type}(${offset}, true); }`,
    `  set ${name}(x) { this.view.set${type}(${offset}, x, true); }`,
  ];
}

function viewType(shape: Shape): string {
  switch (shape.kind) {
    case 'real':
      return 'Float32';
    case 'lreal':
      return 'Float64';
    case 'integer':
      return `${shape.bits === 64 ? 'Big' : ''}${shape.isSigned ? 'Int' : 'Uint'}${shape.bits}`;
    default:
      throw new Error(`a ${shape.kind} has no fixed bytes`);
  }
}
