/**
 * The syntax tree: one for all dialects and all formats. Immutable, with UTF-16 offsets into the text of the file
 * (for XML containers such as .TcPOU: offsets into the XML, so that no source map is needed for CDATA).
 *
 * Invariants
 * - A node's span covers its children; `text.slice(start, end)` is the source of the node.
 * - The parser always returns a tree. What it could not read is an `ErrorStatement`, an `ErrorExpression` or a
 *   missing identifier (empty span), and a diagnostic in `SourceFile.syntaxErrors`.
 * - The tree knows no symbols and no types: they live in the semantic model, keyed by node.
 */

import type { DialectId } from '../dialects/dialect-id.js';
import type { ConditionalText } from './conditions.js';

/** Half-open range of UTF-16 offsets into the text of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A name as written. Siemens `#local` and `"quoted"` names keep their quoting here; `name` is without it. */
export interface Identifier extends Span {
  readonly kind: 'Identifier';
  readonly name: string;
  readonly quoting: 'none' | 'hash' | 'quotes' | 'backticks';
}

/** `A.B.C`, as used for types, base classes and programs. */
export interface QualifiedName extends Span {
  readonly kind: 'QualifiedName';
  readonly parts: readonly Identifier[];
}

/** `{attribute 'x' := 'y'}`, `{region …}`, `{IF defined (…)}` or a Siemens block attribute list. Text without braces. */
export interface Pragma extends Span {
  readonly kind: 'Pragma';
  readonly text: string;
}

/** A comment with its delimiters; kept beside the tree for the formatter, the rules on comments and hover texts. */
export interface Comment extends Span {
  readonly kind: 'Comment';
  readonly style: 'line' | 'block';
}

/** A syntax error. `code` is a key of the diagnostic table (PW1xxx). */
export interface SyntaxError extends Span {
  readonly code: string;
  readonly message: string;
  /** The edit that mends it, where the parser knows what was meant. */
  readonly fix?: TextFix;
}

/** A stretch of a file and the text that is to stand there. */
export interface TextFix extends Span {
  readonly text: string;
}

export interface SourceFile extends Span {
  readonly kind: 'SourceFile';
  /** Path relative to the site (or as given), forward slashes. The identity of the file. */
  readonly path: string;
  readonly text: string;
  readonly dialect: DialectId;
  readonly declarations: readonly Declaration[];
  readonly comments: readonly Comment[];
  readonly pragmas: readonly Pragma[];
  readonly syntaxErrors: readonly SyntaxError[];
  /**
   * Bodies that are not Structured Text (ladder, FBD, CFC, graphical SFC): their body is one `ErrorStatement` here. The
   * POU does more than the tree shows, so every check that needs the body must answer "unknown". Left out when empty.
   */
  readonly unsupportedBodies?: readonly UnsupportedBody[];
  /** Conditional compilation whose conditions are not known: more than one branch is in the tree. Left out when empty. */
  readonly openConditions?: readonly ConditionalText[];
}

/** A body in another language. `owner` is the POU, or `Pou.Member` for a method, action or accessor. */
export interface UnsupportedBody extends Span {
  readonly owner: string;
  /** The language as the file names it, for example `LD`, `FBD`, `CFC`, `SFC`. */
  readonly language: string;
}

// ---------------------------------------------------------------------------------------------- declarations

export type Declaration =
  | Pou
  | InterfaceDeclaration
  | TypeDeclaration
  | GlobalVariableList
  | Configuration
  | NamespaceDeclaration
  | UsingDirective
  | DataBlock
  | TestFixture
  | TestCase;

export type PouKind = 'program' | 'function' | 'function-block' | 'class' | 'organization-block';

export interface Modifiers {
  readonly access: 'public' | 'private' | 'protected' | 'internal' | null;
  readonly isAbstract: boolean;
  readonly isFinal: boolean;
  readonly isOverride: boolean;
}

export interface Pou extends Span {
  readonly kind: 'Pou';
  readonly pouKind: PouKind;
  readonly name: Identifier;
  readonly modifiers: Modifiers;
  readonly extends: readonly QualifiedName[];
  readonly implements: readonly QualifiedName[];
  /** Result type of a function; null when it has none (or it is VOID). */
  readonly returnType: TypeNode | null;
  readonly sections: readonly VariableSection[];
  readonly methods: readonly Method[];
  readonly properties: readonly Property[];
  readonly actions: readonly Action[];
  readonly body: Body;
  readonly pragmas: readonly Pragma[];
  readonly usings: readonly UsingDirective[];
  /** VAR_ACCESS of a program; left out when there is none. */
  readonly accessPaths?: readonly AccessPath[];
  /** True when the declarations could not be read in full: something that is missing may be there. */
  readonly isDamaged?: true;
}

export interface Method extends Span {
  readonly kind: 'Method';
  readonly name: Identifier;
  readonly modifiers: Modifiers;
  readonly returnType: TypeNode | null;
  readonly sections: readonly VariableSection[];
  readonly body: Body;
  readonly pragmas: readonly Pragma[];
}

export interface Property extends Span {
  readonly kind: 'Property';
  readonly name: Identifier;
  readonly modifiers: Modifiers;
  readonly type: TypeNode;
  readonly get: PropertyAccessor | null;
  readonly set: PropertyAccessor | null;
  readonly pragmas: readonly Pragma[];
}

export interface PropertyAccessor extends Span {
  readonly kind: 'PropertyAccessor';
  readonly modifiers: Modifiers;
  readonly sections: readonly VariableSection[];
  readonly body: Body;
}

export interface Action extends Span {
  readonly kind: 'Action';
  readonly name: Identifier;
  readonly body: Body;
}

/** Statements of a POU, or its SFC network. `span` is empty for a prototype. */
export type Body = StatementList | SfcBody;

export interface StatementList extends Span {
  readonly kind: 'StatementList';
  readonly statements: readonly Statement[];
}

export interface InterfaceDeclaration extends Span {
  readonly kind: 'Interface';
  readonly name: Identifier;
  readonly extends: readonly QualifiedName[];
  readonly methods: readonly Method[];
  readonly properties: readonly Property[];
  readonly pragmas: readonly Pragma[];
}

/** One name of a `TYPE … END_TYPE`; a block with several types gives several nodes. */
export interface TypeDeclaration extends Span {
  readonly kind: 'TypeDeclaration';
  readonly name: Identifier;
  readonly definition: TypeNode;
  readonly initializer: Expression | null;
  readonly pragmas: readonly Pragma[];
  /** True when the type could not be read in full. */
  readonly isDamaged?: true;
}

/** `VAR_GLOBAL` outside a configuration. `name` is the list's name (.TcGVL and CODESYS: object name), else null. */
export interface GlobalVariableList extends Span {
  readonly kind: 'GlobalVariableList';
  readonly name: Identifier | null;
  /** True when members can only be reached as `GVL.member` (attribute `qualified_only`). */
  readonly qualifiedOnly: boolean;
  readonly sections: readonly VariableSection[];
  readonly pragmas: readonly Pragma[];
}

export interface NamespaceDeclaration extends Span {
  readonly kind: 'Namespace';
  readonly name: QualifiedName;
  readonly isInternal: boolean;
  readonly declarations: readonly Declaration[];
}

export interface UsingDirective extends Span {
  readonly kind: 'Using';
  readonly names: readonly QualifiedName[];
}

/** Siemens `DATA_BLOCK`: an own structure (sections) or an instance of a type, with start values. */
export interface DataBlock extends Span {
  readonly kind: 'DataBlock';
  readonly name: Identifier;
  readonly type: TypeNode | null;
  readonly sections: readonly VariableSection[];
  readonly startValues: StatementList;
  readonly pragmas: readonly Pragma[];
}

export interface Configuration extends Span {
  readonly kind: 'Configuration';
  readonly name: Identifier;
  readonly sections: readonly VariableSection[];
  readonly resources: readonly Resource[];
  /** Tasks and programs written without a RESOURCE. */
  readonly tasks: readonly TaskDeclaration[];
  readonly programs: readonly ProgramInstance[];
  readonly accessPaths: readonly AccessPath[];
  readonly instanceInitializers: readonly InstanceInitializer[];
}

export interface Resource extends Span {
  readonly kind: 'Resource';
  readonly name: Identifier;
  readonly processor: Identifier | null;
  readonly sections: readonly VariableSection[];
  readonly tasks: readonly TaskDeclaration[];
  readonly programs: readonly ProgramInstance[];
}

export interface TaskDeclaration extends Span {
  readonly kind: 'Task';
  readonly name: Identifier;
  readonly single: Expression | null;
  readonly interval: Expression | null;
  readonly priority: Expression | null;
  /** True for a Logix task that runs whenever no other one does. */
  readonly isContinuous?: true;
  /** Nanoseconds that a scan may take before the controller stops, where the project says so. */
  readonly watchdog?: bigint;
}

/** `PROGRAM Inst WITH Task : Type (…)`. */
export interface ProgramInstance extends Span {
  readonly kind: 'ProgramInstance';
  readonly name: Identifier;
  readonly task: Identifier | null;
  readonly type: QualifiedName;
  readonly arguments: readonly Argument[];
}

/** An entry of VAR_ACCESS. */
export interface AccessPath extends Span {
  readonly kind: 'AccessPath';
  readonly name: Identifier;
  readonly target: Expression;
  readonly type: TypeNode;
  readonly direction: 'READ_ONLY' | 'READ_WRITE' | null;
}

/** An entry of VAR_CONFIG: `Inst.member AT %IX0.0 : BOOL := TRUE;`. */
export interface InstanceInitializer extends Span {
  readonly kind: 'InstanceInitializer';
  readonly path: readonly Identifier[];
  readonly location: DirectAddress | null;
  readonly type: TypeNode;
  readonly initializer: Expression | null;
}

/** `SETUP … END_SETUP` or `TEARDOWN … END_TEARDOWN` of a test file. */
export interface TestFixture extends Span {
  readonly kind: 'TestFixture';
  readonly phase: 'setup' | 'teardown';
  readonly sections: readonly VariableSection[];
  readonly body: StatementList;
}

/** `TEST 'name' … END_TEST`. */
export interface TestCase extends Span {
  readonly kind: 'TestCase';
  readonly name: string;
  readonly sections: readonly VariableSection[];
  readonly body: StatementList;
}

// ---------------------------------------------------------------------------------------------- variables

export type SectionKind =
  | 'VAR'
  | 'VAR_INPUT'
  | 'VAR_OUTPUT'
  | 'VAR_IN_OUT'
  | 'VAR_TEMP'
  | 'VAR_STAT'
  | 'VAR_INST'
  | 'VAR_EXTERNAL'
  | 'VAR_GLOBAL';

export interface VariableSection extends Span {
  readonly kind: 'VariableSection';
  readonly sectionKind: SectionKind;
  readonly isConstant: boolean;
  readonly retention: 'default' | 'retain' | 'non-retain' | 'persistent' | 'retain-persistent';
  readonly access: Modifiers['access'];
  readonly variables: readonly VariableDeclaration[];
}

/** `a, b AT %IX0.0 : BOOL := TRUE;`: one type for one or more names. */
export interface VariableDeclaration extends Span {
  readonly kind: 'VariableDeclaration';
  readonly names: readonly VariableName[];
  readonly type: TypeNode;
  readonly initializer: Expression | null;
  /** `R_EDGE` / `F_EDGE` of an input. */
  readonly edge: 'rising' | 'falling' | null;
  readonly pragmas: readonly Pragma[];
  /** False for a parameter of a Logix Add-On Instruction that a call doesn't list (Required="false"). */
  readonly isOperand?: false;
}

export interface VariableName extends Span {
  readonly kind: 'VariableName';
  readonly name: Identifier;
  readonly location: DirectAddress | null;
}

// ---------------------------------------------------------------------------------------------- types as written

export type TypeNode =
  | NamedTypeNode
  | StringTypeNode
  | SubrangeTypeNode
  | EnumTypeNode
  | StructTypeNode
  | ArrayTypeNode
  | PointerTypeNode
  | ErrorTypeNode;

/**
 * `INT`, `MyStruct`, `Lib.Type`; `arguments` holds the FB_init arguments of `Fb(a := 1)`, `elementArguments` those of each
 * element in `ARRAY[1..2] OF Fb[(a := 1), (a := 2)]`, left out when there are none.
 */
export interface NamedTypeNode extends Span {
  readonly kind: 'NamedType';
  readonly name: QualifiedName;
  readonly arguments: readonly Argument[];
  readonly elementArguments?: readonly StructInitializer[];
}

/** `STRING`, `STRING[80]`, `WSTRING(20)`. */
export interface StringTypeNode extends Span {
  readonly kind: 'StringType';
  readonly isWide: boolean;
  readonly length: Expression | null;
}

/** `INT (0..100)`. */
export interface SubrangeTypeNode extends Span {
  readonly kind: 'SubrangeType';
  readonly base: QualifiedName;
  readonly lower: Expression;
  readonly upper: Expression;
}

/** `(A, B := 5) INT`, or with the base type first. */
export interface EnumTypeNode extends Span {
  readonly kind: 'EnumType';
  readonly base: QualifiedName | null;
  readonly values: readonly EnumValueNode[];
}

export interface EnumValueNode extends Span {
  readonly kind: 'EnumValue';
  readonly name: Identifier;
  readonly value: Expression | null;
}

export interface StructTypeNode extends Span {
  readonly kind: 'StructType';
  readonly isUnion: boolean;
  readonly isOverlap: boolean;
  readonly extends: QualifiedName | null;
  readonly members: readonly VariableDeclaration[];
}

export interface ArrayTypeNode extends Span {
  readonly kind: 'ArrayType';
  readonly dimensions: readonly ArrayDimension[];
  readonly element: TypeNode;
}

/** `lower..upper`; both null for `*`. */
export interface ArrayDimension extends Span {
  readonly kind: 'ArrayDimension';
  readonly lower: Expression | null;
  readonly upper: Expression | null;
}

/** `POINTER TO T`, `REF_TO T`, `REFERENCE TO T`. */
export interface PointerTypeNode extends Span {
  readonly kind: 'PointerType';
  readonly pointerKind: 'pointer' | 'ref' | 'reference';
  readonly target: TypeNode;
}

export interface ErrorTypeNode extends Span {
  readonly kind: 'ErrorType';
}

// ---------------------------------------------------------------------------------------------- statements

export type Statement =
  | Assignment
  | CallStatement
  | If
  | Case
  | For
  | While
  | Repeat
  | Exit
  | Continue
  | Return
  | Goto
  | Label
  | Region
  | EmptyStatement
  | MockStatement
  | ErrorStatement;

export type AssignmentOperator = ':=' | '?=' | 'REF=' | 'S=' | 'R=' | '[:=]' | '+=' | '-=' | '*=' | '/=';

/** `target := value;`. `a := b := c;` is an assignment whose value is an `AssignmentExpression`. */
export interface Assignment extends Span {
  readonly kind: 'Assignment';
  readonly target: Expression;
  readonly operator: AssignmentOperator;
  readonly value: Expression;
}

/** A call, or (wrongly) any other expression, used as a statement. */
export interface CallStatement extends Span {
  readonly kind: 'CallStatement';
  readonly expression: Expression;
}

export interface If extends Span {
  readonly kind: 'If';
  /** IF, then each ELSIF, in order. */
  readonly branches: readonly ConditionalBranch[];
  readonly otherwise: StatementList | null;
}

export interface ConditionalBranch extends Span {
  readonly kind: 'ConditionalBranch';
  readonly condition: Expression;
  readonly body: StatementList;
}

export interface Case extends Span {
  readonly kind: 'Case';
  readonly selector: Expression;
  readonly branches: readonly CaseBranch[];
  readonly otherwise: StatementList | null;
}

export interface CaseBranch extends Span {
  readonly kind: 'CaseBranch';
  readonly labels: readonly CaseLabel[];
  readonly body: StatementList;
}

/** A value (`upper` null) or a range `lower..upper`. */
export interface CaseLabel extends Span {
  readonly kind: 'CaseLabel';
  readonly lower: Expression;
  readonly upper: Expression | null;
}

export interface For extends Span {
  readonly kind: 'For';
  readonly variable: Expression;
  readonly from: Expression;
  readonly to: Expression;
  readonly by: Expression | null;
  readonly body: StatementList;
}

export interface While extends Span {
  readonly kind: 'While';
  readonly condition: Expression;
  readonly body: StatementList;
}

export interface Repeat extends Span {
  readonly kind: 'Repeat';
  readonly body: StatementList;
  readonly until: Expression;
}

export interface Exit extends Span {
  readonly kind: 'Exit';
}

export interface Continue extends Span {
  readonly kind: 'Continue';
}

/** `RETURN;`, or `RETURN expression;` where the dialect has it. */
export interface Return extends Span {
  readonly kind: 'Return';
  readonly value: Expression | null;
}

/** Siemens `GOTO label;`, CODESYS `JMP label;`. */
export interface Goto extends Span {
  readonly kind: 'Goto';
  readonly label: Identifier;
}

export interface Label extends Span {
  readonly kind: 'Label';
  readonly name: Identifier;
}

/** Siemens `REGION name … END_REGION`. */
export interface Region extends Span {
  readonly kind: 'Region';
  readonly name: string;
  readonly body: StatementList;
}

export interface EmptyStatement extends Span {
  readonly kind: 'EmptyStatement';
}

/** `MOCK instance.path;` and `MOCK_FUNCTION Name RETURNS value;` of test files. */
export interface MockStatement extends Span {
  readonly kind: 'Mock';
  readonly target: Expression;
  /** The value that a mocked function returns; null for a mocked instance. */
  readonly returns: Expression | null;
}

export interface ErrorStatement extends Span {
  readonly kind: 'ErrorStatement';
}

// ---------------------------------------------------------------------------------------------- expressions

export type Expression =
  | Literal
  | NameExpression
  | MemberAccess
  | IndexAccess
  | Dereference
  | PartialAccess
  | DirectAddress
  | Call
  | Unary
  | Binary
  | Parenthesized
  | SelfReference
  | AssignmentExpression
  | ArrayInitializer
  | StructInitializer
  | ErrorExpression;

export type LiteralKind =
  | 'bool'
  | 'integer'
  | 'real'
  | 'string'
  | 'wstring'
  | 'time'
  | 'date'
  | 'time-of-day'
  | 'date-and-time'
  | 'null';

/**
 * A literal. `value` by kind: `bool` boolean · `integer` bigint · `real` number · strings: decoded text ·
 * `time` bigint nanoseconds · `date` and `date-and-time` bigint nanoseconds since 1970-01-01 ·
 * `time-of-day` bigint nanoseconds since midnight · `null` null.
 */
export interface Literal extends Span {
  readonly kind: 'Literal';
  readonly literalKind: LiteralKind;
  readonly value: boolean | bigint | number | string | null;
  /** Upper-case type prefix as written: `INT` of `INT#5`, `T` of `T#5s`; null without one. */
  readonly typePrefix: string | null;
}

export interface NameExpression extends Span {
  readonly kind: 'Name';
  readonly name: Identifier;
  /** True for CODESYS `.name`: look it up in the global scope only. */
  readonly isGlobal: boolean;
}

/** `object.member`; also `EnumType.Value`, `GVL.variable`, `Namespace.Name`, and `Enum#Value` (`isTyped`). */
export interface MemberAccess extends Span {
  readonly kind: 'Member';
  readonly object: Expression;
  readonly member: Identifier;
  readonly isTyped: boolean;
}

export interface IndexAccess extends Span {
  readonly kind: 'Index';
  readonly object: Expression;
  readonly indices: readonly Expression[];
}

/** `object^`. */
export interface Dereference extends Span {
  readonly kind: 'Dereference';
  readonly object: Expression;
}

/** `word.%X3`, `word.%B0`, and the short form `word.3` (size `X`). */
export interface PartialAccess extends Span {
  readonly kind: 'Partial';
  readonly object: Expression;
  readonly size: 'X' | 'B' | 'W' | 'D' | 'L';
  readonly index: number;
}

/** `%IX0.0`, `%QW4`, `%I*`. Text as written, upper case. */
export interface DirectAddress extends Span {
  readonly kind: 'DirectAddress';
  readonly text: string;
}

export interface Call extends Span {
  readonly kind: 'Call';
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}

/** One argument of a call: positional (`name` null), `name := value`, or `name => target` / `NOT`-inverted. */
export interface Argument extends Span {
  readonly kind: 'Argument';
  readonly name: Identifier | null;
  readonly direction: 'in' | 'out';
  readonly isNegated: boolean;
  /** Null for `name =>` or `name :=` left open. */
  readonly value: Expression | null;
}

export type UnaryOperator = 'NOT' | '-' | '+';
export type BinaryOperator =
  | 'OR'
  | 'OR_ELSE'
  | 'XOR'
  | 'AND'
  | 'AND_THEN'
  | '='
  | '<>'
  | '<'
  | '>'
  | '<='
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | 'MOD'
  | '**';

export interface Unary extends Span {
  readonly kind: 'Unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

/** `&` is read as `AND`. */
export interface Binary extends Span {
  readonly kind: 'Binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Parenthesized extends Span {
  readonly kind: 'Parenthesized';
  readonly expression: Expression;
}

/** `THIS` and `SUPER`. */
export interface SelfReference extends Span {
  readonly kind: 'Self';
  readonly which: 'THIS' | 'SUPER';
}

/** The inner part of CODESYS `a := b := c;`. */
export interface AssignmentExpression extends Span {
  readonly kind: 'AssignmentExpression';
  readonly target: Expression;
  readonly operator: AssignmentOperator;
  readonly value: Expression;
}

/** `[1, 2, 3(0)]`. */
export interface ArrayInitializer extends Span {
  readonly kind: 'ArrayInitializer';
  readonly elements: readonly ArrayInitializerElement[];
}

/** `value`, or `count(value, …)`: the values repeated. */
export interface ArrayInitializerElement extends Span {
  readonly kind: 'ArrayInitializerElement';
  readonly repetition: Expression | null;
  readonly values: readonly Expression[];
}

/** `(a := 1, b := 2)` as an initial value. */
export interface StructInitializer extends Span {
  readonly kind: 'StructInitializer';
  readonly members: readonly Argument[];
}

export interface ErrorExpression extends Span {
  readonly kind: 'ErrorExpression';
}

// ---------------------------------------------------------------------------------------------- SFC

export interface SfcBody extends Span {
  readonly kind: 'SfcBody';
  readonly steps: readonly SfcStep[];
  readonly transitions: readonly SfcTransition[];
  readonly actions: readonly Action[];
}

export interface SfcStep extends Span {
  readonly kind: 'SfcStep';
  readonly name: Identifier;
  readonly isInitial: boolean;
  readonly associations: readonly SfcActionAssociation[];
}

export interface SfcActionAssociation extends Span {
  readonly kind: 'SfcActionAssociation';
  readonly action: Identifier;
  readonly qualifier: string | null;
  readonly time: Expression | null;
}

export interface SfcTransition extends Span {
  readonly kind: 'SfcTransition';
  readonly name: Identifier | null;
  readonly priority: Expression | null;
  readonly from: readonly Identifier[];
  readonly to: readonly Identifier[];
  readonly condition: Expression;
}
