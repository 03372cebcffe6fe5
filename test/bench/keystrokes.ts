/** From a keystroke to fresh diagnostics, through the unit of the language server: decode, parse, check, findings of the file. */

import { parseSourceFile } from '../../core/language/syntax/parser.js';
import type { Pou } from '../../core/language/syntax/tree.js';
import { Unit } from '../../server/workspace/unit.js';
import type { GeneratedFile } from './fleet-copies.js';
import { percentile } from './measure.js';

export type EditKind = 'body' | 'interface';

export interface KeystrokeFigures {
  readonly project: string;
  readonly edit: EditKind;
  readonly keystrokes: number;
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

const MANIFEST = 'site: bench\ndialect: codesys\nsources: [src/**]\n';

/** Typed character by character: names that are not finished and statements without an end are part of the work. */
const TYPED: Readonly<Record<EditKind, string>> = {
  body: '\nIF nBench > 3 THEN nBench := 0; END_IF',
  interface: '\n  nBench : ARRAY[0..9] OF INT;',
};

/** Types into `places` blocks spread over the project. */
export function measureKeystrokes(
  project: string,
  files: readonly GeneratedFile[],
  edit: EditKind,
  places: number,
): KeystrokeFigures {
  const disk = new Map<string, Uint8Array>([['plantwright.yaml', Buffer.from(MANIFEST)]]);
  for (const { path, text } of files) disk.set(path, Buffer.from(text));
  const unit = new Unit('/bench', { kind: 'site' }, disk);
  unit.site();
  const taken: number[] = [];
  for (const { file, offset } of placesIn(files, edit, places)) {
    const show = (text: string): void => {
      unit.setDocument(file.path, text);
      const checked = unit.fileOf(file.path);
      if (checked === null) throw new Error(`${file.path} is not in the project`);
      checked.project.findings.filter((finding) => finding.file === file.path);
    };
    show(file.text);
    const typed = TYPED[edit];
    for (let length = 1; length <= typed.length; length++) {
      const text = file.text.slice(0, offset) + typed.slice(0, length) + file.text.slice(offset);
      const started = performance.now();
      show(text);
      taken.push(performance.now() - started);
    }
    show(file.text);
    unit.closeDocument(file.path);
  }
  return {
    project,
    edit,
    keystrokes: taken.length,
    p50: percentile(taken, 50),
    p95: percentile(taken, 95),
    worst: Math.max(...taken),
  };
}

interface Place {
  readonly file: GeneratedFile;
  readonly offset: number;
}

function placesIn(files: readonly GeneratedFile[], edit: EditKind, count: number): Place[] {
  const all = files.flatMap((file) =>
    parseSourceFile(file.path, file.text, 'codesys').declarations.flatMap((declaration): Place[] => {
      const offset = declaration.kind === 'Pou' ? offsetIn(declaration, edit) : null;
      return offset === null ? [] : [{ file, offset }];
    }),
  );
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, position) => position % step === Math.floor(step / 2)).slice(0, count);
}

function offsetIn({ body, sections }: Pou, edit: EditKind): number | null {
  if (edit === 'interface') return sections.at(-1)?.variables.at(-1)?.end ?? null;
  return body.kind === 'StatementList' ? (body.statements.at(-1)?.end ?? null) : null;
}
