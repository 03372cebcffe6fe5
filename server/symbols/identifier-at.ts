import type { Identifier, SourceFile } from '../../core/language/syntax/tree.js';
import { nodesAt } from '../../core/language/syntax/walk.js';

/** The identifier at an offset, or that ends there; null between words. */
export function identifierAt(file: SourceFile, offset: number): Identifier | null {
  const last = nodesAt(file, offset).at(-1);
  return last?.kind === 'Identifier' ? last : null;
}
