/** First pass: every declaration of every file becomes a symbol in its scope. No type is looked at yet. */

import type {
  DataBlock,
  Declaration,
  GlobalVariableList,
  InterfaceDeclaration,
  NamespaceDeclaration,
  Pragma,
  SourceFile,
  TypeDeclaration,
} from '../syntax/tree.js';
import { bindConfiguration } from './bind-configuration.js';
import { bindPou, bindPrototype } from './bind-pou.js';
import { bindTests } from './bind-tests.js';
import {
  type BindingPlace,
  declareGlobal,
  declareNamed,
  declareValue,
  namespaceMembers,
  qualify,
  usingScope,
} from './binding-place.js';
import { addEnumValue, declareEnum, declareSections } from './declare-variables.js';
import type { Mutable } from './mutable.js';
import type { FileList, ProjectIndex } from './project-index.js';
import { namespaceScope } from './scope.js';
import { startValuesByName, startValuesOfInstance } from './start-values.js';
import {
  type CodeSymbol,
  type GlobalListSymbol,
  type InterfaceSymbol,
  keyOf,
  type NamespaceSymbol,
  type TypeSymbol,
  type VariableSymbol,
} from './symbols.js';
import { membersOfType } from './tags.js';
import { UNKNOWN_TYPE } from './types.js';

/** Declares the symbols of all files. */
export function bindFiles(index: ProjectIndex, files: readonly SourceFile[]): void {
  for (const file of files) {
    const usings = file.declarations.flatMap((one) => (one.kind === 'Using' ? one.names : []));
    const scope = usings.length === 0 ? index.scope : usingScope(index, index.scope, usings);
    const place: BindingPlace = { file, scope, prefix: '', members: null };
    for (const declaration of file.declarations) bindDeclaration(index, declaration, place);
    bindTests(index, file, scope);
  }
  for (const [key, list] of index.fileLists)
    if (!index.values.has(key) && !index.types.has(key)) index.values.set(key, list.symbol);
}

/** Declares the symbols of one declaration of a file or namespace. */
export function bindDeclaration(index: ProjectIndex, declaration: Declaration, place: BindingPlace): void {
  switch (declaration.kind) {
    case 'Pou':
      bindPou(index, declaration, place);
      return;
    case 'Interface':
      bindInterface(index, declaration, place);
      return;
    case 'TypeDeclaration':
      bindType(index, declaration, place);
      return;
    case 'GlobalVariableList':
      bindGlobals(index, declaration, place);
      return;
    case 'Namespace':
      bindNamespace(index, declaration, place);
      return;
    case 'DataBlock':
      bindDataBlock(index, declaration, place);
      return;
    case 'Configuration':
      bindConfiguration(index, declaration, place);
      return;
    case 'Using':
    case 'TestFixture':
    case 'TestCase':
      return;
  }
}

function bindInterface(index: ProjectIndex, declaration: InterfaceDeclaration, place: BindingPlace): void {
  const symbol: Mutable<InterfaceSymbol> = {
    kind: 'interface',
    name: declaration.name.name,
    qualifiedName: qualify(place, declaration.name.name),
    site: { file: place.file, identifier: declaration.name },
    declaration,
    bases: [],
    methods: new Map(),
    properties: new Map(),
  };
  declareNamed(index, symbol, place);
  index.interfaces.push(symbol);
  bindPrototype(index, symbol, declaration, place);
  index.pendingHeaders.push({
    symbol,
    extends: declaration.extends,
    implements: [],
    scope: place.scope,
    file: place.file,
  });
}

function bindType(index: ProjectIndex, declaration: TypeDeclaration, place: BindingPlace): void {
  const name = declaration.name.name;
  const symbol: Mutable<TypeSymbol> = {
    kind: 'type',
    name,
    qualifiedName: qualify(place, name),
    site: { file: place.file, identifier: declaration.name },
    type: UNKNOWN_TYPE,
    declaration,
    initializer: declaration.initializer,
  };
  declareNamed(index, symbol, place);
  index.pendingTypes.set(symbol, {
    symbol,
    node: declaration.definition,
    scope: place.scope,
    file: place.file,
    state: 'waiting',
  });
  if (declaration.definition.kind !== 'EnumType') return;
  const declared = declareEnum(index, declaration.definition, name, place.scope, place.file);
  declared.type.isStrict = hasAttribute(declaration.pragmas, 'strict');
  if (hasAttribute(declaration.pragmas, 'qualified_only')) return;
  for (const value of declared.symbols) addEnumValue(index, value);
}

/** True for `{attribute 'name'}`, with or without a value. */
function hasAttribute(pragmas: readonly Pragma[], name: string): boolean {
  return pragmas.some((pragma) => attributeNameOf(pragma) === name);
}

function attributeNameOf(pragma: Pragma): string | null {
  return /attribute\s+'([^']+)'/i.exec(pragma.text)?.[1]?.toLowerCase() ?? null;
}

function bindGlobals(index: ProjectIndex, declaration: GlobalVariableList, place: BindingPlace): void {
  if (declaration.name === null) {
    bindBareGlobals(index, declaration, place);
    return;
  }
  const name = declaration.name.name;
  const variables = new Map<string, VariableSymbol>();
  const list: GlobalListSymbol = {
    kind: 'global-list',
    name,
    qualifiedName: qualify(place, name),
    site: { file: place.file, identifier: declaration.name },
    declaration,
    variables,
  };
  index.lists.push(list);
  declareValue(index, list, place);
  declareListMembers(index, declaration, place, list, variables);
}

/** Declares variables of a list that is there already. */
export function declareListMembers(
  index: ProjectIndex,
  declaration: GlobalVariableList,
  place: BindingPlace,
  list: GlobalListSymbol,
  variables: Map<string, VariableSymbol>,
): void {
  const owner = { owner: list, prefix: list.qualifiedName, scope: place.scope, file: place.file, localEnums: null };
  const known = new Set(variables.keys());
  declareSections(index, declaration.sections, owner, variables, 'global');
  for (const [key, variable] of variables) {
    if (known.has(key)) continue;
    index.globals.set(`${keyOf(list.name)}.${key}`, variable);
    if (!declaration.qualifiedOnly) openListMember(index, key, variable);
  }
}

/** VAR_GLOBAL without a name: bare variables, which CODESYS also knows by the name of the file as that of their list. */
export function bindBareGlobals(index: ProjectIndex, declaration: GlobalVariableList, place: BindingPlace): void {
  const list = fileListOf(index, declaration, place);
  if (list !== null && declaration.qualifiedOnly) {
    declareListMembers(index, declaration, place, list.symbol, list.members);
    return;
  }
  const variables = new Map<string, VariableSymbol>();
  const owner = { owner: null, prefix: place.prefix, scope: place.scope, file: place.file, localEnums: null };
  declareSections(index, declaration.sections, owner, variables, 'global');
  for (const [key, variable] of variables) {
    declareGlobal(index, variable, place);
    if (list?.members.has(key) === false) list.members.set(key, variable);
  }
}

/** The name of a file without folders and extension: that of the list, if it is one. */
export function listNameOf({ path }: SourceFile): string {
  return /([^/]+?)(\.[^./]*)?$/.exec(path)?.[1] ?? '';
}

/** The list that the file stands for, when it holds nothing but VAR_GLOBAL and its dialect names lists by files. */
function fileListOf(
  index: ProjectIndex,
  declaration: GlobalVariableList,
  { file, prefix }: BindingPlace,
): FileList | null {
  if (!index.rules.listsAreNamedByFile || prefix !== '') return null;
  if (file.declarations.some((one) => one.kind !== 'GlobalVariableList')) return null;
  const name = listNameOf(file);
  if (!/^[A-Za-z_]\w*$/.test(name)) return null;
  const known = index.fileLists.get(keyOf(name));
  if (known !== undefined) return known;
  const members = new Map<string, VariableSymbol>();
  const list: FileList = {
    symbol: { kind: 'global-list', name, qualifiedName: name, site: null, declaration, variables: members },
    members,
  };
  index.fileLists.set(keyOf(name), list);
  return list;
}

/** A member of a list that is not `qualified_only` is also known by its bare name, unless two lists have one. */
function openListMember(index: ProjectIndex, key: string, variable: VariableSymbol): void {
  const known = index.values.get(key);
  if (known === undefined) index.values.set(key, variable);
  else if (known.kind === 'variable' && known.owner?.kind === 'global-list' && known.owner !== variable.owner)
    index.ambiguousGlobals.set(key, [known, variable]);
}

/** A data block with an own structure is a list; one that is an instance of a type is a global variable. */
function bindDataBlock(index: ProjectIndex, declaration: DataBlock, place: BindingPlace): void {
  const { file, scope } = place;
  const name = declaration.name.name;
  if (declaration.type === null) {
    const variables = new Map<string, VariableSymbol>();
    const list: GlobalListSymbol = {
      kind: 'global-list',
      name,
      qualifiedName: name,
      site: { file, identifier: declaration.name },
      declaration,
      variables,
    };
    const owner = { owner: list, prefix: name, scope, file, localEnums: null };
    declareSections(index, declaration.sections, owner, variables, 'global');
    index.lists.push(list);
    declareValue(index, list, place);
    for (const [key, variable] of variables) index.globals.set(`${keyOf(name)}.${key}`, variable);
    for (const [key, value] of startValuesByName(declaration.startValues)) {
      const variable: Mutable<VariableSymbol> | undefined = variables.get(key);
      if (variable !== undefined) variable.initializer = value;
    }
    bindStartValues(index, declaration, place, () => variables);
    return;
  }
  const symbol: Mutable<VariableSymbol> = {
    kind: 'variable',
    name,
    qualifiedName: name,
    site: { file, identifier: declaration.name },
    type: UNKNOWN_TYPE,
    scope: 'global',
    sectionKind: 'VAR_GLOBAL',
    isConstant: false,
    retention: 'default',
    location: null,
    initializer: startValuesOfInstance(declaration.startValues),
    edge: null,
    declaration: null,
    owner: null,
    externalTarget: null,
  };
  index.pendingVariables.push({ symbol, node: declaration.type, scope, file });
  declareGlobal(index, symbol, place);
  bindStartValues(index, declaration, place, () => membersOfType(symbol.type));
}

/** The assignments between BEGIN and END_DATA_BLOCK name members of the block. */
function bindStartValues(
  index: ProjectIndex,
  declaration: DataBlock,
  place: BindingPlace,
  members: () => ReadonlyMap<string, CodeSymbol>,
): void {
  if (declaration.startValues.statements.length === 0) return;
  index.units.push({
    kind: 'declarations',
    file: place.file,
    span: declaration,
    pou: null,
    symbol: null,
    sections: [],
    variables: new Map(),
    body: declaration.startValues,
    scope: namespaceScope(place.scope, () => [members()]),
    result: null,
  });
}

function bindNamespace(index: ProjectIndex, declaration: NamespaceDeclaration, place: BindingPlace): void {
  let { scope, prefix, members } = place;
  for (const part of declaration.name.parts) {
    const key = keyOf(part.name);
    const map: Map<string, CodeSymbol> = members ?? index.types;
    const known = map.get(key);
    prefix = prefix === '' ? part.name : `${prefix}.${part.name}`;
    const inner = namespaceMembers(index, prefix);
    if (known?.kind !== 'namespace') {
      const symbol: NamespaceSymbol = {
        kind: 'namespace',
        name: part.name,
        qualifiedName: prefix,
        site: { file: place.file, identifier: part },
        members: inner,
      };
      declareNamed(index, symbol, { ...place, members });
    }
    scope = namespaceScope(scope, () => [inner]);
    members = inner;
  }
  const usings = declaration.declarations.flatMap((one) => (one.kind === 'Using' ? one.names : []));
  const innerScope = usings.length === 0 ? scope : usingScope(index, scope, usings);
  const innerPlace: BindingPlace = { file: place.file, scope: innerScope, prefix, members };
  for (const one of declaration.declarations) bindDeclaration(index, one, innerPlace);
}
