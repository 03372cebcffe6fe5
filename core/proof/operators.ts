/** Operators on values, shared by expressions and standard functions. */

import type { Type } from '../language/semantics/types.js';
import { arithmetic, convert } from './arithmetic.js';
import { FALSE, not, TRUE } from './circuit.js';
import type { Machine } from './machine.js';
import { isChoice, type TermConstant, type TermStore, type Value } from './terms.js';
import { domainOf, isBooleanType, isRealType } from './value-types.js';

export function constantValue(terms: TermStore, constant: boolean | TermConstant, type: Type): Value {
  if (typeof constant === 'boolean') return constant ? TRUE : FALSE;
  if (isBooleanType(type) && typeof constant === 'bigint') return constant === 0n ? FALSE : TRUE;
  return terms.constantChoice(isRealType(type) && typeof constant === 'bigint' ? Number(constant) : constant);
}

/** A value as its target type takes it. */
export function converted(machine: Machine, value: Value, type: Type): Value {
  const { terms } = machine;
  if (isBooleanType(type)) return terms.asLiteral(value);
  if (type.kind === 'unknown' || type.kind === 'literal') return value;
  return terms.combine([terms.asChoice(value)], ([term]) => terms.single(convert(terms, term ?? 0, type)));
}

/** `left operator right` of values: also used for functions such as ADD and GT. */
export function operate(
  machine: Machine,
  operator: string,
  left: Value,
  right: Value,
  operandType: Type,
  resultType: Type,
): Value {
  const { terms } = machine;
  const { circuit } = terms;
  if (operator === 'AND' || operator === 'OR' || operator === 'XOR') {
    if (!isChoice(left) || !isChoice(right) || isBooleanType(operandType)) {
      const a = terms.asLiteral(left);
      const b = terms.asLiteral(right);
      return operator === 'AND' ? circuit.and(a, b) : operator === 'OR' ? circuit.or(a, b) : circuit.xor(a, b);
    }
    return terms.combine([left, right], ([a, b]) =>
      terms.single(arithmetic(terms, operator, a ?? 0, b ?? 0, resultType)),
    );
  }
  const domain = !isChoice(left) && !isChoice(right) ? 'integer' : domainOf(operandType);
  const inOperandType = (value: Value): Value =>
    isChoice(value) && isRealType(operandType) ? converted(machine, value, operandType) : value;
  const a = inOperandType(left);
  const b = inOperandType(right);
  switch (operator) {
    case '=':
      return terms.equal(a, b, domain);
    case '<>':
      return not(terms.equal(a, b, domain));
    case '<':
      return terms.less(a, b, domain);
    case '>':
      return terms.less(b, a, domain);
    case '<=':
      return terms.lessOrEqual(a, b, domain);
    case '>=':
      return terms.lessOrEqual(b, a, domain);
    default:
      if (domain === 'real') machine.assumptions.add('REAL values are numbers (no NaN)');
      return terms.combine([terms.asChoice(a), terms.asChoice(b)], ([x, y]) =>
        terms.single(arithmetic(terms, operator, x ?? 0, y ?? 0, resultType)),
      );
  }
}
