/** How a file is written, so that what is added looks like the rest of it. */

import { dialectOf } from '../../language/dialects/dialect.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Pou, SourceFile, VariableSection } from '../../language/syntax/tree.js';

export interface SourceStyle {
  readonly lineEnd: string;
  /** One level of indentation. */
  readonly indent: string;
  readonly keyword: (word: string) => string;
  readonly comment: (text: string) => string;
  /** How a local variable is written in statements: `#name` in Siemens SCL. */
  readonly local: (name: string) => string;
}

export function styleOf(file: SourceFile): SourceStyle {
  const { text } = file;
  const { features } = dialectOf(file.dialect);
  const isLowerCase = /\bend_var\b/.test(text) && !/\bEND_VAR\b/.test(text);
  const style = file.comments.find((comment) => !/\n/.test(text.slice(comment.start, comment.end)))?.style;
  const hasLineComments =
    style === 'line' || (style === undefined && file.comments.some((comment) => comment.style === 'line'));
  return {
    lineEnd: /\r\n|\n|\r/.exec(text)?.[0] ?? '\n',
    indent: indentUnit(file),
    keyword: (word) => (isLowerCase ? word.toLowerCase() : word),
    comment: (words) => (hasLineComments ? `// ${words}` : `(* ${words} *)`),
    local: (name) => (features.has('hash-names') ? `#${quoteIfNeeded(name)}` : name),
  };
}

/** A name with Siemens quotes when it holds more than letters, digits and underscores. */
export function quoteIfNeeded(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `"${name}"`;
}

/** How much deeper declarations stand than their section: the unit that the author of the file uses. */
function indentUnit(file: SourceFile): string {
  const { text } = file;
  for (const section of sectionsOf(file)) {
    const outer = indentAt(text, section.start);
    for (const variable of section.variables) {
      const inner = indentAt(text, variable.start);
      const startsLine = startOfLine(text, variable.start) + inner.length === variable.start;
      if (startsLine && inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
    }
  }
  return '    ';
}

function sectionsOf(file: SourceFile): VariableSection[] {
  return file.declarations.flatMap((declaration) =>
    declaration.kind === 'Pou' || declaration.kind === 'GlobalVariableList' || declaration.kind === 'DataBlock'
      ? [...declaration.sections]
      : [],
  );
}

/** White space in front of the line that holds an offset. */
export function indentAt(text: string, offset: number): string {
  const lineStart = startOfLine(text, offset);
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

export function startOfLine(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** Offset of the line end after `offset`, or of the end of the text. */
export function endOfLine(text: string, offset: number): number {
  const found = /[\r\n]/.exec(text.slice(offset));
  return found === null ? text.length : offset + found.index;
}

/**
 * A name for the instance that evaluates a signal, in the style of the instances that the POU has:
 * `fbGuardDoorMonitor`, `GuardDoorMonitor`, `guardDoorMonitor`, `GUARD_DOOR_MONITOR`.
 */
export function instanceName(signalName: string, instanceNames: readonly string[], taken: ReadonlySet<string>): string {
  const words = wordsOf(signalName);
  const pascal = [...words, 'monitor']
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join('');
  const base = nameInStyle(words, pascal, instanceNames);
  for (let suffix = 1; ; suffix++) {
    const name = suffix === 1 ? base : `${base}${suffix}`;
    if (!taken.has(keyOf(name))) return name;
  }
}

function nameInStyle(words: readonly string[], pascal: string, instanceNames: readonly string[]): string {
  const most = (test: (name: string) => boolean): boolean =>
    instanceNames.length > 0 && instanceNames.filter(test).length * 2 > instanceNames.length;
  if (most((name) => /^fb_?[A-Z]/.test(name))) return `fb${pascal}`;
  if (most((name) => /^_fb[A-Z]/.test(name))) return `_fb${pascal}`;
  if (most((name) => /^[A-Z0-9_]+$/.test(name) && /[A-Z]/.test(name)))
    return [...words, 'monitor'].join('_').toUpperCase();
  if (most((name) => /^[a-z]/.test(name))) return pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return pascal;
}

/** `xGuardDoor_Ch1` gives guard, door: without a type prefix and without the number of the channel. */
function wordsOf(name: string): string[] {
  const bare = name
    .replace(/^(?:i_|q_|x_|b_|s_)/i, '')
    .replace(/^(?:[xb]|bo)(?=[A-Z])/, '')
    .replace(/_?(?:ch|k|kanal|ossd|channel|kontakt)?_?[0-9]+$/i, '');
  const words = (bare === '' ? name : bare).split(/_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter((word) => word !== '');
  return words.length === 0 ? ['guard'] : words;
}

/** Names that a POU declares, upper case, and those of its instances of function blocks. */
export function namesIn(pou: Pou): ReadonlySet<string> {
  return new Set(
    pou.sections.flatMap((section) =>
      section.variables.flatMap((variable) => variable.names.map(({ name }) => keyOf(name.name))),
    ),
  );
}
