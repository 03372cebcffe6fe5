import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver/node';
import { dialectOf } from '../../core/language/dialects/dialect.js';
import { createLibrary } from '../../core/language/library/library.js';
import { DIALECT_RULES } from '../../core/language/semantics/dialect-rules.js';
import type { CodeSymbol, MethodSymbol, PouSymbol } from '../../core/language/semantics/symbols.js';
import { describeType } from '../../core/language/semantics/type-names.js';
import { ELEMENTARY_TYPE_NAMES, type Type } from '../../core/language/semantics/types.js';
import type { Call, MemberAccess } from '../../core/language/syntax/tree.js';
import { nodesAt, type SyntaxNode } from '../../core/language/syntax/walk.js';
import { commentOf, declarationText, parametersOf } from '../symbols/describe-symbol.js';
import { membersOf } from '../symbols/symbol-index.js';
import type { CheckedFile } from '../workspace/unit.js';

/** What may be written at an offset: members after a dot, types after a colon, otherwise every visible name. */
export function completionsAt(checked: CheckedFile, offset: number): CompletionItem[] {
  const { file, project } = checked;
  const wordStart = startOfWord(file.text, offset);
  const path = nodesAt(file, offset);
  if (isInComment(checked, offset)) return [];
  if (file.text[wordStart - 1] === '.') return memberCompletions(checked, path, wordStart);
  if (path.some(({ kind }) => kind === 'NamedType' || kind === 'ErrorType')) return typeCompletions(checked);
  const call = path.findLast((node): node is Call => node.kind === 'Call' && offset > node.callee.end);
  const target = call === undefined ? null : (project.model.callOf(call)?.target ?? null);
  const pins = target === null || target.kind === 'action' ? [] : pinCompletions(target, call);
  return [
    ...pins,
    ...visibleSymbols(checked, path).map(itemOf),
    ...libraryCompletions(checked),
    ...keywordCompletions(checked),
  ];
}

function memberCompletions(checked: CheckedFile, path: readonly SyntaxNode[], wordStart: number): CompletionItem[] {
  const access = path.findLast(isMemberAccess) ?? nodesAt(checked.file, wordStart - 1).findLast(isMemberAccess);
  const { model } = checked.project;
  if (access === undefined) return [];
  const named = model.symbolOf(access.object);
  if (named !== null && named.kind !== 'variable' && named.kind !== 'property') {
    if (named.kind === 'type' && named.type.kind === 'enum') return enumCompletions(named.type);
    if (named.kind !== 'pou') return membersOf(named).map(itemOf);
  }
  const type = model.typeOf(access.object);
  if (type.kind === 'enum') return enumCompletions(type);
  return membersOfType(type).map(itemOf);
}

/** What can be reached from outside of a value. */
function membersOfType(type: Type): CodeSymbol[] {
  switch (type.kind) {
    case 'struct':
      return [...type.members.values()];
    case 'pou':
      return [...parametersOf(type.pou), ...inherited(type.pou)];
    case 'interface':
      return [...type.interface.methods.values(), ...type.interface.properties.values()];
    case 'pointer':
      return type.pointerKind === 'reference' ? membersOfType(type.target) : [];
    default:
      return [];
  }
}

function inherited(pou: PouSymbol): CodeSymbol[] {
  const own = [...pou.methods.values(), ...pou.properties.values(), ...pou.actions.values()];
  return pou.base === null ? own : [...own, ...inherited(pou.base)];
}

function enumCompletions(type: Extract<Type, { kind: 'enum' }>): CompletionItem[] {
  return [...type.values].map(([name, value]) => ({
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: `${type.name} := ${value}`,
  }));
}

function pinCompletions(target: PouSymbol | MethodSymbol, call: Call | undefined): CompletionItem[] {
  const used = new Set(call?.arguments.map((argument) => argument.name?.name.toUpperCase()));
  return parametersOf(target)
    .filter(({ name }) => !used.has(name.toUpperCase()))
    .map((pin, index) => {
      const arrow = pin.scope === 'output' ? '=>' : ':=';
      return {
        label: `${pin.name} ${arrow}`,
        kind: CompletionItemKind.Field,
        detail: describeType(pin.type),
        documentation: commentOf(pin),
        insertText: `${pin.name} ${arrow} `,
        filterText: pin.name,
        sortText: `0${String(index).padStart(3, '0')}`,
      };
    });
}

function visibleSymbols({ project }: CheckedFile, path: readonly SyntaxNode[]): CodeSymbol[] {
  const found = new Map<string, CodeSymbol>();
  const add = (symbol: CodeSymbol): void => {
    const key = symbol.name.toUpperCase();
    if (!found.has(key)) found.set(key, symbol);
  };
  const pou = project.pous.find(({ declaration }) => declaration !== null && path.some((node) => node === declaration));
  for (const method of pou?.methods.values() ?? []) {
    if (path.some((node) => node === method.declaration))
      for (const variable of method.variables.values()) add(variable);
  }
  for (let around: PouSymbol | null = pou ?? null; around !== null; around = around.base) {
    for (const member of membersOf(around)) add(member);
  }
  for (const variable of project.globals.values()) {
    if (variable.owner?.kind === 'global-list') add(variable.owner);
    else add(variable);
  }
  for (const other of project.pous) add(other);
  for (const name of declaredTypes(project.files)) {
    const symbol = project.lookup(name);
    if (symbol !== null) add(symbol);
  }
  return [...found.values()];
}

function declaredTypes(files: CheckedFile['project']['files']): string[] {
  return files.flatMap(({ declarations }) =>
    declarations.flatMap((node) =>
      node.kind === 'TypeDeclaration' || node.kind === 'Interface' ? [node.name.name] : [],
    ),
  );
}

function typeCompletions({ project }: CheckedFile): CompletionItem[] {
  const blocks = project.pous.filter(({ pouKind }) => pouKind === 'function-block' || pouKind === 'class');
  const types = declaredTypes(project.files).map((name) => project.lookup(name));
  const own = [...blocks, ...types].flatMap((symbol) => (symbol === null ? [] : [itemOf(symbol)]));
  const library = createLibrary(DIALECT_RULES[project.dialect]);
  const standard = library.names().filter((name) => library.pou(name)?.pouKind === 'function-block');
  return [
    ...own,
    ...standard.map((name) => ({ label: name, kind: CompletionItemKind.Class, sortText: `2${name}` })),
    ...ELEMENTARY_TYPE_NAMES.map((name) => ({ label: name, kind: CompletionItemKind.Keyword, sortText: `1${name}` })),
  ];
}

function libraryCompletions({ project }: CheckedFile): CompletionItem[] {
  const library = createLibrary(DIALECT_RULES[project.dialect]);
  return library.names().map((name) => {
    const pou = library.pou(name.toUpperCase());
    const isFunction = pou?.pouKind === 'function';
    return {
      label: name,
      kind: isFunction ? CompletionItemKind.Function : CompletionItemKind.Class,
      ...(pou === null ? {} : { documentation: { kind: 'markdown' as const, value: fenced(declarationText(pou)) } }),
      ...(isFunction ? { insertText: `${name}($0)`, insertTextFormat: InsertTextFormat.Snippet } : {}),
      sortText: `3${name}`,
    };
  });
}

function keywordCompletions({ project }: CheckedFile): CompletionItem[] {
  return dialectOf(project.dialect).keywords.map((label) => ({
    label,
    kind: CompletionItemKind.Keyword,
    sortText: `4${label}`,
  }));
}

function itemOf(symbol: CodeSymbol): CompletionItem {
  return {
    label: symbol.name,
    kind: KINDS[symbol.kind],
    detail: detailOf(symbol),
    documentation: { kind: 'markdown', value: fenced(declarationText(symbol)) },
    sortText: `1${symbol.name}`,
  };
}

const KINDS: Readonly<Record<CodeSymbol['kind'], CompletionItemKind>> = {
  variable: CompletionItemKind.Variable,
  pou: CompletionItemKind.Class,
  method: CompletionItemKind.Method,
  property: CompletionItemKind.Property,
  action: CompletionItemKind.Method,
  interface: CompletionItemKind.Interface,
  type: CompletionItemKind.Struct,
  'enum-value': CompletionItemKind.EnumMember,
  'global-list': CompletionItemKind.Module,
  namespace: CompletionItemKind.Module,
  'program-instance': CompletionItemKind.Variable,
};

function detailOf(symbol: CodeSymbol): string {
  return symbol.kind === 'variable' || symbol.kind === 'property' ? describeType(symbol.type) : symbol.kind;
}

function fenced(code: string): string {
  return `\`\`\`structured-text\n${code}\n\`\`\``;
}

function isInComment({ file }: CheckedFile, offset: number): boolean {
  return file.comments.some(
    ({ start, end, style }) => start < offset && (style === 'line' ? offset <= end : offset < end),
  );
}

function startOfWord(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[\p{L}\p{N}_]/u.test(text[start - 1] ?? '')) start--;
  return start;
}

function isMemberAccess(node: SyntaxNode): node is MemberAccess {
  return node.kind === 'Member';
}
