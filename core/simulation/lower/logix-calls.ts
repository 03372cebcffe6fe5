/** Calls of Logix instructions that work on a structure: through the model that the structure carries. */

import type { ResolvedCall } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Call } from '../../language/syntax/tree.js';
import type { Effect, Field, Place, Value } from '../compile/ir.js';
import { BODY, fieldName } from '../compile/mangle.js';
import { BOOL, DINT, elementaryShape, type Shape, VOID } from '../compile/shape.js';
import { LOGIX_INSTRUCTIONS, LOGIX_PINS, logixModelName, logixPin } from '../library/logix-instructions.js';
import { type ProgramBuilder, type RoutineScope, siteOf } from './context.js';
import { lowerObject } from './places.js';
import { constant, load } from './values.js';

/** Member of a structure that holds its model: no name of a user has a space in it. */
const COMPANION = fieldName(' model');

const NUMBERS: ReadonlySet<string> = new Set(['PRE', 'ACC']);

/** The hidden member of a library structure that Logix instructions work on; null for any other structure. */
export function companionField(builder: ProgramBuilder, structure: string | null): Field | null {
  const shape = structure === null ? null : companionShape(builder, structure);
  if (shape === null) return null;
  return {
    name: COMPANION,
    label: ' model',
    shape,
    initial: { op: 'initial', shape },
    isRetained: false,
    isHidden: true,
    sharedAs: null,
  };
}

function companionShape(builder: ProgramBuilder, structure: string): Shape | null {
  const name = logixModelName(structure);
  const model = name === null ? null : builder.modelNamed(name);
  return model === null ? null : { kind: 'object', className: builder.classOf(model), typeName: model.name };
}

/** The effects of a call such as `TONR(T1)`; null when it is none. */
export function lowerLogixCall(scope: RoutineScope, call: Call, resolved: ResolvedCall): Effect[] | null {
  const { target } = resolved;
  if (target?.kind !== 'pou' || !target.isLibrary || target.pouKind !== 'function') return null;
  const instruction = LOGIX_INSTRUCTIONS.get(keyOf(target.name));
  const operand = resolved.bindings[0]?.argument.value ?? null;
  if (instruction === undefined || operand === null) return null;
  const type = scope.project.model.typeOf(operand);
  if (type.kind !== 'struct' || keyOf(type.name ?? '') !== instruction.structure) return null;
  const object = lowerObject(scope, operand);
  const shape = companionShape(scope.builder, instruction.structure);
  const pins = LOGIX_PINS[instruction.structure];
  if (object === null || shape === null || pins === undefined) return null;
  const model: Value = load({ place: 'field', object, name: COMPANION, shape });
  const member = (name: string): Place => ({ place: 'field', object, name: fieldName(name), shape: shapeOf(name) });
  const pin = (name: string): Place => ({
    place: 'field',
    object: model,
    name: fieldName(logixPin(name)),
    shape: shapeOf(name),
  });
  const kind: Place = {
    place: 'field',
    object: model,
    name: fieldName(logixPin('Kind')),
    shape: elementaryShape('INT'),
  };
  return [
    { do: 'store', to: kind, value: constant(kind.shape, instruction.kind) },
    ...pins.read.map((name): Effect => ({ do: 'store', to: pin(name), value: load(member(name)) })),
    {
      do: 'evaluate',
      value: { op: 'invoke', shape: VOID, object: model, method: BODY, arguments: [], site: siteOf(scope, call) },
    },
    ...pins.written.map((name): Effect => ({ do: 'store', to: member(name), value: load(pin(name)) })),
  ];
}

function shapeOf(member: string): Shape {
  return NUMBERS.has(member) ? DINT : BOOL;
}
