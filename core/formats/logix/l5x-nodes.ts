/** Nodes of the syntax tree for what an L5X file declares in attributes: their places are those of the values. */

import { parseValueSegment, type SegmentSource } from '../../language/syntax/segments.js';
import type {
  ArrayDimension,
  Expression,
  Identifier,
  Literal,
  SectionKind,
  Span,
  TypeNode,
  UnsupportedBody,
  VariableDeclaration,
  VariableSection,
} from '../../language/syntax/tree.js';
import { attributeSpan, childNamed, childrenNamed, type XmlElement } from '../xml/xml-tree.js';

/** What the parts of the reader share. */
export interface L5xReader {
  readonly source: SegmentSource;
  readonly unsupportedBodies: UnsupportedBody[];
  /** Tags that are another name of a tag, upper case. */
  readonly aliases: Set<string>;
}

/** The place of an attribute's value, or the opening tag where there is none. */
function placeOf(text: string, element: XmlElement, attribute: string): Span {
  return attributeSpan(text, element, attribute) ?? { start: element.start, end: element.start };
}

/** The name that an attribute gives. */
export function nameFrom(text: string, element: XmlElement, attribute = 'Name'): Identifier {
  const { start, end } = placeOf(text, element, attribute);
  return { kind: 'Identifier', start, end, name: element.attributes.get(attribute) ?? '', quoting: 'none' };
}

function wholeNumber(value: bigint, { start, end }: Span): Literal {
  return { kind: 'Literal', start, end, literalKind: 'integer', value, typePrefix: null };
}

/** `DINT` with `Dimensions="3 4"` is ARRAY[0..2, 0..3] OF DINT. Members write one size in `Dimension`. */
export function typeFrom(text: string, element: XmlElement): TypeNode {
  const named = namedType(nameFrom(text, element, 'DataType'));
  const attribute = element.attributes.has('Dimensions') ? 'Dimensions' : 'Dimension';
  const place = placeOf(text, element, attribute);
  const sizes = (element.attributes.get(attribute) ?? '')
    .split(/[\s,]+/)
    .filter((size) => /^\d+$/.test(size) && Number(size) > 0);
  if (sizes.length === 0) return named;
  const dimensions = sizes.map(
    (size): ArrayDimension => ({
      kind: 'ArrayDimension',
      ...place,
      lower: wholeNumber(0n, place),
      upper: wholeNumber(BigInt(size) - 1n, place),
    }),
  );
  return { kind: 'ArrayType', ...covering(named, place), dimensions, element: named };
}

/** A type by its name. Types of I/O modules (`AB:1756_DI:I:0`) are in no export: what has one is not checked. */
export function namedType(name: Identifier): TypeNode {
  const { start, end } = name;
  if (name.name === '' || name.name.includes(':')) return { kind: 'ErrorType', start, end };
  if (name.name.toUpperCase() === 'STRING') return { kind: 'StringType', start, end, isWide: false, length: null };
  return { kind: 'NamedType', start, end, name: { kind: 'QualifiedName', start, end, parts: [name] }, arguments: [] };
}

/** `STRING` types are structures of LEN and DATA in the file; a program uses them as texts of the length of DATA. */
export function stringType(text: string, element: XmlElement): TypeNode {
  const members = childNamed(element, 'Members');
  const data = members === null ? undefined : childrenNamed(members, 'Member').find(isStringData);
  const size = data?.attributes.get('Dimension') ?? '';
  const place = data === undefined ? { start: element.start, end: element.start } : placeOf(text, data, 'Dimension');
  const length = /^\d+$/.test(size) ? wholeNumber(BigInt(size), place) : null;
  return { kind: 'StringType', ...place, isWide: false, length };
}

function isStringData(member: XmlElement): boolean {
  return member.attributes.get('Name')?.toUpperCase() === 'DATA';
}

function covering(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** A tag, parameter, local tag or member as a declaration of one variable. */
export function variableFrom(
  source: SegmentSource,
  element: XmlElement,
  type: TypeNode = typeFrom(source.text, element),
): VariableDeclaration {
  const { start, end } = element;
  const name = nameFrom(source.text, element);
  return {
    kind: 'VariableDeclaration',
    start,
    end,
    names: [{ kind: 'VariableName', start: name.start, end: name.end, name, location: null }],
    type,
    initializer: type.kind === 'NamedType' ? initialValue(source, element) : null,
    edge: null,
    pragmas: [],
  };
}

const NUMBERS: ReadonlySet<string> = new Set(['Decimal', 'Hex', 'Octal', 'Binary', 'Float', 'Exponential']);

/** The value of a scalar as the decorated data shows it; null for structures, arrays, texts and dates. */
function initialValue(source: SegmentSource, element: XmlElement): Expression | null {
  const data = element.children.find(
    ({ name, attributes }) => (name === 'Data' || name === 'DefaultData') && attributes.get('Format') === 'Decorated',
  );
  const value = data === undefined ? null : childNamed(data, 'DataValue');
  if (value === null || !NUMBERS.has(value.attributes.get('Radix') ?? '')) return null;
  const span = attributeSpan(source.text, value, 'Value');
  return span === null ? null : parseValueSegment(source, span);
}

/** Variables of one kind as sections: constants and others apart. */
export function sectionsOf(
  sectionKind: SectionKind,
  place: Span,
  variables: readonly { readonly declaration: VariableDeclaration; readonly isConstant: boolean }[],
): VariableSection[] {
  const { start, end } = place;
  return [false, true].flatMap((isConstant): VariableSection[] => {
    const chosen = variables.filter((one) => one.isConstant === isConstant).map((one) => one.declaration);
    if (chosen.length === 0) return [];
    return [
      {
        kind: 'VariableSection',
        start,
        end,
        sectionKind,
        isConstant,
        retention: 'default',
        access: null,
        variables: chosen,
      },
    ];
  });
}
