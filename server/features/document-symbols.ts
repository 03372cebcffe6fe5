import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import type { LineTable } from '../../core/base/line-table.js';
import type {
  Declaration,
  Method,
  Pou,
  Property,
  Span,
  StructTypeNode,
  VariableSection,
} from '../../core/language/syntax/tree.js';
import type { CheckedFile } from '../workspace/unit.js';
import { rangeOfSpan } from './text-range.js';

/** The outline of a file. */
export function documentSymbols({ file, project }: CheckedFile): DocumentSymbol[] {
  const outline = outliner(project.lineTableOf(file));
  return file.declarations.flatMap((declaration) => outline.declaration(declaration));
}

function outliner(lines: LineTable): { declaration(node: Declaration): DocumentSymbol[] } {
  function entry(
    name: string,
    kind: SymbolKind,
    span: Span,
    selection: Span,
    detail: string,
    children: DocumentSymbol[] = [],
  ): DocumentSymbol {
    // Clients refuse an empty name and a selection outside of the range.
    const inside = selection.start >= span.start && selection.end <= span.end;
    return {
      name: name === '' ? '(unnamed)' : name,
      kind,
      detail,
      range: rangeOfSpan(lines, span),
      selectionRange: rangeOfSpan(lines, inside ? selection : span),
      children,
    };
  }

  function variables(sections: readonly VariableSection[], kind: SymbolKind): DocumentSymbol[] {
    return sections.flatMap((section) =>
      section.variables.flatMap((variable) =>
        variable.names.map((name) =>
          entry(
            name.name.name,
            section.isConstant ? SymbolKind.Constant : kind,
            variable,
            name.name,
            section.sectionKind,
          ),
        ),
      ),
    );
  }

  function method(node: Method): DocumentSymbol {
    return entry(
      node.name.name,
      SymbolKind.Method,
      node,
      node.name,
      'METHOD',
      variables(node.sections, SymbolKind.Variable),
    );
  }

  function property(node: Property): DocumentSymbol {
    return entry(node.name.name, SymbolKind.Property, node, node.name, 'PROPERTY');
  }

  function pou(node: Pou): DocumentSymbol {
    const kind =
      node.pouKind === 'function'
        ? SymbolKind.Function
        : node.pouKind === 'program'
          ? SymbolKind.Module
          : SymbolKind.Class;
    const children = [
      ...variables(node.sections, SymbolKind.Variable),
      ...node.methods.map(method),
      ...node.properties.map(property),
      ...node.actions.map((action) => entry(action.name.name, SymbolKind.Method, action, action.name, 'ACTION')),
    ];
    return entry(node.name.name, kind, node, node.name, node.pouKind, children);
  }

  function struct(node: StructTypeNode): DocumentSymbol[] {
    return node.members.flatMap((member) =>
      member.names.map((name) => entry(name.name.name, SymbolKind.Field, member, name.name, '')),
    );
  }

  function declaration(node: Declaration): DocumentSymbol[] {
    switch (node.kind) {
      case 'Pou':
        return [pou(node)];
      case 'Interface':
        return [
          entry(node.name.name, SymbolKind.Interface, node, node.name, 'INTERFACE', [
            ...node.methods.map(method),
            ...node.properties.map(property),
          ]),
        ];
      case 'TypeDeclaration':
        return [typeEntry(node)];
      case 'GlobalVariableList': {
        const name = node.name?.name ?? 'VAR_GLOBAL';
        return [
          entry(
            name,
            SymbolKind.Namespace,
            node,
            node.name ?? node,
            'VAR_GLOBAL',
            variables(node.sections, SymbolKind.Variable),
          ),
        ];
      }
      case 'DataBlock':
        return [
          entry(
            node.name.name,
            SymbolKind.Struct,
            node,
            node.name,
            'DATA_BLOCK',
            variables(node.sections, SymbolKind.Field),
          ),
        ];
      case 'Namespace': {
        const name = node.name.parts.map((part) => part.name).join('.');
        return [
          entry(name, SymbolKind.Namespace, node, node.name, 'NAMESPACE', node.declarations.flatMap(declaration)),
        ];
      }
      case 'Configuration':
        return [
          entry(
            node.name.name,
            SymbolKind.Package,
            node,
            node.name,
            'CONFIGURATION',
            variables(node.sections, SymbolKind.Variable),
          ),
        ];
      case 'TestCase':
        return [entry(node.name, SymbolKind.Event, node, node, 'TEST')];
      case 'TestFixture':
        return [entry(node.phase.toUpperCase(), SymbolKind.Event, node, node, '')];
      case 'Using':
        return [];
    }
  }

  function typeEntry(node: Extract<Declaration, { kind: 'TypeDeclaration' }>): DocumentSymbol {
    const { definition } = node;
    if (definition.kind === 'StructType')
      return entry(node.name.name, SymbolKind.Struct, node, node.name, 'STRUCT', struct(definition));
    if (definition.kind !== 'EnumType') return entry(node.name.name, SymbolKind.TypeParameter, node, node.name, 'TYPE');
    const values = definition.values.map((value) =>
      entry(value.name.name, SymbolKind.EnumMember, value, value.name, ''),
    );
    return entry(node.name.name, SymbolKind.Enum, node, node.name, 'ENUM', values);
  }

  return { declaration };
}
