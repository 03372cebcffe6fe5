/** Steps of sequential function charts. IEC 61131-3 ed. 3, 6.7. */

import { keyOf } from '../semantics/symbols.js';
import type { SfcBody, SfcStep } from '../syntax/tree.js';
import { type CheckContext, report } from './context.js';

export function checkSteps(context: CheckContext, body: SfcBody): void {
  const seen = new Map<string, SfcStep>();
  for (const step of body.steps) {
    const key = keyOf(step.name.name);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, step);
    else if (key !== '')
      report(context, 'PW2071', step.name, `The step "${step.name.name}" is already declared in this chart.`, [
        { file: context.file, span: first.name, message: 'first declared here' },
      ]);
  }
  const initial = body.steps.filter(({ isInitial }) => isInitial);
  const [first] = body.steps;
  if (initial.length === 0 && first !== undefined)
    report(context, 'PW2070', first.name, 'This chart has no INITIAL_STEP, so it starts nowhere.');
  for (const { name } of initial.slice(1))
    report(context, 'PW2070', name, `"${name.name}" is a second INITIAL_STEP. A chart starts in one step.`);
  // Without a start every step would be told.
  if (initial.length === 0) return;
  const reached = new Set(body.transitions.flatMap(({ to }) => to.map(({ name }) => keyOf(name))));
  for (const { name, isInitial } of seen.values())
    if (!isInitial && !reached.has(keyOf(name.name)) && name.name !== '')
      report(context, 'PW2072', name, `No transition leads to "${name.name}". Add one, or remove the step.`);
}
