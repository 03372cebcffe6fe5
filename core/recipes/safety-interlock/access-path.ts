import type { SemanticModel } from '../../language/semantics/model.js';
import { keyOf, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { Expression } from '../../language/syntax/tree.js';
import type { TreeNode } from '../../safety/program-tree.js';

/** A variable and the members that follow it: `GVL.io.door` is the variable `io` and the path `['DOOR']`. */
export interface AccessPath {
  readonly root: VariableSymbol;
  /** Keys of the members, upper case. */
  readonly path: readonly string[];
}

/** Which variable an expression names; null for anything but names and members (indices and pointers included). */
export function accessPathOf(expression: Expression, model: SemanticModel): AccessPath | null {
  if (expression.kind === 'Parenthesized') return accessPathOf(expression.expression, model);
  if (expression.kind !== 'Name' && expression.kind !== 'Member') return null;
  const symbol = model.symbolOf(expression);
  if (expression.kind === 'Member') {
    const object = accessPathOf(expression.object, model);
    if (object !== null) return { root: object.root, path: [...object.path, keyOf(expression.member.name)] };
  }
  return symbol?.kind === 'variable' ? { root: symbol.externalTarget ?? symbol, path: [] } : null;
}

/** True when the expression names exactly this place. */
export function namesNode(expression: Expression, node: TreeNode, model: SemanticModel): boolean {
  const access = accessPathOf(expression, model);
  if (access === null || access.root !== node.root || access.path.length !== node.path.length) return false;
  return access.path.every((part, index) => part === keyOf(node.path[index] ?? ''));
}
