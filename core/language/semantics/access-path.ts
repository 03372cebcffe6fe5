/** The static path behind an expression: which variable, which member, which element. */

import type { Expression, PartialAccess } from '../syntax/tree.js';
import type { SemanticModel } from './model.js';
import type { CodeSymbol } from './symbols.js';

export type AccessStep =
  | { readonly kind: 'member'; readonly symbol: CodeSymbol }
  /** Element of an array; null for an index that is not constant. */
  | { readonly kind: 'index'; readonly indices: readonly (bigint | null)[] }
  | { readonly kind: 'dereference' }
  | { readonly kind: 'part'; readonly size: PartialAccess['size']; readonly index: number };

/** `a.b[3].c`: the variable `a` and the steps from it. `THIS^.x` and `SUPER^.x` have `x` as their root. */
export interface AccessPath {
  /** A variable; a property where the path starts with one. */
  readonly root: CodeSymbol;
  readonly steps: readonly AccessStep[];
  /** The program or instance that was named before the root: `Main` of `Main.x`; null for a name of the own scope. */
  readonly container: CodeSymbol | null;
}

/** The path of an expression, or null where it names no place in memory (calls, operators, addresses). */
export function accessPathOf(model: SemanticModel, expression: Expression): AccessPath | null {
  switch (expression.kind) {
    case 'Parenthesized':
      return accessPathOf(model, expression.expression);
    case 'Name': {
      const symbol = model.symbolOf(expression);
      return symbol?.kind === 'variable' || symbol?.kind === 'property'
        ? { root: symbol, steps: [], container: null }
        : null;
    }
    case 'Member': {
      const symbol = model.symbolOf(expression);
      if (symbol?.kind !== 'variable' && symbol?.kind !== 'property') return null;
      const base = accessPathOf(model, expression.object);
      if (base !== null) return extend(base, { kind: 'member', symbol });
      return rootBehind(model, expression.object, symbol);
    }
    case 'Index': {
      const base = accessPathOf(model, expression.object);
      if (base === null) return null;
      const indices = expression.indices.map((index) => {
        const value = model.constantOf(index);
        return typeof value === 'bigint' ? value : null;
      });
      return extend(base, { kind: 'index', indices });
    }
    case 'Dereference': {
      const base = accessPathOf(model, expression.object);
      return base === null ? null : extend(base, { kind: 'dereference' });
    }
    case 'Partial': {
      const base = accessPathOf(model, expression.object);
      return base === null ? null : extend(base, { kind: 'part', size: expression.size, index: expression.index });
    }
    default:
      return null;
  }
}

function extend(path: AccessPath, step: AccessStep): AccessPath {
  return { ...path, steps: [...path.steps, step] };
}

/** `GVL.x`, `Main.x`, `THIS^.x`: the member itself is the root. */
function rootBehind(model: SemanticModel, object: Expression, symbol: CodeSymbol): AccessPath | null {
  if (object.kind === 'Dereference')
    return object.object.kind === 'Self' ? rootBehind(model, object.object, symbol) : null;
  if (object.kind === 'Self') return { root: symbol, steps: [], container: null };
  if (object.kind !== 'Name' && object.kind !== 'Member') return null;
  const container = model.symbolOf(object);
  if (container === null) return null;
  const isContainer =
    container.kind === 'global-list' ||
    container.kind === 'namespace' ||
    container.kind === 'program-instance' ||
    container.kind === 'pou';
  return isContainer ? { root: symbol, steps: [], container } : null;
}
