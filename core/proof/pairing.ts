/**
 * Which memory before a change behaves like a piece of memory after it, whatever their names: memory that moved into a
 * block, a bistable written out as code, an edge made by hand. Both versions run side by side on random inputs; what
 * takes the same values is a guess that the proof then has to confirm (signal correspondence, van Eijk 1998).
 */

import { compareText } from '../base/finding.js';
import { type Literal, not, TRUE } from './circuit.js';
import { randomWord } from './random-words.js';
import type { Scan, ScanModel } from './scan-model.js';
import { initialState } from './site-proof.js';
import { type Choice, isChoice, type TermStore, type Value } from './terms.js';

/** Memory before the change that a piece of memory after it may stand for. */
export interface Partner {
  readonly path: string;
  /** The new memory is TRUE exactly when the old one is FALSE. */
  readonly isNegated: boolean;
}

export interface PairingInput {
  readonly terms: TermStore;
  readonly before: ScanModel;
  readonly after: ScanModel;
  readonly coldPair: (number: number) => { readonly before: Scan; readonly after: Scan };
}

const SCANS = 4;
const SEEDS = 4;
/** Guesses for one piece of memory. */
const PARTNER_LIMIT = 3;

/** For each of these paths after the change: memory before it that took the same values, likeliest first. */
export function partnersByBehaviour(
  { terms, before, after, coldPair }: PairingInput,
  paths: readonly string[],
): ReadonlyMap<string, readonly Partner[]> {
  const old = [...before.written].filter((path) => before.roleOf(path) === 'state').sort(compareText);
  const scans = Array.from({ length: SCANS }, (_, index) => coldPair(index + 1));
  const oldTraces = tracesOf(
    terms,
    scans.map((pair) => pair.before),
    old,
  );
  const byTrace = new Map<string, string[]>();
  for (const [path, trace] of oldTraces) byTrace.set(trace, [...(byTrace.get(trace) ?? []), path]);
  const found = new Map<string, readonly Partner[]>();
  const traces = tracesOf(
    terms,
    scans.map((pair) => pair.after),
    paths,
  );
  for (const [path, trace] of traces) {
    const initial = initialState(after, terms, path, after.cells.get(path) ?? null);
    const alike = (isNegated: boolean): Partner[] =>
      (byTrace.get(isNegated ? complementOf(trace) : trace) ?? [])
        .filter((each) => {
          const value = initialState(before, terms, each, before.cells.get(each) ?? null);
          return isSame(terms, initial, value, isNegated);
        })
        .map((each) => ({ path: each, isNegated }));
    const partners = [...alike(false), ...alike(true)].sort(
      (a, b) => kinship(path, b.path) - kinship(path, a.path) || compareText(a.path, b.path),
    );
    if (partners.length > 0) found.set(path, partners.slice(0, PARTNER_LIMIT));
  }
  return found;
}

/**
 * For each of these paths after the change: the partner of another path that a scan leaves with the very same value,
 * such as the variable that takes the output of a bistable which is new.
 * @param partnerOf the partner of a path after the change that already has one
 */
export function partnersByValue(
  { terms, before, after }: Omit<PairingInput, 'coldPair'>,
  scan: Scan,
  paths: readonly string[],
  partnerOf: ReadonlyMap<string, Partner>,
): ReadonlyMap<string, Partner> {
  const byValue = new Map<Literal, Partner>();
  for (const [path, partner] of partnerOf) {
    const value = scan.after(path);
    if (!isChoice(value) && !byValue.has(value)) byValue.set(value, partner);
  }
  const found = new Map<string, Partner>();
  for (const path of paths) {
    const value = scan.after(path);
    if (isChoice(value)) continue;
    const same = byValue.get(value);
    const opposite = byValue.get(not(value));
    const partner = same ?? (opposite === undefined ? null : { ...opposite, isNegated: !opposite.isNegated });
    if (partner === null) continue;
    const initial = initialState(after, terms, path, after.cells.get(path) ?? null);
    const old = initialState(before, terms, partner.path, before.cells.get(partner.path) ?? null);
    if (isSame(terms, initial, old, partner.isNegated)) found.set(path, partner);
  }
  return found;
}

function isSame(terms: TermStore, a: Value, b: Value, isNegated: boolean): boolean {
  if (isChoice(a) !== isChoice(b)) return false;
  if (!isChoice(a) && !isChoice(b)) return a === (isNegated ? not(b) : b);
  return !isNegated && terms.equal(a, b, 'integer') === TRUE;
}

/** Names that share their last part, or a part of it, are likelier to mean the same. */
function kinship(path: string, other: string): number {
  const last = (text: string): string => text.slice(text.lastIndexOf('.') + 1);
  if (last(path) === last(other)) return 2;
  return path.includes(last(other)) || other.includes(last(path)) ? 1 : 0;
}

/** What each path held after each scan, in every random run, as a text that can be compared. */
function tracesOf(terms: TermStore, scans: readonly Scan[], paths: readonly string[]): Map<string, string> {
  const parts = new Map<string, string[]>(paths.map((path) => [path, []]));
  for (const scan of scans) {
    const values = paths.map((path) => scan.after(path));
    const literals = values.flatMap(literalsOf);
    for (let seed = 0; seed < SEEDS; seed++) {
      const words = terms.circuit.evaluateAll(literals, (node) => randomWord(node, seed));
      let position = 0;
      values.forEach((value, index) => {
        const count = isChoice(value) ? value.length : 1;
        const mine = words.slice(position, position + count);
        position += count;
        parts.get(paths[index] ?? '')?.push(isChoice(value) ? numberTrace(value, mine) : bitTrace(mine[0] ?? 0));
      });
    }
  }
  return new Map([...parts].map(([path, list]) => [path, list.join(' ')]));
}

function literalsOf(value: Value): readonly Literal[] {
  return isChoice(value) ? value.map(({ guard }) => guard) : [value];
}

function bitTrace(word: number): string {
  return (word >>> 0).toString(2).padStart(32, '0');
}

function complementOf(trace: string): string {
  return trace.replace(/[01]/g, (bit) => (bit === '0' ? '1' : '0'));
}

/** Which term a number is in each of a few runs; letters keep it apart from the trace of a bit. */
function numberTrace(value: Choice, words: readonly number[]): string {
  const runs = 8;
  const terms = Array.from({ length: runs }, (_, run) => {
    const index = words.findIndex((word) => ((word >>> run) & 1) === 1);
    return index < 0 ? '-' : `t${value[index]?.term ?? ''}`;
  });
  return terms.join();
}
