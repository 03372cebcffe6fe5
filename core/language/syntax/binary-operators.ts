import { Token } from './token.js';
import type { BinaryOperator } from './tree.js';

/** How tightly an operator binds, by the kind of its token; 0 for what is no operator. */
export const PRECEDENCE = new Uint8Array(256);
/** The operator of a kind of token. */
export const OPERATORS: BinaryOperator[] = [];
for (const [kind, precedence, operator] of [
  [Token.OR, 1, 'OR'],
  [Token.OR_ELSE, 1, 'OR_ELSE'],
  [Token.XOR, 2, 'XOR'],
  [Token.AND, 3, 'AND'],
  [Token.Ampersand, 3, 'AND'],
  [Token.AND_THEN, 3, 'AND_THEN'],
  [Token.Equal, 4, '='],
  [Token.NotEqual, 4, '<>'],
  [Token.Less, 5, '<'],
  [Token.Greater, 5, '>'],
  [Token.LessEqual, 5, '<='],
  [Token.GreaterEqual, 5, '>='],
  [Token.Plus, 6, '+'],
  [Token.Minus, 6, '-'],
  [Token.Times, 7, '*'],
  [Token.Divide, 7, '/'],
  [Token.MOD, 7, 'MOD'],
  [Token.Power, 8, '**'],
] as const) {
  PRECEDENCE[kind] = precedence;
  OPERATORS[kind] = operator;
}
