/** The case that shows a veto: a timing diagram of the inputs that lead to it, or the values of the one scan. */

import type { Finding } from '../base/finding.js';
import { timingDiagram } from '../simulation/timing-diagram.js';
import type { Trace, TraceSignal } from '../simulation/trace.js';
import type { JsonValue } from '../simulation/values.js';
import { type Html, html } from './html.js';
import { type Evidence, isRecord, listIn, recordIn, textIn } from './report-evidence.js';

/** Scans that a diagram shows; of a longer case the last ones. */
const SHOWN_SCANS = 80;
/** Lanes that somebody can still read. */
const SHOWN_SIGNALS = 12;
const DEFAULT_CYCLE_NS = 10_000_000;

/** Null when the finding carries no case. */
export function counterexample({ witness, message }: Finding): Html | null {
  const trace = simulatedCase(witness) ?? provedCase(witness);
  if (trace !== null)
    return html`<figure>${{ html: timingDiagram(trace, { width: 1040, title: 'Inputs, scan by scan from a cold start' }) }}<figcaption>At the red line: ${whatHappens(message)}</figcaption></figure>`;
  const proof = recordIn(witness, 'counterexample');
  const scan = proof === null ? undefined : listIn(proof, 'scans').at(-1);
  return scan === undefined ? null : valuesOfScan(scan);
}

/** The first sentence of a message without its example, which the diagram shows. */
function whatHappens(message: string): string {
  const [sentence = message] = message.split(/(?<=[.;:]) |, for example /);
  return `${sentence.replace(/[.;:]$/, '')}.`;
}

/** A difference that the co-simulation saw: input changes by scan, and the hazard in both versions. */
function simulatedCase(witness: Evidence): Trace | null {
  const { tag, scan, timeNs, before, after } = witness;
  if (typeof tag !== 'string' || typeof scan !== 'number' || typeof timeNs !== 'number') return null;
  const changes = listIn(witness, 'inputs').flatMap((each): { scan: number; tag: string; value: JsonValue }[] => {
    const { scan: at, tag: name, value } = each;
    return typeof at === 'number' && typeof name === 'string'
      ? [{ scan: at, tag: name, value: value as JsonValue }]
      : [];
  });
  const from = Math.max(0, scan + 1 - SHOWN_SCANS);
  const scans = Array.from({ length: scan + 1 - from }, (_, index) => from + index);
  const names = [...new Set(changes.map((each) => each.tag))].sort();
  const valueAt = (name: string, at: number): JsonValue =>
    changes.filter((each) => each.tag === name && each.scan <= at).at(-1)?.value ?? restOf(changes, name);
  const lanes = names.slice(0, SHOWN_SIGNALS).map((name) =>
    signalOf(
      name,
      scans.map((at) => valueAt(name, at)),
    ),
  );
  const hazards = [
    hazardLane(`${tag} before`, witness['valuesBefore'], scans, before),
    hazardLane(`${tag} after`, witness['valuesAfter'], scans, after),
  ].flatMap((lane) => lane ?? []);
  const cycle = scan === 0 ? DEFAULT_CYCLE_NS : timeNs / scan;
  return withLastScan(
    scans.map((at) => at * cycle),
    [...lanes, ...hazards],
    cycle,
    `${tag} is ${shown(after)}, was ${shown(before)}`,
  );
}

function restOf(changes: readonly { tag: string; value: JsonValue }[], name: string): JsonValue {
  const first = changes.find((each) => each.tag === name)?.value;
  return typeof first === 'boolean' ? false : typeof first === 'number' ? 0 : '';
}

function hazardLane(name: string, values: unknown, scans: readonly number[], last: unknown): TraceSignal | null {
  if (!Array.isArray(values) || values.length === 0) return null;
  // the values end with the scan of the difference
  const first = (scans.at(-1) ?? 0) + 1 - values.length;
  return signalOf(
    name,
    scans.map((at) => (values[at - first] ?? last) as JsonValue),
  );
}

/** A case that the proof found from a cold start: what every scan reads from outside. */
function provedCase(witness: Evidence): Trace | null {
  const proof = recordIn(witness, 'counterexample');
  if (proof === null || textIn(proof, 'from') !== 'cold-start') return null;
  const scans = listIn(proof, 'scans');
  if (scans.length < 2) return null;
  const inputs = scans.map(
    (scan) =>
      new Map(
        listIn(scan, 'inputs').flatMap((each): [string, boolean][] => {
          const { name, value } = each;
          return typeof name === 'string' && typeof value === 'boolean' && isPlain(name) ? [[name, value]] : [];
        }),
      ),
  );
  const names = [...new Set(inputs.flatMap((each) => [...each.keys()]))].sort();
  const lanes = names.slice(0, SHOWN_SIGNALS).map((name) =>
    signalOf(
      name,
      inputs.map((each) => each.get(name) ?? false),
    ),
  );
  return withLastScan(
    scans.map((_, index) => index * DEFAULT_CYCLE_NS),
    lanes,
    DEFAULT_CYCLE_NS,
    'here',
  );
}

/** A signal of the machine, not a comparison or what a timer does. */
function isPlain(name: string): boolean {
  return !/[#( ]/.test(name);
}

/** The last scan gets a width of its own, with the mark at its start. */
function withLastScan(times: readonly number[], signals: readonly TraceSignal[], cycle: number, label: string): Trace {
  const last = times.at(-1) ?? 0;
  return {
    timesNs: [...times, last + cycle],
    signals: signals.map((each) => ({ ...each, values: [...each.values, each.values.at(-1) ?? false] })),
    markers: [{ timeNs: last, kind: 'failure', label }],
  };
}

function signalOf(name: string, values: readonly JsonValue[]): TraceSignal {
  const kind = values.every((value) => typeof value === 'boolean')
    ? 'bool'
    : values.every((value) => typeof value === 'number')
      ? 'number'
      : 'text';
  return { name, type: kind === 'bool' ? 'BOOL' : '', kind, values };
}

function shown(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

/** One scan from some memory: what was read from outside, and what the memory held. */
function valuesOfScan(scan: Evidence): Html {
  const rows = (['inputs', 'state'] as const).flatMap((part) =>
    listIn(scan, part)
      .filter((each) => isRecord(each) && isPlain(textIn(each, 'name')))
      .map(
        (each) =>
          html`<tr><th scope="row">${textIn(each, 'name')}</th><td>${each['value'] === true ? 'TRUE' : 'FALSE'}</td><td>${part === 'inputs' ? 'read in this scan' : 'in memory before this scan'}</td></tr>`,
      ),
  );
  if (rows.length === 0) return html`<p>The case does not depend on the inputs.</p>`;
  return html`<details><summary>The case that shows it: one scan with ${rows.length} values</summary><div class="scroll"><table><caption class="hidden">Values of the scan</caption><thead><tr><th scope="col">Signal</th><th scope="col">Value</th><th scope="col">Where from</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
