import type { Dialect } from './dialect.js';
import { DECLARATION_KEYWORDS, SIEMENS_KEYWORDS, STATEMENT_KEYWORDS } from './keywords.js';

/** Siemens SCL of TIA Portal (S7-1200, S7-1500), as external source text. */
export const SIEMENS: Dialect = {
  id: 'siemens',
  title: 'Siemens SCL',
  keywords: [...STATEMENT_KEYWORDS, ...DECLARATION_KEYWORDS, ...SIEMENS_KEYWORDS],
  features: new Set([
    'nested-comments',
    'quoted-names',
    'hash-names',
    'keyword-members',
    'ref-to',
    'attempt-assignment',
    'multiple-assignment',
    'compound-assignment',
    'partial-access',
    'goto',
    'regions',
    'blocks',
    'variable-length-arrays',
    'declarations',
  ]),
  defaultStringLength: 254,
  semantics: {
    integerOverflow: 'wrap',
    divisionByZero: 'zero',
    realDivisionByZero: 'infinity',
    booleanEvaluation: 'full',
    realToInteger: 'half-even',
    shiftBeyondWidth: 'zero',
    arrayIndexOutOfBounds: 'fault',
    time: { width: 32, isSigned: true, resolution: 1_000_000n, longResolution: 1n },
    dateEpoch: '1990-01-01',
    timerPreset: 'latched-at-start',
    counterLimit: 'type-maximum',
    clockDisabled: 'holds',
    taskOverrun: 'drop',
  },
};
