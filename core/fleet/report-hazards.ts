/** Per hazard: which conditions were proved to stop it, and how its logic compares with the version before. */

import type { ObligationKind } from '../proof/obligations.js';
import type { Verdict } from '../verify/verdict.js';
import { type Html, html } from './html.js';
import { type Evidence, listIn, textIn, textsIn, words } from './report-evidence.js';

/** One obligation of the proof. */
interface Cell {
  readonly output: string;
  readonly condition: string;
  readonly kind: string;
  readonly status: string;
  readonly how: string;
}

/** Heads of the columns: what must hold. `scope` tells what a row of the column is about. */
const COLUMNS = {
  dominance: 'off while it is not healthy',
  'trip-latch': 'stays off until the reset',
  'release-does-not-restart': 'no start when it is healthy again',
  'reset-does-not-restart': 'no start by this alone',
  'mutual-exclusion': 'never on together with it',
  'non-interference': 'no operator value goes round it',
  unateness: 'asked in the right sense',
  'bounded-response': 'stops in time',
  'condition-not-constant': 'can be FALSE at all',
  'first-scan': 'no start by itself after power-up',
  'can-run': 'can be on at all',
  property: 'holds after every scan',
} satisfies Readonly<Record<ObligationKind, string>>;

const COLUMN_TITLES: Readonly<Record<string, string>> = COLUMNS;

/** What a comparison says about a hazard, in a sentence. */
const RELATIONS: Readonly<Record<string, string>> = {
  equal: 'switches exactly as before',
  stronger: 'is on in fewer cases than before, and in no new one',
  weaker: 'is on in cases in which it was off before',
  incomparable: 'is on in cases in which it was off before, and off in others',
  unknown: 'could not be compared with the version before',
};

/** The section, or null when the proof had nothing to decide. */
export function hazardSection(verdict: Verdict): Html | null {
  const { evidence } = verdict.stages[3];
  const cells = listIn(evidence, 'obligations').map(asCell);
  const comparisons = listIn(evidence, 'comparisons');
  if (cells.length === 0 && comparisons.length === 0) return null;
  const relations = new Map(
    comparisons.filter((each) => textIn(each, 'kind') === 'hazard').map((each) => [textIn(each, 'subject'), each]),
  );
  const outputs = [...new Set([...cells.map(({ output }) => output), ...relations.keys()])];
  const matrices = outputs.map((output) =>
    hazardMatrix(
      output,
      cells.filter((each) => each.output === output),
      relations.get(output) ?? null,
    ),
  );
  const others = comparisons.filter(
    (each) => textIn(each, 'kind') !== 'hazard' && textIn(each, 'relation') !== 'equal',
  );
  const assumptions = [...new Set(listIn(evidence, 'obligations').flatMap((each) => textsIn(each, 'assumptions')))];
  return html`<p>One table for each output that can hurt somebody. A row is a condition of the machine, a column is what must hold of the output in every scan of the program as changed, whatever the inputs are.</p>${matrices}${others.length === 0 ? null : comparisonTable(others)}${
    assumptions.length === 0
      ? null
      : html`<details><summary>What the proofs assume (${assumptions.length})</summary><ul>${assumptions.map((each) => html`<li>${each}</li>`)}</ul></details>`
  }`;
}

/** Hazards and how they compare, for a summary in one line each: `Main.Motor: weaker, 3 of 5 proved`. */
export function hazardSummaries(verdict: Verdict): string[] {
  const { evidence } = verdict.stages[3];
  const cells = listIn(evidence, 'obligations').map(asCell);
  return listIn(evidence, 'comparisons')
    .filter((each) => textIn(each, 'kind') === 'hazard')
    .map((each) => {
      const subject = textIn(each, 'subject');
      const own = cells.filter(({ output }) => output === subject);
      const proved = own.filter(({ status }) => status === 'proved').length;
      const shares = own.length === 0 ? '' : `; ${proved} of ${own.length} obligations proved`;
      return `${subject}: ${RELATIONS[textIn(each, 'relation')] ?? textIn(each, 'relation')}${shares}`;
    });
}

function hazardMatrix(output: string, cells: readonly Cell[], comparison: Evidence | null): Html {
  const kinds = Object.keys(COLUMN_TITLES).filter((kind) => cells.some((each) => each.kind === kind));
  const rest = [...new Set(cells.map(({ kind }) => kind))].filter((kind) => !kinds.includes(kind));
  const columns = [...kinds, ...rest];
  const conditions = [...new Set(cells.map(({ condition }) => condition))];
  const rows = conditions.map(
    (condition) =>
      html`<tr><th scope="row">${condition === '' ? 'whatever happens' : condition}</th>${columns.map((kind) => matrixCell(cells.find((each) => each.condition === condition && each.kind === kind) ?? null))}</tr>`,
  );
  const relation = comparison === null ? '' : textIn(comparison, 'relation');
  const verdictLine =
    comparison === null
      ? null
      : html`<p class="relation ${statusClass(relation)}">Compared with the version before, ${output} ${RELATIONS[relation] ?? relation}.</p>`;
  const table =
    cells.length === 0
      ? null
      : html`<div class="scroll"><table class="matrix"><caption class="hidden">What was proved of ${output}</caption><thead><tr><th scope="col">Condition</th>${columns.map((kind) => html`<th scope="col">${COLUMN_TITLES[kind] ?? words(kind)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
  return html`<h3>${output}</h3>${verdictLine}${table}`;
}

function matrixCell(cell: Cell | null): Html {
  if (cell === null) return html`<td class="not-applicable">–</td>`;
  return html`<td class="${statusClass(cell.status)}" title="${cell.how}">${cell.status}</td>`;
}

function comparisonTable(comparisons: readonly Evidence[]): Html {
  const rows = comparisons.map((each) => {
    const relation = textIn(each, 'relation');
    return html`<tr><th scope="row">${textIn(each, 'subject')}</th><td>${words(textIn(each, 'kind'))}</td><td class="${statusClass(relation)}">${relation}</td><td>${textIn(each, 'reason') || textIn(each, 'method')}</td></tr>`;
  });
  return html`<h3>Other signals that do not behave as before</h3><div class="scroll"><table><caption class="hidden">Other signals that do not behave as before</caption><thead><tr><th scope="col">Signal</th><th scope="col">What it is</th><th scope="col">After, compared with before</th><th scope="col">How it was decided</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const GOOD_STATUS = ['proved', 'equal', 'same', 'equivalent', 'stronger'];
const BAD_STATUS = ['refuted', 'weaker', 'incomparable', 'unknown'];

function statusClass(status: string): string {
  return GOOD_STATUS.includes(status) ? 'passed' : BAD_STATUS.includes(status) ? 'failed' : 'not-applicable';
}

function asCell(value: Evidence): Cell {
  const reason = textIn(value, 'reason');
  const method = textIn(value, 'method');
  return {
    output: textIn(value, 'output') || 'all outputs',
    condition: textIn(value, 'condition'),
    kind: textIn(value, 'kind'),
    status: textIn(value, 'status') || 'unknown',
    how: reason === '' ? method : `${method}: ${reason}`,
  };
}
