import { stageSentence } from '../../core/fleet/checklist.js';
import {
  MATRIX_STAGES,
  type MatrixCell,
  type MatrixRow,
  type MatrixState,
  STAGE_TITLES,
} from '../webview/matrix/matrix-state.js';
import { siteWords } from './change-words.js';
import type { AttemptView, FleetState, SiteView } from './fleet-state.js';
import { describeRun } from './run-words.js';

/** The verifier matrix of a fleet's newest run. */
export function matrixOf(state: FleetState): MatrixState {
  if (state.run === null) return { title: 'Verifier Matrix', subtitle: '', rows: [] };
  return {
    title: state.run.title,
    subtitle: `Run ${state.run.id}, ${describeRun(state.run)}`,
    rows: state.sites.filter(({ attempt }) => attempt !== null).map(rowOf),
  };
}

function rowOf(view: SiteView): MatrixRow {
  const { site, attempt, change } = view;
  return {
    site: site.name,
    wave: site.wave ?? '',
    state: siteWords(view),
    changeId: change?.record.id ?? null,
    cells: MATRIX_STAGES.map((stage) => cellOf(stage, attempt)),
  };
}

function cellOf(stage: MatrixCell['stage'], attempt: AttemptView | null): MatrixCell {
  const result = attempt?.verdict?.stages.find((entry) => entry.stage === stage);
  if (result === undefined) {
    return {
      stage,
      status: attempt?.stage === stage ? 'running' : 'open',
      findings: [],
      summary: attempt?.detail ?? '',
    };
  }
  return {
    stage,
    status: result.status,
    summary: `${STAGE_TITLES[stage]} ${stageSentence(result)}. ${evidenceText(result.evidence)}`.trim(),
    findings: result.findings.map(({ code, severity, message, file, line }) => ({
      code,
      severity,
      message,
      place: `${file}:${line}`,
    })),
  };
}

/** The plain members of the evidence: what was checked, in numbers and words. */
function evidenceText(evidence: Readonly<Record<string, unknown>>): string {
  return Object.entries(evidence)
    .filter(([key, value]) => typeof value === 'number' || (typeof value === 'string' && key !== 'reason'))
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ');
}
