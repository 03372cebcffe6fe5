import type { CodeUnit, ProjectIndex } from '../semantics/project-index.js';
import { type RelatedReport, Reports } from '../semantics/reports.js';
import type { Scope } from '../semantics/scope.js';
import type { CodeSymbol, VariableSymbol } from '../semantics/symbols.js';
import type { Type } from '../semantics/types.js';
import type { Expression, Identifier, SourceFile, Span, StatementList } from '../syntax/tree.js';

/** What the check of one unit has seen so far; lives only as long as that check. */
export interface UnitState {
  /** Names that were already reported as undeclared in this unit, upper case. */
  readonly undeclared: Set<string>;
  isResultWritten: boolean;
}

/** Where a name stands: as a value, before `(`, or before `.`. */
export type NameUse = 'value' | 'callee' | 'container';

/** The checks of whole expressions and statements, handed down so that the files of the checker need not import each other in circles. */
export interface Checker {
  expression(context: CheckContext, expression: Expression, expected: Type | null, use: NameUse): Type;
  statements(context: CheckContext, list: StatementList): void;
}

/** Where a node is checked. Nested statements get a copy with what is new for them. */
export interface CheckContext {
  readonly index: ProjectIndex;
  readonly unit: CodeUnit;
  readonly file: SourceFile;
  readonly scope: Scope;
  readonly state: UnitState;
  /** What is found in this unit. */
  readonly reports: Reports;
  readonly checker: Checker;
  /** Loops around the statement. */
  readonly loopDepth: number;
  /** Control variables of the FOR loops around the statement. */
  readonly loopVariables: readonly VariableSymbol[];
}

export function contextOf(index: ProjectIndex, unit: CodeUnit, checker: Checker): CheckContext {
  return {
    index,
    unit,
    file: unit.file,
    scope: unit.scope,
    state: { undeclared: new Set(), isResultWritten: false },
    reports: new Reports(),
    checker,
    loopDepth: 0,
    loopVariables: [],
  };
}

export function report(
  context: CheckContext,
  code: string,
  span: Span,
  message: string,
  related: readonly RelatedReport[] = [],
): void {
  context.reports.add(code, context.file, span, sentence(message), related);
}

/** A message starts with a capital, also where it starts with the description of a type. */
function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** Records what an expression (and the identifier in it) refers to. */
export function recordSymbol(context: CheckContext, node: Expression | Identifier, symbol: CodeSymbol): void {
  context.index.facts.symbols.set(node, symbol);
}

export function recordType<T extends Type>(context: CheckContext, node: Expression, type: T): T {
  context.index.facts.types.set(node, type);
  return type;
}

export function typeOf(context: CheckContext, node: Expression): Type | undefined {
  return context.index.facts.types.get(node);
}

export function symbolOf(context: CheckContext, node: Expression): CodeSymbol | null {
  return context.index.facts.symbols.get(node) ?? null;
}

/** A related place at the declaration of a symbol, when it has one. */
export function declaredAt(symbol: CodeSymbol, message = 'declared here'): RelatedReport[] {
  return symbol.site === null ? [] : [{ file: symbol.site.file, span: symbol.site.identifier, message }];
}

/** The expression without parentheses around it. */
export function unwrap(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'Parenthesized') inner = inner.expression;
  return inner;
}

/** The source text of a node, shortened for a message. */
export function sourceText(context: CheckContext, span: Span): string {
  const text = context.file.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/**
 * The type of an expression. `expected` is the type of its place, where known: it decides between enum values of one
 * name and gives initialisers their structure. `use` tells what stands after the expression.
 */
export function checkExpression(
  context: CheckContext,
  expression: Expression,
  expected: Type | null,
  use: NameUse = 'value',
): Type {
  return recordType(context, expression, context.checker.expression(context, expression, expected, use));
}
