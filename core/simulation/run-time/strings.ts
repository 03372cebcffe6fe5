/** String functions of IEC 61131-3 table 29. Positions count from 1; out-of-range lengths and positions are clipped. */

export function left(text: string, length: number): string {
  return text.slice(0, Math.max(0, length));
}

export function right(text: string, length: number): string {
  return length <= 0 ? '' : text.slice(-length);
}

/** `length` characters from position `position`. */
export function mid(text: string, length: number, position: number): string {
  const from = Math.max(1, position);
  return text.slice(from - 1, from - 1 + Math.max(0, length));
}

/** Inserts after position `position`; 0 inserts at the beginning. */
export function insert(text: string, inserted: string, position: number): string {
  const after = Math.max(0, Math.min(position, text.length));
  return text.slice(0, after) + inserted + text.slice(after);
}

export function remove(text: string, length: number, position: number): string {
  if (position < 1 || length <= 0) return text;
  return text.slice(0, position - 1) + text.slice(position - 1 + length);
}

export function replace(text: string, replacement: string, length: number, position: number): string {
  if (position < 1) return text;
  return text.slice(0, position - 1) + replacement + text.slice(position - 1 + Math.max(0, length));
}

/** Position of the first occurrence, 0 when there is none. */
export function find(text: string, searched: string): number {
  return searched === '' ? 0 : text.indexOf(searched) + 1;
}

/** `1.5`, `2.0`, `1e+30`: shortest text that reads back as the same value of its width. */
export function formatReal(value: number, isSingle: boolean): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  let text = String(value);
  if (isSingle) {
    for (let digits = 1; digits <= 9; digits++) {
      const candidate = Number(value.toPrecision(digits));
      if (Math.fround(candidate) === value) {
        text = String(candidate);
        break;
      }
    }
  }
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** The number at the start of a text, 0 when there is none: what controllers do with STRING_TO_*. */
export function parseReal(text: string): number {
  const value = Number.parseFloat(text.trim().replaceAll('_', ''));
  return Number.isNaN(value) ? 0 : value;
}

/** Reads `42`, `-7`, `16#FF`, `2#1010`; 0 when there is no number. */
export function parseInteger(text: string): bigint {
  const match = /^\s*([+-]?)(?:(2|8|16)#)?([0-9A-F_]+)/i.exec(text);
  if (match === null) return 0n;
  const base = match[2] ?? '10';
  const alphabet = { '2': /^[01]+/, '8': /^[0-7]+/, '10': /^\d+/, '16': /^[0-9A-F]+/i }[base] ?? /^\d+/;
  const digits = alphabet.exec((match[3] ?? '').replaceAll('_', ''))?.[0] ?? '0';
  const prefix = { '2': '0b', '8': '0o', '10': '', '16': '0x' }[base] ?? '';
  const value = BigInt(prefix + digits);
  return match[1] === '-' ? -value : value;
}
