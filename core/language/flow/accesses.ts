/** What an expression or a simple statement does to variables, in the order of evaluation. */

import type { SemanticModel } from '../semantics/model.js';
import type { CodeSymbol, VariableSymbol } from '../semantics/symbols.js';
import type { Argument, Assignment, Call, Expression, MemberAccess, Statement, StatementList } from '../syntax/tree.js';

/** What the analyses ask about nodes. */
export type FlowModel = Pick<SemanticModel, 'symbolOf' | 'typeOf' | 'callOf' | 'constantOf'>;

/**
 * `write` gives the whole variable a new value, `partial-write` an element, field or bit of it. `touch` may do both: a
 * VAR_IN_OUT, an instance that is called, `S=`. After `escape` the variable may be used through a pointer.
 */
export type AccessKind = 'read' | 'write' | 'partial-write' | 'touch' | 'escape';

export interface Access {
  readonly kind: AccessKind;
  readonly symbol: VariableSymbol;
  readonly node: Expression;
  /** True for a field, input or output reached through an instance or structure: `out` of `block.out`. */
  readonly isMember: boolean;
}

export interface AccessHandler {
  access(access: Access): void;
  /** Code of the project runs that may use every variable that outlives the body. */
  call(target: CodeSymbol | null, node: Expression): void;
}

const ADDRESS_FUNCTIONS = new Set(['ADR', 'REF', 'ADRINST', 'BITADR', '__QUERYPOINTER', 'XADR']);

/** Tells what reading an expression does. */
export function readExpression(model: FlowModel, expression: Expression, handler: AccessHandler): void {
  visit(model, expression, 'read', handler);
}

/** Tells what an assignment does: first the value, then the target. */
export function visitAssignment(
  model: FlowModel,
  assignment: Pick<Assignment, 'target' | 'operator' | 'value'>,
  handler: AccessHandler,
): void {
  const { target, operator, value } = assignment;
  visit(model, value, operator === 'REF=' ? 'escape' : 'read', handler);
  switch (operator) {
    case ':=':
    case '[:=]':
    case 'REF=':
    case '?=':
      visit(model, target, 'write', handler);
      return;
    case 'S=':
    case 'R=':
      visit(model, target, 'touch', handler);
      return;
    default:
      visit(model, target, 'read', handler);
      visit(model, target, 'write', handler);
  }
}

/** Tells that a place gets a value, for example the control variable of a FOR loop. */
export function writeTarget(model: FlowModel, target: Expression, handler: AccessHandler): void {
  visit(model, target, 'write', handler);
}

/** Tells everything that the statements of a list do, in the order of the text. */
export function visitStatements(model: FlowModel, list: StatementList, handler: AccessHandler): void {
  for (const statement of list.statements) visitStatement(model, statement, handler);
}

function visitStatement(model: FlowModel, statement: Statement, handler: AccessHandler): void {
  switch (statement.kind) {
    case 'Assignment':
      visitAssignment(model, statement, handler);
      return;
    case 'CallStatement':
      visit(model, statement.expression, 'read', handler);
      return;
    case 'If':
      for (const { condition, body } of statement.branches) {
        visit(model, condition, 'read', handler);
        visitStatements(model, body, handler);
      }
      if (statement.otherwise !== null) visitStatements(model, statement.otherwise, handler);
      return;
    case 'Case':
      visit(model, statement.selector, 'read', handler);
      for (const { body } of statement.branches) visitStatements(model, body, handler);
      if (statement.otherwise !== null) visitStatements(model, statement.otherwise, handler);
      return;
    case 'For':
      for (const bound of [statement.from, statement.to, statement.by])
        if (bound !== null) visit(model, bound, 'read', handler);
      visit(model, statement.variable, 'touch', handler);
      visitStatements(model, statement.body, handler);
      return;
    case 'While':
      visit(model, statement.condition, 'read', handler);
      visitStatements(model, statement.body, handler);
      return;
    case 'Repeat':
      visitStatements(model, statement.body, handler);
      visit(model, statement.until, 'read', handler);
      return;
    case 'Region':
      visitStatements(model, statement.body, handler);
      return;
    case 'Return':
      if (statement.value !== null) visit(model, statement.value, 'read', handler);
      return;
    default:
      return;
  }
}

function visit(model: FlowModel, expression: Expression, kind: AccessKind, handler: AccessHandler): void {
  switch (expression.kind) {
    case 'Name':
      visitSymbol(model.symbolOf(expression), expression, kind, handler);
      return;
    case 'Member':
      visitMember(model, expression, kind, handler);
      return;
    case 'Index':
      for (const index of expression.indices) visit(model, index, 'read', handler);
      visit(model, expression.object, partOf(kind), handler);
      return;
    case 'Partial':
      visit(model, expression.object, partOf(kind), handler);
      return;
    case 'Dereference':
      visit(model, expression.object, 'read', handler);
      return;
    case 'Parenthesized':
      visit(model, expression.expression, kind, handler);
      return;
    case 'Unary':
      visit(model, expression.operand, 'read', handler);
      return;
    case 'Binary':
      visit(model, expression.left, 'read', handler);
      visit(model, expression.right, 'read', handler);
      return;
    case 'AssignmentExpression':
      visitAssignment(model, expression, handler);
      return;
    case 'Call':
      visitCall(model, expression, handler);
      return;
    case 'ArrayInitializer':
      for (const { repetition, values } of expression.elements) {
        if (repetition !== null) visit(model, repetition, 'read', handler);
        for (const value of values) visit(model, value, 'read', handler);
      }
      return;
    case 'StructInitializer':
      for (const { value } of expression.members) if (value !== null) visit(model, value, 'read', handler);
      return;
    case 'Literal':
    case 'DirectAddress':
    case 'Self':
    case 'ErrorExpression':
      return;
  }
}

function partOf(kind: AccessKind): AccessKind {
  return kind === 'write' ? 'partial-write' : kind;
}

function visitSymbol(symbol: CodeSymbol | null, node: Expression, kind: AccessKind, handler: AccessHandler): void {
  if (symbol === null) return;
  if (symbol.kind === 'variable') handler.access({ kind, symbol, node, isMember: false });
  else if (symbol.kind !== 'enum-value' && symbol.kind !== 'type') handler.call(symbol, node);
}

function visitMember(model: FlowModel, member: MemberAccess, kind: AccessKind, handler: AccessHandler): void {
  const symbol = model.symbolOf(member);
  const isInstance = startsAtVariable(model, member.object);
  if (isInstance) visit(model, member.object, partOf(kind), handler);
  if (symbol === null) return;
  if (symbol.kind === 'variable') handler.access({ kind, symbol, node: member, isMember: isInstance });
  else if (symbol.kind === 'property' || symbol.kind === 'method') handler.call(symbol, member);
}

/** True for `a`, `a.b[3]`, `p^`; false for `List`, `Namespace`, `Program`, `THIS^`. */
function startsAtVariable(model: FlowModel, expression: Expression): boolean {
  switch (expression.kind) {
    case 'Name':
      return model.symbolOf(expression)?.kind === 'variable';
    case 'Member':
      return model.symbolOf(expression)?.kind === 'variable' || startsAtVariable(model, expression.object);
    case 'Index':
    case 'Partial':
    case 'Dereference':
      return startsAtVariable(model, expression.object);
    case 'Parenthesized':
      return startsAtVariable(model, expression.expression);
    case 'Call':
      return true;
    default:
      return false;
  }
}

function visitCall(model: FlowModel, call: Call, handler: AccessHandler): void {
  const resolved = model.callOf(call);
  const bindings = new Map(resolved?.bindings.map((binding) => [binding.argument, binding]));
  const outputs: Argument[] = [];
  for (const argument of call.arguments) {
    const { value } = argument;
    if (value === null) continue;
    const binding = bindings.get(argument);
    const direction =
      binding?.direction ?? (argument.direction === 'out' ? 'out' : resolved === null ? 'in-out' : 'in');
    if (direction === 'out') outputs.push(argument);
    else if (direction === 'in-out') visit(model, value, 'touch', handler);
    else visit(model, value, takesAddress(call, binding?.parameterType.kind ?? null) ? 'escape' : 'read', handler);
  }
  visitCallee(model, call, handler);
  const { target } = resolved ?? { target: null };
  if (target === null || target.kind !== 'pou' || !target.isLibrary) handler.call(target, call);
  for (const { value } of outputs) if (value !== null) visit(model, value, 'write', handler);
}

function visitCallee(model: FlowModel, call: Call, handler: AccessHandler): void {
  const { callee } = call;
  const symbol = model.symbolOf(callee);
  if (symbol?.kind === 'variable') visit(model, callee, 'touch', handler);
  else if (callee.kind === 'Member' && startsAtVariable(model, callee.object))
    visit(model, callee.object, 'touch', handler);
  else if (callee.kind !== 'Name' && callee.kind !== 'Member') visit(model, callee, 'touch', handler);
}

function takesAddress(call: Call, parameterKind: string | null): boolean {
  if (parameterKind === 'pointer') return true;
  return call.callee.kind === 'Name' && ADDRESS_FUNCTIONS.has(call.callee.name.name.toUpperCase());
}
