/** PLCopen state rules, scan by scan: inputs in, DiagCode and output out. */

import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../language/dialects/dialect.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { projectOf, simulate } from '../test-support.js';
import { blockLibrary, modelTexts } from './block-library.js';

interface Row {
  readonly title: string;
  readonly block: string;
  /** Values per scan by input: `1` and `0`; constants as ST text in `fixed`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly fixed?: string;
  readonly output: string;
  readonly expected: string;
  readonly diag: readonly string[];
}

const times = (count: number, code: string): string[] => new Array<string>(count).fill(code);

const ROWS: readonly Row[] = [
  {
    title: 'starts only after a reset edge, trips at once, needs a new reset',
    block: 'SF_EmergencyStop',
    inputs: { S_EStopIn: '1111011111', Reset: '0001000110' },
    output: 'S_EStopOut',
    expected: '0001000111',
    diag: ['8001', '8402', '8402', '8000', '8804', '8404', '8404', '8000', '8000', '8000'],
  },
  {
    title: 'a reset held while it becomes due is an error, no start',
    block: 'SF_EmergencyStop',
    inputs: { S_EStopIn: '00111111', Reset: '11110011' },
    output: 'S_EStopOut',
    expected: '00000011',
    diag: ['8001', '8802', 'c001', 'c001', '8402', '8402', '8000', '8000'],
  },
  {
    title: 'S_StartReset and S_AutoReset leave the resets out',
    block: 'SF_ESPE',
    inputs: { S_ESPE_In: '1110011' },
    fixed: 'S_StartReset := TRUE, S_AutoReset := TRUE',
    output: 'S_ESPE_Out',
    expected: '0110011',
    diag: ['8001', '8000', '8000', '8804', '8804', '8000', '8000'],
  },
  {
    title: 'Activate FALSE is idle with all outputs off',
    block: 'SF_EmergencyStop',
    inputs: { Activate: '1110', S_EStopIn: '1111' },
    fixed: 'S_StartReset := TRUE',
    output: 'S_EStopOut',
    expected: '0110',
    diag: ['8001', '8000', '8000', '0'],
  },
  {
    title: 'guard: closes within the discrepancy time, reset, opens at once',
    block: 'SF_GuardMonitoring',
    inputs: { S_GuardSwitch1: '00011111110', S_GuardSwitch2: '00001111111', Reset: '00000001000' },
    fixed: 'DiscrepancyTime := T#30ms',
    output: 'S_GuardMonitoring',
    expected: '00000001110',
    diag: ['8001', '8802', '8804', '8806', '8002', '8402', '8402', '8000', '8000', '8000', '8802'],
  },
  {
    title: 'guard: a switch that never follows is an error until both open',
    block: 'SF_GuardMonitoring',
    inputs: { S_GuardSwitch1: '0001111100', S_GuardSwitch2: '0000000100' },
    fixed: 'DiscrepancyTime := T#20ms, S_AutoReset := TRUE',
    output: 'S_GuardMonitoring',
    expected: '0000000000',
    diag: ['8001', '8802', '8804', '8806', '8806', 'c010', 'c010', 'c010', '8804', '8804'],
  },
  {
    title: 'guard: the other switch first is the other error',
    block: 'SF_Guard',
    inputs: { S_GuardSwitch1: '00000010', S_GuardSwitch2: '00011110' },
    fixed: 'DiscrepancyTime := T#20ms, S_AutoReset := TRUE',
    output: 'S_GuardOut',
    expected: '00000000',
    diag: ['8001', '8802', '8804', '8808', '8808', 'c020', 'c020', '8804'],
  },
  {
    title: 'guard: one switch opening demands the whole switching sequence',
    block: 'SF_Guard',
    inputs: { S_GuardSwitch1: '111110011', S_GuardSwitch2: '110110011' },
    fixed: 'DiscrepancyTime := T#1s, S_StartReset := TRUE, S_AutoReset := TRUE',
    output: 'S_GuardOut',
    expected: '010000001',
    diag: ['8001', '8000', '8802', '8802', '8802', '8804', '8804', '8002', '8000'],
  },
  {
    title: 'guard: a static reset is an error until it is released; then an edge is due',
    block: 'SF_Guard',
    inputs: { S_GuardSwitch1: '1111111', S_GuardSwitch2: '1111111', Reset: '0110010' },
    output: 'S_GuardOut',
    expected: '0000011',
    diag: ['8001', 'c001', 'c001', '8402', '8402', '8000', '8000'],
  },
  {
    title: 'equivalent: both TRUE, both must go',
    block: 'SF_Equivalent',
    inputs: { S_ChannelA: '0111100', S_ChannelB: '0011000' },
    fixed: 'DiscrepancyTime := T#30ms',
    output: 'S_EquivalentOut',
    expected: '0011000',
    diag: ['8801', '8802', '8000', '8000', '8806', '8801', '8801'],
  },
  {
    title: 'equivalent: discrepancy is an error until both are off',
    block: 'SF_Equivalent',
    inputs: { S_ChannelA: '01111100', S_ChannelB: '00000100' },
    fixed: 'DiscrepancyTime := T#20ms',
    output: 'S_EquivalentOut',
    expected: '00000000',
    diag: ['8801', '8802', '8802', 'c010', 'c010', 'c010', '8801', '8801'],
  },
  {
    title: 'equivalent: B first, then one that stays on behind',
    block: 'SF_Equivalent',
    inputs: { S_ChannelA: '00011111', S_ChannelB: '01110000' },
    fixed: 'DiscrepancyTime := T#30ms',
    output: 'S_EquivalentOut',
    expected: '00010000',
    diag: ['8801', '8804', '8804', '8000', '8806', '8806', '8806', 'c030'],
  },
  {
    title: 'antivalent: NC TRUE and NO FALSE',
    block: 'SF_Antivalent',
    inputs: { S_ChannelNC: '01101', S_ChannelNO: '10010' },
    fixed: 'DiscrepancyTime := T#50ms',
    output: 'S_AntivalentOut',
    expected: '01101',
    diag: ['8801', '8000', '8000', '8801', '8000'],
  },
  {
    title: 'antivalent: NO first, NC never follows',
    block: 'SF_Antivalent',
    inputs: { S_ChannelNC: '00000', S_ChannelNO: '10001' },
    fixed: 'DiscrepancyTime := T#20ms',
    output: 'S_AntivalentOut',
    expected: '00000',
    diag: ['8801', '8804', '8804', 'c020', '8801'],
  },
  {
    title: 'a reset alone never starts: an edge of ProcessControl does',
    block: 'SF_OutControl',
    inputs: { S_SafeControl: '1111101111', Reset: '0100000100', ProcessControl: '0001100001' },
    output: 'S_OutControl',
    expected: '0001100001',
    diag: ['8401', '8006', '8006', '8000', '8000', '8802', '8404', '8006', '8006', '8000'],
  },
  {
    title: 'reset and start in one scan are an error',
    block: 'SF_OutControl',
    inputs: { S_SafeControl: '1111', Reset: '0110', ProcessControl: '0110' },
    output: 'S_OutControl',
    expected: '0000',
    diag: ['8401', 'c020', 'c020', '8401'],
  },
  {
    title: 'contactor that does not drop is found and blocks the next start',
    block: 'SF_EDM',
    inputs: { S_OutControl: '0011111001', EDM1: '1110000000', EDM2: '1110000111' },
    fixed: 'MonitoringTime := T#20ms, S_StartReset := TRUE',
    output: 'S_EDM_Out',
    expected: '0011111000',
    diag: ['8401', '8810', '8000', '8000', '8000', '8000', '8000', '8810', '8810', 'c010'],
  },
  {
    title: 'without a start that does not drop it is found after the monitoring time, left by a reset',
    block: 'SF_EDM',
    inputs: { S_OutControl: '00000000', EDM1: '11111111', EDM2: '00000111', Reset: '01000001' },
    fixed: 'MonitoringTime := T#20ms',
    output: 'S_EDM_Out',
    expected: '00000000',
    diag: ['8401', '8810', '8810', 'c050', 'c050', 'c050', 'c050', '8810'],
  },
  {
    title: 'contactor that does not pull in is found after the monitoring time',
    block: 'SF_EDM',
    inputs: { S_OutControl: '0011111', EDM1: '1111111', EDM2: '1111000' },
    fixed: 'MonitoringTime := T#20ms, S_StartReset := TRUE',
    output: 'S_EDM_Out',
    expected: '0011000',
    diag: ['8401', '8810', '8000', '8000', 'c070', 'c070', 'c070'],
  },
  {
    title: 'reset and control in one scan are an error',
    block: 'SF_EDM',
    inputs: { S_OutControl: '0110', EDM1: '1111', EDM2: '1111', Reset: '0110' },
    output: 'S_EDM_Out',
    expected: '0000',
    diag: ['8401', 'c100', 'c100', '8401'],
  },
  {
    title: 'type II: both buttons, released in between',
    block: 'SF_TwoHandControlTypeII',
    inputs: { S_Button1: '00111101011', S_Button2: '00010110011' },
    output: 'S_TwoHandOut',
    expected: '00010000011',
    diag: ['8001', '8802', '8804', '8000', '8808', '880c', '880a', '8808', '8802', '8000', '8000'],
  },
  {
    title: 'type II: one button after the other one is no actuation',
    block: 'SF_TwoHandControlTypeII',
    inputs: { S_Button1: '00100100', S_Button2: '00010100' },
    output: 'S_TwoHandOut',
    expected: '00000100',
    diag: ['8001', '8802', '8804', '880e', '8802', '8000', '8802', '8802'],
  },
  {
    title: 'type II: a button tied down at activation is an error',
    block: 'SF_TwoHandControlTypeII',
    inputs: { S_Button1: '1110', S_Button2: '0010' },
    output: 'S_TwoHandOut',
    expected: '0000',
    diag: ['8001', 'c010', 'c010', '8802'],
  },
  {
    title: 'reset button acts on release, after a press that was long enough',
    block: 'SF_ResetButton',
    inputs: { ResetIn: '00111111111110000' },
    fixed: 'TrailingMinimum := T#100ms, TrailingMaximum := T#130ms',
    output: 'ResetOut',
    expected: '00000000000001000',
    diag: [...times(2, '83e2'), ...times(11, '83f2'), '8000', ...times(3, '83e2')],
  },
  {
    title: 'reset button: too short is an error until the next press',
    block: 'SF_ResetButton',
    inputs: { ResetIn: '01100110' },
    output: 'ResetOut',
    expected: '00000000',
    diag: ['83e2', '83f2', '83f2', 'c3f0', 'c3f0', '83f2', '83f2', 'c3f0'],
  },
  {
    title: 'reset button: held too long is an error until it is released',
    block: 'SF_ResetButton',
    inputs: { ResetIn: '01111111111111100' },
    fixed: 'TrailingMinimum := T#100ms, TrailingMaximum := T#110ms',
    output: 'ResetOut',
    expected: '00000000000000000',
    diag: ['83e2', ...times(12, '83f2'), 'c3e0', 'c3e0', '83e2', '83e2'],
  },
  {
    title: 'reset button: pressed at activation is an error until it is idle or released',
    block: 'SF_ResetButton',
    inputs: { ResetIn: '110', ResetRequested: '101' },
    output: 'ResetOut',
    expected: '000',
    diag: ['c001', '0', '83e2'],
  },
  {
    title: 'enable switch: the middle position only; from the squeezed one it must be released',
    block: 'SF_EnableSwitch',
    inputs: {
      S_SafetyActive: '11111111110',
      S_EnableSwitchCh1: '00010010010',
      S_EnableSwitchCh2: '11110111111',
    },
    output: 'S_EnableSwitchOut',
    expected: '00010010010',
    diag: ['8002', '8004', '8802', '8000', '8804', '8802', '8000', '8802', '8802', '8000', '8002'],
  },
  {
    title: 'enable switch: from squeezed to the middle is an error, left by a reset when released',
    block: 'SF_EnableSwitch',
    inputs: {
      S_SafetyActive: '1111111111',
      S_EnableSwitchCh1: '0001011000',
      S_EnableSwitchCh2: '1111011111',
      Reset: '0000000010',
    },
    output: 'S_EnableSwitchOut',
    expected: '0001000000',
    diag: ['8002', '8004', '8802', '8000', '8804', 'c030', 'c030', 'c040', '8802', '8802'],
  },
  {
    title: 'enable switch: held when the mode comes is an error',
    block: 'SF_EnableSwitch',
    inputs: {
      S_SafetyActive: '0111111',
      S_EnableSwitchCh1: '1111000',
      S_EnableSwitchCh2: '1111111',
      Reset: '0000001',
    },
    output: 'S_EnableSwitchOut',
    expected: '0000000',
    diag: ['8002', '8004', 'c010', 'c010', 'c020', 'c020', '8802'],
  },
  {
    title: 'enable switch 2: enabled, released; held when the mode comes is an error',
    block: 'SF_EnableSwitch_2',
    inputs: { S_SafetyActive: '0111110111111', S_EnableIn: '0001001110001', Reset: '0000000000010' },
    output: 'S_EnableSwitchOut',
    expected: '0001000000001',
    diag: ['8002', '8004', '8802', '8000', '8802', '8802', '8002', '8004', 'c010', 'c410', 'c410', '8802', '8000'],
  },
  {
    title: 'mode selector: one mode, set by an edge, lost while changing',
    block: 'SF_ModeSelector',
    inputs: { S_Mode0: '1111100', S_Mode1: '0000011', S_SetMode: '0010001' },
    fixed: 'S_Unlock := TRUE, ModeMonitorTime := T#50ms',
    output: 'S_AnyModeSel',
    expected: '0011101',
    diag: ['8802', '8802', '8000', '8000', '8000', '8802', '8000'],
  },
  {
    title: 'mode selector: two modes are an error at once, left by a reset',
    block: 'SF_ModeSelector',
    inputs: { S_Mode0: '1111111', S_Mode1: '0010000', Reset: '0000010' },
    fixed: 'S_Unlock := TRUE, AutoSetMode := TRUE, ModeMonitorTime := T#50ms',
    output: 'S_Mode0Sel',
    expected: '0100001',
    diag: ['8802', '8000', 'c010', 'c410', 'c410', '8802', '8000'],
  },
  {
    title: 'mode selector: none for too long is an error; a static reset is another one',
    block: 'SF_ModeSelector',
    inputs: { S_Mode0: '11000000111', Reset: '00000001100' },
    fixed: 'S_Unlock := TRUE, AutoSetMode := TRUE, ModeMonitorTime := T#40ms',
    output: 'S_AnyModeSel',
    expected: '01000000000',
    diag: ['8802', '8000', '8802', '8802', '8802', 'c020', 'c020', 'c020', 'c021', 'c420', 'c420'],
  },
  {
    title: 'mode selector: locked, a change waits for the lock to go',
    block: 'SF_ModeSelector',
    inputs: { S_Mode0: '1111000', S_Mode1: '0000111', S_Unlock: '1100011' },
    fixed: 'AutoSetMode := TRUE, ModeMonitorTime := T#1s',
    output: 'S_Mode0Sel',
    expected: '0111100',
    diag: ['8802', '8000', '8010', '8010', '8010', '8802', '8000'],
  },
  {
    title: 'guard locking: unlocks only while it is safe, opened while locked is an error',
    block: 'SF_GuardLocking',
    inputs: {
      S_GuardMonitoring: '1111110',
      S_GuardLock: '1111110',
      S_SafetyActive: '0000110',
      UnlockRequest: '0011100',
      Reset: '0100000',
    },
    output: 'S_UnlockGuard',
    expected: '0000100',
    diag: ['8001', 'c001', '8403', '8403', '8813', '8403', '8812'],
  },
  {
    title: 'safety request: acknowledged within the time, lost in the safe state',
    block: 'SF_SafetyRequest',
    inputs: { S_OpMode: '01110000000', S_Acknowledge: '00000110000', Reset: '01000000010' },
    fixed: 'MonitoringTime := T#50ms',
    output: 'S_SafetyActive',
    expected: '00000110000',
    diag: ['8401', '8802', '8802', '8802', '8002', '8000', '8000', 'c010', 'c010', '8004', '8004'],
  },
  {
    title: 'safety request: no acknowledgement in time is an error',
    block: 'SF_SafetyRequest',
    inputs: { S_OpMode: '0000001', S_Acknowledge: '0000001', Reset: '0100010' },
    fixed: 'MonitoringTime := T#30ms',
    output: 'S_SafetyRequest',
    expected: '0000001',
    diag: ['8401', '8002', '8002', '8002', 'c020', '8004', '8804'],
  },
];

describe.each(['javascript', 'wasm'] as const)('safety blocks in %s', (engine) => {
  it.each(ROWS)('$block: $title', (row) => {
    const inputs: Record<string, string> = { Activate: '1'.repeat(row.diag.length), ...row.inputs };
    const names = Object.keys(inputs);
    const pins = [...names.map((name) => `${name} := x${name}`), ...(row.fixed === undefined ? [] : [row.fixed])];
    const simulation = simulate(
      `PROGRAM Main
VAR b : ${row.block}; ${names.map((name) => `x${name} : BOOL;`).join(' ')} END_VAR
b(${pins.join(', ')});
END_PROGRAM`,
      'codesys',
      { engine },
    );
    const diag: string[] = [];
    let output = '';
    for (let scan = 0; scan < row.diag.length; scan++) {
      for (const name of names) simulation.write(`Main.x${name}`, inputs[name]?.[scan] === '1');
      simulation.scan();
      diag.push(Number(simulation.read('Main.b.DiagCode')).toString(16));
      output += simulation.read(`Main.b.${row.output}`) === true ? '1' : '0';
    }
    expect(diag).toEqual(row.diag);
    expect(output).toBe(row.expected);
    expect(simulation.engine).toBe(engine);
  });

  it('type III needs both buttons within 500 ms', () => {
    const simulation = simulate(
      'PROGRAM Main VAR b : SF_TwoHandControlTypeIII; l : BOOL; r : BOOL; END_VAR b(Activate := TRUE, S_Button1 := l, S_Button2 := r); END_PROGRAM',
    );
    simulation.runFor(20_000_000);
    simulation.write('Main.l', true);
    simulation.runFor(520_000_000);
    simulation.write('Main.r', true);
    simulation.scan();
    expect(simulation.read('Main.b.S_TwoHandOut')).toBe(false);
    expect(simulation.read('Main.b.DiagCode')).toBe(0xc040);
  });
});

describe('models', () => {
  const project = projectOf('PROGRAM Main END_PROGRAM');
  const { semantics } = dialectOf('codesys');
  const library = blockLibrary(semantics);
  const names = [...modelTexts(semantics).keys()];

  it.each(names)('%s has the pins of the library, and no error in its text', (name) => {
    const block = ['codesys', 'siemens']
      .map((dialect) => projectOf('PROGRAM Main END_PROGRAM', dialect as 'codesys').lookup(name))
      .find((each) => each?.kind === 'pou');
    if (block?.kind !== 'pou') return;
    const model = library.modelOf(block);
    expect(model).not.toBeNull();
    const file = model?.site?.file;
    const errors = (file === undefined ? [] : (library.projectOf(file)?.findings ?? [])).filter(
      (each) => each.severity === 'error',
    );
    expect(errors).toEqual([]);
    for (const pin of block.variables.values()) {
      const own = model?.variables.get(keyOf(pin.name));
      expect(own, `${name}.${pin.name}`).toBeDefined();
      expect(own?.scope).toBe(pin.scope);
    }
    expect(project.findings.filter((each) => each.severity === 'error')).toEqual([]);
  });
});
