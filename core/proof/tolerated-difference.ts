/**
 * Differences that a comparison scan by scan holds against a change although it makes nothing more dangerous: it stops
 * earlier, or a sequence waits. Asked only about what the comparison has lost.
 */

import type { Change } from '../safety/rule.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isDeclared, type ResolvedSignal } from '../safety/signal-roles.js';
import { FALSE, type Literal, TRUE } from './circuit.js';
import type { Claim } from './claim.js';
import { type ComparedSubject, exceeds } from './compared-subjects.js';
import { onlyWaits, type WaitingAnswer, type WaitingSubject } from './delayed-sequence.js';
import { literalsOf } from './invariants.js';
import type { Product, ProductInput } from './product.js';
import type { Scan } from './scan-model.js';
import { isHealthy } from './site-proof.js';
import { type ComparedOutput, type EarlierStop, onlyStopsEarlier, type Reading } from './stops-earlier.js';
import { isChoice } from './terms.js';
import { isBooleanType } from './value-types.js';

/** Why a subject that differs scan by scan counts as stronger. */
export interface ToleratedDifference {
  readonly method: string;
  readonly claims: readonly Claim[];
}

export interface DifferenceQuestion {
  readonly change: Change;
  readonly input: ProductInput;
  readonly product: Product;
  readonly subjects: readonly ComparedSubject[];
}

/** Answers for each subject that was lost; null when nothing tolerates its difference. */
export function toleratedDifferences(
  question: DifferenceQuestion,
  lost: readonly ComparedSubject[],
): ReadonlyMap<ComparedSubject, ToleratedDifference> {
  const tolerated = new Map<ComparedSubject, ToleratedDifference>();
  if (lost.length === 0) return tolerated;
  stopEarlier(question, lost, tolerated);
  const rest = lost.filter((subject) => !tolerated.has(subject));
  if (rest.length > 0) wait(question, rest, tolerated);
  return tolerated;
}

// ---------------------------------------------------------------------------------------------- earlier stops

function stopEarlier(
  { change, input, product }: DifferenceQuestion,
  lost: readonly ComparedSubject[],
  tolerated: Map<ComparedSubject, ToleratedDifference>,
): void {
  const safety = safetyModelOf(change.before);
  const hazards = lost.filter(({ kind }) => kind === 'hazard');
  const signals = safety.hazards.filter((each) => hazards.some(({ name }) => name === each.tag));
  const answer = onlyStopsEarlier({
    input,
    product,
    hazards: hazards.flatMap((each) => outputOf(input, each) ?? []),
    readings: readingsFor(change, input, signals),
  });
  if (answer === null) return;
  const method = `each scan is one of the version before with ${answer.readings.join(' or ')}, by SAT solver and decision diagram`;
  for (const subject of lost) {
    const claims = claimsFor(input, answer, subject);
    if (claims !== null) tolerated.set(subject, { method, claims });
  }
}

function claimsFor(input: ProductInput, answer: EarlierStop, subject: ComparedSubject): readonly Claim[] | null {
  if (subject.kind === 'hazard') return answer.claims;
  const output = outputOf(input, subject);
  const own = output === null ? null : answer.holdsFor(output);
  return own === null ? null : [...answer.claims, own];
}

function outputOf({ terms }: ProductInput, subject: ComparedSubject): ComparedOutput | null {
  const { id, valueBefore, valueAfter } = subject;
  if (valueAfter === null) return null;
  return {
    id,
    rootsIn: (before) => literalsOf(valueBefore(before)),
    exceeds: (after, before) => exceeds(terms, subject, valueAfter(after), valueBefore(before)),
  };
}

/**
 * The conditions that all these hazards have in common, less healthy; the commands that the site declares, not given.
 * Only what was declared counts: a guess from a name must not excuse anything.
 */
function readingsFor(change: Change, { before }: ProductInput, hazards: readonly ResolvedSignal[]): Reading[] {
  const safety = safetyModelOf(change.before);
  const pathOf = (signal: ResolvedSignal): string => before.memory.canonicalPath(signal.location);
  const isBooleanInput = (signal: ResolvedSignal): boolean => {
    const place = before.cells.get(pathOf(signal));
    return (
      isDeclared(signal) &&
      place !== undefined &&
      isBooleanType(place.type) &&
      before.roleOf(pathOf(signal)) === 'input' &&
      !before.written.has(pathOf(signal))
    );
  };
  const [first, ...others] = hazards.map((hazard) => safety.conditionsOf(hazard));
  const common = (first ?? []).filter(
    (signal) => isBooleanInput(signal) && others.every((list) => list.some(({ tag }) => tag === signal.tag)),
  );
  const unhealthy = (signal: ResolvedSignal): [string, Literal] => [pathOf(signal), signal.healthy ? FALSE : TRUE];
  const trips = common.map((each) => ({ name: `${each.tag} less healthy`, inputs: new Map([unhealthy(each)]) }));
  const starts = safety.signals.filter((signal) => signal.role === 'start' && isBooleanInput(signal));
  const held = starts.map((signal) => ({
    name: `${signal.tag} not given`,
    inputs: new Map([[pathOf(signal), FALSE]]),
  }));
  const all =
    common.length > 1
      ? [{ name: 'all of them less healthy', inputs: new Map(common.map((each) => unhealthy(each))) }]
      : [];
  // of two readings that cost the same the first is taken: a start that is not given explains less than a trip
  return [...held, ...trips, ...all];
}

// ---------------------------------------------------------------------------------------------- waiting sequences

function wait(
  { change, input, product, subjects }: DifferenceQuestion,
  lost: readonly ComparedSubject[],
  tolerated: Map<ComparedSubject, ToleratedDifference>,
): void {
  const asked = subjects.filter(({ kind }) => kind !== 'output');
  const subjectOf = ({ id, valueBefore, valueAfter }: ComparedSubject): WaitingSubject[] => {
    if (valueAfter === null || isChoice(valueBefore(product.before))) return [];
    const { terms } = input;
    const onBefore = (before: Scan): Literal => terms.asLiteral(valueBefore(before));
    return [{ id, onBefore, onAfter: (after) => terms.asLiteral(valueAfter(after)) }];
  };
  const conditions = safetyModelOf(change.after).conditions;
  const answer: WaitingAnswer | null = onlyWaits({
    input,
    product,
    subjects: asked.flatMap(subjectOf),
    hazards: asked.filter(({ kind }) => kind === 'hazard').flatMap(subjectOf),
    allHealthy: (scan) => input.terms.circuit.all(conditions.map((each) => isHealthy(scan, each))),
  });
  if (answer === null) return;
  const names = answer.sequences.map((path) => input.before.nameOf(path)).join(', ');
  const method = `the same, except that ${names} may wait while every hazard is off; by SAT solver and decision diagram`;
  for (const subject of lost)
    if (answer.held.has(subject.id)) tolerated.set(subject, { method, claims: answer.claims });
}
