/** All diagnostics of the language in one table: severities, docs pages and tests come from here. */

import { SYNTAX_CODES } from '../syntax/syntax-codes.js';
import { CALL_CODES } from './call-codes.js';
import { CHART_CODES } from './chart-codes.js';
import { DECLARATION_CODES } from './declaration-codes.js';
import type { DiagnosticDefinition } from './diagnostic.js';
import { FLOW_CODES } from './flow-codes.js';
import { OBJECT_CODES } from './object-codes.js';
import { SECTION_CODES } from './section-codes.js';
import { STRUCTURE_CODES } from './structure-codes.js';
import { TYPE_CODES } from './type-codes.js';
import { VALUE_FLOW_CODES } from './value-flow-codes.js';

const SYNTAX_DEFINITIONS: readonly DiagnosticDefinition[] = Object.entries(SYNTAX_CODES).map(([code, entry]) => ({
  code,
  name: entry.rule,
  title: entry.title,
  explanation: entry.explanation,
  severity: 'error',
  bad: entry.bad,
  good: entry.good,
  dialect: entry.dialect ?? 'codesys',
}));

/** Diagnostics of the checker: PW2xxx, PW3xxx and PW4xxx. */
export const SEMANTIC_DIAGNOSTICS: readonly DiagnosticDefinition[] = [
  ...DECLARATION_CODES,
  ...STRUCTURE_CODES,
  ...TYPE_CODES,
  ...CALL_CODES,
  ...FLOW_CODES,
  ...SECTION_CODES,
  ...OBJECT_CODES,
  ...CHART_CODES,
  ...VALUE_FLOW_CODES,
];

/** Every diagnostic of the language, by code. */
export const LANGUAGE_DIAGNOSTICS: readonly DiagnosticDefinition[] = [...SYNTAX_DEFINITIONS, ...SEMANTIC_DIAGNOSTICS];

const BY_CODE: ReadonlyMap<string, DiagnosticDefinition> = new Map(
  LANGUAGE_DIAGNOSTICS.map((definition) => [definition.code, definition]),
);

/** The definition of a code, or null for one that does not exist. */
export function diagnosticOf(code: string): DiagnosticDefinition | null {
  return BY_CODE.get(code) ?? null;
}
