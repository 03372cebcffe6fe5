import { isClosingKeyword, isOpen, startsDeclaration } from './blocks.js';
import { skipBeyondStrayParenthesis } from './lookahead.js';
import { readAsBlockKeyword } from './misspellings.js';
import { FIRST_KEYWORD, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';

/** Where statements and lists of statements end, and what is said when the end is missing. */

/** True where statements end: ELSE and its kind, a closing keyword that a block waits for, a declaration, the end. */
export function endsStatements(p: TokenCursor): boolean {
  if (p.kind < FIRST_KEYWORD && !(p.kind === Token.Identifier && readAsBlockKeyword(p)))
    return p.kind === Token.End || startsLabelOfOuterCase(p);
  const { kind } = p;
  switch (kind) {
    case Token.End:
      return true;
    case Token.ELSE:
    case Token.ELSIF:
      return isOpen(p, Token.END_IF) || isOpen(p, Token.END_CASE);
    case Token.UNTIL:
      return isOpen(p, Token.END_REPEAT);
    case Token.VAR:
    case Token.VAR_INPUT:
    case Token.VAR_OUTPUT:
    case Token.VAR_IN_OUT:
    case Token.VAR_TEMP:
    case Token.VAR_STAT:
    case Token.VAR_INST:
    case Token.VAR_EXTERNAL:
    case Token.VAR_GLOBAL:
    case Token.VAR_ACCESS:
    case Token.VAR_CONFIG:
      return true;
    case Token.STEP:
    case Token.INITIAL_STEP:
    case Token.TRANSITION:
      return p.isName(1) || p.kindAt(1) === Token.FROM;
  }
  if (isClosingKeyword(kind)) return isOpen(p, kind) || isPouEnd(kind) || p.depth > 0;
  return startsDeclaration(p);
}

/** `10:` or `State.Idle:` inside of a block of a CASE: the block around it is not closed. */
function startsLabelOfOuterCase(p: TokenCursor): boolean {
  if (!p.isFirstOnLine || !isOpen(p, Token.END_CASE)) return false;
  if (p.kind === Token.Integer) return p.kindAt(1) === Token.Colon || p.kindAt(1) === Token.DotDot;
  return p.kindAt(1) === Token.Dot && p.isName(2) && p.kindAt(3) === Token.Colon;
}

const POU_ENDS: ReadonlySet<number> = new Set([
  Token.END_FUNCTION,
  Token.END_FUNCTION_BLOCK,
  Token.END_PROGRAM,
  Token.END_CLASS,
  Token.END_METHOD,
  Token.END_PROPERTY,
  Token.END_INTERFACE,
  Token.END_ACTION,
  Token.END_GET,
  Token.END_SET,
  Token.END_DATA_BLOCK,
  Token.END_ORGANIZATION_BLOCK,
  Token.END_NETWORK,
]);

export function isPouEnd(kind: number): boolean {
  return POU_ENDS.has(kind);
}

/** Skips to the semicolon or the end of the line, whichever comes first. */
export function skipLine(p: TokenCursor): void {
  while (p.kind !== Token.Semicolon && p.kind !== Token.End && !p.isFirstOnLine && !isClosingKeyword(p.kind))
    p.advance();
  p.silence();
}

/** The semicolon after a statement. What stands on the line instead of it is skipped. */
export function endStatement(p: TokenCursor): void {
  if (p.accept(Token.Semicolon)) return;
  if (p.kind === Token.Unknown || (!p.isFirstOnLine && p.kind !== Token.End && !p.isName() && p.kind < FIRST_KEYWORD)) {
    p.reportMissing('PW1003', "';' at the end of the statement");
    skipBeyondStrayParenthesis(p);
    skipLine(p);
    p.accept(Token.Semicolon);
    return;
  }
  p.reportMissingSemicolon("The semicolon at the end of the statement is missing. Add ';'.");
}

/** The semicolon after END_IF and its kind, which some dialects don't ask for. */
export function endBlockStatement(p: TokenCursor): void {
  if (p.accept(Token.Semicolon) || p.dialect.features.has('optional-semicolon-after-block')) return;
  p.reportMissingSemicolon(`The semicolon after '${p.textAt(-1)}' is missing. Add ';'.`);
}
