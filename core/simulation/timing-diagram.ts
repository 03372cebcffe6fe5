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
  const labels = [
    `<text class="dim" x="${frame.left - 6}" y="${high + 5}" text-anchor="end">${escapeXml(String(Math.round(greatest * 1000) / 1000))}</text>`,
    `<text class="dim" x="${frame.left - 6}" y="${low + 3}" text-anchor="end">${escapeXml(String(Math.round(least * 1000) / 1000))}</text>`,
  ];
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
      const band = `<rect class="on" x="${round(from)}" y="${y + 8}" width="${round(Math.max(0.5, width - 1))}" height="${LANE - 20}"><title>${escapeXml(label)}</title></rect>`;
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
  const y = bottom + 14 + row * 14;
  const label = marker.label.length > 40 ? `${marker.label.slice(0, 39)}…` : marker.label;
  return (
    `<line class="${marker.kind}" x1="${x}" y1="${TOP}" x2="${x}" y2="${y - 10}"><title>${escapeXml(marker.label)}</title></line>` +
    `<text class="dim t-${marker.kind}" x="${x}" y="${y}">${escapeXml(label)}</text>`
  );
}

/** Labels of markers that would overlap go into further rows. */
function rowsOf(markers: readonly TraceMarker[], frame: Frame): number[] {
  const ends: number[] = [];
  return markers.map((marker) => {
    const x = frame.x(marker.timeNs);
    const width = Math.min(marker.label.length, 40) * 6.2 + 10;
    const row = ends.findIndex((end) => end < x);
    const chosen = row === -1 ? ends.length : row;
    ends[chosen] = x + width;
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
      `<g><text x="12" y="${y + LANE / 2 + 2}">${escapeXml(shorten(signal.name, 26))}<title>${escapeXml(`${signal.name} : ${signal.type}`)}</title></text>` +
      `<line class="grid" x1="0" y1="${y + LANE}" x2="${width}" y2="${y + LANE}"/>${lane(trace, signal, y, frame)}</g>`
    );
  });
  const title = options.title ?? 'Timing diagram';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="pw" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<title>${escapeXml(title)}</title><style>${STYLE}</style><rect width="${width}" height="${height}" style="fill: var(--bg)"/>` +
    `<text class="title" x="12" y="20">${escapeXml(title)}</text>${axis(frame, bottom)}${lanes.join('')}` +
    `${shown.map(({ marker, row }) => markerLine(marker, frame, bottom, row)).join('')}</svg>\n`
  );
}
