/** Which times and numbers at the pins of blocks a safety function relies on. */

import { keyOf } from '../language/semantics/symbols.js';
import { impliedConditions } from './boolean/implied-conditions.js';
import type { PinParameter } from './compare/parameters.js';
import { coneTouches } from './dataflow/cone.js';
import { isSafetyTimer } from './rules/safety-block-calls.js';
import { isSafetyBlock } from './safety-blocks.js';
import type { SafetyModel } from './safety-model.js';

/** A pin of a certified block, of a timer between a condition and a hazard, or of a block that evaluates conditions. */
export function isSafetyParameter(model: SafetyModel, parameter: PinParameter): boolean {
  const { instance, location } = parameter;
  const type = model.variableAt(instance)?.type;
  const name = type?.kind === 'pou' ? type.pou.name : '';
  if (model.resolution.limits.some((limit) => limit.location === location)) return true;
  if (isSafetyBlock(name)) return true;
  if (/^(L?TON|L?TOF|L?TP)(_|$)/.test(keyOf(name))) return isSafetyTimer(model, instance);
  if (/^CT[UD]/.test(keyOf(name)))
    return coneTouches(model.hazardCone, instance) && feedsFromCondition(model, instance);
  return coneTouches(model.hazardCone, location) && feedsFromCondition(model, instance);
}

function feedsFromCondition(model: SafetyModel, instance: string): boolean {
  const implied = impliedConditions(model);
  return model.index
    .writersOf(instance)
    .some(
      (event) =>
        event.kind === 'input' &&
        event.target.startsWith(`${instance}.`) &&
        event.sources.some(
          (source) =>
            implied.whenTrue(source).length > 0 ||
            implied.whenFalse(source).length > 0 ||
            model.signalsAt(source).some((signal) => signal.role === 'reset'),
        ),
    );
}
