/**
 * What IEC 61131-3 leaves to the implementer: the semantics profile of the dialect with what only the simulator needs.
 * Its name stands in every report, so that a reader knows which controller was simulated.
 */

import { dialectOf, type SemanticsProfile } from '../../language/dialects/dialect.js';
import type { DialectId } from '../../language/dialects/dialect-id.js';

export interface ExecutionProfile {
  /** Title of the dialect. */
  readonly name: string;
  readonly semantics: SemanticsProfile;
  /** DWORD_TO_REAL: the bits of the number (IEC 61131-3 ed. 3 table 22, Siemens) or its value (CODESYS, TwinCAT). */
  readonly bitStringToReal: 'bits' | 'value';
  /** What the number of %QW1 counts: words (IEC, CODESYS) or bytes (Siemens). */
  readonly addressUnit: 'size' | 'byte';
  /** Length of a STRING declared without one. */
  readonly defaultStringLength: number;
}

const BIT_STRING_TO_REAL: Readonly<Record<DialectId, ExecutionProfile['bitStringToReal']>> = {
  iec: 'bits',
  codesys: 'value',
  twincat: 'value',
  siemens: 'bits',
  rockwell: 'value',
};

const ADDRESS_UNIT: Readonly<Record<DialectId, ExecutionProfile['addressUnit']>> = {
  iec: 'size',
  codesys: 'size',
  twincat: 'byte',
  siemens: 'byte',
  rockwell: 'size',
};

/** The profile of a dialect. */
export function executionProfile(id: DialectId): ExecutionProfile {
  const dialect = dialectOf(id);
  return {
    name: dialect.title,
    semantics: dialect.semantics,
    bitStringToReal: BIT_STRING_TO_REAL[id],
    addressUnit: ADDRESS_UNIT[id],
    defaultStringLength: dialect.defaultStringLength,
  };
}
