import { describe, expect, it } from 'vitest';
import { decodeText } from '../../base/decode.js';
import { failsVerdict } from '../../base/finding.js';
import { type SiteFiles, siteOf } from '../../safety/testing/site-of.js';
import { openSite } from '../../site/open-site.js';
import type { RecipeOutcome } from '../recipe.js';
import { lineDiff } from '../testing/line-diff.js';
import { migrationOf } from '../testing/migration-of.js';
import { safetyInterlock } from './safety-interlock.js';

const GUARDS = `
      - signal: Main.Guard_Closed
        channels: [Main.Guard_Closed, Main.Guard_Ch2]
        reset: Main.Reset_PB
        discrepancy: 100ms
        diagnostic: Main.Guard_Diag`;

const SIGNALS = `
    - { tag: Main.EStop_OK, role: estop }
    - { tag: Main.Guard_Closed, role: guard }
    - { tag: Main.Reset_PB, role: reset }
    - { tag: Main.Motor, role: hazard }`;

interface Machine {
  readonly dialect?: string;
  readonly signals?: string;
  readonly safety?: string;
  readonly guards?: string;
  readonly variables?: string;
  readonly body?: string;
  readonly files?: SiteFiles;
}

/** A program Main with an e-stop, a guard, a reset and a motor; parts of it as the case needs them. */
function machine(parts: Machine = {}): SiteFiles {
  return {
    'plantwright.yaml': `site: small
dialect: ${parts.dialect ?? 'codesys'}
entry: Main
safety:
  signals:${parts.signals ?? SIGNALS}
${parts.safety ?? ''}${parts.guards === '' ? '' : `migrations:\n  safety-interlock-update:\n    guards:${parts.guards ?? GUARDS}\n`}`,
    'src/Main.st': `PROGRAM Main
VAR
    EStop_OK AT %IX0.0 : BOOL;
    Guard_Closed AT %IX0.1 : BOOL;
    Guard_Ch2 AT %IX0.2 : BOOL;
    Reset_PB AT %IX0.3 : BOOL;
    Start_PB AT %IX0.4 : BOOL;
    Motor AT %QX0.0 : BOOL;
    Lamp AT %QX0.1 : BOOL;
END_VAR
VAR
    Run : BOOL;
    Guard_Diag : WORD;
${parts.variables ?? ''}END_VAR
${parts.body ?? 'Run := (Start_PB OR Run) AND EStop_OK AND Guard_Closed;\nMotor := Run AND EStop_OK AND Guard_Closed;\nLamp := NOT Guard_Closed;\n'}END_PROGRAM
`,
    ...parts.files,
  };
}

function apply(files: SiteFiles): RecipeOutcome {
  return safetyInterlock.apply(siteOf(files), migrationOf());
}

/** The edited site; its code must compile, and a second run must find nothing to do. */
function migrated(files: SiteFiles): Record<string, string> {
  const outcome = apply(files);
  if (outcome.kind !== 'changed') throw new Error(JSON.stringify(outcome));
  const after = { ...files };
  for (const [path, bytes] of outcome.files) after[path] = decodeText(bytes).text;
  const site = siteOf(after);
  expect(site.project.findings.filter(({ severity }) => failsVerdict(severity))).toEqual([]);
  expect(apply(after)).toMatchObject({ kind: 'not-needed' });
  return after;
}

function changes(files: SiteFiles, path = 'src/Main.st'): string[] {
  return lineDiff(files[path] ?? '', migrated(files)[path] ?? '');
}

describe('what the recipe changes', () => {
  it('evaluates both channels once and lets every hazard depend on the result; displays keep the contact', () => {
    expect(changes(machine())).toEqual([
      '  14 +     GuardClosedMonitor : SAFETY_GUARD_MONITOR;',
      '  15 - Run := (Start_PB OR Run) AND EStop_OK AND Guard_Closed;',
      '  16 - Motor := Run AND EStop_OK AND Guard_Closed;',
      '  17 + (* Main.Guard_Closed: two channels, discrepancy 100ms, manual reset *)',
      '  17 + GuardClosedMonitor(',
      '  17 +     Activate := TRUE,',
      '  17 +     S_GuardSwitch1 := Guard_Closed,',
      '  17 +     S_GuardSwitch2 := Guard_Ch2,',
      '  17 +     DiscrepancyTime := T#100ms,',
      '  17 +     S_StartReset := FALSE,',
      '  17 +     S_AutoReset := FALSE,',
      '  17 +     Reset := Reset_PB,',
      '  17 +     DiagCode => Guard_Diag);',
      '  17 + ',
      '  17 + Run := (Start_PB OR Run) AND EStop_OK AND GuardClosedMonitor.S_GuardMonitoring;',
      '  17 + Motor := Run AND EStop_OK AND GuardClosedMonitor.S_GuardMonitoring;',
    ]);
  });

  it('keeps the signal in the condition when neither channel is the signal itself', () => {
    const guards = GUARDS.replace('[Main.Guard_Closed,', '[Main.Guard_Ch1,');
    const variables = '    Guard_Ch1 : BOOL;\n';
    expect(changes(machine({ guards, variables }))).toContain(
      '  18 + Motor := Run AND EStop_OK AND (Guard_Closed AND GuardClosedMonitor.S_GuardMonitoring);',
    );
  });

  it('replaces the assignment when the signal is a copy of a contact', () => {
    const signals = SIGNALS.replace('Main.Guard_Closed', 'Main.Closed');
    const guards = GUARDS.replace('signal: Main.Guard_Closed', 'signal: Main.Closed');
    const body = 'Closed := Guard_Closed;\nMotor := Start_PB AND EStop_OK AND Closed;\n';
    const diff = changes(machine({ signals, guards, body, variables: '    Closed : BOOL;\n' }));
    expect(diff).toContain('  16 - Closed := Guard_Closed;');
    expect(diff.at(-1)).toBe('  17 + Closed := ClosedMonitor.S_GuardMonitoring;');
  });

  it('uses the block that the site has', () => {
    const added = migrated(machine())['src/SAFETY_GUARD_MONITOR.st'] ?? '';
    const files = machine({ files: { 'src/blocks/Monitor.st': added.replace(/discrepancyFault/g, 'differs') } });
    const after = migrated(files);
    expect(after['src/SAFETY_GUARD_MONITOR.st']).toBeUndefined();
    expect(after['src/Main.st']).toContain('GuardClosedMonitor : SAFETY_GUARD_MONITOR;');
  });

  it('declares a diagnostic variable that the manifest names and the code lacks', () => {
    const guards = GUARDS.replace('Main.Guard_Diag', 'Main.Door_Diag');
    expect(changes(machine({ guards }))).toContain('  14 +     Door_Diag : WORD;');
  });

  it('does without a diagnostic variable when the manifest names none', () => {
    const guards = GUARDS.replace(/\n {8}diagnostic:.*/, '');
    const text = migrated(machine({ guards }))['src/Main.st'] ?? '';
    expect(text).toContain('Reset := Reset_PB);');
  });

  it('writes lower-case keywords in a file that has them, and a declaration on its line', () => {
    const text =
      'program Main\nvar EStop_OK, Guard_Closed, Guard_Ch2, Reset_PB, Start_PB, Motor : bool; Guard_Diag : word; end_var\n' +
      'Motor := Start_PB and EStop_OK and Guard_Closed;\nend_program\n';
    expect(lineDiff(text, migrated(machine({ files: { 'src/Main.st': text } }))['src/Main.st'] ?? '')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Guard_Diag : word; GuardClosedMonitor : SAFETY_GUARD_MONITOR; end_var'),
        expect.stringContaining('Activate := true,'),
      ]),
    );
  });

  it('calls the evaluation at the start when the body can be left before the guard is read', () => {
    const body =
      'IF NOT EStop_OK THEN\n    Motor := FALSE;\n    RETURN;\nEND_IF;\nMotor := Start_PB AND Guard_Closed;\n';
    const text = migrated(machine({ body }))['src/Main.st'] ?? '';
    expect(text.indexOf('GuardClosedMonitor(')).toBeLessThan(text.indexOf('IF NOT EStop_OK'));
  });

  it('changes a guard that is read in a condition around a hazard, and in an argument on the way to one', () => {
    const body =
      'Driver(enable := Guard_Closed);\nIF Guard_Closed AND EStop_OK THEN\n    Motor := Driver.on;\nELSE\n    Motor := FALSE;\nEND_IF;\n';
    const driver =
      'FUNCTION_BLOCK FB_Driver\nVAR_INPUT enable : BOOL; END_VAR\nVAR_OUTPUT on : BOOL; END_VAR\non := enable;\nEND_FUNCTION_BLOCK\n';
    const files = machine({ body, variables: '    Driver : FB_Driver;\n', files: { 'src/FB_Driver.st': driver } });
    const text = migrated(files)['src/Main.st'] ?? '';
    expect(text).toContain('Driver(enable := GuardClosedMonitor.S_GuardMonitoring);');
    expect(text).toContain('IF GuardClosedMonitor.S_GuardMonitoring AND EStop_OK THEN');
  });

  const globals = `{attribute 'qualified_only'}
VAR_GLOBAL
    Door1 AT %IX0.1 : BOOL;
    Door2 AT %IX0.2 : BOOL;
    Reset AT %IX0.3 : BOOL;
    Motor AT %QX0.0 : BOOL;
    Heater AT %QX0.1 : BOOL;
END_VAR
`;
  const shared: SiteFiles = {
    'plantwright.yaml': `site: shared
dialect: twincat
entry: Main
safety:
  signals:
    - { tag: IO.Door1, role: guard }
    - { tag: IO.Reset, role: reset }
    - { tag: IO.Motor, role: hazard }
    - { tag: IO.Heater, role: hazard }
migrations:
  safety-interlock-update:
    guards:
      - { signal: IO.Door1, channels: [IO.Door1, IO.Door2], reset: IO.Reset, discrepancy: 100ms, diagnostic: IO.DoorDiag }
`,
    'src/IO.TcGVL': `<?xml version="1.0" encoding="utf-8"?>
<TcPlcObject Version="1.1.0.1">
  <GVL Name="IO" Id="{1}">
    <Declaration><![CDATA[${globals}]]></Declaration>
  </GVL>
</TcPlcObject>
`,
    'src/Main.st': 'PROGRAM Main\nVAR\n    drive : FB_Drive;\nEND_VAR\ndrive();\nIO.Heater := IO.Door1;\nEND_PROGRAM\n',
    'src/FB_Drive.st':
      'FUNCTION_BLOCK FB_Drive\nVAR\n    x : BOOL;\nEND_VAR\nIO.Motor := IO.Door1;\nEND_FUNCTION_BLOCK\n',
  };

  it('serves several blocks from one evaluation beside the global signal, called first of all', () => {
    const after = migrated(shared);
    expect(after['src/IO.TcGVL']).toContain('    doorMonitor : SAFETY_GUARD_MONITOR;');
    expect(after['src/IO.TcGVL']).toContain('    DoorDiag : WORD;');
    expect(after['src/FB_Drive.st']).toContain('IO.Motor := IO.doorMonitor.S_GuardMonitoring;');
    const main = after['src/Main.st'] ?? '';
    expect(main).toContain('IO.Heater := IO.doorMonitor.S_GuardMonitoring;');
    expect(main.indexOf('IO.doorMonitor(')).toBeLessThan(main.indexOf('drive();'));
  });

  it.each([
    ['an organization block', '"IO".Motor := "IO".Door1;', '', ''],
    [
      'an organization block and a function block',
      '"Drive"();\n   "IO".Heater := "IO".Door1;',
      'FUNCTION_BLOCK "FB_Drive"\nVERSION : 0.1\nBEGIN\n   "IO".Motor := "IO".Door1;\nEND_FUNCTION_BLOCK\n',
      'DATA_BLOCK "Drive"\nVERSION : 0.1\n"FB_Drive"\nBEGIN\nEND_DATA_BLOCK\n',
    ],
  ])('keeps the instance in a data block for %s', (_, body, block, instance) => {
    const io = ['Door1', 'Door2', 'Reset', 'Motor', 'Heater'].map((name) => `      ${name} : Bool;\n`).join('');
    const after = migrated({
      'plantwright.yaml':
        shared['plantwright.yaml']?.replace('twincat', 'siemens').replace(', diagnostic: IO.DoorDiag', '') ?? '',
      'src/IO.scl': `DATA_BLOCK "IO"\nVERSION : 0.1\n   VAR\n${io}   END_VAR\nBEGIN\nEND_DATA_BLOCK\n`,
      ...(block === '' ? {} : { 'src/Drive.scl': block + instance }),
      'src/Main.scl': `ORGANIZATION_BLOCK "Main"\nVERSION : 0.1\nBEGIN\n   ${body}\nEND_ORGANIZATION_BLOCK\n`,
    });
    expect(after['src/DoorMonitor.scl']).toContain('DATA_BLOCK "DoorMonitor"');
    expect(after['src/Main.scl']).toContain('"DoorMonitor"(');
    expect(after['src/Main.scl']).toContain(':= "DoorMonitor".S_GuardMonitoring;');
  });

  it('adds VAR_EXTERNAL where a site works that way', () => {
    const files: SiteFiles = {
      'plantwright.yaml': shared['plantwright.yaml']?.replace('twincat', 'iec').replace(/IO\./g, '') ?? '',
      'src/Conf.st': `CONFIGURATION Conf
VAR_GLOBAL
${globals.split('\n').slice(2, 7).join('\n')}
    DoorDiag : WORD;
END_VAR
RESOURCE Res ON PLC
    TASK Fast(INTERVAL := T#10ms, PRIORITY := 1);
    PROGRAM Line WITH Fast : Main;
    PROGRAM Heat WITH Fast : Heating;
END_RESOURCE
END_CONFIGURATION
`,
      'src/Main.st':
        'PROGRAM Main\nVAR_EXTERNAL\n    Door1 : BOOL;\n    Motor : BOOL;\nEND_VAR\nMotor := Door1;\nEND_PROGRAM\n',
      'src/Heating.st':
        'PROGRAM Heating\nVAR_EXTERNAL\n    Door1 : BOOL;\n    Heater : BOOL;\nEND_VAR\nHeater := Door1;\nEND_PROGRAM\n',
    };
    const after = migrated(files);
    expect(after['src/Heating.st']).toContain('    DoorMonitor : SAFETY_GUARD_MONITOR;\nEND_VAR');
    expect(after['src/Heating.st']).toContain('Heater := DoorMonitor.S_GuardMonitoring;');
    expect(after['src/Main.st']).toContain('    Door2 : BOOL;');
    expect(after['src/Main.st']).toContain('    Reset : BOOL;');
  });
});

describe('what the recipe leaves to an engineer', () => {
  /** The guard is read in FB_Guard, whose instances the program calls as the case says. */
  const inBlock = (body: string, variables: string, dialect = 'codesys'): SiteFiles =>
    machine({
      dialect,
      body,
      variables,
      signals: SIGNALS.replace('Main.Guard_Closed', 'Door1'),
      guards:
        '\n      - { signal: Door1, channels: [Door1, Door2], reset: Main.Reset_PB, discrepancy: 100ms, diagnostic: Main.Guard_Diag }',
      files: {
        'src/Doors.st': 'VAR_GLOBAL\n    Door1 AT %IX2.0 : BOOL;\n    Door2 AT %IX2.1 : BOOL;\nEND_VAR\n',
        'src/FB_Guard.st':
          'FUNCTION_BLOCK FB_Guard\nVAR_OUTPUT\n    on : BOOL;\nEND_VAR\non := Door1;\nEND_FUNCTION_BLOCK\n',
      },
    });
  const withEntry = (change: (entry: string) => string): SiteFiles => machine({ guards: change(GUARDS) });
  const cases: readonly (readonly [string, SiteFiles, string, RegExp])[] = [
    [
      'no settings at all',
      machine({ guards: '' }),
      'RSI01',
      /migrations\.safety-interlock-update\.guards is missing[\s\S]*signal: Main\.Guard_Closed[\s\S]*reset: Main\.Reset_PB/,
    ],
    [
      'no second channel',
      withEntry((e) => e.replace(/\n {8}channels:.*/, '')),
      'RSI01',
      /guards\[0\]\.channels is missing/,
    ],
    ['no reset', withEntry((e) => e.replace(/\n {8}reset:.*/, '')), 'RSI01', /guards\[0\]\.reset is missing/],
    [
      'no discrepancy time',
      withEntry((e) => e.replace(/\n {8}discrepancy:.*/, '')),
      'RSI01',
      /guards\[0\]\.discrepancy is missing/,
    ],
    ['an unknown key', withEntry((e) => e.replace('reset:', 'rest:')), 'RSI02', /guards\.0: .*rest/],
    [
      'a channel that the code lacks',
      withEntry((e) => e.replace('Guard_Ch2', 'Guard_Ch3')),
      'RSI03',
      /the code has no Main\.Guard_Ch3/,
    ],
    [
      'one contact named twice',
      withEntry((e) => e.replace('Guard_Ch2', 'Guard_Closed')),
      'RSI02',
      /names Main\.Guard_Closed twice/,
    ],
    ['a channel that is no BOOL', withEntry((e) => e.replace('Guard_Ch2', 'Guard_Diag')), 'RSI02', /is no BOOL/],
    [
      'a channel that the program writes',
      withEntry((e) => e.replace('Guard_Ch2', 'Run')),
      'RSI02',
      /Main\.Run is written by the program/,
    ],
    ['a discrepancy time of zero', withEntry((e) => e.replace('100ms', '0ms')), 'RSI02', /no time above 0/],
    [
      'a discrepancy time that checks nothing',
      withEntry((e) => e.replace('100ms', '1h')),
      'RSI02',
      /no time above 0 and up to 4s/,
    ],
    [
      'a diagnostic variable of another type',
      withEntry((e) => e.replace('Main.Guard_Diag', 'Main.Run')),
      'RSI02',
      /must be one variable of type WORD/,
    ],
    [
      'a sensor without an entry',
      machine({ signals: `${SIGNALS}\n    - { tag: Main.Start_PB, role: light_curtain }` }),
      'RSI01',
      /no entry for Main\.Start_PB \(light_curtain\)/,
    ],
    [
      'an e-stop as the signal',
      withEntry((e) => e.replace('signal: Main.Guard_Closed', 'signal: Main.EStop_OK')),
      'RSI02',
      /role estop.*e-stop logic is never touched/,
    ],
    [
      'a guard that is healthy when FALSE',
      machine({ signals: SIGNALS.replace('role: guard', 'role: guard, healthy: false') }),
      'RSI02',
      /healthy when FALSE/,
    ],
    [
      'a reset that a panel may write',
      machine({ signals: SIGNALS.replace('role: reset', 'role: operator') }),
      'RSI02',
      /written by an operator panel/,
    ],
    [
      'a guard that decides nothing',
      machine({ body: 'Motor := Start_PB AND EStop_OK;\nLamp := Guard_Closed;\n' }),
      'RSI05',
      /decides about no hazard/,
    ],
    [
      'a guard that the program computes',
      machine({
        body: 'Guard_Closed := Guard_Ch2 OR Run;\nMotor := Guard_Closed AND EStop_OK;\n',
        guards: GUARDS.replace('[Main.Guard_Closed,', '[Main.Start_PB,'),
      }),
      'RSI05',
      /no plain copy of a channel/,
    ],
    ['certified code', machine({ safety: '  certified: [POU:Main]\n' }), 'RSI04', /it is certified/],
    ['protected code', machine({ safety: '  protected: [src/**]\n' }), 'RSI04', /protected from recipes/],
    [
      'a syntax error anywhere',
      machine({ files: { 'src/Other.st': 'PROGRAM Other\nx := ;\nEND_PROGRAM\n' } }),
      'RSI07',
      /syntax error/,
    ],
    [
      'half of the work done',
      machine({
        variables: '    mon : SAFETY_GUARD_MONITOR;\n',
        body: 'mon(Activate := TRUE, S_GuardSwitch1 := Guard_Closed, S_GuardSwitch2 := Guard_Ch2, DiscrepancyTime := T#100ms, Reset := Reset_PB);\nRun := mon.S_GuardMonitoring;\nMotor := Run AND EStop_OK;\nMotor := Motor AND Guard_Closed;\n',
        files: { 'src/SAFETY_GUARD_MONITOR.st': migrated(machine())['src/SAFETY_GUARD_MONITOR.st'] ?? '' },
      }),
      'RSI06',
      /still decides by the single channel/,
    ],
    [
      'a function block with two instances',
      inBlock('a();\nb();\nMotor := a.on AND b.on AND EStop_OK;\n', '    a : FB_Guard;\n    b : FB_Guard;\n'),
      'RSI05',
      /2 instances and 2 calls/,
    ],
    [
      'a function block that is not called in every scan',
      inBlock('IF EStop_OK THEN\n    a();\nEND_IF;\nMotor := a.on AND EStop_OK;\n', '    a : FB_Guard;\n'),
      'RSI05',
      /not called in every scan/,
    ],
    [
      'a reset that the block around the guard can not reach',
      inBlock('a();\nMotor := a.on AND EStop_OK;\n', '    a : FB_Guard;\n', 'iec'),
      'RSI05',
      /can't reach Main\.Reset_PB/,
    ],
  ];

  it.each(cases)('%s', (_, files, code, message) => {
    const outcome = apply(files);
    expect(outcome.kind).toBe('needs-engineer');
    const reasons = outcome.kind === 'needs-engineer' ? outcome.reasons : [];
    expect(reasons.map((reason) => reason.code)).toContain(code);
    expect(reasons.map((reason) => reason.message).join('\n')).toMatch(message);
  });

  it('points to the line of the manifest', () => {
    const outcome = apply(withEntry((entry) => entry.replace('Guard_Ch2', 'Guard_Ch3')));
    expect(outcome).toMatchObject({ reasons: [{ file: 'plantwright.yaml', line: 14 }] });
  });

  it('has nothing to do on a site without guards', () => {
    const signals = '\n    - { tag: Main.EStop_OK, role: estop }\n    - { tag: Main.Motor, role: hazard }';
    expect(apply(machine({ signals, guards: '' }))).toMatchObject({ kind: 'not-needed' });
  });

  it('asks for roles on a site that declares none', () => {
    const site = openSite(
      new Map(
        Object.entries(machine()).map(([path, text]) => [
          path,
          Buffer.from(path === 'plantwright.yaml' ? 'site: s\ndialect: codesys\n' : text),
        ]),
      ),
    );
    expect(safetyInterlock.apply(site, migrationOf())).toMatchObject({
      kind: 'needs-engineer',
      reasons: [{ file: 'plantwright.yaml', message: expect.stringContaining('safety.signals is missing') }],
    });
  });
});
