/** Which names a piece of a tree mentions: what it says can change only when what one of them stands for changes. */

import type { TypeNode } from '../syntax/tree.js';
import { forEachChild, type SyntaxNode } from '../syntax/walk.js';
import { keyOf } from './symbols.js';

/** `Mode_TO_INT` is a function for as long as there is an enumeration `Mode`, so it mentions `Mode`. */
const CONVERSION_WORD = '_TO_';

/** The upper-case names that nodes mention, members and prefixes of literals included. */
export function namesIn(nodes: Iterable<SyntaxNode>): Set<string> {
  const names = new Set<string>();
  const add = (node: SyntaxNode): void => {
    if (node.kind === 'Identifier') addName(names, keyOf(node.name));
    else if (node.kind === 'Literal' && node.typePrefix !== null) names.add(keyOf(node.typePrefix));
    else forEachChild(node, add);
  };
  for (const node of nodes) add(node);
  return names;
}

function addName(names: Set<string>, key: string): void {
  names.add(key);
  if (key.includes(CONVERSION_WORD)) for (const part of key.split(CONVERSION_WORD)) names.add(part);
}

/** True when nodes mention one of the names. */
export function mentionsAny(nodes: Iterable<SyntaxNode>, keys: ReadonlySet<string>): boolean {
  const isMentioned = (node: SyntaxNode): boolean => {
    if (node.kind === 'Identifier') return keys.has(keyOf(node.name));
    if (node.kind === 'Literal') return node.typePrefix !== null && keys.has(keyOf(node.typePrefix));
    let found = false;
    forEachChild(node, (child) => {
      found ||= isMentioned(child);
    });
    return found;
  };
  for (const node of nodes) if (isMentioned(node)) return true;
  return false;
}

/** As `mentionsAny`, for a type as written; most are one word. */
export function typeMentionsAny(node: TypeNode, keys: ReadonlySet<string>): boolean {
  if (node.kind !== 'NamedType' || node.arguments.length > 0) return mentionsAny([node], keys);
  return node.name.parts.some(({ name }) => keys.has(keyOf(name)));
}

/** The names in types as written, found when they are first asked for. */
export class NamesOfTypes {
  readonly #names = new WeakMap<TypeNode, ReadonlySet<string>>();

  of(node: TypeNode): ReadonlySet<string> {
    const known = this.#names.get(node);
    if (known !== undefined) return known;
    const names = namesIn([node]);
    this.#names.set(node, names);
    return names;
  }
}

/** True when two sets share a name. */
export function overlap(names: ReadonlySet<string>, keys: ReadonlySet<string>): boolean {
  const [small, large] = names.size < keys.size ? [names, keys] : [keys, names];
  for (const name of small) if (large.has(name)) return true;
  return false;
}
