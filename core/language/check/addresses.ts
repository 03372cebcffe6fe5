/** Located variables: sizes that do not fit their address, and addresses that overlap. IEC 61131-3 ed. 3, 6.5.5. */

import { carrierOf, traitsOf } from '../semantics/elementary-types.js';
import type { ProjectIndex } from '../semantics/project-index.js';
import type { VariableSymbol } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';

const WIDTHS: Readonly<Record<string, number>> = { X: 1, B: 8, W: 16, D: 32, L: 64 };

interface Address {
  readonly area: string;
  readonly width: number;
  /** Hierarchical numbers; for bits the last one is the bit. */
  readonly numbers: readonly number[];
}

interface BitRange {
  readonly start: number;
  readonly end: number;
}

interface Located {
  readonly symbol: VariableSymbol;
  readonly address: Address;
}

export function checkAddresses(index: ProjectIndex): void {
  const byArea = new Map<string, Located[]>();
  for (const { symbol } of index.pendingVariables) {
    const text = symbol.location?.text;
    if (text !== undefined) checkForm(index, symbol, text);
    const address = text === undefined ? null : parseAddress(text);
    if (address === null) continue;
    checkSize(index, symbol, address);
    const list = byArea.get(address.area);
    if (list === undefined) byArea.set(address.area, [{ symbol, address }]);
    else list.push({ symbol, address });
  }
  for (const located of byArea.values()) reportOverlaps(index, located);
}

/** What the standard and the CODESYS family read; the addresses of Siemens and Logix have more forms. */
const ADDRESS_FORM = /^%[IQM](\*|[XBWDL]\*|[XBWDL]?\d+(\.\d+)*)$/i;

function checkForm(index: ProjectIndex, symbol: VariableSymbol, text: string): void {
  if (!index.rules.hasStandardAddresses || ADDRESS_FORM.test(text) || symbol.location === null || symbol.site === null)
    return;
  index.reports.add(
    'PW2049',
    symbol.site.file,
    symbol.location,
    `"${text}" is no address. Write %I, %Q or %M, a size (X, B, W, D, L) and a number, for example %IX0.0.`,
  );
}

/** Null for `%I*` and for addresses with more than two levels, which name modules and not bits of one image. */
function parseAddress(text: string): Address | null {
  const parts = /^%([IQM])([XBWDL]?)(\d+(?:\.\d+)*)$/i.exec(text);
  if (parts === null) return null;
  const numbers = (parts[3] ?? '').split('.').map(Number);
  const width = WIDTHS[(parts[2] ?? '').toUpperCase()] ?? 1;
  if (numbers.length > (width === 1 ? 2 : 1)) return null;
  return { area: (parts[1] ?? '').toUpperCase(), width, numbers };
}

function checkSize(index: ProjectIndex, symbol: VariableSymbol, address: Address): void {
  const carrier = carrierOf(symbol.type);
  if (carrier === null || symbol.site === null || symbol.location === null) return;
  const { bits } = traitsOf(carrier);
  if (bits === 0 || bits === address.width) return;
  index.reports.add(
    'PW2036',
    symbol.site.file,
    symbol.location,
    `${symbol.location.text} has ${address.width} bit(s), and ${describeType(symbol.type)} needs ${bits}. Use the size letter that fits.`,
  );
}

/** Bits that an address covers when its number counts bytes, or elements of its size. */
function bitsOf({ width, numbers }: Address, unit: 'byte' | 'element'): BitRange {
  const [first = 0, bit = 0] = numbers;
  if (width === 1) return numbers.length === 2 ? range(first * 8 + bit, 1) : range(first, 1);
  return range(first * (unit === 'byte' ? 8 : width), width);
}

function range(start: number, width: number): BitRange {
  return { start, end: start + width };
}

function overlap(a: BitRange, b: BitRange): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Where the dialect leaves open what the number counts, an overlap must hold in both readings. */
function reportOverlaps(index: ProjectIndex, located: readonly Located[]): void {
  const { addressUnit } = index.rules;
  const unit = addressUnit === 'element' ? 'element' : 'byte';
  const sorted = [...located].sort((a, b) => bitsOf(a.address, unit).start - bitsOf(b.address, unit).start);
  let widest: Located | null = null;
  for (const one of sorted) {
    if (widest !== null && collide(widest.address, one.address, addressUnit))
      reportOverlap(index, widest.symbol, one.symbol);
    if (widest === null || bitsOf(one.address, unit).end > bitsOf(widest.address, unit).end) widest = one;
  }
}

function collide(a: Address, b: Address, addressUnit: 'byte' | 'element' | 'either'): boolean {
  const units = addressUnit === 'either' ? (['byte', 'element'] as const) : [addressUnit];
  return units.every((unit) => overlap(bitsOf(a, unit), bitsOf(b, unit)));
}

function reportOverlap(index: ProjectIndex, first: VariableSymbol, second: VariableSymbol): void {
  const { site, location } = second;
  if (site === null || location === null || first.site === null) return;
  index.reports.add(
    'PW2035',
    site.file,
    location,
    `${location.text} of "${second.qualifiedName}" overlaps with ${first.location?.text} of "${first.qualifiedName}". Writing one changes the other.`,
    [{ file: first.site.file, span: first.site.identifier, message: 'the other variable' }],
  );
}
