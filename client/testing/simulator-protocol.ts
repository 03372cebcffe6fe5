import type { PackedTrace } from '../../core/simulation/packed-trace.js';

/** What the extension and the process of the simulator say to each other. Lines and columns count from 1. */

export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** `test`: a TEST of a `*_test.st`; `suite-test`: one of a suite in the manner of TcUnit. */
export type CheckKind = 'test' | 'suite-test' | 'scenario';

/** Something of a site that can be run and passes or fails. */
export interface FoundCheck {
  /** `tests/guard_test.st::opens late`, `src/suite.st::Suite.Test`; of a scenario its path. */
  readonly id: string;
  readonly kind: CheckKind;
  readonly name: string;
  readonly range: TextRange;
}

export interface FoundFile {
  /** Path relative to the root of the site. */
  readonly file: string;
  readonly checks: readonly FoundCheck[];
  /** Why the file can't be run; null when it can. */
  readonly problem: string | null;
}

export interface FoundSite {
  readonly name: string;
  readonly files: readonly FoundFile[];
}

export interface CheckMessage {
  readonly text: string;
  /** Relative to the root of the site; null: no place is known. */
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  readonly expected: string | null;
  readonly actual: string | null;
}

export interface CheckOutcome {
  readonly id: string;
  readonly name: string;
  /** `unknown`: it reached something that can't be executed. `broken`: it could not be run at all. */
  readonly status: 'passed' | 'failed' | 'unknown' | 'broken';
  readonly messages: readonly CheckMessage[];
  /** Real time in milliseconds; null where none was taken. */
  readonly ms: number | null;
}

export interface CoveredBranch {
  readonly label: string;
  readonly hits: number;
  readonly range: TextRange;
}

export interface CoveredStatement {
  readonly hits: number;
  readonly range: TextRange;
  readonly branches: readonly CoveredBranch[];
}

export interface CoveredPou {
  readonly name: string;
  readonly hits: number;
  readonly range: TextRange;
}

export interface Count {
  readonly covered: number;
  readonly total: number;
}

/** Coverage of one file, in the terms of an editor. MC/DC stands among the branches, each condition by its text. */
export interface CoveredFile {
  readonly file: string;
  readonly statements: readonly CoveredStatement[];
  readonly pous: readonly CoveredPou[];
  readonly statementCount: Count;
  readonly branchCount: Count;
  readonly mcdcCount: Count;
}

export interface ScenarioCase {
  /** A scenario as YAML. */
  readonly scenario: string;
}

/** Inputs from a cold start: each keeps its value until it is set again. */
export interface InputCase {
  readonly inputs: readonly InputChange[];
  readonly scans: number;
  /** What the case is about; it stands first. */
  readonly tags: readonly string[];
}

export interface InputChange {
  readonly scan: number;
  readonly tag: string;
  readonly value: boolean | number | string;
}

/** From where a trace comes. The same source gives the same trace: that is how a window is restored. */
export type TraceSource =
  | { readonly kind: 'file'; readonly path: string }
  /** `revision`: a git revision of the site; null: the files as they are. */
  | { readonly kind: 'check'; readonly root: string; readonly id: string; readonly revision: string | null }
  /** What a verifier found against a change: it runs on any version of the site. */
  | {
      readonly kind: 'case';
      readonly root: string;
      readonly revision: string | null;
      readonly title: string;
      readonly what: ScenarioCase | InputCase;
    }
  | {
      readonly kind: 'program';
      /** Root of the site, or null for a file outside of every site. */
      readonly root: string | null;
      /** Absolute path of the file with the program. */
      readonly file: string;
      readonly dialect: string;
      readonly program: string;
      readonly durationNs: number;
      /** `Main.Start=TRUE`: values that are held. */
      readonly inputs: readonly string[];
    };

/** A trace as it is opened in a window. */
export interface OpenTrace {
  readonly source: TraceSource;
  readonly title: string;
  /** What the run says, in a sentence. */
  readonly summary: string;
  readonly trace: PackedTrace;
  /** Names of the tags that the run is about; they stand first. */
  readonly focus: readonly string[];
  /** Whether the source lines behind a value can be shown. */
  readonly canExplain: boolean;
  /** What the axis counts: scans, or the statements of a unit test. */
  readonly sampleName: 'scan' | 'statement';
}

/** A statement that may have written a tag. */
export interface SourceWrite {
  /** Absolute path. */
  readonly file: string;
  readonly range: TextRange;
  /** Whether it ran in the scan. */
  readonly ran: boolean;
}

/** Values of the names of one line after the scan. */
export interface LineValues {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly ran: boolean;
}

export interface Explanation {
  readonly tag: string;
  readonly timeNs: number;
  readonly sample: number;
  readonly value: string;
  readonly writes: readonly SourceWrite[];
  readonly lines: readonly LineValues[];
}

/** What the extension asks, and what it gets. */
export interface SimulatorOrders {
  readonly discover: { readonly order: { readonly root: string }; readonly answer: FoundSite };
  readonly run: {
    /** `ids` null: everything of the site. */
    readonly order: { readonly root: string; readonly ids: readonly string[] | null; readonly coverage: boolean };
    readonly answer: { readonly coverage: readonly CoveredFile[] };
  };
  readonly trace: { readonly order: { readonly source: TraceSource }; readonly answer: OpenTrace };
  readonly explain: {
    readonly order: { readonly source: TraceSource; readonly tag: string; readonly sample: number };
    readonly answer: Explanation;
  };
  readonly export: {
    readonly order: {
      readonly trace: PackedTrace;
      readonly tags: readonly string[];
      readonly format: 'svg' | 'vcd' | 'csv' | 'json';
      readonly title: string;
      readonly firstSample: number;
      readonly lastSample: number;
    };
    readonly answer: { readonly text: string };
  };
}

export type OrderKind = keyof SimulatorOrders;

export type SimulatorRequest = {
  [Kind in OrderKind]: { readonly ticket: number; readonly kind: Kind; readonly order: SimulatorOrders[Kind]['order'] };
}[OrderKind];

/** What happens while a `run` is at work. */
export type RunEvent =
  | { readonly event: 'started'; readonly id: string }
  | { readonly event: 'outcome'; readonly outcome: CheckOutcome };

export type SimulatorAnswer =
  | { readonly ticket: number; readonly kind: 'event'; readonly event: RunEvent }
  | { readonly ticket: number; readonly kind: 'answer'; readonly answer: SimulatorOrders[OrderKind]['answer'] }
  | { readonly ticket: number; readonly kind: 'refused'; readonly reason: string };
