import type { ChangeMarker, ChangeSignal, ChangeTrace } from '../../../core/simulation/change-trace.js';
import { type Axis, ticksOf, tickTexts } from './axis.js';
import type { Colours } from './colours.js';
import type { Difference } from './differences.js';
import { columnsOf, type Extent, runsOf } from './lane.js';
import { numberText } from './tag-order.js';
import type { Viewport } from './viewport.js';

/** Height of one tag, in pixels. */
export const LANE_HEIGHT = 34;
export const HEADER_HEIGHT = 40;
const PADDING = 6;

/** One tag to draw. */
export interface DrawnLane {
  readonly signal: ChangeSignal;
  /** The same tag of the trace that is compared with; null when there is none. */
  readonly other: ChangeSignal | null;
  readonly differences: readonly Difference[];
  /** The scale of a number; null for other signals. */
  readonly extent: Extent | null;
  readonly isSelected: boolean;
}

export interface Picture {
  readonly trace: ChangeTrace;
  readonly axis: Axis;
  readonly otherAxis: Axis | null;
  readonly view: Viewport;
  readonly width: number;
  /** Positions along the axis; null: not set. */
  readonly cursor: number | null;
  readonly second: number | null;
  readonly colours: Colours;
  readonly sampleName: string;
}

type Context = CanvasRenderingContext2D;

function xOf({ view, width }: Picture, position: number): number {
  return ((position - view.start) / (view.end - view.start)) * width;
}

/** The axis with its numbers, and a flag for each step, fault and failure. */
export function drawHeader(context: Context, picture: Picture): void {
  const { axis, view, width, colours, trace, sampleName } = picture;
  context.clearRect(0, 0, width, HEADER_HEIGHT);
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  let free = Number.NEGATIVE_INFINITY;
  const ticks = ticksOf(view.start, view.end, width / 90, axis.kind);
  const texts = tickTexts(ticks, axis.kind, sampleName);
  for (const [index, tick] of ticks.entries()) {
    const x = xOf(picture, tick);
    line(context, x, HEADER_HEIGHT - 6, HEADER_HEIGHT, colours.dim, 1);
    const text = texts[index] ?? '';
    const half = context.measureText(text).width / 2;
    const at = Math.min(Math.max(x, half + 2), width - half - 2);
    if (at - half < free) continue;
    context.fillStyle = colours.dim;
    context.fillText(text, at - half, HEADER_HEIGHT - 14);
    free = at + half + 8;
  }
  for (const marker of trace.markers) {
    const x = xOf(picture, markerPosition(picture, marker));
    if (x < -6 || x > width + 6) continue;
    flag(context, x, marker.kind, colours);
  }
  for (const [position, colour, letter] of cursorsOf(picture)) {
    if (position < view.start || position > view.end) continue;
    const x = Math.min(Math.max(xOf(picture, position), 7), width - 7);
    context.fillStyle = colour;
    context.fillRect(x - 7, 2, 14, 13);
    context.fillStyle = colours.background;
    context.font = `bold 10px ${colours.font}`;
    context.fillText(letter, x - 3.5, 9);
  }
}

/** Where a marker stands: on a sample axis at the scan that follows it. */
export function markerPosition(
  { trace, axis }: Pick<Picture, 'trace' | 'axis'>,
  { timeNs, sample }: Pick<ChangeMarker, 'timeNs' | 'sample'>,
): number {
  if (axis.kind === 'time') return timeNs;
  if (sample !== undefined) return Math.min(sample, trace.timesNs.length - 1);
  const index = trace.timesNs.findIndex((time) => time >= timeNs);
  return index < 0 ? trace.timesNs.length - 1 : index;
}

/** A shape for each kind, so that none is told by its colour alone. */
function flag(context: Context, x: number, kind: ChangeTrace['markers'][number]['kind'], colours: Colours): void {
  context.fillStyle = colours[kind];
  context.strokeStyle = colours[kind];
  context.lineWidth = 1.5;
  context.beginPath();
  switch (kind) {
    case 'step':
      context.moveTo(x, 12);
      context.lineTo(x - 4, 4);
      context.lineTo(x + 4, 4);
      break;
    case 'fault':
      context.moveTo(x, 3);
      context.lineTo(x + 5, 8);
      context.lineTo(x, 13);
      context.lineTo(x - 5, 8);
      break;
    case 'power':
      context.rect(x - 2, 3, 4, 10);
      break;
    case 'failure':
      context.moveTo(x - 4, 4);
      context.lineTo(x + 4, 12);
      context.moveTo(x + 4, 4);
      context.lineTo(x - 4, 12);
      context.lineWidth = 2.5;
      context.stroke();
      return;
  }
  context.closePath();
  context.fill();
}

/** Grid, lanes, markers and cursors. `top` is how far the list is scrolled; only lanes within `height` are drawn. */
export function drawLanes(
  context: Context,
  picture: Picture,
  lanes: readonly DrawnLane[],
  { top, height }: { readonly top: number; readonly height: number },
): void {
  const { width, colours, axis, view } = picture;
  context.clearRect(0, 0, width, height);
  const bottom = Math.min(height, lanes.length * LANE_HEIGHT - top);
  for (const tick of ticksOf(view.start, view.end, width / 90, axis.kind)) {
    context.globalAlpha = colours.isHighContrast ? 0.35 : 1;
    line(context, xOf(picture, tick), 0, bottom, colours.grid, 1);
    context.globalAlpha = 1;
  }
  const first = Math.max(0, Math.floor(top / LANE_HEIGHT));
  const last = Math.min(lanes.length - 1, Math.floor((top + height) / LANE_HEIGHT));
  for (let index = first; index <= last; index++) {
    const lane = lanes[index];
    if (lane !== undefined) drawLane(context, picture, lane, index * LANE_HEIGHT - top);
  }
  for (const marker of picture.trace.markers) {
    const { kind } = marker;
    const x = xOf(picture, markerPosition(picture, marker));
    if (x < 0 || x > width) continue;
    context.setLineDash(kind === 'step' ? [2, 4] : kind === 'fault' ? [6, 3] : []);
    context.globalAlpha = kind === 'step' ? 0.6 : 1;
    line(context, x, 0, bottom, colours[kind], 1);
    context.globalAlpha = 1;
  }
  context.setLineDash([]);
  for (const [position, colour] of cursorsOf(picture)) line(context, xOf(picture, position), 0, bottom, colour, 2);
}

function cursorsOf({ cursor, second, colours }: Picture): (readonly [number, string, string])[] {
  return [
    ...(second === null ? [] : [[second, colours.second, 'B'] as const]),
    ...(cursor === null ? [] : [[cursor, colours.cursor, 'A'] as const]),
  ];
}

function drawLane(context: Context, picture: Picture, lane: DrawnLane, y: number): void {
  const { width, colours, view, axis, otherAxis } = picture;
  context.fillStyle = colours.line;
  context.fillRect(0, y + LANE_HEIGHT - 1, width, 1);
  if (lane.isSelected) {
    context.fillStyle = colours.selected;
    context.strokeStyle = colours.selected;
    if (colours.isHighContrast) context.strokeRect(0.5, y + 0.5, width - 1, LANE_HEIGHT - 1);
    else context.fillRect(0, y, width, LANE_HEIGHT - 1);
  }
  for (const { start, end } of lane.differences) {
    if (end < view.start || start > view.end) continue;
    const from = Math.max(0, xOf(picture, start));
    const to = Math.min(width, Math.max(from + 2, xOf(picture, end)));
    context.fillStyle = colours.difference;
    context.globalAlpha = colours.isHighContrast ? 0.35 : 0.18;
    context.fillRect(from, y + 2, to - from, LANE_HEIGHT - 4);
    context.globalAlpha = 1;
    context.fillRect(from, y + LANE_HEIGHT - 4, to - from, 2);
  }
  // Where both are the same, one line says it all.
  if (lane.other !== null && otherAxis !== null && lane.differences.length > 0) {
    context.save();
    context.beginPath();
    for (const { start, end } of lane.differences) {
      if (end < view.start || start > view.end) continue;
      const from = xOf(picture, start) - 1;
      context.rect(from, y, xOf(picture, end) - from + 1, LANE_HEIGHT);
    }
    context.clip();
    context.setLineDash([4, 3]);
    drawSignal(context, picture, lane.other, otherAxis, y, colours.other, lane.extent);
    context.restore();
  }
  drawSignal(context, picture, lane.signal, axis, y, colours.wave, lane.extent);
  if (lane.extent !== null && lane.extent.least !== lane.extent.greatest)
    drawScale(context, picture, lane, y, lane.extent);
}

/** The greatest and the least value, at the left edge. */
function drawScale(context: Context, { colours }: Picture, { signal }: DrawnLane, y: number, extent: Extent): void {
  context.font = `9px ${colours.font}`;
  context.textBaseline = 'middle';
  const write = (value: number, at: number): void => {
    const text = numberText(signal, value);
    context.fillStyle = colours.background;
    context.globalAlpha = 0.75;
    context.fillRect(1, at - 5, context.measureText(text).width + 4, 10);
    context.globalAlpha = 1;
    context.fillStyle = colours.dim;
    context.fillText(text, 3, at);
  };
  write(extent.greatest, y + PADDING);
  write(extent.least, y + LANE_HEIGHT - PADDING);
}

function drawSignal(
  context: Context,
  picture: Picture,
  signal: ChangeSignal,
  axis: Axis,
  y: number,
  colour: string,
  extent: Extent | null,
): void {
  context.strokeStyle = colour;
  context.lineWidth = picture.colours.isHighContrast ? 2 : 1.5;
  if (signal.kind === 'number') drawCurve(context, picture, signal, axis, y, extent);
  else if (signal.kind === 'bool') drawLevels(context, picture, signal, axis, y);
  else drawBands(context, picture, signal, axis, y);
}

function drawLevels(
  context: Context,
  { view, width, colours }: Picture,
  signal: ChangeSignal,
  axis: Axis,
  y: number,
): void {
  const high = y + PADDING;
  const low = y + LANE_HEIGHT - PADDING;
  const runs = runsOf(signal, axis, view, width);
  context.fillStyle = colours.fill;
  context.globalAlpha = context.getLineDash().length > 0 ? 0 : colours.isHighContrast ? 0.45 : 0.25;
  for (const { from, to, value, isDense } of runs)
    if (isDense || value === 1) context.fillRect(from, high, Math.max(1, to - from), low - high);
  context.globalAlpha = 1;
  context.beginPath();
  let isOpen = false;
  for (const { from, to, value, isDense } of runs) {
    const level = value === 1 ? high : low;
    if (isDense) {
      context.moveTo(from, high);
      context.lineTo(from, low);
      context.moveTo(Math.max(from + 1, to), high);
      context.lineTo(Math.max(from + 1, to), low);
      context.moveTo(to, level);
    } else if (isOpen) context.lineTo(from, level);
    else context.moveTo(from, level);
    context.lineTo(to, level);
    isOpen = true;
  }
  context.stroke();
}

function drawCurve(
  context: Context,
  { view, width }: Picture,
  signal: ChangeSignal,
  axis: Axis,
  y: number,
  extent: Extent | null,
): void {
  if (extent === null) return;
  const high = y + PADDING;
  const low = y + LANE_HEIGHT - PADDING;
  const span = extent.greatest - extent.least;
  const level = (value: number): number =>
    Number.isNaN(value) ? low : span === 0 ? (high + low) / 2 : low - ((value - extent.least) / span) * (low - high);
  const columns = columnsOf(signal, axis, view, width);
  context.beginPath();
  columns.forEach(({ x, first, least, greatest, last }, index) => {
    if (index === 0) context.moveTo(x, level(first));
    else {
      // Between two scans a value holds: the line is a step, not a slope.
      context.lineTo(x, level(columns[index - 1]?.last ?? first));
      context.lineTo(x, level(first));
    }
    if (least !== greatest) {
      context.lineTo(x, level(least));
      context.lineTo(x, level(greatest));
      context.lineTo(x, level(last));
    }
  });
  const end = Math.min(width, ((axis.end - view.start) / (view.end - view.start)) * width);
  context.lineTo(end, level(columns.at(-1)?.last ?? Number.NaN));
  context.stroke();
}

function drawBands(
  context: Context,
  { view, width, colours }: Picture,
  signal: ChangeSignal,
  axis: Axis,
  y: number,
): void {
  const isOther = context.getLineDash().length > 0;
  const top = y + PADDING;
  const height = LANE_HEIGHT - 2 * PADDING;
  context.font = `11px ${colours.font}`;
  context.textBaseline = 'middle';
  for (const { from, to, value, isDense } of runsOf(signal, axis, view, width)) {
    if (!isOther) {
      context.fillStyle = colours.fill;
      context.globalAlpha = isDense ? 0.35 : colours.isHighContrast ? 0.3 : 0.14;
      context.fillRect(from, top, Math.max(1, to - from), height);
      context.globalAlpha = 1;
    }
    context.strokeRect(from, top, Math.max(0.5, to - from), height);
    const label = signal.texts[value] ?? '';
    if (isOther || isDense || to - from < context.measureText(label).width + 10) continue;
    context.fillStyle = colours.foreground;
    context.fillText(label, Math.max(0, from) + 5, top + height / 2);
  }
}

function line(context: Context, x: number, from: number, to: number, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  // On the middle of a pixel a thin line stays sharp.
  const at = Math.round(x) + (width % 2) / 2;
  context.moveTo(at, from);
  context.lineTo(at, to);
  context.stroke();
}
