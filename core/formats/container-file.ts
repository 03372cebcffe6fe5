import type { DialectId } from '../language/dialects/dialect-id.js';
import { errorsInOrder, type Findings, openConditionsOf } from '../language/syntax/findings.js';
import type { Declaration, SourceFile, UnsupportedBody } from '../language/syntax/tree.js';

/** What a reader of a container has found in its text: stretches of code, in whatever order the container holds them. */
export interface ContainerParts {
  readonly path: string;
  readonly text: string;
  readonly dialect: DialectId;
  readonly declarations: readonly Declaration[];
  readonly findings: Findings;
  /** Bodies that the reader left out, beside those that a parse of a stretch left out. */
  readonly unsupportedBodies: readonly UnsupportedBody[];
}

/** The file that a container holds, with all that was collected in the order of its text. */
export function containerFile({ path, text, dialect, declarations, findings, ...parts }: ContainerParts): SourceFile {
  const unsupportedBodies = inOrder([...parts.unsupportedBodies, ...findings.unsupported]);
  return {
    kind: 'SourceFile',
    start: 0,
    end: text.length,
    path,
    text,
    dialect,
    declarations,
    comments: inOrder(findings.comments),
    pragmas: inOrder(findings.pragmas),
    syntaxErrors: errorsInOrder(findings),
    ...(unsupportedBodies.length === 0 ? {} : { unsupportedBodies }),
    ...openConditionsOf(findings),
  };
}

function inOrder<Place extends { readonly start: number }>(places: readonly Place[]): Place[] {
  return [...places].sort((a, b) => a.start - b.start);
}
