import { LineTable } from '../../base/line-table.js';
import type { Dialect, Feature } from '../dialects/dialect.js';
import { type ConditionalText, resolveConditions } from './conditions.js';
import type { Findings } from './findings.js';
import type { SourceKind } from './keyword-table.js';
import { tokenize } from './lexer.js';
import { indentationOf, lineStart } from './line-layout.js';
import { readAsKeyword } from './misspellings.js';
import { followsName, followsOperand, isNameKind } from './name-tokens.js';
import type { SyntaxCode } from './syntax-codes.js';
import { FIRST_KEYWORD, Token } from './token.js';
import type { LexicalFault, TokenStream } from './token-stream.js';
import type { ErrorExpression, Identifier, Pragma, Span, TextFix } from './tree.js';

/** How deep statements, expressions and types may nest, so that no pass over the tree runs out of stack. */
export const MAXIMUM_NESTING = 700;

const NO_PRAGMAS: readonly Pragma[] = [];

/** Errors after which it is clear what was meant. */
const HARMLESS_CODES: ReadonlySet<SyntaxCode> = new Set<SyntaxCode>(['PW1005', 'PW1011']);

/**
 * The position in a stream of tokens, with the means to report an error once.
 *
 * One cause gives one error: a second error at the same token is swallowed, and after an error the caller skips to a
 * place from which it can go on.
 */
export class TokenCursor {
  readonly text: string;
  readonly dialect: Dialect;
  readonly source: SourceKind;
  /** Kind of the current token. */
  kind: number;
  /** Index of the current token. */
  index = 0;
  /** Current depth of nesting. */
  depth = 0;
  /** How many parentheses and brackets are open: inside them a line break ends nothing. */
  parentheses = 0;
  /** The POU around the current token; empty outside of one. */
  owner = '';
  /** How many blocks are open per closing keyword, so that a stray END_x is told from one that closes an outer block. */
  readonly openBlocks = new Map<number, number>();
  readonly #kinds: Uint8Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #startsLine: Uint8Array;
  readonly #stream: TokenStream;
  readonly #findings: Findings;
  readonly #names: Map<string, string>;
  readonly #start: number;
  #lastErrorIndex = -1;
  #losses = 0;
  #lineTable: LineTable | null = null;
  /** Conditions of the compiler of which more than one branch is read. */
  readonly #undecided: readonly ConditionalText[];
  /** Ends of strings that are not closed: what they swallowed is not reported as missing. */
  readonly #unclosedEnds: ReadonlySet<number>;
  /** True when a comment that is not closed runs to the end: what it swallowed is not reported as missing. */
  readonly #isEndInComment: boolean;

  constructor(text: string, span: Span, dialect: Dialect, source: SourceKind, findings: Findings) {
    const all = tokenize(text, span.start, span.end, dialect, source);
    const { stream, conditions } = dialect.features.has('compiler-pragmas')
      ? resolveConditions(all)
      : { stream: all, conditions: [] };
    this.text = text;
    this.dialect = dialect;
    this.source = source;
    this.#stream = stream;
    this.#findings = findings;
    this.#names = new Map();
    this.#kinds = stream.kinds;
    this.#starts = stream.starts;
    this.#ends = stream.ends;
    this.#startsLine = stream.startsLine;
    this.#start = span.start;
    this.kind = stream.kinds[0] ?? Token.End;
    for (const comment of stream.comments) findings.comments.push(comment);
    for (const pragma of stream.pragmas) findings.pragmas.push(pragma);
    for (const condition of conditions) findings.conditions.push(condition);
    this.#undecided = conditions.filter(({ branches }) => branches.length > 1);
    for (const fault of stream.faults) this.#reportFault(fault);
    const strings = stream.faults.filter((fault) => fault.kind === 'unclosed-string');
    this.#unclosedEnds = new Set(strings.map((fault) => fault.end));
    const lastComment = stream.comments[stream.comments.length - 1];
    this.#isEndInComment = stream.faults.some(
      (fault) => fault.kind === 'unclosed-comment' && fault.start === lastComment?.start,
    );
  }

  // -------------------------------------------------------------------------------------------- looking

  /** Start offset of the current token. */
  get start(): number {
    return this.#starts[this.index] ?? 0;
  }

  /** End offset of the current token. */
  get end(): number {
    return this.#ends[this.index] ?? 0;
  }

  /** End offset of the token before the current one: where something that is missing should have stood. */
  get previousEnd(): number {
    return this.index === 0 ? this.#start : (this.#ends[this.index - 1] ?? 0);
  }

  kindAt(distance: number): number {
    const index = this.index + distance;
    return index < this.#stream.count ? (this.#kinds[index] ?? Token.End) : Token.End;
  }

  textAt(distance: number): string {
    const index = this.index + distance;
    return this.text.slice(this.#starts[index] ?? 0, this.#ends[index] ?? 0);
  }

  /** True when no space stands between the token at the distance and the one after it. */
  isAdjacent(distance: number): boolean {
    const index = this.index + distance;
    return this.#ends[index] === this.#starts[index + 1];
  }

  /** True when the current token is the first of its line. */
  get isFirstOnLine(): boolean {
    return this.#startsLine[this.index] === 1;
  }

  isFirstOnLineAt(distance: number): boolean {
    return this.#startsLine[this.index + distance] === 1;
  }

  /**
   * True when the current token starts a line that is indented no deeper than the line before it: what an unfinished
   * statement on that line lacks can't be found here.
   */
  get startsNewStatementLine(): boolean {
    if (this.index === 0 || !this.isFirstOnLine) return false;
    const { text, start, previousEnd } = this;
    return start - lineStart(text, this.#start, start) <= indentationOf(text, this.#start, previousEnd);
  }

  /** The blanks at the start of the line of an offset. */
  indentationAt(offset: number): string {
    const start = lineStart(this.text, this.#start, offset);
    return this.text.slice(start, start + indentationOf(this.text, this.#start, offset));
  }

  /** Line of an offset, from 1. */
  lineOf(offset: number): number {
    this.#lineTable ??= new LineTable(this.text);
    return this.#lineTable.positionAt(offset).line;
  }

  /** True when the token at the distance reads as the word (given in upper case). */
  isWord(distance: number, word: string): boolean {
    const index = this.index + distance;
    const start = this.#starts[index] ?? 0;
    return (this.#ends[index] ?? 0) - start === word.length && this.textAt(distance).toUpperCase() === word;
  }

  /** True when the token at the distance can be a name. */
  isName(distance = 0): boolean {
    return isNameKind(this.kindAt(distance));
  }

  /** The condition of the compiler that stands before the current token and leaves open which statements run. */
  get undecidedCondition(): Span | null {
    if (this.#undecided.length === 0) return null;
    const { previousEnd, start } = this;
    return this.#undecided.find((one) => one.start >= previousEnd && one.start < start) ?? null;
  }

  /** End offset of the token at the distance, or of the last one. */
  endAt(distance: number): number {
    return this.#ends[Math.min(this.index + distance, this.#stream.count - 1)] ?? 0;
  }

  /**
   * True when a parse that starts at the current token goes on as this one would: nothing is open, no error was
   * reported here, and the token starts a line.
   */
  get isRestartPoint(): boolean {
    if (this.index === 0) return true;
    if (!this.isFirstOnLine || this.#lastErrorIndex === this.index) return false;
    if (this.depth !== 0 || this.parentheses !== 0) return false;
    for (const open of this.openBlocks.values()) if (open > 0) return false;
    return true;
  }

  // -------------------------------------------------------------------------------------------- moving

  advance(): void {
    if (this.kind === Token.End) return;
    this.index++;
    this.kind = this.#kinds[this.index] ?? Token.End;
  }

  /** Reads a token as one of another kind, for this parser and for `kindAt`. */
  readAs(kind: number, distance = 0): void {
    this.#kinds[this.index + distance] = kind;
    if (distance === 0) this.kind = kind;
  }

  /** Reports an error at the token at the distance that doesn't disturb the parse. */
  noteAt(distance: number, code: SyntaxCode, message: string): void {
    const index = this.index + distance;
    this.note(code, { start: this.#starts[index] ?? 0, end: this.#ends[index] ?? 0 }, message);
  }

  accept(kind: number): boolean {
    if (this.kind !== kind) return false;
    this.advance();
    return true;
  }

  /** Takes the token, or reports that it is missing after the previous one. A keyword may be misspelled. */
  expect(kind: number, code: SyntaxCode, expected: string): boolean {
    if (this.accept(kind)) return true;
    if (kind >= FIRST_KEYWORD && readAsKeyword(this, [kind])) return this.accept(kind);
    this.reportMissing(code, expected);
    return false;
  }

  // -------------------------------------------------------------------------------------------- nodes

  /** End of a node that starts at an offset and reaches to the previous token. */
  endFrom(start: number): number {
    return Math.max(this.previousEnd, start);
  }

  /** The text of the current token, shared between all places that use it. */
  #sharedText(start: number, end: number): string {
    const text = this.text.slice(start, end);
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    this.#names.set(text, text);
    return text;
  }

  /** Takes the current token as a name, whatever it is. */
  takeName(): Identifier {
    const kind = this.kind;
    const { start, end } = this;
    this.advance();
    switch (kind) {
      case Token.HashIdentifier: {
        const isQuoted = this.text.charCodeAt(start + 1) === 34;
        const name = isQuoted
          ? this.#sharedText(start + 2, closedEnd(this.text, start + 2, end, 34))
          : this.#sharedText(start + 1, end);
        return { kind: 'Identifier', start, end, name, quoting: 'hash' };
      }
      case Token.QuotedIdentifier:
        return {
          kind: 'Identifier',
          start,
          end,
          name: this.#sharedText(start + 1, closedEnd(this.text, start + 1, end, 34)),
          quoting: 'quotes',
        };
      case Token.BacktickIdentifier:
        return { kind: 'Identifier', start, end, name: this.#sharedText(start + 1, end - 1), quoting: 'backticks' };
      default:
        return { kind: 'Identifier', start, end, name: this.#sharedText(start, end), quoting: 'none' };
    }
  }

  /** A name, or an empty one with an error. `what` completes "Expected …". */
  expectName(what: string): Identifier {
    if (this.isName()) {
      this.#checkNameForm();
      return this.takeName();
    }
    if (this.#isKeywordMeantAsName()) return this.takeKeywordAsName(what);
    this.reportMissing('PW1003', what);
    return this.missingName();
  }

  /** An empty name with an error: what stands here is not the name. */
  expectNameBefore(what: string): Identifier {
    this.reportMissing('PW1003', what);
    return this.missingName();
  }

  /** A keyword in the place of a name, with an error. */
  takeKeywordAsName(what = 'a name'): Identifier {
    this.report('PW1008', this, `'${this.textAt(0)}' is a keyword and can't be ${what}. Choose another name.`);
    return this.takeName();
  }

  #isKeywordMeantAsName(): boolean {
    if (this.kind < FIRST_KEYWORD || this.kind === Token.TRUE || this.kind === Token.FALSE) return false;
    return !this.isFirstOnLine || followsName(this.kindAt(1));
  }

  /** True when the current token is a keyword that stands where only a name makes sense, as in `x := IF;`. */
  get isKeywordAsOperand(): boolean {
    return this.kind >= FIRST_KEYWORD && !this.isName() && followsOperand(this.kindAt(1));
  }

  #checkNameForm(): void {
    if (this.kind === Token.HashIdentifier) this.requireFeature('hash-names', this);
    else if (this.kind === Token.BacktickIdentifier) this.requireFeature('backtick-names', this);
  }

  missingName(): Identifier {
    const at = this.previousEnd;
    return { kind: 'Identifier', start: at, end: at, name: '', quoting: 'none' };
  }

  missingExpression(): ErrorExpression {
    const at = this.previousEnd;
    return { kind: 'ErrorExpression', start: at, end: at };
  }

  /** Pragmas that stand before the tokens of `[from, to]`. */
  pragmasBefore(from: number, to: number = from): readonly Pragma[] {
    const { pragmas, pragmaTokens } = this.#stream;
    if (pragmas.length === 0) return NO_PRAGMAS;
    let low = 0;
    let high = pragmas.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pragmaTokens[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    let last = low;
    while (last < pragmas.length && (pragmaTokens[last] ?? 0) <= to) last++;
    return last === low ? NO_PRAGMAS : pragmas.slice(low, last);
  }

  // -------------------------------------------------------------------------------------------- errors

  /** How many errors so far leave open what was meant: whoever declares something meanwhile may lack a part of it. */
  get losses(): number {
    return this.#losses;
  }

  /** Reports an error at a span, unless one was reported at this token already. */
  report(code: SyntaxCode, span: Span, message: string, fix?: TextFix): void {
    if (!HARMLESS_CODES.has(code)) this.#losses++;
    if (this.#lastErrorIndex === this.index) return;
    if (this.kind === Token.End && this.#isEndInComment) return;
    this.#lastErrorIndex = this.index;
    const { start, end } = span;
    this.#findings.errors.push({ code, start, end, message, ...(fix === undefined ? {} : { fix }) });
  }

  /** No error is reported at the current token: the caller has reported the cause before it. */
  silence(): void {
    this.#lastErrorIndex = this.index;
  }

  /** Reports an error that doesn't disturb the parse: the next error at this token is reported too. */
  note(code: SyntaxCode, span: Span, message: string): void {
    this.#findings.errors.push({ code, start: span.start, end: span.end, message });
  }

  /** "Expected X, found Y." A missing thing at the end of a line is reported there and not on the next line. */
  reportMissing(code: SyntaxCode, expected: string, fix?: TextFix): void {
    if (this.#unclosedEnds.has(this.previousEnd)) return;
    const found = this.describe();
    if (this.kind === Token.Unknown) {
      this.report('PW1009', this, `Unexpected character ${found}. Remove it.`);
      return;
    }
    const span = this.isFirstOnLine || this.kind === Token.End ? this.#lastCharacter() : this;
    this.report(code, span, `Expected ${expected}, found ${found}.`, fix);
  }

  /** A semicolon that is missing behind the previous token. */
  reportMissingSemicolon(message: string): void {
    if (this.#unclosedEnds.has(this.previousEnd)) return;
    const end = this.previousEnd;
    this.report('PW1005', this.#lastCharacter(), message, { start: end, end, text: ';' });
  }

  #lastCharacter(): Span {
    const end = this.previousEnd;
    return { start: Math.max(this.#start, end - 1), end };
  }

  /** The last character before the current token. */
  get afterPrevious(): Span {
    return this.#lastCharacter();
  }

  /** The current token in words. */
  describe(): string {
    if (this.kind === Token.End) return 'the end of the text';
    const text = this.textAt(0);
    return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
  }

  /** Notes that a part of the current POU is not in the tree: checks that need it must not guess. */
  noteUnsupported(language: string, span: Span): void {
    this.#findings.unsupported.push({ owner: this.owner, language, start: span.start, end: span.end });
  }

  requireFeature(feature: Feature, span: Span): void {
    if (this.dialect.features.has(feature)) return;
    const { start, end } = span;
    const written = this.text.slice(start, Math.min(end, start + 40)).split(/[\r\n]/, 1)[0] ?? '';
    this.note('PW1010', { start, end }, `'${written}' is not part of ${this.dialect.title}.`);
  }

  /** Notes that a stretch is free text (the name of a region, the title of a block): what the scanner disliked in it is right. */
  noteFreeText(start: number, end: number): void {
    this.#findings.freeText.push({ start, end });
  }

  #reportFault(fault: LexicalFault): void {
    const line = (): string => `line ${this.lineOf(fault.start)}`;
    switch (fault.kind) {
      case 'unclosed-comment':
        this.note('PW1001', fault, `The comment that starts in ${line()} is not closed. Add its end mark.`);
        return;
      case 'unclosed-string':
        this.note('PW1002', fault, `The string is not closed in ${line()}. Add its closing quote.`);
        return;
      case 'unclosed-pragma':
        this.note('PW1012', fault, `The pragma that starts in ${line()} is not closed. Add '}'.`);
    }
  }
}

/** End of the content of a quoted text: before the closing quote, if there is one. */
function closedEnd(text: string, contentStart: number, end: number, quote: number): number {
  return end > contentStart && text.charCodeAt(end - 1) === quote ? end - 1 : end;
}
