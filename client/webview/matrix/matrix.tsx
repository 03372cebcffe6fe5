import { useRef, useState } from 'preact/hooks';
import {
  type CellStatus,
  MATRIX_STAGES,
  type MatrixCell,
  type MatrixRow,
  type MatrixState,
  STAGE_TITLES,
} from './matrix-state.js';

interface Selection {
  readonly site: string;
  readonly column: number;
}

const WORDS: Readonly<Record<CellStatus, string>> = {
  passed: 'passed',
  failed: 'failed',
  'not-applicable': 'not applicable',
  running: 'running',
  open: 'not run',
};

/** Sites against verifiers. Arrow keys move between cells; the findings of the selected cell stand below. */
export function Matrix({
  state,
  openChange,
}: {
  state: MatrixState;
  openChange: (changeId: string) => void;
}): preact.JSX.Element {
  const [selected, setSelected] = useState<Selection | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const first = state.rows[0];
  const focused = selected ?? (first === undefined ? null : { site: first.site, column: 0 });

  function move(event: KeyboardEvent, row: number, column: number): void {
    const step = STEPS[event.key];
    if (step === undefined) return;
    const target = state.rows[Math.min(Math.max(row + step.rows, 0), state.rows.length - 1)];
    const next = Math.min(Math.max(column + step.columns, 0), MATRIX_STAGES.length - 1);
    event.preventDefault();
    if (target === undefined) return;
    setSelected({ site: target.site, column: next });
    const index = state.rows.indexOf(target);
    table.current?.querySelector<HTMLElement>(`[data-cell="${index}-${next}"]`)?.focus();
  }

  if (state.rows.length === 0) return <p role="status">No run yet. Start a migration to see what the verifiers say.</p>;
  const row = state.rows.find(({ site }) => site === selected?.site);
  const cell = selected === null ? undefined : row?.cells[selected.column];
  return (
    <main>
      <h1>{state.title}</h1>
      <p class="subtitle">{state.subtitle}</p>
      <table ref={table}>
        <caption class="hidden-text">Verifier results by site. Use the arrow keys to move between results.</caption>
        <thead>
          <tr>
            <th scope="col">Site</th>
            <th scope="col">Wave</th>
            {MATRIX_STAGES.map((stage) => (
              <th scope="col" key={stage}>
                {STAGE_TITLES[stage]}
              </th>
            ))}
            <th scope="col">State</th>
            <th scope="col">
              <span class="hidden-text">Change request</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {state.rows.map((entry, index) => (
            <tr key={entry.site}>
              <th scope="row">{entry.site}</th>
              <td>{entry.wave}</td>
              {entry.cells.map((value, column) => (
                <td key={value.stage} class={`cell ${value.status}`}>
                  <button
                    type="button"
                    data-cell={`${index}-${column}`}
                    tabIndex={focused?.site === entry.site && focused.column === column ? 0 : -1}
                    aria-pressed={selected?.site === entry.site && selected.column === column}
                    aria-label={`${entry.site}, ${STAGE_TITLES[value.stage]}: ${describe(value)}`}
                    onClick={() => setSelected({ site: entry.site, column })}
                    onKeyDown={(event) => move(event, index, column)}
                  >
                    <span class="mark" aria-hidden="true" />
                    {short(value)}
                  </button>
                </td>
              ))}
              <td>{entry.state}</td>
              <td>{changeButton(entry, openChange)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <section aria-live="polite" class="details">
        {row === undefined || cell === undefined ? <p>Select a result to read its findings.</p> : details(row, cell)}
      </section>
    </main>
  );
}

const STEPS: Readonly<Record<string, { readonly rows: number; readonly columns: number }>> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
  Home: { rows: 0, columns: -MATRIX_STAGES.length },
  End: { rows: 0, columns: MATRIX_STAGES.length },
};

function describe({ status, findings }: MatrixCell): string {
  const count = findings.length;
  return count === 0 ? WORDS[status] : `${WORDS[status]}, ${count} ${count === 1 ? 'finding' : 'findings'}`;
}

/** For the cell itself, where the header says the rest. */
function short({ status, findings }: MatrixCell): string {
  return findings.length === 0 ? WORDS[status] : `${WORDS[status]} (${findings.length})`;
}

function changeButton(
  { changeId, site }: MatrixRow,
  openChange: (changeId: string) => void,
): preact.JSX.Element | null {
  if (changeId === null) return null;
  return (
    <button
      type="button"
      class="link"
      aria-label={`Review the change request of ${site}`}
      onClick={() => openChange(changeId)}
    >
      Review
    </button>
  );
}

function details(row: MatrixRow, cell: MatrixCell): preact.JSX.Element {
  return (
    <>
      <h2>
        {row.site}: {STAGE_TITLES[cell.stage]} {WORDS[cell.status]}
      </h2>
      {cell.summary === '' ? null : <p>{cell.summary}</p>}
      {cell.findings.length === 0 ? <p>No findings.</p> : null}
      <ul>
        {cell.findings.map((finding) => (
          <li key={`${finding.code} ${finding.place} ${finding.message}`}>
            <strong>{finding.code}</strong> <span class={`severity ${finding.severity}`}>{finding.severity}</span>{' '}
            <code>{finding.place}</code>
            <br />
            {finding.message}
          </li>
        ))}
      </ul>
    </>
  );
}
