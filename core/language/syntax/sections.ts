import { closeBlock, openBlock } from './blocks.js';
import { readAsSectionKeyword } from './misspellings.js';
import { keywordText, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { Modifiers, SectionKind, VariableSection } from './tree.js';
import { parseMembers } from './types.js';

const SECTION_KINDS: ReadonlyMap<number, SectionKind> = new Map<number, SectionKind>([
  [Token.VAR, 'VAR'],
  [Token.VAR_INPUT, 'VAR_INPUT'],
  [Token.VAR_OUTPUT, 'VAR_OUTPUT'],
  [Token.VAR_IN_OUT, 'VAR_IN_OUT'],
  [Token.VAR_TEMP, 'VAR_TEMP'],
  [Token.VAR_STAT, 'VAR_STAT'],
  [Token.VAR_INST, 'VAR_INST'],
  [Token.VAR_EXTERNAL, 'VAR_EXTERNAL'],
  [Token.VAR_GLOBAL, 'VAR_GLOBAL'],
]);

/** True when a section of variables starts here. */
export function startsSection(p: TokenCursor): boolean {
  return SECTION_KINDS.has(p.kind) || (p.kind === Token.Identifier && readAsSectionKeyword(p));
}

interface Qualifiers {
  readonly isConstant: boolean;
  readonly retention: VariableSection['retention'];
  readonly access: Modifiers['access'];
}

/** `VAR_… [qualifiers] … END_VAR`. */
export function parseSection(p: TokenCursor): VariableSection {
  const start = p.start;
  const keyword = p.kind;
  const sectionKind = SECTION_KINDS.get(keyword) ?? 'VAR';
  openBlock(p, Token.END_VAR);
  p.advance();
  const qualifiers = parseQualifiers(p);
  const variables = parseMembers(p, Token.END_VAR);
  closeBlock(p, Token.END_VAR, keywordText(keyword), start);
  return { kind: 'VariableSection', start, end: p.endFrom(start), sectionKind, ...qualifiers, variables };
}

/** Declarations up to END_VAR whose VAR is missing, which was reported. */
export function parseSectionWithoutKeyword(p: TokenCursor): VariableSection {
  const { start } = p;
  openBlock(p, Token.END_VAR);
  const variables = parseMembers(p, Token.END_VAR);
  closeBlock(p, Token.END_VAR, 'VAR', start);
  return {
    kind: 'VariableSection',
    start,
    end: p.endFrom(start),
    sectionKind: 'VAR',
    isConstant: false,
    retention: 'default',
    access: null,
    variables,
  };
}

export function parseQualifiers(p: TokenCursor): Qualifiers {
  let isConstant = false;
  let isRetain = false;
  let isNonRetain = false;
  let isPersistent = false;
  let access: Modifiers['access'] = null;
  while (isQualifier(p) || isPlacement(p)) {
    switch (p.kind) {
      case Token.CONSTANT:
        isConstant = true;
        break;
      case Token.RETAIN:
        isRetain = true;
        break;
      case Token.NON_RETAIN:
        isNonRetain = true;
        break;
      case Token.PERSISTENT:
        isPersistent = true;
        break;
      default:
        access = accessOf(p.kind);
    }
    p.advance();
  }
  const retention =
    isRetain && isPersistent
      ? 'retain-persistent'
      : isRetain
        ? 'retain'
        : isPersistent
          ? 'persistent'
          : isNonRetain
            ? 'non-retain'
            : 'default';
  return { isConstant, retention, access };
}

/** Siemens `VAR DB_SPECIFIC`: where the block keeps the variables; it changes nothing else. */
function isPlacement(p: TokenCursor): boolean {
  return p.kind === Token.Identifier && p.isName(1) && p.isWord(0, 'DB_SPECIFIC');
}

/** A qualifier word, unless it is the name of the first variable (`Final : BOOL;`). */
function isQualifier(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  if (next === Token.Colon || next === Token.Comma || next === Token.AT) return false;
  switch (p.kind) {
    case Token.CONSTANT:
    case Token.RETAIN:
    case Token.NON_RETAIN:
    case Token.PERSISTENT:
      return true;
    default:
      return accessOf(p.kind) !== null;
  }
}

export function accessOf(kind: number): Modifiers['access'] {
  switch (kind) {
    case Token.PUBLIC:
      return 'public';
    case Token.PRIVATE:
      return 'private';
    case Token.PROTECTED:
      return 'protected';
    case Token.INTERNAL:
      return 'internal';
    default:
      return null;
  }
}
