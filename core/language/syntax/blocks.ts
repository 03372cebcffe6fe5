import { readAsKeyword } from './misspellings.js';
import { keywordText, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';

/** Blocks that end with a keyword of their own, and how a missing or wrong one is found and reported. */

/** Notes that a block is open which `closing` ends. */
export function openBlock(p: TokenCursor, closing: number): void {
  p.openBlocks.set(closing, (p.openBlocks.get(closing) ?? 0) + 1);
}

export function isOpen(p: TokenCursor, closing: number): boolean {
  return (p.openBlocks.get(closing) ?? 0) > 0;
}

/**
 * Takes the closing keyword of a block, or reports that it is missing, together with the place where the block starts.
 * A closing keyword of another kind that no open block waits for is taken as a slip for the right one.
 */
export function closeBlock(p: TokenCursor, closing: number, opener: string, openedAt: number): boolean {
  p.openBlocks.set(closing, (p.openBlocks.get(closing) ?? 1) - 1);
  if (p.accept(closing) || (readAsKeyword(p, [closing]) && p.accept(closing))) return true;
  const expected = keywordText(closing);
  const line = p.lineOf(openedAt);
  if (isClosingKeyword(p.kind) && !isOpen(p, p.kind)) {
    const { start, end } = p;
    p.report('PW1004', p, `Expected ${expected} for the ${opener} in line ${line}, found ${p.describe()}.`, {
      start,
      end,
      text: expected,
    });
    p.advance();
    return false;
  }
  const place = p.isFirstOnLine || p.kind === Token.End ? p.afterPrevious : p;
  const at = p.previousEnd;
  p.report('PW1004', place, `${expected} is missing for the ${opener} in line ${line}; found ${p.describe()}.`, {
    start: at,
    end: at,
    text: `\n${p.indentationAt(openedAt)}${expected}${STATEMENT_ENDS.has(closing) ? ';' : ''}`,
  });
  return false;
}

const STATEMENT_ENDS: ReadonlySet<number> = new Set([
  Token.END_IF,
  Token.END_CASE,
  Token.END_FOR,
  Token.END_WHILE,
  Token.END_REPEAT,
]);

const CLOSING: ReadonlySet<number> = new Set([
  Token.END_IF,
  Token.END_CASE,
  Token.END_FOR,
  Token.END_WHILE,
  Token.END_REPEAT,
  Token.END_REGION,
  Token.END_NETWORK,
  Token.END_VAR,
  Token.END_STRUCT,
  Token.END_UNION,
  Token.END_TYPE,
  Token.END_FUNCTION,
  Token.END_FUNCTION_BLOCK,
  Token.END_PROGRAM,
  Token.END_CLASS,
  Token.END_INTERFACE,
  Token.END_METHOD,
  Token.END_PROPERTY,
  Token.END_GET,
  Token.END_SET,
  Token.END_ACTION,
  Token.END_TRANSITION,
  Token.END_STEP,
  Token.END_CONFIGURATION,
  Token.END_RESOURCE,
  Token.END_NAMESPACE,
  Token.END_DATA_BLOCK,
  Token.END_ORGANIZATION_BLOCK,
  Token.END_SETUP,
  Token.END_TEARDOWN,
  Token.END_TEST,
]);

export function isClosingKeyword(kind: number): boolean {
  return CLOSING.has(kind);
}

const DECLARATION_STARTS: ReadonlySet<number> = new Set([
  Token.FUNCTION,
  Token.FUNCTION_BLOCK,
  Token.PROGRAM,
  Token.TYPE,
  Token.CONFIGURATION,
  Token.DATA_BLOCK,
  Token.ORGANIZATION_BLOCK,
]);

const SOFT_DECLARATION_STARTS: ReadonlySet<number> = new Set([
  Token.CLASS,
  Token.INTERFACE,
  Token.NAMESPACE,
  Token.USING,
  Token.METHOD,
  Token.PROPERTY,
  Token.PROPERTY_GET,
  Token.PROPERTY_SET,
  Token.ACTION,
]);

const MODIFIERS: ReadonlySet<number> = new Set([
  Token.PUBLIC,
  Token.PRIVATE,
  Token.PROTECTED,
  Token.INTERNAL,
  Token.ABSTRACT,
  Token.FINAL,
  Token.OVERRIDE,
]);

export function isModifier(kind: number): boolean {
  return MODIFIERS.has(kind);
}

/** True when a POU, a type, or a member of a POU starts here: no statement does. */
export function startsDeclaration(p: TokenCursor): boolean {
  if (DECLARATION_STARTS.has(p.kind)) return true;
  if (p.source === 'test' && startsTestBlock(p)) return true;
  return startsMember(p) || (SOFT_DECLARATION_STARTS.has(p.kind) && p.isName(1) && !isStepList(p));
}

function isStepList(p: TokenCursor): boolean {
  return p.kind === Token.ACTION && p.isFirstOnLineAt(1);
}

/** True when a method, property or action starts here, with or without modifiers before it. */
export function startsMember(p: TokenCursor): boolean {
  let distance = 0;
  while (isModifier(p.kindAt(distance))) distance++;
  switch (p.kindAt(distance)) {
    case Token.METHOD:
    case Token.PROPERTY:
    case Token.PROPERTY_GET:
    case Token.PROPERTY_SET:
    case Token.ACTION:
      return p.isName(distance + 1);
    default:
      return false;
  }
}

function startsTestBlock(p: TokenCursor): boolean {
  switch (p.kind) {
    case Token.TEST:
      return p.kindAt(1) === Token.String || p.kindAt(1) === Token.WideString || p.kindAt(1) === Token.QuotedIdentifier;
    case Token.SETUP:
    case Token.TEARDOWN:
      return !isOperatorAfterName(p.kindAt(1));
    default:
      return false;
  }
}

function isOperatorAfterName(kind: number): boolean {
  return (kind >= Token.Assign && kind <= Token.Arrow) || kind === Token.LeftParenthesis || kind === Token.Dot;
}
