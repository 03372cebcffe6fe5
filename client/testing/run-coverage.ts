import { join } from 'node:path';
import * as vscode from 'vscode';
import { editorRange } from '../base/editor-range.js';
import type { Count, CoveredFile } from './simulator-protocol.js';

/** Details of the files of a run, until the editor asks for them. */
export type CoverageDetails = WeakMap<vscode.FileCoverage, CoveredFile>;

/** Reports the files of a site to a run; MC/DC, for which the editor has no number of its own, goes into the output. */
export function addCoverage(
  run: vscode.TestRun,
  root: string,
  files: readonly CoveredFile[],
  details: CoverageDetails,
): void {
  for (const file of files) {
    const pous = { covered: file.pous.filter(({ hits }) => hits > 0).length, total: file.pous.length };
    const coverage = new vscode.FileCoverage(
      vscode.Uri.file(join(root, file.file)),
      countOf(file.statementCount),
      countOf(file.branchCount),
      countOf(pous),
    );
    details.set(coverage, file);
    run.addCoverage(coverage);
    run.appendOutput(
      `coverage ${file.file}: statements ${percent(file.statementCount)}, branches ${percent(file.branchCount)}, MC/DC ${percent(file.mcdcCount)}\r\n`,
    );
  }
}

export function detailsOf(details: CoverageDetails, coverage: vscode.FileCoverage): vscode.FileCoverageDetail[] {
  const file = details.get(coverage);
  if (file === undefined) return [];
  return [
    ...file.pous.map(({ name, hits, range }) => new vscode.DeclarationCoverage(name, hits, editorRange(range))),
    ...file.statements.map(
      ({ hits, range, branches }) =>
        new vscode.StatementCoverage(
          hits,
          editorRange(range),
          branches.map((branch) => new vscode.BranchCoverage(branch.hits, editorRange(branch.range), branch.label)),
        ),
    ),
  ];
}

function countOf({ covered, total }: Count): vscode.TestCoverageCount {
  return new vscode.TestCoverageCount(covered, total);
}

function percent({ covered, total }: Count): string {
  return total === 0 ? 'none' : `${covered} of ${total} (${((100 * covered) / total).toFixed(1)} %)`;
}
