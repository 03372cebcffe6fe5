/**
 * A location: one piece of memory of the running program, as upper-case text. `MAIN.GUARD1.OK` is the member `ok` of
 * the instance `guard1` of the program `Main`; `GVL.VALVES[3]` one element; `[*]` stands for an index that is not
 * known; `%QX0.3` is a direct address. The text up to a `.` or `[` names the enclosing location.
 */

export type Location = string;

const SEGMENT_START = /[.[]/g;

/** The location itself and everything that encloses it, outermost first: `A`, `A.B`, `A.B[3]`. */
export function enclosingLocations(location: Location): Location[] {
  if (location.startsWith('%')) return [location];
  const chain: Location[] = [];
  for (const match of location.matchAll(SEGMENT_START)) if (match.index > 0) chain.push(location.slice(0, match.index));
  chain.push(location);
  return chain;
}

/** The text with every index replaced by `[*]`: locations that may overlap have overlapping shapes. */
export function shapeOf(location: Location): string {
  return location.includes('[') ? location.replace(/\[[^\]]*\]/g, '[*]') : location;
}

/** True when writing one may change the other: equal, one inside the other, or array elements that may coincide. */
export function mayOverlap(a: Location, b: Location): boolean {
  if (a === b) return true;
  if (!a.includes('[') && !b.includes('[')) return isWithin(a, b) || isWithin(b, a);
  const left = splitLocation(a);
  const right = splitLocation(b);
  const common = Math.min(left.length, right.length);
  for (let position = 0; position < common; position++) {
    if (!segmentsMeet(left[position] ?? '', right[position] ?? '')) return false;
  }
  return true;
}

/** True when `inner` is `outer` or lies inside of it. Indices compare literally. */
export function isWithin(inner: Location, outer: Location): boolean {
  if (!inner.startsWith(outer)) return false;
  if (inner.length === outer.length) return true;
  const next = inner.charAt(outer.length);
  return next === '.' || next === '[';
}

/** True when the location contains an index that is not known. */
export function isUncertain(location: Location): boolean {
  return location.includes('[*');
}

function splitLocation(location: Location): string[] {
  return location.split(/\.|(?=\[)/);
}

function segmentsMeet(a: string, b: string): boolean {
  if (a === b) return true;
  if (!a.startsWith('[') || !b.startsWith('[')) return false;
  const left = a.slice(1, -1).split(',');
  const right = b.slice(1, -1).split(',');
  return left.every((part, position) => part === '*' || right[position] === '*' || part === right[position]);
}

/** A stretch of the process image: area `I`, `Q` or `M`, bits `from` (inclusive) to `to` (exclusive). */
export interface AddressRange {
  readonly area: string;
  readonly from: number;
  readonly to: number;
}

const BITS_BY_SIZE: Readonly<Record<string, number>> = { X: 1, B: 8, W: 16, D: 32, L: 64 };

/**
 * Reads `%IX0.0`, `%QW4`, `%MD8`, `%I0.0`. `bitsOfType` is used for a byte-addressed variable that is wider than the
 * address says. Null for addresses left open (`%I*`) and for hierarchical ones of unknown meaning.
 */
export function addressRange(text: string, wordIndexed: 'word' | 'byte'): AddressRange | null {
  const match = /^%([IQM])([XBWDL]?)(\d+)(?:\.(\d+))?$/i.exec(text.trim());
  if (match === null) return null;
  const area = (match[1] ?? '').toUpperCase();
  const size = (match[2] ?? '').toUpperCase() || (match[4] === undefined ? 'X' : 'X');
  const index = Number(match[3]);
  const bits = BITS_BY_SIZE[size] ?? 1;
  if (size === 'X') {
    const from = index * 8 + Number(match[4] ?? 0);
    return { area, from, to: from + 1 };
  }
  const unit = wordIndexed === 'word' ? bits : 8;
  return { area, from: index * unit, to: index * unit + bits };
}

/** The area letter of a direct address, also of an open one such as `%I*`; null when it is none. */
export function addressArea(text: string): 'I' | 'Q' | 'M' | null {
  const match = /^%([IQM])/i.exec(text.trim());
  const area = match?.[1]?.toUpperCase();
  return area === 'I' || area === 'Q' || area === 'M' ? area : null;
}

export function addressRangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return a.area === b.area && a.from < b.to && b.from < a.to;
}
