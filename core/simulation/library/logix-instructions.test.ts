/** Timing tables of Logix instructions, scan by scan at 10 ms: one character per scan, ACC in milliseconds. */

import { describe, expect, test } from 'vitest';
import { readSource } from '../../formats/read-source.js';
import { buildProject } from '../../language/semantics/project.js';
import { createSimulation, type Simulation } from '../simulation.js';
import type { EngineChoice } from '../wasm/tiered-machine.js';

interface Row {
  readonly title: string;
  readonly call: string;
  readonly structure: string;
  /** Members that are set before a scan, one character per scan. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly preset?: number;
  readonly acc?: readonly number[];
  readonly outputs: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = [
  {
    title: 'the first scan has ACC 0; DN at PRE, all cleared when the input falls',
    call: 'TONR',
    structure: 'FBD_TIMER',
    inputs: { TimerEnable: '0111110' },
    preset: 30,
    acc: [0, 0, 10, 20, 30, 30, 0],
    outputs: { EN: '0111110', TT: '0111000', DN: '0000110' },
  },
  {
    title: 'Reset clears it while it times, and it times anew',
    call: 'TONR',
    structure: 'FBD_TIMER',
    inputs: { TimerEnable: '1111111', Reset: '0010000' },
    preset: 20,
    acc: [0, 10, 0, 0, 10, 20, 20],
    outputs: { EN: '1101111', TT: '1101100', DN: '0000011' },
  },
  {
    title: 'no output at the first scan; DN stays for PRE after the fall',
    call: 'TOFR',
    structure: 'FBD_TIMER',
    inputs: { TimerEnable: '0110000' },
    preset: 20,
    acc: [20, 0, 0, 0, 10, 20, 20],
    outputs: { EN: '0110000', TT: '0001100', DN: '0111100' },
  },
  {
    title: 'adds up over gaps, keeps DN, only Reset clears it',
    call: 'RTOR',
    structure: 'FBD_TIMER',
    inputs: { TimerEnable: '1100111000', Reset: '0000000010' },
    preset: 20,
    acc: [0, 10, 10, 10, 10, 20, 20, 20, 0, 0],
    outputs: { EN: '1100111000', TT: '1100100000', DN: '0000011100' },
  },
  {
    title: 'a negative preset is a fault of the instruction',
    call: 'TONR',
    structure: 'FBD_TIMER',
    inputs: { TimerEnable: '11' },
    preset: -1,
    outputs: { DN: '00', PresetInv: '11', InstructFault: '11' },
  },
  {
    title: 'counts both edges, DN at PRE, Reset',
    call: 'CTUD',
    structure: 'FBD_COUNTER',
    inputs: { CUEnable: '0101101000', CDEnable: '0000001010', Reset: '0000000001' },
    preset: 2,
    acc: [0, 1, 1, 2, 2, 2, 2, 2, 1, 0],
    outputs: { DN: '0001111100', CU: '0101101000' },
  },
  {
    title: 'an input that is TRUE in the first scan is no edge',
    call: 'CTUD',
    structure: 'FBD_COUNTER',
    inputs: { CUEnable: '1101001', CDEnable: '1111011' },
    preset: 1,
    acc: [0, 0, 0, 1, 1, 0, 1],
    outputs: { CU: '1101001', CD: '1111011', DN: '0001101' },
  },
  {
    title: 'Reset clears all; an input that is held through it counts once after it',
    call: 'CTUD',
    structure: 'FBD_COUNTER',
    inputs: { CUEnable: '0101111', Reset: '0000100' },
    preset: 0,
    acc: [0, 1, 1, 2, 0, 1, 1],
    outputs: { CU: '0101011', DN: '1111011' },
  },
  {
    title: 'Reset while TimerEnable is FALSE: it does not time again after it',
    call: 'TOFR',
    structure: 'FBD_TIMER',
    inputs: { TimerEnable: '01000000', Reset: '00010000' },
    preset: 30,
    acc: [30, 0, 0, 30, 30, 30, 30, 30],
    outputs: { EN: '01000000', TT: '00100000', DN: '01100000' },
  },
  {
    title: 'no pulse in the first scan, one per rising edge',
    call: 'OSRI',
    structure: 'FBD_ONESHOT',
    inputs: { InputBit: '1101100' },
    outputs: { OutputBit: '0001000' },
  },
  {
    title: 'one pulse per falling edge',
    call: 'OSFI',
    structure: 'FBD_ONESHOT',
    inputs: { InputBit: '0011001' },
    outputs: { OutputBit: '0000100' },
  },
  {
    title: 'set wins',
    call: 'SETD',
    structure: 'DOMINANT_SET',
    inputs: { Set: '0100110', Reset: '0001100' },
    outputs: { Out: '0110111', OutNot: '1001000' },
  },
  {
    title: 'reset wins',
    call: 'RESD',
    structure: 'DOMINANT_RESET',
    inputs: { Set: '0100110', Reset: '0001100' },
    outputs: { Out: '0110011' },
  },
];

/** A controller with tags and a main routine in Structured Text, scanned every 10 ms. */
function controller(tags: readonly string[], lines: readonly string[], engine: EngineChoice): Simulation {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<RSLogix5000Content SchemaRevision="1.0" SoftwareRevision="32.02" TargetName="C" TargetType="Controller">
<Controller Use="Target" Name="C">
<Tags>${tags.join('')}</Tags>
<Programs><Program Name="Main" MainRoutineName="Logic"><Routines><Routine Name="Logic" Type="ST"><STContent>
${lines.map((line, at) => `<Line Number="${at}"><![CDATA[${line}]]></Line>`).join('\n')}
</STContent></Routine></Routines></Program></Programs>
<Tasks><Task Name="Fast" Type="PERIODIC" Rate="10" Priority="3"><ScheduledPrograms><ScheduledProgram Name="Main"/></ScheduledPrograms></Task></Tasks>
</Controller></RSLogix5000Content>`;
  const file = readSource('C.L5X', Buffer.from(text), 'rockwell');
  const project = buildProject({ files: [file], dialect: 'rockwell', entry: null, cycle: 10_000_000n });
  const errors = project.findings.filter((each) => each.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((each) => each.message).join('\n'));
  const created = createSimulation(project, { engine });
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  return created.simulation;
}

function check({ call, structure, inputs, preset, acc, outputs }: Row, engine: 'javascript' | 'wasm'): void {
  const simulation = controller([`<Tag Name="T" TagType="Base" DataType="${structure}"/>`], [`${call}(T);`], engine);
  if (preset !== undefined) simulation.write('T.PRE', preset);
  const accumulated: number[] = [];
  const seen: Record<string, string> = Object.fromEntries(Object.keys(outputs).map((name) => [name, '']));
  const scans = Object.values(inputs)[0]?.length ?? 0;
  for (let scan = 0; scan < scans; scan++) {
    for (const [name, values] of Object.entries(inputs)) simulation.write(`T.${name}`, values[scan] === '1');
    expect(simulation.scan()).toBeNull();
    if (acc !== undefined) accumulated.push(Number(simulation.read('T.ACC')));
    for (const name of Object.keys(seen)) seen[name] += simulation.read(`T.${name}`) === true ? '1' : '0';
  }
  expect(simulation.unknownBlocks).toEqual([]);
  expect(simulation.engine).toBe(engine);
  expect(seen).toEqual(outputs);
  if (acc !== undefined) expect(accumulated).toEqual(acc);
}

describe.each(['javascript', 'wasm'] as const)('%s', (engine) => {
  test.each(ROWS)('$call: $title', (row) => check(row, engine));
});

test('every structure times by itself, also in an array, and a copy takes the time with it', () => {
  const simulation = controller(
    [
      '<Tag Name="T" TagType="Base" DataType="FBD_TIMER" Dimensions="2"/>',
      '<Tag Name="C" TagType="Base" DataType="FBD_TIMER"/>',
      '<Tag Name="Fetch" TagType="Base" DataType="BOOL"/>',
    ],
    [
      'T[0].PRE := 100; T[1].PRE := 20; T[0].TimerEnable := 1; T[1].TimerEnable := 1;',
      'TONR(T[0]); TONR(T[1]);',
      'if Fetch then C := T[0]; end_if;',
    ],
    'javascript',
  );
  simulation.runFor(30_000_000);
  expect([simulation.read('T[0].ACC'), simulation.read('T[0].DN')]).toEqual([20, false]);
  expect([simulation.read('T[1].ACC'), simulation.read('T[1].DN')]).toEqual([20, true]);
  simulation.write('Fetch', true);
  simulation.scan();
  expect(simulation.read('C.ACC')).toBe(30);
});

describe('the limits of a counter', () => {
  test.each([
    ['CUEnable', 2_147_483_647, -2_147_483_648, 'OV', 'UN'],
    ['CDEnable', -2_147_483_648, 2_147_483_647, 'UN', 'OV'],
  ] as const)('%s: wraps from %d to %d and says %s', (input, from, to, says, other) => {
    for (const engine of ['javascript', 'wasm'] as const) {
      const simulation = controller(['<Tag Name="T" TagType="Base" DataType="FBD_COUNTER"/>'], ['CTUD(T);'], engine);
      simulation.scan();
      simulation.write('T.ACC', from);
      simulation.write(`T.${input}`, true);
      simulation.scan();
      expect(['ACC', says, other].map((member) => simulation.read(`T.${member}`))).toEqual([to, true, false]);
      // Back over the same limit: the flag goes again.
      const back = input === 'CUEnable' ? 'CDEnable' : 'CUEnable';
      simulation.write(`T.${input}`, false);
      simulation.write(`T.${back}`, true);
      simulation.scan();
      expect(['ACC', says, other].map((member) => simulation.read(`T.${member}`))).toEqual([from, false, false]);
    }
  });
});
