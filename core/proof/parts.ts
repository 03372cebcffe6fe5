/** Bits of words and elements of arrays that are kept as a whole. */

import { FALSE, not } from './circuit.js';
import type { Machine, Part, Place } from './machine.js';
import type { Choice, TermId, TermStore, Value } from './terms.js';
import { isBooleanType, rangeOfType } from './value-types.js';

const WIDTHS: Readonly<Record<'X' | 'B' | 'W' | 'D' | 'L', number>> = { X: 1, B: 8, W: 16, D: 32, L: 64 };

export function readPart(machine: Machine, place: Place, part: Part): Value {
  const { terms, environment } = machine;
  if (part.kind === 'element') {
    const oracle = terms.oracle(`element:${machine.aliasOf(place.path)}`, [
      ...part.indices,
      environment.read(versionOf(place.path)),
    ]);
    return isBooleanType(place.type) ? oracle.boolean('value') : oracle.choice('value', rangeOfType(place.type));
  }
  const word = terms.asChoice(environment.read(place.path));
  if (part.size === 'X') return terms.combineBoolean([word], ([term]) => bitOf(terms, term ?? 0, part.index));
  return terms.combine([word], ([term]) => terms.single(sliceOf(terms, term ?? 0, part)));
}

export function writePart(machine: Machine, place: Place, part: Part, value: Value): void {
  const { terms, environment } = machine;
  if (part.kind === 'element') {
    const version = versionOf(place.path);
    const next = terms
      .oracle(`store:${machine.aliasOf(place.path)}`, [...part.indices, environment.read(version), value])
      .choice('version');
    environment.write(version, next);
    return;
  }
  const word = terms.asChoice(environment.read(place.path));
  if (part.size === 'X') {
    const bit = terms.asLiteral(value);
    const withBit = (on: boolean): Choice =>
      terms.combine([word], ([term]) => terms.single(withBitOf(terms, term ?? 0, part.index, on)));
    environment.write(place.path, terms.ite(bit, withBit(true), withBit(false)));
    return;
  }
  environment.write(
    place.path,
    terms.combine([word, terms.asChoice(value)], ([term, slice]) =>
      terms.single(terms.apply(`with${part.size}${part.index}`, [term ?? 0, slice ?? 0])),
    ),
  );
}

/** One version counter for a whole array: any write may change any element. */
function versionOf(path: string): string {
  return `${path.slice(0, path.indexOf('[*]'))}.#VERSION`;
}

function bitOf(terms: TermStore, term: TermId, index: number): number {
  const value = terms.constantOf(term);
  if (typeof value === 'bigint') return (value >> BigInt(index)) & 1n ? not(FALSE) : FALSE;
  const content = terms.term(term);
  if (content.kind === 'apply') {
    const [first = 0] = content.operands;
    const setBit = /^bit(\d+):=([01])$/.exec(content.operator);
    if (setBit !== null)
      return Number(setBit[1]) === index ? (setBit[2] === '1' ? not(FALSE) : FALSE) : bitOf(terms, first, index);
    const operator = content.operator.split(':')[0];
    const bits = (): number[] => content.operands.map((operand) => bitOf(terms, operand, index));
    if (operator === 'AND') return terms.circuit.all(bits());
    if (operator === 'OR') return terms.circuit.any(bits());
    if (operator === 'XOR') return bits().reduce((a, b) => terms.circuit.xor(a, b), FALSE);
  }
  return terms.bit(term, String(index));
}

function withBitOf(terms: TermStore, term: TermId, index: number, on: boolean): TermId {
  const value = terms.constantOf(term);
  const mask = 1n << BigInt(index);
  if (typeof value === 'bigint') return terms.constant(on ? value | mask : value & ~mask);
  return terms.apply(`bit${index}:=${on ? 1 : 0}`, [term]);
}

function sliceOf(
  terms: TermStore,
  term: TermId,
  part: { readonly size: 'X' | 'B' | 'W' | 'D' | 'L'; readonly index: number },
): TermId {
  const width = BigInt(WIDTHS[part.size]);
  const value = terms.constantOf(term);
  if (typeof value === 'bigint') return terms.constant((value >> (BigInt(part.index) * width)) & ((1n << width) - 1n));
  return terms.apply(`slice${part.size}${part.index}`, [term]);
}
