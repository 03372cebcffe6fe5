/** Two inputs of one call that got each other's value. Compiles whenever their types agree, and reads like a tidy-up. */

import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import type { Location } from '../dataflow/location.js';
import type { WriteEvent } from '../dataflow/trace.js';
import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import { nameChanges } from './name-changes.js';
import { normalBody, normalExpression } from './normal-form.js';

export interface ExchangedInputs {
  /** The two writes after the change, in order of the scan. */
  readonly events: readonly [WriteEvent, WriteEvent];
  /** What the first of them got before, and what it gets now; the second the other way round. */
  readonly before: string;
  readonly after: string;
}

interface InputText {
  readonly text: string;
  readonly event: WriteEvent;
}

/**
 * Exchanged inputs of calls on which a hazard depends, where one of the values stands for a safety signal. A block that
 * was itself changed, or to which both inputs are the same, is left to the proof.
 */
export function exchangedInputs(change: Change): ExchangedInputs[] {
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore, oldNameOf } = nameChanges(change);
  const rename = (name: string): string => oldNameOf.get(name) ?? name;
  const old = inputsByCallee(before, (location) => location);
  const found: ExchangedInputs[] = [];
  for (const [callee, now] of inputsByCallee(after, locationBefore, rename)) {
    const was = old.get(callee);
    if (was === undefined) continue;
    const pins = [...now.keys()];
    pins.forEach((first, position) => {
      for (const second of pins.slice(position + 1)) {
        const exchanged = crossed(was, now, first, second);
        if (exchanged === null || !standsForSignal(exchanged.events, after)) continue;
        if (isAlike(change, exchanged.events, first, second)) continue;
        found.push(exchanged);
      }
    });
  }
  return found;
}

/** Texts of the inputs of each instance or function, per pin in order of the calls. */
function inputsByCallee(
  model: SafetyModel,
  toOld: (location: Location) => Location,
  rename?: (name: string) => string,
): Map<Location, Map<string, InputText[]>> {
  const found = new Map<Location, Map<string, InputText[]>>();
  const options = { model: model.site.project.model, ...(rename === undefined ? {} : { rename }) };
  for (const event of model.hazardCone.events) {
    if (event.kind !== 'input' || event.value === null) continue;
    const target = toOld(event.target).replace(/#\d+/g, '');
    const dot = target.lastIndexOf('.');
    const [callee, pin] = [target.slice(0, dot), target.slice(dot + 1)];
    const pins = found.get(callee) ?? new Map<string, InputText[]>();
    const texts = pins.get(pin) ?? [];
    texts.push({ text: `${event.isNegated ? 'NOT ' : ''}${normalExpression(event.value, options)}`, event });
    pins.set(pin, texts);
    found.set(callee, pins);
  }
  for (const pins of found.values())
    for (const texts of pins.values()) texts.sort((a, b) => a.event.order - b.event.order);
  return found;
}

function crossed(
  was: ReadonlyMap<string, readonly InputText[]>,
  now: ReadonlyMap<string, readonly InputText[]>,
  first: string,
  second: string,
): ExchangedInputs | null {
  const [oldFirst, oldSecond] = [was.get(first) ?? [], was.get(second) ?? []];
  const [newFirst, newSecond] = [now.get(first) ?? [], now.get(second) ?? []];
  for (const [position, one] of newFirst.entries()) {
    const other = newSecond[position];
    const [before, otherBefore] = [oldFirst[position], oldSecond[position]];
    if (other === undefined || before === undefined || otherBefore === undefined) continue;
    if (one.text === before.text || one.text !== otherBefore.text || other.text !== before.text) continue;
    return { events: [one.event, other.event], before: before.text, after: one.text };
  }
  return null;
}

function standsForSignal(events: readonly WriteEvent[], model: SafetyModel): boolean {
  const implied = impliedConditions(model);
  return events.some(
    (event) =>
      implied.ofWrite(event).length > 0 ||
      event.sources.some((source) =>
        model.signalsAt(source).some(({ role }) => role !== 'operator' && role !== 'mode' && role !== 'bypass'),
      ),
  );
}

/** True when the block takes both inputs alike, or is not the block that it was. */
function isAlike(change: Change, [event]: readonly WriteEvent[], first: string, second: string): boolean {
  const now = event === undefined ? null : calleeOf(event, change.after);
  if (now?.declaration == null) return false;
  const was = change.before.project.pous.find((pou) => pou.qualifiedName === now.qualifiedName);
  if (was?.declaration == null || now.methods.size > 0 || now.actions.size > 0 || now.base !== null) return false;
  const text = normalBody(now.declaration.body, { model: change.after.project.model });
  if (text !== normalBody(was.declaration.body, { model: change.before.project.model })) return true;
  const exchange = (name: string): string => (name === first ? second : name === second ? first : name);
  return text === normalBody(now.declaration.body, { model: change.after.project.model, rename: exchange });
}

function calleeOf({ target }: WriteEvent, site: Change['after']): PouSymbol | null {
  const model = safetyModelOf(site);
  const owner = target.slice(0, target.lastIndexOf('.'));
  const type = model.variableAt(owner)?.type;
  if (type?.kind === 'pou') return type.pou;
  const name = owner.replace(/#\d+/g, '');
  return site.project.pous.find((pou) => `${keyOf(pou.qualifiedName)}.${keyOf(pou.name)}` === name) ?? null;
}
