import { CharacterClass, classOf } from './characters.js';
import { LiteralPrefix } from './keyword-table.js';

/** Where words, numbers and pragmas end. `limit` is the end of the stretch that is scanned; nothing behind it is looked at. */

/** The UTF-16 code at an offset; NaN at the end of the stretch. */
export function codeAt(text: string, limit: number, offset: number): number {
  return offset < limit ? text.charCodeAt(offset) : Number.NaN;
}

export function skipWord(text: string, limit: number, from: number): number {
  let at = from;
  while (classOf(codeAt(text, limit, at)) >= CharacterClass.Letter) at++;
  return at;
}

/** End of a duration or date: letters, digits, and separators that are followed by a digit. */
export function temporalEnd(text: string, limit: number, from: number, prefix: number): number {
  let at = from;
  for (;;) {
    const code = codeAt(text, limit, at);
    if (classOf(code) >= CharacterClass.Letter) at++;
    else if (isTemporalSeparator(code, prefix) && classOf(codeAt(text, limit, at + 1)) === CharacterClass.Digit)
      at += 2;
    else return at;
  }
}

/** End of `12`, `1_000`, `16#FF`, `1.5`, `1.5E-3`, and of a malformed number that runs into letters. */
export function numberEnd(text: string, limit: number, from: number): number {
  let at = skipDigits(text, limit, from);
  if (codeAt(text, limit, at) === 35 /* # */) return skipWord(text, limit, at + 1);
  if (codeAt(text, limit, at) === 46 /* . */) {
    const next = codeAt(text, limit, at + 1);
    if (classOf(next) === CharacterClass.Digit) at = skipDigits(text, limit, at + 1);
    else if (next !== 46 && classOf(next) !== CharacterClass.Letter && next !== 37) return at + 1;
  }
  const code = codeAt(text, limit, at);
  if (code === 69 || code === 101) {
    const sign = codeAt(text, limit, at + 1);
    const digits = sign === 43 || sign === 45 ? at + 2 : at + 1;
    if (classOf(codeAt(text, limit, digits)) === CharacterClass.Digit) at = skipDigits(text, limit, digits);
  }
  return skipWord(text, limit, at);
}

function skipDigits(text: string, limit: number, from: number): number {
  let at = from;
  for (;;) {
    const code = codeAt(text, limit, at);
    if ((code >= 48 && code <= 57) || code === 95) at++;
    else return at;
  }
}

export function isReal(text: string, start: number, end: number): boolean {
  let hasExponent = false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 35) return false;
    if (code === 46) return true;
    if (code === 69 || code === 101) hasExponent = true;
  }
  return hasExponent;
}

/** End of `{ … }`. Braces in quotes don't count; a quote that its line doesn't close is an apostrophe. */
export function pragmaEnd(text: string, limit: number, start: number): number {
  for (let at = start + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 125) return at + 1;
    if (code === 39 || code === 34) {
      let closing = at + 1;
      while (closing < limit && !endsQuote(text.charCodeAt(closing), code)) closing++;
      if (codeAt(text, limit, closing) === code) at = closing;
    }
  }
  return -1;
}

function endsQuote(code: number, quote: number): boolean {
  return code === quote || code === 10 || code === 13;
}

function isTemporalSeparator(code: number, prefix: number): boolean {
  if (code === 46) return prefix !== LiteralPrefix.Date;
  if (code === 45) return prefix === LiteralPrefix.Date || prefix === LiteralPrefix.DateAndTime;
  return code === 58 && (prefix === LiteralPrefix.TimeOfDay || prefix === LiteralPrefix.DateAndTime);
}

/** Where something in quotes or comment marks ends. What isn't closed ends where the scanner goes on. */
export interface QuotedEnd {
  readonly end: number;
  readonly isClosed: boolean;
}

/** End of a string whose quote stands at an offset: `$` escapes the next character; the line ends it in any case. */
export function stringEnd(text: string, limit: number, quoteAt: number): QuotedEnd {
  const quote = text.charCodeAt(quoteAt);
  let at = quoteAt + 1;
  for (;;) {
    const code = codeAt(text, limit, at);
    if (code === quote) return { end: at + 1, isClosed: true };
    if (isLineBreak(code) || Number.isNaN(code)) return { end: at, isClosed: false };
    at += code === 36 /* $ */ && at + 1 < limit && !isLineBreak(text.charCodeAt(at + 1)) ? 2 : 1;
  }
}

/** End of `"name"`, which has no escapes. */
export function quotedNameEnd(text: string, limit: number, quoteAt: number): QuotedEnd {
  for (let at = quoteAt + 1; ; at++) {
    const code = codeAt(text, limit, at);
    if (code === 34) return { end: at + 1, isClosed: true };
    if (isLineBreak(code) || Number.isNaN(code)) return { end: at, isClosed: false };
  }
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

export function lineEnd(text: string, limit: number, from: number): number {
  let at = from;
  while (at < limit && !isLineBreak(text.charCodeAt(at))) at++;
  return at;
}

/** End of `%IX0.0`, `%MW1.2.3`, `%DB1.DBX0.0`, whose letters end at `afterLetters`. */
export function addressEnd(text: string, limit: number, start: number, afterLetters: number): number {
  const isDataBlock = /^%db/i.test(text.slice(start, start + 3));
  let at = afterLetters;
  for (;;) {
    const next = classOf(codeAt(text, limit, at + 1));
    const isPart = next === CharacterClass.Digit || (isDataBlock && next === CharacterClass.Letter);
    if (codeAt(text, limit, at) !== 46 || !isPart) return at;
    at = skipWord(text, limit, at + 1);
  }
}

/**
 * End of a block comment; `closing` is the second character of its end mark. One that is open at the end of the file
 * ends at its first end mark, so that the code below stays visible.
 */
export function blockCommentEnd(
  text: string,
  limit: number,
  start: number,
  closing: number,
  isNesting: boolean,
): QuotedEnd {
  const opening = closing === 41 ? 40 : 47;
  let depth = 1;
  let firstEnd = -1;
  for (let at = start + 2; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 42 && codeAt(text, limit, at + 1) === closing) {
      at++;
      if (firstEnd < 0) firstEnd = at + 1;
      depth--;
      if (depth === 0 || !isNesting) return { end: at + 1, isClosed: true };
    } else if (isNesting && code === opening && codeAt(text, limit, at + 1) === 42) {
      at++;
      depth++;
    }
  }
  return { end: firstEnd < 0 ? limit : firstEnd, isClosed: false };
}
