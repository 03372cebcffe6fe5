/**
 * `report.html`: the evidence of one change for a person who has never seen the tool. One file without scripts and
 * without anything from elsewhere; real tables; light and dark; every text from a site is escaped.
 */

import { compareFindings, type Finding } from '../base/finding.js';
import type { ObligationKind } from '../proof/obligations.js';
import type { StageResult, Verdict } from '../verify/verdict.js';
import { type ChangeFacts, REVIEW_TITLES, STAGE_TITLES, stageSentence } from './checklist.js';
import { type Html, html } from './html.js';
import { type PatchFile, type PatchLine, parsePatch } from './patch-view.js';
import { REPORT_STYLE } from './report-style.js';

export interface ReportInput extends ChangeFacts {
  readonly verdict: Verdict;
  readonly patch: string;
  readonly checklist: readonly string[];
  /** Empty for a change request; for a refused change, why it is none. */
  readonly blockedBecause: readonly string[];
}

/** The whole page. */
export function changeReport(input: ReportInput): string {
  const { verdict } = input;
  const isBlocked = input.blockedBecause.length > 0;
  const findings = verdict.stages.flatMap((stage) => stage.findings).sort(compareFindings);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${input.id}: ${input.migration.title}, ${input.site}</title>
<style>${{ html: REPORT_STYLE }}</style>
</head>
<body>
<main>
<header>
<p class="kicker">${isBlocked ? 'Refused change' : 'Change request'} ${input.id}</p>
<h1>${input.migration.title}</h1>
<p class="site">Site <strong>${input.site}</strong></p>
<p class="status ${isBlocked ? 'failed' : 'passed'}">${isBlocked ? 'The verifiers refused this change. Nobody can sign or publish it.' : `The verifiers found nothing that refuses this change. It needs the signature of ${REVIEW_TITLES[verdict.review]}.`}</p>
</header>
${isBlocked ? section('why', 'Why it is refused', html`<ul>${input.blockedBecause.map((reason) => html`<li>${reason}</li>`)}</ul>`) : null}
${section('what', 'What was done', html`<p>${input.summary}</p>${factTable(input)}`)}
${section('verdict', 'What the verifiers checked', stageTable(verdict))}
${hazardMatrix(verdict)}
${section('findings', 'Findings', findings.length === 0 ? html`<p>No verifier reported anything.</p>` : html`${findings.map((finding) => findingBlock(finding, input.patch))}`)}
${section('diff', 'The difference, line by line', html`${parsePatch(input.patch).map((file) => fileDiff(file, findings))}`)}
${isBlocked ? null : section('confirm', 'What a person must confirm', html`<p>No verifier can check these. Tick them in checklist.md before signing.</p><ol>${input.checklist.map((item) => html`<li>${item}</li>`)}</ol>`)}
${section('limits', 'What this report does not say', html`<p>The verifiers look at the program and at what plantwright.yaml says of the machine. They do not know the wiring, the mechanics or the people. A passed verdict means that the checks listed above found nothing under their assumptions; it is not a certificate and does not replace the validation of the machine.</p>`)}
<footer><p>Plantwright ${verdict.tool.version}, rules ${verdict.tool.rules}. Verdict ${verdict.digest}, difference ${verdict.diff}.</p></footer>
</main>
</body>
</html>
`;
  return page.html;
}

function section(id: string, title: string, content: Html): Html {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;
}

function factTable(input: ReportInput): Html {
  const engine =
    input.engine.kind === 'recipe'
      ? `recipe ${input.engine.name} ${input.engine.version}`
      : `agent with model ${input.engine.model} at ${input.engine.endpoint}`;
  const facts: [string, string][] = [
    ['Migration', `${input.migration.name} ${input.migration.version}`],
    ['Made by', engine],
    ['Started by', input.author],
    ['From commit', input.verdict.base],
    ['To', input.verdict.head],
  ];
  return html`<table class="facts"><caption class="hidden">Origin of the change</caption><tbody>${facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`;
}

function stageTable(verdict: Verdict): Html {
  const rows = verdict.stages.map(
    (stage) =>
      html`<tr><th scope="row">${STAGE_TITLES[stage.stage]}</th><td class="${stage.status}">${STATUS_TEXT[stage.status]}</td><td>${stageSentence(stage)}</td><td>${evidenceOf(stage)}</td></tr>`,
  );
  return html`<div class="scroll"><table><caption class="hidden">Result of every verifier</caption><thead><tr><th scope="col">Verifier</th><th scope="col">Result</th><th scope="col">In words</th><th scope="col">Evidence</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const STATUS_TEXT = { passed: 'passed', failed: 'failed', 'not-applicable': 'nothing to decide' } as const;

function evidenceOf(stage: StageResult): Html {
  const entries = Object.entries(stage.evidence);
  if (entries.length === 0) return html`none`;
  const simple = entries.filter(([, value]) => typeof value !== 'object' || value === null);
  const lists = entries.filter(([, value]) => typeof value === 'object' && value !== null);
  return html`${simple.map(([key, value]) => html`<div>${words(key)}: ${String(value)}</div>`)}${lists.map(([key, value]) => html`<details><summary>${words(key)}${Array.isArray(value) ? ` (${value.length})` : ''}</summary>${listOf(value)}</details>`)}`;
}

function listOf(value: unknown): Html {
  if (!Array.isArray(value)) return html`<pre>${JSON.stringify(value, null, 1)}</pre>`;
  return html`<ul>${value.slice(0, 200).map(
    (each) =>
      html`<li>${
        typeof each === 'object' && each !== null
          ? Object.entries(each)
              .map(([key, part]) => `${words(key)} ${typeof part === 'object' ? JSON.stringify(part) : String(part)}`)
              .join(', ')
          : String(each)
      }</li>`,
  )}</ul>`;
}

function words(key: string): string {
  return key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .toLowerCase();
}

interface Obligation {
  readonly output: string;
  readonly condition: string;
  readonly kind: string;
  readonly status: string;
  readonly method: string;
  readonly reason: string;
  readonly assumptions: readonly string[];
}

/** Per hazard output: each condition and what the proof says of it. Left out when the proof states no obligations. */
function hazardMatrix(verdict: Verdict): Html | null {
  const { evidence } = verdict.stages[3];
  const obligations = listIn(evidence, 'obligations').map(asObligation);
  const comparisons = listIn(evidence, 'comparisons');
  if (obligations.length === 0 && comparisons.length === 0) return null;
  const outputs = [...new Set(obligations.map(({ output }) => output))];
  const tables = outputs.map((output) =>
    obligationTable(
      output,
      obligations.filter((each) => each.output === output),
    ),
  );
  const assumptions = [...new Set(obligations.flatMap((each) => each.assumptions))];
  return section(
    'hazards',
    'Per hazard: what was proved',
    html`<p>For each output that can hurt somebody: what must hold in every scan, and whether it was proved for the program as changed.</p>${tables}${
      assumptions.length === 0
        ? null
        : html`<p>The proofs assume:</p><ul>${assumptions.map((each) => html`<li>${each}</li>`)}</ul>`
    }${comparisons.length === 0 ? null : comparisonTable(comparisons)}`,
  );
}

/** What an obligation of the proof says, for somebody who does not know its name. Other kinds show their name. */
const MEANING: Readonly<Partial<Record<string, string>>> = {
  dominance: 'is off whenever this condition is not healthy',
  'mutual-exclusion': 'is never on together with this',
  'first-scan': 'does not start by itself after power-up',
  'reset-does-not-restart': 'does not start by this reset alone',
  'release-does-not-restart': 'does not start when this condition becomes healthy again',
  'condition-not-constant': 'this condition can be FALSE at all',
  'trip-latch': 'stays tripped by this condition until the reset is given',
  'non-interference': 'does not depend on what an operator writes while this condition is not healthy',
  unateness: 'is never on because this condition is not healthy',
  'can-run': 'can be on at all',
  'bounded-response': 'stops soon after this condition fails',
  property: 'this holds after every scan',
} satisfies Readonly<Record<ObligationKind, string>>;

function obligationTable(output: string, obligations: readonly Obligation[]): Html {
  const rows = obligations.map(
    ({ condition, kind, status, method, reason }) =>
      html`<tr><th scope="row">${condition === '' ? 'none' : condition}</th><td>${MEANING[kind] ?? words(kind)}</td><td class="${statusClass(status)}">${status}</td><td>${reason === '' ? method : `${method}: ${reason}`}</td></tr>`,
  );
  return html`<div class="scroll"><table><caption>Hazard output ${output}</caption><thead><tr><th scope="col">Condition</th><th scope="col">What must hold: the output …</th><th scope="col">Result</th><th scope="col">How</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function comparisonTable(comparisons: readonly Readonly<Record<string, unknown>>[]): Html {
  const rows = comparisons.map((each) => {
    const relation = textIn(each, 'relation');
    return html`<tr><th scope="row">${textIn(each, 'subject')}</th><td>${words(textIn(each, 'kind'))}</td><td class="${statusClass(relation)}">${relation}</td><td>${textIn(each, 'reason') || textIn(each, 'method')}</td></tr>`;
  });
  return html`<div class="scroll"><table><caption>The logic after the change compared with the logic before</caption><thead><tr><th scope="col">Signal</th><th scope="col">What it is</th><th scope="col">After, compared with before</th><th scope="col">How</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const GOOD_STATUS = ['proved', 'equal', 'same', 'equivalent', 'stronger'];
const BAD_STATUS = ['refuted', 'weaker', 'incomparable', 'unknown'];

function statusClass(status: string): string {
  return GOOD_STATUS.includes(status) ? 'passed' : BAD_STATUS.includes(status) ? 'failed' : 'not-applicable';
}

function listIn(evidence: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>>[] {
  const value = evidence[key];
  if (!Array.isArray(value)) return [];
  return value.filter(
    (each): each is Record<string, unknown> => typeof each === 'object' && each !== null && !Array.isArray(each),
  );
}

function textIn(value: Readonly<Record<string, unknown>>, key: string): string {
  const part = value[key];
  return part === undefined || part === null ? '' : typeof part === 'object' ? JSON.stringify(part) : String(part);
}

function asObligation(value: Readonly<Record<string, unknown>>): Obligation {
  const { assumptions } = value;
  return {
    output: textIn(value, 'output') || 'all outputs',
    condition: textIn(value, 'condition'),
    kind: textIn(value, 'kind'),
    status: textIn(value, 'status') || 'unknown',
    method: textIn(value, 'method'),
    reason: textIn(value, 'reason'),
    assumptions: Array.isArray(assumptions) ? assumptions.map(String) : [],
  };
}

function findingBlock(finding: Finding, patch: string): Html {
  const lines = linesAround(finding, patch);
  return html`<article class="finding ${finding.severity}"><h3>${finding.code} ${finding.rule} <span class="severity">${finding.severity}</span></h3><p>${finding.message}</p><p class="place">${finding.file}, line ${finding.line}, column ${finding.column}</p>${
    finding.related.length === 0
      ? null
      : html`<ul>${finding.related.map((related) => html`<li>${related.file}, line ${related.line}: ${related.message}</li>`)}</ul>`
  }${lines.length === 0 ? null : diffTable(`Before and after at ${finding.file}, line ${finding.line}`, [{ header: '', lines }], [])}${
    Object.keys(finding.witness).length === 0
      ? null
      : html`<details><summary>The case that shows it</summary>${witness(finding.witness)}</details>`
  }</article>`;
}

function witness(value: Readonly<Record<string, unknown>>): Html {
  return html`<table><caption class="hidden">Values of the case</caption><tbody>${Object.entries(value).map(([key, part]) => html`<tr><th scope="row">${words(key)}</th><td>${typeof part === 'object' ? html`<pre>${JSON.stringify(part, null, 1)}</pre>` : String(part)}</td></tr>`)}</tbody></table>`;
}

/** The hunk that holds the line of a finding, cut to a few lines around it. */
function linesAround(finding: Finding, patch: string): readonly PatchLine[] {
  const file = parsePatch(patch).find(({ path }) => path === finding.file);
  for (const hunk of file?.hunks ?? []) {
    const index = hunk.lines.findIndex((line) => line.after === finding.line);
    if (index >= 0) return hunk.lines.slice(Math.max(0, index - 4), index + 5);
  }
  return [];
}

function fileDiff(file: PatchFile, findings: readonly Finding[]): Html {
  const title = `${file.path} (${file.status})`;
  if (file.isBinary) return html`<h3>${title}</h3><p>Not text; see diff.patch.</p>`;
  const own = findings.filter((finding) => finding.file === file.path);
  return html`<h3>${title}</h3>${diffTable(title, file.hunks, own)}`;
}

const SIGNS = { context: ' ', added: '+', removed: '-' } as const;
const SPOKEN = { context: '', added: 'added: ', removed: 'removed: ' } as const;

function diffTable(caption: string, hunks: PatchFile['hunks'], findings: readonly Finding[]): Html {
  const rows = hunks.flatMap((hunk) => [
    ...(hunk.header === '' ? [] : [html`<tr class="hunk"><td colspan="4">${hunk.header}</td></tr>`]),
    ...hunk.lines.flatMap((line) => [
      html`<tr class="${line.kind}"><td class="number">${line.before}</td><td class="number">${line.after}</td><td class="sign" aria-hidden="true">${SIGNS[line.kind]}</td><td class="code"><span class="hidden">${SPOKEN[line.kind]}</span>${line.text}</td></tr>`,
      ...findings
        .filter((finding) => finding.line === line.after)
        .map(
          (finding) =>
            html`<tr class="note ${finding.severity}"><td colspan="4">${finding.code}: ${finding.message}</td></tr>`,
        ),
    ]),
  ]);
  return html`<div class="scroll"><table class="diff"><caption class="hidden">${caption}</caption><thead class="hidden"><tr><th scope="col">Line before</th><th scope="col">Line after</th><th scope="col">Sign</th><th scope="col">Text</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
