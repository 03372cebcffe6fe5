/** What lowering shares: the program under construction, and the scope of the routine that is being lowered. */

import type { Project } from '../../language/semantics/model.js';
import type {
  ActionSymbol,
  MethodSymbol,
  PouSymbol,
  PropertySymbol,
  VariableSymbol,
} from '../../language/semantics/symbols.js';
import type { Type } from '../../language/semantics/types.js';
import type {
  AssignmentExpression,
  Call,
  Expression,
  Identifier,
  SourceFile,
  Span,
} from '../../language/syntax/tree.js';
import type { Effect, Local, Place, Site, Value } from '../compile/ir.js';
import type { ExecutionProfile } from '../compile/profile.js';
import type { Shape } from '../compile/shape.js';
import type { CoveragePlan, MarkedCondition } from './decisions.js';
import type { JumpTarget } from './jumps.js';

/** A place in a source to which a run-time fault or an unknown belongs. */
export interface SourceSite {
  readonly project: Project;
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Something the simulator can't execute: whatever depends on it is unknown. */
export interface UnknownBlock {
  readonly site: Site;
  /** Name of the block or construct. */
  readonly name: string;
  readonly reason: string;
  /** Members into which it writes, by generated name; null when that can't be told: then everything may be wrong. */
  readonly outputs: readonly string[] | null;
}

/** The program under construction. */
export interface ProgramBuilder {
  readonly profile: ExecutionProfile;
  /** Decisions and branches that are counted; null when coverage was not asked for. */
  readonly coverage: CoveragePlan | null;
  shapeOf(type: Type): Shape;
  /** Makes sure that the class of a POU is generated, and names it. */
  classOf(pou: PouSymbol): string;
  /** True when one class is the other one or derives from it. */
  isKin(one: string, other: string): boolean;
  /** A model of the library by its name without `SIM_`; null when there is none. */
  modelNamed(name: string): PouSymbol | null;
  /** True when the block has no body to run: a library block without a model, or SFC. */
  isOpaque(pou: PouSymbol): boolean;
  /** Makes sure that a function is generated. */
  functionOf(pou: PouSymbol, project: Project): FunctionForm;
  /** Output registers of a method, in order of its outputs. */
  outputsOf(callable: MethodSymbol): readonly OutputRegister[];
  /** The root object of a program. */
  programOf(pou: PouSymbol): Value;
  /** The root object of a program instance of the configuration. */
  programInstance(name: string): Value | null;
  globalPlace(variable: VariableSymbol): Place;
  /** A hidden global for a static variable of a function or block. */
  staticPlace(variable: VariableSymbol, scope: RoutineScope): Place;
  /** The global cell of a direct address; `initial` is the declared start value, if any. */
  addressPlace(address: string, shape: Shape, initial?: Value | null): Place;
  site(project: Project, file: SourceFile, span: Span): Site;
  unknown(site: Site, name: string, reason: string, outputs?: readonly string[] | null): void;
  /** Remembers in which shape the values of an assertion are shown. */
  assertion(site: Site, shape: Shape): void;
}

export interface OutputRegister {
  readonly variable: VariableSymbol;
  readonly root: Value;
}

export interface FunctionForm {
  readonly name: string;
  readonly outputs: readonly OutputRegister[];
}

/**
 * The lowering of expressions, which needs itself at every level. It is handed down by the scope, so that the files of
 * this folder import each other in one direction only.
 */
export interface ExpressionLowering {
  /** An expression in the shape of its own type. */
  value(scope: RoutineScope, expression: Expression): Value;
  /** An expression converted to a shape. */
  as(scope: RoutineScope, expression: Expression, shape: Shape): Value;
  call(scope: RoutineScope, call: Call, shape: Shape): Value;
  assignment(scope: RoutineScope, expression: AssignmentExpression): Value;
}

/** The routine that is being lowered. */
export interface RoutineScope {
  readonly lower: ExpressionLowering;
  readonly builder: ProgramBuilder;
  readonly project: Project;
  readonly file: SourceFile;
  /** The POU whose object is `this`; null in functions. */
  readonly self: PouSymbol | null;
  /** The function, method or property being lowered: assigning its name sets the result. */
  readonly callable: PouSymbol | MethodSymbol | PropertySymbol | ActionSymbol | null;
  readonly result: Local | null;
  /** Locals by the identifier of their declaration. */
  readonly locals: Map<Identifier | VariableSymbol, Place>;
  /** Innermost loop last. */
  readonly loops: string[];
  /** Counters of FOR loops whose body can't write them, with the range they stay in. */
  readonly counters: Map<
    VariableSymbol,
    { readonly local: Local; readonly lower: number; readonly upper: number } | null
  >;
  /** Labels of the lists around, by upper-case name. */
  readonly jumps: Map<string, JumpTarget>;
  /** Conditions of the decision that is being lowered. */
  readonly conditions: Map<Expression, MarkedCondition>;
  /** New locals made while lowering. */
  readonly temporaries: Local[];
  nextTemporary: number;
  /** True in test cases: ASSERT_* and the like mean something. */
  readonly isTest: boolean;
}

/** Shapes of which a local may hold nothing until something is stored. */
const HOLDS_NOTHING: ReadonlySet<Shape['kind']> = new Set([
  'array',
  'object',
  'reference',
  'interface',
  'void',
  'unknown',
] as const);

/** A local that lowering needs; its value never outlives the statement. */
export function temporary(scope: RoutineScope, shape: Shape): Local {
  const local: Local = {
    name: `t_${scope.nextTemporary++}`,
    shape,
    isBoxed: false,
    initial: HOLDS_NOTHING.has(shape.kind) ? { op: 'constant', shape, value: null } : { op: 'initial', shape },
  };
  scope.temporaries.push(local);
  return local;
}

export function siteOf(scope: RoutineScope, span: Span): Site {
  return scope.builder.site(scope.project, scope.file, span);
}

/** Notes that something can't be executed and gives the value that marks the run as unknown. */
export function unknownValue(scope: RoutineScope, span: Span, shape: Shape, name: string, reason: string): Value {
  const site = siteOf(scope, span);
  scope.builder.unknown(site, name, reason);
  return { op: 'unknown', shape, site };
}

export function unknownEffect(
  scope: RoutineScope,
  span: Span,
  name: string,
  reason: string,
  outputs: readonly string[] | null = null,
): Effect {
  const site = siteOf(scope, span);
  scope.builder.unknown(site, name, reason, outputs);
  return { do: 'unknown', site };
}

/** The text of a node, shortened for messages. */
export function sourceText(scope: RoutineScope, span: Span): string {
  const text = scope.file.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
