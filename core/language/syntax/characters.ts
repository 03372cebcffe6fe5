/** Character classes of the scanner. */

export const CharacterClass = { Other: 0, Space: 1, LineBreak: 2, Letter: 3, Digit: 4 } as const;

const ASCII = buildTable();

function buildTable(): Uint8Array {
  const table = new Uint8Array(128);
  for (const code of [9, 11, 12, 32]) table[code] = CharacterClass.Space;
  table[10] = CharacterClass.LineBreak;
  table[13] = CharacterClass.LineBreak;
  for (let code = 48; code <= 57; code++) table[code] = CharacterClass.Digit;
  for (let code = 65; code <= 90; code++) {
    table[code] = CharacterClass.Letter;
    table[code + 32] = CharacterClass.Letter;
  }
  table[95] = CharacterClass.Letter;
  return table;
}

/** The class of a UTF-16 code; NaN (beyond the text) is `Other`. Letters of any script and surrogates count as letters. */
export function classOf(code: number): number {
  if (code < 128) return ASCII[code] ?? CharacterClass.Other;
  return code >= 128 ? classOfNonAscii(code) : CharacterClass.Other;
}

function classOfNonAscii(code: number): number {
  if (code === 0xa0 || code === 0xfeff || code === 0x3000 || code === 0x85) return CharacterClass.Space;
  if (code >= 0x2000 && code <= 0x200b) return CharacterClass.Space;
  if (code === 0x2028 || code === 0x2029) return CharacterClass.Space;
  if (code >= 0xd800 && code <= 0xdfff) return CharacterClass.Letter;
  return NON_ASCII_LETTER.test(String.fromCharCode(code)) ? CharacterClass.Letter : CharacterClass.Other;
}

const NON_ASCII_LETTER = /[\p{L}\p{M}\p{Nd}]/u;
