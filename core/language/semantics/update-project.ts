/**
 * Takes edits over into a checked project: only what an edit can have changed is checked again.
 * See docs/decisions/0004-incremental-reuse.md.
 */

import { checkAcrossBodies, checkAgreement } from '../check/check-project.js';
import { checkUnit } from '../check/check-unit.js';
import type { FileEdit } from '../syntax/edit-source-file.js';
import type { BodyOwner, ExchangedBody, ExchangedSections } from '../syntax/exchange-bodies.js';
import { type SyntaxNode, walk } from '../syntax/walk.js';
import { exchangeVariables, extendsPou, reaches, symbolsNamedIn } from './exchange-variables.js';
import type { Mutable } from './mutable.js';
import { findingsOf, type OpenProject, openProject } from './project.js';
import type { CodeUnit, ProjectIndex } from './project-index.js';
import type { CodeSymbol, PouSymbol } from './symbols.js';

/**
 * The project after edits of its files by `editFile`. Equal to what `openProject` makes of the edited files.
 *
 * The project before is used up: its model and symbols are those of the result. Only its list of findings stays.
 */
export function updateProject(previous: OpenProject, edits: readonly FileEdit[]): OpenProject {
  const bodies: ExchangedBody[] = [];
  const sections: ExchangedSections[] = [];
  for (const { exchange } of edits) {
    if (exchange === null) return openProject(previous.input);
    bodies.push(...exchange.bodies);
    sections.push(...exchange.sections);
  }
  const { index, reports, lineTables, input } = previous;
  const units = unitsOf(index, bodies);
  if (units === null) return openProject(previous.input);
  takeBodies(index, units, bodies);
  const affected = new Set<CodeUnit>(units.keys());
  for (const one of sections) {
    const users = usersAfter(previous, one);
    if (users === null) return openProject(previous.input);
    for (const unit of users) affected.add(unit);
  }
  for (const unit of affected) {
    forgetChecked(index, unit);
    index.calls.delete(unit);
    previous.namedSymbols.delete(unit);
    reports.units.set(unit, checkUnit(index, unit));
  }
  if (sections.length > 0) {
    checkAgreement(index, input.files);
    reports.agreement = index.reports.take();
  }
  checkAcrossBodies(index);
  reports.acrossBodies = index.reports.take();
  for (const { file } of edits) lineTables.delete(file);
  const findings = findingsOf(reports, index, input, previous.project.lineTableOf);
  return { ...previous, project: { ...previous.project, findings } };
}

/** The units whose bodies were exchanged; null when one of the bodies is that of no unit. */
function unitsOf(index: ProjectIndex, bodies: readonly ExchangedBody[]): Map<CodeUnit, BodyOwner> | null {
  const owners = new Map<object, BodyOwner>(bodies.map(({ owner }) => [owner, owner]));
  const units = new Map<CodeUnit, BodyOwner>();
  for (const unit of index.units) {
    const owner = owners.get(unit.span);
    if (owner !== undefined) units.set(unit, owner);
  }
  return units.size === owners.size ? units : null;
}

function takeBodies(
  index: ProjectIndex,
  units: ReadonlyMap<CodeUnit, BodyOwner>,
  bodies: readonly ExchangedBody[],
): void {
  for (const { before } of bodies) forgetBelow(index, before);
  for (const [unit, owner] of units) {
    const target: Mutable<CodeUnit> = unit;
    if (unit.body !== null) target.body = owner.body;
  }
}

/** The units that the variables of a POU concern, before and after they were exchanged; null: perhaps all. */
function usersAfter(open: OpenProject, sections: ExchangedSections): ReadonlySet<CodeUnit> | null {
  const { index, reports } = open;
  const pou = exchangeVariables(index, sections, reports);
  if (pou === null) return null;
  const users = new Set<CodeUnit>();
  for (const unit of index.units) {
    const isInside = unit.pou !== null && extendsPou(unit.pou, pou);
    if (isInside || reachesAny(symbolsOf(open, unit), pou)) users.add(unit);
  }
  return users;
}

function reachesAny(symbols: ReadonlySet<CodeSymbol>, pou: PouSymbol): boolean {
  for (const symbol of symbols) if (reaches(symbol, pou)) return true;
  return false;
}

function symbolsOf({ index, namedSymbols }: OpenProject, unit: CodeUnit): ReadonlySet<CodeSymbol> {
  const known = namedSymbols.get(unit);
  if (known !== undefined) return known;
  const symbols = symbolsNamedIn(index, unit);
  namedSymbols.set(unit, symbols);
  return symbols;
}

/** Forgets what the check of a unit found out, and nothing of what binder and resolver did. */
function forgetChecked(index: ProjectIndex, unit: CodeUnit): void {
  if (unit.body !== null) forgetBelow(index, unit.body);
  for (const section of unit.sections)
    for (const { type, initializer } of section.variables) {
      if (initializer !== null) forgetBelow(index, initializer);
      walk(type, (node) => {
        if (node.kind !== 'Name' && node.kind !== 'Member') return undefined;
        forgetBelow(index, node);
        return 'skip';
      });
    }
}

function forgetBelow(index: ProjectIndex, root: SyntaxNode): void {
  walk(root, (node) => {
    index.facts.forget(node);
    return undefined;
  });
}
