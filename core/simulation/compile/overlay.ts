/**
 * Where the members of a UNION lie on its bytes: each at offset 0, those of a structure inside one after the other, each
 * aligned to its own size. That is how the compilers of the CODESYS family lay them out without `pack_mode`.
 */

import type { ClassForm } from './ir.js';
import { lengthOf, type Shape } from './shape.js';

/** Bytes of one UNION, or of a structure that stands in one. */
export interface OverlayLayout {
  readonly form: ClassForm;
  /** Bytes, a multiple of the alignment. */
  readonly size: number;
  /** The offset must be a multiple of this: 1, 2, 4 or 8. */
  readonly alignment: number;
  /** Byte offset of each member, by its generated name. */
  readonly offsets: ReadonlyMap<string, number>;
}

/** Layouts of all UNIONs of a program and of the structures in them, by class. */
export function overlayLayouts(classes: ReadonlyMap<string, ClassForm>): ReadonlyMap<string, OverlayLayout> {
  const layouts = new Map<string, OverlayLayout>();

  function layoutOf(className: string): OverlayLayout {
    const known = layouts.get(className);
    if (known !== undefined) return known;
    const form = classes.get(className);
    if (form === undefined) throw new Error(`there is no class ${className}`);
    const offsets = new Map<string, number>();
    let end = 0;
    let size = 0;
    let alignment = 1;
    for (const field of form.fields) {
      const align = alignmentOf(field.shape);
      const offset = form.isUnion === true ? 0 : roundUp(end, align);
      offsets.set(field.name, offset);
      end = offset + sizeOf(field.shape);
      size = Math.max(size, end);
      alignment = Math.max(alignment, align);
    }
    const layout = { form, size: roundUp(size, alignment), alignment, offsets };
    layouts.set(className, layout);
    return layout;
  }

  function alignmentOf(shape: Shape): number {
    if (shape.kind === 'array') return alignmentOf(shape.element);
    return shape.kind === 'object' ? layoutOf(shape.className).alignment : scalarSize(shape);
  }

  function sizeOf(shape: Shape): number {
    if (shape.kind === 'array') return lengthOf(shape) * sizeOf(shape.element);
    return shape.kind === 'object' ? layoutOf(shape.className).size : scalarSize(shape);
  }

  for (const form of classes.values()) if (form.isUnion === true) layoutOf(form.name);
  return layouts;
}

/** Bytes of a scalar on a UNION. Lowering lets no other shapes into one. */
export function scalarSize(shape: Shape): number {
  switch (shape.kind) {
    case 'bool':
      return 1;
    case 'integer':
      return shape.bits / 8;
    case 'real':
      return 4;
    case 'lreal':
      return 8;
    default:
      throw new Error(`a ${shape.kind} has no fixed bytes`);
  }
}

function roundUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
