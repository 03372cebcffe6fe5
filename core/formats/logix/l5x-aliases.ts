/** The types of alias tags: an alias is another name of a tag, a member, an element or a bit. */

import type { Span, TypeNode } from '../../language/syntax/tree.js';
import { attributeSpan, type XmlElement } from '../xml/xml-tree.js';
import { namedType, nameFrom, typeFrom } from './l5x-nodes.js';

/** Longer chains are circles: the editor refuses them, a broken file may hold one. */
const MAXIMUM_CHAIN = 32;

/**
 * The type of what the alias stands for, as far as names alone tell it: a whole tag, an element of one, or a bit. A
 * member of a structure or of a module has the error type, which fits everything.
 */
export function typeOfAlias(text: string, alias: XmlElement, scope: readonly XmlElement[], depth = 0): TypeNode {
  const place = attributeSpan(text, alias, 'AliasFor') ?? { start: alias.start, end: alias.start };
  const unknown: TypeNode = { kind: 'ErrorType', ...place };
  if (alias.attributes.has('DataType')) return typeFrom(text, alias);
  const path = /^([A-Za-z_]\w*)((?:\[[^\]]*\])?)(\.\d+)?$/.exec(alias.attributes.get('AliasFor') ?? '');
  if (path === null || depth > MAXIMUM_CHAIN) return unknown;
  const [, name = '', index = '', bit] = path;
  const target = scope.find((tag) => tag.attributes.get('Name')?.toUpperCase() === name.toUpperCase());
  if (target === undefined) return unknown;
  if (bit !== undefined) return bitAt(place);
  const isAlias = target.attributes.get('TagType') === 'Alias';
  const whole = isAlias ? typeOfAlias(text, target, scope, depth + 1) : typeFrom(text, target);
  if (index === '') return whole;
  return whole.kind === 'ArrayType' ? namedType(nameFrom(text, target, 'DataType')) : unknown;
}

function bitAt({ start, end }: Span): TypeNode {
  return namedType({ kind: 'Identifier', start, end, name: 'BOOL', quoting: 'none' });
}
