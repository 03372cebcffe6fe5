import type { RunView } from './fleet-state.js';

const RUN_ENDS = { finished: 'done', cancelled: 'cancelled', interrupted: 'interrupted' } as const;

/** A run in a few words, for the title of the view and the status bar. */
export function describeRun({ state, isDryRun, done, total }: RunView): string {
  const kind = isDryRun ? 'dry run' : 'run';
  return state === 'running'
    ? `${kind}: ${done} of ${total} sites`
    : `${kind} ${RUN_ENDS[state]}: ${done} of ${total} sites`;
}
