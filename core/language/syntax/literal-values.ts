/** Values of literals from their source text. A malformed literal gives a problem in plain words instead of a value. */

export type Decoded<T> = { readonly value: T } | { readonly problem: string };

const SMALL: readonly bigint[] = Array.from({ length: 1024 }, (_, index) => BigInt(index));

/** `12`, `1_000`, `16#FF`, with an optional sign. */
export function decodeInteger(text: string): Decoded<bigint> {
  const isNegative = text.startsWith('-');
  const unsigned = isNegative || text.startsWith('+') ? text.slice(1) : text;
  const hash = unsigned.indexOf('#');
  const base = hash < 0 ? 10 : Number(unsigned.slice(0, hash));
  if (base !== 2 && base !== 8 && base !== 10 && base !== 16) {
    return { problem: `'${text}' has the base ${unsigned.slice(0, hash)}; the bases are 2, 8, 10 and 16` };
  }
  const digits = unsigned.slice(hash + 1);
  if (digits.startsWith('_') || digits.endsWith('_') || digits.includes('__')) {
    return { problem: `'${text}' has an underscore that is not between two digits` };
  }
  const plain = digits.includes('_') ? digits.replaceAll('_', '') : digits;
  if (!DIGITS[base].test(plain)) return { problem: `'${text}' is not a number of base ${base}` };
  const value = base === 10 ? decimal(plain) : BigInt(RADIX_PREFIX[base] + plain);
  return { value: isNegative ? -value : value };
}

const DIGITS = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^[0-9]+$/, 16: /^[0-9a-f]+$/i } as const;
const RADIX_PREFIX = { 2: '0b', 8: '0o', 16: '0x' } as const;

function decimal(digits: string): bigint {
  if (digits.length <= 3) return SMALL[Number(digits)] ?? 0n;
  return BigInt(digits);
}

/** `1.5`, `1_000.0`, `2.5E-3`. */
export function decodeReal(text: string): Decoded<number> {
  if (!/^[+-]?\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?(?:e[+-]?\d+)?$/i.test(text)) {
    return { problem: `'${text}' is not a REAL literal; write digits, a point, digits, and an exponent as in 1.5E-3` };
  }
  return { value: Number(text.replaceAll('_', '')) };
}

const NANOSECONDS = new Map<string, bigint>([
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
]);
const UNIT_ORDER = [...NANOSECONDS.keys()];

/**
 * The part after `T#`: `1h30m`, `1.5s`, `-5ms`. In nanoseconds. Units in descending order; only the first one may hold
 * more than the next larger unit (`90m`), only the last one a fraction. IEC 61131-3 ed. 3, 6.3.4.
 */
export function decodeDuration(text: string): Decoded<bigint> {
  const isNegative = text.startsWith('-');
  const body = isNegative || text.startsWith('+') ? text.slice(1) : text;
  const part = /(\d[\d_]*)(\.\d[\d_]*)?_?([a-zA-Z]+)_?/y;
  let total = 0n;
  let lastUnit = -1;
  let lastFactor: bigint | null = null;
  let hadFraction = false;
  let at = 0;
  while (at < body.length) {
    part.lastIndex = at;
    const match = part.exec(body);
    if (match === null)
      return { problem: `'${text}' is not a duration; write numbers with units as in T#1h30m or T#1.5s` };
    const unit = (match[3] ?? '').toLowerCase();
    const order = UNIT_ORDER.indexOf(unit);
    const factor = NANOSECONDS.get(unit);
    if (factor === undefined) {
      return { problem: `'${match[3] ?? ''}' is not a unit of time; the units are d, h, m, s, ms, us and ns` };
    }
    if (order <= lastUnit) return { problem: `the units of '${text}' must go from large to small, each one once` };
    if (hadFraction) return { problem: `only the last unit of '${text}' may have a fraction` };
    lastUnit = order;
    const amount = BigInt((match[1] ?? '0').replaceAll('_', '')) * factor;
    if (lastFactor !== null && amount >= lastFactor)
      return {
        problem: `'${match[1]}${unit}' of '${text}' is more than the unit before it; only the first may be so large`,
      };
    lastFactor = factor;
    total += amount;
    if (match[2] !== undefined) {
      hadFraction = true;
      total += fraction(match[2].slice(1).replaceAll('_', ''), factor);
    }
    at = part.lastIndex;
  }
  if (lastUnit < 0) return { problem: `'${text}' is not a duration; write numbers with units as in T#1h30m or T#1.5s` };
  return { value: isNegative ? -total : total };
}

/** The digits after a point times a factor, rounded down. */
function fraction(digits: string, factor: bigint): bigint {
  return (BigInt(digits) * factor) / 10n ** BigInt(digits.length);
}

const DAY = 86_400_000_000_000n;

/** `2024-01-20`. In nanoseconds since 1970-01-01. */
export function decodeDate(text: string): Decoded<bigint> {
  const match = /^(\d{1,4})-(\d{1,2})-(\d{1,2})$/.exec(text.replaceAll('_', ''));
  if (match === null) return { problem: `'${text}' is not a date; write year, month and day as in D#2024-01-20` };
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12) return { problem: `'${text}' has the month ${month}` };
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || day < 1) return { problem: `'${text}' has no day ${day} in that month` };
  return { value: BigInt(date.getTime()) * 1_000_000n };
}

/** `14:30:20`, `14:30:20.25`. In nanoseconds since midnight. */
export function decodeTimeOfDay(text: string): Decoded<bigint> {
  const match = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?$/.exec(text.replaceAll('_', ''));
  if (match === null)
    return { problem: `'${text}' is not a time of day; write hours, minutes and seconds as in TOD#14:30:20` };
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? '0')];
  if (hours > 23 || minutes > 59 || seconds > 59) {
    return { problem: `'${text}' is not a time of day; it goes from 00:00:00 to 23:59:59` };
  }
  const whole = BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000_000n;
  return { value: whole + (match[4] === undefined ? 0n : fraction(match[4], 1_000_000_000n)) };
}

/** `2024-01-20-15:30:22`. In nanoseconds since 1970-01-01. */
export function decodeDateAndTime(text: string): Decoded<bigint> {
  const separator = text.lastIndexOf('-');
  const date = decodeDate(text.slice(0, Math.max(0, separator)));
  if ('problem' in date) return { problem: `'${text}' is not a date and time; write it as in DT#2024-01-20-15:30:22` };
  const time = decodeTimeOfDay(text.slice(separator + 1));
  if ('problem' in time) return time;
  return { value: date.value - (date.value % DAY) + time.value };
}

const ESCAPES = new Map<string, string>([
  ['$', '$'],
  ["'", "'"],
  ['"', '"'],
  ['l', '\n'],
  ['n', '\n'],
  ['p', '\f'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** The content of a string literal without its quotes. `hexDigits` is 2 for STRING and 4 for WSTRING. */
export function decodeString(content: string, hexDigits: 2 | 4): Decoded<string> {
  if (!content.includes('$')) return { value: content };
  let result = '';
  for (let at = 0; at < content.length; at++) {
    const character = content[at] ?? '';
    if (character !== '$') {
      result += character;
      continue;
    }
    const next = content[at + 1] ?? '';
    const escaped = ESCAPES.get(next.toLowerCase());
    if (escaped !== undefined) {
      result += escaped;
      at++;
      continue;
    }
    const hex = content.slice(at + 1, at + 1 + hexDigits);
    if (hex.length !== hexDigits || !/^[0-9a-f]+$/i.test(hex)) {
      return {
        problem: `'$${next}' is not an escape; use $$ $' $" $L $N $P $R $T or $ with ${hexDigits} hexadecimal digits`,
      };
    }
    result += String.fromCharCode(Number.parseInt(hex, 16));
    at += hexDigits;
  }
  return { value: result };
}
