import type { Keyword } from '../syntax/token.js';
import { CODESYS } from './codesys.js';
import type { DialectId } from './dialect-id.js';
import { IEC } from './iec.js';
import { ROCKWELL } from './rockwell.js';
import { SIEMENS } from './siemens.js';
import { TWINCAT } from './twincat.js';

/** What a dialect may have beyond the common core. The parser reads every form and reports one that is not in the list. */
export type Feature =
  /** `(* (* *) *)` */
  | 'nested-comments'
  /** `"name"` is a name (Siemens); elsewhere it is a WSTRING literal. */
  | 'quoted-names'
  /** `#name`: a local variable (Siemens). */
  | 'hash-names'
  /** `Local:1:I.Data`: colons inside tag names (Rockwell). */
  | 'tag-colons'
  /** `POINTER TO`, `ADR(…)`, `p^`. */
  | 'pointers'
  /** `REF_TO T`, `REF(…)`. */
  | 'ref-to'
  /** `REFERENCE TO T`. */
  | 'reference-to'
  /** `r REF= x;` */
  | 'reference-assignment'
  /** `r ?= x;` */
  | 'attempt-assignment'
  /** `x S= condition;`, `x R= condition;` */
  | 'set-reset-assignment'
  /** `a := b := c;` */
  | 'multiple-assignment'
  /** `x += 1;` */
  | 'compound-assignment'
  /** `x [:=] y;` (Rockwell) */
  | 'non-retentive-assignment'
  /** `AND_THEN`, `OR_ELSE` */
  | 'short-circuit-operators'
  /** `UNION … END_UNION` */
  | 'unions'
  /** Classes, methods, properties, interfaces, inheritance. */
  | 'classes'
  /** `PROPERTY … END_PROPERTY` */
  | 'properties'
  /** `NAMESPACE`, `USING` */
  | 'namespaces'
  /** `word.%X3`, `word.%B0` */
  | 'partial-access'
  /** `word.3` */
  | 'bit-access'
  /** `JMP label;` and labels */
  | 'jumps'
  /** `GOTO label;` and labels (Siemens) */
  | 'goto'
  /** `REGION name … END_REGION` */
  | 'regions'
  /** `DATA_BLOCK`, `ORGANIZATION_BLOCK`, `BEGIN`, block attributes */
  | 'blocks'
  /** `STRUCT` types with `EXTENDS` */
  | 'struct-inheritance'
  /** `fb : Type(a := 1);` */
  | 'constructor-arguments'
  /** `RETURN value;` */
  | 'return-value'
  /** `.name`: a global variable */
  | 'global-scope-operator'
  /** `#settings.Type`: a keyword as the name of a member (Siemens) */
  | 'keyword-members'
  /** `{attribute 'name'}`, `{IF defined (x)}`: pragmas of the CODESYS compiler */
  | 'compiler-pragmas'
  /** `` `IF` ``: any word as a name */
  | 'backtick-names'
  /** `END_IF` and its kind may stand without a semicolon. */
  | 'optional-semicolon-after-block'
  /** Step, transition and action elements in text. */
  | 'sfc'
  /** `CONFIGURATION`, `RESOURCE`, `TASK` */
  | 'configurations'
  /** `ARRAY[*]` */
  | 'variable-length-arrays'
  /** `x : ARRAY[0..2] OF INT := 1, 2, 3;` */
  | 'unbracketed-initializers'
  /** POU declarations in the text; Rockwell text holds statements only. */
  | 'declarations';

/** How programs of the dialect behave where the standard leaves a choice. Data for the simulator and the prover. */
export interface SemanticsProfile {
  /** What an integer operation does whose result doesn't fit its type. */
  readonly integerOverflow: 'wrap' | 'saturate' | 'fault';
  /** Integer division by zero. `zero`: the result is 0 and an error flag is set; `fault`: the task stops. */
  readonly divisionByZero: 'fault' | 'zero';
  /** REAL division by zero. */
  readonly realDivisionByZero: 'fault' | 'infinity';
  /** Whether AND and OR evaluate their right operand when the left one decides. AND_THEN and OR_ELSE never do. */
  readonly booleanEvaluation: 'full' | 'short-circuit';
  /** REAL to integer conversion of x.5. */
  readonly realToInteger: 'half-even' | 'half-away' | 'truncate';
  /** A shift by the width of the operand or more. */
  readonly shiftBeyondWidth: 'zero' | 'modulo';
  /** An index outside of the bounds of an array. */
  readonly arrayIndexOutOfBounds: 'fault' | 'unchecked';
  readonly time: {
    /** Width of TIME in bits. */
    readonly width: 32 | 64;
    readonly isSigned: boolean;
    /** Smallest step of TIME in nanoseconds. */
    readonly resolution: bigint;
    /** Smallest step of LTIME in nanoseconds. */
    readonly longResolution: bigint;
  };
  /** First day of DATE. */
  readonly dateEpoch: '1970-01-01' | '1990-01-01';
  /** The preset of a running timer: read at each call until Q, or latched at the start. */
  readonly timerPreset: 'live-until-done' | 'latched-at-start';
  /** A counter at its preset value. */
  readonly counterLimit: 'preset' | 'type-maximum';
  /** The time of an RTC block after its input has fallen: 1970-01-01, its last value, or it goes on. */
  readonly clockDisabled: 'reset' | 'holds' | 'runs-on';
  /**
   * A periodic task whose scan does not end before it is due again. `drop`: those activations are missed and it stays on
   * its grid; `realign`: its next interval begins at the end of that scan.
   */
  readonly taskOverrun: 'drop' | 'realign';
}

export interface Dialect {
  readonly id: DialectId;
  readonly title: string;
  readonly keywords: readonly Keyword[];
  readonly features: ReadonlySet<Feature>;
  /** Length of STRING and WSTRING declared without one, in characters. */
  readonly defaultStringLength: number;
  readonly semantics: SemanticsProfile;
}

const DIALECTS: Readonly<Record<DialectId, Dialect>> = {
  iec: IEC,
  codesys: CODESYS,
  twincat: TWINCAT,
  siemens: SIEMENS,
  rockwell: ROCKWELL,
};

/** The data of a dialect. */
export function dialectOf(id: DialectId): Dialect {
  return DIALECTS[id];
}

/**
 * The dialect in which a plain `.st` file without a manifest is read: the CODESYS data, which is a superset of what
 * IEC programs write (pointers, `REFERENCE TO`, optional semicolons), so that a valid file of an unknown origin
 * shows no false error. A manifest or `--dialect` always wins.
 */
export const DEFAULT_DIALECT: DialectId = 'codesys';
