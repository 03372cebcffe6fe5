/** Coverage in the terms of an editor: ranges instead of offsets, branches at the statement to which they belong. */

import type { LineTable } from '../../../core/base/line-table.js';
import type { Project } from '../../../core/language/semantics/model.js';
import type { SourceFile } from '../../../core/language/syntax/tree.js';
import { nodesAt, type SyntaxNode } from '../../../core/language/syntax/walk.js';
import {
  type BranchCoverage,
  coverageTotals,
  type DecisionCoverage,
  type FileCoverage,
} from '../../../core/simulation/coverage.js';
import { shownConditions } from '../../../core/simulation/mcdc.js';
import type { CoveredBranch, CoveredFile, CoveredPou, CoveredStatement, TextRange } from '../simulator-protocol.js';
import { rangeOf } from './find-checks.js';

export function coverageForEditor(project: Project, files: readonly FileCoverage[]): CoveredFile[] {
  return files.flatMap((coverage) => {
    const file = project.files.find(({ path }) => path === coverage.file);
    return file === undefined ? [] : [coveredFile(file, project.lineTableOf(file), coverage)];
  });
}

function coveredFile(file: SourceFile, lines: LineTable, coverage: FileCoverage): CoveredFile {
  const totals = coverageTotals([coverage]);
  const starts = coverage.statements.map(({ start }) => start);
  const branches = new Map<number, CoveredBranch[]>();
  const addTo = (owner: number, branch: CoveredBranch): void => {
    const start = lastAtOrBefore(starts, owner);
    if (start !== null) branches.set(start, [...(branches.get(start) ?? []), branch]);
  };
  for (const branch of coverage.branches) addTo(branch.owner, branchOf(file, lines, coverage, branch));
  for (const decision of coverage.decisions)
    for (const branch of conditionsOf(file, lines, decision)) addTo(decision.start, branch);
  return {
    file: coverage.file,
    statements: coverage.statements.map(
      ({ start, hits }): CoveredStatement => ({
        hits,
        range: headOf(file, lines, start),
        branches: branches.get(start) ?? [],
      }),
    ),
    pous: pousOf(file, lines, coverage),
    statementCount: totals.statements,
    branchCount: totals.branches,
    mcdcCount: totals.mcdc,
  };
}

function branchOf(file: SourceFile, lines: LineTable, coverage: FileCoverage, branch: BranchCoverage): CoveredBranch {
  const isDecision = coverage.decisions.some(({ start, branches }) => branches && start === branch.owner);
  const label = isDecision ? (branch.index === 0 ? 'TRUE' : 'FALSE') : `CASE branch ${branch.index + 1}`;
  return { label, hits: branch.hits, range: headOf(file, lines, branch.owner) };
}

/** One entry per condition: whether it was shown that it alone can turn its decision (MC/DC). */
function conditionsOf(file: SourceFile, lines: LineTable, decision: DecisionCoverage): CoveredBranch[] {
  if (decision.conditions.length < 2) return [];
  const range = headOf(file, lines, decision.start);
  return shownConditions(decision).map((isShown, index) => ({
    label: `MC/DC: ${decision.conditions[index] ?? ''} decides alone`,
    hits: isShown ? 1 : 0,
    range,
  }));
}

function pousOf(file: SourceFile, lines: LineTable, { statements }: FileCoverage): CoveredPou[] {
  return file.declarations.flatMap((each): CoveredPou[] => {
    if (each.kind !== 'Pou') return [];
    const inside = statements.filter(({ start }) => start >= each.start && start < each.end);
    if (inside.length === 0) return [];
    const hits = inside.reduce((most, statement) => Math.max(most, statement.hits), 0);
    return [{ name: each.name.name, hits, range: rangeOf(lines, each.name.start, each.name.end) }];
  });
}

/** A statement without the statements inside of it: `IF … THEN`, `CASE … OF`, the whole of a simple one. */
function headOf(file: SourceFile, lines: LineTable, start: number): TextRange {
  const node = nodesAt(file, start).find((each) => each.start === start && each.kind !== 'StatementList');
  const end = node === undefined ? start : endOfHead(node);
  return rangeOf(lines, start, Math.max(start + 1, end));
}

function endOfHead(node: SyntaxNode): number {
  switch (node.kind) {
    case 'If':
      return node.branches[0]?.condition.end ?? node.end;
    case 'Case':
      return node.selector.end;
    case 'For':
      return node.to.end;
    case 'While':
      return node.condition.end;
    case 'Repeat':
      return node.start + 'REPEAT'.length;
    default:
      return node.end;
  }
}

function lastAtOrBefore(sorted: readonly number[], wanted: number): number | null {
  let found: number | null = null;
  for (const each of sorted) {
    if (each > wanted) break;
    found = each;
  }
  return found;
}
