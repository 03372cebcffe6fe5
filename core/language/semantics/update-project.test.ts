import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectId } from '../dialects/dialect-id.js';
import { type EditableFile, editFile, openEditableFile } from '../syntax/edit-source-file.js';
import { applyEdit, fixtureSources, type RandomEdit, randomEdit } from '../syntax/edits.test-data.js';
import { parseSourceFile } from '../syntax/parser.js';
import type { ProjectInput } from './model.js';
import { buildProject, openProject } from './project.js';
import { digestOfProject } from './project-digest.test-data.js';
import { updateProject } from './update-project.js';

const SITES: readonly { readonly site: string; readonly dialect: DialectId }[] = [
  { site: 'plant-01-press', dialect: 'codesys' },
  { site: 'plant-03-conveyor', dialect: 'iec' },
  { site: 'plant-04-packaging', dialect: 'siemens' },
  { site: 'plant-05-filling', dialect: 'codesys' },
  { site: 'plant-08-assembly', dialect: 'codesys' },
];

interface Sources {
  readonly dialect: DialectId;
  readonly texts: Map<string, string>;
}

function inputOf(dialect: DialectId, files: ProjectInput['files']): ProjectInput {
  return { files, dialect, entry: null, cycle: 10_000_000n };
}

function freshProject({ dialect, texts }: Sources): ReturnType<typeof buildProject> {
  return buildProject(
    inputOf(
      dialect,
      [...texts].map(([path, text]) => parseSourceFile(path, text, dialect)),
    ),
  );
}

/** Opens the texts, applies each edit, and holds what is updated against what is built anew. */
function followEdits(sources: Sources, edits: readonly { readonly path: string; readonly text: string }[]): void {
  const { dialect, texts } = sources;
  const files = new Map<string, EditableFile>();
  for (const [path, text] of texts) files.set(path, openEditableFile(path, text, dialect));
  let open = openProject(
    inputOf(
      dialect,
      [...files.values()].map(({ file }) => file),
    ),
  );
  for (const { path, text } of edits) {
    const editable = files.get(path);
    if (editable === undefined) throw new Error(`no file ${path}`);
    texts.set(path, text);
    open = updateProject(open, [editFile(editable, text)]);
    const [updated, fresh] = [digestOfProject(open.project), digestOfProject(freshProject(sources))];
    if (updated.join('\n') !== fresh.join('\n')) expect(updated).toEqual(fresh);
  }
}

const PUMP = `FUNCTION_BLOCK FB_Pump
VAR_INPUT
  xRun : BOOL;
  rSpeed : REAL;
END_VAR
VAR_OUTPUT
  xOn : BOOL;
END_VAR
VAR
  nStarts : INT;
END_VAR
IF xRun AND NOT xOn THEN
  nStarts := nStarts + 1;
END_IF
xOn := xRun;
END_FUNCTION_BLOCK
`;
const MAIN = `PROGRAM PLC_PRG
VAR
  fbPump : FB_Pump;
  nTotal : INT;
END_VAR
fbPump(xRun := TRUE, rSpeed := 1.5);
nTotal := 3;
END_PROGRAM
`;

function steps(...edits: readonly (readonly [path: 'pump.st' | 'main.st', before: string, after: string])[]): void {
  const texts = new Map([
    ['pump.st', PUMP],
    ['main.st', MAIN],
  ]);
  const current = new Map(texts);
  followEdits(
    { dialect: 'codesys', texts },
    edits.map(([path, before, after]) => {
      const text = current.get(path) ?? '';
      if (!text.includes(before)) throw new Error(`no ${before}`);
      current.set(path, text.replace(before, after));
      return { path, text: current.get(path) ?? '' };
    }),
  );
}

describe('updateProject', () => {
  it('checks an edited body again, and once more when it is mended', () => {
    steps(['main.st', 'nTotal := 3', 'nTotal := missing'], ['main.st', 'nTotal := missing', 'nTotal := 4']);
  });

  it('checks the callers of a parameter that changes', () => {
    steps(['pump.st', 'rSpeed : REAL', 'rSpeed : BOOL'], ['pump.st', 'rSpeed : BOOL', 'rSpeed : LREAL']);
  });

  it('checks the users of a name that comes, goes or moves', () => {
    steps(
      ['main.st', 'nTotal := 3', 'nTotal := fbPump.nCount'],
      ['pump.st', '  nStarts : INT;', '  nStarts : INT;\n  nCount : INT;'],
      ['pump.st', '  nCount : INT;\n', ''],
    );
  });

  it('keeps the places of findings behind an edit', () => {
    steps(
      ['pump.st', 'xOn := xRun;', 'xOn := wrong;'],
      ['pump.st', '  nStarts := nStarts + 1;', '  // one more\n  nStarts := nStarts + 1;'],
    );
  });

  it('sees a call of itself that an edit brings and takes away', () => {
    steps(['pump.st', 'xOn := xRun;', 'xOn := xRun; FB_Pump();'], ['pump.st', ' FB_Pump();', '']);
  });

  it('gives the project of a fresh build after every edit of variables', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SITES),
        fc.array(variableEdit, { minLength: 1, maxLength: 4 }),
        ({ site, dialect }, edits) => {
          const texts = new Map(fixtureSources(site).map(({ path, text }) => [path, text]));
          const paths = [...texts.keys()];
          const current = new Map(texts);
          followEdits(
            { dialect, texts },
            edits.map((one) => variableStep(one, paths, current)),
          );
        },
      ),
      { numRuns: 80 },
    );
  });

  it('gives the project of a fresh build after every edit of a fixture site', () => {
    const edit = fc.record({ file: fc.nat(), edit: randomEdit });
    fc.assert(
      fc.property(
        fc.constantFrom(...SITES),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        ({ site, dialect }, edits) => {
          const texts = new Map(fixtureSources(site).map(({ path, text }) => [path, text]));
          const paths = [...texts.keys()];
          const current = new Map(texts);
          followEdits(
            { dialect, texts },
            edits.map((one) => randomStep(one, paths, current)),
          );
        },
      ),
      { numRuns: 80 },
    );
  });
});

/** Types a variable into the sections of a POU, character by character or at once. */
const variableEdit = fc.record({
  file: fc.nat(),
  section: fc.nat(),
  text: fc.constantFrom(
    '\n  added : INT;',
    '\n  added : Missing;',
    '\n  added : BOOL := TRUE;',
    '\n  added : ARRAY[0..3] OF',
    '\n  added',
    '\n  added : STRING(20);',
    '\n  added : TON := (PT := T#1s);',
    '\n  added : (Red, Green);',
    '\n  added AT %QX900.0 : BOOL;',
    '\nEND_VAR\nVAR CONSTANT\n  C_ADDED : INT := 3;',
    '\nEND_VAR\nVAR_IN_OUT\n  xBoth : BOOL;',
    '\nEND_VAR\nVAR_INPUT\n  xMore : BOOL;',
  ),
  removed: fc.integer({ min: 0, max: 40 }),
});

function variableStep(
  {
    file,
    section,
    text,
    removed,
  }: { readonly file: number; readonly section: number; readonly text: string; readonly removed: number },
  paths: readonly string[],
  current: Map<string, string>,
): { path: string; text: string } {
  const path = paths[file % paths.length] ?? '';
  const before = current.get(path) ?? '';
  const heads = [...before.matchAll(/^\s*VAR\w*[^\n]*/gm)].map((match) => match.index + match[0].length);
  const at = heads[section % Math.max(1, heads.length)] ?? 0;
  const after = before.slice(0, at) + text + before.slice(at + removed);
  current.set(path, after);
  return { path, text: after };
}

function randomStep(
  { file, edit }: { readonly file: number; readonly edit: RandomEdit },
  paths: readonly string[],
  current: Map<string, string>,
): { path: string; text: string } {
  const path = paths[file % paths.length] ?? '';
  const text = applyEdit(current.get(path) ?? '', edit);
  current.set(path, text);
  return { path, text };
}
