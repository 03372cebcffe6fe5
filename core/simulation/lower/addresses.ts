/** Direct addresses as ranges of bits, to find those that overlap. */

interface BitRange {
  readonly address: string;
  readonly area: string;
  readonly from: number;
  readonly bits: number;
}

const BITS: Readonly<Record<string, number>> = { X: 1, B: 8, W: 16, D: 32, L: 64 };

function rangeOf(address: string, unit: 'size' | 'byte'): BitRange | null {
  const match = /^%([IQM])([XBWDL])(\d+)(?:\.(\d+))?$/.exec(address);
  if (match === null) return null;
  const [, area = '', size = '', first = '0', bit] = match;
  const bits = BITS[size] ?? 1;
  const index = Number(first);
  const from =
    size === 'X' ? (bit === undefined ? index : index * 8 + Number(bit)) : index * (unit === 'byte' ? 8 : bits);
  return { address, area, from, bits };
}

/** The first pair of different addresses that share a bit, or null. Hierarchical addresses are not compared. */
export function overlaps(addresses: readonly string[], unit: 'size' | 'byte'): readonly [string, string] | null {
  const ranges = addresses
    .map((address) => rangeOf(address, unit))
    .filter((each): each is BitRange => each !== null)
    .sort((a, b) => (a.area < b.area ? -1 : a.area > b.area ? 1 : a.from - b.from || b.bits - a.bits));
  for (let index = 1; index < ranges.length; index++) {
    const before = ranges[index - 1];
    const next = ranges[index];
    if (before === undefined || next === undefined) continue;
    if (before.area === next.area && before.from + before.bits > next.from) return [before.address, next.address];
  }
  return null;
}
