/** What may be written to: IEC 61131-3 ed. 3, 6.5.2 (sections) and 6.6.3.4 (access from outside). */

import { article } from '../semantics/inheritance.js';
import type { CodeSymbol, VariableSymbol } from '../semantics/symbols.js';
import { derivesFrom } from '../semantics/type-relations.js';
import type { Expression } from '../syntax/tree.js';
import { type CheckContext, declaredAt, report, symbolOf, unwrap } from './context.js';

/** How the place is written: by an assignment, as the target of `=>`, or through VAR_IN_OUT. */
export type WriteKind = 'assignment' | 'output' | 'in-out';

/** Reports a target that can't be written; false when it did. The expression must have been checked. */
export function checkTarget(context: CheckContext, target: Expression, kind: WriteKind): boolean {
  const inner = unwrap(target);
  switch (inner.kind) {
    case 'Name':
      return checkSymbol(context, inner, symbolOf(context, inner), kind);
    case 'Member':
      return checkMemberTarget(context, inner, kind);
    case 'Index':
    case 'Partial':
      return checkTarget(context, inner.object, kind);
    case 'Dereference':
    case 'DirectAddress':
    case 'ErrorExpression':
    case 'AssignmentExpression':
      return true;
    case 'Call':
      return kind === 'in-out' || notWritable(context, inner, kind, 'The result of a call');
    case 'Self':
      return notWritable(context, inner, kind, inner.which);
    default:
      return notWritable(context, inner, kind, 'This expression');
  }
}

function notWritable(context: CheckContext, at: Expression, kind: WriteKind, what: string): false {
  if (kind === 'in-out')
    report(
      context,
      'PW3032',
      at,
      `${what} can't be bound to a VAR_IN_OUT: it needs a variable that the block may write.`,
    );
  else report(context, 'PW3036', at, `${what} can't be written to. The left side must be a variable.`);
  return false;
}

function checkSymbol(context: CheckContext, at: Expression, symbol: CodeSymbol | null, kind: WriteKind): boolean {
  if (symbol === null) return true;
  if (symbol.kind === 'property') {
    if (symbol.canWrite) return true;
    report(
      context,
      'PW3036',
      at,
      `The property "${symbol.name}" has no SET, so it can't be written to.`,
      declaredAt(symbol),
    );
    return false;
  }
  if (symbol.kind !== 'variable') return notWritable(context, at, kind, `"${symbol.name}" is ${article(symbol)} and`);
  if (symbol === context.unit.result) context.state.isResultWritten = true;
  return checkVariable(context, at, symbol, kind);
}

function checkVariable(context: CheckContext, at: Expression, symbol: VariableSymbol, kind: WriteKind): boolean {
  if (symbol.isConstant || symbol.externalTarget?.isConstant === true) {
    report(context, 'PW3038', at, `"${symbol.name}" is CONSTANT and can't be written to.`, declaredAt(symbol));
    return false;
  }
  if (context.loopVariables.includes(symbol) && kind !== 'in-out')
    report(context, 'PW3039', at, `"${symbol.name}" counts the FOR loop around this and may not be changed in it.`);
  if (symbol.scope === 'input' && symbol.owner === ownerOfUnit(context) && symbol.type.kind !== 'pointer')
    report(
      context,
      'PW3037',
      at,
      `"${symbol.name}" is an input of this block and may only be read. Copy it into a variable of its own, or make it VAR_IN_OUT.`,
      declaredAt(symbol),
    );
  return true;
}

function ownerOfUnit(context: CheckContext): CodeSymbol | null {
  const { symbol, pou } = context.unit;
  return symbol?.kind === 'method' ? symbol : pou;
}

/** A member of a constant structure is constant; outputs and internals of an instance belong to the instance. */
function checkMemberTarget(
  context: CheckContext,
  target: Extract<Expression, { kind: 'Member' }>,
  kind: WriteKind,
): boolean {
  const symbol = symbolOf(context, target);
  if (symbol?.kind !== 'variable') return checkSymbol(context, target, symbol, kind);
  if (symbol.isConstant) return checkVariable(context, target, symbol, kind);
  if (symbol.owner?.kind === 'pou' && symbol.scope === 'output') {
    const inside = context.unit.pou;
    const isOwn = inside !== null && (derivesFrom(inside, symbol.owner) || derivesFrom(symbol.owner, inside));
    if (isOwn || isTest(context)) return true;
    report(
      context,
      'PW3040',
      target.member,
      `"${symbol.name}" is an output of ${symbol.owner.name}: only the block itself may write it.`,
      declaredAt(symbol),
    );
    return false;
  }
  return symbol.scope !== 'member' || checkTarget(context, target.object, kind);
}

function isTest(context: CheckContext): boolean {
  return context.unit.kind === 'test' || context.unit.kind === 'fixture';
}

/** True for an expression that names a place in memory, so that it can be bound to VAR_IN_OUT or `=>`. */
export function isVariable(context: CheckContext, expression: Expression): boolean {
  const inner = unwrap(expression);
  switch (inner.kind) {
    case 'Name':
    case 'Member': {
      const symbol = symbolOf(context, inner);
      return symbol === null || symbol.kind === 'variable' || symbol.kind === 'program-instance';
    }
    case 'Index':
    case 'Dereference':
    case 'Partial':
    case 'DirectAddress':
    case 'ErrorExpression':
      return true;
    default:
      return false;
  }
}

/** The variable at the root of a path, for example `a` of `a.b[3].c`. */
export function rootVariable(context: CheckContext, expression: Expression): VariableSymbol | null {
  const inner = unwrap(expression);
  if (inner.kind === 'Name') {
    const symbol = symbolOf(context, inner);
    return symbol?.kind === 'variable' ? symbol : null;
  }
  return inner.kind === 'Index' || inner.kind === 'Partial' ? rootVariable(context, inner.object) : null;
}
