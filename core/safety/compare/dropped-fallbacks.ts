/**
 * ELSE branches of a CASE that a change takes away: the way back to a safe state from a number that no branch names.
 * No proof over the numbers that the program writes itself can miss them, for they are there for the other ones: after
 * a download, a wrong index, a disturbed memory.
 */

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
}

/** Sorted by the order of the scan before the change. */
export function droppedFallbacks(change: Change): DroppedFallback[] {
  const { locationBefore } = nameChanges(change);
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const kept = new Set(casesAround(after, locationBefore).flatMap(({ fallback }) => fallback ?? []));
  const remaining = new Map(casesAround(after, locationBefore).map((each) => [each.selector, each]));
  const dropped = new Map<string, DroppedFallback>();
  for (const { selector, target, fallback } of casesAround(before, (location) => location)) {
    const rest = remaining.get(selector);
    if (fallback === null || kept.has(fallback) || rest === undefined) continue;
    dropped.set(fallback, { target, event: rest.event, selector: rest.text });
  }
  return [...dropped.values()];
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
