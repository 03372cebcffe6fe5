/**
 * SCL in SimaticML is a list of elements, one per token. Each token is written at the place of its own element in a
 * copy of the text, so that the parser reads SCL and the offsets of the tree stay those of the XML.
 */

import { attributeSpan, childNamed, type Mask, type XmlElement } from '../xml/xml-tree.js';

/** The program text of a `StructuredText` element as one mask over its content. */
export function maskOfStructuredText(text: string, element: XmlElement): Mask {
  const [start, end] = [element.contentStart, Math.max(element.contentStart, text.lastIndexOf('</', element.end - 1))];
  const page = new Page(start, end);
  for (const child of element.children) writeElement(text, child, page);
  return { start, end, replacement: page.toString() };
}

/** Blank text of a fixed length on which tokens are written. */
class Page {
  readonly #characters: string[];
  readonly #start: number;

  constructor(start: number, end: number) {
    this.#start = start;
    this.#characters = new Array<string>(end - start).fill(' ');
  }

  /** Writes at an offset of the file. What would not fit is left out: an element is longer than its token. */
  write(offset: number, token: string): void {
    for (let at = 0; at < token.length; at++) {
      const place = offset - this.#start + at;
      if (place >= 0 && place < this.#characters.length) this.#characters[place] = token.charAt(at);
    }
  }

  toString(): string {
    return this.#characters.join('');
  }
}

function writeElement(text: string, element: XmlElement, page: Page): void {
  const { name, start, content, children } = element;
  switch (name) {
    case 'NewLine':
      page.write(start, '\n');
      return;
    case 'Token':
      writeAttribute(text, element, 'Text', page);
      return;
    case 'Text':
    case 'ConstantValue':
      page.write(content.start, decoded(text.slice(content.start, content.end)));
      return;
    case 'LineComment':
    case 'Comment':
      writeComment(text, element, page);
      return;
    case 'Access':
      writeAccess(text, element, page);
      return;
    case 'Instance':
      writeSymbol(text, element, element.attributes.get('Scope') ?? '', page);
      return;
    case 'Instruction':
    case 'Parameter':
    case 'PredefinedVariable':
      writeAttribute(text, element, 'Name', page);
      break;
    case 'CallInfo':
      if (childNamed(element, 'Instance') === null) writeName(text, element, '', 'quoted', page);
      break;
    case 'Blank':
    case 'TemplateValue':
    case 'BooleanAttribute':
    case 'ConstantType':
      return;
  }
  for (const child of children) writeElement(text, child, page);
}

function writeAttribute(text: string, element: XmlElement, attribute: string, page: Page): void {
  const span = attributeSpan(text, element, attribute);
  if (span !== null) page.write(span.start, element.attributes.get(attribute) ?? '');
}

function writeComment(text: string, element: XmlElement, page: Page): void {
  const inner = firstText(element);
  if (inner === null) return;
  const { start, end } = inner.content;
  const comment = decoded(text.slice(start, end));
  const isInserted = element.name === 'Comment' || element.attributes.get('Inserted') === 'true';
  page.write(start - 2, isInserted ? `(*${comment}` : `//${comment}`);
  if (isInserted) page.write(end, '*)');
}

function firstText(element: XmlElement): XmlElement | null {
  if (element.children.length === 0) return element.name.endsWith('Text') ? element : null;
  for (const child of element.children) {
    const found = firstText(child);
    if (found !== null) return found;
  }
  return null;
}

function writeAccess(text: string, element: XmlElement, page: Page): void {
  const scope = element.attributes.get('Scope') ?? '';
  for (const child of element.children) {
    if (child.name === 'Symbol') writeSymbol(text, child, scope, page);
    else if (child.name === 'Constant') writeConstant(text, child, scope, page);
    else if (child.name === 'Address') page.write(child.start, addressOf(child));
    else writeElement(text, child, page);
  }
}

/** Scopes whose names SCL writes with `#`, and those it writes in quotes. */
const LOCAL_SCOPES = /^Local/;
const QUOTED_SCOPES = /^Global/;

/** `#local.member[1].%X3` or `"Global".member`. */
function writeSymbol(text: string, element: XmlElement, scope: string, page: Page): void {
  let isFirst = true;
  for (const child of element.children) {
    if (child.name !== 'Component') {
      writeElement(text, child, page);
      continue;
    }
    const prefix = isFirst && LOCAL_SCOPES.test(scope) ? '#' : '';
    const isQuoted = hasQuotes(child) || (isFirst && QUOTED_SCOPES.test(scope));
    writeName(text, child, prefix, isQuoted ? 'quoted' : 'plain', page);
    isFirst = false;
    for (const inner of child.children) writeElement(text, inner, page);
    const slice = attributeSpan(text, child, 'SliceAccessModifier');
    const modifier = child.attributes.get('SliceAccessModifier') ?? 'undef';
    if (slice !== null && modifier !== 'undef') page.write(slice.start - 2, `.%${modifier}`);
  }
}

function hasQuotes(component: XmlElement): boolean {
  const name = component.attributes.get('Name') ?? '';
  const attribute = component.children.find(
    (child) => child.name === 'BooleanAttribute' && child.attributes.get('Name') === 'HasQuotes',
  );
  return attribute !== undefined || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name);
}

/** The quotes of a name take the place of those of the attribute. */
function writeName(text: string, element: XmlElement, prefix: string, form: 'plain' | 'quoted', page: Page): void {
  const span = attributeSpan(text, element, 'Name');
  if (span === null) return;
  const name = element.attributes.get('Name') ?? '';
  const written = form === 'quoted' ? `"${name}"` : name;
  page.write(span.start - (form === 'quoted' ? 1 : 0) - prefix.length, prefix + written);
}

function writeConstant(text: string, element: XmlElement, scope: string, page: Page): void {
  if (element.attributes.has('Name'))
    writeName(text, element, LOCAL_SCOPES.test(scope) ? '#' : '', QUOTED_SCOPES.test(scope) ? 'quoted' : 'plain', page);
  for (const child of element.children) writeElement(text, child, page);
}

const AREAS: Readonly<Record<string, string>> = { Input: 'I', Output: 'Q', Memory: 'M' };
const SIZES: Readonly<Record<string, string>> = { Bool: 'X', Byte: 'B', Char: 'B', Word: 'W', Int: 'W' };

/** `<Address Area="Input" Type="Bool" BitOffset="11"/>` is %I1.3. */
function addressOf({ attributes }: XmlElement): string {
  const offset = Number(attributes.get('BitOffset') ?? 0);
  const type = attributes.get('Type') ?? 'Bool';
  const byte = Math.floor(offset / 8);
  const area = AREAS[attributes.get('Area') ?? ''] ?? 'M';
  return type === 'Bool' ? `%${area}${byte}.${offset % 8}` : `%${area}${SIZES[type] ?? 'D'}${byte}`;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(raw: string): string {
  return raw.replace(/&(\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
