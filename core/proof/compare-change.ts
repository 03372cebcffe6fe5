/** Compares what a change does to the hazards and conditions of a site: equal, stronger, weaker, or not comparable. */

import { compareText } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import { changedProcessTimes } from '../safety/rules/time-rules.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isCondition, isDeclared, type ResolvedSignal } from '../safety/signal-roles.js';
import { FALSE, type Literal, not } from './circuit.js';
import { type Claim, impossible, type Proof } from './claim.js';
import type { Decision } from './decide.js';
import { onlyWaits, type WaitingAnswer, type WaitingSubject } from './delayed-sequence.js';
import { findInvariants, INVARIANT_SIZES, literalsOf } from './invariants.js';
import { buildProduct, type Product, type ProductInput } from './product.js';
import { methodName } from './prove-goal.js';
import { describeTerm, variablesIn } from './query.js';
import { correspondence, type PathMap } from './renames.js';
import { buildScanModel, coldValue, type Scan, type ScanModel } from './scan-model.js';
import { holds, isActive, isHealthy, type ProofOptions } from './site-proof.js';
import { isChoice, TermStore, type Value } from './terms.js';
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

interface Subject {
  readonly kind: ChangeComparison['kind'];
  readonly name: string;
  readonly isDeclared: boolean;
  readonly beforePath: string;
  /** Null when the change removed it. */
  readonly afterPath: string | null;
  /** What "on" (or "permits") means for a scan and a path; null compares the value as it is. */
  readonly isOn: ((scan: Scan, path: string) => Literal) | null;
}

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
  const subjects = subjectsOf(change, before, after, mapPath);
  const waiting = waitingOf(change, input, product, subjects);
  const claims = new Map<string, readonly Claim[]>([['related-memory', product.claims]]);
  const compared = subjects.map((subject): ChangeComparison => {
    const answer = compareSubject(input, product, subject);
    const isLost = answer.comparison.relation === 'weaker' || answer.comparison.relation === 'incomparable';
    const waits = isLost && subject.kind !== 'output' ? waiting() : null;
    const comparison = asWaiting(answer.comparison, waits, before);
    if (subject.kind !== 'output')
      claims.set(comparison.id, comparison === answer.comparison ? answer.claims : (waits?.claims ?? []));
    return comparison;
  });
  const proofs = [...claims].flatMap(([id, list]) => (list.length === 0 ? [] : [{ id, terms, claims: list }]));
  const comparisons = [...compared, ...parameterChanges(input, product, subjects)];
  return { comparisons: comparisons.sort((a, b) => compareText(a.id, b.id)), proofs };
}

/** Whether the change only lets a sequence wait; found out when first asked for. */
function waitingOf(
  change: Change,
  input: ProductInput,
  product: Product,
  subjects: readonly Subject[],
): () => WaitingAnswer | null {
  let answer: WaitingAnswer | null | undefined;
  return () => {
    if (answer !== undefined) return answer;
    const asked = subjects.flatMap((subject): (WaitingSubject & { kind: Subject['kind'] })[] => {
      const { afterPath, beforePath, isOn, kind, name } = subject;
      if (afterPath === null || isOn === null || kind === 'output') return [];
      return [
        {
          kind,
          id: `${kind}:${name}`,
          onBefore: (scan) => isOn(scan, beforePath),
          onAfter: (scan) => isOn(scan, afterPath),
        },
      ];
    });
    const conditions = safetyModelOf(change.after).conditions;
    answer = onlyWaits({
      input,
      product,
      subjects: asked,
      hazards: asked.filter(({ kind }) => kind === 'hazard'),
      allHealthy: (scan) => input.terms.circuit.all(conditions.map((each) => isHealthy(scan, each))),
    });
    return answer;
  };
}

function asWaiting(comparison: ChangeComparison, waiting: WaitingAnswer | null, before: ScanModel): ChangeComparison {
  if (waiting?.held.has(comparison.id) !== true) return comparison;
  const names = waiting.sequences.map((path) => before.nameOf(path)).join(', ');
  return {
    ...comparison,
    relation: 'stronger',
    method: `the same, except that ${names} may wait while every hazard is off; by SAT solver and decision diagram`,
    reason: null,
    witness: null,
  };
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

function subjectsOf(change: Change, before: ScanModel, after: ScanModel, mapPath: PathMap): Subject[] {
  const safety = safetyModelOf(change.before);
  const inverse = new Map([...after.cells.keys()].map((path) => [mapPath(path), path]));
  const subjects: Subject[] = [];
  const taken = new Set<string>();
  const add = (
    kind: Subject['kind'],
    name: string,
    location: string,
    declared: boolean,
    isOn: Subject['isOn'],
  ): void => {
    const path = before.memory.canonicalPath(location);
    if (taken.has(path)) return;
    taken.add(path);
    const own = after.memory.canonicalPath(location);
    const afterPath = inverse.get(path) ?? (after.cells.has(own) ? own : null);
    subjects.push({ kind, name, isDeclared: declared, beforePath: path, afterPath, isOn });
  };
  for (const hazard of safety.hazards) {
    const isNumber = typeof hazard.off === 'number';
    add(
      'hazard',
      hazard.tag,
      hazard.location,
      isDeclared(hazard),
      isNumber ? null : (scan, path) => isActive(scan, { ...hazard, location: path }),
    );
  }
  for (const signal of safety.signals) {
    if (signal.role === 'hazard' || signal.role === 'operator' || signal.role === 'mode') continue;
    if (before.roleOf(before.memory.canonicalPath(signal.location)) === 'input') continue;
    add(isCondition(signal) ? 'condition' : 'command', signal.tag, signal.location, isDeclared(signal), (scan, path) =>
      signalValue(scan, path, signal),
    );
  }
  for (const [path, { symbol }] of before.cells) {
    const isOutput = symbol?.owner?.kind === 'pou' && symbol.owner.pouKind === 'program' && symbol.scope === 'output';
    const isField = symbol?.location?.text.toUpperCase().startsWith('%Q') === true;
    if ((isOutput || isField) && before.written.has(path)) add('output', before.nameOf(path), path, false, null);
  }
  return subjects;
}

function signalValue(scan: Scan, path: string, signal: ResolvedSignal): Literal {
  return holds(
    scan.machine.terms,
    scan.after(path),
    signal.symbol?.type ?? null,
    isCondition(signal) ? signal.healthy : true,
  );
}

interface SubjectAnswer {
  readonly comparison: ChangeComparison;
  readonly claims: readonly Claim[];
}

function compareSubject(input: ProductInput, product: Product, subject: Subject): SubjectAnswer {
  const { kind, name, afterPath, beforePath, isOn } = subject;
  if (afterPath === null) {
    const reason = `after the change the program has no ${name}`;
    return { comparison: unknownComparison(kind, name, subject.isDeclared, reason), claims: [] };
  }
  const { circuit } = input.terms;
  const oldOf = (scan: Scan): Value => (isOn === null ? scan.after(beforePath) : isOn(scan, beforePath));
  const newOf = (scan: Scan): Value => (isOn === null ? scan.after(afterPath) : isOn(scan, afterPath));
  const more = (before: Scan, after: Scan): Literal => differs(input, newOf(after), oldOf(before));
  const less = (before: Scan, after: Scan): Literal => differs(input, oldOf(before), newOf(after));
  const ask = (goal: Literal): Decision =>
    kind === 'output' ? product.context.askBriefly(goal) : product.context.ask(goal);
  const isMore = more(product.before, product.after);
  const isLess = less(product.before, product.after);
  const weaker = ask(circuit.and(product.assumption, isMore));
  const stronger = ask(circuit.and(product.assumption, isLess));
  const assumptions = [
    ...new Set([...product.before.machine.assumptions, ...product.after.machine.assumptions]),
  ].sort();
  const base = { id: `${kind}:${name}`, kind, subject: name, assumptions, isDeclared: subject.isDeclared };
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

/** "On now and off before" for Booleans; for numbers any difference counts. */
function differs({ terms }: ProductInput, one: Value, other: Value): Literal {
  if (isChoice(one) || isChoice(other)) return not(terms.equal(one, other, 'integer'));
  return terms.circuit.and(one, not(other));
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
  subjects: readonly Subject[],
): ChangeComparison[] {
  const hazards = subjects.filter(({ kind }) => kind === 'hazard');
  const relevant = coneVariables(
    product.before,
    hazards.flatMap(({ beforePath }) => literalsOf(product.before.after(beforePath))),
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
