import type { DialectId } from '../../language/dialects/dialect-id.js';
import { noFindings } from '../../language/syntax/findings.js';
import {
  parseAccessorSegment,
  parseBodySegment,
  parseDeclarationSegment,
  parseMethodSegment,
  parsePouSegment,
  parsePropertySegment,
  type SegmentSource,
} from '../../language/syntax/segments.js';
import { isQualifiedOnly } from '../../language/syntax/source-file.js';
import type {
  Action,
  Body,
  Declaration,
  InterfaceDeclaration,
  Method,
  Pou,
  Property,
  PropertyAccessor,
  SourceFile,
  Span,
  UnsupportedBody,
} from '../../language/syntax/tree.js';
import { containerFile } from '../container-file.js';
import { childNamed, childrenNamed, parseXml, type XmlElement } from '../xml/xml-tree.js';

/**
 * Reads a TwinCAT 3 object file (`.TcPOU .TcGVL .TcDUT .TcIO`). The program text in it is parsed in place: offsets of
 * the tree are offsets of the XML. A file that is not well-formed gives an error and no declarations.
 */
export function readTwincat(path: string, text: string, dialect: DialectId): SourceFile {
  const reader = new Reader(text, dialect);
  const declarations = reader.read();
  const { source, unsupportedBodies } = reader;
  return containerFile({ path, text, dialect, declarations, findings: source.findings, unsupportedBodies });
}

class Reader {
  readonly source: SegmentSource;
  readonly unsupportedBodies: UnsupportedBody[] = [];
  readonly #xml: ReturnType<typeof parseXml>;

  constructor(text: string, dialect: DialectId) {
    this.#xml = parseXml(text);
    const masked = this.#xml.kind === 'document' ? this.#xml.maskedText : text;
    this.source = { text: masked, dialect, findings: noFindings() };
  }

  read(): Declaration[] {
    if (this.#xml.kind === 'malformed') {
      const { offset, message } = this.#xml;
      this.#report(
        { start: offset, end: offset },
        `The file is not well-formed XML: ${message}. Restore it from version control or save it again in TwinCAT.`,
      );
      return [];
    }
    const { root } = this.#xml;
    if (root.name !== 'TcPlcObject') {
      this.#report(tagOf(root), `Expected the element TcPlcObject of a TwinCAT file, found '${root.name}'.`);
      return [];
    }
    const declarations: Declaration[] = [];
    for (const child of root.children) {
      switch (child.name) {
        case 'POU':
          add(declarations, this.#pou(child));
          break;
        case 'Itf':
          add(declarations, this.#interface(child));
          break;
        case 'GVL':
          declarations.push(...this.#globals(child));
          break;
        case 'DUT':
          declarations.push(...this.#declarationsOf(child));
          break;
      }
    }
    if (declarations.length === 0 && this.source.findings.errors.length === 0) {
      this.#report(tagOf(root), 'The file holds no POU, interface, GVL or DUT.');
    }
    return declarations;
  }

  #report(span: Span, message: string): void {
    this.source.findings.errors.push({ code: 'PW1018', start: span.start, end: span.end, message });
  }

  /** The text of the Declaration of an object; null with an error when it has none. */
  #declarationSpan(element: XmlElement): Span | null {
    const declaration = childNamed(element, 'Declaration');
    if (declaration !== null) return declaration.content;
    this.#report(tagOf(element), `The element '${element.name}' has no Declaration.`);
    return null;
  }

  #declarationsOf(element: XmlElement): Declaration[] {
    const span = this.#declarationSpan(element);
    return span === null ? [] : parseDeclarationSegment(this.source, span);
  }

  /** The list's name is that of the object. */
  #globals(element: XmlElement): Declaration[] {
    const name = element.attributes.get('Name') ?? '';
    return this.#declarationsOf(element).map((declaration) => {
      if (declaration.kind !== 'GlobalVariableList') return declaration;
      const { start } = declaration;
      const pragmas = declaration.pragmas;
      return {
        ...declaration,
        name: { kind: 'Identifier', start, end: start, name, quoting: 'none' },
        qualifiedOnly: isQualifiedOnly(pragmas),
      };
    });
  }

  #pou(element: XmlElement): Pou | InterfaceDeclaration | null {
    const span = this.#declarationSpan(element);
    if (span === null) return null;
    const head = parsePouSegment(this.source, span);
    if (head === null) return null;
    if (head.kind === 'interface') return this.#interfaceFrom(element, span, head);
    const { kind: _, ...declared } = head;
    const owner = declared.name.name;
    return {
      kind: 'Pou',
      start: span.start,
      end: element.end,
      ...declared,
      methods: this.#methods(element, owner),
      properties: this.#properties(element, owner),
      actions: this.#actions(element, owner),
      body: this.#body(element, owner),
      usings: [],
    };
  }

  #interface(element: XmlElement): Pou | InterfaceDeclaration | null {
    return this.#pou(element);
  }

  #interfaceFrom(
    element: XmlElement,
    span: Span,
    head: Pick<InterfaceDeclaration, 'name' | 'extends' | 'pragmas'>,
  ): InterfaceDeclaration {
    const owner = head.name.name;
    return {
      kind: 'Interface',
      start: span.start,
      end: element.end,
      name: head.name,
      extends: head.extends,
      pragmas: head.pragmas,
      methods: this.#methods(element, owner),
      properties: this.#properties(element, owner),
    };
  }

  #methods(element: XmlElement, owner: string): Method[] {
    const methods: Method[] = [];
    for (const child of childrenNamed(element, 'Method')) {
      const span = this.#declarationSpan(child);
      const head = span === null ? null : parseMethodSegment(this.source, span);
      if (span === null || head === null) continue;
      methods.push({
        kind: 'Method',
        start: span.start,
        end: child.end,
        ...head,
        body: this.#body(child, `${owner}.${head.name.name}`),
      });
    }
    return methods;
  }

  #properties(element: XmlElement, owner: string): Property[] {
    const properties: Property[] = [];
    for (const child of childrenNamed(element, 'Property')) {
      const span = this.#declarationSpan(child);
      const head = span === null ? null : parsePropertySegment(this.source, span);
      if (span === null || head === null) continue;
      const member = `${owner}.${head.name.name}`;
      properties.push({
        kind: 'Property',
        start: span.start,
        end: child.end,
        ...head,
        get: this.#accessor(childNamed(child, 'Get'), member),
        set: this.#accessor(childNamed(child, 'Set'), member),
      });
    }
    return properties;
  }

  #accessor(element: XmlElement | null, member: string): PropertyAccessor | null {
    if (element === null) return null;
    const declaration = childNamed(element, 'Declaration');
    const content = declaration?.content ?? { start: element.start, end: element.start };
    const { modifiers, sections } = parseAccessorSegment(this.source, content);
    const body = this.#body(element, `${member}.${element.name}`);
    return { kind: 'PropertyAccessor', start: element.start, end: element.end, modifiers, sections, body };
  }

  /** The name of an action stands in the XML only. */
  #actions(element: XmlElement, owner: string): Action[] {
    return childrenNamed(element, 'Action').map((child) => {
      const name = child.attributes.get('Name') ?? '';
      const nameSpan = tagOf(child);
      return {
        kind: 'Action',
        start: child.start,
        end: child.end,
        name: { kind: 'Identifier', ...nameSpan, name, quoting: 'none' },
        body: this.#body(child, `${owner}.${name}`),
      };
    });
  }

  /**
   * The ST of an Implementation. A body in another language is one statement that can't be read, and an entry in the
   * list of those: whoever walks the statements can't take it for an empty body.
   */
  #body(element: XmlElement, owner: string): Body {
    const implementation = childNamed(element, 'Implementation');
    const empty: Body = { kind: 'StatementList', start: element.end, end: element.end, statements: [] };
    if (implementation === null) return empty;
    const structuredText = childNamed(implementation, 'ST');
    if (structuredText !== null) return parseBodySegment(this.source, structuredText.content, owner);
    const other = implementation.children[0];
    if (other === undefined) return { ...empty, start: implementation.end, end: implementation.end };
    this.unsupportedBodies.push({ owner, language: other.name, start: other.start, end: other.end });
    const { start, end } = other;
    return { kind: 'StatementList', start, end, statements: [{ kind: 'ErrorStatement', start, end }] };
  }
}

function add(list: Declaration[], declaration: Declaration | null): void {
  if (declaration !== null) list.push(declaration);
}

/** The opening tag of an element, for messages about the element as a whole. */
function tagOf(element: XmlElement): Span {
  return { start: element.start, end: Math.max(element.start, element.contentStart) };
}
