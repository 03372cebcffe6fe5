import type { DialectId } from '../../language/dialects/dialect-id.js';
import { type FormatOptions, formatSegment } from '../../language/format/format.js';
import type { SegmentKind } from '../../language/syntax/segments.js';
import { parseXml, type XmlElement } from '../xml/xml-tree.js';

/**
 * Formats the program text in a TwinCAT object file; everything else keeps its bytes. A text that is not one CDATA
 * section, or that has syntax errors, stays as it is.
 */
export function formatTwincat(text: string, dialect: DialectId, options: FormatOptions): string {
  const document = parseXml(text);
  if (document.kind === 'malformed') return text;
  const edits: { start: number; end: number; replacement: string }[] = [];
  collect(document.root, null);
  let result = text;
  for (const edit of edits.sort((a, b) => b.start - a.start)) {
    result = result.slice(0, edit.start) + edit.replacement + result.slice(edit.end);
  }
  return result;

  function collect(element: XmlElement, parent: XmlElement | null): void {
    const kind = segmentKind(element, parent);
    if (kind !== null) format(element, kind);
    for (const child of element.children) collect(child, element);
  }

  function format(element: XmlElement, kind: SegmentKind): void {
    const { start, end } = element.content;
    if (!text.slice(element.contentStart, start).trim().endsWith('<![CDATA[')) return;
    const before = text.slice(start, end);
    const formatted = formatSegment(kind, before, dialect, options);
    const after = /[\r\n]\s*$/.test(before) ? formatted : formatted.replace(/(?:\r\n|\r|\n)$/, '');
    if (after !== before && !after.includes(']]>')) edits.push({ start, end, replacement: after });
  }
}

const DECLARATIONS: Readonly<Record<string, SegmentKind>> = {
  POU: 'pou',
  Itf: 'pou',
  Method: 'method',
  Property: 'property',
  Get: 'accessor',
  Set: 'accessor',
  GVL: 'declarations',
  DUT: 'declarations',
};

function segmentKind(element: XmlElement, parent: XmlElement | null): SegmentKind | null {
  if (element.name === 'ST') return 'body';
  return element.name === 'Declaration' && parent !== null ? (DECLARATIONS[parent.name] ?? null) : null;
}
