/** What the functions of one module share: memory layout, function numbers, imports from the host. */

import type { Routine } from '../compile/ir.js';
import type { ExecutionProfile } from '../compile/profile.js';
import type { Shape } from '../compile/shape.js';
import type { Printer } from './emitter.js';
import type { FunctionImport, ValueType } from './encoder.js';
import { type Layout, valueTypeOf } from './layout.js';

/** How an argument reaches the host: WebAssembly has no unsigned numbers and no Booleans. */
export type Decoding = 'plain' | 'bool' | 'unsigned' | 'unsigned-big';

/** A function of the host: an expression of the JavaScript printer over the parameters `a0`, `a1` … */
export interface HostFunction extends FunctionImport {
  readonly code: string;
  readonly decodings: readonly Decoding[];
}

/** A function of the module before it is printed. */
export interface RoutineEntry {
  readonly routine: Routine;
  /** The class of the object; null for a function. */
  readonly className: string | null;
  readonly index: number;
}

export interface Unit {
  readonly profile: ExecutionProfile;
  readonly layout: Layout;
  readonly print: Printer;
  /** Fixed addresses of the globals, the programs and output registers. */
  readonly roots: ReadonlyMap<string, number>;
  /** Functions by name and methods by `class.method`. */
  readonly routines: ReadonlyMap<string, RoutineEntry>;
  /** True when a routine may be entered again before it has ended. */
  readonly recursive: ReadonlySet<Routine>;
  /** Place of a string constant in the table of strings. */
  stringSlot(text: string): number;
  /** Number of a host function that evaluates JavaScript of the same printer. */
  hostFunction(code: string, parameters: readonly Shape[], result: Shape | null): number;
}

export const GLOBAL_NOW = 0;
export const GLOBAL_BUDGET = 1;

export function decodingOf(shape: Shape): Decoding {
  if (shape.kind === 'bool') return 'bool';
  if (shape.kind === 'integer' && !shape.isSigned) return shape.bits === 64 ? 'unsigned-big' : 'unsigned';
  return 'plain';
}

/** Collects the functions that a module takes from the host: one for each different expression. */
export function createHostFunctions(): {
  readonly list: HostFunction[];
  readonly number: Unit['hostFunction'];
} {
  const list: HostFunction[] = [];
  const numbers = new Map<string, number>();
  return {
    list,
    number(code, parameters, result) {
      const types: ValueType[] = parameters.map(valueTypeOf);
      const decodings = parameters.map(decodingOf);
      const key = `${code}|${types.join()}|${decodings.join()}|${result === null ? '' : valueTypeOf(result)}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, list.length);
      list.push({
        name: `f${list.length}`,
        code,
        decodings,
        type: { parameters: types, results: result === null ? [] : [valueTypeOf(result)] },
      });
      return list.length - 1;
    },
  };
}
