/** POUs and structures as classes: their fields, and the routines of POUs. */

import type { Project } from '../../language/semantics/model.js';
import type { PouSymbol, VariableSymbol } from '../../language/semantics/symbols.js';
import type { StructType } from '../../language/semantics/types.js';
import type { SourceFile } from '../../language/syntax/tree.js';
import type { ClassForm, Field, Value } from '../compile/ir.js';
import { actionName, edgeMemoryName, edgeName, fieldName, methodFieldName } from '../compile/mangle.js';
import { BOOL, type Shape } from '../compile/shape.js';
import type { ProgramBuilder, RoutineScope } from './context.js';
import { defaultOf } from './initial-values.js';
import { companionField } from './logix-calls.js';
import {
  bodyRoutine,
  createScope,
  methodRoutine,
  plainRoutine,
  propertyRoutines,
  type ScopeInput,
} from './routines.js';
import { sfcFields } from './sfc-memory.js';
import { typesOfInstance } from './type-queries.js';
import { constant, FALSE } from './values.js';

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

/** Base classes before those that extend them. */
export function inheritanceOrder(classes: readonly ClassForm[]): ClassForm[] {
  const byName = new Map(classes.map((form) => [form.name, form]));
  const ordered = new Set<ClassForm>();
  const visit = (form: ClassForm): void => {
    const base = form.base === null ? undefined : byName.get(form.base);
    if (base !== undefined && !ordered.has(base)) visit(base);
    ordered.add(form);
  };
  for (const form of classes) visit(form);
  return [...ordered];
}
