import { useEffect, useMemo, useState } from 'preact/hooks';
import { axisOf } from './axis.js';
import { Diagram } from './diagram.js';
import { Readout } from './readout.js';
import { orderedSignals, type TagChoice } from './tag-order.js';
import { Toolbar } from './toolbar.js';
import type { ExportFormat, TraceContent, ViewMessage, ViewState } from './trace-messages.js';
import {
  changeBeside,
  comparisonOf,
  comparisonText,
  differenceBeside,
  markerBeside,
  sampleFrom,
} from './trace-model.js';
import { panned, showing, type Viewport, wholeOf, zoomed } from './viewport.js';

export interface TraceViewProps {
  readonly content: TraceContent;
  readonly initial: ViewState | null;
  readonly post: (message: ViewMessage) => void;
  readonly save: (state: ViewState) => void;
}

type Settings = Omit<ViewState, 'source' | 'start' | 'end'>;

/** The window of a trace: toolbar, diagram, and what the cursors say. */
export function TraceView({ content, initial, post, save }: TraceViewProps): preact.JSX.Element {
  const { trace, focus, sampleName } = content;
  const [settings, setSettings] = useState<Settings>(() => initial ?? defaultsFor(content));
  const change = (part: Partial<Settings>): void => setSettings((before) => ({ ...before, ...part }));
  const axis = useMemo(() => axisOf(trace, settings.axis), [trace, settings.axis]);
  const [view, setView] = useState<Viewport>(() => viewOf(initial) ?? wholeOf(axis));
  const comparison = useMemo(() => comparisonOf(content, settings.axis), [content, settings.axis]);
  const choice: TagChoice = settings;
  const signals = useMemo(
    () => orderedSignals(trace.signals, choice, focus, new Set(comparison?.differences.keys() ?? [])),
    [trace, focus, comparison, settings.pinned, settings.filter, settings.sort, settings.onlyChanging],
  );
  const pinned = useMemo(() => new Set(settings.pinned), [settings.pinned]);
  const count = trace.timesNs.length;
  const { cursor, second, selected } = settings;
  useEffect(() => {
    const timer = setTimeout(
      () => save({ source: content.source, ...settings, start: view.start, end: view.end }),
      150,
    );
    return () => clearTimeout(timer);
  }, [content.source, settings, view]);

  const changeAxis = (kind: Settings['axis']): void => {
    const next = axisOf(trace, kind);
    const [from, to] = [axis.sampleAt(view.start), axis.sampleAt(view.end)];
    change({ axis: kind });
    setView(
      from === 0 && to === count - 1 ? wholeOf(next) : { start: next.positionOf(from), end: next.positionOf(to + 1) },
    );
  };
  const zoom = (around: number, factor: number): void =>
    setView((before) => zoomed(before, axis, around, factor, count));
  const middle = (): number => {
    const position = cursor === null ? null : axis.positionOf(cursor);
    return position !== null && position >= view.start && position <= view.end ? position : (view.start + view.end) / 2;
  };
  const zoomStep = (step: 'in' | 'out' | 'whole'): void =>
    step === 'whole' ? setView(wholeOf(axis)) : zoom(middle(), step === 'in' ? 0.5 : 2);
  const goTo = (sample: number | null): void => {
    if (sample === null) return;
    const place = Math.max(0, Math.min(count - 1, sample));
    change({ cursor: place });
    setView((before) => showing(before, axis, axis.positionOf(place)));
  };
  const explain = (tag: string | null, sample: number | null): void => {
    if (content.canExplain && tag !== null && sample !== null) post({ kind: 'explain', tag, sample });
  };
  const pin = (tag: string): void =>
    change({ pinned: pinned.has(tag) ? settings.pinned.filter((each) => each !== tag) : [...settings.pinned, tag] });
  const select = (by: number): void => {
    const index = signals.findIndex(({ name }) => name === selected);
    const next = signals[Math.max(0, Math.min(signals.length - 1, index + by))];
    if (next !== undefined) change({ selected: next.name });
  };
  const exportAs = (format: ExportFormat): void => {
    const [firstSample, lastSample] = [axis.sampleAt(view.start), axis.sampleAt(view.end)];
    post({ kind: 'export', format, firstSample, lastSample, tags: signals.map(({ name }) => name) });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const at = cursor ?? axis.sampleAt(view.start);
    const signal = signals.find(({ name }) => name === selected);
    const step = event.shiftKey ? 10 : 1;
    const pan = (view.end - view.start) / 4;
    const differing = comparison === null ? [] : comparison.differences.values();
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => goTo(event.ctrlKey && signal !== undefined ? changeBeside(signal, at, -1) : at - step),
      ArrowRight: () => goTo(event.ctrlKey && signal !== undefined ? changeBeside(signal, at, 1) : at + step),
      ArrowUp: () => select(-step),
      ArrowDown: () => select(step),
      PageUp: () => setView((before) => panned(before, axis, -pan)),
      PageDown: () => setView((before) => panned(before, axis, pan)),
      Home: () => goTo(0),
      End: () => goTo(count - 1),
      '+': () => zoomStep('in'),
      '=': () => zoomStep('in'),
      '-': () => zoomStep('out'),
      '0': () => zoomStep('whole'),
      b: () => change({ second: at }),
      Escape: () => change(second === null ? { cursor: null } : { second: null }),
      p: () => (selected === null ? undefined : pin(selected)),
      t: () => changeAxis(settings.axis === 'time' ? 'sample' : 'time'),
      m: () => goTo(markerBeside(trace, at, 1)),
      M: () => goTo(markerBeside(trace, at, -1)),
      d: () => goTo(differenceBeside(differing, axis, at, 1)),
      D: () => goTo(differenceBeside(differing, axis, at, -1)),
      Enter: () => explain(selected, cursor),
    };
    if (event.altKey || event.metaKey || (event.ctrlKey && !event.key.startsWith('Arrow'))) return;
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return (
    <main>
      <h1>{content.title}</h1>
      <p class="summary">{content.summary}</p>
      {comparison === null ? null : <p class="comparison">{comparisonText(content, comparison)}</p>}
      <Toolbar
        choice={choice}
        shown={signals.length}
        total={trace.signals.length}
        axis={settings.axis}
        sampleName={sampleName}
        canCompareRevision={content.canCompareRevision}
        isComparing={comparison !== null}
        onChoice={change}
        onAxis={changeAxis}
        onZoom={zoomStep}
        onExport={exportAs}
        post={post}
      />
      {signals.length === 0 ? (
        <p role="status">No tag matches the filter.</p>
      ) : (
        <Diagram
          trace={trace}
          axis={axis}
          view={view}
          signals={signals}
          comparison={comparison}
          pinned={pinned}
          selected={selected}
          cursor={cursor}
          second={second}
          sampleName={sampleName}
          label={`Timing diagram of ${content.title}: ${signals.length} tags. Arrow keys move the cursor and choose a tag.`}
          onKeyDown={onKeyDown}
          onZoom={zoom}
          onPan={(by) => setView((before) => panned(before, axis, by))}
          onPlace={(which, sample, tag) => change({ [which]: sample, ...(tag === null ? {} : { selected: tag }) })}
          onPin={pin}
          onExplain={(tag, sample) => {
            change({ selected: tag, cursor: sample });
            explain(tag, sample);
          }}
        />
      )}
      <Readout
        content={content}
        comparison={comparison}
        axis={axis}
        selected={trace.signals.find(({ name }) => name === selected) ?? null}
        cursor={cursor}
        second={second}
        goTo={goTo}
        explain={() => explain(selected, cursor)}
      />
    </main>
  );
}

function viewOf(state: ViewState | null): Viewport | null {
  return state === null || state.start === null || state.end === null || !(state.end > state.start)
    ? null
    : { start: state.start, end: state.end };
}

/** A run with many tags begins with those that say something. */
function defaultsFor({ trace, focus, sampleName }: TraceContent): Settings {
  const failure = trace.markers.find(({ kind }) => kind === 'failure');
  const sample = failure === undefined ? null : sampleFrom(trace, failure);
  return {
    axis: sampleName === 'scan' ? 'time' : 'sample',
    pinned: [],
    filter: '',
    sort: 'relevance',
    onlyChanging: trace.signals.length > 40,
    selected: focus[0] ?? null,
    cursor: sample,
    second: null,
  };
}
