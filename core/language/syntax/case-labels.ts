import { isLiteralToken } from './literals.js';
import { FIRST_KEYWORD, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';

/** A label is a list of constants up to a colon; a statement runs into another token before. */
export function startsCaseLabel(p: TokenCursor): boolean {
  if (isLiteralToken(p.kind)) return true;
  if (p.kind >= FIRST_KEYWORD && !p.isName()) return false;
  for (let distance = 0; ; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.Colon) return distance > 0;
    const isOperand = p.isName(distance) || isLiteralToken(kind);
    if (!isOperand && !isPartOfLabel(kind)) return false;
    if (isOperand && distance > 0 && endsOperand(p, distance - 1)) return false;
    if (distance > 0 && p.isFirstOnLineAt(distance) && p.kindAt(distance - 1) !== Token.Comma) return false;
  }
}

/** Two operands without an operator between them are no label. */
function endsOperand(p: TokenCursor, distance: number): boolean {
  const kind = p.kindAt(distance);
  return p.isName(distance) || isLiteralToken(kind) || kind === Token.RightParenthesis;
}

function isPartOfLabel(kind: number): boolean {
  if (isLiteralToken(kind)) return true;
  switch (kind) {
    case Token.Dot:
    case Token.DotDot:
    case Token.Comma:
    case Token.Hash:
    case Token.Plus:
    case Token.Minus:
    case Token.Times:
    case Token.LeftParenthesis:
    case Token.RightParenthesis:
      return true;
    default:
      return false;
  }
}
