/**
 * The values between BEGIN and END_DATA_BLOCK, as initialisers: `Limit := 200;` is the initial value of the variable,
 * `Motor.Time := T#2s;` that of a member. Elements of arrays are left out.
 */

import type { Argument, Expression, Identifier, StatementList } from '../syntax/tree.js';
import { keyOf } from './symbols.js';

/** For a block with variables of its own, by the name of the variable. What is assigned last counts. */
export function startValuesByName(startValues: StatementList): ReadonlyMap<string, Expression> {
  return new Map([...partsOf(startValues)].map(([key, { content }]) => [key, initializerOf(content)]));
}

/** For a block that is an instance of a type; null when it has no start values. */
export function startValuesOfInstance(startValues: StatementList): Expression | null {
  const parts = partsOf(startValues);
  return parts.size === 0 ? null : initializerOf(parts);
}

function partsOf(startValues: StatementList): Parts {
  const root: Parts = new Map();
  for (const statement of startValues.statements) {
    if (statement.kind !== 'Assignment' || statement.operator !== ':=') continue;
    const path = pathOf(statement.target);
    if (path !== null) enter(root, path, statement.value);
  }
  return root;
}

type Parts = Map<string, { readonly name: Identifier; readonly content: Expression | Parts }>;

function pathOf(target: Expression): readonly Identifier[] | null {
  if (target.kind === 'Name') return [target.name];
  if (target.kind !== 'Member') return null;
  const outer = pathOf(target.object);
  return outer === null ? null : [...outer, target.member];
}

function enter(parts: Parts, [name, ...inner]: readonly Identifier[], value: Expression): void {
  if (name === undefined) return;
  const key = keyOf(name.name);
  if (inner.length === 0) {
    parts.set(key, { name, content: value });
    return;
  }
  const known = parts.get(key)?.content;
  const members: Parts = known instanceof Map ? known : new Map();
  parts.set(key, { name, content: members });
  enter(members, inner, value);
}

function initializerOf(content: Expression | Parts): Expression {
  if (!(content instanceof Map)) return content;
  const members = [...content.values()].map(({ name, content: inner }): Argument => {
    const value = initializerOf(inner);
    return { kind: 'Argument', name, direction: 'in', isNegated: false, value, start: name.start, end: value.end };
  });
  return { kind: 'StructInitializer', members, start: members[0]?.start ?? 0, end: members.at(-1)?.end ?? 0 };
}
