import type { CodeUnit, ProjectIndex } from '../semantics/project-index.js';
import type { Scope } from '../semantics/scope.js';
import type { SourceFile, VariableSection } from '../syntax/tree.js';

/** Declarations outside of any POU as a unit to check: globals, types, the expressions of a configuration. */
export function declarationUnit(
  index: ProjectIndex,
  file: SourceFile,
  sections: readonly VariableSection[],
  scope: Scope = index.scope,
): CodeUnit {
  return {
    kind: 'declarations',
    file,
    span: file,
    pou: null,
    symbol: null,
    sections,
    variables: new Map(),
    body: null,
    scope,
    result: null,
  };
}
