/** Inner variables of the models of library blocks: no list shows them, for they are not part of the block's pins. */

import type { PouSymbol } from '../../language/semantics/symbols.js';
import type { ClassForm } from '../compile/ir.js';
import { fieldName } from '../compile/mangle.js';

/** The class of a model with its inner variables marked. */
export function withPrivateMembers(form: ClassForm, model: PouSymbol): ClassForm {
  const inner = new Set<string>();
  for (const { name, scope } of model.variables.values()) if (scope === 'local') inner.add(fieldName(name));
  const fields = form.fields.map((field) => (inner.has(field.name) ? { ...field, isPrivate: true } : field));
  return { ...form, fields };
}
