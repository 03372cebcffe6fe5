/** Standard functions. What has no entry here stays an unknown function of its arguments. */

import type { Type } from '../language/semantics/types.js';
import { FALSE, not } from './circuit.js';
import type { Machine } from './machine.js';
import { converted, operate } from './operators.js';
import { type Choice, isChoice, type Value } from './terms.js';
import { domainOf, isBooleanType } from './value-types.js';

const OPERATORS: Readonly<Record<string, string>> = {
  ADD: '+',
  SUB: '-',
  MUL: '*',
  DIV: '/',
  MOD: 'MOD',
  AND: 'AND',
  OR: 'OR',
  XOR: 'XOR',
  ADD_TIME: '+',
  SUB_TIME: '-',
  ADD_LTIME: '+',
  SUB_LTIME: '-',
};
const COMPARISONS: Readonly<Record<string, string>> = { GT: '>', GE: '>=', EQ: '=', LE: '<=', LT: '<', NE: '<>' };

/**
 * The result of a library function, or null when it has no exact model.
 * @param values arguments in order of writing
 * @param named arguments by upper-case parameter name
 */
export function applyFunction(
  machine: Machine,
  name: string,
  values: readonly Value[],
  named: ReadonlyMap<string, Value>,
  argumentType: Type,
  resultType: Type,
): Value | null {
  const { terms } = machine;
  const operator = OPERATORS[name];
  const [first, second, third] = values;
  if (operator !== undefined && first !== undefined) {
    return values
      .slice(1)
      .reduce<Value>((left, right) => operate(machine, operator, left, right, resultType, resultType), first);
  }
  const comparison = COMPARISONS[name];
  if (comparison !== undefined && first !== undefined) {
    let result = not(FALSE);
    for (let index = 1; index < values.length; index++) {
      const pair = operate(
        machine,
        comparison,
        values[index - 1] ?? FALSE,
        values[index] ?? FALSE,
        argumentType,
        resultType,
      );
      result = terms.circuit.and(result, terms.asLiteral(pair));
    }
    return result;
  }
  switch (name) {
    case 'NOT':
      return first === undefined || isChoice(first) ? null : not(first);
    case 'MOVE':
      return first ?? null;
    case 'SEL': {
      const g = named.get('G');
      const in0 = named.get('IN0');
      const in1 = named.get('IN1');
      if (g === undefined || in0 === undefined || in1 === undefined) return null;
      return terms.ite(terms.asLiteral(g), sameKind(machine, in1, resultType), sameKind(machine, in0, resultType));
    }
    case 'MUX':
      return multiplex(machine, values, resultType);
    case 'MIN':
    case 'MAX':
      if (first === undefined || second === undefined) return null;
      return values.slice(1).reduce<Value>((best, each) => extreme(machine, name, best, each, resultType), first);
    case 'LIMIT': {
      const low = named.get('MN') ?? first;
      const value = named.get('IN') ?? second;
      const high = named.get('MX') ?? third;
      if (low === undefined || value === undefined || high === undefined) return null;
      return extreme(machine, 'MIN', extreme(machine, 'MAX', value, low, resultType), high, resultType);
    }
    default:
      return applyConversion(machine, name, first, resultType);
  }
}

function sameKind(machine: Machine, value: Value, type: Type): Value {
  return isBooleanType(type) ? machine.terms.asLiteral(value) : machine.terms.asChoice(value);
}

function extreme(machine: Machine, which: 'MIN' | 'MAX', left: Value, right: Value, type: Type): Value {
  const { terms } = machine;
  const a = sameKind(machine, left, type);
  const b = sameKind(machine, right, type);
  const isLess = terms.less(a, b, domainOf(type));
  return which === 'MIN' ? terms.ite(isLess, a, b) : terms.ite(isLess, b, a);
}

function multiplex(machine: Machine, values: readonly Value[], type: Type): Value | null {
  const { terms } = machine;
  const [selector, ...inputs] = values;
  const last = inputs.at(-1);
  if (selector === undefined || last === undefined) return null;
  let result = sameKind(machine, last, type);
  for (let index = inputs.length - 2; index >= 0; index--) {
    const hit = terms.equal(terms.asChoice(selector), terms.constantChoice(BigInt(index)), 'integer');
    result = terms.ite(hit, sameKind(machine, inputs[index] ?? last, type), result);
  }
  return result;
}

/** `INT_TO_REAL`, `TO_BOOL`, `BOOL_TO_INT` and the like; conversions to and from text stay unknown. */
function applyConversion(machine: Machine, name: string, value: Value | undefined, type: Type): Value | null {
  if (value === undefined || !/(^|_)TO_/.test(name)) return null;
  if (isBooleanType(type)) return machine.terms.asLiteral(value);
  if (type.kind !== 'elementary' || domainOf(type) === 'opaque') return null;
  const source: Choice = machine.terms.asChoice(value);
  if (name.includes('TIME') || name.includes('DATE') || name.includes('DT') || name.includes('TOD')) {
    return machine.terms.combine([source], ([term]) => machine.terms.single(machine.terms.apply(name, [term ?? 0])));
  }
  const rounds = name.includes('REAL_TO') && domainOf(type) === 'integer';
  if (!rounds) return converted(machine, source, type);
  return machine.terms.combine([source], ([term]) => machine.terms.single(machine.terms.apply(name, [term ?? 0])));
}
