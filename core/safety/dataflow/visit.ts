/** Walks over statements and expressions in order of writing. */

import type { Body, Expression, SourceFile, Statement, StatementList } from '../../language/syntax/tree.js';

/** The direct parts of an expression, in order of writing. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'Member':
    case 'Dereference':
    case 'Partial':
      return [expression.object];
    case 'Index':
      return [expression.object, ...expression.indices];
    case 'Call':
      return [expression.callee, ...expression.arguments.flatMap((argument) => argument.value ?? [])];
    case 'Unary':
      return [expression.operand];
    case 'Binary':
      return [expression.left, expression.right];
    case 'Parenthesized':
      return [expression.expression];
    case 'AssignmentExpression':
      return [expression.target, expression.value];
    case 'ArrayInitializer':
      return expression.elements.flatMap((element) => [
        ...(element.repetition ? [element.repetition] : []),
        ...element.values,
      ]);
    case 'StructInitializer':
      return expression.members.flatMap((member) => member.value ?? []);
    default:
      return [];
  }
}

/** Visits an expression and everything in it, outer before inner. */
export function forEachExpression(expression: Expression, visit: (part: Expression) => void): void {
  visit(expression);
  for (const part of partsOf(expression)) forEachExpression(part, visit);
}

/** The expressions that a statement itself contains, without those of the statements nested in it. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'Assignment':
      return [statement.target, statement.value];
    case 'CallStatement':
      return [statement.expression];
    case 'If':
      return statement.branches.map((branch) => branch.condition);
    case 'Case':
      return [
        statement.selector,
        ...statement.branches.flatMap((branch) =>
          branch.labels.flatMap((label) => (label.upper === null ? [label.lower] : [label.lower, label.upper])),
        ),
      ];
    case 'For':
      return [statement.variable, statement.from, statement.to, ...(statement.by ? [statement.by] : [])];
    case 'While':
      return [statement.condition];
    case 'Repeat':
      return [statement.until];
    case 'Return':
      return statement.value ? [statement.value] : [];
    case 'Mock':
      return statement.returns ? [statement.target, statement.returns] : [statement.target];
    default:
      return [];
  }
}

/** The statement lists nested directly in a statement. */
function listsOf(statement: Statement): readonly StatementList[] {
  switch (statement.kind) {
    case 'If':
    case 'Case':
      return [
        ...statement.branches.map((branch) => branch.body),
        ...(statement.otherwise === null ? [] : [statement.otherwise]),
      ];
    case 'For':
    case 'While':
    case 'Repeat':
    case 'Region':
      return [statement.body];
    default:
      return [];
  }
}

/** Visits every statement of a list and of the lists nested in it. */
export function forEachStatement(list: StatementList, visit: (statement: Statement) => void): void {
  for (const statement of list.statements) {
    visit(statement);
    for (const nested of listsOf(statement)) forEachStatement(nested, visit);
  }
}

/** Visits every expression of a statement list. */
export function forEachExpressionIn(list: StatementList, visit: (expression: Expression) => void): void {
  forEachStatement(list, (statement) => {
    for (const expression of expressionsOf(statement)) forEachExpression(expression, visit);
  });
}

/** The statement lists of a body: its statements, or those of the actions of an SFC network. */
export function statementListsOf(body: Body): readonly StatementList[] {
  return body.kind === 'StatementList' ? [body] : body.actions.flatMap((action) => statementListsOf(action.body));
}

/** A named piece of code: the body of a POU, method, accessor, action or test. */
export interface CodeUnit {
  readonly file: SourceFile;
  /** `Guard`, `Guard.Check`, `Guard.Ready.get`, `Guard.Reset`. */
  readonly name: string;
  readonly body: Body;
}

/** All bodies of a file, with those in namespaces. */
export function codeUnitsOf(file: SourceFile): CodeUnit[] {
  const units: CodeUnit[] = [];
  const addAll = (declarations: SourceFile['declarations'], prefix: string): void => {
    for (const declaration of declarations) {
      if (declaration.kind === 'Namespace') {
        addAll(declaration.declarations, `${prefix}${declaration.name.parts.map((part) => part.name).join('.')}.`);
        continue;
      }
      if (declaration.kind === 'DataBlock') {
        units.push({ file, name: `${prefix}${declaration.name.name}`, body: declaration.startValues });
        continue;
      }
      if (declaration.kind === 'TestCase')
        units.push({ file, name: `TEST ${declaration.name}`, body: declaration.body });
      if (declaration.kind === 'TestFixture') units.push({ file, name: declaration.phase, body: declaration.body });
      if (declaration.kind !== 'Pou') continue;
      const name = `${prefix}${declaration.name.name}`;
      units.push({ file, name, body: declaration.body });
      for (const method of declaration.methods)
        units.push({ file, name: `${name}.${method.name.name}`, body: method.body });
      for (const action of declaration.actions)
        units.push({ file, name: `${name}.${action.name.name}`, body: action.body });
      for (const property of declaration.properties) {
        if (property.get) units.push({ file, name: `${name}.${property.name.name}.get`, body: property.get.body });
        if (property.set) units.push({ file, name: `${name}.${property.name.name}.set`, body: property.set.body });
      }
    }
  };
  addAll(file.declarations, '');
  return units;
}
