/** Variables of sections, members of structures and values of enums become symbols; their types are resolved later. */

import type {
  EnumTypeNode,
  SectionKind,
  SourceFile,
  TypeNode,
  VariableDeclaration,
  VariableSection,
} from '../syntax/tree.js';
import { isAlternative } from './alternatives.js';
import { elementary } from './elementary-types.js';
import type { Mutable } from './mutable.js';
import type { DeclaredEnum, ProjectIndex } from './project-index.js';
import type { Scope, VariableMap } from './scope.js';
import { type CodeSymbol, type EnumValueSymbol, keyOf, type VariableScope, type VariableSymbol } from './symbols.js';
import { UNKNOWN_TYPE } from './types.js';

/** What the variables of a section belong to. */
export interface VariableOwner {
  readonly owner: CodeSymbol | null;
  /** Prefix of qualified names; empty for bare globals. */
  readonly prefix: string;
  readonly scope: Scope;
  readonly file: SourceFile;
  /** Receives values of enums written as the type of a variable; null: they are visible in the whole project. */
  readonly localEnums: Map<string, EnumValueSymbol> | null;
}

const SCOPE_OF_SECTION: Readonly<Record<SectionKind, VariableScope>> = {
  VAR: 'local',
  VAR_INPUT: 'input',
  VAR_OUTPUT: 'output',
  VAR_IN_OUT: 'in-out',
  VAR_TEMP: 'temporary',
  VAR_STAT: 'local',
  VAR_INST: 'local',
  VAR_EXTERNAL: 'external',
  VAR_GLOBAL: 'global',
};

/** Declares the variables of sections into `into`; a name declared twice is reported and the first one stays. */
export function declareSections(
  index: ProjectIndex,
  sections: readonly VariableSection[],
  owner: VariableOwner,
  into: VariableMap,
  localScope: VariableScope = 'local',
): void {
  for (const section of sections)
    for (const declaration of section.variables) declareVariable(index, declaration, section, owner, into, localScope);
}

function declareVariable(
  index: ProjectIndex,
  declaration: VariableDeclaration,
  section: VariableSection,
  owner: VariableOwner,
  into: VariableMap,
  localScope: VariableScope,
): void {
  declareInlineEnums(index, declaration.type, owner);
  const scope = SCOPE_OF_SECTION[section.sectionKind];
  for (const { name, location } of declaration.names) {
    if (name.name === '') continue;
    const symbol: Mutable<VariableSymbol> = {
      kind: 'variable',
      name: name.name,
      qualifiedName: qualifiedIn(owner, name.name),
      site: { file: owner.file, identifier: name },
      type: UNKNOWN_TYPE,
      scope: section.sectionKind === 'VAR' ? localScope : scope,
      sectionKind: section.sectionKind,
      isConstant: section.isConstant,
      retention: section.retention,
      location,
      initializer: declaration.initializer,
      edge: declaration.edge,
      declaration,
      owner: owner.owner,
      externalTarget: null,
    };
    addVariable(index, symbol, owner, into);
    index.pendingVariables.push({ symbol, node: declaration.type, scope: owner.scope, file: owner.file });
    if (section.isConstant && declaration.initializer !== null && !isGivenByCaller(section.sectionKind))
      index.constantScopes.set(symbol, owner.scope);
  }
}

/** Joined to one string: a template would keep a chain of its parts for every variable of the project. */
function qualifiedIn({ prefix }: VariableOwner, name: string): string {
  return prefix === '' ? name : [prefix, name].join('.');
}

/** A constant parameter can't be written inside, but each call brings its own value. */
function isGivenByCaller(kind: SectionKind): boolean {
  return kind === 'VAR_INPUT' || kind === 'VAR_IN_OUT' || kind === 'VAR_OUTPUT';
}

function addVariable(index: ProjectIndex, symbol: VariableSymbol, owner: VariableOwner, into: VariableMap): void {
  const site = symbol.site;
  if (site !== null) index.facts.symbols.set(site.identifier, symbol);
  const key = keyOf(symbol.name);
  const first = into.get(key);
  if (first === undefined) {
    into.set(key, symbol);
    return;
  }
  if (site === null || isAlternative(first, site)) return;
  const isMember = symbol.scope === 'member';
  const related =
    first.site === null ? [] : [{ file: first.site.file, span: first.site.identifier, message: 'first declared here' }];
  index.reports.add(
    isMember ? 'PW2008' : 'PW2005',
    owner.file,
    site.identifier,
    isMember
      ? `The field "${symbol.name}" is already declared in this structure. Rename or remove one of the two.`
      : `"${symbol.name}" is already declared${first.name === symbol.name ? '' : ` as "${first.name}" (case does not matter)`} in ${owner.prefix === '' ? 'the global variables' : owner.prefix}. Rename or remove one of the two.`,
    related,
  );
}

/** The members of a structure as symbols, without the inherited ones. */
export function declareMembers(
  index: ProjectIndex,
  members: readonly VariableDeclaration[],
  owner: VariableOwner,
): Map<string, Mutable<VariableSymbol>> {
  const symbols = new Map<string, Mutable<VariableSymbol>>();
  for (const declaration of members) {
    declareInlineEnums(index, declaration.type, owner);
    for (const { name, location } of declaration.names) {
      if (name.name === '') continue;
      const symbol: Mutable<VariableSymbol> = {
        kind: 'variable',
        name: name.name,
        qualifiedName: qualifiedIn(owner, name.name),
        site: { file: owner.file, identifier: name },
        type: UNKNOWN_TYPE,
        scope: 'member',
        sectionKind: null,
        isConstant: false,
        retention: 'default',
        location,
        initializer: declaration.initializer,
        edge: null,
        declaration,
        owner: owner.owner,
        externalTarget: null,
      };
      addVariable(index, symbol, owner, symbols);
    }
  }
  return symbols;
}

function declareInlineEnums(index: ProjectIndex, node: TypeNode, owner: VariableOwner): void {
  if (node.kind === 'ArrayType') declareInlineEnums(index, node.element, owner);
  else if (node.kind === 'PointerType') declareInlineEnums(index, node.target, owner);
  else if (node.kind === 'EnumType') {
    const declared = declareEnum(index, node, '', owner.scope, owner.file);
    for (const value of declared.symbols) {
      if (owner.localEnums === null) addEnumValue(index, value);
      else owner.localEnums.set(keyOf(value.name), value);
    }
  }
}

/** Makes an enum visible by its node before its values are known. `name` is empty for one without a name. */
export function declareEnum(
  index: ProjectIndex,
  node: EnumTypeNode,
  name: string,
  scope: Scope,
  file: SourceFile,
): DeclaredEnum {
  const known = index.enums.get(node);
  if (known !== undefined) return known;
  const type = {
    kind: 'enum' as const,
    name,
    base: elementary(index.rules.enumBase),
    values: new Map<string, bigint>(),
    isStrict: false,
  };
  const symbols: Mutable<EnumValueSymbol>[] = [];
  const seen = new Map<string, EnumValueSymbol>();
  for (const value of node.values) {
    const symbol: Mutable<EnumValueSymbol> = {
      kind: 'enum-value',
      name: value.name.name,
      qualifiedName: name === '' ? value.name.name : `${name}.${value.name.name}`,
      site: { file, identifier: value.name },
      type,
      value: 0n,
      declaration: value,
    };
    const first = seen.get(keyOf(symbol.name));
    index.facts.symbols.set(value.name, first ?? symbol);
    if (first !== undefined) {
      index.reports.add(
        'PW2007',
        file,
        value.name,
        `The value "${value.name.name}" is already declared in this enumeration. Rename or remove one of the two.`,
        first.site === null ? [] : [{ file, span: first.site.identifier, message: 'first declared here' }],
      );
      continue;
    }
    seen.set(keyOf(symbol.name), symbol);
    symbols.push(symbol);
    index.enumOfValue.set(symbol, node);
  }
  const declared: DeclaredEnum = { type, symbols, scope, file, state: 'waiting' };
  index.enums.set(node, declared);
  return declared;
}

/** Lets a value of an enum be used without the name of the enum. */
export function addEnumValue(index: ProjectIndex, value: EnumValueSymbol): void {
  const key = keyOf(value.name);
  const others = index.enumValues.get(key);
  if (others === undefined) index.enumValues.set(key, [value]);
  else others.push(value);
}
