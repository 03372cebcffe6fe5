/** How a program evaluates the two channels of one safety device: names, comparisons, blocks that do it. */

import type { Expression } from '../language/syntax/tree.js';
import { atomsOf, type Formula } from './boolean/formula.js';
import type { Location } from './dataflow/location.js';
import { type Condition, conditionsAround, type Frame, type WriteEvent } from './dataflow/trace.js';
import { isSafetyBlock } from './safety-blocks.js';
import type { SafetyModel } from './safety-model.js';
import { pinWritesOf } from './safety-pins.js';
import { originOf } from './signal-origin.js';

/** `xGuardDoor_Ch1` as `XGUARDDOOR` and `1`: the name without what tells one channel from the other; null for no channel. */
export function channelOf(name: string): { readonly stem: string; readonly channel: string } | null {
  const match = /^(.+?)_?(?:CH|CHANNEL|KANAL|KONTAKT|CONTACT|CANAL|CANALE|OSSD|K)_?([12AB])$/i.exec(name);
  const [, stem, channel] = match ?? [];
  return stem === undefined || channel === undefined
    ? null
    : { stem: stem.toUpperCase(), channel: channel.toUpperCase() };
}

/** A place where a program looks whether two signals agree. */
export interface Comparison {
  /** Origins of everything that is compared. */
  readonly origins: ReadonlySet<Location>;
  readonly event: WriteEvent;
}

const COMPARISONS = new WeakMap<SafetyModel, readonly Comparison[]>();

/** Every `a XOR b`, `a <> b`, `a = b` and what is written out in AND and OR. Memo by identity: several rules ask. */
export function comparisonsOf(model: SafetyModel): readonly Comparison[] {
  const known = COMPARISONS.get(model);
  if (known !== undefined) return known;
  const found: Comparison[] = [];
  const seen = new Set<Condition>();
  const look = (expression: Expression | null, frame: Frame, event: WriteEvent): void => {
    if (expression === null) return;
    const compared = comparedIn(model.formulaOf(expression, frame));
    if (compared.length < 2) return;
    found.push({ origins: new Set(compared.map((location) => originOf(model, location))), event });
  };
  for (const event of model.trace.writes) {
    look(event.value, event.frame, event);
    for (const condition of conditionsAround(event)) {
      if (seen.has(condition)) continue;
      seen.add(condition);
      look(condition.expression, condition.frame, event);
    }
  }
  COMPARISONS.set(model, found);
  return found;
}

/** What stands in a formula both plain and negated: `a AND NOT b OR NOT a AND b` looks whether a and b agree. */
function comparedIn(formula: Formula): Location[] {
  const senses = new Map<Location, number>();
  for (const { atom, isPositive } of atomsOf(formula)) {
    if (atom.location === null) continue;
    senses.set(atom.location, (senses.get(atom.location) ?? 0) | (isPositive ? 1 : 2));
  }
  return [...senses].flatMap(([location, sense]) => (sense === 3 ? [location] : []));
}

/** How a signal is evaluated together with a second channel; null when it stands alone. */
export function evaluationOf(model: SafetyModel, signal: Location): 'block' | 'comparison' | null {
  const feeds = new Map<Location, Set<Location>>();
  for (const { pin, event } of pinWritesOf(model)) {
    if (event.kind !== 'input' || !isSafetyBlock(pin.type)) continue;
    const origins = feeds.get(pin.instance) ?? new Set();
    for (const source of event.sources) origins.add(originOf(model, source));
    feeds.set(pin.instance, origins);
  }
  const isSafeSensor = (location: Location): boolean =>
    model.conditions.some((condition) => condition.location === location) ||
    channelOf(model.variableAt(location)?.name ?? '') !== null;
  for (const origins of feeds.values())
    if (origins.has(signal) && [...origins].some((other) => other !== signal && isSafeSensor(other))) return 'block';
  return comparisonsOf(model).some(({ origins }) => origins.has(signal) && origins.size > 1) ? 'comparison' : null;
}
