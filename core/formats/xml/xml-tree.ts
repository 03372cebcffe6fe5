import { SaxesParser } from 'saxes';
import type { Span } from '../../language/syntax/tree.js';

/** XML with offsets, so that text inside it can be parsed and edited in place. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Offset of `<` of the opening tag. */
  readonly start: number;
  /** Offset behind `>` of the opening tag. */
  readonly contentStart: number;
  /** Offset behind `>` of the closing tag. */
  readonly end: number;
  /** The character data: inside the CDATA section when it has one, else between the tags. Empty without text. */
  readonly content: Span;
}

export interface XmlDocument {
  readonly kind: 'document';
  readonly root: XmlElement;
  /**
   * The text of the file, of the same length, in which entities are written as their character and blanks, and markup
   * inside character data is blanked: every stretch of `content` reads as plain text at its own offsets.
   */
  readonly maskedText: string;
}

export interface MalformedXml {
  readonly kind: 'malformed';
  readonly offset: number;
  readonly message: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  readonly start: number;
  readonly contentStart: number;
}

/** Reads a whole document; the first error of well-formedness ends it. */
export function parseXml(text: string): XmlDocument | MalformedXml {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: OpenElement[] = [];
  const masks: Mask[] = [];
  let root: XmlElement | null = null;
  let failure: MalformedXml | null = null;
  parser.on('error', (error) => {
    failure ??= {
      kind: 'malformed',
      offset: Math.min(parser.position, text.length),
      message: plainMessage(error.message),
    };
  });
  parser.on('opentag', (tag) => {
    open.push({
      name: tag.name,
      attributes: new Map(Object.entries(tag.attributes)),
      children: [],
      start: text.lastIndexOf('<', parser.position - 1),
      contentStart: parser.position,
    });
  });
  parser.on('closetag', (tag) => {
    const element = open.pop();
    if (element === undefined || failure !== null) return;
    const end = parser.position;
    const contentEnd = tag.isSelfClosing ? element.contentStart : text.lastIndexOf('</', end - 1);
    const content =
      element.children.length > 0
        ? emptyAt(element.contentStart)
        : contentOf(text, element.contentStart, contentEnd, masks);
    const closed: XmlElement = { ...element, end, content };
    const parent = open[open.length - 1];
    if (parent === undefined) root = closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  if (failure !== null) return failure;
  if (root === null) return { kind: 'malformed', offset: 0, message: 'the document has no element' };
  return { kind: 'document', root, maskedText: applyMasks(text, masks) };
}

/** saxes writes `file:line:column: message.`; the position is reported on its own. */
function plainMessage(message: string): string {
  return message.replace(/^(?:[^:]*:)?\d+:\d+: /, '').replace(/\.$/, '');
}

function emptyAt(offset: number): Span {
  return { start: offset, end: offset };
}

/** A stretch of a text that reads as something else of the same length. */
export interface Mask extends Span {
  readonly replacement: string;
}

const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';
const MARKUP = /<!\[CDATA\[|\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The span of the character data between two tags. Adds masks when it is more than one CDATA section or plain text. */
function contentOf(text: string, start: number, end: number, masks: Mask[]): Span {
  const raw = text.slice(start, end);
  const first = raw.indexOf(CDATA_START);
  const last = raw.lastIndexOf(CDATA_END);
  const isOneSection =
    first >= 0 &&
    raw.indexOf(CDATA_START, first + 1) < 0 &&
    raw.slice(0, first).trim() === '' &&
    raw.slice(last + 3).trim() === '';
  if (isOneSection) return { start: start + first + CDATA_START.length, end: start + last };
  if (first < 0 && !/[&<]/.test(raw)) return { start, end };
  let inSection = false;
  for (const match of raw.matchAll(MARKUP)) {
    const [markup] = match;
    const at = start + match.index;
    if (markup === CDATA_START) inSection = true;
    else if (markup === CDATA_END) inSection = false;
    else if (inSection) continue;
    masks.push({ start: at, end: at + markup.length, replacement: replacementOf(match) });
  }
  return { start, end };
}

function replacementOf(match: RegExpExecArray): string {
  const [markup, hexadecimal, decimal, name] = match;
  const character =
    hexadecimal !== undefined
      ? fromCode(Number.parseInt(hexadecimal, 16))
      : decimal !== undefined
        ? fromCode(Number(decimal))
        : (ENTITIES.get(name ?? '') ?? '');
  const blanks = markup.slice(character.length).replace(/[^\r\n]/g, ' ');
  return character + blanks;
}

function fromCode(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** The text with every mask in its place; masks must not overlap. */
export function applyMasks(text: string, masks: readonly Mask[]): string {
  if (masks.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const mask of [...masks].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, mask.start), mask.replacement);
    at = mask.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

const ATTRIBUTE = /\s([^\s=/>]+)\s*=\s*(?:"[^"]*"|'[^']*')/g;

/** Where the value of an attribute stands, without its quotes; null when the element has no such attribute. */
export function attributeSpan(text: string, element: XmlElement, name: string): Span | null {
  for (const match of text.slice(element.start, element.contentStart).matchAll(ATTRIBUTE)) {
    if (match[1] !== name) continue;
    const end = element.start + match.index + match[0].length - 1;
    const quote = text.charAt(end);
    return { start: text.lastIndexOf(quote, end - 1) + 1, end };
  }
  return null;
}

/** A copy of a text of the same length in which stretches are blank; a stretch without a line break becomes one. */
export function blankOut(text: string, stretches: readonly Span[]): string {
  const masks = stretches
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => {
      const blank = text.slice(start, end).replace(/[^\r\n]/g, ' ');
      return { start, end, replacement: /[\r\n]/.test(blank) ? blank : `\n${blank.slice(1)}` };
    });
  return applyMasks(text, masks);
}

/** The first child with the name, or null. */
export function childNamed(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((child) => child.name === name) ?? null;
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
