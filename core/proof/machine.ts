/** The parts of the symbolic scan and what they share. The functions stand in places, expressions, statements, calls. */

import type { Project, SemanticModel } from '../language/semantics/model.js';
import type { PouSymbol, PropertySymbol, VariableSymbol } from '../language/semantics/symbols.js';
import type { Type } from '../language/semantics/types.js';
import type { Call, Expression, StatementList } from '../language/syntax/tree.js';
import type { Literal } from './circuit.js';
import type { Environment } from './environment.js';
import type { Overlap } from './program-memory.js';
import type { Choice, TermStore, Value } from './terms.js';

/** A part of a cell: one bit of a word, or an element of an array that is kept as a whole. */
export type Part =
  | { readonly kind: 'bits'; readonly size: 'X' | 'B' | 'W' | 'D' | 'L'; readonly index: number }
  | { readonly kind: 'element'; readonly indices: readonly Choice[] };

/** A piece of memory: `path` as in the safety locations, `MAIN.GUARD1.OK`. */
export interface Place {
  readonly path: string;
  readonly type: Type;
  /** The variable or member that declares it; null for what has no declaration of its own. */
  readonly symbol: VariableSymbol | null;
  /** The initial value written for exactly this place; null: the default of its type. */
  readonly initializer: Expression | null;
  readonly part: Part | null;
}

/** What an expression stands for when it is assigned: a place for each case, and a case in which it is not known. */
export interface Reference {
  readonly alternatives: readonly { readonly guard: Literal; readonly place: Place }[];
  /** When none of the alternatives is meant. FALSE when it is always one of them. */
  readonly unknown: Literal;
  /** The source of what could not be resolved, for messages and as part of the name of its value. */
  readonly label: string;
  readonly type: Type;
}

/** One activation of a program, function block body, function, method, property or action. */
export interface Frame {
  /** Access path of the instance; null in a function. */
  readonly self: string | null;
  /** The type of the instance as created: methods are looked up from here. */
  readonly instanceType: PouSymbol | null;
  /** The POU whose text is being executed: `SUPER` is its base. */
  readonly pou: PouSymbol;
  /** Where locals of this activation live. */
  readonly locals: string;
  /** VAR_IN_OUT and other names that stand for memory of the caller. */
  readonly bindings: ReadonlyMap<VariableSymbol, Reference>;
  /** Result variable of a function, method or property; null where there is none. */
  readonly result: string | null;
  /** The innermost loop; null outside of loops. */
  readonly loop: string | null;
  readonly depth: number;
}

export interface Machine {
  readonly project: Project;
  readonly model: SemanticModel;
  readonly terms: TermStore;
  readonly environment: Environment;
  /** Marks the scan when several follow each other: part of the name of everything that is free in a scan. */
  readonly suffix: string;
  /** Every place that was touched, by path. */
  readonly cells: Map<string, Place>;
  /** Paths of unions: a write to one member changes all others. */
  readonly unions: Set<string>;
  /** How often a name was used for something unknown: two unknowns never share a value by accident. */
  readonly ordinals: Map<string, number>;
  /** What the result relies on, in words. */
  readonly assumptions: Set<string>;
  /** Variables whose address is taken somewhere: an unresolved pointer may point to one of them. */
  readonly addressTaken: ReadonlySet<VariableSymbol>;
  /** Places known from an earlier run of the same project: what an unresolved pointer may change. */
  readonly knownCells: ReadonlyMap<string, Place>;

  /** The name of a path in everything that is free: that of the path it corresponds to in another version. */
  aliasOf(path: string): string;
  /** The one path of memory that has several names (AT). */
  canonicalPath(path: string): string;
  /** Other paths that share memory with this one partly (AT at overlapping addresses). */
  overlapsOf(path: string): readonly Overlap[];
  /** The path of a direct address such as `%IX0.0`. */
  pathOfAddress(text: string): string;
  /** The path under which a program's variables live. */
  rootOfProgram(pou: PouSymbol): string;

  evaluate(expression: Expression, frame: Frame): Value;
  refer(expression: Expression, frame: Frame): Reference;
  execute(list: StatementList, frame: Frame): void;
  /** Executes a call; the place of its result, or null. */
  invoke(call: Call, frame: Frame): Place | null;
  readProperty(property: PropertySymbol, instance: Reference, frame: Frame): Place | null;
  writeProperty(property: PropertySymbol, instance: Reference, value: Value, frame: Frame): void;
  /** Flags of the jumps seen so far in an activation. */
  jumpFlagsOf(frame: Frame): readonly string[];
  noteJump(frame: Frame, flag: string): void;
  /** POUs with statements that could not be parsed: nothing can be proved about them. */
  readonly unreadable: Set<string>;
  /** Counts work; throws `ScanTooLarge` when the scan is too large to be unfolded. */
  spend(): void;
}

/** The scan can't be unfolded: the prover answers unknown, with this message as the reason. */
export class ScanTooLarge extends Error {}
