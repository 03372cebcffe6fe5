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
    inputs: { S_GuardSwitch1: '0001111110', S_GuardSwitch2: '0000111111', Reset: '0000001000' },
    fixed: 'DiscrepancyTime := T#30ms',
    output: 'S_GuardMonitoring',
    expected: '0000001110',
    diag: ['8001', '8802', '8812', '8804', '8405', '8405', '8000', '8000', '8000', '8802'],
  },
  {
    title: 'guard: a switch that never follows is an error until both open',
    block: 'SF_GuardMonitoring',
    inputs: { S_GuardSwitch1: '0001111100', S_GuardSwitch2: '0000000100' },
    fixed: 'DiscrepancyTime := T#20ms, S_AutoReset := TRUE',
    output: 'S_GuardMonitoring',
    expected: '0000000000',
    diag: ['8001', '8802', '8812', '8804', '8804', 'c011', 'c011', 'c011', '8812', '8812'],
  },
  {
    title: 'guard: one switch opening demands the whole switching sequence',
    block: 'SF_GuardMonitoring',
    inputs: { S_GuardSwitch1: '11111001', S_GuardSwitch2: '11011001' },
    fixed: 'DiscrepancyTime := T#1s, S_StartReset := TRUE, S_AutoReset := TRUE',
    output: 'S_GuardMonitoring',
    expected: '01000001',
    diag: ['8001', '8000', '8802', '8802', '8802', '8812', '8812', '8000'],
  },
  {
    title: 'equivalent: both TRUE, both must go',
    block: 'SF_Equivalent',
    inputs: { S_ChannelA: '0111100', S_ChannelB: '0011000' },
    fixed: 'DiscrepancyTime := T#30ms',
    output: 'S_EquivalentOut',
    expected: '0011000',
    diag: ['8001', '8004', '8000', '8000', '8805', '8801', '8801'],
  },
  {
    title: 'equivalent: discrepancy is an error until both are off',
    block: 'SF_Equivalent',
    inputs: { S_ChannelA: '01111100', S_ChannelB: '00000100' },
    fixed: 'DiscrepancyTime := T#20ms',
    output: 'S_EquivalentOut',
    expected: '00000000',
    diag: ['8001', '8004', '8004', 'c001', 'c001', 'c001', '8801', '8801'],
  },
  {
    title: 'antivalent: NC TRUE and NO FALSE',
    block: 'SF_Antivalent',
    inputs: { S_ChannelNC: '01101', S_ChannelNO: '10010' },
    fixed: 'DiscrepancyTime := T#50ms',
    output: 'S_AntivalentOut',
    expected: '01101',
    diag: ['8001', '8000', '8000', '8801', '8000'],
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
    diag: ['8001', '8810', '8000', '8000', '8000', '8000', '8000', '8810', '8810', 'c010'],
  },
  {
    title: 'type II: both buttons, released in between',
    block: 'SF_TwoHandControlTypeII',
    inputs: { S_Button1: '0011110011', S_Button2: '0001010011' },
    output: 'S_TwoHandOut',
    expected: '0001000011',
    diag: ['8001', '8004', '8005', '8000', '8007', '8019', '8004', '8004', '8000', '8000'],
  },
  {
    title: 'type II: a button tied down at activation is an error',
    block: 'SF_TwoHandControlTypeII',
    inputs: { S_Button1: '1110', S_Button2: '0010' },
    output: 'S_TwoHandOut',
    expected: '0000',
    diag: ['8001', 'c010', 'c010', '8004'],
  },
  {
    title: 'reset button acts on release',
    block: 'SF_ResetButton',
    inputs: { S_ResetIn: '001100' },
    output: 'S_ResetOut',
    expected: '000010',
    diag: ['8001', '8001', '8004', '8004', '8000', '8001'],
  },
  {
    title: 'enable switch: middle position only, panic needs release and reset',
    block: 'SF_EnableSwitch',
    inputs: {
      S_SafetyActive: '1111111111',
      S_EnableSwitchCh1: '0001001000',
      S_EnableSwitchCh2: '1111011111',
      Reset: '0000000010',
    },
    output: 'S_EnableSwitchOut',
    expected: '0001000000',
    diag: ['8004', '8005', '8006', '8000', '8007', '8407', 'c020', 'c020', '8006', '8006'],
  },
  {
    title: 'mode selector: one mode, set by an edge, lost while changing',
    block: 'SF_ModeSelector',
    inputs: { S_Mode0: '1111100', S_Mode1: '0000011', S_SetMode: '0010001' },
    fixed: 'S_Unlock := TRUE, ModeMonitorTime := T#50ms',
    output: 'S_AnyModeSel',
    expected: '0011101',
    diag: ['8001', '8805', '8000', '8000', '8000', '8805', '8000'],
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
    title: 'safety request: acknowledged within the time or an error',
    block: 'SF_SafetyRequest',
    inputs: { S_OpMode: '1110000', S_Acknowledge: '0000110' },
    fixed: 'MonitoringTime := T#50ms',
    output: 'S_SafetyActive',
    expected: '0000110',
    diag: ['8001', '8012', '8012', '8803', '8000', '8000', 'c002'],
  },
];

describe('safety blocks', () => {
  it.each(ROWS)('$block: $title', (row) => {
    const inputs: Record<string, string> = { Activate: '1'.repeat(row.diag.length), ...row.inputs };
    const names = Object.keys(inputs);
    const pins = [...names.map((name) => `${name} := x${name}`), ...(row.fixed === undefined ? [] : [row.fixed])];
    const simulation = simulate(`PROGRAM Main
VAR b : ${row.block}; ${names.map((name) => `x${name} : BOOL;`).join(' ')} END_VAR
b(${pins.join(', ')});
END_PROGRAM`);
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
