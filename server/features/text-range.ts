import type { Position, Range } from 'vscode-languageserver/node';
import type { Location as FindingLocation } from '../../core/base/finding.js';
import type { LineTable } from '../../core/base/line-table.js';
import type { Span } from '../../core/language/syntax/tree.js';

/** LSP counts lines and characters from 0, Plantwright from 1. */
export function rangeOfSpan(lines: LineTable, span: Span): Range {
  return rangeOfLocation(lines.locate('', span.start, span.end));
}

export function rangeOfLocation(location: Omit<FindingLocation, 'file'>): Range {
  return {
    start: { line: location.line - 1, character: location.column - 1 },
    end: { line: location.endLine - 1, character: location.endColumn - 1 },
  };
}

export function offsetOfPosition(lines: LineTable, position: Position): number {
  return lines.offsetAt(position.line + 1, position.character + 1);
}
