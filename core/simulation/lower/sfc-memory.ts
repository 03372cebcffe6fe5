/** What a sequential function chart remembers between scans: its steps, and the state of its actions. */

import { keyOf, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { Identifier, SfcActionAssociation, SfcBody, SfcStep } from '../../language/syntax/tree.js';
import type { Field } from '../compile/ir.js';
import { fieldName } from '../compile/mangle.js';
import { BOOL, type Shape, TIME } from '../compile/shape.js';
import type { RoutineScope } from './context.js';
import { constant, FALSE } from './values.js';

export const ZERO = constant(TIME, 0);

/** Memory of a chart. The names can't meet those of variables, whose prefix is another. */
export const STARTED = 'x_STARTED';
export const wasActive = (step: number): string => `x_W${step}`;
export const startOf = (step: number): string => `x_T${step}`;
export const ranBefore = (action: number): string => `x_Q${action}`;
export const storedIn = (association: number): string => `x_M${association}`;
export const sinceIn = (association: number): string => `x_S${association}`;

/** `TIMED` has a time; without one it can't be executed. */
export const QUALIFIERS: ReadonlyMap<string, { readonly isTimed: boolean }> = new Map([
  ['N', { isTimed: false }],
  ['S', { isTimed: false }],
  ['R', { isTimed: false }],
  ['P', { isTimed: false }],
  ['P0', { isTimed: false }],
  ['P1', { isTimed: false }],
  ['L', { isTimed: true }],
  ['D', { isTimed: true }],
  ['SD', { isTimed: true }],
  ['DS', { isTimed: true }],
  ['SL', { isTimed: true }],
]);
export const PULSES: ReadonlySet<string> = new Set(['P', 'P0', 'P1']);

export interface Association {
  readonly number: number;
  readonly step: number;
  readonly qualifier: string;
  readonly node: SfcActionAssociation;
}

export interface ControlledAction {
  readonly name: Identifier;
  readonly associations: readonly Association[];
}

export function actionsOf(body: SfcBody): ControlledAction[] {
  const actions = new Map<string, { name: Identifier; associations: Association[] }>();
  let number = 0;
  for (const [step, { associations }] of body.steps.entries()) {
    for (const node of associations) {
      const key = keyOf(node.action.name);
      const action = actions.get(key) ?? { name: node.action, associations: [] };
      actions.set(key, action);
      action.associations.push({ number: number++, step, qualifier: node.qualifier ?? 'N', node });
    }
  }
  return [...actions.values()];
}

/** The steps as members `Step.X` and `Step.T`, and the memory of the chart. */
export function sfcFields(scope: RoutineScope, body: SfcBody): Field[] {
  const hidden = (name: string, shape: Shape): Field => ({
    name,
    label: name,
    shape,
    initial: shape.kind === 'bool' ? FALSE : ZERO,
    isRetained: false,
    isHidden: true,
    sharedAs: null,
  });
  const steps = body.steps.flatMap((step, index): Field[] => {
    const symbol = stepSymbol(scope, step);
    if (symbol === null) return [];
    const shape = scope.builder.shapeOf(symbol.type);
    const visible: Field = {
      ...hidden(fieldName(step.name.name), shape),
      label: step.name.name,
      initial: { op: 'initial', shape },
      isHidden: false,
    };
    return [visible, hidden(wasActive(index), BOOL), hidden(startOf(index), TIME)];
  });
  const memory = actionsOf(body).flatMap((action, index) => [
    hidden(ranBefore(index), BOOL),
    ...action.associations.flatMap(({ number }) => [hidden(storedIn(number), BOOL), hidden(sinceIn(number), TIME)]),
  ]);
  return [hidden(STARTED, BOOL), ...steps, ...memory];
}

export function stepSymbol(scope: RoutineScope, step: SfcStep): VariableSymbol | null {
  const symbol = scope.project.model.symbolOf(step.name);
  return symbol?.kind === 'variable' ? symbol : null;
}
