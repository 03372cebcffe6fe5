import type { DialectId } from '../dialects/dialect-id.js';
import type { SourceFile, Span } from '../syntax/tree.js';
import type { LintView } from './lint-view.js';

/** What a rule says of one place. */
export interface LintReport {
  readonly file: SourceFile;
  readonly span: Span;
  /** What was found and how to mend it. */
  readonly message: string;
  readonly related?: readonly { readonly file: SourceFile; readonly span: Span; readonly message: string }[];
}

/**
 * A lint rule: check, documentation and test in one object. `bad` is reported by this rule once, `good` not at all.
 * What a rule reports is legal code; `error` is only reached by the settings of a site.
 */
export interface LintRule {
  /** `PW5xxx`. */
  readonly code: string;
  /** Kebab-case name, the `rule` of a finding. */
  readonly name: string;
  readonly title: string;
  /** Why it matters and how to mend it, in plain words. */
  readonly explanation: string;
  readonly default: 'off' | 'info' | 'warning';
  /**
   * Where the rule comes from: rules of the PLCopen coding guidelines 1.0 (`CP24`) and numbers of the static analysis
   * of CODESYS and TwinCAT (`SA0033`). Empty for a rule of Plantwright itself.
   */
  readonly guideline: readonly string[];
  readonly bad: string;
  readonly good: string;
  /** The dialect in which the examples are written; `codesys` when not given. */
  readonly dialect?: DialectId;
  check(view: LintView): Iterable<LintReport>;
}

export function at(file: SourceFile, span: Span, message: string): LintReport {
  return { file, span, message };
}
