import { keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';

/** A variable of a POU or of its bases, by name. */
export function findVariable(pou: PouSymbol, name: string): VariableSymbol | null {
  for (let each: PouSymbol | null = pou; each !== null; each = each.base) {
    const found = each.variables.get(keyOf(name));
    if (found !== undefined) return found;
  }
  return null;
}
