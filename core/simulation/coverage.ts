/**
 * What of a project ran: statements, branches, conditions and MC/DC, as numbers and as lcov. Needs a simulation with
 * `coverage: true`. Code that nothing instantiates or calls is not compiled and does not count; neither do models of
 * library blocks and test cases.
 */

import { compareText } from '../base/finding.js';
import type { Effect, Routine, Site } from './compile/ir.js';
import type { SourceSite } from './lower/context.js';
import type { DecisionTree } from './lower/decisions.js';
import type { LoweredProgram } from './lower/program.js';
import { shownConditions } from './mcdc.js';
import { conditionIn } from './run-time/coverage-recorder.js';
import type { Simulation } from './simulation.js';

export interface LineCoverage {
  readonly line: number;
  /** How often the statements that begin on the line ran; the greatest count of them. */
  readonly hits: number;
}

export interface StatementCoverage extends LineCoverage {
  /** Offset in the file. */
  readonly start: number;
}

/** A way on from IF, WHILE, REPEAT (TRUE and FALSE) or CASE (each list of labels, and ELSE). */
export interface BranchCoverage extends LineCoverage {
  /** Offset of the decision or CASE to which it belongs. */
  readonly owner: number;
  /** Position among the branches of its owner. */
  readonly index: number;
}

export interface DecisionCoverage {
  readonly line: number;
  readonly start: number;
  readonly tree: DecisionTree;
  /** Text of each condition. */
  readonly conditions: readonly string[];
  readonly branches: boolean;
  /** Distinct evaluations with their counts, `[2 * vector + outcome, count]`, in ascending order. */
  readonly records: readonly (readonly [number, number])[];
}

export interface FileCoverage {
  readonly file: string;
  readonly statements: readonly StatementCoverage[];
  readonly branches: readonly BranchCoverage[];
  readonly decisions: readonly DecisionCoverage[];
}

export interface Ratio {
  readonly covered: number;
  readonly total: number;
}

/** The numbers of a report. A condition is covered when it was TRUE and FALSE; for MC/DC when it decided alone. */
export interface CoverageTotals {
  readonly statements: Ratio;
  readonly branches: Ratio;
  readonly conditions: Ratio;
  readonly mcdc: Ratio;
}

/** Sites of all statements of the generated program. */
function statementSites(program: LoweredProgram): Set<number> {
  const sites = new Set<number>();
  const visit = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      switch (effect.do) {
        case 'statement':
          sites.add(effect.site);
          break;
        case 'if':
          for (const branch of effect.branches) visit(branch.body);
          visit(effect.otherwise);
          break;
        case 'case':
          for (const branch of effect.branches) visit(branch.body);
          visit(effect.otherwise);
          break;
        case 'for':
        case 'while':
        case 'repeat':
          visit(effect.body);
          break;
        default:
          break;
      }
    }
  };
  const routines: readonly Routine[] = [...program.classes.flatMap((form) => form.routines), ...program.functions];
  for (const routine of routines) visit(routine.body);
  return sites;
}

interface OpenFile {
  readonly statements: StatementCoverage[];
  readonly branches: BranchCoverage[];
  readonly decisions: DecisionCoverage[];
}

/** Coverage of the files of the project, sorted by path and place. */
export function coverageOf(simulation: Simulation): FileCoverage[] {
  const { program, project } = simulation;
  const files = new Map<string, OpenFile>();
  const at = (site: Site): { readonly source: SourceSite; readonly line: number; readonly open: OpenFile } | null => {
    const source = program.sites[site];
    if (source === undefined || source.project !== project) return null;
    if (source.file.declarations.some((each) => each.kind === 'TestCase' || each.kind === 'TestFixture')) return null;
    const open = files.get(source.file.path) ?? { statements: [], branches: [], decisions: [] };
    files.set(source.file.path, open);
    return { source, open, line: project.lineTableOf(source.file).positionAt(source.start).line };
  };
  for (const site of statementSites(program)) {
    const place = at(site);
    place?.open.statements.push({ start: place.source.start, line: place.line, hits: simulation.hits[site] ?? 0 });
  }
  program.coverage?.decisions.forEach((decision, number) => {
    const place = at(decision.site);
    if (place === null) return;
    const records = [...simulation.coverage.recordsOf(number)].sort(([a], [b]) => a - b);
    place.open.decisions.push({
      line: place.line,
      start: place.source.start,
      tree: decision.tree,
      conditions: decision.conditions.map((site) => textAt(program.sites[site])),
      branches: decision.branches,
      records,
    });
    if (!decision.branches) return;
    for (const [index, outcome] of [1, 0].entries()) {
      const hits = records.reduce((sum, [key, count]) => (key % 2 === outcome ? sum + count : sum), 0);
      place.open.branches.push({ owner: place.source.start, index, line: place.line, hits });
    }
  });
  const armsOf = new Map<Site, number>();
  program.coverage?.arms.forEach((arm, number) => {
    const place = at(arm.site);
    const owner = program.sites[arm.owner];
    if (place === null || owner === undefined) return;
    const index = armsOf.get(arm.owner) ?? 0;
    armsOf.set(arm.owner, index + 1);
    place.open.branches.push({
      owner: owner.start,
      index,
      line: place.line,
      hits: simulation.coverage.hitsOfBranch(number),
    });
  });
  return [...files].map(([file, open]) => sorted(file, open)).sort((a, b) => compareText(a.file, b.file));
}

function textAt(source: SourceSite | undefined): string {
  return source === undefined ? '' : source.file.text.slice(source.start, source.end).replace(/\s+/g, ' ');
}

function sorted(file: string, open: OpenFile): FileCoverage {
  return {
    file,
    statements: open.statements.sort((a, b) => a.start - b.start),
    branches: open.branches.sort((a, b) => a.owner - b.owner || a.index - b.index),
    decisions: open.decisions.sort((a, b) => a.start - b.start),
  };
}

/** Coverage of several runs of one project, added up. What only one run has compiled counts too. */
export function mergeCoverage(runs: readonly (readonly FileCoverage[])[]): FileCoverage[] {
  const byFile = new Map<string, FileCoverage[]>();
  for (const each of runs.flat()) byFile.set(each.file, [...(byFile.get(each.file) ?? []), each]);
  return [...byFile]
    .map(([file, parts]) =>
      sorted(file, {
        statements: merged(
          parts.flatMap((part) => part.statements),
          ({ start }) => String(start),
          addHits,
        ),
        branches: merged(
          parts.flatMap((part) => part.branches),
          ({ owner, index }) => `${owner}:${index}`,
          addHits,
        ),
        decisions: merged(
          parts.flatMap((part) => part.decisions),
          ({ start }) => String(start),
          addRecords,
        ),
      }),
    )
    .sort((a, b) => compareText(a.file, b.file));
}

function merged<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  add: (a: Entry, b: Entry) => Entry,
): Entry[] {
  const known = new Map<string, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const before = known.get(key);
    known.set(key, before === undefined ? entry : add(before, entry));
  }
  return [...known.values()];
}

function addHits<Entry extends LineCoverage>(a: Entry, b: Entry): Entry {
  return { ...a, hits: a.hits + b.hits };
}

function addRecords(a: DecisionCoverage, b: DecisionCoverage): DecisionCoverage {
  const counts = new Map(a.records);
  for (const [key, count] of b.records) counts.set(key, (counts.get(key) ?? 0) + count);
  return { ...a, records: [...counts].sort(([x], [y]) => x - y) };
}

/** Lines with statements, each with the greatest count of the statements that begin there. */
export function linesOf(file: FileCoverage): LineCoverage[] {
  const lines = new Map<number, number>();
  for (const { line, hits } of file.statements) lines.set(line, Math.max(lines.get(line) ?? 0, hits));
  return [...lines].map(([line, hits]) => ({ line, hits })).sort((a, b) => a.line - b.line);
}

function ratio(flags: readonly boolean[]): Ratio {
  return { covered: flags.filter((each) => each).length, total: flags.length };
}

/** True for each condition of a decision that was seen both TRUE and FALSE. */
function seenBothWays(decision: DecisionCoverage): boolean[] {
  return decision.conditions.map((_, index) => {
    const seen = new Set(decision.records.map(([key]) => conditionIn(Math.floor(key / 2), index)));
    return seen.has(true) && seen.has(false);
  });
}

/** The numbers of some files together. */
export function coverageTotals(files: readonly FileCoverage[]): CoverageTotals {
  const decisions = files.flatMap((file) => file.decisions);
  return {
    statements: ratio(files.flatMap((file) => file.statements).map(({ hits }) => hits > 0)),
    branches: ratio(files.flatMap((file) => file.branches).map(({ hits }) => hits > 0)),
    conditions: ratio(decisions.flatMap(seenBothWays)),
    mcdc: ratio(decisions.flatMap(shownConditions)),
  };
}

/** The lcov tracefile that editors and CI servers read: lines, branches, and MC/DC as lcov 2.2 and later know it. */
export function coverageToLcov(files: readonly FileCoverage[]): string {
  return files
    .map((file) => {
      const lines = linesOf(file);
      const mcdc = file.decisions.map((decision) => ({ decision, shown: shownConditions(decision) }));
      const shown = mcdc.flatMap((each) => each.shown);
      return [
        'TN:',
        `SF:${file.file}`,
        ...file.branches.map((each) => branchRecord(file, each)),
        ...(file.branches.length === 0
          ? []
          : [`BRF:${file.branches.length}`, `BRH:${file.branches.filter(({ hits }) => hits > 0).length}`]),
        ...mcdc.flatMap((each) => mcdcRecords(each.decision, each.shown)),
        // Each condition counts twice there: for TRUE and for FALSE.
        ...(shown.length === 0 ? [] : [`MCF:${2 * shown.length}`, `MCH:${2 * shown.filter((each) => each).length}`]),
        ...lines.map(({ line, hits }) => `DA:${line},${hits}`),
        `LF:${lines.length}`,
        `LH:${lines.filter(({ hits }) => hits > 0).length}`,
        'end_of_record',
        '',
      ].join('\n');
    })
    .join('');
}

/** `-` instead of 0 says that the decision itself was never reached. */
function branchRecord(file: FileCoverage, branch: BranchCoverage): string {
  const isReached = file.branches.some((each) => each.owner === branch.owner && each.hits > 0);
  return `BRDA:${branch.line},${branch.owner},${branch.index},${isReached ? branch.hits : '-'}`;
}

function mcdcRecords(decision: DecisionCoverage, shown: readonly boolean[]): string[] {
  const { conditions, line } = decision;
  return conditions.flatMap((text, index) =>
    (['t', 'f'] as const).map(
      (sense) => `MCDC:${line},${conditions.length},${sense},${shown[index] === true ? 1 : 0},${index},${text}`,
    ),
  );
}
