import type { Type } from './types.js';

/** A type as an engineer would write it: for messages and hover texts. */
export function describeType(type: Type): string {
  switch (type.kind) {
    case 'elementary':
      return type.name;
    case 'string':
      return `${type.isWide ? 'WSTRING' : 'STRING'}${type.length === null ? '' : `[${type.length}]`}`;
    case 'subrange':
      return type.name ?? `${type.base.name} (${type.lower}..${type.upper})`;
    case 'enum':
      return type.name === '' ? `(${[...type.values.keys()].slice(0, 3).join(', ')}, …)` : type.name;
    case 'struct':
      return type.name ?? (type.isUnion ? 'UNION' : 'STRUCT');
    case 'array':
      return `ARRAY[${type.dimensions.map(describeDimension).join(', ')}] OF ${describeType(type.element)}`;
    case 'pointer':
      return `${POINTER_WORDS[type.pointerKind]} ${describeType(type.target)}`;
    case 'pou':
      return type.pou.name;
    case 'interface':
      return type.interface.name;
    case 'literal':
      return type.class === 'integer' ? 'an integer literal' : 'a real literal';
    case 'null':
      return 'NULL';
    case 'void':
      return 'no value';
    case 'unknown':
      return 'an unknown type';
  }
}

const POINTER_WORDS = { pointer: 'POINTER TO', ref: 'REF_TO', reference: 'REFERENCE TO' } as const;

function describeDimension(dimension: { readonly lower: bigint; readonly upper: bigint } | null): string {
  return dimension === null ? '*' : `${dimension.lower}..${dimension.upper}`;
}
