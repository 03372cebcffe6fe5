/** Which conditions a hazard is not seen to ask: where a way around them would matter. */

import type { Location } from '../dataflow/location.js';
import type { SafetyModel } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { impliedConditions } from './implied-conditions.js';

export interface OpenHazard {
  readonly hazard: ResolvedSignal;
  /** Conditions of the hazard that its being on does not imply. */
  readonly open: ReadonlySet<Location>;
}

/** Hazards with the conditions that they do not imply; where an engineer has declared hazards, guessed ones are noise. */
export function openHazards(model: SafetyModel): readonly OpenHazard[] {
  const implied = impliedConditions(model);
  const declared = model.hazards.filter(isDeclared);
  return (declared.length > 0 ? declared : model.hazards).flatMap((hazard) => {
    const asked = hazard.off === true ? implied.whenFalse(hazard.location) : implied.whenTrue(hazard.location);
    const held = new Set(asked.map((signal) => signal.location));
    const open = model.conditionsOf(hazard).flatMap(({ location }) => (held.has(location) ? [] : [location]));
    return open.length === 0 ? [] : [{ hazard, open: new Set(open) }];
  });
}
