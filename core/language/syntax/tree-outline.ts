import type {
  Argument,
  Expression,
  Identifier,
  QualifiedName,
  Statement,
  StatementList,
  TypeNode,
  VariableDeclaration,
} from './tree.js';

/** The tree as short text, for tests and for messages that show how an expression was understood. */

/** An expression with every operation in parentheses: `a OR b AND c` gives `(a OR (b AND c))`. */
export function outlineExpression(node: Expression): string {
  switch (node.kind) {
    case 'Literal': {
      const value = typeof node.value === 'string' ? JSON.stringify(node.value) : String(node.value);
      return node.typePrefix === null ? value : `${node.typePrefix}#${value}`;
    }
    case 'Name':
      return `${node.isGlobal ? '.' : ''}${outlineName(node.name)}`;
    case 'Member':
      return `${outlineExpression(node.object)}${node.isTyped ? '#' : '.'}${outlineName(node.member)}`;
    case 'Index':
      return `${outlineExpression(node.object)}[${node.indices.map(outlineExpression).join(', ')}]`;
    case 'Dereference':
      return `${outlineExpression(node.object)}^`;
    case 'Partial':
      return `${outlineExpression(node.object)}.%${node.size}${node.index}`;
    case 'DirectAddress':
      return node.text;
    case 'Call':
      return `${outlineExpression(node.callee)}(${outlineArguments(node.arguments)})`;
    case 'Unary':
      return `(${node.operator} ${outlineExpression(node.operand)})`;
    case 'Binary':
      return `(${outlineExpression(node.left)} ${node.operator} ${outlineExpression(node.right)})`;
    case 'Parenthesized':
      return outlineExpression(node.expression);
    case 'Self':
      return node.which;
    case 'AssignmentExpression':
      return `(${outlineExpression(node.target)} ${node.operator} ${outlineExpression(node.value)})`;
    case 'ArrayInitializer':
      return `[${node.elements
        .map((element) => {
          const values = element.values.map(outlineExpression).join(', ');
          return element.repetition === null ? values : `${outlineExpression(element.repetition)}(${values})`;
        })
        .join(', ')}]`;
    case 'StructInitializer':
      return `{${outlineArguments(node.members)}}`;
    case 'ErrorExpression':
      return '?';
  }
}

function outlineArguments(list: readonly Argument[]): string {
  return list
    .map((argument) => {
      const value = argument.value === null ? '' : outlineExpression(argument.value);
      if (argument.name === null) return value;
      const mark = argument.direction === 'in' ? ':=' : '=>';
      return `${argument.isNegated ? 'NOT ' : ''}${outlineName(argument.name)} ${mark} ${value}`;
    })
    .join(', ');
}

const QUOTES: Readonly<Record<Identifier['quoting'], readonly [string, string]>> = {
  none: ['', ''],
  hash: ['#', ''],
  quotes: ['"', '"'],
  backticks: ['`', '`'],
};

function outlineName(name: Identifier): string {
  const [before, after] = QUOTES[name.quoting];
  return name.name === '' ? '?' : `${before}${name.name}${after}`;
}

function outlineQualifiedName(name: QualifiedName): string {
  return name.parts.map(outlineName).join('.');
}

/** Statements on one line, separated by blanks. */
export function outlineStatements(list: StatementList): string {
  return list.statements.map(outlineStatement).join(' ');
}

function outlineStatement(node: Statement): string {
  switch (node.kind) {
    case 'Assignment':
      return `${outlineExpression(node.target)} ${node.operator} ${outlineExpression(node.value)};`;
    case 'CallStatement':
      return `${outlineExpression(node.expression)};`;
    case 'If': {
      const branches = node.branches.map(
        (branch, index) =>
          `${index === 0 ? 'IF' : 'ELSIF'} ${outlineExpression(branch.condition)} {${outlineStatements(branch.body)}}`,
      );
      return [...branches, ...(node.otherwise === null ? [] : [`ELSE {${outlineStatements(node.otherwise)}}`])].join(
        ' ',
      );
    }
    case 'Case': {
      const branches = node.branches.map((branch) => {
        const labels = branch.labels.map((label) =>
          label.upper === null
            ? outlineExpression(label.lower)
            : `${outlineExpression(label.lower)}..${outlineExpression(label.upper)}`,
        );
        return `${labels.join(', ')}: {${outlineStatements(branch.body)}}`;
      });
      const otherwise = node.otherwise === null ? [] : [`ELSE {${outlineStatements(node.otherwise)}}`];
      return `CASE ${outlineExpression(node.selector)} ${[...branches, ...otherwise].join(' ')}`;
    }
    case 'For': {
      const by = node.by === null ? '' : ` BY ${outlineExpression(node.by)}`;
      const range = `${outlineExpression(node.from)} TO ${outlineExpression(node.to)}${by}`;
      return `FOR ${outlineExpression(node.variable)} := ${range} {${outlineStatements(node.body)}}`;
    }
    case 'While':
      return `WHILE ${outlineExpression(node.condition)} {${outlineStatements(node.body)}}`;
    case 'Repeat':
      return `REPEAT {${outlineStatements(node.body)}} UNTIL ${outlineExpression(node.until)}`;
    case 'Exit':
      return 'EXIT;';
    case 'Continue':
      return 'CONTINUE;';
    case 'Return':
      return node.value === null ? 'RETURN;' : `RETURN ${outlineExpression(node.value)};`;
    case 'Goto':
      return `GOTO ${outlineName(node.label)};`;
    case 'Label':
      return `${outlineName(node.name)}:`;
    case 'Region':
      return `REGION ${node.name} {${outlineStatements(node.body)}}`;
    case 'EmptyStatement':
      return ';';
    case 'Mock': {
      const returns = node.returns === null ? '' : ` RETURNS ${outlineExpression(node.returns)}`;
      return `MOCK ${outlineExpression(node.target)}${returns};`;
    }
    case 'ErrorStatement':
      return '?;';
  }
}

export function outlineType(node: TypeNode): string {
  switch (node.kind) {
    case 'NamedType': {
      const name = outlineQualifiedName(node.name);
      return node.arguments.length === 0 ? name : `${name}(${outlineArguments(node.arguments)})`;
    }
    case 'StringType':
      return `${node.isWide ? 'WSTRING' : 'STRING'}${node.length === null ? '' : `[${outlineExpression(node.length)}]`}`;
    case 'SubrangeType':
      return `${outlineQualifiedName(node.base)}(${outlineExpression(node.lower)}..${outlineExpression(node.upper)})`;
    case 'EnumType': {
      const values = node.values.map((value) =>
        value.value === null
          ? outlineName(value.name)
          : `${outlineName(value.name)} := ${outlineExpression(value.value)}`,
      );
      return `(${values.join(', ')})${node.base === null ? '' : ` ${outlineQualifiedName(node.base)}`}`;
    }
    case 'StructType': {
      const word = node.isUnion ? 'UNION' : node.isOverlap ? 'STRUCT OVERLAP' : 'STRUCT';
      const base = node.extends === null ? '' : ` EXTENDS ${outlineQualifiedName(node.extends)}`;
      return `${word}${base} {${node.members.map(outlineVariable).join(' ')}}`;
    }
    case 'ArrayType': {
      const bounds = node.dimensions.map((dimension) =>
        dimension.lower === null || dimension.upper === null
          ? '*'
          : `${outlineExpression(dimension.lower)}..${outlineExpression(dimension.upper)}`,
      );
      return `ARRAY[${bounds.join(', ')}] OF ${outlineType(node.element)}`;
    }
    case 'PointerType':
      return `${node.pointerKind} ${outlineType(node.target)}`;
    case 'ErrorType':
      return '?';
  }
}

export function outlineVariable(node: VariableDeclaration): string {
  const names = node.names.map((name) =>
    name.location === null ? outlineName(name.name) : `${outlineName(name.name)} AT ${name.location.text}`,
  );
  const edge = node.edge === null ? '' : ` ${node.edge}`;
  const initializer = node.initializer === null ? '' : ` := ${outlineExpression(node.initializer)}`;
  return `${names.join(', ')} : ${outlineType(node.type)}${edge}${initializer};`;
}
