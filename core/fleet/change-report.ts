/**
 * `report.html`: the evidence of one change for a person who has never seen the tool. One file without scripts and
 * without anything from elsewhere; real tables; light and dark; every text from a site is escaped.
 */

import { compareFindings, type Finding, failsVerdict } from '../base/finding.js';
import type { StageResult, Verdict } from '../verify/verdict.js';
import { type ChangeFacts, REVIEW_TITLES, STAGE_TITLES, stageSentence } from './checklist.js';
import { type Html, html } from './html.js';
import { type PatchFile, type PatchLine, parsePatch } from './patch-view.js';
import { diffTable, fileDiff } from './report-diff.js';
import { words } from './report-evidence.js';
import { hazardSection } from './report-hazards.js';
import { REPORT_STYLE } from './report-style.js';
import { vetoSection } from './report-vetoes.js';

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
  const files = parsePatch(input.patch);
  const vetoes = vetoSection(verdict, files);
  const hazards = hazardSection(verdict);
  // What refuses the change stands in its own section, with the place that it speaks of.
  const others = vetoes === null ? findings : findings.filter(({ severity }) => !failsVerdict(severity));
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
${vetoes === null ? null : section('vetoes', 'What refuses the change, and why', vetoes)}
${hazards === null ? null : section('hazards', 'Per hazard: what was proved', hazards)}
${section('what', 'What was done', html`<p>${input.summary}</p>${factTable(input)}`)}
${section('verdict', 'What the verifiers checked', stageTable(verdict))}
${others.length === 0 && vetoes !== null ? null : section('findings', vetoes === null ? 'Findings' : 'Further findings', others.length === 0 ? html`<p>No verifier reported anything.</p>` : html`${others.map((finding) => findingBlock(finding, files))}`)}
${section('diff', 'The difference, line by line', html`${files.map((file) => fileDiff(file, findings))}`)}
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

function findingBlock(finding: Finding, files: readonly PatchFile[]): Html {
  const lines = linesAround(finding, files);
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
function linesAround(finding: Finding, files: readonly PatchFile[]): readonly PatchLine[] {
  const file = files.find(({ path }) => path === finding.file);
  for (const hunk of file?.hunks ?? []) {
    const index = hunk.lines.findIndex((line) => line.after === finding.line);
    if (index >= 0) return hunk.lines.slice(Math.max(0, index - 4), index + 5);
  }
  return [];
}
