import { FIRST_KEYWORD, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';

/** Decisions inside expressions that look ahead or skip: what an unfinished expression lacks, and where to go on. */

/** Skips to the end of the statement and keeps quiet about what is missing there. */
export function skipRestOfStatement(p: TokenCursor): void {
  while (p.kind !== Token.Semicolon && p.kind !== Token.End && !(p.kind >= FIRST_KEYWORD && p.isFirstOnLine))
    p.advance();
  p.silence();
}

/** True when the operand that an operator needs is not there and the next line is a statement of its own. */
export function isOperandMissing(p: TokenCursor): boolean {
  return p.parentheses === 0 && p.isFirstOnLine && p.startsNewStatementLine && lineHoldsAssignment(p);
}

function lineHoldsAssignment(p: TokenCursor): boolean {
  let depth = 0;
  for (let distance = 0; ; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.End || kind === Token.Semicolon || (distance > 0 && p.isFirstOnLineAt(distance))) return false;
    if (kind === Token.LeftParenthesis || kind === Token.LeftBracket) depth++;
    else if (kind === Token.RightParenthesis || kind === Token.RightBracket) depth--;
    else if (depth === 0 && kind >= Token.Assign && kind <= Token.DivideAssign) return true;
  }
}

/** `name :=` where a comma should stand, in a list that is closed further on. */
export function isCommaMissing(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  if (!p.isName() || (next !== Token.Assign && next !== Token.Arrow)) return false;
  if (distanceToClosing(p, Token.RightParenthesis, 'statement') < 0) return false;
  p.reportMissing('PW1003', "',' before the next argument");
  return true;
}

/** True when an argument behind the first one has a name. */
export function isNameFollowing(p: TokenCursor): boolean {
  if (!p.isName() || p.kindAt(1) !== Token.Equal) return false;
  let depth = 0;
  for (let distance = 2; distance < 200; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.Semicolon || kind === Token.End) return false;
    if (kind === Token.LeftParenthesis || kind === Token.LeftBracket) depth++;
    else if (kind === Token.RightParenthesis || kind === Token.RightBracket) depth--;
    if (depth < 0) return false;
    if (depth === 0 && kind === Token.Comma)
      return (
        p.isName(distance + 1) && (p.kindAt(distance + 2) === Token.Assign || p.kindAt(distance + 2) === Token.Arrow)
      );
  }
  return false;
}

/** Skips what can't be read in an argument when more arguments follow; false when none does. */
export function skipToNextArgument(p: TokenCursor): boolean {
  if (p.kind === Token.RightParenthesis || p.kind === Token.Semicolon || p.kind === Token.End) return false;
  const closing = distanceToClosing(p, Token.RightParenthesis, 'statement');
  if (closing < 0) return false;
  let depth = 0;
  for (let distance = 0; distance < closing; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.LeftParenthesis || kind === Token.LeftBracket) depth++;
    else if (kind === Token.RightParenthesis || kind === Token.RightBracket) depth--;
    else if (kind === Token.Comma && depth === 0) {
      p.reportMissing('PW1003', "',' or ')' in the list of arguments");
      for (let skipped = 0; skipped <= distance; skipped++) p.advance();
      return true;
    }
  }
  return false;
}

/** True where an argument starts and its list is closed further on, although no parenthesis opened it. */
export function lacksOpeningParenthesis(p: TokenCursor): boolean {
  if (p.parentheses > 0 || !p.isName()) return false;
  const next = p.kindAt(1);
  if (next !== Token.Assign && next !== Token.Arrow) return false;
  return distanceToClosing(p, Token.RightParenthesis, 'statement') >= 0;
}

/** True when THEN, DO or OF follows in the statement: what stands here is the head of a block. */
export function isHeadOfBlock(p: TokenCursor): boolean {
  for (let distance = 0; distance < 200; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.THEN || kind === Token.DO || kind === Token.OF) return true;
    if (kind === Token.Semicolon || kind === Token.End || kind === Token.Assign) return false;
  }
  return false;
}

/** True when the statement has a `)` that nothing in it opens. */
export function hasStrayParenthesis(p: TokenCursor): boolean {
  return distanceToClosing(p, Token.RightParenthesis, 'statement') >= 0;
}

/** Skips an unopened `)` of a statement with everything before it. */
export function skipBeyondStrayParenthesis(p: TokenCursor): void {
  const distance = distanceToClosing(p, Token.RightParenthesis, 'statement');
  for (let skipped = 0; skipped <= distance; skipped++) p.advance();
}

/** Takes the closing bracket. When something else stands there, it is skipped if the bracket follows on the line. */
export function closeBracket(p: TokenCursor, closing: number, expected: string): void {
  if (p.accept(closing)) return;
  p.reportMissing('PW1003', expected);
  const distance = distanceToClosing(p, closing, 'line');
  if (distance < 0) return;
  for (let skipped = 0; skipped <= distance; skipped++) p.advance();
}

/** How many tokens ahead the bracket is that closes the open one, within the line or the statement; -1 without one. */
function distanceToClosing(p: TokenCursor, closing: number, within: 'line' | 'statement'): number {
  let depth = 0;
  for (let distance = 0; distance < 500; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.End || kind === Token.Semicolon) return -1;
    if (within === 'line' && p.isFirstOnLineAt(distance)) return -1;
    if (depth === 0 && kind === closing) return distance;
    if (kind === Token.LeftParenthesis || kind === Token.LeftBracket) depth++;
    else if (kind === Token.RightParenthesis || kind === Token.RightBracket) {
      if (depth === 0) return -1;
      depth--;
    }
  }
  return -1;
}

/** How far a decision looks ahead, so that broken text costs no quadratic time. */
export const MAXIMUM_LOOKAHEAD = 4000;

/** `(member :=`. Outside of initial values `(a := b)` is an assignment used as an operand (CODESYS). */
export function startsStructInitializer(p: TokenCursor): boolean {
  return p.kind === Token.LeftParenthesis && p.isName(1) && p.kindAt(2) === Token.Assign;
}

/** True when the parentheses that start here hold a list. */
export function hasCommaInside(p: TokenCursor): boolean {
  let depth = 0;
  for (let distance = 0; distance < MAXIMUM_LOOKAHEAD; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.LeftParenthesis || kind === Token.LeftBracket) depth++;
    else if (kind === Token.RightParenthesis || kind === Token.RightBracket) {
      depth--;
      if (depth === 0) return false;
    } else if (kind === Token.Comma && depth === 1) return true;
    else if (kind === Token.End || kind === Token.Semicolon) return false;
  }
  return true;
}
