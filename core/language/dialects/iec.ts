import type { Dialect } from './dialect.js';
import {
  CLASS_KEYWORDS,
  CODESYS_KEYWORDS,
  CONFIGURATION_KEYWORDS,
  DECLARATION_KEYWORDS,
  SFC_KEYWORDS,
  STATEMENT_KEYWORDS,
} from './keywords.js';

/** IEC 61131-3 edition 3, read as its text says. */
export const IEC: Dialect = {
  id: 'iec',
  title: 'IEC 61131-3',
  keywords: [
    ...STATEMENT_KEYWORDS,
    ...DECLARATION_KEYWORDS,
    ...CONFIGURATION_KEYWORDS,
    ...SFC_KEYWORDS,
    ...CLASS_KEYWORDS,
    ...CODESYS_KEYWORDS,
  ],
  features: new Set([
    'nested-comments',
    'ref-to',
    'attempt-assignment',
    'classes',
    'properties',
    'namespaces',
    'partial-access',
    'bit-access',
    'return-value',
    'optional-semicolon-after-block',
    'sfc',
    'configurations',
    'variable-length-arrays',
    'declarations',
  ]),
  defaultStringLength: 254,
  semantics: {
    integerOverflow: 'wrap',
    divisionByZero: 'fault',
    realDivisionByZero: 'infinity',
    booleanEvaluation: 'full',
    realToInteger: 'half-even',
    shiftBeyondWidth: 'zero',
    arrayIndexOutOfBounds: 'fault',
    time: { width: 64, isSigned: true, resolution: 1n, longResolution: 1n },
    dateEpoch: '1970-01-01',
    timerPreset: 'live-until-done',
    counterLimit: 'preset',
    clockDisabled: 'holds',
  },
};
