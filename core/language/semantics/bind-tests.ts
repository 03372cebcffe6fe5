import type { SourceFile } from '../syntax/tree.js';
import { declareSections } from './declare-variables.js';
import type { ProjectIndex } from './project-index.js';
import { type Scope, variableScope } from './scope.js';
import type { EnumValueSymbol, VariableSymbol } from './symbols.js';

/** Fixtures and tests of a `*_test.st` file: the variables of SETUP and TEARDOWN are visible in every test of the file. */
export function bindTests(index: ProjectIndex, file: SourceFile, outer: Scope): void {
  const shared = new Map<string, VariableSymbol>();
  const sharedEnums = new Map<string, EnumValueSymbol>();
  const fileScope = variableScope(outer, shared, sharedEnums);
  for (const fixture of file.declarations) {
    if (fixture.kind !== 'TestFixture') continue;
    const prefix = fixture.phase === 'setup' ? 'SETUP' : 'TEARDOWN';
    const owner = { owner: null, prefix, scope: fileScope, file, localEnums: sharedEnums };
    declareSections(index, fixture.sections, owner, shared);
    index.units.push({
      kind: 'fixture',
      file,
      span: fixture,
      pou: null,
      symbol: null,
      sections: fixture.sections,
      variables: shared,
      body: fixture.body,
      scope: fileScope,
      result: null,
    });
  }
  for (const test of file.declarations) {
    if (test.kind !== 'TestCase') continue;
    const variables = new Map<string, VariableSymbol>();
    const localEnums = new Map<string, EnumValueSymbol>();
    const scope = variableScope(fileScope, variables, localEnums);
    const owner = { owner: null, prefix: test.name, scope, file, localEnums };
    declareSections(index, test.sections, owner, variables);
    index.units.push({
      kind: 'test',
      file,
      span: test,
      pou: null,
      symbol: null,
      sections: test.sections,
      variables,
      body: test.body,
      scope,
      result: null,
    });
  }
}
