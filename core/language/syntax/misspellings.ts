import { FIRST_KEYWORD, keywordText, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';

/**
 * Keywords with a slip of the pen: `IF x TEHN`, `VAR_INUPT`, `FUNCTION_BLOKC`. Where only a keyword makes sense, a word
 * that is nearly one is read as that keyword, with one error, so that the slip costs nothing around it.
 */

/** Reads the current name as the nearest of the keywords, with an error; false when it is near to none of them. */
export function readAsKeyword(p: TokenCursor, kinds: Iterable<number>): boolean {
  if (p.kind !== Token.Identifier || p.end - p.start > LONGEST_KEYWORD + 2) return false;
  const word = p.textAt(0);
  const meant = nearestKeyword(word, kinds);
  if (meant === null) return false;
  const { start, end } = p;
  const fix = { start, end, text: keywordText(meant) };
  p.report('PW1003', p, `'${word}' is not a keyword. Write ${keywordText(meant)}.`, fix);
  p.readAs(meant);
  return true;
}

const LONGEST_KEYWORD = 'END_ORGANIZATION_BLOCK'.length;

/** Keywords of other languages for ours. */
const FOREIGN: ReadonlyMap<string, number> = new Map([
  ['ELIF', Token.ELSIF],
  ['ELSEIF', Token.ELSIF],
  ['ENDIF', Token.END_IF],
  ['ENDFOR', Token.END_FOR],
  ['ENDWHILE', Token.END_WHILE],
  ['ENDCASE', Token.END_CASE],
  ['ENDREPEAT', Token.END_REPEAT],
  ['ENDVAR', Token.END_VAR],
]);

function nearestKeyword(word: string, kinds: Iterable<number>): number | null {
  const upper = word.toUpperCase();
  const foreign = FOREIGN.get(upper);
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const kind of kinds) {
    if (kind === foreign) return kind;
    const keyword = keywordText(kind);
    const allowed = keyword.length <= 5 ? 1 : 2;
    if (Math.abs(keyword.length - upper.length) > allowed) continue;
    const slips = slipsBetween(upper, keyword, allowed);
    if (slips <= allowed && slips < least) [nearest, least] = [kind, slips];
  }
  return nearest;
}

/** How many letters are missing, too many, wrong, or swapped with their neighbour; more than `limit` counts as one more. */
function slipsBetween(word: string, keyword: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: keyword.length + 1 }, (_, at) => at);
  for (let row = 1; row <= word.length; row++) {
    const current = [row];
    for (let column = 1; column <= keyword.length; column++) {
      const isSame = word[row - 1] === keyword[column - 1];
      let slips = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped =
        row > 1 && column > 1 && word[row - 1] === keyword[column - 2] && word[row - 2] === keyword[column - 1];
      if (isSwapped) slips = Math.min(slips, (before[column - 2] ?? 0) + 1);
      current.push(slips);
    }
    if (Math.min(...current) > limit) return limit + 1;
    [before, last] = [last, current];
  }
  return last[keyword.length] ?? limit + 1;
}

// ---------------------------------------------------------------------------------------------- where they stand

/** Reads a name at the start of a line as the keyword that ends or continues an open block. */
export function readAsBlockKeyword(p: TokenCursor): boolean {
  if (!p.isFirstOnLine) return false;
  const next = p.kindAt(1);
  const isAlone = next === Token.Semicolon || next === Token.End || p.isFirstOnLineAt(1);
  if (!isAlone && !continuesWithCondition(p)) return false;
  const kinds: number[] = [];
  for (const [closing, count] of p.openBlocks) if (count > 0 && isAlone) kinds.push(closing);
  const isOpen = (closing: number): boolean => (p.openBlocks.get(closing) ?? 0) > 0;
  if (isOpen(Token.END_IF) || isOpen(Token.END_CASE)) kinds.push(isAlone ? Token.ELSE : Token.ELSIF);
  if (isOpen(Token.END_REPEAT) && !isAlone) kinds.push(Token.UNTIL);
  return kinds.length > 0 && readAsKeyword(p, kinds);
}

/** `ELSEIF x THEN`: not a name with an operator behind it. */
function continuesWithCondition(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  return p.isName(1) || next === Token.NOT || next === Token.LeftParenthesis || next === Token.TRUE;
}

const STATEMENT_PARTNERS: readonly (readonly [number, number])[] = [
  [Token.IF, Token.THEN],
  [Token.WHILE, Token.DO],
  [Token.FOR, Token.DO],
  [Token.CASE, Token.OF],
];

/** Reads a name at the start of a line as IF, WHILE, FOR or CASE when the line has the keyword that belongs to it. */
export function readAsStatementKeyword(p: TokenCursor): boolean {
  if (!p.isFirstOnLine || !continuesWithCondition(p)) return false;
  for (let distance = 1; distance < 100; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.End || kind === Token.Semicolon || p.isFirstOnLineAt(distance)) return false;
    const partners = STATEMENT_PARTNERS.filter(([, partner]) => partner === kind).map(([start]) => start);
    if (partners.length > 0) return readAsKeyword(p, partners);
  }
  return false;
}

const SECTIONS: readonly number[] = [
  Token.VAR,
  Token.VAR_INPUT,
  Token.VAR_OUTPUT,
  Token.VAR_IN_OUT,
  Token.VAR_TEMP,
  Token.VAR_EXTERNAL,
  Token.VAR_GLOBAL,
  Token.VAR_STAT,
];
const QUALIFIERS: ReadonlySet<number> = new Set([Token.CONSTANT, Token.RETAIN, Token.NON_RETAIN, Token.PERSISTENT]);

/** Reads a word that stands alone before declarations as the keyword of their section. */
export function readAsSectionKeyword(p: TokenCursor): boolean {
  if (p.kind !== Token.Identifier || !p.isFirstOnLine) return false;
  let distance = 1;
  while (QUALIFIERS.has(p.kindAt(distance))) distance++;
  if (!p.isFirstOnLineAt(distance) || !startsDeclarationAt(p, distance)) return false;
  return readAsKeyword(p, SECTIONS);
}

function startsDeclarationAt(p: TokenCursor, distance: number): boolean {
  const next = p.kindAt(distance + 1);
  return p.isName(distance) && (next === Token.Colon || next === Token.Comma || next === Token.AT);
}

/** How far the end of a section whose start is missing may be. */
const LONGEST_SECTION = 4000;

/** True at `name : TYPE;` when END_VAR follows before anything else could have begun: the keyword of the section is missing. */
export function lacksSectionKeyword(p: TokenCursor): boolean {
  if (!startsDeclarationAt(p, 0)) return false;
  for (let distance = 0; distance < LONGEST_SECTION; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.END_VAR) {
      p.report('PW1003', p, `Expected VAR or another section before ${p.describe()}.`);
      return true;
    }
    const isDeclaration = kind < FIRST_KEYWORD || p.isName(distance) || DECLARATION_KEYWORDS.has(kind);
    if (!isDeclaration || kind === Token.End) return false;
  }
  return false;
}

const DECLARATION_KEYWORDS: ReadonlySet<number> = new Set([
  Token.ARRAY,
  Token.OF,
  Token.TO,
  Token.STRUCT,
  Token.END_STRUCT,
  Token.TRUE,
  Token.FALSE,
  Token.NOT,
  Token.MOD,
]);

/** True at `name : …` when END_TYPE follows before another declaration: TYPE is missing. */
export function lacksTypeKeyword(p: TokenCursor): boolean {
  if (!p.isName() || p.kindAt(1) !== Token.Colon) return false;
  if (distanceTo(p, Token.END_TYPE, TOP_LEVEL) < 0) return false;
  p.report('PW1003', p, `Expected TYPE before ${p.describe()}.`);
  return true;
}

/** True at `name : …` behind the colon of a type when END_STRUCT follows: STRUCT is missing. */
export function lacksStructKeyword(p: TokenCursor): boolean {
  if (!p.isFirstOnLine || !startsDeclarationAt(p, 0)) return false;
  if (distanceTo(p, Token.END_STRUCT, [Token.STRUCT, Token.END_TYPE, ...TOP_LEVEL]) < 0) return false;
  p.report('PW1003', p, `Expected STRUCT before ${p.describe()}.`);
  return true;
}

/** Reads a word between the colon of a type and its members as STRUCT or UNION. */
export function readAsStructKeyword(p: TokenCursor): boolean {
  return p.isFirstOnLineAt(1) && startsDeclarationAt(p, 1) && readAsKeyword(p, [Token.STRUCT, Token.UNION]);
}

function distanceTo(p: TokenCursor, wanted: number, ends: readonly number[]): number {
  for (let distance = 0; distance < LONGEST_SECTION; distance++) {
    const kind = p.kindAt(distance);
    if (kind === wanted) return distance;
    if (kind === Token.End || (ends.includes(kind) && !(p.isName(distance) && !p.isFirstOnLineAt(distance)))) return -1;
  }
  return -1;
}

/** The keyword of the POU that a lone name before a section of variables starts, by its end; null when it starts none. */
export function missingPouKeyword(p: TokenCursor): number | null {
  if (!p.isName() || !p.isFirstOnLine || !p.isFirstOnLineAt(1) || !SECTIONS.includes(p.kindAt(1))) return null;
  for (const [keyword, closing] of POU_KEYWORDS) {
    if (distanceTo(p, closing, [Token.PROGRAM, Token.FUNCTION, Token.FUNCTION_BLOCK, Token.TYPE]) < 0) continue;
    p.report('PW1003', p, `Expected ${keywordText(keyword)} before ${p.describe()}.`);
    return keyword;
  }
  return null;
}

const POU_KEYWORDS: readonly (readonly [number, number])[] = [
  [Token.PROGRAM, Token.END_PROGRAM],
  [Token.FUNCTION_BLOCK, Token.END_FUNCTION_BLOCK],
  [Token.FUNCTION, Token.END_FUNCTION],
];

const TOP_LEVEL: readonly number[] = [
  Token.PROGRAM,
  Token.FUNCTION,
  Token.FUNCTION_BLOCK,
  Token.TYPE,
  Token.CONFIGURATION,
  Token.VAR_GLOBAL,
  Token.INTERFACE,
  Token.NAMESPACE,
  Token.DATA_BLOCK,
  Token.ORGANIZATION_BLOCK,
];

/** Reads a word between declarations as the keyword of the one that follows. */
export function readAsDeclarationKeyword(p: TokenCursor): boolean {
  if (!p.isFirstOnLine || !p.isName(1)) return false;
  return readAsKeyword(p, TOP_LEVEL);
}
