/**
 * Sequential function charts after IEC 61131-3 ed. 3, 6.7, as effects of the body.
 *
 * One scan: transitions are judged on the steps that were active before it, then all that fired clear and set their
 * steps at once, then action control decides for every action whether it runs. In the first scan the initial steps
 * become active and no transition is judged. Where several transitions leave one step the first that is TRUE fires, by
 * priority, then in order of writing. An action runs once more in the scan in which it ends (action control with final
 * scan), but for the pulse qualifiers P, P0 and P1.
 */

import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Identifier, SfcBody } from '../../language/syntax/tree.js';
import type { Effect, Place, Value } from '../compile/ir.js';
import { actionName, fieldName } from '../compile/mangle.js';
import { BOOL, type Shape, TIME, VOID } from '../compile/shape.js';
import { type RoutineScope, siteOf, temporary, unknownEffect } from './context.js';
import { lowerDecision } from './decisions.js';
import { lowerAs } from './expressions.js';
import { memberPlace, selfValue } from './places.js';
import {
  type Association,
  actionsOf,
  type ControlledAction,
  PULSES,
  QUALIFIERS,
  ranBefore,
  STARTED,
  sinceIn,
  startOf,
  stepSymbol,
  storedIn,
  wasActive,
  ZERO,
} from './sfc-memory.js';
import { storeValue } from './stores.js';
import { FALSE, load, TRUE } from './values.js';

/** The body of a POU that is a chart. */
export function lowerSfc(scope: RoutineScope, pou: PouSymbol, body: SfcBody): Effect[] {
  const problem = problemOf(scope, pou, body);
  if (problem !== null) return [problem];
  const chart = chartOf(scope, body);
  const started = chart.memory(STARTED, BOOL);
  return [
    // Transitions that ask for Step.T see the time of this scan.
    ...body.steps.flatMap((_, index) => elapsed(chart, index)),
    {
      do: 'if',
      branches: [{ condition: load(started), body: lowerTransitions(scope, body, chart) }],
      otherwise: [
        { do: 'store', to: started, value: TRUE },
        ...body.steps.flatMap((step, index) => (step.isInitial ? activate(chart, index) : [])),
      ],
    },
    ...actionsOf(body).flatMap((action, index) => lowerAction(scope, pou, chart, action, index)),
    ...body.steps.map((_, index): Effect => ({ do: 'store', to: chart.was(index), value: load(chart.active(index)) })),
  ];
}

/** What makes a chart impossible to execute: names that lead nowhere, qualifiers that nobody knows. */
function problemOf(scope: RoutineScope, pou: PouSymbol, body: SfcBody): Effect | null {
  const names = new Set(body.steps.map((step) => keyOf(step.name.name)));
  for (const step of body.steps) {
    if (stepSymbol(scope, step) === null) return unknownEffect(scope, step, step.name.name, 'the step is not resolved');
  }
  if (!body.steps.some((step) => step.isInitial))
    return unknownEffect(scope, body, pou.name, 'the chart has no initial step');
  for (const transition of body.transitions) {
    const missing = [...transition.from, ...transition.to].find((name) => !names.has(keyOf(name.name)));
    if (missing !== undefined) return unknownEffect(scope, missing, missing.name, 'the chart has no such step');
    if (transition.from.length === 0 || transition.to.length === 0)
      return unknownEffect(scope, transition, pou.name, 'the transition leads from or to nothing');
  }
  for (const { node, qualifier } of actionsOf(body).flatMap((action) => action.associations)) {
    const known = QUALIFIERS.get(qualifier);
    if (known === undefined)
      return unknownEffect(scope, node, node.action.name, `the action qualifier ${qualifier} is not known`);
    if (known.isTimed && node.time === null)
      return unknownEffect(scope, node, node.action.name, `the action qualifier ${qualifier} needs a time`);
  }
  return null;
}

interface Chart {
  /** `Step.X`, `Step.T`. */
  active(step: number): Place;
  time(step: number): Place;
  /** `Step.X` in the scan before. */
  was(step: number): Place;
  start(step: number): Place;
  memory(name: string, shape: Shape): Place;
  readonly now: Value;
  readonly site: number;
}

function chartOf(scope: RoutineScope, body: SfcBody): Chart {
  const self = selfValue(scope);
  const memory = (name: string, shape: Shape): Place => ({ place: 'field', object: self, name, shape });
  const member = (step: number, name: string, shape: Shape): Place => {
    const node = body.steps[step];
    const symbol = node === undefined ? null : stepSymbol(scope, node);
    const owner = symbol === null ? memory(STARTED, BOOL) : memberPlace(scope, self, symbol);
    return { place: 'field', object: load(owner), name: fieldName(name), shape };
  };
  // The clock of the controller: the time of the scan.
  const now: Value = load({
    place: 'local',
    local: { name: 'now', shape: TIME, isBoxed: false, initial: null },
    shape: TIME,
  });
  return {
    active: (step) => member(step, 'X', BOOL),
    time: (step) => member(step, 'T', TIME),
    was: (step) => memory(wasActive(step), BOOL),
    start: (step) => memory(startOf(step), TIME),
    memory,
    now,
    site: siteOf(scope, body),
  };
}

function activate(chart: Chart, step: number): Effect[] {
  return [
    { do: 'store', to: chart.active(step), value: TRUE },
    { do: 'store', to: chart.start(step), value: chart.now },
    { do: 'store', to: chart.time(step), value: ZERO },
    // A step that is left and entered in one scan begins anew.
    { do: 'store', to: chart.was(step), value: FALSE },
  ];
}

function since(chart: Chart, start: Place): Value {
  return { op: 'arithmetic', shape: TIME, operator: '-', left: chart.now, right: load(start), site: chart.site };
}

/** `Step.T` grows while the step is active and keeps its value after it. */
function elapsed(chart: Chart, step: number): Effect[] {
  const body: Effect[] = [{ do: 'store', to: chart.time(step), value: since(chart, chart.start(step)) }];
  return [{ do: 'if', branches: [{ condition: load(chart.active(step)), body }], otherwise: [] }];
}

function both(left: Value, right: Value): Value {
  return { op: 'logic', shape: BOOL, operator: 'AND', left, right };
}

function either(left: Value, right: Value): Value {
  return { op: 'logic', shape: BOOL, operator: 'OR', left, right };
}

function not(operand: Value): Value {
  return { op: 'not', shape: BOOL, operand };
}

/** Which transitions fire is decided before any step changes. */
function lowerTransitions(scope: RoutineScope, body: SfcBody, chart: Chart): Effect[] {
  const indexOf = (name: Identifier): number =>
    body.steps.findIndex((step) => keyOf(step.name.name) === keyOf(name.name));
  const flag = (): Place => ({ place: 'local', local: temporary(scope, BOOL), shape: BOOL });
  // A step that a transition leaves is no longer there for those after it.
  const available = body.steps.map(flag);
  const fired = body.transitions.map(flag);
  const place = (places: readonly Place[], index: number): Place => places[index] ?? chart.memory(STARTED, BOOL);
  const priority = (index: number): number => {
    const written = body.transitions[index]?.priority ?? null;
    const value = written === null ? null : scope.project.model.constantOf(written);
    return typeof value === 'bigint' ? Number(value) : Number.POSITIVE_INFINITY;
  };
  const order = body.transitions
    .map((_, index) => index)
    .sort((a, b) => (priority(a) === priority(b) ? a - b : priority(a) - priority(b)));
  const judged = order.flatMap((index): Effect[] => {
    const transition = body.transitions[index];
    if (transition === undefined) return [];
    const enabled = transition.from.map((name) => load(place(available, indexOf(name)))).reduce(both);
    const condition = lowerDecision(scope, transition.condition, 'branch', () =>
      lowerAs(scope, transition.condition, BOOL),
    );
    const leave = transition.from.map(
      (name): Effect => ({ do: 'store', to: place(available, indexOf(name)), value: FALSE }),
    );
    const fires: Effect[] = [{ do: 'store', to: place(fired, index), value: TRUE }, ...leave];
    return [
      { do: 'store', to: place(fired, index), value: FALSE },
      {
        do: 'if',
        branches: [
          {
            condition: enabled,
            body: [
              { do: 'statement', site: siteOf(scope, transition) },
              { do: 'if', branches: [{ condition, body: fires }], otherwise: [] },
            ],
          },
        ],
        otherwise: [],
      },
    ];
  });
  const whenFired = (index: number, effects: Effect[]): Effect => ({
    do: 'if',
    branches: [{ condition: load(place(fired, index)), body: effects }],
    otherwise: [],
  });
  return [
    ...available.map((to, step): Effect => ({ do: 'store', to, value: load(chart.active(step)) })),
    ...judged,
    ...body.transitions.map(({ from }, index) =>
      whenFired(
        index,
        from.map((name) => ({ do: 'store', to: chart.active(indexOf(name)), value: FALSE })),
      ),
    ),
    ...body.transitions.map(({ to }, index) =>
      whenFired(
        index,
        to.flatMap((name) => activate(chart, indexOf(name))),
      ),
    ),
  ];
}

// ---------------------------------------------------------------------------------------------- action control

/** Whether the action runs in this scan, and running it; a Boolean variable as action takes the value itself. */
function lowerAction(
  scope: RoutineScope,
  pou: PouSymbol,
  chart: Chart,
  action: ControlledAction,
  index: number,
): Effect[] {
  const effects: Effect[] = [];
  const running: Value[] = [];
  const pulsing: Value[] = [];
  const resets = action.associations.filter((each) => each.qualifier === 'R');
  for (const each of action.associations) {
    if (each.qualifier === 'R') continue;
    const control = controlOf(scope, chart, each);
    effects.push(...control.before);
    (PULSES.has(each.qualifier) ? pulsing : running).push(control.runs);
  }
  // A reset ends whatever is stored, and is stronger than a set in the same scan.
  const reset = resets
    .map(({ step }) => load(chart.active(step)))
    .reduce<Value | null>((a, b) => (a === null ? b : either(a, b)), null);
  const held = running.reduce<Value>((a, b) => either(a, b), FALSE);
  const isOn: Place = { place: 'local', local: temporary(scope, BOOL), shape: BOOL };
  if (reset !== null) {
    const cleared = action.associations.map(
      ({ number }): Effect => ({ do: 'store', to: chart.memory(storedIn(number), BOOL), value: FALSE }),
    );
    effects.push({ do: 'if', branches: [{ condition: reset, body: cleared }], otherwise: [] });
  }
  effects.push({ do: 'store', to: isOn, value: reset === null ? held : both(held, not(reset)) });
  const before = chart.memory(ranBefore(index), BOOL);
  const pulse = pulsing.reduce<Value>((a, b) => either(a, b), FALSE);
  const runs = either(load(isOn), pulse);
  const symbol = pou.actions.get(keyOf(action.name.name));
  if (symbol === undefined) effects.push(...booleanAction(scope, pou, action.name, runs));
  else {
    const call: Effect = {
      do: 'evaluate',
      value: {
        op: 'invoke',
        shape: VOID,
        object: selfValue(scope),
        method: actionName(symbol.name),
        arguments: [],
        site: siteOf(scope, action.name),
      },
    };
    effects.push({ do: 'if', branches: [{ condition: either(runs, load(before)), body: [call] }], otherwise: [] });
  }
  return [...effects, { do: 'store', to: before, value: load(isOn) }];
}

function booleanAction(scope: RoutineScope, pou: PouSymbol, name: Identifier, value: Value): Effect[] {
  const variable = pou.variables.get(keyOf(name.name)) ?? scope.project.globals.get(keyOf(name.name));
  if (variable === undefined || scope.builder.shapeOf(variable.type).kind !== 'bool')
    return [unknownEffect(scope, name, name.name, 'there is no action and no BOOL variable of that name')];
  const place =
    variable.scope === 'global' ? scope.builder.globalPlace(variable) : memberPlace(scope, selfValue(scope), variable);
  return storeValue(place, value);
}

/** What an association asks for: effects on its memory, then whether the action runs. */
function controlOf(
  scope: RoutineScope,
  chart: Chart,
  { number, step, qualifier, node }: Association,
): { readonly before: Effect[]; readonly runs: Value } {
  const active = load(chart.active(step));
  const rises = both(active, not(load(chart.was(step))));
  const stored = chart.memory(storedIn(number), BOOL);
  const start = chart.memory(sinceIn(number), TIME);
  const when = (condition: Value, body: Effect[]): Effect => ({
    do: 'if',
    branches: [{ condition, body }],
    otherwise: [],
  });
  const remember: Effect = { do: 'store', to: stored, value: TRUE };
  const fromNow: Effect = { do: 'store', to: start, value: chart.now };
  const limit = node.time === null ? ZERO : lowerAs(scope, node.time, TIME);
  const hasPassed = (begin: Place): Value => ({
    op: 'compare',
    shape: BOOL,
    operator: '>=',
    left: since(chart, begin),
    right: limit,
  });
  switch (qualifier) {
    case 'S':
      return { before: [when(active, [remember])], runs: load(stored) };
    case 'L':
      return { before: [], runs: both(active, not(hasPassed(chart.start(step)))) };
    case 'D':
      return { before: [], runs: both(active, hasPassed(chart.start(step))) };
    case 'SD':
      return { before: [when(rises, [remember, fromNow])], runs: both(load(stored), hasPassed(start)) };
    case 'DS':
      return { before: [when(both(active, hasPassed(chart.start(step))), [remember])], runs: load(stored) };
    case 'SL':
      return { before: [when(rises, [remember, fromNow])], runs: both(load(stored), not(hasPassed(start))) };
    case 'P':
    case 'P1':
      return { before: [], runs: rises };
    case 'P0':
      return { before: [], runs: both(not(active), load(chart.was(step))) };
    default:
      return { before: [], runs: active };
  }
}
