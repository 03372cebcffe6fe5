/** Fixes for function blocks and interfaces. */

import { type InterfaceSymbol, keyOf, type MethodSymbol, type PouSymbol } from '../semantics/symbols.js';
import type { FixMaker } from './fix.js';
import { innermost } from './fix.js';
import { typeText } from './name-fixes.js';

/** Writes the methods of its interfaces that a block lacks, empty. */
export const implementMethods: FixMaker = (place) => {
  const declaration = innermost(place, 'Pou');
  const symbol = declaration === null ? null : place.project.model.symbolOf(declaration.name);
  if (declaration === null || symbol?.kind !== 'pou') return [];
  const missing = [...allInterfaces(symbol)].flatMap((one) =>
    [...one.methods.values()].filter(({ name }) => !hasMethod(symbol, keyOf(name))),
  );
  const closing = /\n?[ \t]*END_\w+\s*;?\s*$/i.exec(place.file.text.slice(0, declaration.end));
  if (missing.length === 0 || closing === null) return [];
  const text = missing.map(methodText).join('');
  const title = missing.length === 1 ? `Add the method ${missing[0]?.name}` : `Add ${missing.length} missing methods`;
  return [{ title, edits: [{ start: closing.index, end: closing.index, text }], isPreferred: true }];
};

function hasMethod(pou: PouSymbol, key: string): boolean {
  for (let current: PouSymbol | null = pou, depth = 0; current !== null && depth < 64; current = current.base, depth++)
    if (current.methods.has(key)) return true;
  return false;
}

function allInterfaces({ interfaces }: PouSymbol): Set<InterfaceSymbol> {
  const all = new Set(interfaces);
  for (const one of all) for (const base of one.bases) all.add(base);
  return all;
}

function methodText({ name, returnType, variables }: MethodSymbol): string {
  const result = returnType.kind === 'void' ? '' : ` : ${typeText(returnType) ?? 'INT'}`;
  const sections = (['VAR_INPUT', 'VAR_OUTPUT', 'VAR_IN_OUT'] as const).map((kind) => {
    const own = [...variables.values()].filter(({ sectionKind }) => sectionKind === kind);
    const lines = own.map((one) => `    ${one.name} : ${typeText(one.type) ?? 'INT'};\n`);
    return own.length === 0 ? '' : `${kind}\n${lines.join('')}END_VAR\n`;
  });
  return `\nMETHOD PUBLIC ${name}${result}\n${sections.join('')}END_METHOD`;
}
