/**
 * One text for all ways to write the same thing: no parentheses, constants folded (`T#500MS` = `T#0.5S`, a named
 * constant = its value), NOT pushed inwards, operands of AND, OR, XOR, +, * and = in one order, `a > b` as `b < a`,
 * named arguments in one order, names in upper case. Equal texts mean equal behaviour; different ones prove nothing.
 */

import type { SemanticModel } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type {
  Argument,
  Body,
  Call,
  ConditionalBranch,
  Expression,
  Statement,
  StatementList,
} from '../../language/syntax/tree.js';

export interface NormalOptions {
  readonly model: SemanticModel;
  /** Renames a name before it is printed; used to compare modulo renaming. */
  readonly rename?: (name: string) => string;
  /** Replaces constants by a hole: to find statements that differ in constants only. */
  readonly maskConstants?: boolean;
}

export function normalExpression(expression: Expression, options: NormalOptions): string {
  return print(expression, options, true);
}

function print(expression: Expression, options: NormalOptions, isPositive: boolean): string {
  const constant = constantText(expression, options);
  if (constant !== null) return isPositive || constant === MASK ? constant : negateConstant(constant);
  switch (expression.kind) {
    case 'Parenthesized':
      return print(expression.expression, options, isPositive);
    case 'Unary':
      if (expression.operator === 'NOT') return print(expression.operand, options, !isPositive);
      if (expression.operator === '+') return print(expression.operand, options, isPositive);
      return `-(${print(expression.operand, options, true)})`;
    case 'Binary':
      return printBinary(expression, options, isPositive);
    default: {
      const text = printOther(expression, options);
      return isPositive ? text : `NOT ${text}`;
    }
  }
}

type BinaryExpression = Extract<Expression, { kind: 'Binary' }>;

const MIRRORED: Readonly<Record<string, string>> = { '>': '<', '>=': '<=' };
const NEGATED: Readonly<Record<string, string>> = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

function printBinary(expression: BinaryExpression, options: NormalOptions, isPositive: boolean): string {
  const operator =
    expression.operator === 'AND_THEN' ? 'AND' : expression.operator === 'OR_ELSE' ? 'OR' : expression.operator;
  if (operator === 'AND' || operator === 'OR') {
    if (!isPositive && isBitwise(expression, options)) return `NOT (${printBinary(expression, options, true)})`;
    const effective = isPositive ? operator : operator === 'AND' ? 'OR' : 'AND';
    const operands = [...new Set(flatten(expression, operator).map((operand) => print(operand, options, isPositive)))];
    const [only] = operands;
    return operands.length === 1 && only !== undefined ? only : `(${operands.sort().join(` ${effective} `)})`;
  }
  const booleanConstant = comparisonWithBoolean(expression, options);
  if (booleanConstant !== null) return print(booleanConstant.operand, options, booleanConstant.value === isPositive);
  if (operator in NEGATED) {
    const effective = isPositive ? operator : (NEGATED[operator] ?? operator);
    const left = print(expression.left, options, true);
    const right = print(expression.right, options, true);
    const mirrored = MIRRORED[effective];
    if (mirrored !== undefined) return `(${right} ${mirrored} ${left})`;
    if (effective === '=' || effective === '<>') return `(${[left, right].sort().join(` ${effective} `)})`;
    return `(${left} ${effective} ${right})`;
  }
  const left = print(expression.left, options, true);
  const right = print(expression.right, options, true);
  const isCommutative = operator === '+' || operator === '*' || operator === 'XOR';
  const text = `(${(isCommutative ? [left, right].sort() : [left, right]).join(` ${operator} `)})`;
  return isPositive ? text : `NOT ${text}`;
}

/** `x = TRUE` and `x <> FALSE` are x, the other two are NOT x. */
function comparisonWithBoolean(
  expression: BinaryExpression,
  options: NormalOptions,
): { operand: Expression; value: boolean } | null {
  if (expression.operator !== '=' && expression.operator !== '<>') return null;
  for (const [constantSide, operand] of [
    [expression.left, expression.right],
    [expression.right, expression.left],
  ] as const) {
    const value = options.model.constantOf(constantSide);
    if (typeof value === 'boolean') return { operand, value: value === (expression.operator === '=') };
  }
  return null;
}

function isBitwise(expression: BinaryExpression, options: NormalOptions): boolean {
  const type = options.model.operandTypeOf(expression);
  return type.kind === 'elementary' && type.name !== 'BOOL' && type.name !== 'SAFEBOOL' && type.name !== 'BIT';
}

function flatten(expression: Expression, operator: 'AND' | 'OR'): Expression[] {
  if (expression.kind === 'Parenthesized') return flatten(expression.expression, operator);
  if (expression.kind === 'Binary' && isSameOperator(expression.operator, operator)) {
    return [...flatten(expression.left, operator), ...flatten(expression.right, operator)];
  }
  return [expression];
}

function isSameOperator(written: string, operator: 'AND' | 'OR'): boolean {
  return written === operator || written === (operator === 'AND' ? 'AND_THEN' : 'OR_ELSE');
}

const MASK = '?';

function constantText(expression: Expression, options: NormalOptions): string | null {
  const value = options.model.constantOf(expression);
  if (value === null) {
    return expression.kind === 'Literal' ? `${expression.literalKind}:${String(expression.value)}` : null;
  }
  if (options.maskConstants && typeof value !== 'boolean') return MASK;
  return typeof value === 'string'
    ? JSON.stringify(value)
    : typeof value === 'boolean'
      ? String(value).toUpperCase()
      : `#${value}`;
}

function negateConstant(text: string): string {
  return text === 'TRUE' ? 'FALSE' : text === 'FALSE' ? 'TRUE' : `NOT ${text}`;
}

function printOther(expression: Expression, options: NormalOptions): string {
  const inner = (part: Expression): string => print(part, options, true);
  switch (expression.kind) {
    case 'Name':
      return nameText(expression.name.name, options);
    case 'Member':
      return `${inner(expression.object)}.${nameText(expression.member.name, options)}`;
    case 'Index':
      return `${inner(expression.object)}[${expression.indices.map(inner).join(',')}]`;
    case 'Dereference':
      return `${inner(expression.object)}^`;
    case 'Partial':
      return `${inner(expression.object)}.%${expression.size}${expression.index}`;
    case 'DirectAddress':
      return expression.text;
    case 'Self':
      return expression.which;
    case 'Call':
      return callText(expression, options);
    case 'AssignmentExpression':
      return `(${inner(expression.target)} ${expression.operator} ${inner(expression.value)})`;
    case 'ArrayInitializer':
      return `[${expression.elements.map((element) => `${element.repetition ? inner(element.repetition) : ''}(${element.values.map(inner).join(',')})`).join(',')}]`;
    case 'StructInitializer':
      return `(${argumentTexts(expression.members, options).join(',')})`;
    case 'Literal':
      return `${expression.literalKind}:${String(expression.value)}`;
    default:
      return expression.kind;
  }
}

function callText(call: Call, options: NormalOptions): string {
  return `${print(call.callee, options, true)}(${argumentTexts(call.arguments, options).join(',')})`;
}

function argumentTexts(list: readonly Argument[], options: NormalOptions): string[] {
  const texts = list.map((argument) => {
    const value = argument.value === null ? '' : print(argument.value, options, !argument.isNegated);
    const arrow = argument.direction === 'out' ? '=>' : ':=';
    return argument.name === null ? value : `${keyOf(argument.name.name)}${arrow}${value}`;
  });
  return list.every((argument) => argument.name !== null) ? texts.sort() : texts;
}

function nameText(name: string, options: NormalOptions): string {
  const key = keyOf(name);
  return options.rename === undefined ? key : options.rename(key);
}

/** The statements of a list as normal texts; empty statements and regions leave no trace. */
function normalStatements(list: StatementList, options: NormalOptions): string[] {
  return list.statements.flatMap((statement) => normalStatement(statement, options));
}

export function normalStatement(statement: Statement, options: NormalOptions): string[] {
  const expression = (part: Expression): string => normalExpression(part, options);
  const block = (list: StatementList): string => `{${normalStatements(list, options).join(';')}}`;
  switch (statement.kind) {
    case 'EmptyStatement':
      return [];
    case 'Region':
      return normalStatements(statement.body, options);
    case 'Assignment': {
      const target = expression(statement.target);
      const value = expression(statement.value);
      return target === value && statement.operator === ':=' ? [] : [`${target}${statement.operator}${value}`];
    }
    case 'CallStatement':
      return [expression(statement.expression)];
    case 'If': {
      const { branches, otherwise } = flattenElse(statement.branches, statement.otherwise);
      const arms = branches.map((branch) => `IF ${expression(branch.condition)} ${block(branch.body)}`);
      return [
        `${arms.join(' EL')}${otherwise === null || otherwise.statements.length === 0 ? '' : ` ELSE ${block(otherwise)}`}`,
      ];
    }
    case 'Case': {
      const arms = statement.branches.map((branch) => {
        const labels = branch.labels.map(
          (label) => `${expression(label.lower)}${label.upper === null ? '' : `..${expression(label.upper)}`}`,
        );
        return `${labels.sort().join(',')}:${block(branch.body)}`;
      });
      return [
        `CASE ${expression(statement.selector)} ${arms.join(' ')}${statement.otherwise === null ? '' : ` ELSE ${block(statement.otherwise)}`}`,
      ];
    }
    case 'For':
      return [
        `FOR ${expression(statement.variable)}:=${expression(statement.from)} TO ${expression(statement.to)} BY ${statement.by === null ? '#1' : expression(statement.by)} ${block(statement.body)}`,
      ];
    case 'While':
      return [`WHILE ${expression(statement.condition)} ${block(statement.body)}`];
    case 'Repeat':
      return [`REPEAT ${block(statement.body)} UNTIL ${expression(statement.until)}`];
    case 'Return':
      return [`RETURN ${statement.value === null ? '' : expression(statement.value)}`];
    case 'Goto':
      return [`GOTO ${keyOf(statement.label.name)}`];
    case 'Label':
      return [`LABEL ${keyOf(statement.name.name)}`];
    case 'Mock':
      return [
        `MOCK ${expression(statement.target)} ${statement.returns === null ? '' : expression(statement.returns)}`,
      ];
    default:
      return [statement.kind];
  }
}

/** `ELSE IF … END_IF` alone is an ELSIF. */
function flattenElse(
  branches: readonly ConditionalBranch[],
  otherwise: StatementList | null,
): { branches: readonly ConditionalBranch[]; otherwise: StatementList | null } {
  const inner = otherwise?.statements.filter((statement) => statement.kind !== 'EmptyStatement') ?? [];
  const [only] = inner;
  if (inner.length !== 1 || only?.kind !== 'If') return { branches, otherwise };
  return flattenElse([...branches, ...only.branches], only.otherwise);
}

/** A body as one text; an SFC network with its steps, transitions and actions. */
export function normalBody(body: Body, options: NormalOptions): string {
  if (body.kind === 'StatementList') return normalStatements(body, options).join(';\n');
  const steps = body.steps.map(
    (step) =>
      `${step.isInitial ? 'INITIAL ' : ''}STEP ${keyOf(step.name.name)} ${step.associations.map((entry) => `${entry.qualifier ?? 'N'} ${keyOf(entry.action.name)} ${entry.time ? normalExpression(entry.time, options) : ''}`).join(',')}`,
  );
  const transitions = body.transitions.map(
    (entry) =>
      `${entry.from.map((step) => keyOf(step.name)).join(',')}->${entry.to.map((step) => keyOf(step.name)).join(',')} ${normalExpression(entry.condition, options)}`,
  );
  const actions = body.actions.map((action) => `ACTION ${keyOf(action.name.name)} ${normalBody(action.body, options)}`);
  return [...steps, ...transitions, ...actions].join('\n');
}
