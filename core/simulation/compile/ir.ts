/**
 * The intermediate form: what an ST body means, with every conversion explicit and every name resolved to a place.
 * It is lowered from the typed tree (`lower-*.ts`) and printed as JavaScript (`emit.ts`).
 *
 * JavaScript identifiers in it are made by `mangle.ts` alone: no text of a user reaches the generated program except
 * as a string constant.
 */

import type { Shape } from './shape.js';

/** Index into the table of source places of a compiled program: where a fault is reported. */
export type Site = number;

/** Somewhere a value can be stored. */
export type Place =
  | { readonly place: 'local'; readonly local: Local; readonly shape: Shape }
  | { readonly place: 'field'; readonly object: Value; readonly name: string; readonly shape: Shape }
  | {
      readonly place: 'element';
      readonly array: Value;
      /** Zero-based, already checked index into the row-major array. */
      readonly index: Value;
      readonly shape: Shape;
    }
  | { readonly place: 'target'; readonly reference: Value; readonly shape: Shape; readonly site: Site }
  /** Part of an integer: `count` bits from bit `from`. A BOOL when `count` is 1. */
  | {
      readonly place: 'bits';
      readonly of: Place;
      readonly from: number;
      readonly count: number;
      readonly shape: Shape;
    };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | 'MOD';
export type LogicOperator = 'AND' | 'OR' | 'XOR' | 'AND_THEN' | 'OR_ELSE';
export type CompareOperator = '=' | '<>' | '<' | '>' | '<=' | '>=';

export type ConstantContent = boolean | number | bigint | string | null;

export type Value =
  | { readonly op: 'constant'; readonly shape: Shape; readonly value: ConstantContent }
  | { readonly op: 'load'; readonly shape: Shape; readonly from: Place }
  | { readonly op: 'self'; readonly shape: Shape }
  /** A variable of the generated program: the globals, a program, the clock. */
  | { readonly op: 'root'; readonly shape: Shape; readonly name: string }
  | {
      readonly op: 'arithmetic';
      readonly shape: Shape;
      readonly operator: ArithmeticOperator;
      readonly left: Value;
      readonly right: Value;
      readonly site: Site;
    }
  | {
      readonly op: 'logic';
      readonly shape: Shape;
      readonly operator: LogicOperator;
      readonly left: Value;
      readonly right: Value;
    }
  | { readonly op: 'not'; readonly shape: Shape; readonly operand: Value }
  | { readonly op: 'negate'; readonly shape: Shape; readonly operand: Value; readonly site: Site }
  | {
      readonly op: 'compare';
      readonly shape: Shape;
      readonly operator: CompareOperator;
      readonly left: Value;
      readonly right: Value;
    }
  | { readonly op: 'convert'; readonly shape: Shape; readonly operand: Value; readonly site: Site }
  /** A function of the run-time library, by its name there. */
  | { readonly op: 'intrinsic'; readonly shape: Shape; readonly name: string; readonly arguments: readonly Value[] }
  /** A generated function. */
  | { readonly op: 'call'; readonly shape: Shape; readonly name: string; readonly arguments: readonly Value[] }
  /** A generated method; `super` when bound to the base class at compile time. */
  | {
      readonly op: 'invoke';
      readonly shape: Shape;
      readonly object: Value | 'super';
      readonly method: string;
      readonly arguments: readonly Value[];
      readonly site: Site;
    }
  | { readonly op: 'reference'; readonly shape: Shape; readonly to: Place }
  | {
      readonly op: 'choose';
      readonly shape: Shape;
      readonly condition: Value;
      readonly whenTrue: Value;
      readonly whenFalse: Value;
    }
  /** Effects first, then the value; used for calls with outputs inside an expression. */
  | { readonly op: 'after'; readonly shape: Shape; readonly effects: readonly Effect[]; readonly value: Value }
  /** A new array or structure with some elements set, as an initial value. */
  | { readonly op: 'array-of'; readonly shape: Shape; readonly elements: readonly Value[] }
  | {
      readonly op: 'object-of';
      readonly shape: Shape;
      readonly members: readonly { readonly name: string; readonly value: Value }[];
      /** Arguments of FB_init; null when the class has none. */
      readonly constructorArguments: readonly Value[] | null;
    }
  /** The initial value of a shape. */
  | { readonly op: 'initial'; readonly shape: Shape }
  /** A fresh copy of an object or array: an argument by value. */
  | { readonly op: 'copy-of'; readonly shape: Shape; readonly operand: Value }
  /** The checked, zero-based position of an element in its row-major array. */
  | { readonly op: 'position'; readonly shape: Shape; readonly parts: readonly PositionPart[]; readonly site: Site }
  /** The same in a parameter `ARRAY[*]`, whose bounds are known at run time only. */
  | {
      readonly op: 'open-position';
      readonly shape: Shape;
      readonly array: Value;
      readonly indices: readonly Value[];
      readonly site: Site;
    }
  /** Something that could not be compiled: marks the run as unknown when it is evaluated. */
  | { readonly op: 'unknown'; readonly shape: Shape; readonly site: Site };

export interface PositionPart {
  readonly index: Value;
  readonly lower: number;
  readonly upper: number;
  readonly stride: number;
  /** True when the index is a loop counter that can't leave the bounds. */
  readonly isProven: boolean;
}

export type Effect =
  | { readonly do: 'store'; readonly to: Place; readonly value: Value }
  /** Copies an object or array into another. */
  | { readonly do: 'copy'; readonly to: Value; readonly from: Value }
  | { readonly do: 'evaluate'; readonly value: Value }
  | { readonly do: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Effect[] }
  | {
      readonly do: 'case';
      readonly selector: Value;
      readonly branches: readonly CaseBranch[];
      readonly otherwise: readonly Effect[];
    }
  | {
      readonly do: 'for';
      readonly label: string;
      /** JavaScript local that counts. */
      readonly counter: string;
      readonly variable: Place;
      readonly from: Value;
      readonly to: Value;
      readonly by: Value;
      /** True when the body may write the variable: then the counter is read back from it. */
      readonly readsBack: boolean;
      readonly body: readonly Effect[];
      readonly site: Site;
    }
  | {
      readonly do: 'while';
      readonly label: string;
      readonly condition: Value;
      readonly body: readonly Effect[];
      readonly site: Site;
    }
  | {
      readonly do: 'repeat';
      readonly label: string;
      readonly body: readonly Effect[];
      readonly until: Value;
      readonly site: Site;
    }
  | { readonly do: 'exit'; readonly label: string }
  | { readonly do: 'continue'; readonly label: string }
  | { readonly do: 'return' }
  | { readonly do: 'unknown'; readonly site: Site }
  /** A statement starts here: the hook for coverage and breakpoints. Printed only when asked for. */
  | { readonly do: 'statement'; readonly site: Site };

export interface Branch {
  readonly condition: Value;
  readonly body: readonly Effect[];
}

export interface CaseBranch {
  readonly labels: readonly { readonly lower: Value; readonly upper: Value | null }[];
  readonly body: readonly Effect[];
}

export interface Local {
  readonly name: string;
  readonly shape: Shape;
  /** True once a reference to it is taken: then it lives in a cell. Known when the routine is lowered to its end. */
  isBoxed: boolean;
  /** Null: a parameter, whose value is the argument. */
  readonly initial: Value | null;
}

/** A function, method, property accessor, action or body. */
export interface Routine {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly locals: readonly Local[];
  /** The local whose value is returned; null: nothing is. */
  readonly result: Local | null;
  /** Program variables into which outputs are stored before the return. */
  readonly outputs: readonly { readonly root: string; readonly local: Local }[];
  readonly body: readonly Effect[];
  /** Name of the mock switch, when tests may replace it. */
  readonly mock: string | null;
}

export interface Field {
  readonly name: string;
  /** Name as declared, for tags. */
  readonly label: string;
  readonly shape: Shape;
  readonly initial: Value;
  readonly isRetained: boolean;
  /** In-out parameters, temporaries and internal fields: not listed as tags. */
  readonly isHidden: boolean;
  /** Inner memory of the model of a library block: part of the state, but nobody has declared it in the project. */
  readonly isPrivate?: boolean;
  /** Member of the globals that holds the value instead, for a variable at a direct address. */
  readonly sharedAs: string | null;
}

export interface ClassForm {
  /** A program, function block or class: it has a body that tests may replace by a mock. */
  readonly isCallable: boolean;
  readonly name: string;
  readonly typeName: string;
  readonly base: string | null;
  /** The class of the global variables: its object is the root `G` from the first line of its constructor on. */
  readonly isGlobals: boolean;
  /** Names of the types and interfaces that its objects are, for questions at run time; left out where none asks. */
  readonly types?: readonly string[];
  /** All members share their bytes. */
  readonly isUnion?: boolean;
  readonly fields: readonly Field[];
  readonly routines: readonly Routine[];
}

export interface ProgramForm {
  readonly classes: readonly ClassForm[];
  readonly functions: readonly Routine[];
  /** Output registers of functions. */
  readonly registers: readonly { readonly name: string; readonly shape: Shape }[];
}

/** True when evaluating the value has no effect and can't fault: then it may be skipped, repeated or moved. */
export function isQuiet(value: Value): boolean {
  switch (value.op) {
    case 'constant':
    case 'self':
    case 'root':
      return true;
    case 'load':
      return isQuietPlace(value.from);
    case 'arithmetic':
      return isQuiet(value.left) && isQuiet(value.right) && value.operator !== '/' && value.operator !== 'MOD';
    case 'logic':
    case 'compare':
      return isQuiet(value.left) && isQuiet(value.right);
    case 'not':
    case 'negate':
      return isQuiet(value.operand);
    case 'convert':
      return isQuiet(value.operand);
    case 'choose':
      return isQuiet(value.condition) && isQuiet(value.whenTrue) && isQuiet(value.whenFalse);
    default:
      return false;
  }
}

function isQuietPlace(place: Place): boolean {
  switch (place.place) {
    case 'local':
      return true;
    case 'field':
      return isQuiet(place.object);
    case 'bits':
      return isQuietPlace(place.of);
    case 'element':
      return isQuiet(place.array) && isQuiet(place.index);
    case 'target':
      return false;
  }
}
