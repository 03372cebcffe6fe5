/** Takes declarations out of a bound project, as if they had never been there. */

import type { Declaration } from '../syntax/tree.js';
import { type SyntaxNode, walk } from '../syntax/walk.js';
import type { ProjectIndex } from './project-index.js';
import { type CodeSymbol, keyOf } from './symbols.js';

/** All nodes at and below the given ones. */
export function nodesBelow(roots: Iterable<SyntaxNode>): Set<object> {
  const nodes = new Set<object>();
  for (const root of roots) walk(root, (node) => void nodes.add(node));
  return nodes;
}

/** The upper-case names under which the project knows declarations: POUs, types, values of enumerations, global variables. */
export function projectNamesOf(declarations: Iterable<Declaration>): Set<string> {
  const names = new Set<string>();
  for (const declaration of declarations)
    walk(declaration, (node) => {
      switch (node.kind) {
        case 'Pou':
        case 'Interface':
        case 'TypeDeclaration':
        case 'EnumValue':
          names.add(keyOf(node.name.name));
          return undefined;
        case 'GlobalVariableList':
          if (node.name !== null) names.add(keyOf(node.name.name));
          for (const section of node.sections)
            for (const variable of section.variables)
              for (const { name } of variable.names) names.add(keyOf(name.name));
          return undefined;
        case 'VariableSection':
          // Bounds of arrays elsewhere are made with constants of blocks.
          if (node.isConstant)
            for (const variable of node.variables) for (const { name } of variable.names) names.add(keyOf(name.name));
          return undefined;
        case 'StatementList':
          return 'skip';
        default:
          return undefined;
      }
    });
  names.delete('');
  return names;
}

/**
 * Removes what was bound for nodes that are gone. False when a name was declared twice: then what the other declaration
 * means is another thing now, and the index is used up.
 *
 * @param names the names of the project that go with the nodes
 */
export function unbind(index: ProjectIndex, gone: ReadonlySet<object>, names: ReadonlySet<string>): boolean {
  const isGone = (symbol: CodeSymbol): boolean => symbol.site !== null && gone.has(symbol.site.identifier);
  for (const key of names) {
    if (index.ambiguousGlobals.has(key) || index.fileLists.has(key)) return false;
    if (index.programInstances.some((instance) => keyOf(instance.name) === key)) return false;
    for (const map of [index.types, index.values]) {
      const symbol = map.get(key);
      if (symbol !== undefined && isGone(symbol)) map.delete(key);
    }
    const values = index.enumValues.get(key)?.filter((value) => !isGone(value));
    if (values?.length === 0) index.enumValues.delete(key);
    else if (values !== undefined) index.enumValues.set(key, values);
  }
  for (const [key, variable] of index.globals) if (isGone(variable)) index.globals.delete(key);
  for (const { members } of index.fileLists.values()) removeFrom(members, isGone);
  keepOnly(index.pous, (pou) => !isGone(pou));
  keepOnly(index.interfaces, (one) => !isGone(one));
  keepOnly(index.lists, (list) => !isGone(list));
  keepOnly(index.units, (unit) => {
    const isStaying = !gone.has(unit.span);
    if (!isStaying) index.calls.delete(unit);
    return isStaying;
  });
  keepOnly(index.pendingVariables, ({ symbol }) => !isGone(symbol));
  keepOnly(index.pendingResults, ({ node }) => !gone.has(node));
  keepOnly(index.pendingHeaders, ({ symbol }) => !isGone(symbol));
  keepOnly(index.unresolvedTypes, ({ name }) => !gone.has(name));
  for (const symbol of index.pendingTypes.keys()) if (isGone(symbol)) index.pendingTypes.delete(symbol);
  for (const node of index.enums.keys()) if (gone.has(node)) index.enums.delete(node);
  for (const value of index.enumOfValue.keys()) if (isGone(value)) index.enumOfValue.delete(value);
  for (const symbol of index.openSymbols) if (isGone(symbol)) index.openSymbols.delete(symbol);
  for (const variable of index.constantScopes.keys())
    if (isGone(variable)) {
      index.constantScopes.delete(variable);
      index.constantValues.delete(variable);
    }
  for (const node of gone) index.facts.forget(node as SyntaxNode);
  return true;
}

function removeFrom(map: Map<string, CodeSymbol>, isGone: (symbol: CodeSymbol) => boolean): void {
  for (const [key, symbol] of map) if (isGone(symbol)) map.delete(key);
}

/** Removes the others from a list that many hold. */
function keepOnly<T>(list: T[], isStaying: (one: T) => boolean): void {
  let kept = 0;
  for (const one of list) if (isStaying(one)) list[kept++] = one;
  list.length = kept;
}
