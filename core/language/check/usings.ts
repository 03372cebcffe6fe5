import { textOf } from '../semantics/inheritance.js';
import type { ProjectIndex } from '../semantics/project-index.js';
import { suggestion } from '../semantics/suggestions.js';
import { keyOf } from '../semantics/symbols.js';
import type { Declaration, SourceFile, UsingDirective } from '../syntax/tree.js';

/** USING of a namespace that nobody declares: its library is missing. */
export function checkUsings(index: ProjectIndex, files: readonly SourceFile[]): void {
  for (const file of files) visit(index, file, file.declarations);
}

function visit(index: ProjectIndex, file: SourceFile, declarations: readonly Declaration[]): void {
  for (const declaration of declarations) {
    if (declaration.kind === 'Using') checkUsing(index, file, declaration);
    else if (declaration.kind === 'Namespace') visit(index, file, declaration.declarations);
    else if (declaration.kind === 'Pou') for (const using of declaration.usings) checkUsing(index, file, using);
  }
}

function checkUsing(index: ProjectIndex, file: SourceFile, using: UsingDirective): void {
  for (const name of using.names) {
    const key = keyOf(textOf(name));
    if (index.namespaceMembers.has(key)) continue;
    index.reports.once(
      key,
      'PW2009',
      file,
      name,
      `The namespace "${textOf(name)}" is not among the sources: the library that declares it is missing.${suggestion(textOf(name), index.namespaceMembers.keys())}`,
    );
  }
}
