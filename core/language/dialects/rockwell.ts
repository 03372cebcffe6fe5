import type { Dialect } from './dialect.js';
import { STATEMENT_KEYWORDS } from './keywords.js';

/** Rockwell Logix 5000 Structured Text: statements only, declarations live in the project (`.L5X`). */
export const ROCKWELL: Dialect = {
  id: 'rockwell',
  title: 'Rockwell Logix',
  keywords: STATEMENT_KEYWORDS,
  features: new Set(['tag-colons', 'non-retentive-assignment', 'bit-access']),
  defaultStringLength: 82,
  semantics: {
    integerOverflow: 'wrap',
    divisionByZero: 'zero',
    realDivisionByZero: 'infinity',
    booleanEvaluation: 'full',
    realToInteger: 'half-even',
    shiftBeyondWidth: 'zero',
    arrayIndexOutOfBounds: 'fault',
    time: { width: 32, isSigned: true, resolution: 1_000_000n, longResolution: 1_000n },
    dateEpoch: '1970-01-01',
    timerPreset: 'live-until-done',
    counterLimit: 'type-maximum',
    clockDisabled: 'holds',
    taskOverrun: 'drop',
  },
};
