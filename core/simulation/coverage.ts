/** Which statements of the project ran, as counts and as lcov. Needs a simulation with `coverage: true`. */

import { compareText } from '../base/finding.js';
import type { Effect, Routine } from './compile/ir.js';
import type { LoweredProgram } from './lower/program.js';
import type { Simulation } from './simulation.js';

export interface LineCoverage {
  readonly line: number;
  /** How often the statements that begin on the line ran; the greatest count of them. */
  readonly hits: number;
}

export interface FileCoverage {
  readonly file: string;
  readonly statements: number;
  readonly covered: number;
  readonly lines: readonly LineCoverage[];
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

/**
 * Statement coverage of the files of the project, sorted by path. Code that nothing instantiates or calls is not
 * compiled and does not appear; models of library blocks do not count.
 */
export function statementCoverage(simulation: Simulation): FileCoverage[] {
  const files = new Map<string, { statements: number; covered: number; lines: Map<number, number> }>();
  for (const site of statementSites(simulation.program)) {
    const source = simulation.program.sites[site];
    if (source === undefined || source.project !== simulation.project) continue;
    const entry = files.get(source.file.path) ?? { statements: 0, covered: 0, lines: new Map<number, number>() };
    files.set(source.file.path, entry);
    const hits = simulation.hits[site] ?? 0;
    const { line } = source.project.lineTableOf(source.file).positionAt(source.start);
    entry.statements++;
    if (hits > 0) entry.covered++;
    entry.lines.set(line, Math.max(entry.lines.get(line) ?? 0, hits));
  }
  return [...files]
    .map(([file, { statements, covered, lines }]) => ({
      file,
      statements,
      covered,
      lines: [...lines].map(([line, hits]) => ({ line, hits })).sort((a, b) => a.line - b.line),
    }))
    .sort((a, b) => compareText(a.file, b.file));
}

/** Coverage of several runs of one project, added up line by line; `statements` and `covered` then count lines. */
export function mergeCoverage(runs: readonly (readonly FileCoverage[])[]): FileCoverage[] {
  const files = new Map<string, Map<number, number>>();
  for (const file of runs.flat()) {
    const lines = files.get(file.file) ?? new Map<number, number>();
    files.set(file.file, lines);
    for (const { line, hits } of file.lines) lines.set(line, (lines.get(line) ?? 0) + hits);
  }
  return [...files]
    .map(([file, counts]) => {
      const lines = [...counts].map(([line, hits]) => ({ line, hits })).sort((a, b) => a.line - b.line);
      return { file, statements: lines.length, covered: lines.filter(({ hits }) => hits > 0).length, lines };
    })
    .sort((a, b) => compareText(a.file, b.file));
}

/** The lcov tracefile that editors and CI servers read. */
export function coverageToLcov(files: readonly FileCoverage[]): string {
  return files
    .map((file) => {
      const lines = file.lines.map(({ line, hits }) => `DA:${line},${hits}`);
      const covered = file.lines.filter(({ hits }) => hits > 0).length;
      return ['TN:', `SF:${file.file}`, ...lines, `LF:${file.lines.length}`, `LH:${covered}`, 'end_of_record', ''].join(
        '\n',
      );
    })
    .join('');
}
