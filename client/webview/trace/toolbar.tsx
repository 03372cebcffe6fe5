import type { AxisKind } from './axis.js';
import { SORT_TITLES, type SortKind, type TagChoice } from './tag-order.js';
import type { ExportFormat, ViewMessage } from './trace-messages.js';

export interface ToolbarProps {
  readonly choice: TagChoice;
  readonly shown: number;
  readonly total: number;
  readonly axis: AxisKind;
  readonly sampleName: string;
  readonly canCompareRevision: boolean;
  readonly isComparing: boolean;
  readonly onChoice: (choice: Partial<TagChoice>) => void;
  readonly onAxis: (axis: AxisKind) => void;
  readonly onZoom: (step: 'in' | 'out' | 'whole') => void;
  readonly onExport: (format: ExportFormat) => void;
  readonly post: (message: ViewMessage) => void;
}

/** Everything that has no place in the diagram: what is shown, how, and with what it is compared. */
export function Toolbar(props: ToolbarProps): preact.JSX.Element {
  const { choice, onChoice } = props;
  return (
    <div class="toolbar" role="toolbar" aria-label="Trace">
      <input
        type="search"
        class="filter"
        placeholder="Filter tags"
        aria-label="Filter tags"
        value={choice.filter}
        onInput={(event) => onChoice({ filter: event.currentTarget.value })}
      />
      <span class="count" aria-live="polite">
        {props.shown} of {props.total}
      </span>
      <label>
        Sort{' '}
        <select
          value={choice.sort}
          onChange={(event) => onChoice({ sort: sortOf(event.currentTarget.value) })}
          aria-label="Sort tags"
        >
          {Object.entries(SORT_TITLES).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={choice.onlyChanging}
          onChange={(event) => onChoice({ onlyChanging: event.currentTarget.checked })}
        />{' '}
        Changing only
      </label>
      <span class="group">
        <button type="button" onClick={() => props.onZoom('in')} aria-label="Zoom in" title="Zoom in (+)">
          +
        </button>
        <button type="button" onClick={() => props.onZoom('out')} aria-label="Zoom out" title="Zoom out (-)">
          −
        </button>
        <button type="button" onClick={() => props.onZoom('whole')} title="Show everything (0)">
          Whole
        </button>
        <button
          type="button"
          aria-pressed={props.axis === 'sample'}
          onClick={() => props.onAxis(props.axis === 'sample' ? 'time' : 'sample')}
          title={`One ${props.sampleName} beside the other, however much time lies between them (T)`}
        >
          {props.sampleName === 'scan' ? 'Scans' : 'Statements'}
        </button>
      </span>
      <span class="group">
        {props.canCompareRevision && !props.isComparing ? (
          <button type="button" onClick={() => props.post({ kind: 'compare', with: 'revision' })}>
            Compare with HEAD
          </button>
        ) : null}
        <button
          type="button"
          onClick={() => props.post({ kind: 'compare', with: props.isComparing ? 'nothing' : 'file' })}
        >
          {props.isComparing ? 'End comparison' : 'Compare with file'}
        </button>
        <button type="button" onClick={() => props.onExport('svg')}>
          Export SVG
        </button>
        <button type="button" onClick={() => props.onExport('vcd')}>
          Export VCD
        </button>
      </span>
    </div>
  );
}

function sortOf(value: string): SortKind {
  return Object.hasOwn(SORT_TITLES, value) ? (value as SortKind) : 'relevance';
}
