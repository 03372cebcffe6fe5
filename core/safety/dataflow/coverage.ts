/** Whether some writes together happen in every scan, whatever way it takes through IF and CASE. */

import type { Branch, WriteEvent } from './trace.js';

export function isWrittenInEveryScan(events: readonly WriteEvent[]): boolean {
  const paths = events.flatMap((event): Branch[][] => {
    const isWhole = event.kind !== 'set' && event.kind !== 'reset' && event.isCertain && event.guard === null;
    if (!isWhole) return [];
    const path = pathTo(event.branch);
    // Loops and EN add a condition that is no branch: such a write may not happen at all.
    return conditionCount(event) > branchConditions(path) ? [] : [path];
  });
  return coversEveryPath(paths);
}

/** The branches around an event, outermost first. */
function pathTo(branch: Branch | null): Branch[] {
  const path: Branch[] = [];
  for (let current = branch; current !== null; current = current.outer) path.unshift(current);
  return path;
}

function conditionCount(event: WriteEvent): number {
  let count = 0;
  for (let condition = event.condition; condition !== null; condition = condition.outer) count++;
  return count;
}

/** How many conditions the branches of a path account for: arm n of an IF stands under n + 1 conditions, ELSE under n. */
function branchConditions(path: readonly Branch[]): number {
  return path.reduce((sum, branch) => {
    const { statement } = branch;
    if (!('kind' in statement) || statement.kind !== 'If') return sum + 1;
    return sum + (branch.arm < statement.branches.length ? branch.arm + 1 : branch.arm);
  }, 0);
}

/** True when every run takes one of the paths. */
function coversEveryPath(paths: readonly (readonly Branch[])[]): boolean {
  if (paths.some((path) => path.length === 0)) return true;
  const heads = new Set(paths.map((path) => path[0]));
  for (const head of heads) {
    if (head === undefined || !head.isComplete) continue;
    const { statement } = head;
    if (!('kind' in statement) || (statement.kind !== 'If' && statement.kind !== 'Case')) continue;
    const same = paths.filter((path) => path[0]?.statement === statement && path[0].activation === head.activation);
    const arms = statement.branches.length + 1;
    const isCovered = Array.from({ length: arms }, (_, arm) => arm).every((arm) =>
      coversEveryPath(same.filter((path) => path[0]?.arm === arm).map((path) => path.slice(1))),
    );
    if (isCovered) return true;
  }
  return false;
}
