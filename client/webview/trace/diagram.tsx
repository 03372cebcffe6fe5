import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChangeSignal, ChangeTrace } from '../../../core/simulation/change-trace.js';
import type { Axis } from './axis.js';
import { type Colours, coloursOf } from './colours.js';
import { type DrawnLane, drawHeader, drawLanes, HEADER_HEIGHT, LANE_HEIGHT, type Picture } from './draw.js';
import { commonExtent, type Extent, extentOf } from './lane.js';
import { type Comparison, otherValueAt, valueAt } from './trace-model.js';
import type { Viewport } from './viewport.js';

export interface DiagramProps {
  readonly trace: ChangeTrace;
  readonly axis: Axis;
  readonly view: Viewport;
  readonly signals: readonly ChangeSignal[];
  readonly comparison: Comparison | null;
  readonly pinned: ReadonlySet<string>;
  readonly selected: string | null;
  /** Samples. */
  readonly cursor: number | null;
  readonly second: number | null;
  readonly sampleName: string;
  readonly label: string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onZoom: (around: number, factor: number) => void;
  readonly onPan: (by: number) => void;
  readonly onPlace: (which: 'cursor' | 'second', sample: number, tag: string | null) => void;
  readonly onPin: (tag: string) => void;
  readonly onExplain: (tag: string, sample: number) => void;
}

interface Size {
  readonly width: number;
  readonly height: number;
  /** Width of the scroll bar, which takes no room on some systems. */
  readonly bar: number;
}

/** Names, waves and values. What is scrolled out of sight is neither drawn nor in the document. */
export function Diagram(props: DiagramProps): preact.JSX.Element {
  const { signals, selected, cursor, second, comparison, axis, view, trace, sampleName } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const waves = useRef<HTMLCanvasElement>(null);
  const header = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<Size>({ width: 600, height: 300, bar: 0 });
  const [top, setTop] = useState(0);
  const colours = useColours();
  useSize(waves, scroller, setSize);

  const first = Math.max(0, Math.floor(top / LANE_HEIGHT) - 2);
  const last = Math.min(signals.length, Math.ceil((top + size.height) / LANE_HEIGHT) + 2);
  const rows = signals.slice(first, last);
  // To find the extent takes a look at every change: once for each signal that comes into sight.
  const extents = useMemo(() => new Map<ChangeSignal, Extent | null>(), [trace, comparison]);
  const extentFor = (signal: ChangeSignal): Extent | null => {
    if (signal.kind !== 'number' || !rows.includes(signal)) return null;
    const known = extents.get(signal);
    if (known !== undefined) return known;
    const other = comparison?.signals.get(signal.name);
    const extent = commonExtent(extentOf(signal), other === undefined ? null : extentOf(other));
    extents.set(signal, extent);
    return extent;
  };
  const position = (sample: number | null): number | null => (sample === null ? null : axis.positionOf(sample));

  useLayoutEffect(() => {
    const picture: Picture = {
      trace,
      axis,
      otherAxis: comparison?.axis ?? null,
      view,
      width: size.width,
      cursor: position(cursor),
      second: position(second),
      colours,
      sampleName,
    };
    const lanes = signals.map(
      (signal): DrawnLane => ({
        signal,
        other: comparison?.signals.get(signal.name) ?? null,
        differences: comparison?.differences.get(signal.name) ?? [],
        extent: extentFor(signal),
        isSelected: signal.name === selected,
      }),
    );
    const frame = requestAnimationFrame(() => {
      const lanesContext = contextOf(waves.current, size.width, size.height);
      if (lanesContext !== null) drawLanes(lanesContext, picture, lanes, { top, height: size.height });
      const headerContext = contextOf(header.current, size.width, HEADER_HEIGHT);
      if (headerContext !== null) drawHeader(headerContext, picture);
    });
    return () => cancelAnimationFrame(frame);
  });

  const index = signals.findIndex(({ name }) => name === selected);
  useEffect(() => {
    const box = scroller.current;
    if (box === null || index < 0) return;
    const y = index * LANE_HEIGHT;
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + LANE_HEIGHT > box.scrollTop + box.clientHeight) box.scrollTop = y + LANE_HEIGHT - box.clientHeight;
  }, [index]);

  const pointer = usePointer(props, waves, top);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table can not hold one canvas behind all of its rows
    <div
      class={second === null ? 'diagram' : 'diagram two'}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={signals.length}
      aria-activedescendant={index < 0 ? undefined : `lane-${index}`}
      onKeyDown={props.onKeyDown}
    >
      <div class="head" role="presentation" style={{ paddingRight: `${size.bar}px` }}>
        <span class="name">Tag</span>
        <span class="axis" aria-hidden="true">
          <canvas ref={header} />
        </span>
        <span class="value">{cursor === null ? '' : 'A'}</span>
        {second === null ? null : <span class="value">B</span>}
      </div>
      <div
        class="scroller"
        ref={scroller}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        role="presentation"
      >
        <div class="sheet" style={{ height: `${signals.length * LANE_HEIGHT}px` }} role="presentation" {...pointer}>
          <div class="stage" aria-hidden="true">
            <canvas ref={waves} />
          </div>
          {rows.map((signal, offset) => (
            <Lane
              key={signal.name}
              index={first + offset}
              signal={signal}
              isSelected={signal.name === selected}
              {...props}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function Lane({
  index,
  signal,
  isSelected,
  cursor,
  second,
  comparison,
  axis,
  pinned,
  onPin,
}: DiagramProps & {
  readonly index: number;
  readonly signal: ChangeSignal;
  readonly isSelected: boolean;
}): preact.JSX.Element {
  const isPinned = pinned.has(signal.name);
  const own = cursor === null ? '' : valueAt(signal, cursor);
  const other =
    comparison === null || cursor === null ? null : otherValueAt(comparison, signal.name, axis.positionOf(cursor));
  const differs = comparison?.differences.has(signal.name) ?? false;
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a grid over a canvas
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus and names its active row
    <div
      id={`lane-${index}`}
      class={`lane${isSelected ? ' selected' : ''}`}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      style={{ top: `${index * LANE_HEIGHT}px`, height: `${LANE_HEIGHT}px` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span class="name" role="rowheader" tabIndex={-1} title={`${signal.name} : ${signal.type}`}>
        <button
          type="button"
          class="pin"
          tabIndex={-1}
          aria-pressed={isPinned}
          aria-label={`${isPinned ? 'Unpin' : 'Pin'} ${signal.name}`}
          onClick={() => onPin(signal.name)}
        >
          {isPinned ? '★' : '☆'}
        </button>
        <span class="text">{signal.name}</span>
        {differs ? (
          <span class="differs" title="differs">
            ≠
          </span>
        ) : null}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span class="value" role="gridcell" tabIndex={-1} title={other === null ? own : `${own}, other trace ${other}`}>
        {own}
        {other !== null && other !== own ? <span class="other">{other}</span> : null}
      </span>
      {second === null ? null : (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <span class="value" role="gridcell" tabIndex={-1}>
          {valueAt(signal, second)}
        </span>
      )}
    </div>
  );
}

/** Drag moves, a click sets a cursor, the wheel with Ctrl zooms, a double click leads to the source. */
function usePointer(
  { view, axis, signals, onZoom, onPan, onPlace, onExplain }: DiagramProps,
  canvas: { readonly current: HTMLCanvasElement | null },
  top: number,
): preact.HTMLAttributes<HTMLDivElement> {
  const drag = useRef<{ readonly x: number; moved: number } | null>(null);
  const at = (
    event: MouseEvent,
  ): { readonly position: number; readonly tag: string | null; readonly isInside: boolean } => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return { position: view.start, tag: null, isInside: false };
    const x = event.clientX - box.left;
    const tag = signals[Math.floor((event.clientY - box.top + top) / LANE_HEIGHT)]?.name ?? null;
    return {
      position: view.start + (x / box.width) * (view.end - view.start),
      tag,
      isInside: x >= 0 && x <= box.width,
    };
  };
  const perPixel = (): number => (view.end - view.start) / (canvas.current?.clientWidth ?? 1);
  return {
    onPointerDown(event) {
      if (event.button !== 0 || !at(event).isInside) return;
      drag.current = { x: event.clientX, moved: 0 };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event) {
      if (drag.current === null) return;
      const by = event.clientX - drag.current.x - drag.current.moved;
      if (Math.abs(event.clientX - drag.current.x) < 4 && drag.current.moved === 0) return;
      drag.current.moved += by;
      onPan(-by * perPixel());
    },
    onPointerUp(event) {
      const isClick = drag.current !== null && drag.current.moved === 0;
      drag.current = null;
      if (!isClick) return;
      const { position, tag } = at(event);
      onPlace(event.shiftKey ? 'second' : 'cursor', axis.sampleAt(position), tag);
    },
    onDblClick(event) {
      const { position, tag, isInside } = at(event);
      if (isInside && tag !== null) onExplain(tag, axis.sampleAt(position));
    },
    onWheel(event) {
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.ctrlKey || event.metaKey) onZoom(at(event).position, event.deltaY > 0 ? 1.25 : 0.8);
      else if (isSideways) onPan((event.deltaX === 0 ? event.deltaY : event.deltaX) * perPixel());
      else return;
      event.preventDefault();
    },
  };
}

function useSize(
  canvas: { readonly current: HTMLCanvasElement | null },
  scroller: { readonly current: HTMLDivElement | null },
  setSize: (size: Size) => void,
): void {
  useEffect(() => {
    const stage = canvas.current?.parentElement;
    const box = scroller.current;
    if (stage === null || stage === undefined || box === null) return undefined;
    const measure = (): void =>
      setSize({
        width: Math.max(50, stage.clientWidth),
        height: Math.max(50, box.clientHeight),
        bar: box.offsetWidth - box.clientWidth,
      });
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    observer.observe(box);
    measure();
    return () => observer.disconnect();
  }, []);
}

function useColours(): Colours {
  const [colours, setColours] = useState(() => coloursOf(document.body));
  useEffect(() => {
    const observer = new MutationObserver(() => setColours(coloursOf(document.body)));
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return () => observer.disconnect();
  }, []);
  return colours;
}

/** The context of a canvas at the resolution of the screen. */
function contextOf(canvas: HTMLCanvasElement | null, width: number, height: number): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d') ?? null;
  if (canvas === null || context === null) return null;
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
