import { parseSection, startsSection } from './sections.js';
import { parseSfc, startsSfc } from './sfc.js';
import { parseStatements } from './statements.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { Body, Statement } from './tree.js';

/** A body that fills the rest of the text: statements alone, or SFC elements. `start`: where it is when it is empty. */
export function parseWholeBody(p: TokenCursor, start: number): Body {
  if (startsSfc(p)) {
    const body = parseSfc(p);
    if (p.kindAt(0) !== Token.End) p.report('PW1003', p, `Expected the end of the body, found ${p.describe()}.`);
    return body;
  }
  let statements: readonly Statement[] = parseStatements(p).statements;
  while (p.kindAt(0) !== Token.End) {
    const foreign = p.start;
    p.report('PW1003', p, `Expected a statement, found ${p.describe()}. A body holds statements only.`);
    skipForeignPart(p);
    p.silence();
    const skipped: Statement = { kind: 'ErrorStatement', start: foreign, end: p.endFrom(foreign) };
    statements = [...statements, skipped, ...parseStatements(p).statements];
  }
  const first = statements[0];
  const last = statements[statements.length - 1];
  if (first === undefined || last === undefined) return { kind: 'StatementList', start, end: start, statements };
  return { kind: 'StatementList', start: first.start, end: last.end, statements };
}

/** Skips what can't stand in a body: a section of variables as a whole, else the line. */
function skipForeignPart(p: TokenCursor): void {
  if (startsSection(p)) {
    parseSection(p);
    return;
  }
  do p.advance();
  while (p.kind !== Token.End && !p.isFirstOnLine);
}
