import { isSoftKeyword, Token } from './token.js';

/** Which tokens are names, and which stand behind names. */

/** What stands behind the name in a declaration. */
export function followsName(kind: number): boolean {
  return kind === Token.Colon || kind === Token.Comma || kind === Token.AT;
}

/** What stands behind an operand and never behind a keyword. */
export function followsOperand(kind: number): boolean {
  if (kind >= Token.Assign && kind <= Token.Ampersand) return kind !== Token.Minus && kind !== Token.Plus;
  return (
    kind === Token.Semicolon || kind === Token.Comma || kind === Token.RightParenthesis || kind === Token.RightBracket
  );
}

/** True for identifiers in all spellings and for soft keywords. */
export function isNameKind(kind: number): boolean {
  return (kind >= Token.Identifier && kind <= Token.BacktickIdentifier) || isSoftKeyword(kind);
}
