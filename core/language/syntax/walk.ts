import type {
  AccessPath,
  Action,
  Argument,
  ArrayDimension,
  ArrayInitializer,
  ArrayInitializerElement,
  ArrayTypeNode,
  Assignment,
  AssignmentExpression,
  Binary,
  Call,
  CallStatement,
  Case,
  CaseBranch,
  CaseLabel,
  ConditionalBranch,
  Configuration,
  Continue,
  DataBlock,
  Dereference,
  DirectAddress,
  EmptyStatement,
  EnumTypeNode,
  EnumValueNode,
  ErrorExpression,
  ErrorStatement,
  ErrorTypeNode,
  Exit,
  For,
  GlobalVariableList,
  Goto,
  Identifier,
  If,
  IndexAccess,
  InstanceInitializer,
  InterfaceDeclaration,
  Label,
  Literal,
  MemberAccess,
  Method,
  MockStatement,
  NamedTypeNode,
  NameExpression,
  NamespaceDeclaration,
  Parenthesized,
  PartialAccess,
  PointerTypeNode,
  Pou,
  ProgramInstance,
  Property,
  PropertyAccessor,
  QualifiedName,
  Region,
  Repeat,
  Resource,
  Return,
  SelfReference,
  SfcActionAssociation,
  SfcBody,
  SfcStep,
  SfcTransition,
  SourceFile,
  StatementList,
  StringTypeNode,
  StructInitializer,
  StructTypeNode,
  SubrangeTypeNode,
  TaskDeclaration,
  TestCase,
  TestFixture,
  TypeDeclaration,
  Unary,
  UsingDirective,
  VariableDeclaration,
  VariableName,
  VariableSection,
  While,
} from './tree.js';

/** Every node of the tree, comments and pragmas aside: those stand beside it. */
export type SyntaxNode =
  | AccessPath
  | Action
  | Argument
  | ArrayDimension
  | ArrayInitializer
  | ArrayInitializerElement
  | ArrayTypeNode
  | Assignment
  | AssignmentExpression
  | Binary
  | Call
  | CallStatement
  | Case
  | CaseBranch
  | CaseLabel
  | ConditionalBranch
  | Configuration
  | Continue
  | DataBlock
  | Dereference
  | DirectAddress
  | EmptyStatement
  | EnumTypeNode
  | EnumValueNode
  | ErrorExpression
  | ErrorStatement
  | ErrorTypeNode
  | Exit
  | For
  | GlobalVariableList
  | Goto
  | Identifier
  | If
  | IndexAccess
  | InstanceInitializer
  | InterfaceDeclaration
  | Label
  | Literal
  | MemberAccess
  | Method
  | MockStatement
  | NameExpression
  | NamedTypeNode
  | NamespaceDeclaration
  | Parenthesized
  | PartialAccess
  | PointerTypeNode
  | Pou
  | ProgramInstance
  | Property
  | PropertyAccessor
  | QualifiedName
  | Region
  | Repeat
  | Resource
  | Return
  | SelfReference
  | SfcActionAssociation
  | SfcBody
  | SfcStep
  | SfcTransition
  | SourceFile
  | StatementList
  | StringTypeNode
  | StructInitializer
  | StructTypeNode
  | SubrangeTypeNode
  | TaskDeclaration
  | TestCase
  | TestFixture
  | TypeDeclaration
  | Unary
  | UsingDirective
  | VariableDeclaration
  | VariableName
  | VariableSection
  | While;

type NodeOfKind<Kind extends SyntaxNode['kind']> = Extract<SyntaxNode, { readonly kind: Kind }>;

/** Per kind of node: its fields that hold a node, a list of nodes, or null. Pragmas stand before a node, not in it. */
const CHILD_FIELDS: { readonly [Kind in SyntaxNode['kind']]: readonly (keyof NodeOfKind<Kind> & string)[] } = {
  Identifier: [],
  QualifiedName: ['parts'],
  SourceFile: ['declarations'],
  Pou: [
    'name',
    'extends',
    'implements',
    'returnType',
    'sections',
    'methods',
    'properties',
    'actions',
    'body',
    'usings',
    'accessPaths',
  ],
  Method: ['name', 'returnType', 'sections', 'body'],
  Property: ['name', 'type', 'get', 'set'],
  PropertyAccessor: ['sections', 'body'],
  Action: ['name', 'body'],
  StatementList: ['statements'],
  Interface: ['name', 'extends', 'methods', 'properties'],
  TypeDeclaration: ['name', 'definition', 'initializer'],
  GlobalVariableList: ['name', 'sections'],
  Namespace: ['name', 'declarations'],
  Using: ['names'],
  DataBlock: ['name', 'type', 'sections', 'startValues'],
  Configuration: ['name', 'sections', 'resources', 'tasks', 'programs', 'accessPaths', 'instanceInitializers'],
  Resource: ['name', 'processor', 'sections', 'tasks', 'programs'],
  Task: ['name', 'single', 'interval', 'priority'],
  ProgramInstance: ['name', 'task', 'type', 'arguments'],
  AccessPath: ['name', 'target', 'type'],
  InstanceInitializer: ['path', 'location', 'type', 'initializer'],
  TestFixture: ['sections', 'body'],
  TestCase: ['sections', 'body'],
  VariableSection: ['variables'],
  VariableDeclaration: ['names', 'type', 'initializer'],
  VariableName: ['name', 'location'],
  NamedType: ['name', 'arguments', 'elementArguments'],
  StringType: ['length'],
  SubrangeType: ['base', 'lower', 'upper'],
  EnumType: ['base', 'values'],
  EnumValue: ['name', 'value'],
  StructType: ['extends', 'members'],
  ArrayType: ['dimensions', 'element'],
  ArrayDimension: ['lower', 'upper'],
  PointerType: ['target'],
  ErrorType: [],
  Assignment: ['target', 'value'],
  CallStatement: ['expression'],
  If: ['branches', 'otherwise'],
  ConditionalBranch: ['condition', 'body'],
  Case: ['selector', 'branches', 'otherwise'],
  CaseBranch: ['labels', 'body'],
  CaseLabel: ['lower', 'upper'],
  For: ['variable', 'from', 'to', 'by', 'body'],
  While: ['condition', 'body'],
  Repeat: ['body', 'until'],
  Exit: [],
  Continue: [],
  Return: ['value'],
  Goto: ['label'],
  Label: ['name'],
  Region: ['body'],
  EmptyStatement: [],
  Mock: ['target', 'returns'],
  ErrorStatement: [],
  Literal: [],
  Name: ['name'],
  Member: ['object', 'member'],
  Index: ['object', 'indices'],
  Dereference: ['object'],
  Partial: ['object'],
  DirectAddress: [],
  Call: ['callee', 'arguments'],
  Argument: ['name', 'value'],
  Unary: ['operand'],
  Binary: ['left', 'right'],
  Parenthesized: ['expression'],
  Self: [],
  AssignmentExpression: ['target', 'value'],
  ArrayInitializer: ['elements'],
  ArrayInitializerElement: ['repetition', 'values'],
  StructInitializer: ['members'],
  ErrorExpression: [],
  SfcBody: ['steps', 'transitions', 'actions'],
  SfcStep: ['name', 'associations'],
  SfcActionAssociation: ['action', 'time'],
  SfcTransition: ['name', 'priority', 'from', 'to', 'condition'],
};

/** The direct children of a node, in the order of the text. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  let isInOrder = true;
  for (const field of CHILD_FIELDS[node.kind]) {
    const value: unknown = (node as unknown as Readonly<Record<string, unknown>>)[field];
    if (Array.isArray(value)) {
      for (const child of value as readonly SyntaxNode[]) add(child);
    } else if (value !== null && value !== undefined) add(value as SyntaxNode);
  }
  return isInOrder ? children : children.sort((a, b) => a.start - b.start || a.end - b.end);

  function add(child: SyntaxNode): void {
    const last = children[children.length - 1];
    if (last !== undefined && last.start > child.start) isInOrder = false;
    children.push(child);
  }
}

/** Calls `visit` for each direct child of a node, without a list of them and in no promised order. */
export function forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void {
  for (const field of CHILD_FIELDS[node.kind]) {
    const value: unknown = (node as unknown as Readonly<Record<string, unknown>>)[field];
    if (Array.isArray(value)) for (const child of value as readonly SyntaxNode[]) visit(child);
    else if (value !== null && value !== undefined) visit(value as SyntaxNode);
  }
}

/** What a visitor answers: `skip` leaves out the children of the node. */
export type WalkAnswer = 'skip' | undefined;

/**
 * Visits a node and all nodes below it in the order of the text. `parents` are the nodes from the root down to the
 * parent; the list is reused, so copy it to keep it.
 */
export function walk(root: SyntaxNode, visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => WalkAnswer): void {
  const parents: SyntaxNode[] = [];
  const descend = (node: SyntaxNode): void => {
    if (visit(node, parents) === 'skip') return;
    parents.push(node);
    for (const child of childrenOf(node)) descend(child);
    parents.pop();
  };
  descend(root);
}

/** The nodes around an offset, from the file down to the innermost one. A node touches its end: `a|` is in `a`. */
export function nodesAt(root: SyntaxNode, offset: number): SyntaxNode[] {
  const path: SyntaxNode[] = [];
  let node: SyntaxNode | undefined = root;
  while (node !== undefined) {
    path.push(node);
    const inside: SyntaxNode[] = childrenOf(node).filter((child) => child.start <= offset && offset <= child.end);
    node = inside.find((child) => offset < child.end) ?? inside[inside.length - 1];
  }
  return path;
}
