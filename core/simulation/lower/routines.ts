/** POUs, methods, properties and actions as classes and routines. */

import type { Project } from '../../language/semantics/model.js';
import {
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
  type VariableSymbol,
} from '../../language/semantics/symbols.js';
import type { Body, PropertyAccessor, SourceFile, StatementList, VariableSection } from '../../language/syntax/tree.js';
import type { Effect, Local, Place, Routine, Value } from '../compile/ir.js';
import {
  BODY,
  edgeMemoryName,
  edgeName,
  fieldName,
  getterName,
  localName,
  methodName,
  registerName,
  setterName,
} from '../compile/mangle.js';
import { BOOL, type Shape } from '../compile/shape.js';
import { type ProgramBuilder, type RoutineScope, unknownEffect } from './context.js';
import { defaultOf } from './initial-values.js';
import { EXPRESSION_LOWERING } from './lowering.js';
import { selfValue } from './places.js';
import { lowerSfc } from './sfc.js';
import { lowerStatements } from './statements.js';
import { load } from './values.js';

export interface ScopeInput {
  readonly builder: ProgramBuilder;
  readonly project: Project;
  readonly file: SourceFile;
  readonly self: PouSymbol | null;
  readonly callable: RoutineScope['callable'];
  readonly result: Local | null;
  readonly isTest: boolean;
}

export function createScope(input: ScopeInput): RoutineScope {
  return {
    lower: EXPRESSION_LOWERING,
    ...input,
    locals: new Map(),
    loops: [],
    counters: new Map(),
    jumps: new Map(),
    conditions: new Map(),
    temporaries: [],
    nextTemporary: 1,
  };
}

function lowerBody(scope: RoutineScope, body: Body): Effect[] {
  if (body.kind === 'SfcBody')
    return [unknownEffect(scope, body, 'SFC', 'the chart of an action is not executed by the simulator')];
  return lowerStatements(scope, body);
}

function routine(
  scope: RoutineScope,
  parts: Pick<Routine, 'name' | 'parameters' | 'locals' | 'outputs' | 'body' | 'mock'>,
): Routine {
  return { ...parts, locals: [...parts.locals, ...scope.temporaries], result: scope.result };
}

export function plainRoutine(input: ScopeInput, name: string, body: Body): Routine {
  const scope = createScope(input);
  const effects = lowerBody(scope, body);
  return routine(scope, { name, parameters: [], locals: [], outputs: [], body: effects, mock: null });
}

/** The body: VAR_TEMP start anew at each call, inputs with R_EDGE and F_EDGE see edges only. */
export function bodyRoutine(input: ScopeInput, pou: PouSymbol, body: Body): Routine {
  const scope = createScope(input);
  const before: Effect[] = [];
  const self = selfValue(scope);
  const field = (name: string, shape: Shape): Place => ({ place: 'field', object: self, name, shape });
  for (const variable of pou.variables.values()) {
    const shape = scope.builder.shapeOf(variable.type);
    if (variable.sectionKind === 'VAR_TEMP' && variable.location === null) {
      const place = field(fieldName(variable.name), shape);
      const value = defaultOf(scope, variable);
      before.push(
        shape.kind === 'array' || shape.kind === 'object'
          ? { do: 'copy', to: load(place), from: value }
          : { do: 'store', to: place, value },
      );
    }
    if (variable.edge !== null) before.push(...edgeDetection(variable, field));
  }
  const effects = body.kind === 'SfcBody' ? lowerSfc(scope, pou, body) : lowerBody(scope, body);
  return routine(scope, {
    name: BODY,
    parameters: [],
    locals: [],
    outputs: [],
    body: [...before, ...effects],
    mock: null,
  });
}

function edgeDetection(variable: VariableSymbol, field: (name: string, shape: Shape) => Place): Effect[] {
  const input = load(field(fieldName(variable.name), BOOL));
  const memory = field(edgeMemoryName(variable.name), BOOL);
  const not = (operand: Value): Value => ({ op: 'not', shape: BOOL, operand });
  const isRising = variable.edge === 'rising';
  return [
    {
      do: 'store',
      to: field(edgeName(variable.name), BOOL),
      value: {
        op: 'logic',
        shape: BOOL,
        operator: 'AND',
        left: isRising ? input : not(input),
        right: isRising ? not(load(memory)) : load(memory),
      },
    },
    { do: 'store', to: memory, value: input },
  ];
}

/** Parameters and locals of a function or method, declared in the scope. */
interface Signature {
  readonly parameters: Local[];
  readonly locals: Local[];
  readonly outputs: { root: string; local: Local }[];
}

function declareVariables(scope: RoutineScope, name: string, variables: Iterable<VariableSymbol>): Signature {
  const signature: Signature = { parameters: [], locals: [], outputs: [] };
  for (const variable of variables) {
    if (
      ['result', 'external'].includes(variable.scope) ||
      variable.sectionKind === 'VAR_INST' ||
      variable.sectionKind === 'VAR_STAT'
    )
      continue;
    if (variable.location !== null) continue;
    const shape = scope.builder.shapeOf(variable.type);
    if (variable.scope === 'in-out') {
      const reference: Shape = { kind: 'reference', target: shape };
      const local: Local = { name: localName(variable.name), shape: reference, isBoxed: false, initial: null };
      signature.parameters.push(local);
      const site = scope.builder.site(scope.project, scope.file, variable.site?.identifier ?? scope.file);
      scope.locals.set(variable, {
        place: 'target',
        reference: load({ place: 'local', local, shape: reference }),
        shape,
        site,
      });
      continue;
    }
    const isInput = variable.scope === 'input';
    const local: Local = {
      name: localName(variable.name),
      shape,
      isBoxed: false,
      initial: isInput ? null : defaultOf(scope, variable),
    };
    (isInput ? signature.parameters : signature.locals).push(local);
    scope.locals.set(variable, { place: 'local', local, shape });
    if (variable.scope === 'output') signature.outputs.push({ root: registerName(name, variable.name), local });
  }
  return signature;
}

function resultLocal(name: string, shape: Shape): Local | null {
  if (shape.kind === 'void') return null;
  return { name: `r_${localName(name)}`, shape, isBoxed: false, initial: { op: 'initial', shape } };
}

export function methodRoutine(input: ScopeInput, method: MethodSymbol): Routine {
  const shape = input.builder.shapeOf(method.returnType);
  const result = resultLocal(method.name, shape);
  const scope = createScope({ ...input, callable: method, result });
  const signature = declareVariables(scope, method.name, method.variables.values());
  const body = method.declaration?.body ?? null;
  const effects = body === null ? [] : lowerBody(scope, body);
  return withResult(scope, signature, methodName(method.name), effects, null);
}

function withResult(
  scope: RoutineScope,
  signature: Signature,
  name: string,
  body: Effect[],
  mock: string | null,
): Routine {
  const locals = scope.result === null ? signature.locals : [scope.result, ...signature.locals];
  return routine(scope, { name, parameters: signature.parameters, locals, outputs: signature.outputs, body, mock });
}

/** The generated function of a FUNCTION. */
export function functionRoutine(
  builder: ProgramBuilder,
  project: Project,
  pou: PouSymbol,
  name: string,
): Routine | null {
  const file = pou.site?.file;
  if (file === undefined || pou.declaration === null) return null;
  const result = resultLocal(pou.name, builder.shapeOf(pou.returnType));
  const scope = createScope({ builder, project, file, self: null, callable: pou, result, isTest: false });
  const signature = declareVariables(scope, name, pou.variables.values());
  return withResult(scope, signature, name, lowerBody(scope, pou.declaration.body), keyOf(pou.qualifiedName));
}

export function propertyRoutines(input: ScopeInput, pou: PouSymbol, property: PropertySymbol): Routine[] {
  const routines: Routine[] = [];
  const declarations = (pou.declaration?.properties ?? []).filter(
    (each) => keyOf(each.name.name) === keyOf(property.name),
  );
  for (const declaration of declarations) {
    if (declaration.get !== null) routines.push(accessorRoutine(input, property, declaration.get, 'get'));
    if (declaration.set !== null) routines.push(accessorRoutine(input, property, declaration.set, 'set'));
  }
  return routines;
}

/** In GET the name of the property is the result; in SET it is the value that is being set. */
function accessorRoutine(
  input: ScopeInput,
  property: PropertySymbol,
  accessor: PropertyAccessor,
  kind: 'get' | 'set',
): Routine {
  const shape = input.builder.shapeOf(property.type);
  const value: Local = {
    name: localName(property.name),
    shape,
    isBoxed: false,
    initial: kind === 'get' ? { op: 'initial', shape } : null,
  };
  const scope = createScope({ ...input, callable: property, result: value });
  const variables = declaredVariables(scope, accessor.sections);
  const signature = declareVariables(scope, property.name, variables);
  const effects = lowerBody(scope, accessor.body);
  if (kind === 'get') return withResult(scope, signature, getterName(property.name), effects, null);
  const parts = {
    name: setterName(property.name),
    parameters: [value],
    locals: signature.locals,
    outputs: [],
    body: effects,
    mock: null,
  };
  return { ...routine(scope, parts), result: null };
}

/** The symbols of sections that no symbol table lists: of accessors, fixtures and tests. */
export function declaredVariables(
  scope: Pick<RoutineScope, 'project'>,
  sections: readonly VariableSection[],
): VariableSymbol[] {
  return sections
    .flatMap((section) => section.variables)
    .flatMap((declaration) => declaration.names)
    .map((name) => scope.project.model.symbolOf(name.name))
    .filter((symbol): symbol is VariableSymbol => symbol?.kind === 'variable');
}

/** A routine of a test class: SETUP, TEARDOWN or TEST. Its variables are members of the test object. */
export function testRoutine(
  builder: ProgramBuilder,
  project: Project,
  file: SourceFile,
  name: string,
  body: StatementList,
  members: ReadonlyMap<VariableSymbol, Place>,
): Routine {
  const scope = createScope({ builder, project, file, self: null, callable: null, result: null, isTest: true });
  for (const [variable, place] of members) scope.locals.set(variable, place);
  const effects = lowerStatements(scope, body);
  return routine(scope, { name, parameters: [], locals: [], outputs: [], body: effects, mock: null });
}
