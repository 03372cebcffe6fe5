/** Forgets what checks found out about nodes, and nothing of what binder and resolver did. */

import type { TypeNode, VariableSection } from '../syntax/tree.js';
import { type SyntaxNode, walk } from '../syntax/walk.js';
import type { CodeUnit, ProjectIndex } from './project-index.js';

export function forgetUnit(index: ProjectIndex, unit: CodeUnit): void {
  index.calls.delete(unit);
  if (unit.body !== null) forgetBelow(index, unit.body);
  forgetSections(index, unit.sections);
}

/** Global variables and types. */
export function forgetDeclarations(index: ProjectIndex): void {
  for (const { declaration } of index.lists) forgetSections(index, declaration.sections);
  for (const { symbol, node } of index.pendingTypes.values()) {
    forgetInType(index, node);
    if (symbol.initializer !== null) forgetBelow(index, symbol.initializer);
  }
  for (const { symbol } of index.pendingVariables) {
    const { declaration, scope } = symbol;
    if (scope !== 'global' || declaration === null) continue;
    forgetInType(index, declaration.type);
    if (declaration.initializer !== null) forgetBelow(index, declaration.initializer);
  }
}

export function forgetBelow(index: ProjectIndex, root: SyntaxNode): void {
  walk(root, (node) => {
    index.facts.forget(node);
    return undefined;
  });
}

function forgetSections(index: ProjectIndex, sections: readonly VariableSection[]): void {
  for (const section of sections)
    for (const { type, initializer } of section.variables) {
      if (initializer !== null) forgetBelow(index, initializer);
      forgetInType(index, type);
    }
}

/** Bounds, lengths and initial values in a type; the type itself stays resolved. */
function forgetInType(index: ProjectIndex, root: TypeNode): void {
  walk(root, (node) => {
    if (node.kind === 'VariableDeclaration' && node.initializer !== null) forgetBelow(index, node.initializer);
    if (node.kind !== 'Name' && node.kind !== 'Member') return undefined;
    forgetBelow(index, node);
    return 'skip';
  });
}
