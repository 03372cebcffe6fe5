/** Sequential function charts, abstractly: which steps are active is unknown, so each action may or may not run. */

import type { SfcBody } from '../language/syntax/tree.js';
import { FALSE, type Literal } from './circuit.js';
import type { Frame, Machine } from './machine.js';
import { unknownValue, writePlace } from './memory-access.js';
import { executeBody } from './statements.js';
import type { Value } from './terms.js';
import { isBooleanType } from './value-types.js';
import { findVariable } from './variables.js';

/**
 * Runs every action under a condition of its own that nothing is known about, in order of declaration; a variable that
 * is an action of a step may have any value. The unknowns depend on the text of the chart and its transitions, so an
 * unchanged chart is the same in two versions of a program.
 */
export function executeSfc(machine: Machine, body: SfcBody, frame: Frame): void {
  const { terms, environment } = machine;
  machine.assumptions.add(
    'a sequential function chart runs each of its actions at most once per scan, in any state of its steps',
  );
  const text = frame.pou.site?.file.text.slice(body.start, body.end).replace(/\s+/g, ' ') ?? '';
  const shape = terms.constantChoice(text.toUpperCase());
  const transitions = body.transitions.map((each): Value => terms.asLiteral(machine.evaluate(each.condition, frame)));
  const marker = `${frame.self ?? frame.locals}.#CHART`;
  const inputs: Value[] = [shape, environment.read(marker), ...transitions];
  const oracle = terms.oracle(`chart:${machine.aliasOf(marker)}${machine.suffix}`, inputs);
  environment.write(marker, oracle.choice('state'));
  const associations = body.steps.flatMap((step) => step.associations);
  const run = (name: string, execute: () => void): void => {
    const guard: Literal = oracle.boolean(`runs:${name.toUpperCase()}`);
    if (guard !== FALSE) environment.merge(terms, [{ guard, layer: environment.branch(execute) }]);
  };
  const named = new Set<string>();
  for (const action of [...body.actions, ...(frame.pou.declaration?.actions ?? [])]) {
    named.add(action.name.name.toUpperCase());
    const list = action.body;
    if (list.kind === 'StatementList') run(action.name.name, () => executeBody(machine, list, frame));
    else
      run(action.name.name, () =>
        executeSfc(machine, list, { ...frame, locals: `${frame.locals}.${action.name.name.toUpperCase()}` }),
      );
  }
  for (const { action } of associations) {
    if (named.has(action.name.toUpperCase())) continue;
    const variable = findVariable(frame.pou, action.name);
    if (variable === null) continue;
    const reference = machine.refer(
      { kind: 'Name', name: action, isGlobal: false, start: action.start, end: action.end },
      frame,
    );
    const places = reference.alternatives.length > 0 ? reference.alternatives.map(({ place }) => place) : [];
    if (places.length === 0 && frame.self !== null) {
      places.push({
        path: `${frame.self}.${action.name.toUpperCase()}`,
        type: variable.type,
        symbol: variable,
        initializer: variable.initializer,
        part: null,
      });
    }
    for (const place of places) {
      if (isBooleanType(place.type))
        writePlace(machine, place, unknownValue(machine, `chart:${machine.aliasOf(place.path)}`, place.type, inputs));
    }
  }
}
