import type { Configuration } from '../syntax/tree.js';
import { type BindingPlace, declareGlobal } from './binding-place.js';
import { declareSections } from './declare-variables.js';
import type { ProjectIndex } from './project-index.js';
import type { VariableSymbol } from './symbols.js';

/** Global variables of a configuration and its resources; tasks and programs are read by the schedule. */
export function bindConfiguration(index: ProjectIndex, declaration: Configuration, place: BindingPlace): void {
  const sections = [...declaration.sections, ...declaration.resources.flatMap((resource) => resource.sections)];
  const variables = new Map<string, VariableSymbol>();
  const owner = { owner: null, prefix: '', scope: place.scope, file: place.file, localEnums: null };
  declareSections(index, sections, owner, variables, 'global');
  for (const variable of variables.values()) declareGlobal(index, variable, place);
  index.configurations.push({ declaration, file: place.file });
}
