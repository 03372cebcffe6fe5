/** Jumps and their labels. */

import { keyOf } from '../semantics/symbols.js';
import type { Goto, Label, Statement, StatementList } from '../syntax/tree.js';
import { type CheckContext, report } from './context.js';
import { bodiesOf } from './statements.js';

/** Every jump needs its label once in the same body, and every label a jump. */
export function checkJumps(context: CheckContext, body: StatementList): void {
  const labels = new Map<string, Label>();
  const jumps: Goto[] = [];
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'Goto') jumps.push(statement);
      if (statement.kind === 'Label') noteLabel(context, labels, statement);
      for (const inner of bodiesOf(statement)) visit(inner.statements);
    }
  };
  visit(body.statements);
  for (const { label } of jumps)
    if (!labels.has(keyOf(label.name)))
      report(context, 'PW4015', label, `The label "${label.name}" is not in this body.`);
  const targets = new Set(jumps.map(({ label }) => keyOf(label.name)));
  for (const [key, { name }] of labels)
    if (!targets.has(key)) report(context, 'PW4024', name, `No jump leads to "${name.name}". Remove the label.`);
}

function noteLabel(context: CheckContext, labels: Map<string, Label>, label: Label): void {
  const key = keyOf(label.name.name);
  const first = labels.get(key);
  if (first === undefined) labels.set(key, label);
  else
    report(
      context,
      'PW4022',
      label.name,
      `The label "${label.name.name}" is already in this body. Rename one of the two.`,
      [{ file: context.file, span: first.name, message: 'the first one' }],
    );
}
