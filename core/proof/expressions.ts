/** The value of an expression in the symbolic scan. */

import { keyOf } from '../language/semantics/symbols.js';
import type { Binary, Call, Expression, Unary } from '../language/syntax/tree.js';
import { FALSE, type Literal, not } from './circuit.js';
import { applyFunction } from './library-functions.js';
import type { Frame, Machine } from './machine.js';
import { freshName, readPlace, readReference, unknownValue } from './memory-access.js';
import { constantValue, operate } from './operators.js';
import { referWithoutFollowing, sourceOf, unresolved } from './places.js';
import { type Choice, isChoice, type Value } from './terms.js';
import { isBooleanType, typeKey } from './value-types.js';

export function evaluate(machine: Machine, expression: Expression, frame: Frame): Value {
  machine.spend();
  const { terms, model } = machine;
  const constant = model.constantOf(expression);
  if (constant !== null) return constantValue(terms, constant, model.typeOf(expression));
  switch (expression.kind) {
    case 'Literal':
      return expression.value === null
        ? terms.constantChoice('null')
        : constantValue(terms, expression.value, model.typeOf(expression));
    case 'Parenthesized':
      return machine.evaluate(expression.expression, frame);
    case 'Unary':
      return evaluateUnary(machine, expression, frame);
    case 'Binary':
      return evaluateBinary(machine, expression, frame);
    case 'Call':
      return evaluateCall(machine, expression, frame);
    case 'AssignmentExpression': {
      machine.execute(
        {
          kind: 'StatementList',
          start: expression.start,
          end: expression.end,
          statements: [{ ...expression, kind: 'Assignment' }],
        },
        frame,
      );
      return machine.evaluate(expression.target, frame);
    }
    case 'Name':
    case 'Member': {
      const symbol = model.symbolOf(expression);
      if (symbol?.kind === 'enum-value') return terms.constantChoice(symbol.value);
      return readReference(machine, machine.refer(expression, frame));
    }
    case 'ArrayInitializer':
    case 'StructInitializer':
    case 'ErrorExpression':
      return readReference(machine, unresolved(model.typeOf(expression), sourceOf(expression, frame)));
    default:
      return readReference(machine, machine.refer(expression, frame));
  }
}

function evaluateUnary(machine: Machine, expression: Unary, frame: Frame): Value {
  const { terms } = machine;
  const operand = machine.evaluate(expression.operand, frame);
  const type = machine.model.typeOf(expression);
  if (expression.operator === '+') return operand;
  if (expression.operator === '-') {
    return terms.combine([terms.asChoice(operand)], ([term]) => {
      const constant = terms.constantOf(term ?? 0);
      if (typeof constant === 'bigint' || typeof constant === 'number') return terms.constantChoice(-constant);
      return terms.single(terms.apply(`negate:${typeKey(type)}`, [term ?? 0]));
    });
  }
  if (!isChoice(operand) || isBooleanType(type)) return not(terms.asLiteral(operand));
  return terms.combine([operand], ([term]) => terms.single(terms.apply(`NOT:${typeKey(type)}`, [term ?? 0])));
}

function evaluateBinary(machine: Machine, expression: Binary, frame: Frame): Value {
  const { operator } = expression;
  if (operator === 'AND_THEN' || operator === 'OR_ELSE') return evaluateShortCircuit(machine, expression, frame);
  const left = machine.evaluate(expression.left, frame);
  const right = machine.evaluate(expression.right, frame);
  return operate(
    machine,
    operator,
    left,
    right,
    machine.model.operandTypeOf(expression),
    machine.model.typeOf(expression),
  );
}

/** AND_THEN and OR_ELSE: what the right operand does happens only when it is evaluated. */
function evaluateShortCircuit(machine: Machine, expression: Binary, frame: Frame): Literal {
  const { terms, environment } = machine;
  const left = terms.asLiteral(machine.evaluate(expression.left, frame));
  const guard = expression.operator === 'AND_THEN' ? left : not(left);
  let right: Literal = FALSE;
  const layer = environment.branch(() => {
    right = terms.asLiteral(machine.evaluate(expression.right, frame));
  });
  environment.merge(terms, [{ guard, layer }]);
  return expression.operator === 'AND_THEN' ? terms.circuit.and(left, right) : terms.circuit.or(left, right);
}

function evaluateCall(machine: Machine, call: Call, frame: Frame): Value {
  const { model, terms } = machine;
  const resolved = model.callOf(call);
  const type = model.typeOf(call);
  const target = resolved?.target ?? null;
  if (resolved !== null && target?.kind === 'pou' && target.pouKind === 'function' && target.isLibrary) {
    const name = keyOf(target.name);
    const written = call.arguments[0]?.value ?? null;
    if ((name === 'ADR' || name === 'REF') && written !== null) return addressOf(machine, written, frame);
    const named = new Map<string, Value>();
    const values: Value[] = [];
    for (const { argument, parameterName, direction } of resolved.bindings) {
      if (direction === 'out' || argument.value === null) continue;
      const value = machine.evaluate(argument.value, frame);
      const given = argument.isNegated ? not(terms.asLiteral(value)) : value;
      named.set(keyOf(parameterName), given);
      values.push(given);
    }
    const first = written === null ? type : model.typeOf(written);
    const result = applyFunction(machine, name, values, named, first, type);
    if (result !== null) return result;
    return unknownValue(machine, `function:${name}`, type, values);
  }
  const place = machine.invoke(call, frame);
  if (place !== null) return readPlace(machine, place);
  return unknownValue(machine, freshName(machine, `call:${sourceOf(call.callee, frame)}`), type, []);
}

/** `ADR(x)`, `REF(x)` and what `REF=` takes. */
export function addressOf(machine: Machine, expression: Expression, frame: Frame): Choice {
  const { terms } = machine;
  const reference =
    expression.kind === 'Name' || expression.kind === 'Member'
      ? referWithoutFollowing(machine, expression, frame)
      : machine.refer(expression, frame);
  const isReferenceVariable = reference.alternatives.some(
    ({ place }) => place.type.kind === 'pointer' && place.type.pointerKind === 'reference',
  );
  if (isReferenceVariable) return terms.asChoice(readReference(machine, reference));
  let value: Value | null = null;
  if (reference.unknown !== FALSE) value = terms.single(terms.symbol(freshName(machine, `address:${reference.label}`)));
  for (const { guard, place } of reference.alternatives) {
    const address =
      place.part === null
        ? terms.single(terms.address(place.path))
        : terms.single(terms.symbol(freshName(machine, `address:${place.path}`)));
    if (place.part === null) machine.cells.set(place.path, machine.cells.get(place.path) ?? place);
    value = value === null ? address : terms.ite(guard, address, value);
  }
  return value === null ? terms.constantChoice('null') : terms.asChoice(value);
}
