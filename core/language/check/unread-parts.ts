/** What of a file is not in its tree, or is there in more than one version: it is told, so that silence is no approval. */

import type { ProjectIndex } from '../semantics/project-index.js';
import type { SourceFile, UnsupportedBody } from '../syntax/tree.js';

export function reportUnreadParts(index: ProjectIndex, file: SourceFile): void {
  for (const body of file.unsupportedBodies ?? []) index.reports.add('PW2077', file, body, messageOn(body));
  for (const { start } of file.openConditions ?? [])
    index.reports.add(
      'PW2078',
      file,
      { start, end: start + 1 },
      'Only the settings of the project tell which branch the compiler takes. All are checked; what follows their values is not.',
    );
}

function messageOn({ owner, language }: UnsupportedBody): string {
  switch (language) {
    case 'alias':
      return `"${owner}" is another name of a tag. The two are checked as two variables.`;
    case 'FB_init':
      return 'What FB_init does for each element is not followed.';
    case 'protected':
      return `"${owner}" is protected and can't be read: what it does is not checked.`;
    default:
      return `The body of "${owner}" is written in ${language}, which is not read here: what it does is not checked.`;
  }
}
