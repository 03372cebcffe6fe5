/** Structures and blocks that contain an instance of themselves. IEC 61131-3 ed. 3, 6.4.4.6. */

import type { ProjectIndex } from '../semantics/project-index.js';
import type { CodeSymbol, PouSymbol } from '../semantics/symbols.js';
import type { StructType, Type } from '../semantics/types.js';

export function reportRecursiveTypes(index: ProjectIndex): void {
  const done = new Set<StructType | PouSymbol>();
  for (const { symbol } of index.pendingTypes.values())
    if (symbol.type.kind === 'struct' && contains(symbol.type, symbol.type, done)) reportOne(index, symbol);
  for (const pou of index.pous)
    if (pou.pouKind !== 'function' && contains({ kind: 'pou', pou }, { kind: 'pou', pou }, done)) reportOne(index, pou);
}

function reportOne(index: ProjectIndex, symbol: CodeSymbol): void {
  if (symbol.site === null) return;
  index.reports.add(
    'PW2016',
    symbol.site.file,
    symbol.site.identifier,
    `"${symbol.name}" contains itself, so its size has no end. Hold a reference (REF_TO or POINTER TO) instead.`,
  );
}

/** True when a value of `type` holds, at any depth, one of `target`. Types known to be free of circles are skipped. */
function contains(type: Type, target: Type, done: Set<StructType | PouSymbol>): boolean {
  const goal = target.kind === 'pou' ? target.pou : target.kind === 'struct' ? target : null;
  const visited = new Set<StructType | PouSymbol>();
  const visit = (inner: Type): boolean => {
    if (inner.kind === 'array') return visit(inner.element);
    const node = inner.kind === 'struct' ? inner : inner.kind === 'pou' ? inner.pou : null;
    if (node === null) return false;
    if (node === goal && visited.size > 0) return true;
    if (visited.has(node) || done.has(node)) return false;
    visited.add(node);
    return membersOf(inner).some(visit);
  };
  const found = visit(type);
  if (!found) for (const node of visited) done.add(node);
  return found;
}

function membersOf(type: Type): readonly Type[] {
  if (type.kind === 'struct') return [...type.members.values()].map((member) => member.type);
  if (type.kind !== 'pou' || type.pou.isLibrary || type.pou.pouKind === 'function') return [];
  const own = [...type.pou.variables.values()]
    .filter((variable) => variable.scope !== 'in-out' && variable.scope !== 'external')
    .map((variable) => variable.type);
  return type.pou.base === null ? own : [...own, { kind: 'pou', pou: type.pou.base }];
}
