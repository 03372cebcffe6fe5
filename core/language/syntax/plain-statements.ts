import { isClosingKeyword } from './blocks.js';
import { parseExpression, parsePostfix } from './expressions.js';
import { isLiteralToken } from './literals.js';
import { endStatement, isPouEnd, skipLine } from './statement-ends.js';
import { FIRST_KEYWORD, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { Expression, Statement, TextFix } from './tree.js';

/** Statements that hold no other ones: jumps, labels, EXIT and RETURN, and what stands where no statement can. */

/**
 * CODESYS `__TRY … __CATCH(e) … __FINALLY … __ENDTRY`. When an exception is raised is not something that the tree, the
 * simulator or a proof could tell, so the block is kept as text that nothing is concluded from.
 */
export function exceptionBlock(p: TokenCursor): Statement {
  const { start } = p;
  let depth = 0;
  while (p.kind !== Token.End && !isPouEnd(p.kind)) {
    if (p.kind === Token.Identifier) {
      if (p.isWord(0, '__TRY')) depth++;
      else if (p.isWord(0, '__ENDTRY')) depth--;
    }
    p.advance();
    if (depth === 0) break;
  }
  if (depth > 0)
    p.report(
      'PW1004',
      p.afterPrevious,
      `__ENDTRY is missing for the __TRY in line ${p.lineOf(start)}; found ${p.describe()}.`,
    );
  p.accept(Token.Semicolon);
  const end = p.endFrom(start);
  p.noteUnsupported('__TRY', { start, end });
  return { kind: 'ErrorStatement', start, end };
}

const CONTINUATIONS: ReadonlySet<number> = new Set([
  Token.ELSE,
  Token.ELSIF,
  Token.THEN,
  Token.DO,
  Token.OF,
  Token.UNTIL,
]);

/** The stray keyword with its semicolon. */
function strayEnd(p: TokenCursor): TextFix {
  const { start, end } = p;
  return { start, end: p.kindAt(1) === Token.Semicolon ? p.endAt(1) : end, text: '' };
}

/** A keyword that can't start a statement here, such as a closing keyword without its block. */
export function strayKeyword(p: TokenCursor): Statement {
  const { start } = p;
  const word = p.textAt(0);
  if (isClosingKeyword(p.kind))
    p.report('PW1015', p, `'${word}' closes nothing: no block that it ends is open here. Remove it.`, strayEnd(p));
  else if (CONTINUATIONS.has(p.kind))
    p.report('PW1015', p, `'${word}' continues nothing: no block that it belongs to is open here.`);
  else p.report('PW1003', p, `Expected a statement, found '${word}'.`);
  const isElse = p.kind === Token.ELSE;
  p.advance();
  if (isElse) return { kind: 'ErrorStatement', start, end: p.endFrom(start) };
  if (!p.isFirstOnLine) skipLine(p);
  p.accept(Token.Semicolon);
  return { kind: 'ErrorStatement', start, end: p.endFrom(start) };
}

/** A token with which nothing can be done: it is skipped, with what follows it on its line. */
export function errorStatement(p: TokenCursor): Statement {
  const { start } = p;
  p.reportMissing('PW1003', 'a statement');
  p.advance();
  skipLine(p);
  p.accept(Token.Semicolon);
  return { kind: 'ErrorStatement', start, end: p.endFrom(start) };
}

export function simpleStatement(p: TokenCursor, kind: 'Exit' | 'Continue'): Statement {
  const { start } = p;
  p.advance();
  endStatement(p);
  return { kind, start, end: p.endFrom(start) };
}

export function returnStatement(p: TokenCursor): Statement {
  const { start } = p;
  p.advance();
  const hasValue =
    p.kind !== Token.Semicolon &&
    !p.isFirstOnLine &&
    (p.isName() || p.kind < FIRST_KEYWORD || isLiteralToken(p.kind) || p.kind === Token.NOT);
  if (hasValue) p.requireFeature('return-value', p);
  const value = hasValue && p.kind !== Token.End ? parseExpression(p) : null;
  endStatement(p);
  return { kind: 'Return', start, end: p.endFrom(start), value };
}

export function jumpStatement(p: TokenCursor): Statement {
  const { start } = p;
  p.requireFeature(p.kind === Token.GOTO ? 'goto' : 'jumps', p);
  p.advance();
  const name = p.takeName();
  endStatement(p);
  return { kind: 'Goto', start, end: p.endFrom(start), label: name };
}

export function label(p: TokenCursor): Statement {
  const { start } = p;
  if (!p.dialect.features.has('goto')) p.requireFeature('jumps', p);
  const name = p.takeName();
  p.advance();
  return { kind: 'Label', start, end: p.endFrom(start), name };
}

export function mockStatement(p: TokenCursor): Statement {
  const { start, kind } = p;
  p.advance();
  const target = parsePostfix(p);
  let returns: Expression | null = null;
  if (kind === Token.MOCK_FUNCTION) {
    if (p.isWord(0, 'RETURNS')) {
      p.advance();
      returns = parseExpression(p);
    } else p.reportMissing('PW1003', 'RETURNS and the value that the mocked function returns');
  }
  endStatement(p);
  return { kind: 'Mock', start, end: p.endFrom(start), target, returns };
}
