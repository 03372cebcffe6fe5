import { describe, expect, test } from 'vitest';
import { roleOfName, suggestsHazard, wordsOf } from './role-names.js';
import { conditionsOf, resolveSignals } from './signal-roles.js';
import { siteOf } from './testing/site-of.js';

function resolutionOf(signals: string, source: string, more = '') {
  const site = siteOf({
    'plantwright.yaml': `site: s\ndialect: codesys\nsources: [src/**]\nentry: Main\nsafety:\n  signals:\n${signals}${more}`,
    'src/a.st': source,
  });
  return resolveSignals(site);
}

const MAIN = `TYPE ST_Io : STRUCT stop : BOOL; go : BOOL; END_STRUCT END_TYPE
FUNCTION_BLOCK Door VAR_INPUT ch1 : BOOL; END_VAR VAR_OUTPUT ok : BOOL; END_VAR ok := ch1; END_FUNCTION_BLOCK
VAR_GLOBAL
  Panel : ST_Io;
  bare AT %IX3.0 : BOOL;
END_VAR
PROGRAM Main
VAR a AT %IX0.0 : BOOL; b AT %IX0.1 : BOOL; q AT %QX0.0 : BOOL; front : Door; rear : Door; doors : ARRAY[1..2] OF Door; END_VAR
front(ch1 := a); rear(ch1 := b);
q := front.ok AND rear.ok;
END_PROGRAM`;

describe('tags of the manifest', () => {
  test.each([
    ['Main.a', ['MAIN.A']],
    ['main.A', ['MAIN.A']],
    ['Main.front.ok', ['MAIN.FRONT.OK']],
    ['Door.ok', ['MAIN.DOORS[*].OK', 'MAIN.FRONT.OK', 'MAIN.REAR.OK']],
    ['Main.doors[2].ok', ['MAIN.DOORS[2].OK']],
    ['Panel.*', ['PANEL.GO', 'PANEL.STOP']],
    ['Main.*ont.ok', ['MAIN.FRONT.OK']],
    ['bare', ['BARE']],
  ])('%s', (tag, locations) => {
    const { signals, findings } = resolutionOf(`    - { tag: "${tag}", role: guard }\n`, MAIN);
    expect(findings).toEqual([]);
    expect(signals.filter((signal) => signal.source === 'manifest').map((signal) => signal.location)).toEqual(
      locations,
    );
  });

  test.each(['Io.lid', 'lid', 'IO.*'])(
    '%s: a list is also known by the name of its file, qualified_only or not',
    (tag) => {
      const site = siteOf({
        'plantwright.yaml': `site: s\ndialect: codesys\nsources: [src/**]\nentry: Main\nsafety:\n  signals: [{ tag: "${tag}", role: guard }]\n`,
        'src/Io.st': 'VAR_GLOBAL\n  lid AT %IX0.0 : BOOL;\nEND_VAR\n',
        'src/Main.st': 'PROGRAM Main\nVAR q AT %QX0.0 : BOOL; END_VAR\nq := Io.lid;\nEND_PROGRAM\n',
      });
      const { signals, findings } = resolveSignals(site);
      expect(findings).toEqual([]);
      expect(signals.filter(({ source }) => source === 'manifest').map(({ location }) => location)).toEqual(['LID']);
    },
  );

  test('one that the code does not have is an error at its line', () => {
    const { findings } = resolutionOf(
      '    - { tag: Main.a, role: estop }\n    - { tag: Main.missing, role: guard }\n',
      MAIN,
    );
    expect(findings.map(({ code, severity, file, line }) => ({ code, severity, file, line }))).toEqual([
      { code: 'SIG01', severity: 'error', file: 'plantwright.yaml', line: 8 },
    ]);
  });

  test('a tag that a hazard requires, a limit and an exclusion must exist as well', () => {
    const { findings } = resolutionOf(
      '    - { tag: Main.q, role: hazard, requires: [Main.gone] }\n',
      MAIN,
      '  mutually_exclusive: [[Main.q, Main.away]]\n  limits: [{ tag: Main.none.PT, max: 1s }]\n',
    );
    expect(findings.map((finding) => finding.witness['subject']).sort()).toEqual([
      'Main.away',
      'Main.gone',
      'Main.none.PT',
    ]);
  });
});

describe('conditions of a hazard', () => {
  test('are those of its zone, or those it requires', () => {
    const { signals } = resolutionOf(
      `    - { tag: Main.a, role: estop, zone: x }
    - { tag: Main.b, role: guard, zone: y }
    - { tag: Main.q, role: hazard, zone: x }
    - { tag: Main.front.ok, role: hazard, zone: x, requires: [Main.b, bare] }
`,
      MAIN,
    );
    const of = (location: string): string[] => {
      const hazard = signals.find((signal) => signal.location === location);
      return hazard === undefined ? [] : conditionsOf(hazard, signals).map((signal) => signal.location);
    };
    expect(of('MAIN.Q')).toEqual(['MAIN.A']);
    expect(of('MAIN.FRONT.OK')).toEqual(['MAIN.B', 'BARE']);
  });
});

describe('roles without a manifest', () => {
  const source = `PROGRAM Main
VAR
  {safety role := 'guard', zone := 'cell', polarity := 'no'}
  n AT %IX0.0 : BOOL;
  s AT %IX0.1 : SAFEBOOL;
  btn AT %IX0.2 : BOOL;
  bNotHalt AT %IX0.3 : BOOL;
  bNotaushang AT %IX0.4 : BOOL;
  estop : SF_EmergencyStop;
END_VAR
estop(Activate := TRUE, S_EStopIn := s, Reset := btn);
END_PROGRAM`;

  test('come from pragma, type, pin and name, in this order of trust', () => {
    const { signals } = resolveSignals(
      siteOf({ 'plantwright.yaml': 'site: s\ndialect: codesys\nsources: [src/**]\n', 'src/a.st': source }),
    );
    expect(
      signals.map(
        ({ location, role, source: from, healthy, zone }) => `${location} ${role} ${from} ${healthy} ${zone}`,
      ),
    ).toEqual([
      'MAIN.BNOTHALT estop name true default',
      'MAIN.BTN reset pin true default',
      'MAIN.N guard pragma false cell',
      'MAIN.S permissive type true default',
    ]);
  });
});

test('safe terminals by the block or list that holds them, before names', () => {
  const { signals } = resolveSignals(
    siteOf({
      'plantwright.yaml': 'site: s\ndialect: codesys\nsources: [src/**]\n',
      'src/a.st': `TYPE ST_Safe : STRUCT NotHalt1 : BOOL; Reserve : BOOL; END_STRUCT END_TYPE
VAR_GLOBAL
  TwinSAFE_In : ST_Safe;
  Safety_Out_K1 : BOOL;
  FSoE_Lamp : BOOL;
  EStop2 : BOOL;
END_VAR
PROGRAM Main
VAR Safe_Out : ST_Out; END_VAR
Safe_Out.K1 := TwinSAFE_In.NotHalt1;
END_PROGRAM
TYPE ST_Out : STRUCT K1 : BOOL; lamp : BOOL; END_STRUCT END_TYPE`,
    }),
  );
  expect(signals.map(({ location, role, source }) => `${location} ${role} ${source}`)).toEqual([
    'ESTOP2 estop name',
    'MAIN.SAFE_OUT.K1 hazard address',
    'SAFETY_OUT_K1 hazard address',
    'TWINSAFE_IN.NOTHALT1 estop address',
  ]);
});

describe('names', () => {
  test.each([
    ['EStop_OK', 'estop'],
    ['xEmergencyOff', 'estop'],
    ['bNotHalt', 'estop'],
    ['ARU_1', 'estop'],
    ['ParoEmergencia', 'estop'],
    ['bSchutztuerZu', 'guard'],
    ['xSchutztuer_K1', 'guard'],
    ['LightCurtainFree', 'light_curtain'],
    ['ResetPB', 'reset'],
    ['xJumper', 'bypass'],
    // As one word, or in the words of other plants.
    ['EStopOk', 'estop'],
    ['estopok', 'estop'],
    ['NOTAUS_1', 'estop'],
    ['bArretUrgence', 'estop'],
    ['Arr\u00eat_d_urgence', 'estop'],
    ['xArrestoEmergenza', 'estop'],
    ['b_SetaEmergencia', 'estop'],
    ['bBotaoEmergencia', 'estop'],
    ['NoodStop1', 'estop'],
    ['N\u00f6dstopp_OK', 'estop'],
    ['Wylacznik_Awaryjny', 'estop'],
    ['Nouzov\u00e9_zastaven\u00ed', 'estop'],
    ['AcilStop', 'estop'],
    ['JiTing_OK', 'estop'],
    ['HijoTeishi', 'estop'],
    ['\u6025\u505c1', 'estop'],
    ['\u975e\u5e38\u505c\u6b62', 'estop'],
    ['guardclosed', 'guard'],
    ['DoorClosed', 'guard'],
    ['Schutzt\u00fcr_zu', 'guard'],
    ['bTuerZu', 'guard'],
    ['PorteFermee', 'guard'],
    ['PortaChiusa', 'guard'],
    ['PuertaCerrada', 'guard'],
    ['AnquanMen1', 'guard'],
    ['RideauLumineux', 'light_curtain'],
    ['CortinaLuz1', 'light_curtain'],
    ['KurtynaSwietlna', 'light_curtain'],
    ['BP_Rearmement', 'reset'],
    ['bQuittierung', 'reset'],
    ['FuWei', null],
    ['fuwei', 'reset'],
    ['Kvittering', 'reset'],
    // What only sounds alike.
    ['DoorOpenLamp', null],
    ['Acilik', null],
    ['OvenDoor', null],
    ['GuardianCount', null],
    ['Emergence', null],
    ['rForceLimit', null],
    ['BypassValveTemp', null],
    ['BypassValve', null],
    ['Notaushang', null],
    ['EStopLamp', null],
    ['GuardTripped', null],
    ['Standstill', null],
    ['restart', null],
  ])('%s: %s', (name, role) => expect(roleOfName(name)).toBe(role));

  test('hazards', () => {
    expect(suggestsHazard('qxMotor1')).toBe(true);
    expect(suggestsHazard('bFoerderband')).toBe(true);
    expect(suggestsHazard('Silnik_1')).toBe(true);
    expect(suggestsHazard('moteur')).toBe(true);
    expect(suggestsHazard('Zaw\u00f3r_Otw')).toBe(true);
    expect(suggestsHazard('MotorLamp')).toBe(false);
    expect(suggestsHazard('Motorist')).toBe(false);
  });

  test('words', () => expect(wordsOf('xEStopOk_2')).toEqual(['e', 'stop', 'ok']));
});
