/** Which POUs are safety code: those that say so, and those that evaluate conditions for a hazard. */

import { keyOf, type PouSymbol } from '../language/semantics/symbols.js';
import type { Type } from '../language/semantics/types.js';
import type { Site } from '../site/site.js';
import { matchesAny } from '../site/source-paths.js';
import { impliedConditions } from './boolean/implied-conditions.js';
import type { CodeOwner } from './dataflow/trace.js';
import { programRoots } from './program-tree.js';
import { type SafetyModel, safetyModelOf } from './safety-model.js';
import { pinWritesOf } from './safety-pins.js';
import { originOf } from './signal-origin.js';

/** `{safety level := 'basic'}` above a POU. */
const SAFETY_PRAGMA = /^\s*safety\b/i;

export function isSafeType(type: Type): boolean {
  return type.kind === 'elementary' && type.name.startsWith('SAFE');
}

/** POUs that are safety code by declaration: a safety pragma, safe types at their interface, certified. Libraries left out. */
export function declaredSafetyPous(site: Site): readonly PouSymbol[] {
  const certified = site.manifest?.safety?.certified ?? [];
  const isCertifiedPath = matchesAny(certified.filter((entry) => !entry.startsWith('POU:')));
  const names = new Set(certified.filter((entry) => entry.startsWith('POU:')).map((entry) => keyOf(entry.slice(4))));
  return site.project.pous.filter((pou) => {
    if (pou.isLibrary || pou.declaration === null || pou.site === null || site.libraryPaths.has(pou.site.file.path))
      return false;
    if (pou.declaration.pragmas.some((pragma) => SAFETY_PRAGMA.test(pragma.text))) return true;
    if (isCertifiedPath(pou.site.file.path) || names.has(keyOf(pou.name)) || names.has(keyOf(pou.qualifiedName)))
      return true;
    return [...pou.variables.values()].some(
      ({ scope, type }) => (scope === 'input' || scope === 'output' || scope === 'in-out') && isSafeType(type),
    );
  });
}

/** The user level that a POU declares: `basic`, `extended` or `system`; null without one. */
export function safetyLevelOf(pou: PouSymbol): string | null {
  for (const pragma of pou.declaration?.pragmas ?? []) {
    const level = SAFETY_PRAGMA.test(pragma.text) ? /\blevel\s*:=\s*'(\w+)'/i.exec(pragma.text)?.[1] : undefined;
    if (level !== undefined) return level.toLowerCase();
  }
  return null;
}

/** The POU that a piece of code belongs to. */
export function pouOf(owner: CodeOwner): PouSymbol | null {
  if (owner.kind === 'pou') return owner;
  return owner.owner.kind === 'pou' ? owner.owner : null;
}

/**
 * Blocks and functions that get a condition itself at one of their inputs and give out something that stands for it,
 * beside those that are safety code by declaration. A sequence that gets a release is no such block.
 */
function evaluatingPous(model: SafetyModel): ReadonlySet<PouSymbol> {
  const implied = impliedConditions(model);
  const programs = new Set(programRoots(model.site.project).map(({ pou }) => pou));
  const pous = new Set(declaredSafetyPous(model.site));
  const conditions = new Set(model.conditions.map(({ location }) => location));
  const gets = new Set<PouSymbol>();
  const gives = new Set<PouSymbol>();
  for (const { pin, event } of pinWritesOf(model)) {
    const type = model.variableAt(pin.instance)?.type;
    if (type?.kind !== 'pou' || event.kind !== 'input') continue;
    if (event.sources.some((source) => conditions.has(originOf(model, source)))) gets.add(type.pou);
  }
  for (const event of model.hazardCone.events) {
    const pou = pouOf(event.frame.owner);
    if (pou === null || event.kind === 'input' || !event.target.startsWith(`${event.frame.self}.`)) continue;
    const variable = model.variableAt(event.target);
    if (variable?.scope === 'output' && implied.whenTrue(event.target).length > 0) gives.add(pou);
  }
  for (const pou of gets) if (gives.has(pou) && !pou.isLibrary && !programs.has(pou)) pous.add(pou);
  return pous;
}

const SAFETY_POUS = new WeakMap<Site, readonly PouSymbol[]>();

/** Declared and evaluating POUs of a site in order of declaration. Memo by identity: several rules ask. */
export function safetyPousOf(site: Site): readonly PouSymbol[] {
  const known = SAFETY_POUS.get(site);
  if (known !== undefined) return known;
  const pous = evaluatingPous(safetyModelOf(site));
  const ordered = site.project.pous.filter((pou) => pous.has(pou));
  SAFETY_POUS.set(site, ordered);
  return ordered;
}
