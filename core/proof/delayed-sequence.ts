/**
 * Changes that only let a sequence wait: a step more that switches nothing on, one more condition to start. The new
 * version is then never ahead of the old one, but a scan or more behind it, so that a comparison scan by scan sees
 * differences both ways.
 *
 * What is proved: the old version, whose sequence may stand still in scans in which every hazard that it moves is off and
 * every condition is healthy, can follow the new one. New steps stand for old ones; going back to the first step, and anything
 * that a condition forces, is never waited for.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { type Claim, impossible } from './claim.js';
import { stateCone } from './invariants.js';
import { initialRelation, isEqualRelation, type Product, type ProductInput } from './product.js';
import { isSeenAtRandom, variablesIn } from './query.js';
import { freeValue, runScan, type Scan } from './scan-model.js';
import { initialState } from './site-proof.js';
import { type Choice, isChoice, type TermId, type TermStore, type Value } from './terms.js';

/** What is compared: an output that may be on, in each version. */
export interface WaitingSubject {
  readonly id: string;
  onBefore(scan: Scan): Literal;
  onAfter(scan: Scan): Literal;
}

export interface WaitingQuestion {
  readonly input: ProductInput;
  readonly product: Product;
  /** Every hazard: those that the sequence moves are off in all scans that are waited for. */
  readonly hazards: readonly WaitingSubject[];
  /** What must not be on where it was off. */
  readonly subjects: readonly WaitingSubject[];
  /** Every condition of the site is healthy in this scan. */
  allHealthy(scan: Scan): Literal;
}

export interface WaitingAnswer {
  /** Paths of the sequences that may wait. */
  readonly sequences: readonly string[];
  /** Ids of the subjects that are on only where they were on before. */
  readonly held: ReadonlySet<string>;
  /** Why the old version can follow, and why the subjects hold. */
  readonly claims: readonly Claim[];
}

const FRESH_LIMIT = 3;
const MAPPING_LIMIT = 16;
const ROUND_LIMIT = 16;
/** Questions to the solver for one change, over all sequences and mappings; after them nothing is held to only wait. */
const QUESTION_LIMIT = 150;
/** Bits that may be set later. */
const DELAYED_BIT_LIMIT = 3;

interface Sequence {
  /** The number before the change. */
  readonly old: string;
  /** The numbers after it that stand for it: usually one. */
  readonly paths: readonly string[];
  /** The one unknown value that all of them have. */
  readonly value: Choice;
  readonly oldConstants: readonly TermId[];
  readonly newConstants: readonly TermId[];
  /** Steps that only the new version has, and those that only the old one has; each by number. */
  readonly freshConstants: readonly TermId[];
  readonly goneConstants: readonly TermId[];
  readonly initial: TermId;
}

/** Null when the change does more than wait, as far as this method can tell. */
export function onlyWaits(question: WaitingQuestion): WaitingAnswer | null {
  const budget: QuestionBudget = { left: QUESTION_LIMIT };
  const sequences = sequencesOf(question);
  for (const sequence of sequences) {
    for (const mapping of mappingsOf(sequence)) {
      const held = heldUnder(question, sequence, mapping, budget);
      if (held !== null) return { sequences: sequence.paths, ...held };
    }
  }
  return null;
}

/** Numbers that only ever hold constants and whose relation over all scans is lost. */
function sequencesOf({ input, product }: WaitingQuestion): Sequence[] {
  const { terms, before, after } = input;
  const groups = new Map<string, string[]>();
  for (const [path, relation] of product.relations) {
    if (isEqualRelation(relation) || !before.written.has(relation.partner.path)) continue;
    if (!isChoice(product.after.after(path))) continue;
    groups.set(relation.partner.path, [...(groups.get(relation.partner.path) ?? []), path]);
  }
  return [...groups].flatMap(([old, paths]): Sequence[] => {
    const initialOld = onlyTerm(initialState(before, terms, old, before.cells.get(old) ?? null));
    const oldConstants = constantsOf(product.before, old);
    const freshLists = paths.map((path) => constantsOf(product.after, path));
    const initials = paths.map((path) => onlyTerm(initialState(after, terms, path, after.cells.get(path) ?? null)));
    if (oldConstants === null || initialOld === null || initials.some((each) => each !== initialOld)) return [];
    if (freshLists.some((list) => list === null)) return [];
    const known = new Set([...oldConstants, initialOld]);
    const written = new Set([...freshLists.flatMap((list) => list ?? []), initialOld]);
    const fresh = byNumber(
      terms,
      [...written].filter((each) => !known.has(each)),
    );
    if (fresh.length > FRESH_LIMIT) return [];
    return [
      {
        old,
        paths,
        value: terms.single(terms.symbol(`${old}@waiting`)),
        oldConstants: byNumber(terms, [...known]),
        newConstants: byNumber(terms, [...written]),
        freshConstants: fresh,
        goneConstants: byNumber(
          terms,
          [...known].filter((each) => !written.has(each)),
        ),
        initial: initialOld,
      },
    ];
  });
}

function byNumber(terms: TermStore, constants: readonly TermId[]): TermId[] {
  const numberOf = (term: TermId): number => Number(terms.constantOf(term) ?? 0);
  return [...constants].sort((a, b) => numberOf(a) - numberOf(b));
}

function onlyTerm(value: Value): TermId | null {
  return isChoice(value) && value.length === 1 ? (value[0]?.term ?? null) : null;
}

/** Constants that a scan may write to a number; null when it may write something else. */
function constantsOf(scan: Scan, path: string): TermId[] | null {
  const { terms } = scan.machine;
  const own = onlyTerm(scan.before(path));
  const value = scan.after(path);
  if (!isChoice(value)) return null;
  const written = value.map(({ term }) => term).filter((term) => term !== own);
  return written.every((term) => terms.constantOf(term) !== null) ? written : null;
}

type StepMapping = ReadonlyMap<TermId, TermId>;

/** Ways to let new steps stand for old ones: in the order of their numbers first, then every way up to a limit. */
function mappingsOf({ freshConstants, oldConstants, goneConstants }: Sequence): StepMapping[] {
  let mappings: StepMapping[] = [new Map()];
  for (const fresh of freshConstants) {
    mappings = mappings.flatMap((mapping) => oldConstants.map((old) => new Map([...mapping, [fresh, old]])));
  }
  const renumbered = new Map(freshConstants.map((fresh, index) => [fresh, goneConstants[index] ?? fresh]));
  return goneConstants.length === freshConstants.length && freshConstants.length > 0
    ? [renumbered, ...mappings.slice(0, MAPPING_LIMIT)]
    : mappings.slice(0, MAPPING_LIMIT);
}

/** Questions that may still be asked. */
interface QuestionBudget {
  left: number;
}

/** Whether nothing satisfies the goal. What random values satisfy isn't asked, and nothing is once the budget is spent. */
function isImpossible({ context }: Product, goal: Literal, budget: QuestionBudget): boolean {
  if (budget.left <= 0 || isSeenAtRandom(context.terms, goal)) return false;
  budget.left--;
  return context.askBriefly(goal).kind === 'unsatisfiable';
}

/** The subjects that hold under one mapping; null when the sequence itself can't follow. */
function heldUnder(
  question: WaitingQuestion,
  sequence: Sequence,
  mapping: StepMapping,
  budget: QuestionBudget,
): Pick<WaitingAnswer, 'held' | 'claims'> | null {
  const { input, product, subjects } = question;
  const { terms } = input;
  const { circuit } = terms;
  const steps = stepsOf(input, sequence, mapping);
  let claims: Claim[] = [];
  const never = (bad: Literal): boolean => {
    input.options.signal?.throwIfAborted();
    const isNever = bad === FALSE || isImpossible(product, circuit.and(steps.isStep, bad), budget);
    if (isNever) claims.push(impossible('the old version can follow the new one', steps.isStep, bad));
    return isNever;
  };
  const late = new Set<string>();
  const judged = new Set<string>();
  const moved = question.hazards.filter((each) =>
    dependsOn(product.before, each.onBefore(product.before), sequence.old),
  );
  const partners = new Map<string, string>();
  for (const [path, relation] of product.relations) {
    if (sequence.paths.includes(path) || relation.partner.isNegated) continue;
    if (isEqualRelation(relation) || isEqualRelation(initialRelation(input, path)))
      partners.set(path, relation.partner.path);
  }
  for (let round = 0; round < ROUND_LIMIT && budget.left > 0; round++) {
    input.options.signal?.throwIfAborted();
    claims = [];
    const scan = scanOfNew(input, sequence, partners);
    const isHealthy = question.allHealthy(scan);
    const isStill = circuit.and(isHealthy, circuit.all(moved.map((each) => not(each.onAfter(scan)))));
    const own = terms.asChoice(scan.after(sequence.paths[0] ?? ''));
    const oldBits = new Map([...late].map((path) => [partners.get(path) ?? '', path]));
    const old = scanOfOld(input, sequence, steps, (path, value) => {
      const bit = oldBits.get(path);
      if (bit !== undefined) {
        const stays = circuit.all([
          isHealthy,
          not(terms.asLiteral(scan.before(bit))),
          not(terms.asLiteral(scan.after(bit))),
        ]);
        return circuit.and(terms.asLiteral(value), not(stays));
      }
      return path === sequence.old ? terms.ite(steps.mayWait(own, value, isStill), steps.start, value) : value;
    });
    const broken = [...partners].filter(
      ([path, partner]) => !never(not(terms.equal(scan.after(path), old.after(partner), 'integer'))),
    );
    const first = firstWritten(
      scan,
      broken.map(([path]) => path),
    );
    if (first !== null && !judged.has(first) && judged.size < DELAYED_BIT_LIMIT) {
      judged.add(first);
      if (mayBeLate(question, partners.get(first) ?? first, never)) {
        late.add(first);
        continue;
      }
    }
    for (const [path] of broken) partners.delete(path);
    if (broken.length > 0) continue;
    const follows = [
      terms.equal(steps.asOld(own), old.after(sequence.old), 'integer'),
      ...sequence.paths.map((path) => terms.equal(scan.after(path), own, 'integer')),
    ];
    if (!never(not(circuit.all(follows)))) return null;
    const held = subjects.filter((each) => never(circuit.and(each.onAfter(scan), not(each.onBefore(old)))));
    return held.length === 0 ? null : { held: new Set(held.map(({ id }) => id)), claims };
  }
  return null;
}

/** The values of a sequence, as formulas. */
interface Steps {
  /** The number before the scan is one of its steps. */
  readonly isStep: Literal;
  /** The number of the old version before the scan. */
  readonly start: Choice;
  asOld(value: Choice): Choice;
  /** Whether the old version may stand still where it writes `value` and the new one ends with `own`. */
  mayWait(own: Choice, value: Value, isStill: Literal): Literal;
}

function stepsOf({ terms }: ProductInput, sequence: Sequence, mapping: StepMapping): Steps {
  const { circuit } = terms;
  const is = (value: Value, constant: TermId): Literal => terms.equal(value, terms.single(constant), 'integer');
  const asOld = (value: Choice): Choice =>
    terms.combine([value], ([term = 0]) => {
      const counterpart = mapping.get(term);
      if (counterpart !== undefined) return terms.single(counterpart);
      if (terms.constantOf(term) !== null) return terms.single(term);
      return [...mapping].reduce<Choice>(
        (otherwise, [fresh, old]) =>
          terms.asChoice(terms.ite(is(terms.single(term), fresh), terms.single(old), otherwise)),
        terms.single(term),
      );
    });
  const start = asOld(sequence.value);
  const isFresh = (value: Choice): Literal => circuit.any(sequence.freshConstants.map((step) => is(value, step)));
  return {
    isStep: circuit.any(sequence.newConstants.map((step) => is(sequence.value, step))),
    start,
    asOld,
    mayWait(own, value, isStill) {
      const stays = circuit.and(terms.equal(own, sequence.value, 'integer'), not(is(value, sequence.initial)));
      return circuit.all([
        isStill,
        terms.equal(asOld(own), start, 'integer'),
        circuit.any([isFresh(own), isFresh(sequence.value), stays]),
      ]);
    },
  };
}

/** Whether a literal of a scan depends on a path, over any number of scans. */
function dependsOn(scan: Scan, literal: Literal, path: string): boolean {
  return variablesIn(scan.machine.terms, [literal]).includes(path) || stateCone(scan, [literal]).includes(path);
}

function scanOfOld(
  { terms, before, options }: ProductInput,
  sequence: Sequence,
  steps: Steps,
  adjustWrite: (path: string, value: Value) => Value,
): Scan {
  return runScan(before, {
    terms,
    suffix: '',
    stateBefore: (path, place) => (path === sequence.old ? steps.start : freeValue(terms, path, place)),
    adjustWrite,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

function scanOfNew(
  { terms, after, mapPath, options }: ProductInput,
  sequence: Sequence,
  partners: ReadonlyMap<string, string>,
): Scan {
  return runScan(after, {
    terms,
    suffix: '',
    aliasOf: mapPath,
    stateBefore: (path, place) => {
      if (sequence.paths.includes(path)) return sequence.value;
      const partner = partners.get(path);
      return partner === undefined ? freeValue(terms, path, place, '@after') : freeValue(terms, partner, place);
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** The bit that a scan writes first: where several differ, it is the one that the others follow. */
function firstWritten(scan: Scan, paths: readonly string[]): string | null {
  for (const path of scan.machine.environment.written.keys())
    if (paths.includes(path) && !isChoice(scan.after(path))) return path;
  return null;
}

/**
 * Whether a bit of the old version only ever permits: clearing it never switches a hazard on. Then the new version may
 * set it later.
 */
function mayBeLate({ input, hazards }: WaitingQuestion, bit: string, never: (bad: Literal) => boolean): boolean {
  const { terms, before, options } = input;
  const scanWith = (value: Literal): Scan =>
    runScan(before, {
      terms,
      suffix: '',
      stateBefore: (path, place) => (path === bit ? value : freeValue(terms, path, place)),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  const clear = scanWith(FALSE);
  const set = scanWith(TRUE);
  return hazards.every((each) => never(terms.circuit.and(each.onBefore(clear), not(each.onBefore(set)))));
}
