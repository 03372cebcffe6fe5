/** Interfaces of SimaticML blocks and types as sections of variables. */

import { parseTypeSegment, parseValueSegment, type SegmentSource } from '../../language/syntax/segments.js';
import type {
  Identifier,
  SectionKind,
  TypeNode,
  VariableDeclaration,
  VariableSection,
} from '../../language/syntax/tree.js';
import { attributeSpan, childNamed, childrenNamed, type Mask, type XmlElement } from '../xml/xml-tree.js';

/** A file whose text is masked, and the text as it is: attributes are looked up in that one. */
export interface SimaticSource extends SegmentSource {
  readonly original: string;
}

/** The masks that let the `Datatype` attributes below an element be read as types. */
export function masksOfTypes(text: string, element: XmlElement): Mask[] {
  const masks: Mask[] = [];
  const visit = (one: XmlElement): void => {
    const span = one.name === 'Member' ? attributeSpan(text, one, 'Datatype') : null;
    if (span !== null) masks.push({ ...span, replacement: readableType(text.slice(span.start, span.end)) });
    for (const child of one.children) visit(child);
  };
  visit(element);
  return masks;
}

/** Quotes are entities in an attribute. STRUCT stands for the members of the element: it reads as a name. */
function readableType(raw: string): string {
  let isOpen = false;
  return raw
    .replace(/&quot;/g, () => {
      isOpen = !isOpen;
      return isOpen ? '     "' : '"     ';
    })
    .replace(/\bstruct\s*$/i, (word) => STRUCT_NAME.padEnd(word.length));
}

/** A name that no program can declare, in the place of the word Struct. */
const STRUCT_NAME = '_Struc';

export function sectionElements(element: XmlElement): XmlElement[] {
  const attributes = childNamed(element, 'AttributeList');
  const found = attributes === null ? null : childNamed(attributes, 'Interface');
  const sections = found === null ? null : childNamed(found, 'Sections');
  return sections === null ? [] : childrenNamed(sections, 'Section');
}

const SECTION_KINDS: Readonly<Record<string, SectionKind>> = {
  Input: 'VAR_INPUT',
  Output: 'VAR_OUTPUT',
  InOut: 'VAR_IN_OUT',
  Static: 'VAR',
  Temp: 'VAR_TEMP',
  Constant: 'VAR',
};

/** The sections of a block; `Return` gives the type of a function, `Base` what the system adds. */
export function sectionsFrom(source: SimaticSource, element: XmlElement): VariableSection[] {
  return sectionElements(element).flatMap((section): VariableSection[] => {
    const name = section.attributes.get('Name') ?? '';
    const sectionKind = SECTION_KINDS[name];
    const variables = membersFrom(source, section);
    if (sectionKind === undefined || variables.length === 0) return [];
    const { start, end } = section;
    return [
      {
        kind: 'VariableSection',
        start,
        end,
        sectionKind,
        isConstant: name === 'Constant',
        retention: 'default',
        access: null,
        variables,
      },
    ];
  });
}

/** The result of a function; null for Void. */
export function returnTypeFrom(source: SimaticSource, element: XmlElement): TypeNode | null {
  const section = sectionElements(element).find((one) => one.attributes.get('Name') === 'Return');
  const member = section === undefined ? null : childNamed(section, 'Member');
  if (member === null || member.attributes.get('Datatype')?.toLowerCase() === 'void') return null;
  return typeFrom(source, member);
}

/** The members of a section, structure or type. */
export function membersFrom(source: SimaticSource, parent: XmlElement): VariableDeclaration[] {
  return childrenNamed(parent, 'Member').map((member) => {
    const { start, end } = member;
    const name = identifierAt(source, member);
    const value = childNamed(member, 'StartValue');
    return {
      kind: 'VariableDeclaration',
      start,
      end,
      names: [{ kind: 'VariableName', start: name.start, end: name.end, name, location: null }],
      type: typeFrom(source, member),
      initializer: value === null ? null : parseValueSegment(source, value.content),
      edge: null,
      pragmas: [],
    };
  });
}

function identifierAt({ original }: SimaticSource, member: XmlElement): Identifier {
  const span = attributeSpan(original, member, 'Name') ?? { start: member.start, end: member.start };
  return { kind: 'Identifier', ...span, name: member.attributes.get('Name') ?? '', quoting: 'none' };
}

function typeFrom(source: SimaticSource, member: XmlElement): TypeNode {
  const span = attributeSpan(source.original, member, 'Datatype');
  if (span === null) return { kind: 'ErrorType', start: member.start, end: member.start };
  return withStructure(parseTypeSegment(source, span), source, member);
}

/** Puts the members of the element in the place of the word Struct. */
function withStructure(type: TypeNode, source: SimaticSource, member: XmlElement): TypeNode {
  if (type.kind === 'ArrayType') return { ...type, element: withStructure(type.element, source, member) };
  if (type.kind !== 'NamedType' || type.name.parts[0]?.name !== STRUCT_NAME) return type;
  const { start, end } = type;
  const members = membersFrom(source, member);
  return { kind: 'StructType', start, end, isUnion: false, isOverlap: false, extends: null, members };
}
