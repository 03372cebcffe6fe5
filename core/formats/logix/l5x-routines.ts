/** Routines of an L5X file: Structured Text line by line, everything else as a body that was not read. */

import { parseBodySegment } from '../../language/syntax/segments.js';
import type { Action, Body, Span } from '../../language/syntax/tree.js';
import { childNamed, childrenNamed, type XmlElement } from '../xml/xml-tree.js';
import { type L5xReader, nameFrom } from './l5x-nodes.js';

/** What stands between the lines of all routines: markup that the program does not hold. */
export function gapsBetweenLines(root: XmlElement): Span[] {
  const gaps: Span[] = [];
  const visit = (element: XmlElement): void => {
    if (element.name !== 'STContent') {
      for (const child of element.children) visit(child);
      return;
    }
    let previous: Span | null = null;
    for (const { content } of childrenNamed(element, 'Line')) {
      if (previous !== null) gaps.push({ start: previous.end, end: content.start });
      previous = content;
    }
  };
  visit(root);
  return gaps;
}

/** The body of a routine. `owner`: the POU, or `Pou.Routine`. An empty routine has an empty body in any language. */
export function bodyOf(reader: L5xReader, routine: XmlElement, owner: string): Body {
  const { start, end } = routine;
  const empty: Body = { kind: 'StatementList', start: end, end, statements: [] };
  const content = contentOf(routine);
  if (content === null) return routine.name === 'EncodedData' ? unread(reader, routine, owner, 'protected') : empty;
  if (content.name !== 'STContent')
    return unread(reader, content, owner, routine.attributes.get('Type') ?? content.name);
  const lines = childrenNamed(content, 'Line');
  const [first, last] = [lines[0], lines[lines.length - 1]];
  if (first === undefined || last === undefined) return { ...empty, start, end: start };
  const span = { start: first.content.start, end: last.content.end };
  const body = parseBodySegment(reader.source, span, owner);
  if (body.kind !== 'StatementList' || !namesAlias(reader, span)) return body;
  // What follows the values of this routine must know that two of its names are one tag: it is told that it can't.
  const mark = { kind: 'ErrorStatement', start: span.start, end: span.start } as const;
  return { ...body, start: span.start, statements: [mark, ...body.statements] };
}

function namesAlias({ source, aliases }: L5xReader, { start, end }: Span): boolean {
  if (aliases.size === 0) return false;
  const words = source.text.slice(start, end).match(/[A-Za-z_]\w*/g) ?? [];
  return words.some((word) => aliases.has(word.toUpperCase()));
}

/** Of a routine under online edit the text that runs is the original; the edit that waits is not read. */
function contentOf(routine: XmlElement): XmlElement | null {
  const contents = routine.children.filter(({ name }) => name.endsWith('Content'));
  const original = contents.find(({ attributes }) => attributes.get('OnlineEditType') === 'Original');
  return original ?? contents[0] ?? null;
}

function unread(reader: L5xReader, element: XmlElement, owner: string, language: string): Body {
  const { start, end } = element;
  reader.unsupportedBodies.push({ owner, language, start, end });
  return { kind: 'StatementList', start, end, statements: [{ kind: 'ErrorStatement', start, end }] };
}

/** A routine that JSR calls: an action of its program. */
export function actionFrom(reader: L5xReader, routine: XmlElement, owner: string): Action {
  const name = nameFrom(reader.source.text, routine);
  const { start, end } = routine;
  return { kind: 'Action', start, end, name, body: bodyOf(reader, routine, `${owner}.${name.name}`) };
}

/** The routines of a program or instruction; a context export names some without their content. */
export function routinesOf(element: XmlElement): XmlElement[] {
  const routines = childNamed(element, 'Routines');
  return routines === null ? [] : routines.children.filter(({ name }) => name === 'Routine' || name === 'EncodedData');
}
