/** Proves one ST expression over the tags of a project: it must hold after every scan. */

import type { Project } from '../language/semantics/model.js';
import type { Type } from '../language/semantics/types.js';
import { parseExpression } from '../language/syntax/parser.js';
import type { Expression } from '../language/syntax/tree.js';
import { resolveTag } from '../safety/program-tree.js';
import { type Literal, not } from './circuit.js';
import { constantValue, operate } from './operators.js';
import { type ProvedObligation, type ProveOptions, proveAfterEveryScan } from './prove.js';
import type { Scan } from './scan-model.js';
import type { Value } from './terms.js';
import { isBooleanType, isRealType } from './value-types.js';

export type PropertyProof =
  | { readonly kind: 'answered'; readonly proved: ProvedObligation }
  /** The text is no Boolean expression over tags of this project; `problem` says why. */
  | { readonly kind: 'not-an-expression'; readonly problem: string };

/** A compiled part of a property: its type, and its value after a scan. */
interface Compiled {
  readonly type: Type;
  readonly valueAfter: (scan: Scan) => Value;
}

class PropertyProblem extends Error {}

/**
 * Proves that an expression such as `Main.EStop_OK OR NOT Main.Motor` holds after every scan. Operands are tags, bare
 * names of a program's variables, literals and enumeration values; operators are those of ST. Calls are refused.
 */
export function proveProperty(project: Project, text: string, options: ProveOptions = {}): PropertyProof {
  const parsed = parseExpression(text, project.dialect);
  const error = parsed.errors[0];
  if (error !== undefined) return { kind: 'not-an-expression', problem: error.message };
  let property: Compiled;
  try {
    property = compile(project, parsed.expression);
  } catch (problem) {
    if (problem instanceof PropertyProblem) return { kind: 'not-an-expression', problem: problem.message };
    throw problem;
  }
  if (!isBooleanType(property.type))
    return {
      kind: 'not-an-expression',
      problem: `"${text}" is not Boolean: write a comparison, for example Main.Speed <= 100.`,
    };
  const holds = (scan: Scan): Literal => scan.machine.terms.asLiteral(property.valueAfter(scan));
  return { kind: 'answered', proved: proveAfterEveryScan(project, text, holds, options) };
}

const BOOL: Type = { kind: 'elementary', name: 'BOOL' };
const REAL: Type = { kind: 'elementary', name: 'LREAL' };

function compile(project: Project, expression: Expression): Compiled {
  switch (expression.kind) {
    case 'Parenthesized':
      return compile(project, expression.expression);
    case 'Literal': {
      const { value, literalKind } = expression;
      if (value === null) throw new PropertyProblem('NULL has no place in a property.');
      const type: Type =
        literalKind === 'bool'
          ? BOOL
          : { kind: 'literal', class: literalKind === 'real' ? 'real' : 'integer', value: null };
      return { type, valueAfter: ({ machine }) => constantValue(machine.terms, value, type) };
    }
    case 'Unary': {
      const operand = compile(project, expression.operand);
      if (expression.operator === 'NOT') {
        if (!isBooleanType(operand.type)) throw new PropertyProblem('NOT takes a Boolean operand here.');
        return { type: BOOL, valueAfter: (scan) => not(scan.machine.terms.asLiteral(operand.valueAfter(scan))) };
      }
      const zero: Type = { kind: 'literal', class: 'integer', value: 0n };
      const sign = expression.operator;
      return {
        type: operand.type,
        valueAfter: (scan) =>
          operate(
            scan.machine,
            sign,
            constantValue(scan.machine.terms, 0n, zero),
            operand.valueAfter(scan),
            operand.type,
            operand.type,
          ),
      };
    }
    case 'Binary':
      return compileBinary(expression.operator, compile(project, expression.left), compile(project, expression.right));
    case 'Name':
    case 'Member':
    case 'Index':
      return compileTag(project, tagText(expression));
    default:
      throw new PropertyProblem('a property consists of tags, literals and operators; calls are not evaluated.');
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>=']);
const LOGIC: Readonly<Record<string, string>> = { AND: 'AND', AND_THEN: 'AND', OR: 'OR', OR_ELSE: 'OR', XOR: 'XOR' };

function compileBinary(written: string, left: Compiled, right: Compiled): Compiled {
  const operator = LOGIC[written] ?? written;
  const isLogic = LOGIC[written] !== undefined;
  if (isBooleanType(left.type) !== isBooleanType(right.type))
    throw new PropertyProblem(`the operands of ${written} are of different kinds.`);
  const common =
    isRealType(left.type) || isRealType(right.type) ? REAL : left.type.kind === 'literal' ? right.type : left.type;
  const type = COMPARISONS.has(operator) ? BOOL : isLogic && isBooleanType(left.type) ? BOOL : common;
  return {
    type,
    valueAfter: (scan) => operate(scan.machine, operator, left.valueAfter(scan), right.valueAfter(scan), common, type),
  };
}

function tagText(expression: Expression): string {
  if (expression.kind === 'Name') return expression.name.name;
  if (expression.kind === 'Member') return `${tagText(expression.object)}.${expression.member.name}`;
  if (expression.kind === 'Index') {
    const indices = expression.indices.map((index) => {
      if (index.kind === 'Literal' && typeof index.value === 'bigint') return String(index.value);
      throw new PropertyProblem('an index in a property is a number, for example Main.valves[3].');
    });
    return `${tagText(expression.object)}[${indices.join()}]`;
  }
  throw new PropertyProblem('a tag is Program.variable, Program.instance.member or List.variable.');
}

function compileTag(project: Project, tag: string): Compiled {
  const enumValue = project.lookup(tag);
  if (enumValue?.kind === 'enum-value') {
    return {
      type: enumValue.type,
      valueAfter: ({ machine }) => constantValue(machine.terms, enumValue.value, enumValue.type),
    };
  }
  const programs = project.schedule.flatMap((task) => task.programs.map((program) => program.instanceName));
  const node = [tag, ...programs.map((program) => `${program}.${tag}`)].flatMap((each) => resolveTag(project, each))[0];
  if (node !== undefined)
    return { type: node.type, valueAfter: (scan) => scan.after(scan.model.memory.canonicalPath(node.location)) };
  throw new PropertyProblem(
    `the code has no ${tag}. A tag is Program.variable, Program.instance.member or List.variable.`,
  );
}
