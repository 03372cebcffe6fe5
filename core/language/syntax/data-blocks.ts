import { closeBlock, openBlock } from './blocks.js';
import { parseSection, startsSection } from './sections.js';
import { endOfLine, parseStatements } from './statements.js';
import { FIRST_KEYWORD, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { DataBlock, StatementList, TypeNode, VariableSection } from './tree.js';
import { parseStruct, parseType } from './types.js';

/** The blocks of Siemens SCL that other dialects don't have. */

const HEADER_WORDS = [
  'TITLE',
  'VERSION',
  'AUTHOR',
  'FAMILY',
  'NAME',
  'KNOW_HOW_PROTECT',
  'NON_RETAIN',
  'UNLINKED',
  'READ_ONLY',
  'PASSWORD',
] as const;
const VALUE_MARKS: ReadonlySet<number> = new Set([Token.Colon, Token.Equal, Token.Assign]);

/** `TITLE = …`, `VERSION : 0.1`, `AUTHOR : …`, `FAMILY : …`: properties of the block in free text, up to the end of the line. */
export function skipBlockHeader(p: TokenCursor): void {
  while (HEADER_WORDS.some((word) => p.isWord(0, word))) {
    const takesValue = VALUE_MARKS.has(p.kindAt(1));
    const isNumberBehind = p.kindAt(1) === Token.Real || p.kindAt(1) === Token.Integer;
    if (!takesValue && isNumberBehind && p.isWord(0, 'VERSION')) {
      p.advance();
      p.report('PW1003', p, "Expected ':' after VERSION.");
      p.advance();
      continue;
    }
    if (!takesValue && !p.isFirstOnLineAt(1)) return;
    const { end } = p;
    // A version is a number: what stands behind it in the line is code again.
    const isVersion = p.isWord(0, 'VERSION');
    p.advance();
    if (!takesValue) continue;
    const lineEnd = endOfLine(p.text, end);
    while (p.kind !== Token.End && p.start < lineEnd && !(isVersion && p.kind >= FIRST_KEYWORD)) p.advance();
    p.noteFreeText(end, Math.min(lineEnd, p.kind === Token.End ? lineEnd : p.start));
  }
}

/** `DATA_BLOCK "name" … BEGIN … END_DATA_BLOCK`: own sections, a STRUCT, or the type of which it is an instance. */
export function parseDataBlock(p: TokenCursor): DataBlock {
  const { start } = p;
  const firstToken = p.index;
  openBlock(p, Token.END_DATA_BLOCK);
  p.requireFeature('blocks', p);
  p.advance();
  const name = p.expectName('the name of the data block');
  skipBlockHeader(p);
  const pragmas = p.pragmasBefore(firstToken, p.index);
  p.accept(Token.Colon); // SIMATIC SD: DATA_BLOCK Name : Type
  const sections: VariableSection[] = [];
  let type: TypeNode | null = null;
  while (p.kind !== Token.BEGIN && p.kind !== Token.END_DATA_BLOCK && p.kind !== Token.End) {
    if (startsSection(p)) sections.push(parseSection(p));
    else if (p.kind === Token.STRUCT) {
      type = parseStruct(p, null, p.start);
      p.accept(Token.Semicolon);
    } else if (type === null && p.isName()) {
      type = parseType(p, 'variable');
      p.accept(Token.Semicolon);
      skipBlockHeader(p);
    } else break;
  }
  const startValues: StatementList = p.accept(Token.BEGIN)
    ? parseStatements(p)
    : { kind: 'StatementList', start: p.previousEnd, end: p.previousEnd, statements: [] };
  closeBlock(p, Token.END_DATA_BLOCK, 'DATA_BLOCK', start);
  p.accept(Token.Semicolon);
  return { kind: 'DataBlock', start, end: p.endFrom(start), name, type, sections, startValues, pragmas };
}
