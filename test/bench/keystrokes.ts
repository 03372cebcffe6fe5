/** From a keystroke to fresh diagnostics, through the unit of the language server: decode, parse, check, findings of the file. */

import { parseSourceFile } from '../../core/language/syntax/parser.js';
import type { Declaration, Pou } from '../../core/language/syntax/tree.js';
import { Unit } from '../../server/workspace/unit.js';
import type { GeneratedFile } from './fleet-copies.js';
import { percentile, threadTime } from './measure.js';

export const EDIT_KINDS = [
  'body',
  'variable',
  'constant',
  'method',
  'structure',
  'enumeration',
  'global',
  'external',
] as const;

/** What is typed into: statements, sections of a POU, its methods, types, global variables, VAR_EXTERNAL. */
export type EditKind = (typeof EDIT_KINDS)[number];

export interface KeystrokeFigures {
  readonly project: string;
  readonly edit: EditKind;
  readonly keystrokes: number;
  /** Milliseconds of processor time of the thread that answers. */
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
  /** Milliseconds on the clock: on a busy machine this is mostly waiting for a core. */
  readonly clockP95: number;
}

const MANIFEST = 'site: bench\ndialect: codesys\nsources: [src/**]\n';

/** Typed character by character: names that are not finished and statements without an end are part of the work. */
const TYPED: Readonly<Record<EditKind, string>> = {
  body: '\nIF nBench > 3 THEN nBench := 0; END_IF',
  variable: '\n  nBench : ARRAY[0..9] OF INT;',
  constant: '\nVAR CONSTANT C_BENCH : INT := 12; END_VAR',
  method: '\nMETHOD Bench : INT Bench := 1; END_METHOD',
  structure: '\n  nBench : ARRAY[0..9] OF INT;',
  enumeration: ', eBench := 99',
  global: '\n  gBench : ARRAY[0..9] OF INT;',
  external: '\nVAR_EXTERNAL gBench : INT; END_VAR',
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
  const clock: number[] = [];
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
      const [started, startedClock] = [threadTime(), performance.now()];
      show(text);
      taken.push(threadTime() - started);
      clock.push(performance.now() - startedClock);
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
    clockP95: percentile(clock, 95),
  };
}

interface Place {
  readonly file: GeneratedFile;
  readonly offset: number;
}

function placesIn(files: readonly GeneratedFile[], edit: EditKind, count: number): Place[] {
  const all = files.flatMap((file) =>
    parseSourceFile(file.path, file.text, 'codesys').declarations.flatMap((declaration): Place[] => {
      const offset = offsetIn(declaration, edit);
      return offset === null ? [] : [{ file, offset }];
    }),
  );
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, position) => position % step === Math.floor(step / 2)).slice(0, count);
}

/** Where an edit of the kind can be typed in a declaration; null where it can't. */
function offsetIn(declaration: Declaration, edit: EditKind): number | null {
  switch (declaration.kind) {
    case 'Pou':
      return offsetInPou(declaration, edit);
    case 'TypeDeclaration': {
      const { definition } = declaration;
      if (edit === 'structure' && definition.kind === 'StructType') return definition.members.at(-1)?.end ?? null;
      return edit === 'enumeration' && definition.kind === 'EnumType' ? (definition.values.at(-1)?.end ?? null) : null;
    }
    case 'GlobalVariableList':
      return edit === 'global' ? (declaration.sections.at(-1)?.variables.at(-1)?.end ?? null) : null;
    default:
      return null;
  }
}

function offsetInPou({ body, sections, pouKind }: Pou, edit: EditKind): number | null {
  switch (edit) {
    case 'body':
      return body.kind === 'StatementList' ? (body.statements.at(-1)?.end ?? null) : null;
    case 'variable':
      return sections.at(-1)?.variables.at(-1)?.end ?? null;
    case 'constant':
    case 'external':
      return sections.at(-1)?.end ?? null;
    case 'method':
      return pouKind === 'function-block' ? (sections.at(-1)?.end ?? null) : null;
    default:
      return null;
  }
}
