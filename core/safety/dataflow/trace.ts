/**
 * The scan trace: everything that one scan of all tasks may write, in order, with what each write depends on.
 * Function blocks are looked into per instance, functions per call, so that a location means one piece of memory.
 * Branches are not decided: an event says under which conditions it happens. What can't be resolved is in the trace
 * as something that may be written (`isCertain` false).
 */

import type {
  ActionSymbol,
  MethodSymbol,
  PouSymbol,
  PropertySymbol,
  VariableSymbol,
} from '../../language/semantics/symbols.js';
import type { Call, Expression, SourceFile, Span, Statement } from '../../language/syntax/tree.js';
import type { AddressRange, Location } from './location.js';
import type { PlaceResolver } from './places.js';

export type CodeOwner = PouSymbol | MethodSymbol | ActionSymbol | PropertySymbol;

/** One activation of a body: which code runs on which memory. */
export interface Frame {
  readonly activation: number;
  readonly file: SourceFile;
  readonly owner: CodeOwner;
  /** Dynamic type of the instance whose code runs; null in a function. */
  readonly selfType: PouSymbol | null;
  readonly self: Location;
  /** Prefix of the locals of a function or method; that of the instance otherwise. */
  readonly locals: Location;
  /** What VAR_IN_OUT parameters stand for in this activation. */
  readonly bindings: ReadonlyMap<VariableSymbol, readonly Location[]>;
  readonly caller: Frame | null;
  readonly depth: number;
}

/** A condition that must hold (or not) for an event to happen; with those around it. */
export interface Condition {
  /** Null for conditions that are no single expression: SFC steps, and early exits passed on the way. */
  readonly expression: Expression | null;
  readonly reads: readonly Location[];
  /** False in ELSE and in what follows an ELSIF chain: the expression must be FALSE. */
  readonly holds: boolean;
  readonly frame: Frame;
  readonly outer: Condition | null;
}

/** The way to an event through IF and CASE: two events with different arms of one statement exclude each other. */
export interface Branch {
  readonly statement: Statement | Span;
  readonly activation: number;
  readonly arm: number;
  /** True when every run takes one of the arms (ELSE present). */
  readonly isComplete: boolean;
  readonly outer: Branch | null;
}

export type WriteKind = 'assign' | 'set' | 'reset' | 'input' | 'output' | 'for' | 'library' | 'unknown';

export interface WriteEvent {
  readonly kind: WriteKind;
  /** Position in the scan. */
  readonly order: number;
  readonly target: Location;
  /** What the written value is computed from. */
  readonly sources: readonly Location[];
  /** The value as written; null for what a library or a loop computes. Evaluate it in `frame`. */
  readonly value: Expression | null;
  /** True for `NOT name => target`. */
  readonly isNegated: boolean;
  readonly frame: Frame;
  /** Where: the statement or the argument. */
  readonly node: Span;
  readonly condition: Condition | null;
  /** Early exits passed before: they may skip the event. */
  readonly guard: Condition | null;
  readonly branch: Branch | null;
  /** False when the place is known only up to an index, a pointer or a missing library. */
  readonly isCertain: boolean;
  /** True when the place was reached through a pointer or reference. */
  readonly isAlias: boolean;
  readonly task: number;
}

export interface CallEvent {
  readonly order: number;
  readonly call: Call;
  /** Locations of the instance; empty for a function. */
  readonly instances: readonly Location[];
  readonly typeName: string;
  readonly target: PouSymbol | MethodSymbol | ActionSymbol | null;
  /** The expression at EN, which can suppress the call. */
  readonly enable: Expression | null;
  readonly frame: Frame;
  readonly condition: Condition | null;
  readonly guard: Condition | null;
  readonly branch: Branch | null;
  readonly task: number;
}

/** RETURN, EXIT, CONTINUE or a jump. */
export interface ExitEvent {
  readonly order: number;
  readonly statement: Statement;
  readonly frame: Frame;
  readonly condition: Condition | null;
  readonly branch: Branch | null;
}

export interface AddressTaken {
  readonly target: Location;
  readonly frame: Frame;
  readonly node: Span;
}

export interface ScanTrace {
  readonly writes: readonly WriteEvent[];
  /** Reads of a value that the statement just before began to build: they stand for its expression in the same frame. */
  readonly inlined: ReadonlyMap<Expression, Expression>;
  readonly calls: readonly CallEvent[];
  readonly exits: readonly ExitEvent[];
  readonly addressesTaken: readonly AddressTaken[];
  /** Writes through a pointer of which nothing is known: they may touch anything. */
  readonly wildWrites: readonly WriteEvent[];
  /** Which memory an expression names in a frame of this trace. */
  readonly places: PlaceResolver;
  /** Where the result of a call, or the value of a property, was left; null for library code. */
  resultOf(expression: Expression, frame: Frame): Location | null;
  /** Located variables and direct addresses. */
  readonly addresses: ReadonlyMap<Location, AddressRange>;
  /** Position of the last event of an activation. */
  readonly endOf: ReadonlyMap<number, number>;
  /** True when the program is too large to be followed to the end: conclusions must then be "unknown". */
  readonly isTruncated: boolean;
}

/** True when no run can have both events: they lie in different arms of one IF or CASE. */
export function areExclusive(a: Branch | null, b: Branch | null): boolean {
  for (let left = a; left !== null; left = left.outer) {
    for (let right = b; right !== null; right = right.outer) {
      if (left.statement === right.statement && left.activation === right.activation) {
        if (left.arm !== right.arm) return true;
      }
    }
  }
  return false;
}

/** True when every run that has the inner event has the outer one: its branch encloses the other. */
export function encloses(outer: Branch | null, inner: Branch | null): boolean {
  if (outer === null) return true;
  for (let branch = inner; branch !== null; branch = branch.outer) if (branch === outer) return true;
  return false;
}

/** The conditions of an event and those around it, innermost first, with the early exits it depends on. */
export function conditionsAround(event: {
  readonly condition: Condition | null;
  readonly guard: Condition | null;
}): Condition[] {
  const all: Condition[] = [];
  for (let condition = event.condition; condition !== null; condition = condition.outer) all.push(condition);
  for (let condition = event.guard; condition !== null; condition = condition.outer) all.push(condition);
  return all;
}
