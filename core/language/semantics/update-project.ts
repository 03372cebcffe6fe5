/**
 * Takes edits over into a checked project: only what an edit can have changed is checked again.
 * See docs/decisions/0004-incremental-reuse.md.
 */

import { checkAcrossBodies, checkAgreement, checkDeclarations } from '../check/check-project.js';
import { checkUnit } from '../check/check-unit.js';
import type { FileEdit } from '../syntax/edit-source-file.js';
import type { BodyOwner, ExchangedBody, ExchangedSections } from '../syntax/exchange-bodies.js';
import { unitsConcerned, unitsReaching } from './affected-units.js';
import { declarationsOf, exchangeDeclarations, type FileExchange } from './exchange-declarations.js';
import { exchangeVariables } from './exchange-variables.js';
import { forgetBelow, forgetDeclarations, forgetUnit } from './forget-checked.js';
import type { Mutable } from './mutable.js';
import { findingsOf, type OpenProject, openProject } from './project.js';
import type { CodeUnit, ProjectIndex } from './project-index.js';
import { scheduleOf } from './schedule.js';

/**
 * The project after edits of its files by `editFile`. Equal to what `openProject` makes of the edited files.
 *
 * The project before is used up: its model and symbols are those of the result. Only its list of findings stays.
 */
export function updateProject(previous: OpenProject, edits: readonly FileEdit[]): OpenProject {
  const affected = affectedBy(previous, edits);
  if (affected === null) return openProject(previous.input);
  const { index, reports, lineTables, input, uses } = previous;
  for (const unit of affected.units) {
    forgetUnit(index, unit);
    uses.forget(unit);
    reports.units.set(unit, checkUnit(index, unit));
  }
  let { schedule } = previous.project;
  if (affected.hasNewInterfaces) {
    checkAgreement(index, input.files);
    reports.agreement = index.reports.take();
  }
  if (affected.hasNewDeclarations) {
    schedule = scheduleOf(index, input);
    reports.schedule = index.reports.take();
  }
  checkAcrossBodies(index);
  reports.acrossBodies = index.reports.take();
  for (const { file } of edits) lineTables.delete(file);
  const findings = findingsOf(reports, index, input, previous.project.lineTableOf);
  return { ...previous, project: { ...previous.project, schedule, findings } };
}

interface Affected {
  readonly units: ReadonlySet<CodeUnit>;
  /** Variables of POUs are others: what declarations say of each other is to be checked. */
  readonly hasNewInterfaces: boolean;
  /** Declarations came, went or are others. */
  readonly hasNewDeclarations: boolean;
}

/** Brings the index up to date, and tells what has to be checked again; null: everything, in a new index. */
function affectedBy(open: OpenProject, edits: readonly FileEdit[]): Affected | null {
  const { index, reports, uses, input } = open;
  const bodies = edits.flatMap(({ exchange }) => exchange.bodies);
  const owners = unitsOf(index, bodies);
  if (owners === null) return null;
  takeBodies(index, owners, bodies);
  const units = new Set<CodeUnit>(owners.keys());
  const exchanges = edits.flatMap((edit) => declarationsOf(edit) ?? []);
  for (const { file, exchange } of edits)
    for (const one of exchange.sections) {
      const pou = exchangeVariables(index, one, reports);
      if (pou === null) exchanges.push(boundAnew(file, one));
      else for (const unit of unitsReaching(index, uses, pou)) units.add(unit);
    }
  const hasNewInterfaces = exchanges.length > 0 || edits.some(({ exchange }) => exchange.sections.length > 0);
  if (exchanges.length === 0) return { units, hasNewInterfaces, hasNewDeclarations: false };

  const known = new Set(index.units);
  const changed = exchangeDeclarations(index, input.files, exchanges, reports, uses.types);
  if (changed === null) return null;
  const staying = new Set(index.units);
  for (const unit of known)
    if (!staying.has(unit)) {
      units.delete(unit);
      reports.units.delete(unit);
      uses.forget(unit);
    }
  for (const unit of unitsConcerned(index, uses, changed, reports.units)) units.add(unit);
  forgetDeclarations(index);
  checkDeclarations(index, input.files);
  reports.globals = index.reports.take();
  return { units, hasNewInterfaces, hasNewDeclarations: true };
}

/** A POU that stays in the tree, and whose variables matter to more than those who name it. */
function boundAnew(file: FileExchange['file'], { owner, before }: ExchangedSections): FileExchange {
  return { file, removed: [owner], added: [owner], globals: [], dropped: before };
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
