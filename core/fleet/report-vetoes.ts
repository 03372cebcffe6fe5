/** Why a change was refused: what was changed, what that does, which rule forbids it, and the case that shows it. */

import { type Finding, failsVerdict } from '../base/finding.js';
import { ALL_RULES } from '../verify/rule-table.js';
import type { Verdict } from '../verify/verdict.js';
import { STAGE_TITLES } from './checklist.js';
import { type Html, html } from './html.js';
import type { PatchFile } from './patch-view.js';
import { counterexample } from './report-counterexample.js';
import { type ChangedPlace, changedPlaces, placeOfFinding, sideBySide } from './report-diff.js';

/** Places of a large change that are shown where a veto belongs to the change as a whole. */
const SHOWN_PLACES = 5;
/** Diagrams for one place: the first ones say it. */
const SHOWN_CASES = 2;

interface Veto {
  readonly finding: Finding;
  readonly stage: string;
}

/** One block for each place of the change that a verifier refuses; null when nothing does. */
export function vetoSection(verdict: Verdict, files: readonly PatchFile[]): Html | null {
  const vetoes = verdict.stages.flatMap(({ stage, findings }) =>
    findings
      .filter(({ severity }) => failsVerdict(severity))
      .map((finding): Veto => ({ finding, stage: STAGE_TITLES[stage] })),
  );
  if (vetoes.length === 0) return null;
  const places = changedPlaces(files);
  const groups = new Map<ChangedPlace | null, Veto[]>();
  for (const veto of vetoes) {
    const place = placeOfFinding(veto.finding, places);
    groups.set(place, [...(groups.get(place) ?? []), veto]);
  }
  // in the order of the difference; what belongs to no single place comes last
  const rank = (place: ChangedPlace | null): number => (place === null ? places.length : places.indexOf(place));
  const ordered = [...groups].sort(([a], [b]) => rank(a) - rank(b));
  const blocks = ordered.map(([place, own], index) => placeBlock(place, own, places, index + 1, groups.size));
  return html`<p>${introduction(vetoes.length, groups.size)} Each block shows what was changed, before on the left and after on the right, and then what the verifiers say against it, with the rule and the clause of the standard behind it.</p>${blocks}`;
}

function introduction(vetoes: number, places: number): string {
  const findings = `${vetoes} finding${vetoes === 1 ? ' refuses' : 's refuse'} this change`;
  return places === 1 ? `${findings}.` : `${findings}, in ${places} places.`;
}

function placeBlock(
  place: ChangedPlace | null,
  vetoes: readonly Veto[],
  places: readonly ChangedPlace[],
  number: number,
  count: number,
): Html {
  const shown = place === null ? places.slice(0, SHOWN_PLACES) : [place];
  const cases = vetoes.flatMap(({ finding }) => counterexample(finding) ?? []);
  const title = count === 1 ? 'What was changed' : `Change ${number} of ${count}`;
  return html`<article class="veto"><h3>${title}${place === null && places.length > 1 ? ' (the verifiers name no single place)' : ''}</h3>${shown.map(sideBySide)}<h4>What the verifiers say</h4><ol class="reasons">${reasons(vetoes)}</ol>${
    cases.length === 0 ? null : html`<h4>A case that shows it</h4>${cases.slice(0, SHOWN_CASES)}`
  }</article>`;
}

/** The vetoes by rule: the same rule says its reason once, and its messages one after the other. */
function reasons(vetoes: readonly Veto[]): Html[] {
  const byCode = new Map<string, Veto[]>();
  for (const veto of vetoes) byCode.set(veto.finding.code, [...(byCode.get(veto.finding.code) ?? []), veto]);
  return [...byCode].map(([code, own]) => {
    const rule = ALL_RULES.find((each) => each.code === code);
    const [first] = own;
    const messages = [...new Set(own.map(({ finding }) => finding.message))];
    return html`<li><p class="headline">${rule?.title ?? (first?.stage === STAGE_TITLES.simulation ? 'The simulator shows it' : 'The verifier refuses this')}</p>${messages.map((message) => html`<p>${message}</p>`)}${
      rule === undefined
        ? null
        : html`<p class="place">Why this matters: ${rule.rationale}</p><p class="place">Clause: ${rule.reference}</p>`
    }<p class="place">Found by: ${first?.stage ?? ''}, rule ${code} (${first?.finding.rule ?? ''}), at ${first?.finding.file ?? ''} line ${first?.finding.line ?? 1}</p></li>`;
  });
}
