import type { Statement, StatementList } from '../syntax/tree.js';

/** False for bodies with jumps and with statements that could not be read: the analyses leave them alone. */
export function canBeFollowed(list: StatementList): boolean {
  return list.statements.every(
    (statement) =>
      statement.kind !== 'Goto' &&
      statement.kind !== 'Label' &&
      statement.kind !== 'ErrorStatement' &&
      statement.kind !== 'Mock' &&
      innerLists(statement).every(canBeFollowed),
  );
}

/** The statement lists directly inside of a statement. */
export function innerLists(statement: Statement): readonly StatementList[] {
  switch (statement.kind) {
    case 'If':
    case 'Case': {
      const lists = statement.branches.map(({ body }) => body);
      return statement.otherwise === null ? lists : [...lists, statement.otherwise];
    }
    case 'For':
    case 'While':
    case 'Repeat':
    case 'Region':
      return [statement.body];
    default:
      return [];
  }
}
