import type { DialectId } from '../../language/dialects/dialect-id.js';
import { noFindings } from '../../language/syntax/findings.js';
import type { SegmentSource } from '../../language/syntax/segments.js';
import type { Declaration, SourceFile, Span, UnsupportedBody } from '../../language/syntax/tree.js';
import { containerFile } from '../container-file.js';
import { blankOut, childNamed, childrenNamed, parseXml, type XmlElement } from '../xml/xml-tree.js';
import { controllerTags, dataTypes, instructionFrom, programFrom, tasksFrom } from './l5x-declarations.js';
import type { L5xReader } from './l5x-nodes.js';
import { gapsBetweenLines } from './l5x-routines.js';

/**
 * Reads a Studio 5000 export (`.L5X`). Data types, tags, Add-On Instructions, programs and tasks become declarations;
 * routines of Structured Text are parsed in place, line by line of their CDATA, so that offsets of the tree are offsets
 * of the XML. Routines in other languages are kept as bodies that were not read. Rockwell 1756-RM014, "L5X".
 */
export function readL5x(path: string, text: string, dialect: DialectId): SourceFile {
  const xml = parseXml(text);
  const findings = noFindings();
  const unsupportedBodies: UnsupportedBody[] = [];
  let declarations: Declaration[] = [];
  const report = (span: Span, message: string): void => {
    findings.errors.push({ code: 'PW1018', start: span.start, end: span.end, message });
  };
  if (xml.kind === 'malformed')
    report(
      { start: xml.offset, end: xml.offset },
      `The file is not well-formed XML: ${xml.message}. Restore it from version control or export it again.`,
    );
  else if (xml.root.name !== 'RSLogix5000Content')
    report(tagOf(xml.root), `Expected the element RSLogix5000Content of a Logix export, found '${xml.root.name}'.`);
  else {
    const source: SegmentSource = {
      text: blankOut(xml.maskedText, gapsBetweenLines(xml.root)),
      dialect,
      findings,
    };
    const controller = childNamed(xml.root, 'Controller');
    if (controller === null) report(tagOf(xml.root), 'The export holds no Controller.');
    else declarations = declarationsOf({ source, unsupportedBodies, aliases: new Set() }, controller);
  }
  return containerFile({ path, text, dialect, declarations, findings, unsupportedBodies });
}

function declarationsOf(reader: L5xReader, controller: XmlElement): Declaration[] {
  const children = (list: string, item: string): XmlElement[] => {
    const found = childNamed(controller, list);
    return found === null ? [] : childrenNamed(found, item);
  };
  return [
    ...dataTypes(reader, children('DataTypes', 'DataType')),
    ...children('AddOnInstructionDefinitions', 'AddOnInstructionDefinition').map((one) => instructionFrom(reader, one)),
    ...children('AddOnInstructionDefinitions', 'EncodedData').map((one) => instructionFrom(reader, one)),
    ...controllerTags(reader, controller),
    ...children('Programs', 'Program').map((one) => programFrom(reader, one, controller)),
    ...tasksFrom(reader, controller, children('Tasks', 'Task')),
  ];
}

function tagOf(element: XmlElement): Span {
  return { start: element.start, end: Math.max(element.start, element.contentStart) };
}
