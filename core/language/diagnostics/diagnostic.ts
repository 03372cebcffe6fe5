import type { Severity } from '../../base/finding.js';
import type { DialectId } from '../dialects/dialect-id.js';

/**
 * A diagnostic of the language: severity, documentation and test in one object. `bad` reports exactly this code,
 * `good` reports nothing; both run as tests and appear on the docs page.
 */
export interface DiagnosticDefinition {
  /** `PW1xxx` syntax, `PW2xxx` declarations, `PW3xxx` types and calls, `PW4xxx` flow. */
  readonly code: string;
  /** Kebab-case name, the `rule` of a finding. */
  readonly name: string;
  readonly title: string;
  /** What goes wrong and how to mend it, in plain words. */
  readonly explanation: string;
  readonly severity: Severity;
  /** Where a dialect's compiler is more or less strict; `off` drops the finding. */
  readonly severityIn?: Readonly<Partial<Record<DialectId, Severity | 'off'>>>;
  readonly bad: string;
  readonly good: string;
  /** The dialect in which the examples are written; `iec` when not given. */
  readonly dialect?: DialectId;
}

/** The severity of a diagnostic in a dialect; null when the dialect has it switched off. */
export function severityIn(definition: DiagnosticDefinition, dialect: DialectId): Severity | null {
  const severity = definition.severityIn?.[dialect] ?? definition.severity;
  return severity === 'off' ? null : severity;
}

/** A program for an example: statements, its variables, and declarations that go before it. */
export function body(statements: string, variables = 'x : INT;', before = ''): string {
  const head = before === '' ? '' : `${before}\n`;
  const inner = statements === '' ? '' : `${statements}\n`;
  return `${head}PROGRAM Main\nVAR\n  ${variables}\nEND_VAR\n${inner}END_PROGRAM\n`;
}
