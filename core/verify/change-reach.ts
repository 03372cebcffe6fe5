import { safetyConeTouched } from '../safety/compare/touched-roles.js';
import type { Change } from '../safety/rule.js';
import { changedFiles } from '../site/snapshot.js';
import type { ChangeReach } from './review-level.js';

/** How far a change reaches: decides who must review it. When in doubt, into the safety logic. */
export function changeReach(change: Change): ChangeReach {
  if (changedFiles(change.before.snapshot, change.after.snapshot).length === 0) return 'nothing';
  return safetyConeTouched(change).touched ? 'safety-logic' : 'ordinary-logic';
}
