/** Calls: functions, methods, actions, programs and bodies of function blocks. */

import type { ArgumentBinding, ResolvedCall } from '../../language/semantics/model.js';
import { keyOf, type MethodSymbol, type PouSymbol, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { Call, Expression } from '../../language/syntax/tree.js';
import type { Effect, Value } from '../compile/ir.js';
import { isQuiet } from '../compile/ir.js';
import { actionName, BODY, fieldName, methodName } from '../compile/mangle.js';
import { BOOL, isAggregate, type Shape, VOID } from '../compile/shape.js';
import {
  type OutputRegister,
  type RoutineScope,
  siteOf,
  sourceText,
  temporary,
  unknownEffect,
  unknownValue,
} from './context.js';
import { lowerAs, lowerValue, referenceTo } from './expressions.js';
import { defaultOf } from './initial-values.js';
import { lowerLogixCall } from './logix-calls.js';
import { lowerObject, memberPlace, selfValue } from './places.js';
import { lowerStandardFunction } from './standard-functions.js';
import { storeInto, storeValue } from './stores.js';
import { FALSE, load, TRUE } from './values.js';

/** What a call does before and after it runs, and the value it gives. */
interface LoweredCall {
  readonly before: readonly Effect[];
  readonly value: Value;
  readonly after: readonly Effect[];
}

/** A call inside an expression. */
export function lowerCall(scope: RoutineScope, call: Call, shape: Shape): Value {
  const resolved = scope.project.model.callOf(call);
  if (resolved === null || resolved.target === null) {
    return unknownValue(scope, call, shape, sourceText(scope, call.callee), 'the call is not resolved');
  }
  const standard = lowerStandardFunction(scope, call, resolved, shape);
  const lowered =
    standard === null ? lowerResolved(scope, call, resolved, shape) : { before: [], value: standard, after: [] };
  if (resolved.bindings.some(isEnable)) return enabledCall(scope, call, resolved, lowered);
  if (standard !== null) return standard;
  if (lowered.before.length === 0 && lowered.after.length === 0) return lowered.value;
  if (lowered.value.shape.kind === 'void')
    return {
      op: 'after',
      shape: VOID,
      effects: [...lowered.before, { do: 'evaluate', value: lowered.value }, ...lowered.after],
      value: FALSE,
    };
  const kept = temporary(scope, lowered.value.shape);
  const place = { place: 'local' as const, local: kept, shape: kept.shape };
  return {
    op: 'after',
    shape: lowered.value.shape,
    effects: [...lowered.before, { do: 'store', to: place, value: lowered.value }, ...lowered.after],
    value: load(place),
  };
}

/** A call with EN or ENO inside an expression: with EN FALSE it does not run, and its value is the initial one. */
function enabledCall(scope: RoutineScope, call: Call, resolved: ResolvedCall, lowered: LoweredCall): Value {
  const { value } = lowered;
  const enable = enableOf(resolved);
  const condition = temporary(scope, BOOL);
  const isEnabled = { place: 'local' as const, local: condition, shape: BOOL };
  const kept = temporary(scope, value.shape);
  const place = { place: 'local' as const, local: kept, shape: kept.shape };
  const run: Effect[] = [...lowered.before, { do: 'store', to: place, value }, ...lowered.after];
  return {
    op: 'after',
    shape: value.shape,
    effects: [
      { do: 'store', to: isEnabled, value: enable === null ? TRUE : lowerAs(scope, enable, BOOL) },
      { do: 'store', to: place, value: { op: 'initial', shape: value.shape } },
      { do: 'if', branches: [{ condition: load(isEnabled), body: run }], otherwise: [] },
      ...enableOutput(scope, resolved, call, load(isEnabled)),
    ],
    value: load(place),
  };
}

/** What EN of a call is given; null when it is not written. */
function enableOf(resolved: ResolvedCall): Expression | null {
  const binding = resolved.bindings.find((each) => isEnable(each) && keyOf(each.parameterName) === 'EN');
  return binding?.argument.value ?? null;
}

/** A call that stands as a statement. */
export function lowerCallStatement(scope: RoutineScope, call: Call): Effect[] {
  const resolved = scope.project.model.callOf(call);
  if (resolved === null || resolved.target === null) {
    return [unknownEffect(scope, call, sourceText(scope, call.callee), 'the call is not resolved')];
  }
  const instruction = lowerLogixCall(scope, call, resolved);
  if (instruction !== null) return instruction;
  const shape = scope.builder.shapeOf(resolved.returnType);
  const standard = lowerStandardFunction(scope, call, resolved, shape);
  if (standard !== null && resolved.bindings.some(isEnable))
    return [{ do: 'evaluate', value: enabledCall(scope, call, resolved, { before: [], value: standard, after: [] }) }];
  if (standard !== null) return [{ do: 'evaluate', value: standard }];
  const target = resolved.target;
  const enable = enableOf(resolved);
  const lowered =
    target.kind === 'pou' && target.pouKind !== 'function'
      ? lowerBodyCall(scope, call, resolved, target)
      : flat(lowerResolved(scope, call, resolved, shape));
  if (enable === null) return [...lowered, ...enableOutput(scope, resolved, call, null)];
  const condition = temporary(scope, BOOL);
  const place = { place: 'local' as const, local: condition, shape: BOOL };
  return [
    { do: 'store', to: place, value: lowerAs(scope, enable, BOOL) },
    { do: 'if', branches: [{ condition: load(place), body: lowered }], otherwise: [] },
    ...enableOutput(scope, resolved, call, load(place)),
  ];
}

function flat(lowered: LoweredCall): Effect[] {
  return [...lowered.before, { do: 'evaluate', value: lowered.value }, ...lowered.after];
}

/** ENO follows EN: no block of the library and no ST body sets it to FALSE by itself. */
function enableOutput(scope: RoutineScope, resolved: ResolvedCall, call: Call, enable: Value | null): Effect[] {
  const output = resolved.bindings.find((each) => isEnable(each) && keyOf(each.parameterName) === 'ENO');
  if (output?.argument.value === null || output === undefined) return [];
  return storeInto(scope, output.argument.value, enable ?? { op: 'constant', shape: BOOL, value: true }, call);
}

/** EN and ENO of the call itself; a block that declares a pin of that name (RTC) has an input like any other. */
function isEnable(binding: ArgumentBinding): boolean {
  if (binding.parameter !== null) return false;
  const key = keyOf(binding.parameterName);
  return key === 'EN' || key === 'ENO';
}

function lowerResolved(scope: RoutineScope, call: Call, resolved: ResolvedCall, shape: Shape): LoweredCall {
  const target = resolved.target;
  if (target === null) return { before: [], value: unknownValue(scope, call, shape, '', ''), after: [] };
  if (target.kind === 'action') {
    const object = instanceOf(scope, resolved, call);
    return {
      before: [],
      value: {
        op: 'invoke',
        shape: VOID,
        object,
        method: actionName(target.name),
        arguments: [],
        site: siteOf(scope, call),
      },
      after: [],
    };
  }
  if (target.kind === 'method') return lowerMethodCall(scope, call, resolved, target, shape);
  if (target.pouKind !== 'function') {
    return { before: lowerBodyCall(scope, call, resolved, target), value: FALSE, after: [] };
  }
  if (target.isLibrary) {
    return {
      before: [],
      value: unknownValue(
        scope,
        call,
        shape,
        target.name,
        `the simulator has no model of the library function ${target.name}`,
      ),
      after: [],
    };
  }
  const form = scope.builder.functionOf(target, scope.project);
  const passed = lowerArguments(scope, resolved, [...target.variables.values()], form.outputs);
  return { before: [], value: { op: 'call', shape, name: form.name, arguments: passed.values }, after: passed.outputs };
}

function instanceOf(scope: RoutineScope, resolved: ResolvedCall, call: Call): Value | 'super' {
  if (
    isSuper(resolved.instance) ||
    isSuper(call.callee) ||
    (call.callee.kind === 'Member' && isSuper(call.callee.object))
  )
    return 'super';
  if (resolved.instance === null) return selfValue(scope);
  return (
    lowerObject(scope, resolved.instance) ??
    unknownValue(scope, call, { kind: 'unknown' }, sourceText(scope, resolved.instance), 'the instance is not resolved')
  );
}

function isSuper(expression: Expression | null): boolean {
  if (expression === null) return false;
  if (expression.kind === 'Dereference') return isSuper(expression.object);
  return expression.kind === 'Self' && expression.which === 'SUPER';
}

function lowerMethodCall(
  scope: RoutineScope,
  call: Call,
  resolved: ResolvedCall,
  method: MethodSymbol,
  shape: Shape,
): LoweredCall {
  if (method.owner.kind === 'pou' && scope.builder.isOpaque(method.owner)) {
    return {
      before: [],
      value: unknownValue(scope, call, shape, method.qualifiedName, 'the simulator has no model of the block'),
      after: [],
    };
  }
  const object = instanceOf(scope, resolved, call);
  const passed = lowerArguments(scope, resolved, [...method.variables.values()], scope.builder.outputsOf(method));
  return {
    before: [],
    value: {
      op: 'invoke',
      shape,
      object,
      method: methodName(method.name),
      arguments: passed.values,
      site: siteOf(scope, call),
    },
    after: passed.outputs,
  };
}

/** Arguments in the order of the parameters: inputs by value, in-outs by reference; outputs are stored afterwards. */
function lowerArguments(
  scope: RoutineScope,
  resolved: ResolvedCall,
  variables: readonly VariableSymbol[],
  registers: readonly OutputRegister[],
): { values: Value[]; outputs: Effect[] } {
  const values: Value[] = [];
  for (const variable of variables) {
    if (variable.scope !== 'input' && variable.scope !== 'in-out') continue;
    const binding = resolved.bindings.find((each) => keyOf(each.parameterName) === keyOf(variable.name));
    values.push(lowerArgument(scope, variable, binding ?? null));
  }
  const outputs: Effect[] = [];
  for (const binding of resolved.bindings) {
    if (binding.direction !== 'out' || isEnable(binding) || binding.argument.value === null) continue;
    const register = registers.find((each) => keyOf(each.variable.name) === keyOf(binding.parameterName));
    if (register === undefined) {
      outputs.push(unknownEffect(scope, binding.argument, binding.parameterName, 'the output is not resolved'));
      continue;
    }
    outputs.push(...storeInto(scope, binding.argument.value, negated(binding, register.root), binding.argument));
  }
  return { values, outputs };
}

function lowerArgument(scope: RoutineScope, variable: VariableSymbol, binding: ArgumentBinding | null): Value {
  const shape = scope.builder.shapeOf(variable.type);
  if (binding === null || binding.argument.value === null) return defaultOf(scope, variable);
  if (variable.scope === 'in-out') {
    return (
      referenceTo(scope, binding.argument.value) ??
      unknownValue(
        scope,
        binding.argument,
        shape,
        sourceText(scope, binding.argument),
        'an in-out parameter needs a variable',
      )
    );
  }
  const value = negated(binding, lowerAs(scope, binding.argument.value, shape));
  return isAggregate(shape) && value.op === 'load' ? { op: 'copy-of', shape, operand: value } : value;
}

function negated(binding: ArgumentBinding, value: Value): Value {
  return binding.argument.isNegated ? { op: 'not', shape: value.shape, operand: value } : value;
}

/** A call of the body of an instance or a program: set inputs, run, fetch outputs. */
function lowerBodyCall(scope: RoutineScope, call: Call, resolved: ResolvedCall, target: PouSymbol): Effect[] {
  const site = siteOf(scope, call);
  const effects: Effect[] = [];
  const found = bodyObject(scope, call, resolved, target);
  if (found === null)
    return [unknownEffect(scope, call, sourceText(scope, call.callee), 'the instance is not resolved')];
  let object: Value = found === 'super' ? selfValue(scope) : found;
  if (!isQuiet(object)) {
    const kept = temporary(scope, object.shape);
    const place = { place: 'local' as const, local: kept, shape: kept.shape };
    effects.push({ do: 'store', to: place, value: object });
    object = load(place);
  }
  for (const binding of resolved.bindings) effects.push(...lowerInput(scope, object, binding));
  if (scope.builder.isOpaque(target)) {
    const reason = target.isLibrary
      ? `the simulator has no model of the library block ${target.name}`
      : `the body of ${target.name} can not be executed`;
    return [...effects, unknownEffect(scope, call, target.name, reason, outputsOfStub(scope, target))];
  }
  effects.push({
    do: 'evaluate',
    value: {
      op: 'invoke',
      shape: VOID,
      object: found === 'super' ? 'super' : object,
      method: BODY,
      arguments: [],
      site,
    },
  });
  for (const binding of resolved.bindings) {
    if (binding.direction !== 'out' || isEnable(binding) || binding.argument.value === null) continue;
    if (binding.parameter === null) {
      effects.push(unknownEffect(scope, binding.argument, binding.parameterName, 'the output is not resolved'));
      continue;
    }
    const value = load(memberPlace(scope, object, binding.parameter));
    effects.push(...storeInto(scope, binding.argument.value, negated(binding, value), binding.argument));
  }
  return effects;
}

/** What a block without a model may write: its outputs, unless something is handed to it by reference. */
function outputsOfStub(scope: RoutineScope, target: PouSymbol): readonly string[] | null {
  const pins = [...target.variables.values()];
  const isOpen = pins.some((pin) => {
    const { kind } = scope.builder.shapeOf(pin.type);
    return pin.scope === 'in-out' || !SCALARS.has(kind);
  });
  if (!target.isLibrary || isOpen) return null;
  return pins.filter((pin) => pin.scope !== 'input').map((pin) => fieldName(pin.name));
}

const SCALARS: ReadonlySet<Shape['kind']> = new Set([
  'bool',
  'integer',
  'real',
  'lreal',
  'time',
  'ltime',
  'string',
] as const);

function bodyObject(
  scope: RoutineScope,
  call: Call,
  resolved: ResolvedCall,
  target: PouSymbol,
): Value | 'super' | null {
  if (isSuper(call.callee) || isSuper(resolved.instance)) return 'super';
  const { callee } = call;
  const symbol = callee.kind === 'Name' || callee.kind === 'Member' ? scope.project.model.symbolOf(callee) : null;
  if (symbol?.kind === 'program-instance') return scope.builder.programInstance(symbol.name);
  // A program named by its type is the one that runs; a variable of its type (in tests) is an instance like any other.
  if (symbol?.kind === 'pou' && (target.pouKind === 'program' || target.pouKind === 'organization-block')) {
    return scope.builder.programOf(target);
  }
  return lowerObject(scope, resolved.instance ?? call.callee);
}

function lowerInput(scope: RoutineScope, object: Value, binding: ArgumentBinding): Effect[] {
  if (binding.direction === 'out' || isEnable(binding) || binding.argument.value === null) return [];
  const { parameter } = binding;
  if (parameter === null)
    return [unknownEffect(scope, binding.argument, binding.parameterName, 'the parameter is not resolved')];
  const shape = scope.builder.shapeOf(parameter.type);
  const name = fieldName(parameter.name);
  if (parameter.scope === 'in-out') {
    const reference = referenceTo(scope, binding.argument.value);
    if (reference === null)
      return [unknownEffect(scope, binding.argument, binding.parameterName, 'an in-out parameter needs a variable')];
    return [{ do: 'store', to: { place: 'field', object, name, shape: reference.shape }, value: reference }];
  }
  const value = negated(binding, lowerAs(scope, binding.argument.value, shape));
  return storeValue({ place: 'field', object, name, shape }, value);
}

/** Runs a value for its effects. */
export function evaluated(scope: RoutineScope, expression: Expression): Effect[] {
  return [{ do: 'evaluate', value: lowerValue(scope, expression) }];
}
