/** Builds a project: binder, resolver, checker, one after the other, from trees to a model. */

import { compareFindings, compareText, type Finding } from '../../base/finding.js';
import { LineTable } from '../../base/line-table.js';
import { checkAcrossBodies, checkAgreement, checkDeclarations, checkUnits } from '../check/check-project.js';
import { unreadPartsOf } from '../check/unread-parts.js';
import { severityIn } from '../diagnostics/diagnostic.js';
import { diagnosticOf } from '../diagnostics/registry.js';
import type { DialectId } from '../dialects/dialect-id.js';
import type { SourceFile, Span } from '../syntax/tree.js';
import { UnitUses } from './affected-units.js';
import { isAfterSyntaxError } from './after-syntax-error.js';
import { bindFiles } from './binder.js';
import { constantOfChecked } from './constants.js';
import { createModel } from './facts.js';
import { resolveHeaders } from './inheritance.js';
import { staticMember } from './lookup.js';
import type { Project, ProjectInput } from './model.js';
import { type CodeUnit, createProjectIndex, type ProjectIndex } from './project-index.js';
import { distinctReports, type Report } from './reports.js';
import { resolveAll, resolveEnumNode } from './resolver.js';
import { bindProgramInstances, scheduleOf } from './schedule.js';
import { type CodeSymbol, keyOf } from './symbols.js';
import { reportUnresolvedTypes } from './unresolved-types.js';

/**
 * Checks the given files as one project. Pure: the same input gives the same findings in the same order. Never throws
 * on bad code; what could not be resolved has the unknown type.
 */
export function buildProject(input: ProjectInput): Project {
  return openProject(input).project;
}

/** What the checks reported, by what has to happen before they are run again. */
export interface ProjectReports {
  /** Of binder and resolver. */
  declarations: readonly Report[];
  /** Global variables and types. */
  globals: readonly Report[];
  readonly units: Map<CodeUnit, readonly Report[]>;
  agreement: readonly Report[];
  acrossBodies: readonly Report[];
  schedule: readonly Report[];
}

/** A project with what is needed to follow edits of its files. */
export interface OpenProject {
  readonly project: Project;
  readonly input: ProjectInput;
  readonly index: ProjectIndex;
  readonly reports: ProjectReports;
  readonly lineTables: Map<SourceFile, LineTable>;
  readonly uses: UnitUses;
}

/** As `buildProject`, and keeps what `updateProject` goes on from. */
export function openProject(input: ProjectInput): OpenProject {
  const index = createProjectIndex(input.dialect, resolveEnumNode);
  bindFiles(index, input.files);
  resolveHeaders(index);
  resolveAll(index);
  bindProgramInstances(index);
  reportUnresolvedTypes(index);
  const declarations = index.reports.take();
  checkDeclarations(index, input.files);
  const globals = index.reports.take();
  const units = checkUnits(index);
  checkAgreement(index, input.files);
  const agreement = index.reports.take();
  checkAcrossBodies(index);
  const acrossBodies = index.reports.take();
  const schedule = scheduleOf(index, input);
  const reports = { declarations, globals, units, agreement, acrossBodies, schedule: index.reports.take() };
  const lineTables = new Map<SourceFile, LineTable>();
  const lineTableOf = (file: SourceFile): LineTable => tableOf(lineTables, file);
  const project: Project = {
    dialect: input.dialect,
    files: input.files,
    model: createModel(index.facts, (expression) => constantOfChecked(index, expression)),
    pous: index.pous,
    globals: index.globals,
    schedule,
    findings: findingsOf(reports, index, input, lineTableOf),
    lineTableOf,
    lookup: (qualifiedName) => lookupQualified(index, qualifiedName),
  };
  return { project, input, index, reports, lineTables, uses: new UnitUses() };
}

function tableOf(tables: Map<SourceFile, LineTable>, file: SourceFile): LineTable {
  const known = tables.get(file);
  if (known !== undefined) return known;
  const table = new LineTable(file.text);
  tables.set(file, table);
  return table;
}

/** The findings of the project, sorted. */
export function findingsOf(
  reports: ProjectReports,
  index: ProjectIndex,
  input: ProjectInput,
  lineTableOf: (file: SourceFile) => LineTable,
): Finding[] {
  const findings: Finding[] = [];
  const locate = (file: SourceFile, span: Span) => lineTableOf(file).locate(file.path, span.start, span.end);
  for (const file of input.files)
    for (const { code, message, start, end } of [...file.syntaxErrors, ...unreadPartsOf(file)]) {
      const finding = findingOf(code, message, input.dialect);
      if (finding !== null) findings.push({ ...locate(file, { start, end }), ...finding, related: [], witness: {} });
    }
  for (const report of distinctReports(inOrder(reports, index))) {
    const finding = findingOf(report.code, report.message, input.dialect);
    if (finding === null || isAfterSyntaxError(report)) continue;
    const related = report.related.map((one) => ({ ...locate(one.file, one.span), message: one.message }));
    findings.push({ ...locate(report.file, report.span), ...finding, related, witness: {} });
  }
  return findings.sort((a, b) => compareText(a.file, b.file) || compareFindings(a, b));
}

/** The order of the checks decides which of several reports of one cause is told. */
function inOrder(reports: ProjectReports, index: ProjectIndex): Report[] {
  return [
    ...reports.declarations,
    ...reports.globals,
    ...index.units.flatMap((unit) => reports.units.get(unit) ?? []),
    ...reports.agreement,
    ...reports.acrossBodies,
    ...reports.schedule,
  ];
}

function findingOf(
  code: string,
  message: string,
  dialect: DialectId,
): Pick<Finding, 'code' | 'rule' | 'severity' | 'message'> | null {
  const definition = diagnosticOf(code);
  if (definition === null) return { code, rule: 'unknown-diagnostic', severity: 'error', message };
  const severity = severityIn(definition, dialect);
  return severity === null ? null : { code, rule: definition.name, severity, message };
}

function lookupQualified(index: ProjectIndex, qualifiedName: string): CodeSymbol | null {
  const [first, ...rest] = qualifiedName.split('.').map((part) => keyOf(part.trim()));
  if (first === undefined) return null;
  let symbol: CodeSymbol | null =
    index.types.get(first) ?? index.values.get(first) ?? index.library.pou(first) ?? index.library.type(first);
  if (rest.length > 0 && symbol?.kind !== 'namespace' && symbol?.kind !== 'pou' && index.values.has(first))
    symbol = index.values.get(first) ?? symbol;
  for (const key of rest) {
    if (symbol === null) return null;
    symbol = staticMember(index, symbol, key) ?? memberOfDeclared(symbol, key);
  }
  return symbol;
}

function memberOfDeclared(symbol: CodeSymbol, key: string): CodeSymbol | null {
  switch (symbol.kind) {
    case 'pou':
      return (
        symbol.variables.get(key) ??
        symbol.methods.get(key) ??
        symbol.properties.get(key) ??
        symbol.actions.get(key) ??
        null
      );
    case 'interface':
      return symbol.methods.get(key) ?? symbol.properties.get(key) ?? null;
    case 'method':
      return symbol.variables.get(key) ?? null;
    case 'type':
      return symbol.type.kind === 'struct' ? (symbol.type.members.get(key) ?? null) : null;
    default:
      return null;
  }
}
