import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { AssignmentOperator, Expression } from './tree.js';

const ASSIGNMENT_TOKENS: readonly (AssignmentOperator | undefined)[] = (() => {
  const operators: AssignmentOperator[] = [];
  operators[Token.Assign] = ':=';
  operators[Token.NonRetentiveAssign] = '[:=]';
  operators[Token.AttemptAssign] = '?=';
  operators[Token.PlusAssign] = '+=';
  operators[Token.MinusAssign] = '-=';
  operators[Token.TimesAssign] = '*=';
  operators[Token.DivideAssign] = '/=';
  return operators;
})();

/** The assignment operator at the current token, or null. `S=`, `R=` and `REF=` are two tokens without a space. */
export function assignmentOperatorAt(p: TokenCursor): AssignmentOperator | null {
  const kind = p.kind;
  if (kind !== Token.Identifier) return ASSIGNMENT_TOKENS[kind] ?? null;
  if (p.kindAt(1) !== Token.Equal || !p.isAdjacent(0)) return null;
  if (p.isWord(0, 'S')) return 'S=';
  if (p.isWord(0, 'R')) return 'R=';
  return p.isWord(0, 'REF') ? 'REF=' : null;
}

/** Takes the operator that `assignmentOperatorAt` found, and checks that the dialect has it. */
export function takeAssignmentOperator(p: TokenCursor, operator: AssignmentOperator): void {
  const isTwoTokens = operator === 'S=' || operator === 'R=' || operator === 'REF=';
  const { start } = p;
  const end = isTwoTokens ? start + operator.length : p.end;
  if (operator !== ':=') p.requireFeature(ASSIGNMENT_FEATURES[operator], { start, end });
  p.advance();
  if (isTwoTokens) p.advance();
}

const ASSIGNMENT_FEATURES = {
  '?=': 'attempt-assignment',
  'REF=': 'reference-assignment',
  'S=': 'set-reset-assignment',
  'R=': 'set-reset-assignment',
  '[:=]': 'non-retentive-assignment',
  '+=': 'compound-assignment',
  '-=': 'compound-assignment',
  '*=': 'compound-assignment',
  '/=': 'compound-assignment',
} as const;

export function isAssignable(expression: Expression): boolean {
  switch (expression.kind) {
    case 'Name':
    case 'Member':
    case 'Index':
    case 'Dereference':
    case 'Partial':
    case 'DirectAddress':
    case 'Call':
      return true;
    default:
      return false;
  }
}
