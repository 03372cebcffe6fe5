import type { SafetyModel } from '../safety-model.js';

/** True for the step of a sequence: an integer that only ever gets constants. */
export function isStepVariable(model: SafetyModel, location: string): boolean {
  const type = model.variableAt(location)?.type;
  if (type?.kind !== 'elementary' || !/INT$/.test(type.name)) return false;
  const writes = model.index.writersOf(location);
  return (
    writes.length > 0 &&
    writes.every((event) => event.value !== null && model.site.project.model.constantOf(event.value) !== null)
  );
}
