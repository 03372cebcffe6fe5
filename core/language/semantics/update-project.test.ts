import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectId } from '../dialects/dialect-id.js';
import { type EditableFile, editFile, openEditableFile } from '../syntax/edit-source-file.js';
import { applyEdit, fixtureSources, type RandomEdit, randomEdit } from '../syntax/edits.test-data.js';
import { parseSourceFile } from '../syntax/parser.js';
import { DECLARATION_EDITS, PLANT } from './declaration-edits.test-data.js';
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

describe('edits of declarations', () => {
  const open = (): { files: Map<string, EditableFile>; project: ReturnType<typeof openProject> } => {
    const files = new Map([...PLANT].map(([path, text]) => [path, openEditableFile(path, text, 'codesys')]));
    const trees = [...files.values()].map(({ file }) => file);
    return { files, project: openProject(inputOf('codesys', trees)) };
  };

  it('starts from a project without errors', () => {
    expect(open().project.project.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each([
    ['a member of a structure', 'types.st', '  x : INT;', '  x : DINT;'],
    ['a value of an enumeration', 'types.st', 'Failed)', 'Failed, Stopped)'],
    ['an alias', 'types.st', 'T_Level : REAL', 'T_Level : LREAL'],
    ['a new type', 'types.st', 'TYPE T_Level', 'TYPE T_More : DINT; END_TYPE\nTYPE T_Level'],
    ['a global variable', 'GVL_Plant.st', 'gReady : BOOL', 'gReady : INT'],
    ['a global constant', 'GVL_Plant.st', 'C_POINTS : INT := 4', 'C_POINTS : INT := 6'],
    ['a new global variable', 'GVL_Plant.st', '  gReady', '  gMore : INT;\n  gReady'],
    ['a parameter of an interface', 'I_Drive.st', 'speed : REAL', 'speed : LREAL'],
    ['a parameter of a method', 'FB_Base.st', 'speed : REAL', 'speed : LREAL'],
    ['a new method', 'FB_Base.st', 'METHOD Start', 'METHOD Stop\nEND_METHOD\nMETHOD Start'],
    ['the type of a property', 'FB_Base.st', 'Speed : REAL', 'Speed : LREAL'],
    ['the base of a block', 'FB_Axis.st', ' EXTENDS FB_Base', ''],
    ['a constant of a block', 'FB_Base.st', 'C_SLOTS : INT := 3', 'C_SLOTS : INT := 5'],
    ['VAR_EXTERNAL', 'FB_Axis.st', '  gLevel : T_Level;', '  gLevel : T_Level;\n  gReady : BOOL;'],
    ['the result of a function', 'F_Scale.st', 'F_Scale : T_Level', 'F_Scale : LREAL'],
    ['a variable of a test', 'axis_test.st', '  ok : BOOL;', '  ok : BOOL;\n  n : INT;'],
    ['the name of a function', 'F_Scale.st', 'FUNCTION F_Scale', 'FUNCTION F_Scal'],
  ])('%s changes and the project is not built anew', (_, path, find, replacement) => {
    const { files, project } = open();
    const editable = files.get(path);
    const text = PLANT.get(path);
    if (editable === undefined || text?.includes(find) !== true) throw new Error(`no ${find}`);
    const updated = updateProject(project, [editFile(editable, text.replace(find, replacement))]);
    expect(updated.index).toBe(project.index);
  });

  it.each(DECLARATION_EDITS.filter(([path, find]) => PLANT.get(path)?.includes(find)))(
    '%s: "%s" becomes "%s" and comes back',
    (path, find, replacement) => {
      const text = PLANT.get(path) ?? '';
      const edited = text.replace(find, replacement);
      followEdits({ dialect: 'codesys', texts: new Map(PLANT) }, [
        { path, text: edited },
        { path, text },
      ]);
    },
  );

  it('give the project of a fresh build, one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DECLARATION_EDITS), { minLength: 2, maxLength: 8 }), (edits) => {
        const current = new Map(PLANT);
        const steps = edits.flatMap(([path, find, replacement]) => {
          const before = current.get(path) ?? '';
          const text = before.replace(find, () => replacement);
          current.set(path, text);
          return text === before ? [] : [{ path, text }];
        });
        followEdits({ dialect: 'codesys', texts: new Map(PLANT) }, steps);
      }),
      { numRuns: 300 },
    );
  });

  it('give it while they are typed', () => {
    const typed = fc.constantFrom<readonly [path: string, find: string, text: string]>(
      ['types.st', 'TYPE T_Level', 'TYPE T_New : (One, Two); END_TYPE\n'],
      ['types.st', '  y : T_Level', '  more : ARRAY[0..3] OF ST_Path;\n'],
      ['GVL_Plant.st', '  gReady', '  gNew : ARRAY[0..C_MORE] OF E_State;\n'],
      ['FB_Base.st', 'METHOD Start', 'METHOD Stop : BOOL\nVAR_INPUT\n  n : INT;\nEND_VAR\nEND_METHOD\n'],
      ['I_Drive.st', 'PROPERTY', 'METHOD Stop : INT\nEND_METHOD\n'],
      ['F_Scale.st', '  raw', '  factor : T_Level;\n'],
    );
    fc.assert(
      fc.property(typed, ([path, find, text]) => {
        const before = PLANT.get(path) ?? '';
        const at = before.indexOf(find);
        const steps = Array.from({ length: text.length }, (_, length) => ({
          path,
          text: before.slice(0, at) + text.slice(0, length + 1) + before.slice(at),
        }));
        followEdits({ dialect: 'codesys', texts: new Map(PLANT) }, [...steps, { path, text: before }]);
      }),
      { numRuns: 12 },
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
