/**
 * Two versions of a program side by side, with the same inputs. A relation between their memories is guessed (equal,
 * or one implies the other) and weakened until one scan of both keeps it: what then follows for the outputs follows
 * for every scan from a cold start.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { findInvariants, literalsOf } from './invariants.js';
import type { Place } from './machine.js';
import type { PathMap } from './renames.js';
import { freeValue, runScan, type Scan, type ScanModel } from './scan-model.js';
import { contextOf, firstScan, initialState, type ProofContext, type ProofOptions } from './site-proof.js';
import { isChoice, type TermStore, type Value } from './terms.js';

const ROUND_LIMIT = 16;
const AFTER = '@after';

/** How the memory after the change relates to the memory before it. Both: equal. Neither: nothing is known. */
interface Relation {
  /** After implies before. */
  readonly atMost: boolean;
  /** Before implies after. */
  readonly atLeast: boolean;
}

const EQUAL: Relation = { atMost: true, atLeast: true };
const UNRELATED: Relation = { atMost: false, atLeast: false };

export interface ProductInput {
  readonly terms: TermStore;
  readonly before: ScanModel;
  readonly after: ScanModel;
  readonly mapPath: PathMap;
  readonly options: ProofOptions;
}

/** One scan of both versions from related memories. */
export interface Product {
  readonly before: Scan;
  readonly after: Scan;
  /** Holds of every pair of memories that the two versions can reach with the same inputs. */
  readonly assumption: Literal;
  readonly context: ProofContext;
  /** One scan of the version after the change from exactly the memory of `before`. */
  fromSameMemory(): Scan;
  /** Both versions in scan `number` (from 1) after a cold start, with the same inputs. */
  coldPair(number: number): ScanPair;
}

export interface ScanPair {
  readonly before: Scan;
  readonly after: Scan;
}

export function buildProduct(input: ProductInput): Product {
  const { terms, before, after, mapPath, options } = input;
  const { circuit } = terms;
  // names that only the version after the change has are looked up there
  const nameOf = (path: string): string => (before.cells.has(path) ? before.nameOf(path) : after.nameOf(path));
  const context = contextOf({ ...before, nameOf }, terms, options);
  const paths = [...after.written].filter((path) => after.roleOf(path) === 'state').sort();
  const relations = new Map<string, Relation>(paths.map((path) => [path, initialRelation(input, path)]));
  let invariants: Literal = TRUE;
  let haveInvariants = false;
  for (let round = 0; ; round++) {
    options.signal?.throwIfAborted();
    const scan = scanOfAfter(input, relations);
    const assumption = circuit.and(invariants, relationLiteral(input, relations, context.scan, scan));
    const broken = paths.filter((path) => {
      const kept = keptRelation(input, context, assumption, scan, path, relations.get(path) ?? UNRELATED);
      const known = relations.get(path) ?? UNRELATED;
      if (kept.atMost === known.atMost && kept.atLeast === known.atLeast) return false;
      if (haveInvariants || round >= ROUND_LIMIT) relations.set(path, round >= ROUND_LIMIT ? UNRELATED : kept);
      return true;
    });
    if (broken.length === 0) return { before: context.scan, after: scan, assumption, context, ...onDemand(input) };
    if (!haveInvariants) {
      // before a relation is given up, the facts that hold of the old program get a say
      haveInvariants = true;
      const roots = broken.flatMap((path) => literalsOf(context.scan.after(mapPath(path))));
      invariants = findInvariants(context, roots, 24);
    }
  }
}

/** What can be related at all: memory that both versions have, of the same kind, with the same or ordered initial value. */
function initialRelation({ terms, before, after, mapPath }: ProductInput, path: string): Relation {
  const old = mapPath(path);
  if (!before.written.has(old) || before.roleOf(old) !== 'state') return UNRELATED;
  const a = initialState(before, terms, old, before.cells.get(old) ?? null);
  const b = initialState(after, terms, path, after.cells.get(path) ?? null);
  if (isChoice(a) !== isChoice(b)) return UNRELATED;
  if (isChoice(a) || isChoice(b)) return terms.equal(a, b, 'integer') === TRUE ? EQUAL : UNRELATED;
  return { atMost: terms.circuit.implies(b, a) === TRUE, atLeast: terms.circuit.implies(a, b) === TRUE };
}

function scanOfAfter({ terms, after, mapPath, options }: ProductInput, relations: ReadonlyMap<string, Relation>): Scan {
  return runScan(after, {
    terms,
    suffix: '',
    aliasOf: mapPath,
    stateBefore: (path, place) => afterValue(terms, mapPath(path), place, relations.get(path) ?? UNRELATED),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

function afterValue(terms: TermStore, path: string, place: Place | null, relation: Relation): Value {
  return freeValue(terms, path, place, relation.atMost && relation.atLeast ? '' : AFTER);
}

/** The relations that are only implications, as literals over the memory before the scan. */
function relationLiteral(
  { terms, mapPath }: ProductInput,
  relations: ReadonlyMap<string, Relation>,
  before: Scan,
  after: Scan,
): Literal {
  const { circuit } = terms;
  let result: Literal = TRUE;
  for (const [path, { atMost, atLeast }] of relations) {
    if (atMost === atLeast) continue;
    const b = terms.asLiteral(after.before(path));
    const a = terms.asLiteral(before.before(mapPath(path)));
    result = circuit.and(result, atMost ? circuit.implies(b, a) : circuit.implies(a, b));
  }
  return result;
}

/** The part of a relation that one scan of both versions keeps. */
function keptRelation(
  input: ProductInput,
  context: ProofContext,
  assumption: Literal,
  scan: Scan,
  path: string,
  relation: Relation,
): Relation {
  if (!relation.atMost && !relation.atLeast) return relation;
  const { terms, mapPath } = input;
  const { circuit } = terms;
  const a = context.scan.after(mapPath(path));
  const b = scan.after(path);
  const never = (bad: Literal): boolean =>
    bad === FALSE || context.askBriefly(circuit.and(assumption, bad)).kind === 'unsatisfiable';
  if (isChoice(a) || isChoice(b)) return never(not(terms.equal(a, b, 'integer'))) ? EQUAL : UNRELATED;
  return {
    atMost: relation.atMost && never(circuit.and(b, not(a))),
    atLeast: relation.atLeast && never(circuit.and(a, not(b))),
  };
}

/** Further scans of both versions, unfolded when first asked for. */
function onDemand(input: ProductInput): Pick<Product, 'fromSameMemory' | 'coldPair'> {
  const pairs: ScanPair[] = [];
  let same: Scan | null = null;
  return {
    fromSameMemory() {
      const shared = [...input.after.written].filter((path) => input.before.written.has(input.mapPath(path)));
      same ??= scanOfAfter(input, new Map(shared.map((path) => [path, EQUAL])));
      return same;
    },
    coldPair(number) {
      for (;;) {
        const known = pairs[number - 1];
        if (known !== undefined) return known;
        pairs.push(nextPair(input, pairs.at(-1), `@${pairs.length + 1}`));
      }
    },
  };
}

/** The next scan of both versions with the same inputs: a difference found from a cold start is real. */
function nextPair(
  { terms, before, after, mapPath, options }: ProductInput,
  last: ScanPair | undefined,
  suffix: string,
): ScanPair {
  const signal = options.signal ? { signal: options.signal } : {};
  if (last === undefined) {
    const first = runScan(after, {
      terms,
      suffix,
      aliasOf: mapPath,
      stateBefore: (path, place) => initialState(after, terms, path, place),
      ...signal,
    });
    return { before: firstScan(before, terms, options), after: first };
  }
  return {
    before: runScan(before, { terms, suffix, stateBefore: (path) => last.before.after(path), ...signal }),
    after: runScan(after, {
      terms,
      suffix,
      aliasOf: mapPath,
      stateBefore: (path) => last.after.after(path),
      ...signal,
    }),
  };
}
