/**
 * YAML with positions: every file that people write by hand (site manifest, fleet, scenarios, front matter of
 * migrations) is read here, so that every mistake becomes a finding with file, line, column and how to mend it.
 * Nothing here throws on bad input.
 */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Node as YamlNode,
} from 'yaml';
import { type Finding, type Location, startOfFile } from './finding.js';
import { LineTable } from './line-table.js';

/** A way into a document: map keys and list indices. */
export type YamlPath = readonly (string | number)[];

/** A YAML text that could be read as data, with the place of every value. */
export interface YamlDocument {
  readonly file: string;
  /** Plain JSON-like data. Mapping keys are text. */
  readonly value: unknown;
  /** The place of the value at a path; of the nearest enclosing value when there is none. */
  locate(path: YamlPath): Location;
  /** The place of the key that names the value at a path; that of the value when it is no entry of a mapping. */
  locateKey(path: YamlPath): Location;
  /** The text of a plain or quoted scalar as written, without quotes; null for anything else. */
  sourceOf(path: YamlPath): string | null;
}

export interface YamlOptions {
  /** The text before the YAML (front matter): lines and columns are then those of the whole file. */
  readonly wholeText?: string;
  readonly offset?: number;
}

export interface YamlResult {
  /** Null when the text is not YAML at all; the findings say why. */
  readonly document: YamlDocument | null;
  readonly findings: readonly Finding[];
}

/** Far above any real file of this kind; below what would make a reader or a person wait. */
const MAX_LENGTH = 2_000_000;
const MAX_DEPTH = 64;
/** Uses of one anchor. A manifest has no reason for more, an "anchor bomb" has. */
const MAX_ALIASES = 100;

const decoder = (): TextDecoder => new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The text of a UTF-8 file, without its byte order mark; a finding when the bytes are something else. */
export function decodeUtf8(bytes: Uint8Array, file: string): { text: string | null; findings: readonly Finding[] } {
  try {
    return { text: decoder().decode(bytes), findings: [] };
  } catch {
    const message = 'The file is not UTF-8 text. Save it as UTF-8.';
    return { text: null, findings: [yamlFinding('CFG-ENCODING', 'file-encoding', startOfFile(file), message)] };
  }
}

/** A finding about a hand-written configuration file. */
export function yamlFinding(code: string, rule: string, location: Location, message: string): Finding {
  return { ...location, code, rule, severity: 'error', message, related: [], witness: {} };
}

/**
 * Reads one YAML document. Duplicate keys, tabs, several documents, unknown tags, anchors that expand without end and
 * too deep nesting are findings.
 */
export function readYaml(text: string, file: string, options: YamlOptions = {}): YamlResult {
  const lines = new LineTable(options.wholeText ?? text);
  const shift = options.offset ?? 0;
  const at = (start: number, end: number): Location => lines.locate(file, start + shift, end + shift);
  const refuse = (code: string, rule: string, location: Location, message: string): YamlResult => ({
    document: null,
    findings: [yamlFinding(code, rule, location, message)],
  });
  if (text.length > MAX_LENGTH) {
    return refuse(
      'CFG-SIZE',
      'file-size',
      startOfFile(file),
      `The file has ${text.length} characters; at most ${MAX_LENGTH} are read.`,
    );
  }
  const tooDeep = flowDepthExceeded(text);
  if (tooDeep !== null) {
    return refuse(
      'CFG-DEPTH',
      'nesting-depth',
      at(tooDeep, tooDeep + 1),
      `More than ${MAX_DEPTH} levels of brackets. Write it flatter.`,
    );
  }
  let document: Document.Parsed;
  try {
    const options = { uniqueKeys: true, prettyErrors: false, logLevel: 'silent', merge: false, strict: true } as const;
    const all = parseAllDocuments(text, options);
    if (!Array.isArray(all) || all.length === 0) return { document: emptyDocument(file), findings: [] };
    const [first, second] = all;
    if (first === undefined) return { document: emptyDocument(file), findings: [] };
    if (second !== undefined) {
      const start = second.range[0];
      return refuse(
        'CFG-YAML',
        'yaml-syntax',
        at(start, start + 1),
        'A second YAML document starts here (`---`). The file must hold one document.',
      );
    }
    document = first;
  } catch (error) {
    return refuse('CFG-YAML', 'yaml-syntax', startOfFile(file), `The YAML could not be read: ${messageOf(error)}.`);
  }
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const findings = problems.map((problem) => {
      const duplicate = problem.code === 'DUPLICATE_KEY';
      const code = duplicate ? 'CFG-DUPLICATE' : 'CFG-YAML';
      const rule = duplicate ? 'duplicate-key' : 'yaml-syntax';
      return yamlFinding(
        code,
        rule,
        at(problem.pos[0], problem.pos[1]),
        explainYamlError(problem.code, problem.message, text, problem.pos),
      );
    });
    return { document: null, findings };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const message = /alias/i.test(messageOf(error))
      ? `Anchors and aliases expand to more than ${MAX_ALIASES} copies. Write the values out.`
      : `The YAML could not be read: ${messageOf(error)}.`;
    return refuse('CFG-ALIAS', 'yaml-alias', startOfFile(file), message);
  }
  return { document: new PositionedDocument(file, value, document, at), findings: [] };
}

function emptyDocument(file: string): YamlDocument {
  const start = (): Location => startOfFile(file);
  return { file, value: null, locate: start, locateKey: start, sourceOf: () => null };
}

class PositionedDocument implements YamlDocument {
  readonly file: string;
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #at: (start: number, end: number) => Location;

  constructor(file: string, value: unknown, document: Document.Parsed, at: (start: number, end: number) => Location) {
    this.file = file;
    this.value = value;
    this.#document = document;
    this.#at = at;
  }

  locate(path: YamlPath): Location {
    let place: Location = startOfFile(this.file);
    let node: unknown = this.#document.contents;
    place = this.#placeOf(node) ?? place;
    for (const step of path) {
      node = childOf(resolveAlias(node, this.#document), step)?.value;
      const next = this.#placeOf(node);
      if (next === null) return place;
      place = next;
    }
    return place;
  }

  locateKey(path: YamlPath): Location {
    const last = path.at(-1);
    const parent = this.#nodeAt(path.slice(0, -1));
    if (last === undefined || parent === null) return this.locate(path);
    return this.#placeOf(childOf(resolveAlias(parent, this.#document), last)?.key) ?? this.locate(path);
  }

  sourceOf(path: YamlPath): string | null {
    const node = resolveAlias(this.#nodeAt(path), this.#document);
    return isScalar(node) && typeof node.source === 'string' ? node.source : null;
  }

  #nodeAt(path: YamlPath): unknown {
    let node: unknown = this.#document.contents;
    for (const step of path) {
      node = childOf(resolveAlias(node, this.#document), step)?.value ?? null;
      if (node === null) return null;
    }
    return node;
  }

  #placeOf(node: unknown): Location | null {
    const range = (node as YamlNode | null | undefined)?.range;
    return range === undefined || range === null ? null : this.#at(range[0], range[1]);
  }
}

function resolveAlias(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | null {
  if (isSeq(node) && typeof step === 'number') return { key: null, value: node.items[step] };
  if (!isMap(node)) return null;
  const pair = node.items.find((item: Pair) => String(isScalar(item.key) ? item.key.value : item.key) === String(step));
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

/** Offset of the bracket that opens one level too many; null when there is none. Quotes are not counted: it is a bound. */
function flowDepthExceeded(text: string): number | null {
  let depth = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const char = text[offset];
    if (char === '[' || char === '{') {
      depth++;
      if (depth > MAX_DEPTH) return offset;
    } else if ((char === ']' || char === '}') && depth > 0) depth--;
  }
  return null;
}

function explainYamlError(code: string, message: string, text: string, pos: readonly [number, number]): string {
  if (code === 'TAB_AS_INDENT') return 'A tab is used to indent. YAML wants spaces: replace the tab by spaces.';
  if (code === 'DUPLICATE_KEY') {
    const key = /^[^\s:#]+/.exec(text.slice(pos[0]))?.[0] ?? '';
    return `The key ${key === '' ? '' : `"${key}" `}stands twice in the same mapping. Keep one of them.`;
  }
  const line = message.split('\n')[0] ?? message;
  return `Not valid YAML: ${line.replace(/[.:]+$/, '')}.`;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '');
}
