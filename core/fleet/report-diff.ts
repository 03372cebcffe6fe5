/** The difference of a change as tables: line by line, and one place of it before and after side by side. */

import type { Finding } from '../base/finding.js';
import { type Html, html } from './html.js';
import type { PatchFile, PatchLine } from './patch-view.js';

/** Lines that were changed together, with a few unchanged ones around them. */
export interface ChangedPlace {
  readonly file: string;
  readonly before: readonly PatchLine[];
  readonly after: readonly PatchLine[];
}

const CONTEXT = 2;

/** Every run of changed lines of a patch, in the order of the patch. */
export function changedPlaces(files: readonly PatchFile[]): ChangedPlace[] {
  return files.flatMap(({ path, hunks }) =>
    hunks.flatMap(({ lines }) => {
      const places: ChangedPlace[] = [];
      for (let start = 0; start < lines.length; start++) {
        if (lines[start]?.kind === 'context') continue;
        let end = start;
        while (end < lines.length && lines[end]?.kind !== 'context') end++;
        const shown = lines.slice(Math.max(0, start - CONTEXT), end + CONTEXT);
        places.push({
          file: path,
          before: shown.filter(({ kind }) => kind !== 'added'),
          after: shown.filter(({ kind }) => kind !== 'removed'),
        });
        start = end;
      }
      return places;
    }),
  );
}

/** Where a finding belongs: the place that holds its line, else the only place of its file or of the change. */
export function placeOfFinding({ file, line }: Finding, places: readonly ChangedPlace[]): ChangedPlace | null {
  const own = places.filter((place) => place.file === file);
  const holds = own.find(({ after }) => after.some((each) => each.after === line));
  const only = own.length === 1 ? own[0] : places.length === 1 ? places[0] : undefined;
  return holds ?? only ?? null;
}

/** `Cell.st, lines 50 to 52`. */
export function placeTitle({ file, before, after }: ChangedPlace): string {
  const numbers = after.flatMap((line) => (line.kind === 'added' && line.after !== null ? [line.after] : []));
  const removed = before.flatMap((line) => (line.kind === 'removed' && line.before !== null ? [line.before] : []));
  const [first, last] = [numbers[0] ?? removed[0], numbers.at(-1) ?? removed.at(-1)];
  const where = numbers.length > 0 ? 'line' : 'former line';
  return first === last ? `${file}, ${where} ${first}` : `${file}, ${where}s ${first} to ${last}`;
}

/** Before on the left, after on the right; what differs within a line is marked. */
export function sideBySide(place: ChangedPlace): Html {
  const rows = pairedLines(place).map(([before, after]) => {
    const isChanged = before?.kind === 'removed' || after?.kind === 'added';
    const [left, right] = markedDifference(before?.text ?? null, after?.text ?? null, isChanged);
    return html`<tr><td class="number">${before?.before ?? null}</td><td class="code ${before?.kind === 'removed' ? 'was' : ''}">${left}</td><td class="number">${after?.after ?? null}</td><td class="code ${after?.kind === 'added' ? 'is' : ''}">${right}</td></tr>`;
  });
  return html`<div class="scroll"><table class="diff sides"><caption>${placeTitle(place)}</caption><colgroup><col class="line"><col><col class="line"><col></colgroup><thead><tr><th scope="col" colspan="2">Before</th><th scope="col" colspan="2">After</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Unchanged lines stand beside each other, and so do the first, second … changed ones between them. */
function pairedLines({ before, after }: ChangedPlace): [PatchLine | null, PatchLine | null][] {
  const rows: [PatchLine | null, PatchLine | null][] = [];
  let left = 0;
  let right = 0;
  while (left < before.length || right < after.length) {
    const old = before[left] ?? null;
    const now = after[right] ?? null;
    const isPair = (old?.kind === 'context') === (now?.kind === 'context');
    if (isPair || now === null || (old !== null && old.kind !== 'context')) {
      rows.push([old, isPair ? now : null]);
      left++;
      if (isPair) right++;
    } else {
      rows.push([null, now]);
      right++;
    }
  }
  return rows;
}

function markedDifference(before: string | null, after: string | null, isChanged: boolean): [Html | null, Html | null] {
  const plain = (text: string | null): Html | null => (text === null ? null : html`${text}`);
  if (before === null || after === null || !isChanged) return [plain(before), plain(after)];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const marked = (text: string): Html =>
    html`${text.slice(0, start)}<mark>${text.slice(start, text.length - end)}</mark>${text.slice(text.length - end)}`;
  return [marked(before), marked(after)];
}

/** One file of a patch, with its findings below the lines that they speak of. */
export function fileDiff(file: PatchFile, findings: readonly Finding[]): Html {
  const title = `${file.path} (${file.status})`;
  if (file.isBinary) return html`<h3>${title}</h3><p>Not text; see diff.patch.</p>`;
  const own = findings.filter((finding) => finding.file === file.path);
  return html`<h3>${title}</h3>${diffTable(title, file.hunks, own)}`;
}

const SIGNS = { context: ' ', added: '+', removed: '-' } as const;
const SPOKEN = { context: '', added: 'added: ', removed: 'removed: ' } as const;

export function diffTable(caption: string, hunks: PatchFile['hunks'], findings: readonly Finding[]): Html {
  const rows = hunks.flatMap((hunk) => [
    ...(hunk.header === '' ? [] : [html`<tr class="hunk"><td colspan="4">${hunk.header}</td></tr>`]),
    ...hunk.lines.flatMap((line) => [
      html`<tr class="${line.kind}"><td class="number">${line.before}</td><td class="number">${line.after}</td><td class="sign" aria-hidden="true">${SIGNS[line.kind]}</td><td class="code"><span class="hidden">${SPOKEN[line.kind]}</span>${line.text}</td></tr>`,
      ...findings
        .filter((finding) => finding.line === line.after)
        .map(
          (finding) =>
            html`<tr class="note ${finding.severity}"><td colspan="4">${finding.code}: ${finding.message}</td></tr>`,
        ),
    ]),
  ]);
  return html`<div class="scroll"><table class="diff"><caption class="hidden">${caption}</caption><thead class="hidden"><tr><th scope="col">Line before</th><th scope="col">Line after</th><th scope="col">Sign</th><th scope="col">Text</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
