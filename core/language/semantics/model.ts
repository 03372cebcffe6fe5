/**
 * What the checker knows about a project: the interface between the language and everything above it
 * (safety, simulation, proof, recipes, editor).
 */

import type { Finding } from '../../base/finding.js';
import type { LineTable } from '../../base/line-table.js';
import type { DialectId } from '../dialects/dialect-id.js';
import type { Argument, Call, Expression, Identifier, SourceFile, TaskDeclaration, TypeNode } from '../syntax/tree.js';
import type {
  ActionSymbol,
  CodeSymbol,
  MethodSymbol,
  PouSymbol,
  ProgramInstanceSymbol,
  VariableSymbol,
} from './symbols.js';
import type { Type } from './types.js';

/** A value known at compile time, as in `Literal.value`; enums give their integer. */
export type ConstantValue = boolean | bigint | number | string;

/** A call with its arguments matched to parameters. */
export interface ResolvedCall {
  /**
   * What runs: a function (or library function by its resolved name), a method, an action, a program, or the body of
   * the function block of `instance`. Null when it could not be resolved.
   */
  readonly target: PouSymbol | MethodSymbol | ActionSymbol | null;
  /** The expression of the instance that is called or whose method is called; null for functions. */
  readonly instance: Expression | null;
  /** One entry per argument written, in order of writing. EN and ENO are bound like parameters. */
  readonly bindings: readonly ArgumentBinding[];
  readonly returnType: Type;
}

export interface ArgumentBinding {
  readonly argument: Argument;
  /** Null for an unknown name, or for a generic library function: then `parameterName` still tells. */
  readonly parameter: VariableSymbol | null;
  readonly parameterName: string;
  readonly direction: 'in' | 'out' | 'in-out';
  /** The type to which the argument is converted. */
  readonly parameterType: Type;
}

/** Answers about nodes of the project's trees. Every answer for a node that could not be resolved is unknown or null. */
export interface SemanticModel {
  /** The type of an expression as it stands (before it is converted to what its place wants). */
  typeOf(expression: Expression): Type;
  /**
   * The type in which an operator computes: for `a + b` and `a < b` the common type of both operands after implicit
   * conversion; for a unary operator that of its operand.
   */
  operandTypeOf(expression: Expression): Type;
  /** What a name, member or call target refers to. For `a.b` ask with the member access or with `member`. */
  symbolOf(node: Expression | Identifier): CodeSymbol | null;
  typeOfNode(node: TypeNode): Type;
  constantOf(expression: Expression): ConstantValue | null;
  callOf(call: Call): ResolvedCall | null;
}

/** One program of the schedule. */
export interface ScheduledProgram {
  /** `Main`, or the instance name of the configuration. Tags in manifests use the *type* name or this name. */
  readonly instanceName: string;
  readonly pou: PouSymbol;
  readonly instance: ProgramInstanceSymbol | null;
}

/** A task with its programs in order of execution. */
export interface ScheduledTask {
  readonly name: string;
  /** Nanoseconds between activations; null for an event task. */
  readonly interval: bigint | null;
  readonly priority: number;
  readonly declaration: TaskDeclaration | null;
  readonly programs: readonly ScheduledProgram[];
}

/** A checked project: the sources of one site, or of one call of `check`. It never sees another site. */
export interface Project {
  readonly dialect: DialectId;
  readonly files: readonly SourceFile[];
  readonly model: SemanticModel;
  /** All POUs of the project's own files, in order of files and declarations. */
  readonly pous: readonly PouSymbol[];
  /** Global variables: bare ones under their name, those of lists under `List.name`. Keys upper case. */
  readonly globals: ReadonlyMap<string, VariableSymbol>;
  /** Tasks by priority, then order of declaration; without a CONFIGURATION one task with `entry`. */
  readonly schedule: readonly ScheduledTask[];
  /** Syntax errors and semantic findings of all files, sorted. */
  readonly findings: readonly Finding[];
  lineTableOf(file: SourceFile): LineTable;
  /** A POU, type, global or namespace member by its (qualified) name, case-insensitive. */
  lookup(qualifiedName: string): CodeSymbol | null;
}

/** What a project is built from. */
export interface ProjectInput {
  readonly files: readonly SourceFile[];
  readonly dialect: DialectId;
  /** Program to schedule when no CONFIGURATION does. Null: the only program, or `MAIN`/`PLC_PRG`, or all in order. */
  readonly entry: string | null;
  /** Default task interval in nanoseconds, used with `entry`. */
  readonly cycle: bigint;
}
