/**
 * A trace as an SVG timing diagram: one lane per signal, Boolean lanes as steps, numbers as curves with their range,
 * text as labelled bands; steps, faults and failures as marked lines. Colours follow the viewer's light or dark mode
 * and can be set by CSS variables (`--pw-…`) where the SVG is part of a page.
 */

import type { Trace, TraceMarker, TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

export interface DiagramOptions {
  /** Width in pixels. Default: 960. */
  readonly width?: number;
  readonly title?: string;
}

const LANE = 44;
const TOP = 46;
const LABELS = 210;
const RIGHT = 16;
const LEGEND = 30;

const STYLE = `
.pw { --bg: var(--pw-bg, #ffffff); --fg: var(--pw-fg, #1f2328); --dim: var(--pw-dim, #59636e); --grid: var(--pw-grid, #d1d9e0);
  --high: var(--pw-high, #0969da); --fill: var(--pw-fill, #ddf4ff); --fault: var(--pw-fault, #9a6700); --fail: var(--pw-fail, #cf222e); --step: var(--pw-step, #1a7f37); }
@media (prefers-color-scheme: dark) { .pw { --bg: var(--pw-bg, #0d1117); --fg: var(--pw-fg, #e6edf3); --dim: var(--pw-dim, #9198a1); --grid: var(--pw-grid, #3d444d);
  --high: var(--pw-high, #4493f8); --fill: var(--pw-fill, #132339); --fault: var(--pw-fault, #d29922); --fail: var(--pw-fail, #f85149); --step: var(--pw-step, #3fb950); } }
.pw text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: var(--fg); }
.pw .dim { fill: var(--dim); font-size: 11px; }
.pw .label { paint-order: stroke; stroke: var(--bg); stroke-width: 3px; stroke-linejoin: round; }
.pw .edge { stroke: var(--high); stroke-width: 1.6; }
.pw .title { font-size: 14px; font-weight: 600; }
.pw .grid { stroke: var(--grid); stroke-width: 1; }
.pw .wave { fill: none; stroke: var(--high); stroke-width: 1.6; stroke-linejoin: round; }
.pw .on { fill: var(--fill); }
.pw .step { stroke: var(--step); stroke-dasharray: 2 3; } .pw .fault { stroke: var(--fault); stroke-dasharray: 5 3; }
.pw .power { stroke: var(--dim); stroke-width: 2; } .pw .failure { stroke: var(--fail); stroke-width: 1.6; }
.pw .t-step { fill: var(--step); } .pw .t-fault { fill: var(--fault); } .pw .t-power { fill: var(--dim); } .pw .t-failure { fill: var(--fail); }
`;

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly startNs: number;
  readonly endNs: number;
  x(timeNs: number): number;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(text.length - length + 1)}`;
}

/** Runs of equal values: index of the first scan of each. */
function changesOf(values: readonly JsonValue[]): number[] {
  const starts: number[] = [];
  values.forEach((value, index) => {
    if (index === 0 || value !== values[index - 1]) starts.push(index);
  });
  return starts;
}

/** The point in time up to which a run of values lasts. */
function endOf(trace: Trace, starts: readonly number[], run: number, frame: Frame): number {
  const next = starts[run + 1];
  return next === undefined ? frame.right : frame.x(trace.timesNs[next] ?? frame.endNs);
}

function boolLane(trace: Trace, signal: TraceSignal, y: number, frame: Frame): string {
  const high = y + 8;
  const low = y + LANE - 12;
  const starts = changesOf(signal.values);
  const fills: string[] = [];
  let path = '';
  starts.forEach((start, run) => {
    const from = frame.x(trace.timesNs[start] ?? 0);
    const to = endOf(trace, starts, run, frame);
    const isOn = signal.values[start] === true;
    const level = isOn ? high : low;
    path += `${path === '' ? 'M' : 'L'}${round(from)} ${level}L${round(to)} ${level}`;
    if (isOn)
      fills.push(
        `<rect class="on" x="${round(from)}" y="${high}" width="${round(Math.max(0.5, to - from))}" height="${low - high}"/>`,
      );
  });
  return `${fills.join('')}<path class="wave" d="${path}"/>`;
}

function numberLane(trace: Trace, signal: TraceSignal, y: number, frame: Frame): string {
  const numbers = signal.values.map((value) => Number(value));
  const finite = numbers.filter(Number.isFinite);
  const least = finite.reduce((a, b) => Math.min(a, b), finite[0] ?? 0);
  const greatest = finite.reduce((a, b) => Math.max(a, b), finite[0] ?? 0);
  const span = greatest === least ? 1 : greatest - least;
  const high = y + 8;
  const low = y + LANE - 12;
  let path = '';
  for (const [run, start] of changesOf(signal.values).entries()) {
    const level = low - (((numbers[start] ?? least) - least) / span) * (low - high);
    const from = frame.x(trace.timesNs[start] ?? 0);
    path += `${run === 0 ? 'M' : 'L'}${round(from)} ${run === 0 ? round(level) : (path.split(' ').at(-1) ?? round(level))}L${round(from)} ${round(level)}`;
  }
  path += `L${round(frame.right)} ${path.split(' ').at(-1) ?? low}`;
  const range = (value: number, at: number): string =>
    `<text class="dim" x="${frame.left - 6}" y="${at}" text-anchor="end">${escapeXml(String(Math.round(value * 1000) / 1000))}</text>`;
  const labels = greatest === least ? [range(least, low + 3)] : [range(greatest, high + 5), range(least, low + 3)];
  return `<path class="wave" d="${path}"/>${labels.join('')}`;
}

function textLane(trace: Trace, signal: TraceSignal, y: number, frame: Frame): string {
  const starts = changesOf(signal.values);
  return starts
    .map((start, run) => {
      const from = frame.x(trace.timesNs[start] ?? 0);
      const width = endOf(trace, starts, run, frame) - from;
      const label = String(signal.values[start] ?? '');
      const fits = width > 7 * label.length + 8;
      // Neighbouring bands have one colour: the edge says where a value begins.
      const edge =
        run === 0
          ? ''
          : `<line class="edge" x1="${round(from)}" y1="${y + 8}" x2="${round(from)}" y2="${y + LANE - 12}"/>`;
      const band = `<rect class="on" x="${round(from)}" y="${y + 8}" width="${round(Math.max(0.5, width - 1))}" height="${LANE - 20}"><title>${escapeXml(label)}</title></rect>${edge}`;
      return fits
        ? `${band}<text class="dim" x="${round(from + 4)}" y="${y + LANE / 2 + 2}">${escapeXml(label)}</text>`
        : band;
    })
    .join('');
}

/** A step of the time axis with at most twelve marks: 1, 2 or 5 times a power of ten milliseconds. */
function tickStep(spanMs: number): number {
  const raw = Math.max(spanMs / 12, 1e-6);
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10);
}

function formatMs(ms: number): string {
  return ms >= 1000 && ms % 100 === 0 ? `${ms / 1000} s` : `${Math.round(ms * 1000) / 1000} ms`;
}

function axis(frame: Frame, bottom: number): string {
  const startMs = frame.startNs / 1e6;
  const endMs = frame.endNs / 1e6;
  const step = tickStep(endMs - startMs);
  const marks: string[] = [];
  for (let ms = Math.ceil(startMs / step) * step; ms <= endMs; ms += step) {
    const x = round(frame.x(ms * 1e6));
    marks.push(
      `<line class="grid" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/><text class="dim" x="${x}" y="${TOP - 6}" text-anchor="middle">${formatMs(ms)}</text>`,
    );
  }
  return marks.join('');
}

function markerLine(marker: TraceMarker, frame: Frame, bottom: number, row: number): string {
  const x = round(frame.x(marker.timeNs));
  return `<line class="${marker.kind}" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom + 4 + row * 14}"><title>${escapeXml(marker.label)}</title></line>`;
}

function markerLabel(marker: TraceMarker, frame: Frame, bottom: number, row: number): string {
  const label = marker.label.length > LABEL_LENGTH ? `${marker.label.slice(0, LABEL_LENGTH - 1)}…` : marker.label;
  return `<text class="dim label t-${marker.kind}" x="${round(labelStart(marker, frame))}" y="${bottom + 14 + row * 14}">${escapeXml(label)}<title>${escapeXml(marker.label)}</title></text>`;
}

const LABEL_LENGTH = 40;

function labelWidth(marker: TraceMarker): number {
  return Math.min(marker.label.length, LABEL_LENGTH) * 6.2 + 10;
}

/** A label begins at its marker, or earlier where it would leave the diagram. */
function labelStart(marker: TraceMarker, frame: Frame): number {
  return Math.max(0, Math.min(frame.x(marker.timeNs), frame.right - labelWidth(marker)));
}

/** Labels of markers that would overlap go into further rows. */
function rowsOf(markers: readonly TraceMarker[], frame: Frame): number[] {
  const ends: number[] = [];
  return markers.map((marker) => {
    const start = labelStart(marker, frame);
    const row = ends.findIndex((end) => end < start);
    const chosen = row === -1 ? ends.length : row;
    ends[chosen] = start + labelWidth(marker);
    return chosen;
  });
}

const MARKER_ROWS = 8;

/** The diagram as an SVG document that stands alone. */
export function timingDiagram(trace: Trace, options: DiagramOptions = {}): string {
  const width = options.width ?? 960;
  const startNs = trace.timesNs[0] ?? 0;
  const endNs = Math.max(trace.timesNs.at(-1) ?? 0, startNs + 1);
  const frame: Frame = {
    left: LABELS,
    right: width - RIGHT,
    startNs,
    endNs,
    x: (timeNs) =>
      LABELS + ((Math.min(Math.max(timeNs, startNs), endNs) - startNs) / (endNs - startNs)) * (width - RIGHT - LABELS),
  };
  const bottom = TOP + trace.signals.length * LANE;
  const rows = rowsOf(trace.markers, frame);
  const shown = trace.markers
    .map((marker, index) => ({ marker, row: rows[index] ?? 0 }))
    .filter(({ row }) => row < MARKER_ROWS);
  const height = bottom + LEGEND + 14 * (shown.reduce((most, { row }) => Math.max(most, row), 0) + 1);
  const lanes = trace.signals.map((signal, index) => {
    const y = TOP + index * LANE;
    const lane = signal.kind === 'bool' ? boolLane : signal.kind === 'number' ? numberLane : textLane;
    return (
      `<g><text x="12" y="${y + LANE / 2 + 2}">${escapeXml(shorten(signal.name, signal.kind === 'number' ? 20 : 26))}<title>${escapeXml(`${signal.name} : ${signal.type}`)}</title></text>` +
      `<line class="grid" x1="0" y1="${y + LANE}" x2="${width}" y2="${y + LANE}"/>${lane(trace, signal, y, frame)}</g>`
    );
  });
  const title = options.title ?? 'Timing diagram';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="pw" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<title>${escapeXml(title)}</title><style>${STYLE}</style><rect width="${width}" height="${height}" style="fill: var(--bg)"/>` +
    `<text class="title" x="12" y="20">${escapeXml(title)}</text>${axis(frame, bottom)}${lanes.join('')}` +
    `${shown.map(({ marker, row }) => markerLine(marker, frame, bottom, row)).join('')}` +
    `${shown.map(({ marker, row }) => markerLabel(marker, frame, bottom, row)).join('')}</svg>\n`
  );
}
