/** Where a signal is read directly: the question behind "which roles does this change touch". */

import { keyOf } from '../../language/semantics/symbols.js';
import { operandSense } from '../boolean/operand-sense.js';
import { mayOverlap } from '../dataflow/location.js';
import { conditionsAround } from '../dataflow/trace.js';
import type { SafetyModel } from '../safety-model.js';
import type { ResolvedSignal } from '../signal-roles.js';

/** The targets that read the signal, with the sense in which they do, and the file: `MAIN.MOTOR (AND)`. */
export function signalUses(model: SafetyModel, signal: ResolvedSignal): ReadonlyMap<string, string> {
  const uses = new Map<string, string>();
  for (const event of model.index.readersOf(signal.location)) {
    // Showing a guard on a panel is no use of it; without any known hazard every use may be one.
    if (model.hazards.length > 0 && !model.hazardCone.events.has(event)) continue;
    const isDirect = event.sources.some((source) => mayOverlap(source, signal.location));
    const sense = isDirect
      ? event.value === null
        ? 'block'
        : operandSense(event.value, event.frame, signal.location, model)
      : 'condition';
    const conditionSense = conditionsAround(event)
      .filter((condition) => condition.reads.some((read) => mayOverlap(read, signal.location)))
      .map(
        (condition) =>
          `${condition.holds ? '' : 'else '}${condition.expression === null ? 'exit' : operandSense(condition.expression, condition.frame, signal.location, model)}`,
      );
    const how = [isDirect ? sense : '', ...conditionSense].filter((part) => part !== '').join(', ');
    uses.set(`${keyOf(event.target).replace(/#\d+/g, '')} (${how})`, event.frame.file.path);
  }
  return uses;
}
