import { isClosingKeyword } from './blocks.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { StatementList } from './tree.js';

/** Bodies in other languages than ST that stand in text: they are kept as one statement that can't be read. */

/** CODESYS 2.3 exports write ladder, FBD and other bodies as text of their own behind such a word. */
const GRAPHICAL_BODY = /^_(?:LD|FBD|SFC|CFC|IL)(?:_BODY)?$/i;

/** What an instruction list starts with: it loads a value, calls a block, or jumps. IEC 61131-3 ed. 3, table 68. */
const FIRST_INSTRUCTION = /^(?:LDN?|CALC?N?|JMPC?N?)$/i;

/** True where a body starts that is not Structured Text. */
export function startsForeignBody(p: TokenCursor): boolean {
  if (p.kind !== Token.Identifier || !p.isFirstOnLine) return p.kind === Token.JMP && startsInstruction(p, 0);
  return GRAPHICAL_BODY.test(p.textAt(0)) || startsInstruction(p, 0) || startsInstruction(p, 2);
}

/** An operator with one operand that ends the line without a semicolon; `distance` 2 is behind a label. */
function startsInstruction(p: TokenCursor, distance: number): boolean {
  if (distance === 2 && p.kindAt(1) !== Token.Colon) return false;
  if (!FIRST_INSTRUCTION.test(p.textAt(distance))) return false;
  if (p.isFirstOnLineAt(distance + 1)) return false;
  const operand = p.kindAt(distance + 1);
  if (operand === Token.Assign || operand === Token.Dot || operand === Token.Semicolon) return false;
  if (operand === Token.Colon || operand === Token.LeftBracket || operand === Token.Comma) return false;
  for (let at = distance + 1; p.kindAt(at) !== Token.End; at++) {
    if (at > distance + 1 && p.isFirstOnLineAt(at)) return true;
    const kind = p.kindAt(at);
    if (kind === Token.Semicolon || kind === Token.Assign)
      return kind === Token.Assign && /^cal/i.test(p.textAt(distance));
  }
  return true;
}

export function skipForeignBody(p: TokenCursor): StatementList {
  const { start } = p;
  const word = p.textAt(0).toUpperCase();
  const language = GRAPHICAL_BODY.test(word) ? word.replace(/^_|_BODY$/g, '') : 'IL';
  while (p.kind !== Token.End && !(p.isFirstOnLine && isClosingKeyword(p.kind))) p.advance();
  const end = p.endFrom(start);
  p.noteFreeText(start, end);
  p.noteUnsupported(language, { start, end });
  return { kind: 'StatementList', start, end, statements: [{ kind: 'ErrorStatement', start, end }] };
}

/** Sections of a CODESYS 2.3 export that hold settings and no program, by first and last word. */
const EXPORT_SECTIONS: ReadonlyMap<string, string> = new Map([
  ['LIBRARY', 'END_LIBRARY'],
  ['PLC_CONFIGURATION', 'PLC_END'],
  ['_WORKSPACE', '_WORKSPACE_END'],
  ['_ALARMCONFIG', '_END_ALARMCONFIG'],
  ['_WATCHLIST', '_END_WATCHLIST'],
  ['_PARAMETERMANAGER', '_END_PARAMETERMANAGER'],
  ['_TASK_CONFIGURATION', '_END_TASK_CONFIGURATION'],
  ['VISUALISATION', 'END_VISUALISATION'],
  ['_VISUALISATION', '_END_VISUALISATION'],
]);

/** Skips such a section; false when none starts here. */
export function skipExportSection(p: TokenCursor): boolean {
  if (p.kind !== Token.Identifier || !p.isFirstOnLine) return false;
  const last = EXPORT_SECTIONS.get(p.textAt(0).toUpperCase());
  if (last === undefined) return false;
  for (let distance = 1; ; distance++) {
    if (p.kindAt(distance) === Token.End) return false;
    if (p.isWord(distance, last)) break;
  }
  const { start } = p;
  while (!p.isWord(0, last)) p.advance();
  p.advance();
  p.noteFreeText(start, p.previousEnd);
  return true;
}
