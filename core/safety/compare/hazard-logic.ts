/** Whether the logic of a hazard is still the same text after normalisation: the cheap answer before any proof. */

import { compareText } from '../../base/finding.js';
import type { WriteEvent } from '../dataflow/trace.js';
import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import type { ResolvedSignal } from '../signal-roles.js';
import { normalExpression } from './normal-form.js';

/** One sentence per hazard whose cone changed in meaning; empty when every hazard computes the same in the same order. */
export function compareHazardLogic(change: Change): string[] {
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const reasons: string[] = [];
  const hazards = new Map([...before.hazards, ...after.hazards].map((hazard) => [hazard.location, hazard]));
  for (const hazard of [...hazards.values()].sort((a, b) => compareText(a.location, b.location))) {
    if (hazardText(before, hazard) !== hazardText(after, hazard)) reasons.push(`the logic of ${hazard.tag} changed`);
  }
  if (scheduleText(change.before) !== scheduleText(change.after)) reasons.push('the tasks changed');
  return reasons;
}

/** True when what a hazard computes, or when it is computed, is no longer the same after normalisation. */
export function hazardLogicDiffers(change: Change, hazard: ResolvedSignal): boolean {
  const [before, after] = [safetyModelOf(change.before), safetyModelOf(change.after)];
  return (
    hazardText(before, hazard) !== hazardText(after, hazard) ||
    scheduleText(change.before) !== scheduleText(change.after)
  );
}

function hazardText(model: SafetyModel, hazard: ResolvedSignal): string {
  const cone = model.coneOf(hazard.location);
  const events = [...cone.events].sort((a, b) => a.order - b.order).map((event) => eventText(event, model));
  const declarations = [...cone.locations]
    .filter((location) => !location.includes('#'))
    .sort()
    .map((location) => declarationText(model, location));
  return [...events, ...declarations.filter((text) => text !== '')].join('\n');
}

/** Initial value and retention of the roots of a cone: they decide what the first scan sees. */
function declarationText(model: SafetyModel, location: string): string {
  const variable = model.variableAt(location);
  if (variable === null) return '';
  const initial =
    variable.initializer === null ? '' : normalExpression(variable.initializer, { model: model.site.project.model });
  return `${location}:${variable.retention}:${initial}:${variable.location?.text ?? ''}`;
}

/** A write with its value and conditions in normal form. */
export function eventText(event: WriteEvent, model: SafetyModel): string {
  const options = { model: model.site.project.model };
  const conditions: string[] = [];
  for (let condition = event.condition; condition !== null; condition = condition.outer) {
    conditions.push(
      `${condition.holds ? '' : '!'}${condition.expression === null ? placesText(condition.reads) : normalExpression(condition.expression, options)}`,
    );
  }
  const guards: string[] = [];
  for (let guard = event.guard; guard !== null; guard = guard.outer) guards.push(placesText(guard.reads));
  const value = event.value === null ? placesText(event.sources) : normalExpression(event.value, options);
  return `${event.kind} ${placesText([event.target])} ${event.isNegated ? '!' : ''}${value} IF ${conditions.join(' & ')} EXIT ${guards.join(' & ')}`;
}

/** Places without the number of the activation that they belong to. Constants stand in expressions and stay as they are. */
function placesText(locations: readonly string[]): string {
  return locations.join(',').replace(/#\d+/g, '');
}

function scheduleText(site: Change['before']): string {
  return site.project.schedule
    .map(
      (task) =>
        `${task.name} ${task.interval} ${task.priority} ${task.programs.map((program) => program.instanceName).join(',')}`,
    )
    .join('\n');
}
