/** What a panel, SCADA or another client of the network can set, and everything that takes its value from there. */

import type { Expression } from '../language/syntax/tree.js';
import type { Location } from './dataflow/location.js';
import { conditionsAround, type WriteEvent } from './dataflow/trace.js';
import { forEachExpression } from './dataflow/visit.js';
import type { SafetyModel } from './safety-model.js';
import { pinOf } from './safety-pins.js';
import type { ResolvedSignal } from './signal-roles.js';

export interface Taint {
  /** The tag that can be written from outside. */
  readonly operator: ResolvedSignal;
  /** The write that brought its value here; null at the tag itself. */
  readonly event: WriteEvent | null;
}

const TAINTS = new WeakMap<SafetyModel, ReadonlyMap<Location, Taint>>();

/** Blocks that only pass a value on, or its edge. */
const PASSING = /^(R_TRIG|F_TRIG|L?TON|L?TOF|L?TP)(_|$)/;

/**
 * Locations whose value comes from an operator tag: over copies, expressions, calls and edges, not over what a branch
 * decides. Tags count when the manifest names them. Memo by identity: several rules ask.
 */
export function taintedByOperator(model: SafetyModel): ReadonlyMap<Location, Taint> {
  const known = TAINTS.get(model);
  if (known !== undefined) return known;
  const tainted = new Map<Location, Taint>();
  const queue: Location[] = [];
  const reach = (location: Location, taint: Taint): void => {
    if (tainted.has(location)) return;
    tainted.set(location, taint);
    queue.push(location);
  };
  for (const signal of model.signals)
    if (signal.role === 'operator' && signal.source !== 'name')
      reach(signal.location, { operator: signal, event: null });
  for (let location = queue.pop(); location !== undefined; location = queue.pop()) {
    const taint = tainted.get(location);
    if (taint === undefined) continue;
    for (const event of model.index.readersOf(location)) {
      if (!event.sources.includes(location)) continue;
      const pin = event.kind === 'library' ? pinOf(event.target, model) : null;
      if (event.kind === 'library' && (pin === null || !PASSING.test(pin.type))) continue;
      reach(event.target, { operator: taint.operator, event });
    }
  }
  TAINTS.set(model, tainted);
  return tainted;
}

/** True when the program looks whether a number is within bounds: a comparison with a constant, or LIMIT, MIN, MAX. */
export function isRangeChecked(model: SafetyModel, location: Location): boolean {
  const type = model.variableAt(location)?.type;
  if (type?.kind === 'subrange' || type?.kind === 'enum') return true;
  const { model: semantics } = model.site.project;
  const reads = (expression: Expression, event: WriteEvent): boolean => {
    const place = model.trace.places.placeOf(expression, event.frame);
    return place?.locations.includes(location) === true;
  };
  const checks = (expression: Expression | null, event: WriteEvent): boolean => {
    if (expression === null) return false;
    let isChecked = false;
    forEachExpression(expression, (part) => {
      if (part.kind === 'Binary' && /^(<|>|<=|>=)$/.test(part.operator)) {
        const sides = [part.left, part.right] as const;
        const [left, right] = sides;
        if (
          (reads(left, event) && semantics.constantOf(right) !== null) ||
          (reads(right, event) && semantics.constantOf(left) !== null)
        )
          isChecked = true;
      }
      if (part.kind === 'Call' && part.callee.kind === 'Name' && /^(LIMIT|MIN|MAX)$/i.test(part.callee.name.name))
        if (part.arguments.some(({ value }) => value !== null && reads(value, event))) isChecked = true;
    });
    return isChecked;
  };
  return model.index
    .readersOf(location)
    .some(
      (event) =>
        checks(event.value, event) ||
        conditionsAround(event).some(({ expression, frame }) => checks(expression, { ...event, frame })),
    );
}
