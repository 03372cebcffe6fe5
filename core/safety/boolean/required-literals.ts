/** What has to be TRUE or FALSE for a formula, or a hazard, to be on. */

import { type Location, shapeOf } from '../dataflow/location.js';
import { conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import type { SafetyModel } from '../safety-model.js';
import type { ResolvedSignal } from '../signal-roles.js';
import type { Formula } from './formula.js';

export interface Literal {
  readonly location: Location;
  readonly isPositive: boolean;
}

/** The atoms that must have their value for a formula to be `holds`; null when it can't be. */
export function literalsRequired(formula: Formula, holds: boolean): readonly Literal[] | null {
  switch (formula.kind) {
    case 'constant':
      return formula.value === holds ? [] : null;
    case 'atom':
      return formula.location === null ? [] : [{ location: formula.location, isPositive: holds }];
    case 'not':
      return literalsRequired(formula.operand, !holds);
    case 'and':
    case 'or': {
      const parts = formula.operands.map((operand) => literalsRequired(operand, holds));
      if ((formula.kind === 'and') === holds) {
        return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
      }
      const possible = parts.filter((part) => part !== null);
      const [first, ...others] = possible;
      if (first === undefined) return null;
      return first.filter((one) =>
        others.every((part) =>
          part.some((other) => other.location === one.location && other.isPositive === one.isPositive),
        ),
      );
    }
  }
}

/** Copies, outputs of blocks and variables in between that are followed from a hazard. */
const MAX_STEPS = 4;

/**
 * Whether a hazard can be on only while a location is TRUE (FALSE), as far as the writes between them show it: every
 * write that does not switch it off asks for it. Said of the writes of a scan, not of a value held from the scan before.
 */
export function hazardRequires(model: SafetyModel, hazard: ResolvedSignal, literal: Literal): boolean {
  const writes = model.index.writersOf(hazard.location).filter((event) => !switchesOff(event, hazard, model));
  return writes.length > 0 && writes.every((event) => writeRequires(model, event, literal, MAX_STEPS));
}

function writeRequires(model: SafetyModel, event: WriteEvent, literal: Literal, steps: number): boolean {
  const value = event.value === null ? null : model.site.project.model.typeOf(event.value);
  const isBoolean = value?.kind === 'elementary' && value.name.endsWith('BOOL');
  const parts = [
    ...(isBoolean && event.value !== null ? [{ part: event.value, frame: event.frame, holds: !event.isNegated }] : []),
    ...conditionsAround(event).flatMap(({ expression, frame, holds }) =>
      expression === null ? [] : [{ part: expression, frame, holds }],
    ),
  ];
  return parts.some(({ part, frame, holds }) => {
    const required = literalsRequired(model.formulaOf(part, frame), holds);
    if (required === null) return true;
    return required.some(
      (each) =>
        (shapeOf(each.location) === shapeOf(literal.location) && each.isPositive === literal.isPositive) ||
        (steps > 0 && each.isPositive && locationRequires(model, each.location, literal, steps - 1)),
    );
  });
}

function locationRequires(model: SafetyModel, location: Location, literal: Literal, steps: number): boolean {
  const writes = model.index
    .writersOf(location)
    .filter(({ value, isNegated }) => value === null || model.site.project.model.constantOf(value) !== isNegated);
  return (
    writes.length > 0 &&
    writes.every((event) => event.kind !== 'library' && writeRequires(model, event, literal, steps))
  );
}

function switchesOff({ kind, value, isNegated }: WriteEvent, hazard: ResolvedSignal, model: SafetyModel): boolean {
  if (kind === 'reset') return true;
  const constant = value === null ? null : model.site.project.model.constantOf(value);
  if (typeof constant === 'boolean') return (constant !== isNegated) === hazard.off;
  return constant !== null && Number(constant) === Number(hazard.off);
}
