/** Takes edits over into a checked project: only what an edit can have changed is checked again. */

import { checkAcrossBodies } from '../check/check-project.js';
import { checkUnit } from '../check/check-unit.js';
import type { FileEdit } from '../syntax/edit-source-file.js';
import type { BodyOwner, ExchangedBody } from '../syntax/exchange-bodies.js';
import type { Body } from '../syntax/tree.js';
import { walk } from '../syntax/walk.js';
import type { FactTable } from './facts.js';
import type { Mutable } from './mutable.js';
import { findingsOf, type OpenProject, openProject } from './project.js';
import type { CodeUnit } from './project-index.js';

/**
 * The project after edits of its files by `editFile`. Equal to what `openProject` makes of the edited files.
 *
 * The project before is used up: its model and symbols are those of the result. Only its list of findings stays.
 */
export function updateProject(previous: OpenProject, edits: readonly FileEdit[]): OpenProject {
  const bodies: ExchangedBody[] = [];
  for (const edit of edits) {
    if (edit.bodies === null) return openProject(previous.input);
    bodies.push(...edit.bodies);
  }
  const units = unitsOf(previous, bodies);
  if (units === null) return openProject(previous.input);
  const { index, reports, lineTables, input } = previous;
  for (const { before } of bodies) forgetFacts(index.facts, before);
  for (const [unit, owner] of units) {
    const target: Mutable<CodeUnit> = unit;
    if (unit.body !== null) target.body = owner.body;
    index.calls.delete(unit);
    reports.units.set(unit, checkUnit(index, unit));
  }
  checkAcrossBodies(index);
  reports.acrossBodies = index.reports.take();
  for (const { file } of edits) lineTables.delete(file);
  const findings = findingsOf(reports, index, input, previous.project.lineTableOf);
  return { ...previous, project: { ...previous.project, findings } };
}

/** The units whose bodies were exchanged; null when one of the bodies is that of no unit. */
function unitsOf({ index }: OpenProject, bodies: readonly ExchangedBody[]): Map<CodeUnit, BodyOwner> | null {
  const owners = new Map<object, BodyOwner>(bodies.map(({ owner }) => [owner, owner]));
  const units = new Map<CodeUnit, BodyOwner>();
  for (const unit of index.units) {
    const owner = owners.get(unit.span);
    if (owner !== undefined) units.set(unit, owner);
  }
  return units.size === owners.size ? units : null;
}

function forgetFacts(facts: FactTable, body: Body): void {
  const tables: readonly Map<object, unknown>[] = [
    facts.types,
    facts.operandTypes,
    facts.symbols,
    facts.typeNodes,
    facts.constants,
    facts.calls,
  ];
  walk(body, (node) => {
    for (const table of tables) table.delete(node);
    return undefined;
  });
}
