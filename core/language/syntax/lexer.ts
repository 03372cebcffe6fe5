import type { Dialect } from '../dialects/dialect.js';
import { CharacterClass, classOf } from './characters.js';
import {
  addToHash,
  keywordsFor,
  LITERAL_PREFIXES,
  LiteralPrefix,
  type SourceKind,
  type WordTable,
} from './keyword-table.js';
import {
  addressEnd,
  blockCommentEnd,
  codeAt,
  isReal,
  lineEnd,
  numberEnd,
  pragmaEnd,
  type QuotedEnd,
  quotedNameEnd,
  skipWord,
  stringEnd,
  temporalEnd,
} from './scan-ends.js';
import { isSoftKeyword, Token } from './token.js';
import { type LexicalFault, TokenBuffer, type TokenStream } from './token-stream.js';
import type { Comment, Pragma } from './tree.js';

/** OSCAT and CODESYS 2.3 exports keep a free description between these two comments. */
const DESCRIPTION_START = '(*@KEY@:DESCRIPTION*)';
const DESCRIPTION_END = '(*@KEY@:END_DESCRIPTION*)';

/** Splits `text[start, end)` into tokens. Linear in the text, never fails: what it can't read becomes a fault or an `Unknown` token. */
export function tokenize(text: string, start: number, end: number, dialect: Dialect, source: SourceKind): TokenStream {
  const scanner = new Scanner(text, start, end, dialect, source);
  scanner.run();
  return scanner.result();
}

class Scanner {
  readonly #text: string;
  readonly #end: number;
  readonly #keywords: WordTable;
  readonly #hasQuotedNames: boolean;
  readonly #hasTagColons: boolean;
  readonly #nestsComments: boolean;
  #at: number;
  readonly #tokens: TokenBuffer;
  #atLineStart = 1;
  readonly #comments: Comment[] = [];
  readonly #pragmas: Pragma[] = [];
  readonly #pragmaTokens: number[] = [];
  readonly #faults: LexicalFault[] = [];

  constructor(text: string, start: number, end: number, dialect: Dialect, source: SourceKind) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
    this.#keywords = keywordsFor(dialect.id, source);
    this.#hasQuotedNames = dialect.features.has('quoted-names');
    this.#hasTagColons = dialect.features.has('tag-colons');
    this.#nestsComments = dialect.features.has('nested-comments');
    this.#tokens = new TokenBuffer(((end - start) >> 2) + 64);
  }

  result(): TokenStream {
    return {
      text: this.#text,
      ...this.#tokens.arrays,
      comments: this.#comments,
      pragmas: this.#pragmas,
      pragmaTokens: this.#pragmaTokens,
      faults: this.#faults,
    };
  }

  run(): void {
    while (this.#at < this.#end) {
      const code = this.#text.charCodeAt(this.#at);
      switch (classOf(code)) {
        case CharacterClass.Space:
          this.#at++;
          break;
        case CharacterClass.LineBreak:
          this.#at++;
          this.#atLineStart = 1;
          break;
        case CharacterClass.Letter:
          this.#word();
          break;
        case CharacterClass.Digit:
          this.#number();
          break;
        default:
          this.#symbol(code);
      }
    }
    this.#emit(Token.End, this.#end, this.#end);
  }

  #emit(kind: number, start: number, end: number): void {
    this.#tokens.add(kind, start, end, this.#atLineStart);
    this.#atLineStart = 0;
    this.#at = end;
  }

  #code(offset: number): number {
    return codeAt(this.#text, this.#end, offset);
  }

  // -------------------------------------------------------------------------------------------- words

  #word(): void {
    const start = this.#at;
    let at = start;
    let hash = 0;
    let code = this.#text.charCodeAt(at);
    do {
      hash = addToHash(hash, code);
      code = this.#code(++at);
    } while (classOf(code) >= CharacterClass.Letter);
    const keyword = this.#keywords.find(this.#text, start, at, hash);
    if (code === 35 /* # */ && (keyword === 0 || isSoftKeyword(keyword))) {
      if (this.#hasQuotedNames && at === start + 1 && this.#anyPointer(start)) return;
      const prefix = LITERAL_PREFIXES.find(this.#text, start, at, hash);
      if (prefix !== 0 && this.#typedLiteral(prefix, start, at + 1)) return;
      this.#emit(Token.Identifier, start, at);
      this.#emit(Token.Hash, at, at + 1);
      return;
    }
    if (this.#hasTagColons && code === 58 /* : */ && classOf(this.#code(at + 1)) >= CharacterClass.Letter) {
      do at = skipWord(this.#text, this.#end, at + 1);
      while (this.#code(at) === 58 && classOf(this.#code(at + 1)) >= CharacterClass.Letter);
      this.#emit(Token.Identifier, start, at);
      return;
    }
    this.#emit(keyword === 0 ? Token.Identifier : keyword, start, at);
  }

  /** Siemens `P#DB1.DBX0.0 BYTE 10`: an address with the size of the area. */
  #anyPointer(start: number): boolean {
    ANY_POINTER.lastIndex = start;
    const match = ANY_POINTER.exec(this.#text);
    if (match === null || start + match[0].length > this.#end) return false;
    this.#emit(Token.DirectAddress, start, start + match[0].length);
    return true;
  }

  // -------------------------------------------------------------------------------------------- literals

  /** Scans what follows `prefix#`; false when no literal of that class stands there (then it is an enum value). */
  #typedLiteral(prefix: number, start: number, at: number): boolean {
    const code = this.#code(at);
    if (prefix === LiteralPrefix.Text) {
      if (code !== 39 && code !== 34) return false;
      this.#string(start, at, code === 39 ? Token.String : Token.WideString);
      return true;
    }
    const isSigned = code === 43 || code === 45;
    const first = this.#code(isSigned ? at + 1 : at);
    const startsWithDigit = classOf(first) === CharacterClass.Digit;
    if (prefix === LiteralPrefix.Number || prefix === LiteralPrefix.Boolean) {
      if (startsWithDigit)
        this.#emit(Token.TypedLiteral, start, numberEnd(this.#text, this.#end, isSigned ? at + 1 : at));
      else if (!isSigned && classOf(first) === CharacterClass.Letter)
        this.#emit(Token.TypedLiteral, start, skipWord(this.#text, this.#end, at));
      else return false;
      return true;
    }
    if (!startsWithDigit && !(prefix === LiteralPrefix.Time && classOf(first) === CharacterClass.Letter)) return false;
    const literalEnd = temporalEnd(this.#text, this.#end, isSigned ? at + 1 : at, prefix);
    this.#emit(TEMPORAL_TOKENS[prefix - LiteralPrefix.Time] ?? Token.Unknown, start, literalEnd);
    return true;
  }

  #number(): void {
    const start = this.#at;
    if (this.#tokens.endsWith(Token.Dot, start)) {
      this.#emit(Token.Integer, start, skipWord(this.#text, this.#end, start));
      return;
    }
    const end = numberEnd(this.#text, this.#end, start);
    this.#emit(isReal(this.#text, start, end) ? Token.Real : Token.Integer, start, end);
  }

  /** A string up to its closing quote; one that isn't closed ends with its line. */
  #string(start: number, quoteAt: number, kind: number): void {
    this.#quoted(kind, start, stringEnd(this.#text, this.#end, quoteAt));
  }

  /** `"name"`: no escapes, one line. */
  #quotedName(kind: number, start: number, quoteAt: number): void {
    this.#quoted(kind, start, quotedNameEnd(this.#text, this.#end, quoteAt));
  }

  #quoted(kind: number, start: number, { end, isClosed }: QuotedEnd): void {
    if (!isClosed) this.#faults.push({ kind: 'unclosed-string', start, end });
    this.#emit(kind, start, end);
  }

  // -------------------------------------------------------------------------------------------- symbols

  #symbol(code: number): void {
    const start = this.#at;
    const next = this.#code(start + 1);
    switch (code) {
      case 40: // (
        if (next === 42) this.#blockComment(start, 41);
        else this.#emit(Token.LeftParenthesis, start, start + 1);
        return;
      case 47: // /
        if (next === 47) this.#lineComment(start);
        else if (next === 42) this.#blockComment(start, 47);
        else this.#operator(start, next === 61, Token.DivideAssign, Token.Divide);
        return;
      case 123: // {
        this.#pragma(start);
        return;
      case 39: // '
        this.#string(start, start, Token.String);
        return;
      case 34: // "
        if (this.#hasQuotedNames) this.#quotedName(Token.QuotedIdentifier, start, start);
        else this.#string(start, start, Token.WideString);
        return;
      case 96: // `
        this.#backtickName(start);
        return;
      case 35: // #
        this.#hash(start, next);
        return;
      case 37: // %
        this.#percent(start);
        return;
      case 58: // :
        this.#operator(start, next === 61, Token.Assign, Token.Colon);
        return;
      case 61: // =
        this.#operator(start, next === 62, Token.Arrow, Token.Equal);
        return;
      case 60: // <
        if (next === 62) this.#emit(Token.NotEqual, start, start + 2);
        else this.#operator(start, next === 61, Token.LessEqual, Token.Less);
        return;
      case 62: // >
        this.#operator(start, next === 61, Token.GreaterEqual, Token.Greater);
        return;
      case 43: // +
        this.#operator(start, next === 61, Token.PlusAssign, Token.Plus);
        return;
      case 45: // -
        this.#operator(start, next === 61, Token.MinusAssign, Token.Minus);
        return;
      case 42: // *
        if (next === 42) this.#emit(Token.Power, start, start + 2);
        else this.#operator(start, next === 61, Token.TimesAssign, Token.Times);
        return;
      case 63: // ?
        this.#operator(start, next === 61, Token.AttemptAssign, Token.Unknown);
        return;
      case 46: // .
        this.#operator(start, next === 46, Token.DotDot, Token.Dot);
        return;
      case 91: // [
        if (next === 58 && this.#code(start + 2) === 61 && this.#code(start + 3) === 93) {
          this.#emit(Token.NonRetentiveAssign, start, start + 4);
        } else this.#emit(Token.LeftBracket, start, start + 1);
        return;
      default:
        this.#single(code, start);
    }
  }

  #operator(start: number, isLong: boolean, long: number, short: number): void {
    if (isLong) this.#emit(long, start, start + 2);
    else this.#emit(short, start, start + 1);
  }

  #single(code: number, start: number): void {
    const kind = SINGLE_SYMBOLS.get(code);
    if (kind !== undefined) {
      this.#emit(kind, start, start + 1);
      return;
    }
    if (code === 92 && this.#hasTagColons && classOf(this.#code(start + 1)) === CharacterClass.Letter) {
      this.#emit(Token.Identifier, start, skipWord(this.#text, this.#end, start + 1)); // \Program of Logix
      return;
    }
    let end = start + 1;
    while (end < this.#end && this.#isUnreadable(end)) end++;
    this.#emit(Token.Unknown, start, end);
  }

  /** Control characters and symbols that no dialect uses: a run of them is one token, so that a run is one error. */
  #isUnreadable(offset: number): boolean {
    const code = this.#text.charCodeAt(offset);
    if (classOf(code) !== CharacterClass.Other) return false;
    return code < 32 || code > 126 || UNUSED_SYMBOLS.includes(String.fromCharCode(code));
  }

  #hash(start: number, next: number): void {
    if (this.#hasTagColons && this.#atLineStart === 1 && LOGIX_DIRECTIVE.test(this.#text.slice(start, start + 11))) {
      const end = lineEnd(this.#text, this.#end, start);
      this.#addPragma(start, end, end);
    } else if (next === 34) this.#quotedName(Token.HashIdentifier, start, start + 1);
    else if (classOf(next) >= CharacterClass.Letter)
      this.#emit(Token.HashIdentifier, start, skipWord(this.#text, this.#end, start + 1));
    else this.#emit(Token.Hash, start, start + 1);
  }

  #backtickName(start: number): void {
    const end = skipWord(this.#text, this.#end, start + 1);
    if (end > start + 1 && this.#code(end) === 96) this.#emit(Token.BacktickIdentifier, start, end + 1);
    else this.#emit(Token.Unknown, start, start + 1);
  }

  /** `%IX0.0`, `%MW1.2.3`, `%I*`, `%DB1.DBX0.0`; after a dot `%X3`. */
  #percent(start: number): void {
    const afterLetters = skipWord(this.#text, this.#end, start + 1);
    if (afterLetters === start + 1) {
      this.#emit(Token.Unknown, start, start + 1);
      return;
    }
    if (start > 0 && this.#text.charCodeAt(start - 1) === 46) {
      this.#emit(Token.PartialAddress, start, afterLetters);
      return;
    }
    if (this.#code(afterLetters) === 42) {
      this.#emit(Token.DirectAddress, start, afterLetters + 1);
      return;
    }
    this.#emit(Token.DirectAddress, start, addressEnd(this.#text, this.#end, start, afterLetters));
  }

  // -------------------------------------------------------------------------------------------- comments and pragmas

  #lineComment(start: number): void {
    const end = lineEnd(this.#text, this.#end, start);
    this.#comments.push({ kind: 'Comment', start, end, style: 'line' });
    this.#at = end;
  }

  /** `closing` is the second character of the end mark: `)` of `*)`, or `/`. */
  #blockComment(start: number, closing: number): void {
    if (closing === 41 && this.#text.startsWith(DESCRIPTION_START, start)) {
      const endMark = this.#text.indexOf(DESCRIPTION_END, start);
      if (endMark >= 0 && endMark < this.#end) {
        this.#endComment(start, endMark + DESCRIPTION_END.length);
        return;
      }
    }
    const { end, isClosed } = blockCommentEnd(this.#text, this.#end, start, closing, this.#nestsComments);
    if (!isClosed) this.#faults.push({ kind: 'unclosed-comment', start, end: start + 2 });
    this.#endComment(start, end);
  }

  #endComment(start: number, end: number): void {
    this.#comments.push({ kind: 'Comment', start, end, style: 'block' });
    for (let at = start; at < end; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 10 || code === 13) {
        this.#atLineStart = 1;
        break;
      }
    }
    this.#at = end;
  }

  #pragma(start: number): void {
    const end = pragmaEnd(this.#text, this.#end, start);
    if (end < 0) {
      this.#faults.push({ kind: 'unclosed-pragma', start, end: start + 1 });
      const endOfLine = lineEnd(this.#text, this.#end, start);
      this.#addPragma(start, endOfLine, endOfLine);
      return;
    }
    this.#addPragma(start, end, end - 1);
  }

  #addPragma(start: number, end: number, textEnd: number): void {
    this.#pragmas.push({ kind: 'Pragma', start, end, text: this.#text.slice(start + 1, textEnd) });
    this.#pragmaTokens.push(this.#tokens.count);
    this.#at = end;
  }
}

const TEMPORAL_TOKENS: readonly number[] = [
  Token.TimeLiteral,
  Token.DateLiteral,
  Token.TimeOfDayLiteral,
  Token.DateAndTimeLiteral,
];

const SINGLE_SYMBOLS: ReadonlyMap<number, number> = new Map([
  [38, Token.Ampersand],
  [41, Token.RightParenthesis],
  [93, Token.RightBracket],
  [44, Token.Comma],
  [59, Token.Semicolon],
  [94, Token.Caret],
]);

const ANY_POINTER = /p#(?:db\d+\.)?[a-z]+\d+\.\d+(?:[ \t]+[a-z]+[ \t]+\d+)?/iy;

/** `#region name` of the Logix editor. */
const LOGIX_DIRECTIVE = /^#(?:end)?region\b/i;

const UNUSED_SYMBOLS = '!$@\\|}~';
