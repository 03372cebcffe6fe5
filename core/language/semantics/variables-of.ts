import { MAXIMUM_INHERITANCE_DEPTH } from './scope.js';
import type { PouSymbol, VariableSymbol } from './symbols.js';

/** All variables of a POU in order of declaration, those of its bases first. */
export function variablesOf(pou: PouSymbol): VariableSymbol[] {
  const chain: PouSymbol[] = [];
  let current: PouSymbol | null = pou;
  for (let depth = 0; current !== null && depth < MAXIMUM_INHERITANCE_DEPTH; depth++) {
    chain.unshift(current);
    current = current.base;
  }
  return chain.flatMap((one) => [...one.variables.values()]);
}
