/** Bodies for the tests of the flow analyses: what is checked is marked by the names of the variables. */

import type { Project } from '../semantics/model.js';
import { buildProject } from '../semantics/project.js';
import type { PouSymbol } from '../semantics/symbols.js';
import { parseSourceFile } from '../syntax/parser.js';
import type { StatementList } from '../syntax/tree.js';

export interface FlowSubject {
  readonly project: Project;
  readonly pou: PouSymbol;
  readonly body: StatementList;
}

const DECLARATIONS = `TYPE Mode : (Idle, Auto);
END_TYPE
FUNCTION_BLOCK Other
VAR_INPUT
  i : INT;
END_VAR
VAR_OUTPUT
  o : INT;
END_VAR
VAR_IN_OUT
  io : INT;
END_VAR
END_FUNCTION_BLOCK
`;

/** A program with INT variables a, b, c, a condition x, a Mode m, an array l and a block f, around some statements. */
export function subjectOf(statements: string): FlowSubject {
  const text = `${DECLARATIONS}PROGRAM Main
VAR_TEMP
  a : INT;
  b : INT;
  c : INT;
END_VAR
VAR
  x : BOOL;
  n : INT;
  m : Mode;
  l : ARRAY[1..3] OF INT;
  p : POINTER TO INT;
  f : Other;
END_VAR
${statements}
END_PROGRAM
`;
  const file = parseSourceFile('a.st', text, 'codesys');
  const project = buildProject({ files: [file], dialect: 'codesys', entry: null, cycle: 10_000_000n });
  const errors = project.findings.filter(({ severity }) => severity === 'error');
  const pou = project.lookup('Main');
  if (errors.length > 0 || pou?.kind !== 'pou' || pou.declaration?.body.kind !== 'StatementList')
    throw new Error(errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return { project, pou, body: pou.declaration.body };
}
