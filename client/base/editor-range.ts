import * as vscode from 'vscode';

/** Lines and columns from 1 on, as findings have them. */
interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A range as the editor counts it, from 0. */
export function editorRange({ line, column, endLine, endColumn }: TextRange): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}
