/**
 * Values for the numbers of a counterexample. The prover only knows how comparisons come out; here a value is looked
 * for that makes them come out so, among the constants that the comparisons mention and their neighbours.
 */

import type { IntegerRange, Meaning, TermConstant, TermId, TermStore } from './terms.js';

/** Combinations of candidate values that are tried for the numbers of one scan. */
const TRY_LIMIT = 20_000;
const CANDIDATE_LIMIT = 60;

export interface FittingNumbers {
  /** By the name of the symbol, sorted. */
  readonly values: readonly (readonly [string, TermConstant])[];
  /** Whether every comparison could be evaluated and comes out as in the assignment. */
  readonly isExact: boolean;
}

interface Comparison {
  readonly meaning: Exclude<Meaning, { kind: 'variable' }>;
  readonly value: boolean;
  readonly symbols: readonly string[];
}

/** @param isInput whether a symbol is a number from outside, which a simulation can be given */
export function fittingNumbers(
  terms: TermStore,
  assignment: ReadonlyMap<number, boolean>,
  isInput: (symbol: string) => boolean,
): FittingNumbers {
  const comparisons: Comparison[] = [];
  let isExact = true;
  for (const [node, value] of assignment) {
    const meaning = terms.meaningOf(node);
    if (meaning === null || meaning.kind === 'variable') continue;
    const symbols = symbolsOf(terms, meaning);
    if (symbols === null || !symbols.every(isInput)) isExact = false;
    else comparisons.push({ meaning, value, symbols });
  }
  const values = new Map<string, TermConstant>();
  for (const group of groupsOf(comparisons)) {
    const found = search(terms, group);
    if (found === null) isExact = false;
    else for (const [name, value] of found) values.set(name, value);
  }
  return { values: [...values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)), isExact };
}

/** Null when a comparison mentions what can't be evaluated. */
function symbolsOf(terms: TermStore, meaning: Comparison['meaning']): string[] | null {
  const roots = meaning.kind === 'bit' ? [meaning.term] : [meaning.left, meaning.right];
  const names = new Set<string>();
  const visit = (id: TermId): boolean => {
    const term = terms.term(id);
    switch (term.kind) {
      case 'constant':
        return true;
      case 'symbol':
        names.add(term.name);
        return true;
      case 'address':
        return false;
      case 'apply':
        return term.operands.every(visit);
    }
  };
  return roots.every(visit) ? [...names] : null;
}

/** Comparisons that share numbers are solved together, all others apart. */
function groupsOf(comparisons: readonly Comparison[]): Comparison[][] {
  const groups: { symbols: Set<string>; members: Comparison[] }[] = [];
  for (const comparison of comparisons) {
    const touched = groups.filter(({ symbols }) => comparison.symbols.some((name) => symbols.has(name)));
    const merged = {
      symbols: new Set([...comparison.symbols, ...touched.flatMap(({ symbols }) => [...symbols])]),
      members: [...touched.flatMap(({ members }) => members), comparison],
    };
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map(({ members }) => members);
}

function search(terms: TermStore, group: readonly Comparison[]): ReadonlyMap<string, TermConstant> | null {
  const names = [...new Set(group.flatMap(({ symbols }) => symbols))].sort();
  const candidates = candidatesOf(terms, group, names);
  const chosen = new Map<string, TermConstant>();
  let tries = 0;
  const isFitting = (): boolean =>
    group.every(({ meaning, value, symbols }) =>
      symbols.every((name) => chosen.has(name)) ? evaluate(terms, meaning, chosen) === value : true,
    );
  const place = (index: number): boolean => {
    const name = names[index];
    if (name === undefined) return true;
    for (const candidate of candidates.get(name) ?? []) {
      if (++tries > TRY_LIMIT) return false;
      chosen.set(name, candidate);
      if (isFitting() && place(index + 1)) return true;
    }
    chosen.delete(name);
    return false;
  };
  return place(0) ? chosen : null;
}

/** Constants of the comparisons and their neighbours, nearest to zero first, within the range of each number. */
function candidatesOf(
  terms: TermStore,
  group: readonly Comparison[],
  names: readonly string[],
): ReadonlyMap<string, readonly TermConstant[]> {
  const constants = new Set<TermConstant>();
  const ranges = new Map<string, IntegerRange | null>();
  const visit = (id: TermId): void => {
    const term = terms.term(id);
    if (term.kind === 'constant') constants.add(term.value);
    else if (term.kind === 'symbol') ranges.set(term.name, term.range);
    else if (term.kind === 'apply') term.operands.forEach(visit);
  };
  let bits = 0n;
  for (const { meaning, value } of group) {
    if (meaning.kind === 'bit') {
      visit(meaning.term);
      if (value && /^\d+$/.test(meaning.bit)) bits |= 1n << BigInt(meaning.bit);
    } else {
      visit(meaning.left);
      visit(meaning.right);
    }
  }
  const isReal = [...constants].some((each) => typeof each === 'number');
  const isText = [...constants].some((each) => typeof each === 'string');
  return new Map(
    names.map((name) => [
      name,
      isText ? textCandidates(constants) : numberCandidates(constants, ranges.get(name), isReal, bits),
    ]),
  );
}

function textCandidates(constants: ReadonlySet<TermConstant>): TermConstant[] {
  const texts = [...constants].map(String).sort();
  return [...texts, '', ...texts.map((text) => `${text}.`)];
}

function numberCandidates(
  constants: ReadonlySet<TermConstant>,
  range: IntegerRange | null | undefined,
  isReal: boolean,
  bits: bigint,
): TermConstant[] {
  if (isReal && (range === null || range === undefined)) {
    const numbers = [...constants].map(Number);
    const near = numbers.flatMap((each) => [each, each - 1, each + 1, each - 0.001, each + 0.001]);
    const between = numbers.flatMap((a) => numbers.map((b) => (a + b) / 2));
    return [...new Set([0, ...near, ...between])].sort((a, b) => Math.abs(a) - Math.abs(b)).slice(0, CANDIDATE_LIMIT);
  }
  const whole = [...constants].flatMap((each) =>
    typeof each === 'bigint' ? [each] : typeof each === 'number' ? [BigInt(Math.trunc(each))] : [],
  );
  const near = whole.flatMap((each) => [each, each - 1n, each + 1n, -each, each / 2n, each * 2n]);
  const ends = range === null || range === undefined ? [] : [range.lower, range.upper];
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  const inRange = [...new Set([bits, 0n, 1n, ...near, ...ends])].filter(
    (each) => range === null || range === undefined || (each >= range.lower && each <= range.upper),
  );
  return inRange
    .sort((a, b) => (size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : a < b ? -1 : 1))
    .slice(0, CANDIDATE_LIMIT);
}

/** Null when an operator has no evaluation here. */
function evaluate(
  terms: TermStore,
  meaning: Comparison['meaning'],
  values: ReadonlyMap<string, TermConstant>,
): boolean | null {
  if (meaning.kind === 'bit') {
    const word = numberOf(terms, meaning.term, values);
    return typeof word === 'bigint' && /^\d+$/.test(meaning.bit) ? ((word >> BigInt(meaning.bit)) & 1n) === 1n : null;
  }
  const left = numberOf(terms, meaning.left, values);
  const right = numberOf(terms, meaning.right, values);
  if (left === null || right === null) return null;
  const [a, b] = typeof left === 'bigint' && typeof right === 'bigint' ? [left, right] : comparable(left, right);
  if (meaning.kind === 'equal') return a === b;
  return meaning.orEqual ? a <= b : a < b;
}

function comparable(left: TermConstant, right: TermConstant): [number, number] | [string, string] {
  return typeof left === 'string' || typeof right === 'string'
    ? [String(left), String(right)]
    : [Number(left), Number(right)];
}

function numberOf(terms: TermStore, id: TermId, values: ReadonlyMap<string, TermConstant>): TermConstant | null {
  const term = terms.term(id);
  switch (term.kind) {
    case 'constant':
      return term.value;
    case 'symbol':
      return values.get(term.name) ?? null;
    case 'address':
      return null;
    case 'apply': {
      const operands = term.operands.map((operand) => numberOf(terms, operand, values));
      const [operator = '', type = ''] = term.operator.split(':');
      if (operator === 'REAL') return operands[0] === null ? null : Number(operands[0]);
      // a sum that leaves its type wraps around or faults: it is not computed here
      const numbers = operands.filter((each): each is bigint => typeof each === 'bigint');
      if (numbers.length < 2 || numbers.length !== operands.length || !/INT$/.test(type)) return null;
      return numbers.slice(1).reduce<bigint | null>((a, b) => whole(operator, a, b), numbers[0] ?? null);
    }
  }
}

function whole(operator: string, a: bigint | null, b: bigint): bigint | null {
  if (a === null) return null;
  const result =
    operator === '+'
      ? a + b
      : operator === '-'
        ? a - b
        : operator === '*'
          ? a * b
          : operator === '/' && b !== 0n
            ? a / b
            : null;
  return result !== null && result > -32_768n && result < 32_767n ? result : null;
}
