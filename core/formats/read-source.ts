import { type DecodeProblem, decodeText, problemsOf } from '../base/decode.js';
import { DEFAULT_DIALECT } from '../language/dialects/dialect.js';
import type { DialectId } from '../language/dialects/dialect-id.js';
import { inOrderOfText, parseSourceFile } from '../language/syntax/parser.js';
import type { SourceFile } from '../language/syntax/tree.js';
import { readL5x } from './logix/read-l5x.js';
import { readSimaticMl } from './tia/read-simaticml.js';
import { readTwincat } from './twincat/read-twincat.js';

/** The dialect of loose files whose format doesn't tell it, when the caller has none: see `DEFAULT_DIALECT`. */
export const LOOSE_FILE_DIALECT: DialectId = DEFAULT_DIALECT;

type Reader = (path: string, text: string, dialect: DialectId) => SourceFile;

interface SourceFormat {
  /** Lower case, with the dot. */
  readonly extension: string;
  /** The dialect that the format implies; null when the manifest or the caller must say it. */
  readonly dialect: DialectId | null;
  readonly read: Reader;
}

const FORMATS: readonly SourceFormat[] = [
  { extension: '.st', dialect: null, read: parseSourceFile },
  { extension: '.iecst', dialect: null, read: parseSourceFile },
  { extension: '.exp', dialect: 'codesys', read: parseSourceFile },
  { extension: '.scl', dialect: 'siemens', read: parseSourceFile },
  { extension: '.udt', dialect: 'siemens', read: parseSourceFile },
  { extension: '.s7dcl', dialect: 'siemens', read: parseSourceFile },
  { extension: '.xml', dialect: 'siemens', read: readSimaticMl },
  { extension: '.db', dialect: 'siemens', read: parseSourceFile },
  { extension: '.tcpou', dialect: 'twincat', read: readTwincat },
  { extension: '.tcgvl', dialect: 'twincat', read: readTwincat },
  { extension: '.tcdut', dialect: 'twincat', read: readTwincat },
  { extension: '.tcio', dialect: 'twincat', read: readTwincat },
  { extension: '.l5x', dialect: 'rockwell', read: readL5x },
];

/** Extensions of the files that hold program text, in lower case with the dot. */
export const SOURCE_EXTENSIONS: readonly string[] = FORMATS.map((format) => format.extension);

function formatOf(path: string): SourceFormat | null {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return null;
  const extension = path.slice(dot).toLowerCase();
  return FORMATS.find((format) => format.extension === extension) ?? null;
}

/** The dialect that the file's format implies; null when only the manifest or `--dialect` can tell. */
export function dialectForPath(path: string): DialectId | null {
  return formatOf(path)?.dialect ?? null;
}

/** True for files that `readSource` knows the format of. */
export function isSourcePath(path: string): boolean {
  return formatOf(path) !== null;
}

/**
 * Reads a source file in the format that its extension names; an unknown extension is read as plain text. A format that
 * implies a dialect is read in that one, whatever the caller's. Never throws: everything wrong is in `syntaxErrors`.
 * `Thumbs.db` and SQLite files hold no program: they are read as empty.
 *
 * @param dialect the site's dialect, from its manifest
 */
export function readSource(path: string, content: Uint8Array | string, dialect: DialectId): SourceFile {
  const format = formatOf(path);
  if (typeof content !== 'string' && isForeignDatabase(content)) return parseSourceFile(path, '', dialect);
  const { text, problems } = typeof content === 'string' ? fromString(content) : decodeText(content);
  const read = format?.read ?? parseSourceFile;
  const file = read(path, text, format?.dialect ?? dialect);
  return problems.length === 0 ? file : withProblems(file, problems);
}

/**
 * The text and dialect of a file whose text is nothing but program, for a tree that follows its edits. Null for
 * containers, for foreign files, and when the bytes are at fault: those are read by `readSource`.
 */
export function plainProgramOf(
  path: string,
  content: Uint8Array,
  dialect: DialectId,
): { readonly text: string; readonly dialect: DialectId } | null {
  const format = formatOf(path);
  if ((format?.read ?? parseSourceFile) !== parseSourceFile || isForeignDatabase(content)) return null;
  const { text, problems } = decodeText(content);
  return problems.length === 0 ? { text, dialect: format?.dialect ?? dialect } : null;
}

/** Starts of files that only share the extension `.db`: the thumbnails of a Windows folder, and SQLite. */
const FOREIGN_DATABASES: readonly Buffer[] = [Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('SQLite format 3\0')];

function isForeignDatabase(content: Uint8Array): boolean {
  return FOREIGN_DATABASES.some((mark) => Buffer.compare(content.subarray(0, mark.length), mark) === 0);
}

/** Text of an editor: a byte order mark in front is not part of it. */
function fromString(content: string): { text: string; problems: readonly DecodeProblem[] } {
  const text = content.startsWith('\ufeff') ? content.slice(1) : content;
  return { text, problems: problemsOf(text) };
}

/** Adds what was wrong with the bytes; the parser's own complaint about the same character is left out. */
function withProblems(file: SourceFile, problems: readonly DecodeProblem[]): SourceFile {
  const offsets = new Set(problems.map((problem) => problem.offset));
  const parserErrors = file.syntaxErrors.filter((error) => !(error.code === 'PW1009' && offsets.has(error.start)));
  const decodeErrors = problems.map(({ offset, message }) => ({
    code: 'PW1019',
    start: offset,
    end: Math.min(offset + 1, file.text.length),
    message,
  }));
  return { ...file, syntaxErrors: inOrderOfText([...parserErrors, ...decodeErrors]) };
}
