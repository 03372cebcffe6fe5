import { describe, expect, it } from 'vitest';
import { openSite } from './open-site.js';

const snapshot = (files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));

const MAIN = 'PROGRAM Main\nVAR\n  a : BOOL;\n  p : Pump;\nEND_VAR\n  a := TRUE;\n  p(run := a);\nEND_PROGRAM\n';
const PUMP = 'FUNCTION_BLOCK Pump\nVAR_INPUT\n  run : BOOL;\nEND_VAR\nEND_FUNCTION_BLOCK\n';
const MANIFEST = 'site: a\ndialect: iec\nentry: Main\nlibraries: [lib/**]\n';

describe('opening a site', () => {
  it('checks sources and libraries as one project, and leaves tests out', () => {
    const site = openSite(
      snapshot({
        'plantwright.yaml': MANIFEST,
        'src/Main.st': MAIN,
        'lib/Pump.st': PUMP,
        'src/Main_test.st': 'not ST at all',
      }),
    );
    expect(site.manifestFindings).toEqual([]);
    expect(site.project.findings).toEqual([]);
    expect(site.project.files.map(({ path }) => path)).toEqual(['src/Main.st', 'lib/Pump.st']);
    expect([...site.libraryPaths]).toEqual(['lib/Pump.st']);
    expect(site.project.schedule.flatMap((task) => task.programs.map(({ instanceName }) => instanceName))).toEqual([
      'Main',
    ]);
  });

  it('reads the code of a site whose manifest has a mistake', () => {
    const site = openSite(
      snapshot({ 'plantwright.yaml': 'site: a\ndialect: iec\nsaftey: {}\n', 'Main.st': MAIN, 'Pump.st': PUMP }),
    );
    expect(site.manifest).toBeNull();
    expect(site.manifestFindings[0]?.message).toContain('Did you mean "safety"?');
    expect(site.project.files).toHaveLength(2);
  });

  it('says when no file matches the sources', () => {
    const site = openSite(
      snapshot({ 'plantwright.yaml': 'site: a\ndialect: iec\nsources: [Src/**]\n', 'src/Main.st': MAIN }),
    );
    expect(site.manifestFindings[0]).toMatchObject({
      line: 3,
      message: expect.stringContaining('No source file matches'),
    });
  });

  it.each([
    ['Maim', 'There is no program "Maim". Did you mean "Main"?'],
    ['Pump', 'There is no program "Pump". Programs: Main.'],
    ['Conveyor', 'There is no program "Conveyor". Programs: Main.'],
  ])('says when the entry %s names no program', (entry, message) => {
    const site = openSite(
      snapshot({ 'plantwright.yaml': MANIFEST.replace('Main', entry), 'Main.st': MAIN, 'Pump.st': PUMP }),
    );
    expect(site.manifestFindings).toMatchObject([{ line: 3, code: 'CFG-ENTRY', severity: 'error', message }]);
  });

  it('keeps two sites apart', () => {
    const other = openSite(
      snapshot({ 'plantwright.yaml': 'site: b\ndialect: iec\n', 'Pump.st': PUMP.replace('run', 'start') }),
    );
    const one = openSite(snapshot({ 'plantwright.yaml': MANIFEST, 'Main.st': MAIN, 'Pump.st': PUMP }));
    expect([...one.project.findings, ...other.project.findings]).toEqual([]);
  });
});
