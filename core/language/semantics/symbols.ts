/**
 * What a name stands for. Names compare case-insensitively: maps are keyed by `keyOf(name)`, symbols keep the
 * spelling of their declaration.
 */

import type {
  Action,
  DataBlock,
  DirectAddress,
  EnumValueNode,
  Expression,
  GlobalVariableList,
  Identifier,
  InterfaceDeclaration,
  Method,
  Pou,
  PouKind,
  ProgramInstance,
  Property,
  SectionKind,
  SourceFile,
  TaskDeclaration,
  TypeDeclaration,
  VariableDeclaration,
  VariableSection,
} from '../syntax/tree.js';
import type { EnumType, Type } from './types.js';

/** The key of a name in every symbol map. */
export function keyOf(name: string): string {
  return name.toUpperCase();
}

/** Where a symbol was declared; null for the standard library. */
export interface DeclarationSite {
  readonly file: SourceFile;
  readonly identifier: Identifier;
}

export type CodeSymbol =
  | VariableSymbol
  | PouSymbol
  | MethodSymbol
  | PropertySymbol
  | ActionSymbol
  | InterfaceSymbol
  | TypeSymbol
  | EnumValueSymbol
  | GlobalListSymbol
  | NamespaceSymbol
  | ProgramInstanceSymbol;

interface SymbolBase {
  readonly name: string;
  /** `Program.variable`, `GVL.variable`, `Namespace.Pou.Method`: the form used for tags in manifests. */
  readonly qualifiedName: string;
  readonly site: DeclarationSite | null;
}

/** Where a variable lives: decides who may write it and what its value is at the start of a call. */
export type VariableScope =
  | 'local'
  | 'temporary'
  | 'input'
  | 'output'
  | 'in-out'
  | 'external'
  | 'global'
  | 'member'
  | 'result';

export interface VariableSymbol extends SymbolBase {
  readonly kind: 'variable';
  readonly type: Type;
  readonly scope: VariableScope;
  /** Null for struct members and function results. */
  readonly sectionKind: SectionKind | null;
  readonly isConstant: boolean;
  readonly retention: VariableSection['retention'];
  readonly location: DirectAddress | null;
  readonly initializer: Expression | null;
  readonly edge: VariableDeclaration['edge'];
  readonly declaration: VariableDeclaration | null;
  /** The POU, method, GVL, struct or configuration it belongs to. */
  readonly owner: CodeSymbol | null;
  /** For VAR_EXTERNAL: the global it names, when found. */
  readonly externalTarget: VariableSymbol | null;
}

export interface PouSymbol extends SymbolBase {
  readonly kind: 'pou';
  readonly pouKind: PouKind;
  readonly declaration: Pou | null;
  /**
   * Own variables by key in order of declaration (inherited ones are in `base`). The result of a function is the last of
   * them, under the name of the function, with scope `result`.
   */
  readonly variables: ReadonlyMap<string, VariableSymbol>;
  readonly methods: ReadonlyMap<string, MethodSymbol>;
  readonly properties: ReadonlyMap<string, PropertySymbol>;
  readonly actions: ReadonlyMap<string, ActionSymbol>;
  readonly base: PouSymbol | null;
  readonly interfaces: readonly InterfaceSymbol[];
  /** Result type of a function, `void` otherwise. */
  readonly returnType: Type;
  /** Standard or vendor library: no body to look into; the simulator and the prover model it by name. */
  readonly isLibrary: boolean;
}

export interface MethodSymbol extends SymbolBase {
  readonly kind: 'method';
  readonly declaration: Method | null;
  readonly owner: PouSymbol | InterfaceSymbol;
  readonly variables: ReadonlyMap<string, VariableSymbol>;
  readonly returnType: Type;
}

export interface PropertySymbol extends SymbolBase {
  readonly kind: 'property';
  readonly declaration: Property | null;
  readonly owner: PouSymbol | InterfaceSymbol;
  readonly type: Type;
  readonly canRead: boolean;
  readonly canWrite: boolean;
}

export interface ActionSymbol extends SymbolBase {
  readonly kind: 'action';
  readonly declaration: Action;
  readonly owner: PouSymbol;
}

export interface InterfaceSymbol extends SymbolBase {
  readonly kind: 'interface';
  readonly declaration: InterfaceDeclaration | null;
  readonly bases: readonly InterfaceSymbol[];
  readonly methods: ReadonlyMap<string, MethodSymbol>;
  readonly properties: ReadonlyMap<string, PropertySymbol>;
}

export interface TypeSymbol extends SymbolBase {
  readonly kind: 'type';
  readonly type: Type;
  readonly declaration: TypeDeclaration | null;
  readonly initializer: Expression | null;
}

export interface EnumValueSymbol extends SymbolBase {
  readonly kind: 'enum-value';
  readonly type: EnumType;
  readonly value: bigint;
  readonly declaration: EnumValueNode | null;
}

/** A named GVL or a Siemens data block: a set of global variables reached through its name. */
export interface GlobalListSymbol extends SymbolBase {
  readonly kind: 'global-list';
  readonly declaration: GlobalVariableList | DataBlock;
  readonly variables: ReadonlyMap<string, VariableSymbol>;
}

export interface NamespaceSymbol extends SymbolBase {
  readonly kind: 'namespace';
  readonly members: ReadonlyMap<string, CodeSymbol>;
}

/** `PROGRAM Inst WITH Task : Type`. */
export interface ProgramInstanceSymbol extends SymbolBase {
  readonly kind: 'program-instance';
  readonly pou: PouSymbol;
  readonly declaration: ProgramInstance;
  readonly task: TaskDeclaration | null;
}
