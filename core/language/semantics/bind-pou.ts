/** POUs with their methods, properties and actions as symbols and as units to check. */

import type { InterfaceDeclaration, Method, Pou, Property, PropertyAccessor, SourceFile } from '../syntax/tree.js';
import { isAlternative } from './alternatives.js';
import type { BindingPlace } from './binding-place.js';
import { declareNamed, qualify, usingScope } from './binding-place.js';
import { declareSections } from './declare-variables.js';
import { BOOL_TYPE, elementary } from './elementary-types.js';
import type { Mutable } from './mutable.js';
import { isOpenPou, type ProjectIndex } from './project-index.js';
import { pouScope, type Scope, variableScope } from './scope.js';
import {
  type ActionSymbol,
  type CodeSymbol,
  type EnumValueSymbol,
  type InterfaceSymbol,
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
  type VariableScope,
  type VariableSymbol,
} from './symbols.js';
import { UNKNOWN_TYPE, VOID_TYPE } from './types.js';

export function bindPou(index: ProjectIndex, declaration: Pou, place: BindingPlace): void {
  const { file } = place;
  const variables = new Map<string, VariableSymbol>();
  const methods = new Map<string, MethodSymbol>();
  const properties = new Map<string, PropertySymbol>();
  const actions = new Map<string, ActionSymbol>();
  const symbol: Mutable<PouSymbol> = {
    kind: 'pou',
    name: declaration.name.name,
    qualifiedName: qualify(place, declaration.name.name),
    site: { file, identifier: declaration.name },
    pouKind: declaration.pouKind,
    declaration,
    variables,
    methods,
    properties,
    actions,
    base: null,
    interfaces: [],
    returnType: VOID_TYPE,
    isLibrary: false,
  };
  declareNamed(index, symbol, place);
  index.pous.push(symbol);
  const usings = declaration.usings.flatMap((using) => using.names);
  const outer = usings.length === 0 ? place.scope : usingScope(index, place.scope, usings);
  const localEnums = new Map<string, EnumValueSymbol>();
  const steps = stepVariables(index, symbol, declaration, file);
  const scope = pouScope(outer, symbol, [localEnums, steps], (pou) => isOpenPou(index, pou));
  const owner = { owner: symbol, prefix: symbol.qualifiedName, scope, file, localEnums };
  declareSections(index, declaration.sections, owner, variables);
  const result = declareResult(index, symbol, declaration, scope, file, variables);
  if (declaration.extends.length > 0 || declaration.implements.length > 0)
    index.pendingHeaders.push({
      symbol,
      extends: declaration.extends,
      implements: declaration.implements,
      scope: outer,
      file,
    });
  const member: MemberPlace = { index, owner: symbol, pou: symbol, scope, file };
  for (const method of declaration.methods) bindMethod(member, method, methods);
  for (const property of declaration.properties) bindProperty(member, property, properties);
  const { body } = declaration;
  const unit = { file, pou: symbol, sections: [], variables, scope, result: null };
  const allActions = body.kind === 'SfcBody' ? [...declaration.actions, ...body.actions] : declaration.actions;
  for (const action of allActions) {
    const actionSymbol: ActionSymbol = {
      kind: 'action',
      name: action.name.name,
      qualifiedName: `${symbol.qualifiedName}.${action.name.name}`,
      site: { file, identifier: action.name },
      declaration: action,
      owner: symbol,
    };
    index.facts.symbols.set(action.name, actionSymbol);
    reportDuplicateMember(member, actionSymbol, actions);
    if (!actions.has(keyOf(action.name.name))) actions.set(keyOf(action.name.name), actionSymbol);
    index.units.push({ ...unit, kind: 'action', span: action, symbol: actionSymbol, body: action.body });
  }
  index.units.push({
    ...unit,
    kind: 'pou',
    span: declaration,
    symbol,
    sections: declaration.sections,
    body,
    result,
  });
}

/** `Step.X` is TRUE while a step is active, `Step.T` the time since it is. IEC 61131-3 ed. 3, 6.7.2. */
function stepVariables(
  index: ProjectIndex,
  owner: PouSymbol,
  { body }: Pou,
  file: SourceFile,
): ReadonlyMap<string, VariableSymbol> {
  const steps = new Map<string, VariableSymbol>();
  if (body.kind !== 'SfcBody') return steps;
  for (const { name } of body.steps) {
    const members = new Map<string, VariableSymbol>();
    const step = plainVariable(name.name, `${owner.qualifiedName}.${name.name}`, 'local', owner);
    step.site = { file, identifier: name };
    step.type = { kind: 'struct', name: 'step', isUnion: false, members };
    for (const [member, type] of [
      ['X', BOOL_TYPE],
      ['T', elementary('TIME')],
    ] as const) {
      const field = plainVariable(member, `${step.qualifiedName}.${member}`, 'member', null);
      field.type = type;
      members.set(member, field);
    }
    index.facts.symbols.set(name, step);
    steps.set(keyOf(name.name), step);
  }
  return steps;
}

/** Methods and properties of an interface. */
export function bindPrototype(
  index: ProjectIndex,
  symbol: Mutable<InterfaceSymbol>,
  declaration: InterfaceDeclaration,
  place: BindingPlace,
): void {
  const methods = new Map<string, MethodSymbol>();
  const properties = new Map<string, PropertySymbol>();
  symbol.methods = methods;
  symbol.properties = properties;
  const member: MemberPlace = { index, owner: symbol, pou: null, scope: place.scope, file: place.file };
  for (const method of declaration.methods) bindMethod(member, method, methods);
  for (const property of declaration.properties) bindProperty(member, property, properties);
}

interface MemberPlace {
  readonly index: ProjectIndex;
  readonly owner: PouSymbol | InterfaceSymbol;
  readonly pou: PouSymbol | null;
  readonly scope: Scope;
  readonly file: SourceFile;
}

/** The result of a function is a variable of its own name. */
function declareResult(
  index: ProjectIndex,
  symbol: Mutable<PouSymbol> | Mutable<MethodSymbol>,
  declaration: Pou | Method,
  scope: Scope,
  file: SourceFile,
  variables: Map<string, VariableSymbol>,
): VariableSymbol | null {
  if (declaration.returnType === null) return null;
  const result = resultVariable(symbol);
  const key = keyOf(symbol.name);
  if (!variables.has(key)) variables.set(key, result);
  index.pendingResults.push({ symbol, result, node: declaration.returnType, scope, file });
  return result;
}

function resultVariable(owner: PouSymbol | MethodSymbol | PropertySymbol): Mutable<VariableSymbol> {
  const variable = plainVariable(owner.name, `${owner.qualifiedName}.${owner.name}`, 'result', owner);
  variable.site = owner.site;
  return variable;
}

/** A variable that no section declares. */
function plainVariable(
  name: string,
  qualifiedName: string,
  scope: VariableScope,
  owner: CodeSymbol | null,
): Mutable<VariableSymbol> {
  return {
    kind: 'variable',
    name,
    qualifiedName,
    site: null,
    type: UNKNOWN_TYPE,
    scope,
    sectionKind: null,
    isConstant: false,
    retention: 'default',
    location: null,
    initializer: null,
    edge: null,
    declaration: null,
    owner,
    externalTarget: null,
  };
}

function bindMethod(place: MemberPlace, declaration: Method, into: Map<string, MethodSymbol>): void {
  const { index, owner, scope, file } = place;
  const variables = new Map<string, VariableSymbol>();
  const symbol: Mutable<MethodSymbol> = {
    kind: 'method',
    name: declaration.name.name,
    qualifiedName: `${owner.qualifiedName}.${declaration.name.name}`,
    site: { file, identifier: declaration.name },
    declaration,
    owner,
    variables,
    returnType: VOID_TYPE,
  };
  index.facts.symbols.set(declaration.name, symbol);
  const localEnums = new Map<string, EnumValueSymbol>();
  const inner = variableScope(scope, variables, localEnums);
  const variableOwner = { owner: symbol, prefix: symbol.qualifiedName, scope: inner, file, localEnums };
  declareSections(index, declaration.sections, variableOwner, variables, 'temporary');
  const result = declareResult(index, symbol, declaration, inner, file, variables);
  reportDuplicateMember(place, symbol, into);
  if (!into.has(keyOf(symbol.name))) into.set(keyOf(symbol.name), symbol);
  index.units.push({
    kind: 'method',
    file,
    span: declaration,
    pou: place.pou,
    symbol,
    sections: declaration.sections,
    variables,
    body: place.pou === null || declaration.modifiers.isAbstract ? null : declaration.body,
    scope: inner,
    result,
  });
}

function bindProperty(place: MemberPlace, declaration: Property, into: Map<string, PropertySymbol>): void {
  const { index, owner, file, scope } = place;
  const known = into.get(keyOf(declaration.name.name));
  const symbol: Mutable<PropertySymbol> = {
    kind: 'property',
    name: declaration.name.name,
    qualifiedName: `${owner.qualifiedName}.${declaration.name.name}`,
    site: { file, identifier: declaration.name },
    declaration,
    owner,
    type: UNKNOWN_TYPE,
    canRead: declaration.get !== null || known?.canRead === true,
    canWrite: declaration.set !== null || known?.canWrite === true,
  };
  index.facts.symbols.set(declaration.name, symbol);
  const completes = known !== undefined && isSplitProperty(known, declaration);
  if (!completes) reportDuplicateMember(place, symbol, into);
  if (completes || known === undefined) into.set(keyOf(symbol.name), symbol);
  const variable = resultVariable(symbol);
  index.pendingResults.push({ symbol, result: variable, node: declaration.type, scope, file });
  for (const [kind, accessor] of [
    ['getter', declaration.get],
    ['setter', declaration.set],
  ] as const)
    if (accessor !== null) bindAccessor(place, symbol, accessor, kind, variable);
}

/** GET and SET written as two properties of one name (ed. 3 `PROPERTY_GET`). */
function isSplitProperty(known: PropertySymbol, declaration: Property): boolean {
  const first = known.declaration;
  return (
    first !== null &&
    (declaration.get === null || first.get === null) &&
    (declaration.set === null || first.set === null)
  );
}

function bindAccessor(
  place: MemberPlace,
  symbol: PropertySymbol,
  accessor: PropertyAccessor,
  kind: 'getter' | 'setter',
  variable: VariableSymbol,
): void {
  const { index, file, scope } = place;
  const variables = new Map<string, VariableSymbol>();
  const localEnums = new Map<string, EnumValueSymbol>();
  const inner = variableScope(scope, variables, new Map([[keyOf(symbol.name), variable]]), localEnums);
  const prefix = `${symbol.qualifiedName}.${kind === 'getter' ? 'Get' : 'Set'}`;
  const owner = { owner: symbol, prefix, scope: inner, file, localEnums };
  declareSections(index, accessor.sections, owner, variables, 'temporary');
  const isEmpty = accessor.body.kind === 'StatementList' && accessor.body.statements.length === 0;
  index.units.push({
    kind,
    file,
    span: accessor,
    pou: place.pou,
    symbol,
    sections: accessor.sections,
    variables,
    body: place.pou === null || (isEmpty && symbol.declaration?.modifiers.isAbstract === true) ? null : accessor.body,
    scope: inner,
    result: kind === 'getter' ? variable : null,
  });
}

/** Variables, methods, properties and actions of a POU share one set of names. */
function reportDuplicateMember(
  place: MemberPlace,
  symbol: MethodSymbol | PropertySymbol | ActionSymbol,
  siblings: ReadonlyMap<string, MethodSymbol | PropertySymbol | ActionSymbol>,
): void {
  const key = keyOf(symbol.name);
  const variable = place.pou?.variables.get(key);
  const first = siblings.get(key) ?? (variable?.scope === 'result' ? undefined : variable);
  if (first === undefined || symbol.site === null || isAlternative(first, symbol.site)) return;
  const related =
    first.site === null ? [] : [{ file: first.site.file, span: first.site.identifier, message: 'first declared here' }];
  place.index.reports.add(
    'PW2011',
    place.file,
    symbol.site.identifier,
    `${place.owner.name} already has a ${first.kind} "${first.name}". Rename or remove one of the two.`,
    related,
  );
}
