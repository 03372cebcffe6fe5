/**
 * Differences that a comparison scan by scan holds against a change although it makes nothing more dangerous: it stops
 * earlier, or a sequence waits. Asked only about what the comparison has lost.
 */

import type { Change } from '../safety/rule.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isCondition, isDeclared, type ResolvedSignal } from '../safety/signal-roles.js';
import { FALSE, type Literal, not, TRUE } from './circuit.js';
import type { Claim } from './claim.js';
import { type ComparedSubject, exceeds } from './compared-subjects.js';
import { onlyWaits, type WaitingAnswer, type WaitingSubject } from './delayed-sequence.js';
import { literalsOf } from './invariants.js';
import type { Product, ProductInput } from './product.js';
import { variablesIn } from './query.js';
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

/** Inputs without a role that are looked at. */
const STOP_INPUT_LIMIT = 16;

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
  const hazards = lost.filter(({ kind }) => kind === 'hazard');
  const answer = onlyStopsEarlier({
    input,
    product,
    hazards: hazards.flatMap((each) => outputOf(input, each) ?? []),
    readings: readingsFor(change, input, product, hazards),
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
 * How the old version may have read its inputs instead: commands that the site declares not given, conditions less
 * healthy, and inputs without a role that stop the machine, such as a stop button, given. A condition or a stop must
 * keep all these hazards off: because the site says so, or proved of every memory. A guess from a name excuses nothing.
 */
function readingsFor(
  change: Change,
  { terms, before }: ProductInput,
  { context }: Product,
  hazards: readonly ComparedSubject[],
): Reading[] {
  const { circuit } = terms;
  const safety = safetyModelOf(change.before);
  const pathOf = (signal: ResolvedSignal): string => before.memory.canonicalPath(signal.location);
  const isBooleanInput = (path: string): boolean => {
    const place = before.cells.get(path);
    const isInput = before.roleOf(path) === 'input' && !before.written.has(path);
    return isInput && place !== undefined && isBooleanType(place.type);
  };
  const isOn = ({ valueBefore, isAtRest }: ComparedSubject): Literal => {
    const value = valueBefore(context.scan);
    return isChoice(value) ? not(isAtRest(value)) : value;
  };
  const stops = (path: string, value: Literal, some: readonly ComparedSubject[]): boolean => {
    const isGiven = value === TRUE ? terms.boolean(path) : not(terms.boolean(path));
    return context.askBriefly(circuit.and(isGiven, circuit.any(some.map(isOn)))).kind === 'unsatisfiable';
  };
  const declared = safety.signals.filter((signal) => isDeclared(signal) && isBooleanInput(pathOf(signal)));
  const starts = declared
    .filter(({ role }) => role === 'start')
    .map((each): Reading => ({ name: `${each.tag} not given`, inputs: new Map([[pathOf(each), FALSE]]) }));
  const conditions = declared.filter((signal): boolean => {
    const isNamedBy = ({ name }: ComparedSubject): boolean =>
      safety.hazards.some(
        (hazard) => hazard.tag === name && safety.conditionsOf(hazard).some(({ tag }) => tag === signal.tag),
      );
    const others = hazards.filter((each) => !isNamedBy(each));
    return isCondition(signal) && (others.length === 0 || stops(pathOf(signal), unhealthy(signal), others));
  });
  const trips = conditions.map(
    (each): Reading => ({ name: `${each.tag} less healthy`, inputs: new Map([[pathOf(each), unhealthy(each)]]) }),
  );
  const all: Reading = {
    name: 'all of them less healthy',
    inputs: new Map(conditions.map((each) => [pathOf(each), unhealthy(each)])),
  };
  const known = new Set(safety.signals.map(pathOf));
  const buttons = variablesIn(terms, hazards.map(isOn))
    .filter((path) => isBooleanInput(path) && !known.has(path))
    .slice(0, STOP_INPUT_LIMIT)
    .flatMap((path) =>
      [TRUE, FALSE]
        .filter((value) => stops(path, value, hazards))
        .map(
          (value): Reading => ({ name: `${before.nameOf(path)} given as a stop`, inputs: new Map([[path, value]]) }),
        ),
    );
  // of two readings that cost the same the first is taken: a start that is not given explains less than a trip
  return [...starts, ...buttons, ...trips, ...(conditions.length > 1 ? [all] : [])];
}

function unhealthy(signal: ResolvedSignal): Literal {
  return signal.healthy ? FALSE : TRUE;
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
