/**
 * A finding: the one shape in which every part of Plantwright says that something is wrong.
 * Diagnostics of the language, safety rules, failed scenarios, refuted proofs and faulty manifests all use it,
 * so the editor, the command line, the verdict and the webview render one thing.
 */

/** `blocker` and `error` fail a verdict; a blocker can't be suppressed. */
export type Severity = 'blocker' | 'error' | 'warning' | 'info';

/** A place in a file. Lines and columns count from 1; columns are UTF-16 code units; `end` is exclusive. */
export interface Location {
  /** Path as given by the caller: relative to the site for sites, as typed for loose files. Forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A further place that explains a finding, for example the second writer of an output. */
export interface RelatedLocation extends Location {
  readonly message: string;
}

/** One finding, in the form of `verdict.json` (files.md). */
export interface Finding extends Location {
  /** Stable code, for example `PW3001` (language), `ES01` (safety rule), `SIM-EXPECT` (simulation). */
  readonly code: string;
  /** Kebab-case name of the rule, for example `estop-write`. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, what was expected and how to mend it, in one or two plain sentences. */
  readonly message: string;
  readonly related: readonly RelatedLocation[];
  /** Machine-readable evidence: the assignment that breaks an interlock, expected and actual values, … */
  readonly witness: Readonly<Record<string, unknown>>;
}

/** True when a finding of this severity fails a check or a verdict. */
export function failsVerdict(severity: Severity): boolean {
  return severity === 'blocker' || severity === 'error';
}

/** The start of a file: where findings go that concern a file as a whole. */
export function startOfFile(file: string): Location {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** Order by file, place, then code: the order in which findings are printed and digested. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** Code-unit order, independent of the locale of the machine: digests must not depend on it. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
