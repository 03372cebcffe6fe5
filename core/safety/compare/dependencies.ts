/** Everything that a POU depends on: types, globals, constants, called POUs and base types, to the end. */

import type { Project } from '../../language/semantics/model.js';
import type { CodeSymbol, PouSymbol, VariableSymbol } from '../../language/semantics/symbols.js';
import type { Type } from '../../language/semantics/types.js';
import type { Body } from '../../language/syntax/tree.js';
import { forEachExpressionIn, statementListsOf } from '../dataflow/visit.js';
import { tokensOf } from './tokens.js';

/** Token text of each declaration in the closure, by kind and qualified name. The POU itself is left out. */
export function dependencyTexts(project: Project, pou: PouSymbol): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const seen = new Set<CodeSymbol>([pou]);
  const queue: CodeSymbol[] = [pou];
  const reach = (symbol: CodeSymbol | null): void => {
    if (symbol === null || seen.has(symbol)) return;
    seen.add(symbol);
    queue.push(symbol);
  };
  const reachType = (type: Type): void => {
    switch (type.kind) {
      case 'pou':
        reach(type.pou);
        return;
      case 'array':
        reachType(type.element);
        return;
      case 'pointer':
        reachType(type.target);
        return;
      case 'struct':
        if (type.name !== null) reach(project.lookup(type.name));
        for (const member of type.members.values()) reachType(member.type);
        return;
      case 'enum':
        reach(project.lookup(type.name));
        return;
      case 'interface':
        reach(type.interface);
        return;
      default:
        return;
    }
  };
  const reachBody = (body: Body): void => {
    for (const list of statementListsOf(body)) {
      forEachExpressionIn(list, (expression) => {
        const symbol = project.model.symbolOf(expression);
        if (symbol?.kind === 'variable') {
          const variable = symbol.externalTarget ?? symbol;
          if (variable.scope === 'global' || variable.isConstant) reach(variable);
        } else if (symbol !== null && symbol.kind !== 'namespace' && symbol.kind !== 'global-list')
          reach(ownerOf(symbol));
        if (expression.kind === 'Call') reach(ownerOf(project.model.callOf(expression)?.target ?? null));
      });
    }
  };
  for (let symbol = queue.pop(); symbol !== undefined; symbol = queue.pop()) {
    if (symbol !== pou) {
      const text = textOf(symbol);
      if (text !== null) texts.set(`${symbol.kind} ${symbol.qualifiedName.toUpperCase()}`, text);
    }
    if (symbol.kind === 'variable') reachType(symbol.type);
    if (symbol.kind === 'type') reachType(symbol.type);
    if (symbol.kind === 'pou') {
      reach(symbol.base);
      for (const entry of symbol.interfaces) reach(entry);
      for (const variable of symbol.variables.values()) reachType(variable.type);
      const { declaration } = symbol;
      if (declaration === null) continue;
      reachBody(declaration.body);
      for (const method of declaration.methods) reachBody(method.body);
      for (const action of declaration.actions) reachBody(action.body);
      for (const property of declaration.properties) {
        if (property.get) reachBody(property.get.body);
        if (property.set) reachBody(property.set.body);
      }
    }
  }
  return texts;
}

function ownerOf(symbol: CodeSymbol | null): CodeSymbol | null {
  if (symbol === null) return null;
  if (symbol.kind === 'method' || symbol.kind === 'action' || symbol.kind === 'property') return symbol.owner;
  return symbol.kind === 'enum-value' ? null : symbol;
}

/** The tokens of a declaration; null for library symbols. */
function textOf(symbol: CodeSymbol): string | null {
  if (symbol.site === null) return null;
  const node = symbol.kind === 'variable' ? variableNode(symbol) : 'declaration' in symbol ? symbol.declaration : null;
  if (node === null) return null;
  const { file } = symbol.site;
  const inner = {
    ...file,
    text: file.text.slice(node.start, node.end),
    comments: file.comments
      .filter((comment) => comment.start >= node.start && comment.end <= node.end)
      .map((comment) => ({ ...comment, start: comment.start - node.start, end: comment.end - node.start })),
  };
  return tokensOf(inner).join(' ');
}

function variableNode(variable: VariableSymbol): { start: number; end: number } | null {
  return variable.declaration;
}
