/** What the verifier matrix shows: one snapshot, sent whole. The host owns it; the webview keeps only what is selected. */

export const STAGE_TITLES = {
  compile: 'Compile',
  safety: 'Safety',
  simulation: 'Simulation',
  proof: 'Proof',
  judge: 'Judge',
} as const;

export type MatrixStage = keyof typeof STAGE_TITLES;

export const MATRIX_STAGES: readonly MatrixStage[] = ['compile', 'safety', 'simulation', 'proof', 'judge'];

/** `open`: not judged yet, or nothing to judge. */
export type CellStatus = 'passed' | 'failed' | 'not-applicable' | 'running' | 'open';

export interface MatrixFinding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly place: string;
}

export interface MatrixCell {
  readonly stage: MatrixStage;
  readonly status: CellStatus;
  readonly findings: readonly MatrixFinding[];
  /** What was checked, in a sentence; empty when there is nothing to say. */
  readonly summary: string;
}

export interface MatrixRow {
  readonly site: string;
  readonly wave: string;
  /** State of the site in the run, in words. */
  readonly state: string;
  readonly changeId: string | null;
  readonly cells: readonly MatrixCell[];
}

export interface MatrixState {
  /** Title of the migration and id of the run; empty before the first run. */
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly MatrixRow[];
}

/** Messages from the host to the webview. */
export interface HostMessage {
  readonly kind: 'state';
  readonly state: MatrixState;
}

/** Messages from the webview to the host. */
export type ViewMessage = { readonly kind: 'ready' } | { readonly kind: 'open-change'; readonly changeId: string };

/** Reads a message of the webview: what is not one of ours is null. */
export function viewMessageOf(value: unknown): ViewMessage | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  if (value.kind === 'ready') return { kind: 'ready' };
  if (value.kind === 'open-change' && 'changeId' in value && typeof value.changeId === 'string') {
    return { kind: 'open-change', changeId: value.changeId };
  }
  return null;
}
