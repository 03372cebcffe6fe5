/** What of a file is not in its tree, or is there in more than one version: it is told, so that silence is no approval. */

import type { SourceFile, SyntaxError as SyntaxFault, UnsupportedBody } from '../syntax/tree.js';

/** Findings that depend on the text of the file alone, as syntax errors do. */
export function unreadPartsOf({ unsupportedBodies = [], openConditions = [] }: SourceFile): SyntaxFault[] {
  const bodies = unsupportedBodies.map((body) => {
    const { start, end } = body;
    return { code: 'PW2077', start, end, message: messageOn(body) };
  });
  const conditions = openConditions.map(({ start }) => ({
    code: 'PW2078',
    start,
    end: start + 1,
    message:
      'Only the settings of the project tell which branch the compiler takes. All are checked; what follows their values is not.',
  }));
  return [...bodies, ...conditions];
}

function messageOn({ owner, language }: UnsupportedBody): string {
  switch (language) {
    case 'alias':
      return `"${owner}" is another name of a tag. The two are checked as two variables.`;
    case 'FB_init':
      return 'What FB_init does for each element is not followed.';
    case '__TRY':
      return 'When an exception is raised is not known: what is inside is not followed.';
    case 'protected':
      return `"${owner}" is protected and can't be read: what it does is not checked.`;
    default:
      return `The body of "${owner}" is written in ${language}, which is not read here: what it does is not checked.`;
  }
}
