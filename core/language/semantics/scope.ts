/** Scopes: where a name is looked up, innermost first. IEC 61131-3 ed. 3, 6.1.3 and 6.5.2. */

import type { CodeSymbol, InterfaceSymbol, PouSymbol, VariableSymbol } from './symbols.js';

export interface Scope {
  readonly parent: Scope | null;
  /** A variable, property, method, action, POU or list visible at this level under an upper-case name. */
  value(key: string): CodeSymbol | null;
  /** A type, POU, interface or namespace at this level. */
  type(key: string): CodeSymbol | null;
  /** Names at this level, for suggestions and completion. */
  keys(): Iterable<string>;
  /** True when a base class could not be found: any name may come from there. */
  isOpen(): boolean;
}

/** Longest chain of bases that is followed; a longer one is circular and reported elsewhere. */
export const MAXIMUM_INHERITANCE_DEPTH = 64;

export function lookupValue(scope: Scope, key: string): CodeSymbol | null {
  for (let level: Scope | null = scope; level !== null; level = level.parent) {
    const found = level.value(key);
    if (found !== null) return found;
  }
  return null;
}

export function lookupType(scope: Scope, key: string): CodeSymbol | null {
  for (let level: Scope | null = scope; level !== null; level = level.parent) {
    const found = level.type(key);
    if (found !== null) return found;
  }
  return null;
}

export function isOpenScope(scope: Scope): boolean {
  for (let level: Scope | null = scope; level !== null; level = level.parent) if (level.isOpen()) return true;
  return false;
}

export function* visibleKeys(scope: Scope): Iterable<string> {
  for (let level: Scope | null = scope; level !== null; level = level.parent) yield* level.keys();
}

/** Variables of a method, a test or another innermost body. */
export function variableScope(parent: Scope, ...maps: readonly ReadonlyMap<string, CodeSymbol>[]): Scope {
  return {
    parent,
    value(key) {
      for (const map of maps) {
        const found = map.get(key);
        if (found !== undefined) return found;
      }
      return null;
    },
    type: () => null,
    *keys() {
      for (const map of maps) yield* map.keys();
    },
    isOpen: () => false,
  };
}

/** A member of a POU or its bases: variable, property, method or action. */
export function memberOfPou(pou: PouSymbol, key: string): CodeSymbol | null {
  let current: PouSymbol | null = pou;
  for (let depth = 0; current !== null && depth < MAXIMUM_INHERITANCE_DEPTH; depth++) {
    const found: CodeSymbol | undefined =
      current.variables.get(key) ?? current.properties.get(key) ?? current.methods.get(key) ?? current.actions.get(key);
    if (found !== undefined) return found;
    current = current.base;
  }
  return null;
}

/** A method or property of an interface or of those it extends. */
export function memberOfInterface(symbol: InterfaceSymbol, key: string, depth = 0): CodeSymbol | null {
  const own = symbol.methods.get(key) ?? symbol.properties.get(key);
  if (own !== undefined) return own;
  if (depth >= MAXIMUM_INHERITANCE_DEPTH) return null;
  for (const base of symbol.bases) {
    const found = memberOfInterface(base, key, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** The inside of a POU: own and inherited members; `extras`: values of enums in its variables, steps of its chart. */
export function pouScope(
  parent: Scope,
  pou: PouSymbol,
  extras: readonly ReadonlyMap<string, CodeSymbol>[],
  isOpen: (pou: PouSymbol) => boolean,
): Scope {
  return {
    parent,
    value: (key) => memberOfPou(pou, key) ?? extras.find((map) => map.has(key))?.get(key) ?? null,
    type: () => null,
    *keys() {
      let current: PouSymbol | null = pou;
      for (let depth = 0; current !== null && depth < MAXIMUM_INHERITANCE_DEPTH; depth++) {
        yield* current.variables.keys();
        yield* current.properties.keys();
        yield* current.methods.keys();
        yield* current.actions.keys();
        current = current.base;
      }
      for (const map of extras) yield* map.keys();
    },
    isOpen: () => isOpen(pou),
  };
}

/** The inside of a namespace, followed by the namespaces that a USING opens. */
export function namespaceScope(parent: Scope, members: () => readonly ReadonlyMap<string, CodeSymbol>[]): Scope {
  const find = (key: string): CodeSymbol | null => {
    for (const map of members()) {
      const found = map.get(key);
      if (found !== undefined) return found;
    }
    return null;
  };
  return {
    parent,
    value: find,
    type: (key) => {
      const found = find(key);
      return found !== null && isTypeLike(found) ? found : null;
    },
    *keys() {
      for (const map of members()) yield* map.keys();
    },
    isOpen: () => false,
  };
}

/** True for what can stand where a type is written. */
function isTypeLike(symbol: CodeSymbol): boolean {
  return symbol.kind === 'type' || symbol.kind === 'pou' || symbol.kind === 'interface' || symbol.kind === 'namespace';
}

/** The outermost scope: global variables, lists, POUs, types and namespaces of the project. */
export function projectScope(values: ReadonlyMap<string, CodeSymbol>, types: ReadonlyMap<string, CodeSymbol>): Scope {
  return {
    parent: null,
    value: (key) => values.get(key) ?? types.get(key) ?? null,
    type: (key) => types.get(key) ?? null,
    *keys() {
      yield* values.keys();
      yield* types.keys();
    },
    isOpen: () => false,
  };
}

/** Variables by key, own only. */
export type VariableMap = Map<string, VariableSymbol>;
