import { closeBlock, openBlock } from './blocks.js';
import { endsStatements } from './statement-ends.js';
import { parseStatements } from './statements.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { StatementList } from './tree.js';

/** Networks of SIMATIC SD (`.s7dcl`): a block is a row of them, each in a language of its own. */

/** True at `NETWORK` where a block expects one; a statement that starts with that name is none. */
export function startsNetwork(p: TokenCursor): boolean {
  if (p.kind !== Token.NETWORK || !p.isFirstOnLine) return false;
  const next = p.kindAt(1);
  return !(next >= Token.Assign && next <= Token.Arrow) && next !== Token.Dot && next !== Token.LeftParenthesis;
}

/** `{ S7_Language := "SCL" } NETWORK … END_NETWORK`. Rungs are kept as a statement that can't be read. */
export function parseNetwork(p: TokenCursor): StatementList {
  const { start } = p;
  const pragmas = p.pragmasBefore(p.index);
  const language = /S7_Language\s*:=\s*"(\w+)"/i.exec(pragmas.map(({ text }) => text).join(' '))?.[1]?.toUpperCase();
  openBlock(p, Token.END_NETWORK);
  p.advance();
  const isRungs = p.isWord(0, 'RUNG') || (language !== undefined && language !== 'SCL');
  const body = isRungs ? skipRungs(p, language ?? 'LAD') : parseStatements(p);
  closeBlock(p, Token.END_NETWORK, 'NETWORK', start);
  p.accept(Token.Semicolon);
  return body;
}

function skipRungs(p: TokenCursor, language: string): StatementList {
  const { start } = p;
  let isEmpty = true;
  while (p.kind !== Token.End && p.kind !== Token.END_NETWORK && !isEndOfBlock(p)) {
    if (!isEmptyRungPart(p)) isEmpty = false;
    p.advance();
  }
  const end = p.endFrom(start);
  p.noteFreeText(start, end);
  if (isEmpty) return { kind: 'StatementList', start, end, statements: [] };
  p.noteUnsupported(language, { start, end });
  return { kind: 'StatementList', start, end, statements: [{ kind: 'ErrorStatement', start, end }] };
}

/** A keyword that ends the block around the network: END_NETWORK is missing. */
function isEndOfBlock(p: TokenCursor): boolean {
  return p.isFirstOnLine && p.kind >= Token.FUNCTION && p.kind !== Token.NETWORK && endsStatements(p);
}

/** `RUNG wire#powerrail END_RUNG` does nothing. */
function isEmptyRungPart(p: TokenCursor): boolean {
  return p.kind === Token.Hash || ['RUNG', 'END_RUNG', 'WIRE', 'POWERRAIL'].some((word) => p.isWord(0, word));
}
