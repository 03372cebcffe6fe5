/**
 * ELSE branches of a CASE that a change takes away or leads elsewhere: the way back to a safe state from a number that no branch names.
 * No proof over the numbers that the program writes itself can miss them, for they are there for the other ones: after
 * a download, a wrong index, a disturbed memory.
 */

import type { ConstantValue } from '../../language/semantics/model.js';
import type { Case } from '../../language/syntax/tree.js';
import type { Location } from '../dataflow/location.js';
import type { Branch, WriteEvent } from '../dataflow/trace.js';
import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import { nameChanges } from './name-changes.js';

export interface DroppedFallback {
  /** What the ELSE wrote, by its location before the change. */
  readonly target: Location;
  /** A write in the same CASE after the change. */
  readonly event: WriteEvent;
  /** The selector as written after the change. */
  readonly selector: string;
  /** What the ELSE gave and what it gives now, as written; null when it writes the target no longer. */
  readonly values: { readonly before: string; readonly after: string } | null;
}

/** Sorted by the order of the scan before the change. */
export function droppedFallbacks(change: Change): DroppedFallback[] {
  const { locationBefore } = nameChanges(change);
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const remaining = casesAround(after, locationBefore);
  const dropped = new Map<string, DroppedFallback>();
  for (const { selector, target, fallback, event: was } of casesAround(before, (location) => location)) {
    const rest = remaining.find((each) => each.selector === selector);
    if (fallback === null || rest === undefined) continue;
    const kept = remaining.filter((each) => each.fallback === fallback);
    const [now] = kept;
    if (now === undefined) {
      dropped.set(fallback, { target, event: rest.event, selector: rest.text, values: null });
      continue;
    }
    const old = constantOf(was, before);
    if (old === null || kept.some(({ event }) => leadsBack(event, after, old))) continue;
    dropped.set(fallback, {
      target,
      event: now.event,
      selector: now.text,
      values: { before: valueText(was), after: valueText(now.event) },
    });
  }
  return [...dropped.values()];
}

/** To the value as before, or to that which the target starts with. */
function leadsBack(event: WriteEvent, model: SafetyModel, old: ConstantValue): boolean {
  const now = constantOf(event, model);
  if (now === null) return false;
  if (now === old) return true;
  const variable = model.variableAt(event.target);
  const start = variable?.initializer == null ? null : model.site.project.model.constantOf(variable.initializer);
  return start === null ? now === 0n || now === 0 || now === false : now === start;
}

function constantOf({ value, isNegated }: WriteEvent, { site }: SafetyModel): ConstantValue | null {
  const constant = value === null ? null : site.project.model.constantOf(value);
  return typeof constant === 'boolean' ? constant !== isNegated : constant;
}

function valueText({ value, frame }: WriteEvent): string {
  return value === null ? '?' : frame.file.text.slice(value.start, value.end);
}

interface WriteInCase {
  readonly selector: Location;
  readonly text: string;
  readonly target: Location;
  readonly event: WriteEvent;
  /** Selector and target where the write stands in the ELSE; null in the other branches. */
  readonly fallback: string | null;
}

/** Writes of the hazards' cone that stand in a CASE, once for each CASE around them. */
function casesAround(model: SafetyModel, toOld: (location: Location) => Location): WriteInCase[] {
  return [...model.hazardCone.events]
    .sort((a, b) => a.order - b.order)
    .flatMap((event) =>
      branchesOf(event).flatMap((branch): WriteInCase[] => {
        const statement = caseOf(branch);
        if (statement === null) return [];
        const [place] = model.trace.places.placeOf(statement.selector, event.frame)?.locations ?? [];
        if (place === undefined) return [];
        const selector = toOld(place);
        const target = toOld(event.target);
        const isElse = statement.otherwise !== null && branch.arm === statement.branches.length;
        const text = event.frame.file.text.slice(statement.selector.start, statement.selector.end);
        return [{ selector, text, target, event, fallback: isElse ? `${selector} ${target}` : null }];
      }),
    );
}

function branchesOf(event: WriteEvent): Branch[] {
  const branches: Branch[] = [];
  for (let each = event.branch; each !== null; each = each.outer) branches.push(each);
  return branches;
}

function caseOf({ statement }: Branch): Case | null {
  return 'kind' in statement && statement.kind === 'Case' ? statement : null;
}
