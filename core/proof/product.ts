/**
 * Two versions of a program side by side, with the same inputs. A relation between their memories is guessed (equal,
 * or one implies the other) and weakened until one scan of both keeps it: what then follows for the outputs follows
 * for every scan from a cold start.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { type Claim, impossible } from './claim.js';
import { findInvariants, type Invariants, literalsOf, NO_INVARIANTS } from './invariants.js';
import type { Place } from './machine.js';
import { type Partner, partnersByBehaviour, partnersByValue } from './pairing.js';
import { isSeenAtRandom } from './query.js';
import type { PathMap } from './renames.js';
import { freeValue, runScan, type Scan, type ScanModel } from './scan-model.js';
import { contextOf, firstScan, initialState, type ProofContext, type ProofOptions } from './site-proof.js';
import { isChoice, type TermStore, type Value } from './terms.js';

const ROUND_LIMIT = 24;
const AFTER = '@after';

/** How a piece of memory after the change relates to its partner before it. Both: equal. Neither: nothing is known. */
export interface Relation {
  readonly partner: Partner;
  /** After implies before. */
  readonly atMost: boolean;
  /** Before implies after. */
  readonly atLeast: boolean;
}

function equalTo(partner: Partner): Relation {
  return { partner, atMost: true, atLeast: true };
}

function unrelatedTo(partner: Partner): Relation {
  return { partner, atMost: false, atLeast: false };
}

export function isEqualRelation({ atMost, atLeast }: Relation): boolean {
  return atMost && atLeast;
}

function isUnrelated({ atMost, atLeast }: Relation): boolean {
  return !atMost && !atLeast;
}

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
  /** Why the relations hold in every scan. */
  readonly claims: readonly Claim[];
  /** How the memory of the version after the change relates to that before it, by path after the change. */
  readonly relations: ReadonlyMap<string, Relation>;
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
  const { terms, before, after, options } = input;
  const { circuit } = terms;
  // names that only the version after the change has are looked up there
  const nameOf = (path: string): string => (before.cells.has(path) ? before.nameOf(path) : after.nameOf(path));
  const context = contextOf({ ...before, nameOf }, terms, options);
  const paths = [...after.written].filter((path) => after.roleOf(path) === 'state').sort();
  const relations = new Map<string, Relation>(paths.map((path) => [path, initialRelation(input, path)]));
  const demand = onDemand(input, relations);
  const spare = new Map<string, readonly Partner[]>();
  // memory that only the new version has, or that starts from another value, is paired by what it does
  const lonely = paths.filter((path) => isUnrelated(relations.get(path) ?? unrelatedTo({ path, isNegated: false })));
  const alike = lonely.length === 0 ? spare : guessedPartners(input, relations, demand.coldPair, lonely);
  for (const [path, partners] of alike) {
    const [first, ...others] = partners;
    if (first !== undefined) relations.set(path, equalTo(first));
    spare.set(path, others);
  }
  let invariants: Invariants = NO_INVARIANTS;
  let haveInvariants = false;
  for (let round = 0; ; round++) {
    options.signal?.throwIfAborted();
    const scan = scanOfAfter(input, relations);
    const assumption = circuit.and(invariants.holds, relationLiteral(input, relations, context.scan, scan));
    const claims: Claim[] = [];
    const never = (path: string, bad: Literal): boolean => {
      options.signal?.throwIfAborted();
      const goal = circuit.and(assumption, bad);
      const isNever =
        bad === FALSE || (!isSeenAtRandom(terms, goal) && context.askBriefly(goal).kind === 'unsatisfiable');
      if (isNever && bad !== FALSE) claims.push(impossible(`${nameOf(path)} keeps its relation`, assumption, bad));
      return isNever;
    };
    const broken = [...relations].filter(([path, relation]) => {
      const kept = keptRelation(input, context.scan, scan, path, relation, (bad) => never(path, bad));
      if (kept.atMost === relation.atMost && kept.atLeast === relation.atLeast) return false;
      if (round >= ROUND_LIMIT) relations.set(path, unrelatedTo(relation.partner));
      else if (haveInvariants) relations.set(path, isUnrelated(kept) ? nextRelation(spare, path, kept) : kept);
      return true;
    });
    if (broken.length === 0) {
      const all = [...invariants.claims, ...claims];
      return { before: context.scan, after: scan, assumption, context, relations, claims: all, ...demand };
    }
    if (!haveInvariants) {
      // before a relation is given up, the facts that hold of the old program get a say
      haveInvariants = true;
      const roots = broken.flatMap(([, { partner }]) => literalsOf(context.scan.after(partner.path)));
      invariants = findInvariants(context, roots, 24);
    }
  }
}

/** Partners of memory that has none by its name, likeliest first: by the value that a scan leaves, then by behaviour. */
function guessedPartners(
  input: ProductInput,
  relations: ReadonlyMap<string, Relation>,
  coldPair: Product['coldPair'],
  lonely: readonly string[],
): ReadonlyMap<string, readonly Partner[]> {
  const named = [...relations].filter(([, relation]) => isEqualRelation(relation));
  const partnerOf = new Map(named.map(([path, { partner }]) => [path, partner]));
  const byValue = partnersByValue(input, scanOfAfter(input, relations), lonely, partnerOf);
  const byBehaviour = partnersByBehaviour({ ...input, coldPair }, lonely);
  return new Map(
    lonely.flatMap((path) => {
      const first = byValue.get(path);
      const others = byBehaviour.get(path) ?? [];
      const partners = first === undefined ? others : [first, ...others.filter((each) => each.path !== first.path)];
      return partners.length === 0 ? [] : [[path, partners] as const];
    }),
  );
}

/** The next guess for a path whose partner turned out to be none. */
function nextRelation(spare: Map<string, readonly Partner[]>, path: string, given: Relation): Relation {
  const [next, ...others] = spare.get(path) ?? [];
  spare.set(path, others);
  return next === undefined ? given : equalTo(next);
}

/** What can be related at all: memory that both versions have, of the same kind, with the same or ordered initial value. */
export function initialRelation({ terms, before, after, mapPath }: ProductInput, path: string): Relation {
  const partner: Partner = { path: mapPath(path), isNegated: false };
  if (!before.written.has(partner.path) || before.roleOf(partner.path) !== 'state') return unrelatedTo(partner);
  const a = initialState(before, terms, partner.path, before.cells.get(partner.path) ?? null);
  const b = initialState(after, terms, path, after.cells.get(path) ?? null);
  if (isChoice(a) !== isChoice(b)) return unrelatedTo(partner);
  if (isChoice(a) || isChoice(b))
    return terms.equal(a, b, 'integer') === TRUE ? equalTo(partner) : unrelatedTo(partner);
  return { partner, atMost: terms.circuit.implies(b, a) === TRUE, atLeast: terms.circuit.implies(a, b) === TRUE };
}

/** One scan of the version after the change from memory that is related to that of a scan of the version before it. */
export function scanOfAfter(
  { terms, after, mapPath, options }: ProductInput,
  relations: ReadonlyMap<string, Relation>,
): Scan {
  return runScan(after, {
    terms,
    suffix: '',
    aliasOf: mapPath,
    stateBefore: (path, place) => {
      const relation = relations.get(path);
      return relation === undefined
        ? freeValue(terms, mapPath(path), place, AFTER)
        : afterValue(terms, path, place, relation);
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** Memory of the new version as a function of its partner where they are equal, else free. */
function afterValue(terms: TermStore, path: string, place: Place | null, relation: Relation): Value {
  const { partner } = relation;
  if (!relation.atMost || !relation.atLeast) return freeValue(terms, path, place, AFTER);
  const value = freeValue(terms, partner.path, place);
  return partner.isNegated ? not(terms.asLiteral(value)) : value;
}

/** The relations that are only implications, as literals over the memory before the scan. */
export function relationLiteral(
  { terms }: ProductInput,
  relations: ReadonlyMap<string, Relation>,
  before: Scan,
  after: Scan,
): Literal {
  const { circuit } = terms;
  let result: Literal = TRUE;
  for (const [path, { partner, atMost, atLeast }] of relations) {
    if (atMost === atLeast) continue;
    const b = terms.asLiteral(after.before(path));
    const a = terms.asLiteral(before.before(partner.path));
    result = circuit.and(result, atMost ? circuit.implies(b, a) : circuit.implies(a, b));
  }
  return result;
}

/** The part of a relation that one scan of both versions keeps. */
function keptRelation(
  { terms }: ProductInput,
  before: Scan,
  after: Scan,
  path: string,
  relation: Relation,
  never: (bad: Literal) => boolean,
): Relation {
  if (isUnrelated(relation)) return relation;
  const { circuit } = terms;
  const { partner } = relation;
  const a = before.after(partner.path);
  const b = after.after(path);
  if (isChoice(a) || isChoice(b))
    return !partner.isNegated && never(not(terms.equal(a, b, 'integer'))) ? relation : unrelatedTo(partner);
  const old = partner.isNegated ? not(a) : a;
  return {
    partner,
    atMost: relation.atMost && never(circuit.and(b, not(old))),
    atLeast: relation.atLeast && never(circuit.and(old, not(b))),
  };
}

/** Further scans of both versions, unfolded when first asked for. */
function onDemand(
  input: ProductInput,
  relations: ReadonlyMap<string, Relation>,
): Pick<Product, 'fromSameMemory' | 'coldPair'> {
  const pairs: ScanPair[] = [];
  let same: Scan | null = null;
  return {
    fromSameMemory() {
      const shared = [...relations].filter(([, { partner }]) => input.before.written.has(partner.path));
      same ??= scanOfAfter(input, new Map(shared.map(([path, { partner }]) => [path, equalTo(partner)])));
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
