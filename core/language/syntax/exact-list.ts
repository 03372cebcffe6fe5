/** The empty list of every node that has none of a kind. */
export const NO_ITEMS: readonly never[] = Object.freeze([]);

/**
 * The list without the spare room that an array keeps after a `push` (16 elements at least): a tree has many short
 * lists, and it lives long.
 */
export function exactList<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NO_ITEMS : list.slice();
}
