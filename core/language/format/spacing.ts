import { FIRST_KEYWORD, Token } from '../syntax/token.js';
import type { Piece } from './layout.js';

/** What the tree says about tokens whose spacing their kind alone doesn't tell. */
export interface SpacingFacts {
  /** Starts of all names: a keyword token among them is a name. */
  readonly names: ReadonlySet<number>;
  /** Offsets of colons without a blank before them: labels, steps, actions. */
  readonly tightColons: ReadonlySet<number>;
  /** Offsets of minus and plus signs that belong to the operand behind them. */
  readonly signs: ReadonlySet<number>;
}

/** True when a blank stands between two pieces of a line. `before` is the piece before `left`, if there is one. */
export function needsBlank(
  left: Piece,
  right: Piece,
  before: Piece | undefined,
  text: string,
  facts: SpacingFacts,
): boolean {
  if (left.kind !== 'token' || right.kind !== 'token') return true;
  if (isSplitOperator(left, right, before, text, facts)) return false;
  const l = left.token;
  const r = right.token;
  switch (r) {
    case Token.Semicolon:
      return EMPTY_STATEMENT_STARTS.has(l);
    case Token.Comma:
    case Token.RightParenthesis:
    case Token.RightBracket:
    case Token.Caret:
    case Token.DotDot:
    case Token.Hash:
      return false;
    case Token.Colon:
      return !facts.tightColons.has(right.start);
    case Token.Dot:
      return !endsOperand(left, facts);
    case Token.LeftParenthesis:
      return (
        l !== Token.LeftParenthesis &&
        l !== Token.LeftBracket &&
        !isName(left, facts) &&
        l !== Token.Caret &&
        l !== Token.Integer &&
        l !== Token.RightBracket &&
        l !== Token.RightParenthesis &&
        l !== Token.SUPER &&
        l !== Token.THIS
      );
    case Token.LeftBracket:
      return !endsOperand(left, facts) && l !== Token.ARRAY && l !== Token.LeftParenthesis && l !== Token.LeftBracket;
  }
  switch (l) {
    case Token.LeftParenthesis:
    case Token.LeftBracket:
    case Token.Dot:
    case Token.DotDot:
    case Token.Hash:
      return false;
  }
  return !facts.signs.has(left.start);
}

/** A semicolon behind these is a statement of its own. */
const EMPTY_STATEMENT_STARTS: ReadonlySet<number> = new Set([Token.THEN, Token.DO, Token.ELSE, Token.OF, Token.Colon]);

/** `S=`, `R=`, `REF=` behind an operand are two tokens that stay together. */
function isSplitOperator(
  left: Piece,
  right: Piece,
  before: Piece | undefined,
  text: string,
  facts: SpacingFacts,
): boolean {
  if (right.token !== Token.Equal || left.token !== Token.Identifier || left.end !== right.start) return false;
  if (!/^(?:s|r|ref)$/i.test(text.slice(left.start, left.end))) return false;
  return before !== undefined && (endsOperand(before, facts) || isTypeEnd(before));
}

/** `REFERENCE TO INT REF= x` */
function isTypeEnd(piece: Piece): boolean {
  return piece.kind === 'token' && piece.token === Token.Identifier;
}

function isName(piece: Piece, facts: SpacingFacts): boolean {
  if (piece.token >= Token.Identifier && piece.token <= Token.BacktickIdentifier) return true;
  return piece.token >= FIRST_KEYWORD && facts.names.has(piece.start);
}

function endsOperand(piece: Piece, facts: SpacingFacts): boolean {
  if (piece.kind !== 'token') return false;
  if (isName(piece, facts)) return true;
  switch (piece.token) {
    case Token.RightParenthesis:
    case Token.RightBracket:
    case Token.Caret:
    case Token.Integer:
    case Token.PartialAddress:
    case Token.DirectAddress:
    case Token.THIS:
    case Token.SUPER:
      return true;
    default:
      return false;
  }
}
