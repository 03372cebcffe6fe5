/** Lines and columns as the client counts them: from 1, or from 0. Inside they count from 1. */

export interface LineNumbers {
  toClient(line: number): number;
  fromClient(line: number): number;
  columnToClient(column: number): number;
}

export function lineNumbers(linesStartAt: 0 | 1, columnsStartAt: 0 | 1): LineNumbers {
  return {
    toClient: (line) => line - 1 + linesStartAt,
    fromClient: (line) => line + 1 - linesStartAt,
    columnToClient: (column) => column - 1 + columnsStartAt,
  };
}
