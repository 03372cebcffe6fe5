import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver/node';
import { walk } from '../../core/language/syntax/walk.js';
import type { CheckedFile } from '../workspace/unit.js';

/** Nodes that can be folded away, from their first line to the one before their end. */
const FOLDED: ReadonlySet<string> = new Set([
  'Pou',
  'Method',
  'Property',
  'PropertyAccessor',
  'Action',
  'Interface',
  'TypeDeclaration',
  'GlobalVariableList',
  'Namespace',
  'DataBlock',
  'Configuration',
  'Resource',
  'TestFixture',
  'TestCase',
  'VariableSection',
  'StructType',
  'If',
  'ConditionalBranch',
  'Case',
  'CaseBranch',
  'For',
  'While',
  'Repeat',
  'Region',
]);

export function foldingRanges({ file, project }: CheckedFile): FoldingRange[] {
  const lines = project.lineTableOf(file);
  const ranges = new Map<number, FoldingRange>();
  const add = ({ kind, start, end }: { readonly kind: string; readonly start: number; readonly end: number }): void => {
    const startLine = lines.positionAt(start).line - 1;
    const endLine = lines.positionAt(end).line - 1;
    if (endLine <= startLine || ranges.has(startLine)) return;
    const range = { startLine, endLine: kind === 'Comment' ? endLine : endLine - 1 };
    if (range.endLine > startLine)
      ranges.set(startLine, kind === 'Comment' ? { ...range, kind: FoldingRangeKind.Comment } : range);
  };
  file.comments.forEach(add);
  walk(file, (node) => {
    if (FOLDED.has(node.kind)) add(node);
  });
  return [...ranges.values()].sort((a, b) => a.startLine - b.startLine);
}
