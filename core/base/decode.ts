/**
 * Bytes to text and back. The text never holds the byte order mark, so that offsets in it are those of the editor;
 * `encodeText` writes it again: decoding and encoding an unchanged file gives the same bytes.
 */

/** How a file stores its text; `-bom` forms start with a byte order mark. */
export type TextEncodingName =
  | 'utf-8'
  | 'utf-8-bom'
  | 'utf-16le'
  | 'utf-16le-bom'
  | 'utf-16be'
  | 'utf-16be-bom'
  | 'windows-1252';

/** What is wrong with the bytes at a place of the decoded text. */
export interface DecodeProblem {
  /** UTF-16 offset into the decoded text. */
  readonly offset: number;
  readonly message: string;
}

export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncodingName;
  readonly problems: readonly DecodeProblem[];
}

/**
 * Finds the encoding and decodes. A byte order mark decides; else NUL bytes at every second place mean UTF-16, valid
 * UTF-8 is UTF-8, and everything else is Windows-1252, which knows every byte.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = detectEncoding(bytes);
  const { text, hasStrayByte } = decodeAs(bytes, encoding);
  const problems = problemsOf(text);
  if (hasStrayByte) {
    problems.push({
      offset: text.length,
      message: 'The file is UTF-16 but ends in the middle of a character. Save it again.',
    });
  }
  return { text, encoding, problems };
}

/** What is wrong with a text however it was stored: NUL characters. */
export function problemsOf(text: string): DecodeProblem[] {
  const firstNul = text.indexOf('\0');
  if (firstNul < 0) return [];
  const message =
    'The file has NUL characters here; it may be damaged or no text. Restore it or save it again as UTF-8 text.';
  return [{ offset: firstNul, message }];
}

function detectEncoding(bytes: Uint8Array): TextEncodingName {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return isValidUtf8(bytes) ? 'utf-8-bom' : 'windows-1252';
  }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le-bom';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be-bom';
  const wide = detectUtf16(bytes);
  if (wide !== null) return wide;
  return isValidUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** UTF-16 without a mark: in the first bytes nearly every high byte is NUL and nearly no low byte is. */
function detectUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const pairs = Math.min(bytes.length >> 1, 512);
  if (pairs < 2) return null;
  let evenNuls = 0;
  let oddNuls = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (bytes[pair * 2] === 0) evenNuls++;
    if (bytes[pair * 2 + 1] === 0) oddNuls++;
  }
  if (oddNuls * 10 >= pairs * 7 && evenNuls * 10 <= pairs) return 'utf-16le';
  if (evenNuls * 10 >= pairs * 7 && oddNuls * 10 <= pairs) return 'utf-16be';
  return null;
}

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function decodeAs(bytes: Uint8Array, encoding: TextEncodingName): { text: string; hasStrayByte: boolean } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (encoding) {
    case 'utf-8':
      return { text: buffer.toString('utf8'), hasStrayByte: false };
    case 'utf-8-bom':
      return { text: buffer.toString('utf8', 3), hasStrayByte: false };
    case 'utf-16le':
    case 'utf-16be':
    case 'utf-16le-bom':
    case 'utf-16be-bom': {
      const content = encoding.endsWith('-bom') ? buffer.subarray(2) : buffer;
      const even = content.subarray(0, content.length & ~1);
      const text = (encoding.startsWith('utf-16be') ? Buffer.from(even).swap16() : even).toString('utf16le');
      return { text, hasStrayByte: content.length % 2 === 1 };
    }
    case 'windows-1252':
      return { text: decodeWindows1252(bytes), hasStrayByte: false };
  }
}

/** The characters of the bytes 0x80 to 0x9F; the five unused ones map to themselves, so that every byte survives. */
const WINDOWS_1252_HIGH =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

function decodeWindows1252(bytes: Uint8Array): string {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin.replace(/[\u0080-\u009f]/g, (character) => WINDOWS_1252_HIGH.charAt(character.charCodeAt(0) - 0x80));
}

/** The bytes of a text; null when it has a character that the encoding lacks (then nothing may be written). */
export function encodeText(text: string, encoding: TextEncodingName): Uint8Array | null {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'utf-8-bom':
      return Buffer.from(`\ufeff${text}`, 'utf8');
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16le-bom':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'utf-16be-bom':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'windows-1252':
      return encodeWindows1252(text);
  }
}

function encodeWindows1252(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) bytes[offset] = code;
    else {
      const high = WINDOWS_1252_HIGH.indexOf(text.charAt(offset));
      if (high < 0) return null;
      bytes[offset] = 0x80 + high;
    }
  }
  return bytes;
}
