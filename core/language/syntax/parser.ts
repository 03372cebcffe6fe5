import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { errorsInOrder, isOpenEnded, noFindings, openConditionsOf } from './findings.js';
import type { SourceKind } from './keyword-table.js';
import { NO_MODIFIERS } from './members.js';
import { parseDeclarations, parseWholeExpression, type Stretch } from './source-file.js';
import { TokenCursor } from './token-cursor.js';
import type { Expression, Pou, SourceFile, Span, SyntaxError as SyntaxFault } from './tree.js';
import { parseWholeBody } from './whole-body.js';

/**
 * Parses the text of a file. Always returns a tree; what could not be read is in `syntaxErrors`, in the order of the text.
 * `*_test.st` files may hold SETUP, TEARDOWN, TEST and MOCK blocks beside POUs.
 *
 * @param path identity of the file, relative to its site or as typed, with forward slashes
 */
export function parseSourceFile(path: string, text: string, dialect: DialectId): SourceFile {
  return parseWithFreeText(path, text, dialect).file;
}

/** Also tells which stretches of the text are no code (names of regions, titles of blocks): a formatter keeps them. */
export function parseWithFreeText(
  path: string,
  text: string,
  dialect: DialectId,
): { file: SourceFile; freeText: readonly Span[] } {
  const { file, freeText } = parseInStretches(path, text, dialect);
  return { file, freeText };
}

/** Also tells from which places the file can be parsed again; none in a file of statements only. */
export function parseInStretches(
  path: string,
  text: string,
  dialect: DialectId,
): { file: SourceFile; freeText: readonly Span[]; stretches: readonly Stretch[] } {
  const findings = noFindings();
  const cursor = new TokenCursor(
    text,
    { start: 0, end: text.length },
    dialectOf(dialect),
    sourceKindOf(path),
    findings,
  );
  const stretches: Stretch[] = [];
  const declarations = cursor.dialect.features.has('declarations')
    ? parseDeclarations(cursor, stretches)
    : [routine(cursor, path)];
  const file: SourceFile = {
    kind: 'SourceFile',
    start: 0,
    end: text.length,
    path,
    text,
    dialect,
    declarations,
    comments: findings.comments,
    pragmas: findings.pragmas,
    syntaxErrors: errorsInOrder(findings),
    ...(findings.unsupported.length === 0 ? {} : { unsupportedBodies: findings.unsupported }),
    ...openConditionsOf(findings),
  };
  return { file, freeText: findings.freeText, stretches: isOpenEnded(findings) ? [] : stretches };
}

/** A text that holds statements only (Rockwell): a program without declarations, named after its file. */
function routine(p: TokenCursor, path: string): Pou {
  const name = /([^/\\]*?)(?:\.[^./\\]*)?$/.exec(path)?.[1] ?? '';
  p.owner = name;
  return {
    kind: 'Pou',
    start: 0,
    end: p.text.length,
    pouKind: 'program',
    name: { kind: 'Identifier', start: 0, end: 0, name, quoting: 'none' },
    modifiers: NO_MODIFIERS,
    extends: [],
    implements: [],
    returnType: null,
    sections: [],
    methods: [],
    properties: [],
    actions: [],
    body: parseWholeBody(p, 0),
    pragmas: [],
    usings: [],
  };
}

/** Parses a single expression, such as a property to prove or a condition of a scenario. */
export function parseExpression(
  text: string,
  dialect: DialectId,
): { expression: Expression; errors: readonly SyntaxFault[] } {
  const findings = noFindings();
  const cursor = new TokenCursor(text, { start: 0, end: text.length }, dialectOf(dialect), 'program', findings);
  const expression = parseWholeExpression(cursor);
  return { expression, errors: errorsInOrder(findings) };
}

/** Test blocks are read in `*_test.st` files only. */
export function sourceKindOf(path: string): SourceKind {
  return /_test\.[^./\\]+$/i.test(path) ? 'test' : 'program';
}

export function inOrderOfText(errors: readonly SyntaxFault[]): SyntaxFault[] {
  return [...errors].sort((a, b) => a.start - b.start || a.end - b.end);
}
