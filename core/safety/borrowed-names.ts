/**
 * Locals that bear the name of a safety signal and are something else. A reader of the code takes the one for the other,
 * and so does whoever writes the bare name there the next time.
 */

import { keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';
import { walk } from '../language/syntax/walk.js';
import { coneTouches } from './dataflow/cone.js';
import type { Location } from './dataflow/location.js';
import { instancesByPou, programRoots } from './program-tree.js';
import type { SafetyModel } from './safety-model.js';
import { isCondition, isDeclared, type ResolvedSignal } from './signal-roles.js';

export interface BorrowedName {
  readonly variable: VariableSymbol;
  /** The signal whose name it has. */
  readonly signal: ResolvedSignal;
}

/**
 * Local variables with the name of a declared condition or reset that is declared elsewhere, in code that mentions the
 * name. A copy of the signal, however debounced, is none; nor is an input that a call passes it to.
 */
export function borrowedNames(model: SafetyModel): BorrowedName[] {
  const wanted = new Map<string, ResolvedSignal>();
  for (const signal of model.signals) {
    if (!isDeclared(signal) || !(isCondition(signal) || signal.role === 'reset') || signal.symbol === null) continue;
    if (!wanted.has(keyOf(signal.symbol.name))) wanted.set(keyOf(signal.symbol.name), signal);
  }
  if (wanted.size === 0) return [];
  const declared = new Set(model.signals.filter(isDeclared).map(({ symbol }) => symbol));
  return model.site.project.pous.flatMap((pou) =>
    [...wanted].flatMap(([name, signal]): BorrowedName[] => {
      const variable = pou.variables.get(name);
      if (variable === undefined || declared.has(variable) || variable.location !== null) return [];
      if (variable.scope !== 'local' && variable.scope !== 'temporary') return [];
      if (!mentions(pou, name)) return [];
      const isCopy = placesOf(model, pou, name).some((place) => coneTouches(model.coneOf(place), signal.location));
      return isCopy ? [] : [{ variable, signal }];
    }),
  );
}

function mentions(pou: PouSymbol, name: string): boolean {
  if (pou.declaration === null) return false;
  let isMentioned = false;
  walk(pou.declaration, (node) => {
    if (node.kind === 'Name' && keyOf(node.name.name) === name) isMentioned = true;
    if (node.kind === 'Member' && keyOf(node.member.name) === name) isMentioned = true;
    return undefined;
  });
  return isMentioned;
}

/** Where the variable lives: in each instance of its block or program, in each call of its function. */
function placesOf(model: SafetyModel, pou: PouSymbol, name: string): Location[] {
  const { project } = model.site;
  if (pou.pouKind === 'function') {
    const start = `${keyOf(pou.qualifiedName)}.${keyOf(pou.name)}#`;
    const targets = model.trace.writes.map(({ target }) => target);
    return targets.filter((target) => target.startsWith(start) && target.endsWith(`.${name}`));
  }
  const homes = [
    ...programRoots(project).flatMap((root) => (root.pou === pou ? [root.location] : [])),
    ...(instancesByPou(project).get(pou) ?? []).map(({ location }) => location),
  ];
  return homes.map((home) => `${home}.${name}`);
}
