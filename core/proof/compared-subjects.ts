/** What a change is compared in: hazards, computed conditions and commands, and the other outputs of programs. */

import type { Change } from '../safety/rule.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isCondition, isDeclared, type ResolvedSignal } from '../safety/signal-roles.js';
import { FALSE, type Literal, not } from './circuit.js';
import type { ProductInput } from './product.js';
import type { Scan } from './scan-model.js';
import { holds, isActive } from './site-proof.js';
import { isChoice, type TermStore, type Value } from './terms.js';

export type SubjectKind = 'hazard' | 'condition' | 'command' | 'output';

export interface ComparedSubject {
  readonly id: string;
  readonly kind: SubjectKind;
  readonly name: string;
  readonly isDeclared: boolean;
  /** The value after a scan of the version before the change: a literal where it is on or off. */
  readonly valueBefore: (before: Scan) => Value;
  /** The same of the version after it; null when the change removed the subject. */
  readonly valueAfter: ((after: Scan) => Value) | null;
  /** Whether it is at rest with this value: numbers only. */
  readonly isAtRest: (value: Value) => Literal;
}

/** One of two values of a subject is more than the other: on and not off, or a number that is neither the same nor rest. */
export function exceeds(terms: TermStore, { isAtRest }: ComparedSubject, one: Value, other: Value): Literal {
  const { circuit } = terms;
  if (!isChoice(one) && !isChoice(other)) return circuit.and(one, not(other));
  return circuit.and(not(terms.equal(one, other, 'integer')), not(isAtRest(one)));
}

export function subjectsOf(change: Change, { before, after, mapPath, terms }: ProductInput): ComparedSubject[] {
  const safety = safetyModelOf(change.before);
  const inverse = new Map([...after.cells.keys()].map((path) => [mapPath(path), path]));
  const subjects = new Map<string, ComparedSubject>();
  const add = (
    kind: SubjectKind,
    name: string,
    location: string,
    declared: boolean,
    readValue: (scan: Scan, path: string) => Value,
    isAtRest: (value: Value) => Literal,
  ): void => {
    const path = before.memory.canonicalPath(location);
    if (subjects.has(path)) return;
    const own = after.memory.canonicalPath(location);
    const afterPath = inverse.get(path) ?? (after.cells.has(own) ? own : null);
    subjects.set(path, {
      id: `${kind}:${name}`,
      kind,
      name,
      isDeclared: declared,
      valueBefore: (scan) => readValue(scan, path),
      valueAfter: afterPath === null ? null : (scan) => readValue(scan, afterPath),
      isAtRest,
    });
  };
  for (const hazard of safety.hazards) {
    const isNumber = typeof hazard.off === 'number';
    add(
      'hazard',
      hazard.tag,
      hazard.location,
      isDeclared(hazard),
      (scan, path) => (isNumber ? scan.after(path) : isActive(scan, { ...hazard, location: path })),
      (value) => holds(terms, value, hazard.symbol?.type ?? null, hazard.off),
    );
  }
  for (const signal of safety.signals) {
    if (signal.role === 'hazard' || signal.role === 'operator' || signal.role === 'mode') continue;
    if (before.roleOf(before.memory.canonicalPath(signal.location)) === 'input') continue;
    const kind = isCondition(signal) ? 'condition' : 'command';
    const readValue = (scan: Scan, path: string): Value => signalValue(scan, path, signal);
    add(kind, signal.tag, signal.location, isDeclared(signal), readValue, (value) => not(terms.asLiteral(value)));
  }
  for (const [path, { symbol }] of before.cells) {
    const isOutput = symbol?.owner?.kind === 'pou' && symbol.owner.pouKind === 'program' && symbol.scope === 'output';
    const isField = symbol?.location?.text.toUpperCase().startsWith('%Q') === true;
    // nobody said what rest is: any difference counts
    if ((isOutput || isField) && before.written.has(path))
      add(
        'output',
        before.nameOf(path),
        path,
        false,
        (scan, own) => scan.after(own),
        () => FALSE,
      );
  }
  return [...subjects.values()];
}

function signalValue(scan: Scan, path: string, signal: ResolvedSignal): Literal {
  return holds(
    scan.machine.terms,
    scan.after(path),
    signal.symbol?.type ?? null,
    isCondition(signal) ? signal.healthy : true,
  );
}
