/** Text and parts of durations and dates. All values are nanoseconds: since midnight, or since 1970-01-01. */

export const NS_PER_DAY = 86_400_000_000_000n;

const UNITS: readonly (readonly [string, bigint])[] = [
  ['d', NS_PER_DAY],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
];

/** `1s500ms`, `0s`, `-2h`: largest units first, zero parts left out. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  let rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  let text = nanoseconds < 0n ? '-' : '';
  for (const [unit, size] of UNITS) {
    if (rest >= size) {
      text += `${rest / size}${unit}`;
      rest %= size;
    }
  }
  return text;
}

/** Nanoseconds of `1s500ms`, `T#100ms`, `LTIME#1.5s`, `-2h`; null when the text is no duration. */
export function parseDuration(text: string): bigint | null {
  const match = /^(?:(?:l?time|lt|t)#)?(-?)((?:\d[\d_]*(?:\.\d+)?(?:d|h|ms|m|s|us|ns)_?)+)$/i.exec(text.trim());
  if (match === null) return null;
  let total = 0n;
  for (const part of (match[2] ?? '').matchAll(/(\d[\d_]*)(?:\.(\d+))?(ms|us|ns|d|h|m|s)/gi)) {
    const size = UNITS.find(([unit]) => unit === (part[3] ?? '').toLowerCase())?.[1] ?? 0n;
    total += BigInt((part[1] ?? '0').replaceAll('_', '')) * size;
    const fraction = part[2] ?? '';
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return match[1] === '-' ? -total : total;
}

/** Floor division: dates before 1970 fall into the day in which they are. */
export function floorTo(value: bigint, size: bigint): bigint {
  const rest = value % size;
  return value - (rest < 0n ? rest + size : rest);
}

const pad = (value: bigint | number, width: number): string => String(value).padStart(width, '0');

/** `1970-01-01`. */
export function formatDate(nanoseconds: bigint): string {
  const days = floorTo(nanoseconds, NS_PER_DAY) / NS_PER_DAY;
  const date = new Date(Number(days) * 86_400_000);
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
}

/** `13:05:00` or `13:05:00.25`. */
export function formatTimeOfDay(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n;
  const fraction = pad(nanoseconds % 1_000_000_000n, 9).replace(/0+$/, '');
  const clock = `${pad(seconds / 3600n, 2)}:${pad((seconds / 60n) % 60n, 2)}:${pad(seconds % 60n, 2)}`;
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

/** `1970-01-01-13:05:00`. */
export function formatDateAndTime(nanoseconds: bigint): string {
  const midnight = floorTo(nanoseconds, NS_PER_DAY);
  return `${formatDate(midnight)}-${formatTimeOfDay(nanoseconds - midnight)}`;
}

/** Nanoseconds since 1970-01-01 of a calendar date and time of day. */
export function dateFromParts(year: number, month: number, day: number): bigint {
  return BigInt(Date.UTC(year, month - 1, day)) * 1_000_000n;
}

/** 0 is Sunday, as IEC 61131-3 says for DAY_OF_WEEK. */
export function dayOfWeek(nanoseconds: bigint): number {
  return new Date(Number(floorTo(nanoseconds, NS_PER_DAY) / 1_000_000n)).getUTCDay();
}

/** Parses `1970-01-01`, `D#1970-01-01`, also with a time `1970-01-01-13:05:00`; null when it is neither. */
export function parseDate(text: string): bigint | null {
  const match = /^(?:[a-z_]+#)?(\d{4})-(\d{1,2})-(\d{1,2})(?:-(.+))?$/i.exec(text.trim());
  if (match === null) return null;
  const midnight = dateFromParts(Number(match[1]), Number(match[2]), Number(match[3]));
  if (match[4] === undefined) return midnight;
  const time = parseTimeOfDay(match[4]);
  return time === null ? null : midnight + time;
}

/** Parses `13:05:00.25`, also with a `TOD#` prefix. */
export function parseTimeOfDay(text: string): bigint | null {
  const match = /^(?:[a-z_]+#)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/i.exec(text.trim());
  if (match === null) return null;
  const seconds = BigInt(match[1] ?? 0) * 3600n + BigInt(match[2] ?? 0) * 60n + BigInt(match[3] ?? 0);
  return seconds * 1_000_000_000n + BigInt((match[4] ?? '').padEnd(9, '0'));
}
