import type { ChangeSignal } from '../../../core/simulation/change-trace.js';
import type { Axis } from './axis.js';
import type { TraceContent } from './trace-messages.js';
import {
  type Comparison,
  distanceText,
  markerText,
  otherValueAt,
  placeText,
  sampleFrom,
  valueAt,
} from './trace-model.js';

export interface ReadoutProps {
  readonly content: TraceContent;
  readonly comparison: Comparison | null;
  readonly axis: Axis;
  readonly selected: ChangeSignal | null;
  readonly cursor: number | null;
  readonly second: number | null;
  readonly goTo: (sample: number) => void;
  readonly explain: () => void;
}

/** What stands at the cursors, in words; the way to steps and faults, and to the source. */
export function Readout(props: ReadoutProps): preact.JSX.Element {
  const { content, selected, cursor, second } = props;
  const { trace, sampleName, canExplain } = content;
  return (
    <footer>
      <p class="readout" role="status" aria-live="polite">
        {cursor === null ? (
          'Click into the diagram, or press an arrow key in it, to set cursor A. Shift and a click, or B, sets cursor B.'
        ) : (
          <>
            <strong>A</strong> {placeText(trace, cursor, sampleName)}
            {second === null ? null : (
              <>
                {' '}
                <strong>B</strong> {placeText(trace, second, sampleName)} <strong>B − A</strong>{' '}
                {distanceText(trace, cursor, second, sampleName)}
              </>
            )}
            {selected === null ? null : <> · {selectedText(props, selected, cursor)}</>}
          </>
        )}
      </p>
      <div class="ways">
        {canExplain ? (
          <button type="button" class="primary" disabled={selected === null || cursor === null} onClick={props.explain}>
            Show source at A
          </button>
        ) : null}
        {trace.markers.length === 0 ? null : (
          <label>
            Go to{' '}
            <select
              aria-label="Go to a step or fault"
              value=""
              onChange={(event) => {
                const marker = trace.markers[Number(event.currentTarget.value)];
                if (marker !== undefined) props.goTo(sampleFrom(trace, marker));
                event.currentTarget.value = '';
              }}
            >
              <option value="">{trace.markers.length} steps and faults</option>
              {trace.markers.slice(0, 500).map(({ timeNs, kind, label }, index) => (
                <option key={index} value={index}>
                  {markerText(timeNs, kind, label)}
                </option>
              ))}
            </select>
          </label>
        )}
        <details>
          <summary>Keys</summary>
          <dl>
            {KEYS.map(([key, meaning]) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
    </footer>
  );
}

const KEYS = [
  ['Left, Right', 'move cursor A by a scan; with Shift by ten; with Ctrl to the next change of the tag'],
  ['Up, Down', 'choose a tag'],
  ['Enter, double click', 'show the source lines that wrote the tag'],
  ['+, -, 0', 'zoom in, zoom out, show everything; Ctrl and the wheel zoom too'],
  ['Page Up, Page Down, drag', 'move along the time axis'],
  ['B, Shift and click', 'set cursor B; Escape removes it'],
  ['M, Shift+M', 'next and previous step or fault'],
  ['D, Shift+D', 'next and previous difference'],
  ['P', 'pin the tag'],
  ['T', 'time axis or one scan beside the other'],
] as const;

function selectedText({ comparison, axis, second }: ReadoutProps, selected: ChangeSignal, cursor: number): string {
  const own = valueAt(selected, cursor);
  const other = comparison === null ? null : otherValueAt(comparison, selected.name, axis.positionOf(cursor));
  const at = second === null ? '' : `, at B ${valueAt(selected, second)}`;
  const compared = other === null || other === own ? '' : ` (other trace: ${other})`;
  return `${selected.name} = ${own}${compared}${at}`;
}
