/** From types of the checker to shapes of the run time. */

import type { PouSymbol } from '../../language/semantics/symbols.js';
import type { StructType, Type } from '../../language/semantics/types.js';
import type { ExecutionProfile } from '../compile/profile.js';
import { DINT, elementaryShape, type IntegerShape, LINT, LREAL, type Shape, UNKNOWN, VOID } from '../compile/shape.js';

/** Names of the classes of structures and POUs. */
export interface ClassNames {
  classOf(pou: PouSymbol): string;
  /** Null: a UNION whose members can't share bytes here. */
  structClassOf(type: StructType): string | null;
}

/** The shape in which values of a type are held; unknown for what the simulator can't hold. */
export function shapeOfType(type: Type, profile: ExecutionProfile, classes: ClassNames): Shape {
  switch (type.kind) {
    case 'elementary':
      return elementaryShape(type.name);
    case 'string':
      return {
        kind: 'string',
        isWide: type.isWide,
        length: type.length ?? profile.defaultStringLength,
        isCharacter: false,
      };
    case 'subrange': {
      const base = elementaryShape(type.base.name);
      if (base.kind !== 'integer') return UNKNOWN;
      return { ...base, range: { lower: type.lower, upper: type.upper } };
    }
    case 'enum': {
      const base = elementaryShape(type.base.name);
      if (base.kind !== 'integer') return UNKNOWN;
      const names = new Map<bigint, string>();
      for (const [name, value] of type.values) if (!names.has(value)) names.set(value, name);
      return { ...base, names, first: [...type.values.values()][0] ?? 0n } satisfies IntegerShape;
    }
    case 'struct': {
      const className = classes.structClassOf(type);
      return className === null ? UNKNOWN : { kind: 'object', className, typeName: type.name ?? 'STRUCT' };
    }
    case 'array': {
      const element = shapeOfType(type.element, profile, classes);
      if (element.kind === 'unknown') return UNKNOWN;
      const dimensions: { lower: number; upper: number }[] = [];
      for (const dimension of type.dimensions) {
        if (dimension === null) return { kind: 'array', element, dimensions: null };
        dimensions.push({ lower: Number(dimension.lower), upper: Number(dimension.upper) });
      }
      return { kind: 'array', element, dimensions };
    }
    case 'pointer':
      return { kind: 'reference', target: shapeOfType(type.target, profile, classes) };
    case 'pou':
      if (type.pou.pouKind === 'function') return UNKNOWN;
      return { kind: 'object', className: classes.classOf(type.pou), typeName: type.pou.name };
    case 'interface':
      return { kind: 'interface' };
    case 'literal':
      if (type.class === 'real') return LREAL;
      return typeof type.value === 'bigint' && (type.value > 2147483647n || type.value < -2147483648n) ? LINT : DINT;
    case 'null':
      return { kind: 'reference', target: UNKNOWN };
    case 'void':
      return VOID;
    case 'unknown':
      return UNKNOWN;
  }
}
