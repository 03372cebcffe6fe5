/** The symbols of a project while it is built: what the binder declares, the resolver completes and the checker reads. */

import type { DialectId } from '../dialects/dialect-id.js';
import { createLibrary, type Library } from '../library/library.js';
import type {
  Body,
  Call,
  Configuration,
  EnumTypeNode,
  QualifiedName,
  SourceFile,
  Span,
  TypeNode,
  VariableSection,
} from '../syntax/tree.js';
import { DIALECT_RULES, type DialectRules } from './dialect-rules.js';
import { FactTable } from './facts.js';
import type { ConstantValue } from './model.js';
import type { Mutable } from './mutable.js';
import { Reports } from './reports.js';
import { projectScope, type Scope } from './scope.js';
import type {
  ActionSymbol,
  CodeSymbol,
  EnumValueSymbol,
  GlobalListSymbol,
  InterfaceSymbol,
  MethodSymbol,
  PouSymbol,
  ProgramInstanceSymbol,
  PropertySymbol,
  TypeSymbol,
  VariableSymbol,
} from './symbols.js';
import type { EnumType } from './types.js';

/** A body with its scope: what is checked as one piece, and again when it or something it depends on changes. */
export interface CodeUnit {
  readonly kind: 'pou' | 'method' | 'action' | 'getter' | 'setter' | 'fixture' | 'test' | 'declarations';
  readonly file: SourceFile;
  readonly span: Span;
  /** The POU around it; null for tests, global lists and types. */
  readonly pou: PouSymbol | null;
  readonly symbol: PouSymbol | MethodSymbol | PropertySymbol | ActionSymbol | null;
  readonly sections: readonly VariableSection[];
  readonly variables: ReadonlyMap<string, VariableSymbol>;
  readonly body: Body | null;
  readonly scope: Scope;
  /** The variable that carries the result, as long as there is one. */
  readonly result: VariableSymbol | null;
}

export interface PendingVariable {
  readonly symbol: Mutable<VariableSymbol>;
  readonly node: TypeNode;
  readonly scope: Scope;
  readonly file: SourceFile;
}

export interface PendingResult {
  readonly symbol: Mutable<PouSymbol> | Mutable<MethodSymbol> | Mutable<PropertySymbol>;
  readonly result: Mutable<VariableSymbol> | null;
  readonly node: TypeNode;
  readonly scope: Scope;
  readonly file: SourceFile;
}

export interface PendingHeader {
  readonly symbol: Mutable<PouSymbol> | Mutable<InterfaceSymbol>;
  readonly extends: readonly QualifiedName[];
  readonly implements: readonly QualifiedName[];
  readonly scope: Scope;
  readonly file: SourceFile;
}

export interface PendingType {
  readonly symbol: Mutable<TypeSymbol>;
  readonly node: TypeNode;
  readonly scope: Scope;
  readonly file: SourceFile;
  state: 'waiting' | 'resolving' | 'done';
}

/** An enum by its node: its type, whose values are filled in by the resolver, and the symbols of its values. */
export interface DeclaredEnum {
  readonly type: Mutable<EnumType>;
  readonly symbols: readonly Mutable<EnumValueSymbol>[];
  readonly scope: Scope;
  readonly file: SourceFile;
  state: 'waiting' | 'resolving' | 'done';
}

/** A type name that nobody declares; whether it is an error or a missing library is decided when all are known. */
export interface UnresolvedType {
  readonly name: QualifiedName;
  readonly file: SourceFile;
  /** `base` for EXTENDS and IMPLEMENTS. */
  readonly position: 'type' | 'base';
}

export interface DeclaredConfiguration {
  readonly declaration: Configuration;
  readonly file: SourceFile;
}

/** A list with the name of its file, and its members while they are declared. */
export interface FileList {
  readonly symbol: GlobalListSymbol;
  readonly members: Map<string, VariableSymbol>;
}

export type EnumResolver = (index: ProjectIndex, node: EnumTypeNode) => void;

export interface ProjectIndex {
  readonly dialect: DialectId;
  readonly rules: DialectRules;
  readonly library: Library;
  readonly reports: Reports;
  readonly facts: FactTable;
  readonly scope: Scope;
  /** Global variables, lists and program instances by upper-case name. */
  readonly values: Map<string, CodeSymbol>;
  /** POUs, types, interfaces and namespaces by upper-case name. */
  readonly types: Map<string, CodeSymbol>;
  /** Values of enums that may be used without the name of the enum. */
  readonly enumValues: Map<string, EnumValueSymbol[]>;
  readonly globals: Map<string, VariableSymbol>;
  readonly pous: PouSymbol[];
  readonly interfaces: InterfaceSymbol[];
  readonly lists: GlobalListSymbol[];
  /** Members of namespaces by qualified upper-case name, over all files. */
  readonly namespaceMembers: Map<string, Map<string, CodeSymbol>>;
  readonly programInstances: ProgramInstanceSymbol[];
  readonly configurations: DeclaredConfiguration[];
  readonly units: CodeUnit[];
  readonly enums: Map<EnumTypeNode, DeclaredEnum>;
  readonly enumOfValue: Map<EnumValueSymbol, EnumTypeNode>;
  readonly pendingVariables: PendingVariable[];
  readonly pendingResults: PendingResult[];
  readonly pendingHeaders: PendingHeader[];
  readonly pendingTypes: Map<TypeSymbol, PendingType>;
  readonly unresolvedTypes: UnresolvedType[];
  /** POUs and interfaces whose bases are not all known. */
  readonly openSymbols: Set<PouSymbol | InterfaceSymbol>;
  /** Where the initialiser of a constant is to be read. */
  readonly constantScopes: Map<VariableSymbol, Scope>;
  readonly constantValues: Map<VariableSymbol, ConstantValue | null | 'evaluating'>;
  /** Lists that have only the name of their file, by upper-case name. */
  readonly fileLists: Map<string, FileList>;
  /** Bare names of variables that several lists declare, with the first two of them. */
  readonly ambiguousGlobals: Map<string, readonly [VariableSymbol, VariableSymbol]>;
  /** The calls in a unit, in the order in which they are checked. */
  readonly calls: Map<CodeUnit, Call[]>;
  /** Names of libraries that are not there, upper case. */
  readonly missingLibraries: Set<string>;
  /** Gives the values of an enum their numbers, when the value of one is asked for before its turn. */
  readonly resolveEnum: EnumResolver;
  /** EN and ENO, which every POU has. */
  readonly implicitVariables: Map<string, VariableSymbol>;
}

export function createProjectIndex(dialect: DialectId, resolveEnum: EnumResolver): ProjectIndex {
  const rules = DIALECT_RULES[dialect];
  const values = new Map<string, CodeSymbol>();
  const types = new Map<string, CodeSymbol>();
  return {
    dialect,
    rules,
    library: createLibrary(rules),
    reports: new Reports(),
    facts: new FactTable(),
    scope: projectScope(values, types),
    values,
    types,
    enumValues: new Map(),
    globals: new Map(),
    pous: [],
    interfaces: [],
    lists: [],
    namespaceMembers: new Map(),
    programInstances: [],
    configurations: [],
    units: [],
    enums: new Map(),
    enumOfValue: new Map(),
    pendingVariables: [],
    pendingResults: [],
    pendingHeaders: [],
    pendingTypes: new Map(),
    unresolvedTypes: [],
    openSymbols: new Set(),
    constantScopes: new Map(),
    constantValues: new Map(),
    fileLists: new Map(),
    ambiguousGlobals: new Map(),
    calls: new Map(),
    missingLibraries: new Set(),
    resolveEnum,
    implicitVariables: new Map(),
  };
}

/** True when a base of the POU could not be found, or a part of its declarations not be read. */
export function isOpenPou(index: ProjectIndex, pou: PouSymbol): boolean {
  let current: PouSymbol | null = pou;
  for (let depth = 0; current !== null && depth < 64; depth++) {
    if (index.openSymbols.has(current) || current.declaration?.isDamaged === true) return true;
    current = current.base;
  }
  return false;
}

export function isOpenInterface(index: ProjectIndex, symbol: InterfaceSymbol, depth = 0): boolean {
  if (index.openSymbols.has(symbol)) return true;
  return depth < 64 && symbol.bases.some((base) => isOpenInterface(index, base, depth + 1));
}
