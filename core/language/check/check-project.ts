/**
 * The checks of a project, in the order of its files. They come in four parts, because an edit of a body needs only the
 * second part for its unit and the fourth: a check that reads bodies of other units belongs into the fourth.
 */

import { constantOfSymbol } from '../semantics/constants.js';
import type { CodeUnit, ProjectIndex } from '../semantics/project-index.js';
import type { Report } from '../semantics/reports.js';
import { type Scope, variableScope } from '../semantics/scope.js';
import { keyOf } from '../semantics/symbols.js';
import type { SourceFile, TypeNode } from '../syntax/tree.js';
import { checkAddresses } from './addresses.js';
import { CHECKER, checkUnit } from './check-unit.js';
import { checkConfigurations } from './configurations.js';
import { checkConformance } from './conformance.js';
import { contextOf } from './context.js';
import { declarationUnit } from './declaration-unit.js';
import { checkTypeNode } from './declarations.js';
import { checkInitializer } from './initializers.js';
import { checkModifiers } from './modifiers.js';
import { reportRecursion } from './recursion.js';
import { reportRecursiveTypes } from './recursive-types.js';
import { checkUsings } from './usings.js';

/** First part: global variables and types. */
export function checkDeclarations(index: ProjectIndex, files: readonly SourceFile[]): void {
  for (const constant of index.constantScopes.keys()) constantOfSymbol(index, constant);
  for (const list of index.lists)
    if (list.site !== null) checkGlobalSections(index, list.site.file, list.declaration.sections);
  for (const file of files) {
    checkLooseGlobals(index, file);
  }
  checkTypes(index);
}

/** Second part: each body with its declarations, by unit in the order of `index.units`. */
export function checkUnits(index: ProjectIndex): Map<CodeUnit, readonly Report[]> {
  return new Map(index.units.map((unit) => [unit, checkUnit(index, unit)]));
}

/** Third part: what declarations of several files say of each other. No body is read here. */
export function checkAgreement(index: ProjectIndex, files: readonly SourceFile[]): void {
  reportRecursiveTypes(index);
  checkConformance(index);
  checkModifiers(index);
  checkAddresses(index);
  checkConfigurations(index, CHECKER);
  checkUsings(index, files);
}

/** Fourth part: what bodies do together. */
export function checkAcrossBodies(index: ProjectIndex): void {
  reportRecursion(index);
}

/** Bare VAR_GLOBAL and those of configurations. */
function checkLooseGlobals(index: ProjectIndex, file: SourceFile): void {
  for (const declaration of file.declarations) {
    if (declaration.kind === 'GlobalVariableList' && declaration.name === null)
      checkGlobalSections(index, file, declaration.sections);
    if (declaration.kind === 'Configuration') {
      checkGlobalSections(index, file, declaration.sections);
      for (const resource of declaration.resources) checkGlobalSections(index, file, resource.sections);
    }
  }
}

function checkGlobalSections(index: ProjectIndex, file: SourceFile, sections: CodeUnit['sections']): void {
  index.reports.addAll(checkUnit(index, declarationUnit(index, file, sections)));
}

function checkTypes(index: ProjectIndex): void {
  for (const { symbol, node, scope, file } of index.pendingTypes.values()) {
    const context = contextOf(index, declarationUnit(index, file, [], insideOf(index, node, scope)), CHECKER);
    checkTypeNode(context, node);
    if (symbol.initializer !== null) checkInitializer(context, symbol.type, symbol.initializer);
    index.reports.addAll(context.reports.all);
  }
}

/** The values of an enumeration are known to its own declaration, also where they need its name elsewhere. */
function insideOf(index: ProjectIndex, node: TypeNode, scope: Scope): Scope {
  const declared = node.kind === 'EnumType' ? index.enums.get(node) : undefined;
  if (declared === undefined) return scope;
  return variableScope(scope, new Map(declared.symbols.map((value) => [keyOf(value.name), value])));
}
