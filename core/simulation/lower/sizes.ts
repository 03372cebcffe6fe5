/** Bytes of values, as SIZEOF and pointers count them. */

import { scalarSize } from '../compile/overlay.js';
import type { ExecutionProfile } from '../compile/profile.js';
import { lengthOf, type Shape } from '../compile/shape.js';

/** Bytes of a value; null for structures and blocks, whose padding is up to the controller. */
export function sizeOf(shape: Shape, profile: ExecutionProfile): number | null {
  switch (shape.kind) {
    case 'bool':
    case 'integer':
    case 'real':
    case 'lreal':
      return scalarSize(shape);
    case 'time':
      return profile.semantics.time.width / 8;
    case 'ltime':
      return 8;
    case 'string':
      return shape.isCharacter ? (shape.isWide ? 2 : 1) : (shape.length + 1) * (shape.isWide ? 2 : 1);
    case 'array': {
      const element = sizeOf(shape.element, profile);
      return element === null || shape.dimensions === null ? null : element * lengthOf(shape);
    }
    default:
      return null;
  }
}
