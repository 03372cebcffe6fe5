/** Compares what a change does to the hazards and conditions of a site: equal, stronger, weaker, or not comparable. */

import { compareText } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import { changedProcessTimes } from '../safety/rules/time-rules.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isDeclared } from '../safety/signal-roles.js';
import { FALSE, type Literal } from './circuit.js';
import { type Claim, impossible, type Proof } from './claim.js';
import { type ComparedSubject, exceeds, subjectsOf } from './compared-subjects.js';
import type { Decision } from './decide.js';
import { findInvariants, INVARIANT_SIZES, literalsOf } from './invariants.js';
import { buildProduct, type Product, type ProductInput } from './product.js';
import { methodName } from './prove-goal.js';
import { describeTerm, variablesIn } from './query.js';
import { correspondence } from './renames.js';
import { buildScanModel, coldValue, type Scan } from './scan-model.js';
import type { ProofOptions } from './site-proof.js';
import { isChoice, TermStore, type Value } from './terms.js';
import { type ToleratedDifference, toleratedDifferences } from './tolerated-difference.js';
import { coldStartWitness, type WitnessScan, witnessScan } from './witness.js';

export type Comparison =
  /** The same in every scan. */
  | 'equal'
  /** On in fewer cases than before. */
  | 'stronger'
  /** On in a case in which it was off before. */
  | 'weaker'
  /** On in cases in which it was off, and off in cases in which it was on. */
  | 'incomparable'
  | 'unknown';

export interface ChangeComparison {
  readonly id: string;
  /**
   * The same for one scan from the same memory, when the relation over all scans is weaker or not comparable: a
   * migration that tightens a guard changes what happens later, but must not switch anything on by itself.
   */
  readonly fromSameMemory: Comparison | null;
  /** What is compared: the output of a hazard, a computed condition or command, or another output of a program. */
  readonly kind: 'hazard' | 'condition' | 'command' | 'output' | 'parameter';
  readonly subject: string;
  readonly relation: Comparison;
  readonly method: string;
  readonly reason: string | null;
  readonly witness: { readonly scans: readonly WitnessScan[]; readonly from: 'cold-start' | 'related-memory' } | null;
  readonly assumptions: readonly string[];
  readonly isDeclared: boolean;
}

/** Scans from a cold start that are searched for a real difference. */
const SEARCH_DEPTH = 4;

/** Comparisons, and what those rest on that a certificate is made for. */
export interface ComparedChange {
  readonly comparisons: readonly ChangeComparison[];
  readonly proofs: readonly Proof[];
}

/** Compares both versions of a change. Throws only the reason of an aborted signal. */
export function compareHazards(change: Change, options: ProofOptions = {}): readonly ChangeComparison[] {
  return compareChange(change, options).comparisons;
}

/** Like `compareHazards`, with the proofs. */
export function compareChange(change: Change, options: ProofOptions = {}): ComparedChange {
  const terms = new TermStore(changedProcessTimes(change));
  const before = buildScanModel(change.before.project, terms, options.signal);
  const after = buildScanModel(change.after.project, terms, options.signal);
  if ('kind' in before || 'kind' in after) {
    const reason = 'kind' in after ? after.reason : 'kind' in before ? `before the change: ${before.reason}` : '';
    const unknown = safetyModelOf(change.before).hazards.map((hazard) =>
      unknownComparison('hazard', hazard.tag, isDeclared(hazard), reason),
    );
    return { comparisons: unknown, proofs: [] };
  }
  const mapPath = correspondence(before, after);
  const input: ProductInput = { terms, before, after, mapPath, options };
  const product = buildProduct(input);
  const subjects = subjectsOf(change, input);
  const answers = subjects.map((subject) => ({ subject, answer: compareSubject(input, product, subject) }));
  const lost = answers.filter(({ subject, answer }) => subject.kind !== 'output' && isLost(answer.comparison));
  const tolerated = toleratedDifferences(
    { change, input, product, subjects },
    lost.map(({ subject }) => subject),
  );
  const claims = new Map<string, readonly Claim[]>([['related-memory', product.claims]]);
  const compared = answers.map(({ subject, answer }): ChangeComparison => {
    const excuse = tolerated.get(subject);
    if (subject.kind !== 'output') claims.set(subject.id, excuse?.claims ?? answer.claims);
    return excuse === undefined ? answer.comparison : asTolerated(answer.comparison, excuse);
  });
  const proofs = [...claims].flatMap(([id, list]) => (list.length === 0 ? [] : [{ id, terms, claims: list }]));
  const comparisons = [...compared, ...parameterChanges(input, product, subjects)];
  return { comparisons: comparisons.sort((a, b) => compareText(a.id, b.id)), proofs };
}

function isLost({ relation }: ChangeComparison): boolean {
  return relation === 'weaker' || relation === 'incomparable';
}

function asTolerated(comparison: ChangeComparison, { method }: ToleratedDifference): ChangeComparison {
  return { ...comparison, relation: 'stronger', method, reason: null, witness: null };
}

function unknownComparison(
  kind: ChangeComparison['kind'],
  subject: string,
  declared: boolean,
  reason: string,
): ChangeComparison {
  return {
    id: `${kind}:${subject}`,
    kind,
    subject,
    relation: 'unknown',
    method: 'none',
    reason,
    fromSameMemory: null,
    witness: null,
    assumptions: [],
    isDeclared: declared,
  };
}

interface SubjectAnswer {
  readonly comparison: ChangeComparison;
  readonly claims: readonly Claim[];
}

function compareSubject(input: ProductInput, product: Product, subject: ComparedSubject): SubjectAnswer {
  const { id, kind, name, valueAfter, valueBefore } = subject;
  if (valueAfter === null) {
    const reason = `after the change the program has no ${name}`;
    return { comparison: unknownComparison(kind, name, subject.isDeclared, reason), claims: [] };
  }
  const { circuit } = input.terms;
  const more = (before: Scan, after: Scan): Literal =>
    exceeds(input.terms, subject, valueAfter(after), valueBefore(before));
  const less = (before: Scan, after: Scan): Literal =>
    exceeds(input.terms, subject, valueBefore(before), valueAfter(after));
  const ask = (goal: Literal): Decision =>
    kind === 'output' ? product.context.askBriefly(goal) : product.context.ask(goal);
  const isMore = more(product.before, product.after);
  const isLess = less(product.before, product.after);
  const weaker = ask(circuit.and(product.assumption, isMore));
  const stronger = ask(circuit.and(product.assumption, isLess));
  const assumptions = [
    ...new Set([...product.before.machine.assumptions, ...product.after.machine.assumptions]),
  ].sort();
  const base = { id, kind, subject: name, assumptions, isDeclared: subject.isDeclared };
  const local = { fromSameMemory: null, reason: null, witness: null };
  if (weaker.kind === 'unknown' || stronger.kind === 'unknown') {
    const reason = weaker.kind === 'unknown' ? weaker.reason : stronger.kind === 'unknown' ? stronger.reason : null;
    return { comparison: { ...base, ...local, relation: 'unknown', method: 'none', reason }, claims: [] };
  }
  const method = `one scan of both versions from related memory, ${methodName(weaker.method)}`;
  if (weaker.kind === 'unsatisfiable') {
    const isEqual = stronger.kind === 'unsatisfiable';
    const claims = [impossible('it is on nowhere where it was off', product.assumption, isMore)];
    if (isEqual) claims.push(impossible('it is off nowhere where it was on', product.assumption, isLess));
    return { comparison: { ...base, ...local, relation: isEqual ? 'equal' : 'stronger', method }, claims };
  }
  const relation = stronger.kind === 'unsatisfiable' ? 'weaker' : 'incomparable';
  if (kind === 'output') return { comparison: { ...base, ...local, relation, method }, claims: [] };
  const fromSameMemory = compareFromSameMemory(product, more, less);
  const real = searchDifference(product, more);
  const comparison: ChangeComparison = {
    ...base,
    relation,
    fromSameMemory,
    method: real?.method ?? method,
    reason: real === null ? `seen from related memory; not within ${SEARCH_DEPTH} scans of a cold start` : null,
    witness:
      real === null
        ? { scans: [witnessScan(product.context, weaker.assignment, '')], from: 'related-memory' }
        : { scans: real.scans, from: 'cold-start' },
  };
  return { comparison, claims: [] };
}

/** One scan of both versions from the same memory, as far as the version before can reach it. */
function compareFromSameMemory(
  product: Product,
  more: (before: Scan, after: Scan) => Literal,
  less: (before: Scan, after: Scan) => Literal,
): Comparison {
  const { context, before } = product;
  const same = product.fromSameMemory();
  const goal = more(before, same);
  let weaker = context.askBriefly(goal);
  for (const size of INVARIANT_SIZES) {
    if (weaker.kind !== 'satisfiable') break;
    weaker = context.askBriefly(context.terms.circuit.and(findInvariants(context, [goal], size).holds, goal));
  }
  return relationOf(weaker, context.askBriefly(less(before, same)));
}

function relationOf(weaker: Decision, stronger: Decision): Comparison {
  if (weaker.kind === 'unknown' || stronger.kind === 'unknown') return 'unknown';
  if (weaker.kind === 'unsatisfiable') return stronger.kind === 'unsatisfiable' ? 'equal' : 'stronger';
  return stronger.kind === 'unsatisfiable' ? 'weaker' : 'incomparable';
}

function searchDifference(
  product: Product,
  more: (before: Scan, after: Scan) => Literal,
): { readonly scans: readonly WitnessScan[]; readonly method: string } | null {
  for (let number = 1; number <= SEARCH_DEPTH; number++) {
    const pair = product.coldPair(number);
    const goal = more(pair.before, pair.after);
    const decision = goal === FALSE ? null : product.context.askBriefly(goal);
    if (decision?.kind !== 'satisfiable') continue;
    return {
      scans: coldStartWitness(product.context, decision.assignment, number),
      method: `search of ${number} scan${number === 1 ? '' : 's'} of both versions from a cold start, ${methodName(decision.method)}`,
    };
  }
  return null;
}

/** Parameters that no code writes and on which a hazard depends, when their initial value changed. */
function parameterChanges(
  { terms, before, after, mapPath }: ProductInput,
  product: Product,
  subjects: readonly ComparedSubject[],
): ChangeComparison[] {
  const hazards = subjects.filter(({ kind }) => kind === 'hazard');
  const relevant = coneVariables(
    product.before,
    hazards.flatMap(({ valueBefore }) => literalsOf(valueBefore(product.before))),
  );
  const changes: ChangeComparison[] = [];
  for (const [path, place] of after.cells) {
    const old = mapPath(path);
    const oldPlace = before.cells.get(old);
    if (
      oldPlace === undefined ||
      !relevant.has(old) ||
      before.roleOf(old) !== 'input' ||
      after.roleOf(path) !== 'input'
    )
      continue;
    if (place.initializer === null && oldPlace.initializer === null) continue;
    const a = coldValue(before.project, terms, old, oldPlace);
    const b = coldValue(after.project, terms, path, place);
    if (terms.allEqual([a], [b]) === 1) continue;
    const name = before.nameOf(old);
    changes.push({
      ...unknownComparison(
        'parameter',
        name,
        true,
        `the initial value of ${name} changed from ${textOf(terms, a)} to ${textOf(terms, b)}, and a hazard depends on it`,
      ),
      relation: 'incomparable',
      method: 'initial values',
    });
  }
  return changes;
}

/** Variables on which literals depend over any number of scans. */
function coneVariables(scan: Scan, roots: readonly Literal[]): ReadonlySet<string> {
  const found = new Set<string>();
  let frontier = roots;
  while (frontier.length > 0) {
    const fresh = variablesIn(scan.machine.terms, frontier).filter((name) => !found.has(name));
    for (const name of fresh) found.add(name);
    frontier = fresh.filter((name) => scan.model.written.has(name)).flatMap((name) => literalsOf(scan.after(name)));
  }
  return found;
}

function textOf(terms: TermStore, value: Value): string {
  if (!isChoice(value)) return value === FALSE ? 'FALSE' : 'TRUE';
  return value.map(({ term }) => describeTerm(terms, term, (name) => name)).join(' or ');
}
