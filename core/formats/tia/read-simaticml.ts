import type { DialectId } from '../../language/dialects/dialect-id.js';
import { noFindings } from '../../language/syntax/findings.js';
import { NO_MODIFIERS } from '../../language/syntax/members.js';
import { parseBodySegment, parseTypeSegment, parseValueSegment } from '../../language/syntax/segments.js';
import type {
  DataBlock,
  Declaration,
  DirectAddress,
  GlobalVariableList,
  Identifier,
  Pou,
  SourceFile,
  Statement,
  StatementList,
  TypeDeclaration,
  TypeNode,
  UnsupportedBody,
  VariableDeclaration,
} from '../../language/syntax/tree.js';
import { containerFile } from '../container-file.js';
import { applyMasks, childNamed, childrenNamed, type Mask, parseXml, type XmlElement } from '../xml/xml-tree.js';
import {
  masksOfTypes,
  membersFrom,
  returnTypeFrom,
  type SimaticSource,
  sectionElements,
  sectionsFrom,
} from './simaticml-interface.js';
import { maskOfStructuredText } from './simaticml-tokens.js';

/**
 * Reads a SimaticML file (`.xml` of TIA Portal Openness): blocks, data types and tag tables. Networks of SCL are parsed
 * in place: offsets of the tree are offsets of the XML. Networks in LAD, FBD, GRAPH and STL are kept as bodies that were
 * not read. XML of another kind holds no program: it is read as empty.
 */
export function readSimaticMl(path: string, text: string, dialect: DialectId): SourceFile {
  const source = { text, original: text, dialect, findings: noFindings() };
  const reader: Reader = { source, unsupportedBodies: [] };
  const declarations = isSimaticMl(text) ? declarationsIn(reader) : [];
  const { unsupportedBodies } = reader;
  return containerFile({ path, text, dialect, declarations, findings: source.findings, unsupportedBodies });
}

/** The root and its first child say what an XML file is; both stand at its start. */
function isSimaticMl(text: string): boolean {
  return /<Document[\s>][\s\S]*<SW\./.test(text.slice(0, 4096));
}

interface Reader {
  readonly source: SimaticSource;
  readonly unsupportedBodies: UnsupportedBody[];
}

function declarationsIn({ source, unsupportedBodies }: Reader): Declaration[] {
  const xml = parseXml(source.text);
  if (xml.kind === 'malformed') {
    source.findings.errors.push({
      code: 'PW1018',
      start: xml.offset,
      end: xml.offset,
      message: `The file is not well-formed XML: ${xml.message}. Restore it from version control or export it again.`,
    });
    return [];
  }
  const masks: Mask[] = [];
  for (const object of xml.root.children) {
    for (const section of sectionElements(object)) masks.push(...masksOfTypes(source.text, section));
    for (const content of networksOf(object)) {
      if (content.name !== 'StructuredText') continue;
      masks.push(maskOfStructuredText(source.text, content));
    }
  }
  const reader: Reader = { source: { ...source, text: masked(xml.maskedText, masks) }, unsupportedBodies };
  return xml.root.children.flatMap((object) => declarationsOf(reader, object));
}

function masked(text: string, masks: readonly Mask[]): string {
  return masks.length === 0 ? text : applyMasks(text, masks);
}

function declarationsOf(reader: Reader, object: XmlElement): Declaration[] {
  switch (object.name) {
    case 'SW.Blocks.FB':
      return [pouFrom(reader, object, 'function-block')];
    case 'SW.Blocks.FC':
      return [pouFrom(reader, object, 'function')];
    case 'SW.Blocks.OB':
      return [pouFrom(reader, object, 'organization-block')];
    case 'SW.Blocks.GlobalDB':
    case 'SW.Blocks.InstanceDB':
      return [dataBlockFrom(reader, object)];
    case 'SW.Types.PlcStruct':
      return [typeFrom(reader, object)];
    case 'SW.Tags.PlcTagTable':
      return tagsFrom(reader, object);
    default:
      return [];
  }
}

/** The text of a child of the AttributeList, with its place. */
function attributeOf({ source }: Reader, object: XmlElement, name: string): Identifier | null {
  const list = childNamed(object, 'AttributeList');
  const element = list === null ? null : childNamed(list, name);
  if (element === null) return null;
  const { start, end } = element.content;
  return { kind: 'Identifier', start, end, name: source.text.slice(start, end).trim(), quoting: 'none' };
}

function nameOf(reader: Reader, object: XmlElement): Identifier {
  const { start } = object;
  return attributeOf(reader, object, 'Name') ?? { kind: 'Identifier', start, end: start, name: '', quoting: 'none' };
}

function pouFrom(reader: Reader, object: XmlElement, pouKind: Pou['pouKind']): Pou {
  const { start, end } = object;
  const name = nameOf(reader, object);
  return {
    kind: 'Pou',
    start,
    end,
    pouKind,
    name,
    modifiers: NO_MODIFIERS,
    extends: [],
    implements: [],
    returnType: pouKind === 'function' ? returnTypeFrom(reader.source, object) : null,
    sections: sectionsFrom(reader.source, object),
    methods: [],
    properties: [],
    actions: [],
    body: bodyOf(reader, object, name.name),
    pragmas: [],
    usings: [],
  };
}

/** What stands in the NetworkSource of each network, in order. */
function networksOf(object: XmlElement): XmlElement[] {
  const list = childNamed(object, 'ObjectList');
  const units = list === null ? [] : childrenNamed(list, 'SW.Blocks.CompileUnit');
  return units.flatMap((unit) => {
    const attributes = childNamed(unit, 'AttributeList');
    const source = attributes === null ? null : childNamed(attributes, 'NetworkSource');
    return source?.children ?? [];
  });
}

function bodyOf(reader: Reader, object: XmlElement, owner: string): StatementList {
  const statements: Statement[] = [];
  let [start, end] = [object.end, object.end];
  for (const content of networksOf(object)) {
    if (content.name === 'StructuredText') {
      const span = { start: content.contentStart, end: content.end };
      const body = parseBodySegment(reader.source, { ...span, end: endOfContent(reader, content) }, owner);
      if (body.kind === 'StatementList') statements.push(...body.statements);
    } else if (content.children.length > 0) {
      const language = LANGUAGES[content.name] ?? content.name;
      reader.unsupportedBodies.push({ owner, language, start: content.start, end: content.end });
      statements.push({ kind: 'ErrorStatement', start: content.start, end: content.end });
    }
  }
  const [first, last] = [statements[0], statements[statements.length - 1]];
  if (first !== undefined && last !== undefined) [start, end] = [first.start, last.end];
  return { kind: 'StatementList', start, end, statements };
}

const LANGUAGES: Readonly<Record<string, string>> = { FlgNet: 'LAD', StatementList: 'STL', Graph: 'GRAPH' };

function endOfContent({ source }: Reader, element: XmlElement): number {
  return Math.max(element.contentStart, source.text.lastIndexOf('</', element.end - 1));
}

/** A global data block has members of its own or a type; an instance data block the block whose instance it is. */
function dataBlockFrom(reader: Reader, object: XmlElement): DataBlock {
  const { start, end } = object;
  const instance = attributeOf(reader, object, 'InstanceOfName');
  return {
    kind: 'DataBlock',
    start,
    end,
    name: nameOf(reader, object),
    type: instance === null ? null : namedType(instance),
    sections: instance === null ? sectionsFrom(reader.source, object) : [],
    startValues: { kind: 'StatementList', start: end, end, statements: [] },
    pragmas: [],
  };
}

function namedType(name: Identifier): TypeNode {
  const { start, end } = name;
  const quoted: Identifier = { ...name, quoting: 'quotes' };
  return { kind: 'NamedType', start, end, name: { kind: 'QualifiedName', start, end, parts: [quoted] }, arguments: [] };
}

function typeFrom(reader: Reader, object: XmlElement): TypeDeclaration {
  const { start, end } = object;
  const members = sectionElements(object).flatMap((section) => membersFrom(reader.source, section));
  return {
    kind: 'TypeDeclaration',
    start,
    end,
    name: nameOf(reader, object),
    definition: { kind: 'StructType', start, end, isUnion: false, isOverlap: false, extends: null, members },
    initializer: null,
    pragmas: [],
  };
}

/** Tags with their addresses, and the constants of the table. */
function tagsFrom(reader: Reader, object: XmlElement): GlobalVariableList[] {
  const list = childNamed(object, 'ObjectList');
  const { start, end } = object;
  const sections = [
    { element: 'SW.Tags.PlcTag', isConstant: false },
    { element: 'SW.Tags.PlcUserConstant', isConstant: true },
  ].flatMap(({ element, isConstant }) => {
    const variables = (list === null ? [] : childrenNamed(list, element)).map((tag) => tagFrom(reader, tag));
    if (variables.length === 0) return [];
    return [
      {
        kind: 'VariableSection',
        start,
        end,
        sectionKind: 'VAR_GLOBAL',
        isConstant,
        retention: 'default',
        access: null,
        variables,
      } as const,
    ];
  });
  if (sections.length === 0) return [];
  return [{ kind: 'GlobalVariableList', start, end, name: null, qualifiedOnly: false, sections, pragmas: [] }];
}

function tagFrom(reader: Reader, tag: XmlElement): VariableDeclaration {
  const { start, end } = tag;
  const name = nameOf(reader, tag);
  const type = attributeOf(reader, tag, 'DataTypeName');
  const value = attributeOf(reader, tag, 'Value');
  return {
    kind: 'VariableDeclaration',
    start,
    end,
    names: [{ kind: 'VariableName', start: name.start, end: name.end, name, location: addressOf(reader, tag) }],
    type: type === null ? { kind: 'ErrorType', start, end: start } : parseTypeSegment(reader.source, type),
    initializer: value === null ? null : parseValueSegment(reader.source, value),
    edge: null,
    pragmas: [],
  };
}

function addressOf(reader: Reader, tag: XmlElement): DirectAddress | null {
  const written = attributeOf(reader, tag, 'LogicalAddress');
  if (written === null || !/^%\w/.test(written.name)) return null;
  return { kind: 'DirectAddress', start: written.start, end: written.end, text: written.name };
}
