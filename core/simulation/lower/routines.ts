/** POUs, methods, properties and actions as classes and routines. */

import type { Project } from '../../language/semantics/model.js';
import {
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
  type VariableSymbol,
} from '../../language/semantics/symbols.js';
import type { StructType } from '../../language/semantics/types.js';
import type { Body, PropertyAccessor, SourceFile, StatementList, VariableSection } from '../../language/syntax/tree.js';
import type { ClassForm, Effect, Field, Local, Place, Routine, Value } from '../compile/ir.js';
import {
  actionName,
  BODY,
  edgeMemoryName,
  edgeName,
  fieldName,
  getterName,
  localName,
  methodFieldName,
  methodName,
  registerName,
  setterName,
} from '../compile/mangle.js';
import { BOOL, type Shape } from '../compile/shape.js';
import { type ProgramBuilder, type RoutineScope, unknownEffect } from './context.js';
import { defaultOf } from './initial-values.js';
import { companionField } from './logix-calls.js';
import { EXPRESSION_LOWERING } from './lowering.js';
import { selfValue } from './places.js';
import { lowerSfc, sfcFields } from './sfc.js';
import { lowerStatements } from './statements.js';
import { typesOfInstance } from './type-queries.js';
import { constant, FALSE, load } from './values.js';

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

function retained(variable: VariableSymbol): boolean {
  return (
    variable.retention === 'retain' || variable.retention === 'persistent' || variable.retention === 'retain-persistent'
  );
}

/** The member of an object in which a variable lives; null when it lives elsewhere. */
export function fieldOf(scope: RoutineScope, variable: VariableSymbol, name: string, label: string): Field | null {
  if (variable.scope === 'result' || variable.scope === 'external' || variable.sectionKind === 'VAR_STAT') return null;
  const shape = scope.builder.shapeOf(variable.type);
  const isHidden = variable.scope === 'in-out' || variable.sectionKind === 'VAR_TEMP';
  if (variable.location !== null && !variable.location.text.includes('*')) {
    const place = scope.builder.addressPlace(
      variable.location.text,
      shape,
      variable.initializer === null ? null : defaultOf(scope, variable),
    );
    return {
      name,
      label,
      shape,
      initial: FALSE,
      isRetained: false,
      isHidden: false,
      sharedAs: place.place === 'field' ? place.name : null,
    };
  }
  return {
    name,
    label,
    shape: variable.scope === 'in-out' ? { kind: 'reference', target: shape } : shape,
    initial: defaultOf(scope, variable),
    isRetained: retained(variable),
    isHidden,
    sharedAs: null,
  };
}

function hiddenField(name: string, shape: Shape, initial: Value): Field {
  return { name, label: name, shape, initial, isRetained: false, isHidden: true, sharedAs: null };
}

/** The class of a structure. */
/** Library structures stand in no file. */
function isOfLibrary(type: StructType): boolean {
  return [...type.members.values()].every((member) => member.site === null);
}

export function structClass(
  builder: ProgramBuilder,
  project: Project,
  file: SourceFile,
  name: string,
  type: StructType,
): ClassForm {
  const scope = createScope({ builder, project, file, self: null, callable: null, result: null, isTest: false });
  const fields: Field[] = [];
  for (const member of type.members.values()) {
    const owner = member.site === null ? scope : { ...scope, file: member.site.file };
    fields.push({
      name: fieldName(member.name),
      label: member.name,
      shape: builder.shapeOf(member.type),
      initial: defaultOf(owner, member),
      isRetained: false,
      isHidden: false,
      sharedAs: null,
    });
  }
  const companion = isOfLibrary(type) ? companionField(builder, type.name) : null;
  if (companion !== null) fields.push(companion);
  return {
    isCallable: false,
    name,
    typeName: type.name ?? 'STRUCT',
    base: null,
    isGlobals: false,
    isUnion: type.isUnion,
    fields,
    routines: [],
  };
}

/** The class of a program, function block or class. */
export function pouClass(
  builder: ProgramBuilder,
  project: Project,
  pou: PouSymbol,
  name: string,
  base: string | null,
): ClassForm {
  const file = pou.site?.file ?? project.files[0];
  const frame = { isCallable: true, name, typeName: pou.name, base, isGlobals: false, types: typesOfInstance(pou) };
  if (file === undefined || pou.declaration === null)
    return { ...frame, fields: stubFields(builder, pou), routines: [] };
  const input: ScopeInput = { builder, project, file, self: pou, callable: pou, result: null, isTest: false };
  const scope = createScope(input);
  const fields: Field[] = [];
  for (const variable of pou.variables.values()) {
    const field = fieldOf(scope, variable, fieldName(variable.name), variable.name);
    if (field !== null) fields.push(field);
    if (variable.edge !== null) {
      fields.push(hiddenField(edgeName(variable.name), BOOL, FALSE));
      fields.push(hiddenField(edgeMemoryName(variable.name), BOOL, constant(BOOL, variable.edge === 'falling')));
    }
  }
  for (const method of pou.methods.values()) {
    for (const variable of method.variables.values()) {
      if (variable.sectionKind !== 'VAR_INST') continue;
      const field = fieldOf(
        scope,
        variable,
        methodFieldName(method.name, variable.name),
        `${method.name}.${variable.name}`,
      );
      if (field !== null) fields.push(field);
    }
  }
  if (pou.declaration.body.kind === 'SfcBody') fields.push(...sfcFields(scope, pou.declaration.body));
  const routines = [bodyRoutine(input, pou, pou.declaration.body)];
  for (const action of pou.actions.values())
    routines.push(plainRoutine({ ...input, callable: action }, actionName(action.name), action.declaration.body));
  for (const method of pou.methods.values()) routines.push(methodRoutine(input, method));
  for (const property of pou.properties.values()) routines.push(...propertyRoutines(input, pou, property));
  return { ...frame, fields, routines };
}

/** A library block without a model still has its pins, so that programs can set and read them. */
function stubFields(builder: ProgramBuilder, pou: PouSymbol): Field[] {
  return [...pou.variables.values()].map((variable) => {
    const shape = builder.shapeOf(variable.type);
    return {
      name: fieldName(variable.name),
      label: variable.name,
      shape: variable.scope === 'in-out' ? { kind: 'reference', target: shape } : shape,
      initial: { op: 'initial', shape },
      isRetained: false,
      isHidden: false,
      sharedAs: null,
    };
  });
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

function plainRoutine(input: ScopeInput, name: string, body: Body): Routine {
  const scope = createScope(input);
  const effects = lowerBody(scope, body);
  return routine(scope, { name, parameters: [], locals: [], outputs: [], body: effects, mock: null });
}

/** The body: VAR_TEMP start anew at each call, inputs with R_EDGE and F_EDGE see edges only. */
function bodyRoutine(input: ScopeInput, pou: PouSymbol, body: Body): Routine {
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

function methodRoutine(input: ScopeInput, method: MethodSymbol): Routine {
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

function propertyRoutines(input: ScopeInput, pou: PouSymbol, property: PropertySymbol): Routine[] {
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
