import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { type Keyword, Token } from './token.js';

/**
 * Maps words to small numbers without taking the word out of the text: the scanner hashes the letters while it walks
 * over them, and the table compares the candidate letter by letter, ignoring case.
 */
export class WordTable {
  readonly #words: readonly string[];
  readonly #values: readonly number[];
  readonly #slots: Int16Array;
  readonly #mask: number;

  /** `entries`: upper-case words and their values, which must not be 0. */
  constructor(entries: ReadonlyMap<string, number>) {
    this.#words = [...entries.keys()];
    this.#values = [...entries.values()];
    let size = 64;
    while (size < this.#words.length * 4) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int16Array(size).fill(-1);
    this.#words.forEach((word, index) => {
      let slot = hashOf(word) & this.#mask;
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = index;
    });
  }

  /** The value of the word at `[start, end)` whose letters hash to `hash`; 0 when the table doesn't have it. */
  find(text: string, start: number, end: number, hash: number): number {
    let slot = hash & this.#mask;
    for (;;) {
      const index = this.#slots[slot] ?? -1;
      if (index < 0) return 0;
      const word = this.#words[index] ?? '';
      if (word.length === end - start && equalsIgnoringCase(text, start, word)) return this.#values[index] ?? 0;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** Adds one UTF-16 code to a hash that ignores the case of ASCII letters. */
export function addToHash(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code & 0xdf)) | 0;
}

function hashOf(word: string): number {
  let hash = 0;
  for (let index = 0; index < word.length; index++) hash = addToHash(hash, word.charCodeAt(index));
  return hash;
}

function equalsIgnoringCase(text: string, start: number, upperCaseWord: string): boolean {
  for (let index = 0; index < upperCaseWord.length; index++) {
    const code = text.charCodeAt(start + index);
    const upper = code >= 97 && code <= 122 ? code - 32 : code;
    if (upper !== upperCaseWord.charCodeAt(index)) return false;
  }
  return true;
}

const TEST_WORDS: readonly Keyword[] = [
  'SETUP',
  'END_SETUP',
  'TEARDOWN',
  'END_TEARDOWN',
  'TEST',
  'END_TEST',
  'MOCK',
  'MOCK_FUNCTION',
];

/** `test`: the words of `*_test.st` files are keywords too. */
export type SourceKind = 'program' | 'test';

function keywordTable(dialect: DialectId, source: SourceKind): WordTable {
  const words = source === 'test' ? [...dialectOf(dialect).keywords, ...TEST_WORDS] : dialectOf(dialect).keywords;
  return new WordTable(new Map(words.map((word) => [word, Token[word]])));
}

const KEYWORD_TABLES: Readonly<Record<SourceKind, Readonly<Record<DialectId, WordTable>>>> = {
  program: tablesFor('program'),
  test: tablesFor('test'),
};

function tablesFor(source: SourceKind): Record<DialectId, WordTable> {
  return {
    iec: keywordTable('iec', source),
    codesys: keywordTable('codesys', source),
    twincat: keywordTable('twincat', source),
    siemens: keywordTable('siemens', source),
    rockwell: keywordTable('rockwell', source),
  };
}

/** The keywords of a dialect. */
export function keywordsFor(dialect: DialectId, source: SourceKind): WordTable {
  return KEYWORD_TABLES[source][dialect];
}

/** What stands after `prefix#`. */
export const LiteralPrefix = {
  Number: 1,
  Boolean: 2,
  Time: 3,
  Date: 4,
  TimeOfDay: 5,
  DateAndTime: 6,
  Text: 7,
} as const;

/** Prefixes of typed literals over all dialects: a name before `#` that isn't here is the name of a type or enum. */
export const LITERAL_PREFIXES = new WordTable(
  new Map<string, number>([
    ...[
      'SINT',
      'INT',
      'DINT',
      'LINT',
      'USINT',
      'UINT',
      'UDINT',
      'ULINT',
      'BYTE',
      'WORD',
      'DWORD',
      'LWORD',
      'REAL',
      'LREAL',
      'B',
      'W',
      'DW',
      'L',
      'C',
      '__XWORD',
      '__UXINT',
      '__XINT',
    ].map((word): [string, number] => [word, LiteralPrefix.Number]),
    ...['BOOL', 'SAFEBOOL'].map((word): [string, number] => [word, LiteralPrefix.Boolean]),
    ...['T', 'TIME', 'LT', 'LTIME', 'S5T', 'S5TIME'].map((word): [string, number] => [word, LiteralPrefix.Time]),
    ...['D', 'DATE', 'LD', 'LDATE'].map((word): [string, number] => [word, LiteralPrefix.Date]),
    ...['TOD', 'TIME_OF_DAY', 'LTOD', 'LTIME_OF_DAY'].map((word): [string, number] => [word, LiteralPrefix.TimeOfDay]),
    ...['DT', 'DATE_AND_TIME', 'LDT', 'LDATE_AND_TIME', 'DTL'].map((word): [string, number] => [
      word,
      LiteralPrefix.DateAndTime,
    ]),
    ...['STRING', 'WSTRING', 'CHAR', 'WCHAR'].map((word): [string, number] => [word, LiteralPrefix.Text]),
  ]),
);
