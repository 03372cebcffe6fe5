/** Makes the inputs that lead to a difference few. */

import type { InputChange } from '../input-sequences.js';
import type { BehaviourDifference } from './replay.js';

const SHRINK_LIMIT = 200;

/** Leaves out changes as long as some difference remains: halves first, then one by one. */
export function shrinkInputs(
  changes: readonly InputChange[],
  found: BehaviourDifference,
  retry: (changes: readonly InputChange[]) => BehaviourDifference | null,
): BehaviourDifference {
  let best = { ...found, inputs: changes.filter((each) => each.scan <= found.scan) };
  let attempts = 0;
  for (let size = Math.ceil(best.inputs.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best.inputs.length && attempts < SHRINK_LIMIT; ) {
      const fewer = [...best.inputs.slice(0, start), ...best.inputs.slice(start + size)];
      attempts++;
      const difference = retry(fewer);
      if (difference === null) start += size;
      else best = { ...difference, inputs: fewer.filter((each) => each.scan <= difference.scan) };
    }
  }
  return best;
}
