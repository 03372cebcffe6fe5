import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.js';
import { manifestPositions, readManifest, readManifestText } from './read-manifest.js';
import { sitePaths } from './source-paths.js';

const told = (text: string): string[] =>
  readManifestText(text).findings.map((f) => `${f.line}:${f.column} ${f.severity} ${f.message}`);

const SITE = 'site: plant-01\ndialect: codesys\n';

describe('plantwright.yaml', () => {
  it('reads the manifest of the documentation', () => {
    const reading = readManifestText(`${SITE}location: Detroit, MI
line_type: Assembly
plc_type: Siemens S7-1500
firmware_version: "2.9.3"
sources: [src/**]
libraries: [lib/**]
entry: Main
cycle: 10ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: Main.EStop_OK, role: estop, zone: cell-1 }
    - { tag: Main.Motor, role: hazard, zone: cell-1, off: false }
    - { tag: GVL_HMI.*, role: operator }
  mutually_exclusive: [[Main.Forward, Main.Reverse]]
  limits: [{ tag: Main.tDiscrepancy.PT, max: 100ms }]
  certified: [src/certified/**, POU:PressControl]
  protected: [src/estop/**]
checks:
  tests: [tests/**/*_test.st]
  scenarios: [scenarios/**/*.yaml]
migrations:
  safety-interlock-update:
    guards: [{ signal: Main.Guard_Closed, channels: [Main.Guard_Ch1, Main.Guard_Ch2], discrepancy: 100ms }]
`);
    expect(reading.findings).toEqual([]);
    expect(reading.manifest?.safety?.signals).toHaveLength(3);
  });

  it.each([
    [
      'a role that does not exist',
      `${SITE}safety: { signals: [{ tag: Main.x, role: gard }] }\n`,
      '3:42 error safety.signals[0].role is "gard", which is not allowed. Did you mean "guard"?',
    ],
    [
      'a dialect that does not exist',
      'site: a\ndialect: simatic\n',
      '2:10 error dialect is "simatic", which is not allowed. Allowed: iec, codesys, twincat, siemens, rockwell.',
    ],
    ['a lint rule that does not exist', `${SITE}lint: { dead-stroe: off }\n`, 'Did you mean "dead-store"?'],
    [
      'a lint severity that does not exist',
      `${SITE}lint: { dead-store: blocker }\n`,
      'Allowed: off, info, warning, error.',
    ],
    ['a path out of the site', `${SITE}sources: [../other/**]\n`, '3:11 error "../other/**" leads out of the site.'],
    ['an absolute path', `${SITE}libraries: ["C:/lib"]\n`, 'leads out of the site.'],
    ['a limit without a bound', `${SITE}safety: { limits: [{ tag: Main.t }] }\n`, 'neither "min" nor "max"'],
    [
      'a limit that nothing meets',
      `${SITE}safety: { limits: [{ tag: Main.t, min: 1s, max: 100ms }] }\n`,
      '"min" is greater than "max"',
    ],
    ['a cycle of zero', `${SITE}cycle: 0ms\n`, 'longer than zero'],
    [
      'a healthy value on a hazard',
      `${SITE}safety: { signals: [{ tag: Main.M, role: hazard, healthy: true }] }\n`,
      'warning "healthy" says something only for conditions',
    ],
    [
      'a signal written twice',
      `${SITE}safety: { signals: [{ tag: Main.G, role: guard }, { tag: main.g, role: guard }] }\n`,
      'warning main.g already has the role guard in signals[0]',
    ],
  ])('reports %s', (_, text, expected) => {
    expect(told(text).join('\n')).toContain(expected);
  });

  it('says that it is missing, or is no UTF-8', () => {
    expect(readManifest(new Map()).findings[0]?.message).toContain('no plantwright.yaml');
    const broken = new Map([['plantwright.yaml', Uint8Array.of(0x73, 0xff, 0xfe, 0x00)]]);
    expect(readManifest(broken).findings[0]?.message).toContain('not UTF-8');
  });

  it('knows the dialect of a manifest with another mistake', () => {
    expect(readManifestText('site: a\ndialect: siemens\nzones: 1\n')).toMatchObject({
      manifest: null,
      dialect: 'siemens',
    });
  });

  it('tells where a value stands', () => {
    const text = `${SITE}safety:\n  signals:\n    - { tag: Main.A, role: guard }\n    - { tag: Main.B, role: reset }\n`;
    const locate = manifestPositions(new Map([['plantwright.yaml', Buffer.from(text)]]));
    expect(locate(['safety', 'signals', 1, 'tag'])).toMatchObject({ line: 6, column: 14 });
    expect(locate(['safety', 'limits', 0])).toMatchObject({ line: 4 });
  });
});

describe('paths of a site', () => {
  const manifest = readManifestText(`${SITE}sources: [src/**, io.st]\nlibraries: [src/lib/**]\n`).manifest;
  const paths = [
    'src/Main.st',
    'src/lib/F.st',
    'src/Main_test.st',
    'io.st',
    'readme.md',
    'src/notes.md',
    'other/X.st',
    'src/P.TcPOU',
    'scenarios/a.yaml',
  ];

  it('sorts them by the globs of the manifest', () => {
    expect(sitePaths(manifest, paths)).toEqual({
      sources: ['io.st', 'src/Main.st', 'src/P.TcPOU'],
      libraries: ['src/lib/F.st'],
      tests: ['src/Main_test.st'],
      scenarios: ['scenarios/a.yaml'],
      traces: [],
    });
  });

  it('takes every known format without a manifest', () => {
    expect(sitePaths(null, paths).sources).toEqual([
      'io.st',
      'other/X.st',
      'src/Main.st',
      'src/P.TcPOU',
      'src/lib/F.st',
    ]);
  });
});

describe('durations', () => {
  it.each([
    ['10ms', 10_000_000n],
    ['1s500ms', 1_500_000_000n],
    ['1.5s', 1_500_000_000n],
    ['72h', 259_200_000_000_000n],
    ['1h_30m', 5_400_000_000_000n],
    ['250us', 250_000n],
    ['0.5ns', 0n],
    ['10', null],
    ['fast', null],
    ['', null],
  ])('%s', (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });
});
