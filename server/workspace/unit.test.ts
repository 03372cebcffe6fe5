import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSource } from '../../core/formats/read-source.js';
import type { Project } from '../../core/language/semantics/model.js';
import { buildProject } from '../../core/language/semantics/project.js';
import { digestOfProject } from '../../core/language/semantics/project-digest.test-data.js';
import { applyEdit, randomEdit } from '../../core/language/syntax/edits.test-data.js';
import { snapshotOfFolder } from '../../core/site/load-snapshot.js';
import { openSite } from '../../core/site/open-site.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import { LOOSE_CYCLE } from './loose-file.js';
import { isTestFile, Unit } from './unit.js';

const SITES = ['plant-01-press', 'plant-02-robot-cell', 'plant-04-packaging', 'plant-07-palletiser'] as const;

const snapshots = new Map<string, SiteSnapshot>();

beforeAll(async () => {
  for (const site of SITES) snapshots.set(site, (await snapshotOfFolder(`test/fixtures/fleet/sites/${site}`)).snapshot);
});

const EXTENSIONS = /\.(st|scl|TcPOU|TcGVL|TcDUT|TcIO)$/i;

function textsOf(snapshot: SiteSnapshot): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, bytes] of snapshot)
    if (EXTENSIONS.test(path))
      texts.set(
        path,
        Buffer.from(bytes)
          .toString('utf8')
          .replace(/^\ufeff/, ''),
      );
  return texts;
}

/** The project in which a file is checked, built from nothing. */
function freshProject(snapshot: SiteSnapshot, path: string): Project {
  const { project } = openSite(snapshot);
  const bytes = snapshot.get(path);
  if (!isTestFile(path) || bytes === undefined) return project;
  const files = [...project.files, readSource(path, bytes, project.dialect)];
  return buildProject({ files, dialect: project.dialect, entry: null, cycle: LOOSE_CYCLE });
}

function expectSame(unit: Unit, path: string): void {
  const [kept, fresh] = [unit.fileOf(path)?.project, freshProject(unit.snapshot(), path)].map((project) =>
    project === undefined ? [] : digestOfProject(project),
  );
  if (kept?.join('\n') !== fresh?.join('\n')) expect(kept).toEqual(fresh);
}

describe('a unit that is edited', () => {
  it.each(SITES)(
    '%s shows what the site shows that is opened anew',
    (site) => {
      const edits = fc.array(fc.record({ file: fc.nat(), edit: randomEdit }), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(edits, (steps) => {
          const snapshot = snapshots.get(site) ?? new Map();
          const unit = new Unit('/site', { kind: 'site' }, snapshot);
          const texts = textsOf(snapshot);
          const paths = [...texts.keys()];
          unit.site();
          for (const { file, edit } of steps) {
            const path = paths[file % paths.length] ?? '';
            const text = applyEdit(texts.get(path) ?? '', edit);
            texts.set(path, text);
            unit.setDocument(path, text);
            expectSame(unit, path);
          }
        }),
        { numRuns: 25 },
      );
    },
    60_000,
  );

  it('checks a test file and what it tests while both are edited', () => {
    const pump = 'FUNCTION_BLOCK FB_Pump\nVAR_INPUT\n  xRun : BOOL;\nEND_VAR\nEND_FUNCTION_BLOCK\n';
    const test = "TEST 'runs'\nVAR\n  pump : FB_Pump;\nEND_VAR\npump(xRun := TRUE);\nEND_TEST\n";
    const texts = new Map([
      ['plantwright.yaml', 'site: one\ndialect: codesys\n'],
      ['FB_Pump.st', pump],
      ['pump_test.st', test],
    ]);
    const steps: readonly (readonly [path: string, find: string, replacement: string])[] = [
      ['pump_test.st', 'xRun := TRUE', 'xRun := 5'],
      ['FB_Pump.st', 'xRun : BOOL', 'xRun : INT'],
      ['FB_Pump.st', 'xRun : INT', 'xRuns : INT'],
      ['pump_test.st', 'pump :', 'pumps :'],
      ['pump_test.st', "TEST 'runs'", "SETUP\nVAR\n  n : INT;\nEND_VAR\nEND_SETUP\nTEST 'runs'"],
      ['FB_Pump.st', 'xRuns', 'xRun'],
      ['pump_test.st', 'pumps :', 'pump :'],
    ];
    const disk = new Map([...texts].map(([path, text]) => [path, Buffer.from(text)]));
    const unit = new Unit('/site', { kind: 'site' }, disk);
    expectSame(unit, 'pump_test.st');
    for (const [path, find, replacement] of steps) {
      const text = (texts.get(path) ?? '').replace(find, replacement);
      texts.set(path, text);
      unit.setDocument(path, text);
      expectSame(unit, 'pump_test.st');
    }
  });

  it('keeps the project of a TwinCAT object when its statements change', () => {
    const snapshot = snapshots.get('plant-02-robot-cell') ?? new Map();
    const unit = new Unit('/site', { kind: 'site' }, snapshot);
    const path = [...snapshot.keys()].find((one) => one.endsWith('MAIN.TcPOU')) ?? '';
    const text = textsOf(snapshot).get(path) ?? '';
    const before = unit.site().project;
    unit.setDocument(path, text.replace(/<ST><!\[CDATA\[/, '$&// a note\n'));
    expect(unit.site().project.model).toBe(before.model);
  });
});
