/** Gives a bound POU the variables of its edited sections, and finds out which units may say something else now. */

import { type ExchangedSections, isSameTree } from '../syntax/exchange-bodies.js';
import type { TypeNode, VariableSection } from '../syntax/tree.js';
import { forEachChild, type SyntaxNode, walk } from '../syntax/walk.js';
import { constantOfSymbol } from './constants.js';
import { declareSections } from './declare-variables.js';
import type { Mutable } from './mutable.js';
import type { CodeUnit, PendingVariable, ProjectIndex, UnresolvedType } from './project-index.js';
import type { Report } from './reports.js';
import { resolveVariable } from './resolver.js';
import { type CodeSymbol, keyOf, type PouSymbol, type VariableSymbol } from './symbols.js';
import type { Type } from './types.js';
import { isPlainMistake, reportLaterUnresolved } from './unresolved-types.js';

/** Sections whose variables are seen beyond the POU and what names it. */
const WIDE_SECTIONS: ReadonlySet<string> = new Set(['VAR_GLOBAL', 'VAR_EXTERNAL']);

/** What is said of the declarations of a project, while variables are exchanged. */
export interface DeclarationReports {
  declarations: readonly Report[];
}

/**
 * Exchanges the variables of a POU. Null when that matters to more than the units that name the POU or something of its
 * type: the project is to be built anew, and the index is used up.
 */
export function exchangeVariables(
  index: ProjectIndex,
  { owner, before }: ExchangedSections,
  reports: DeclarationReports,
): PouSymbol | null {
  const pou = index.facts.symbols.get(owner.name);
  if (pou?.kind !== 'pou' || pou.declaration !== owner) return null;
  const unit = index.units.find((one) => one.kind === 'pou' && one.symbol === pou);
  if (unit === undefined || ![...before, ...owner.sections].every(isPlainSection)) return null;
  if (!hasSameConstants(pou, before, owner.sections) || isInitializedElsewhere(index, pou)) return null;
  const known = new Set<object>();
  for (const section of before) walk(section, (node) => void known.add(node));
  if (!index.unresolvedTypes.every((one) => !known.has(one.name) || isPlainMistake(index, one))) return null;
  const variables = pou.variables as Map<string, VariableSymbol>;
  const members = [...pou.methods.keys(), ...pou.properties.keys(), ...pou.actions.keys()];
  if (members.some((key) => variables.has(key))) return null;
  const first = index.pendingVariables.findIndex(({ symbol }) => isDeclaredIn(symbol, known));
  const isEmpty = before.every((section) => section.variables.length === 0);
  if (first < 0 || isEmpty || index.reports.all.length > 0) return null;

  forget(index, before);
  for (const variable of variables.values()) {
    index.constantScopes.delete(variable);
    index.constantValues.delete(variable);
  }
  variables.clear();
  const place = index.pendingVariables.length;
  const { scope, file } = unit;
  declareSections(
    index,
    owner.sections,
    { owner: pou, prefix: pou.qualifiedName, scope, file, localEnums: null },
    variables,
  );
  if (members.some((key) => variables.has(key))) return null;
  if (unit.result !== null && !variables.has(keyOf(pou.name))) variables.set(keyOf(pou.name), unit.result);
  const fresh = index.pendingVariables.splice(place);
  let count = 0;
  while (isDeclaredIn(index.pendingVariables[first + count]?.symbol, known)) count++;
  index.pendingVariables.splice(first, count, ...fresh);
  if (!resolveFresh(index, fresh, known)) return null;
  for (const { symbol } of fresh) if (symbol.isConstant) constantOfSymbol(index, symbol);
  const later = index.reports.take();
  reports.declarations = [...reports.declarations.filter(({ span }) => !known.has(span)), ...later];
  const target: Mutable<CodeUnit> = unit;
  target.sections = owner.sections;
  return pou;
}

function isDeclaredIn(symbol: VariableSymbol | undefined, known: ReadonlySet<object>): boolean {
  const site = symbol?.site;
  return site !== null && site !== undefined && known.has(site.identifier);
}

/** Types elsewhere are made with the values of constants, so those must stay. A program is reached by its name alone. */
function hasSameConstants(
  { pouKind }: PouSymbol,
  before: readonly VariableSection[],
  after: readonly VariableSection[],
): boolean {
  const [known, now] = [before.filter(isOfConstants), after.filter(isOfConstants)];
  if (pouKind === 'program' || pouKind === 'organization-block') return known.length === 0 && now.length === 0;
  return isSameTree(known, now);
}

function isOfConstants({ isConstant }: VariableSection): boolean {
  return isConstant;
}

/** Nothing but variables with types by name: no enumeration or structure of its own, no SAFE type. */
function isPlainSection(section: VariableSection): boolean {
  return !WIDE_SECTIONS.has(section.sectionKind) && section.variables.every(({ type }) => isPlainType(type));
}

function isPlainType(node: TypeNode): boolean {
  switch (node.kind) {
    case 'EnumType':
    case 'StructType':
      return false;
    case 'ArrayType':
      return isPlainType(node.element);
    case 'PointerType':
      return isPlainType(node.target);
    case 'NamedType':
      return !node.name.parts.some((part) => /^safe/i.test(part.name));
    default:
      return true;
  }
}

/** True when a global or a member of a structure gives an instance of the POU initial values. */
function isInitializedElsewhere(index: ProjectIndex, pou: PouSymbol): boolean {
  const isInitialized = (variable: VariableSymbol): boolean =>
    variable.initializer !== null && holds(variable.type, pou);
  for (const variable of index.globals.values()) if (isInitialized(variable)) return true;
  for (const { symbol } of index.pendingTypes.values())
    if (symbol.type.kind === 'struct')
      for (const member of symbol.type.members.values()) if (isInitialized(member)) return true;
  return false;
}

/** True when a variable of the type is or refers to an instance of the POU. */
export function holds(type: Type, pou: PouSymbol): boolean {
  switch (type.kind) {
    case 'array':
      return holds(type.element, pou);
    case 'pointer':
      return holds(type.target, pou);
    case 'pou':
      return extendsPou(type.pou, pou);
    default:
      return false;
  }
}

export function extendsPou(pou: PouSymbol, base: PouSymbol): boolean {
  let current: PouSymbol | null = pou;
  for (let depth = 0; current !== null && depth < 64; depth++) {
    if (current === base) return true;
    current = current.base;
  }
  return false;
}

/** Resolves the new variables. False when a type is unknown that a library may declare. */
function resolveFresh(index: ProjectIndex, fresh: readonly PendingVariable[], known: ReadonlySet<object>): boolean {
  const staying = index.unresolvedTypes.filter(({ name }) => !known.has(name));
  index.unresolvedTypes.length = 0;
  for (const pending of fresh) resolveVariable(index, pending);
  const later: UnresolvedType[] = index.unresolvedTypes.splice(0);
  for (const one of [...staying, ...later]) index.unresolvedTypes.push(one);
  return reportLaterUnresolved(index, later);
}

/** Forgets what is known of the nodes of sections. */
function forget(index: ProjectIndex, sections: readonly VariableSection[]): void {
  for (const section of sections) walk(section, (node) => void index.facts.forget(node));
}

/** The symbols that a checked unit names. */
export function symbolsNamedIn({ facts }: ProjectIndex, unit: CodeUnit): ReadonlySet<CodeSymbol> {
  const symbols = new Set<CodeSymbol>();
  const add = (node: SyntaxNode): void => {
    const symbol = node.kind === 'Identifier' || node.kind === 'Call' ? facts.symbols.get(node) : undefined;
    if (symbol !== undefined) symbols.add(symbol);
    forEachChild(node, add);
  };
  for (const section of unit.sections) add(section);
  if (unit.body !== null) add(unit.body);
  if (unit.kind === 'declarations') add(unit.span as SyntaxNode);
  return symbols;
}
