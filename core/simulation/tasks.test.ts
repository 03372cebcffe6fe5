/** Tasks in virtual time: execution times, overruns, watchdogs, and scans that are interrupted. */

import { describe, expect, it, test } from 'vitest';
import { readSource } from '../formats/read-source.js';
import type { DialectId } from '../language/dialects/dialect-id.js';
import { buildProject } from '../language/semantics/project.js';
import { runScenario, type ScenarioResult } from './scenario.js';
import { readScenario } from './scenario-file.js';
import { createSimulation, type Simulation } from './simulation.js';
import type { SimulationOptions } from './simulation-options.js';
import { projectOf, simulate } from './test-support.js';

const MS = 1_000_000;

/** Counters that say how often each task ran, and when last. */
const TWO_TASKS = `VAR_GLOBAL fastRuns, slowRuns : DINT; fastAt, slowAt : TIME; END_VAR
PROGRAM Fast fastRuns := fastRuns + 1; fastAt := TIME(); END_PROGRAM
PROGRAM Slow slowRuns := slowRuns + 1; slowAt := TIME(); END_PROGRAM
CONFIGURATION C
  TASK Quick(INTERVAL := T#10ms, PRIORITY := 1);
  TASK Late(INTERVAL := T#30ms, PRIORITY := 2);
  PROGRAM F WITH Quick : Fast;
  PROGRAM S WITH Late : Slow;
END_CONFIGURATION`;

function start(text: string, options: SimulationOptions, dialect: DialectId = 'codesys'): Simulation {
  const created = createSimulation({ ...projectOf(text, 'codesys'), dialect }, options);
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  return created.simulation;
}

/** The time at which each scan began, in milliseconds, and which tasks ran in it. */
function timeline(simulation: Simulation, untilMs: number): string[] {
  const lines: string[] = [];
  let [fast, slow] = [0, 0];
  while (simulation.nextNs < untilMs * MS && simulation.fault === null) {
    simulation.scan();
    const now = [Number(simulation.read('fastRuns')), Number(simulation.read('slowRuns'))] as const;
    const at = (tag: string): number => Number(simulation.read(tag)) / MS;
    const ran = [now[0] > fast ? `fast ${at('fastAt')}` : '', now[1] > slow ? `slow ${at('slowAt')}` : ''];
    lines.push(ran.filter((each) => each !== '').join(', '));
    [fast, slow] = now;
  }
  return lines;
}

describe('execution times', () => {
  test('a scan takes no time unless somebody says so', () => {
    const seen = timeline(start(TWO_TASKS, {}), 40);
    expect(seen).toEqual(['fast 0, slow 0', 'fast 10', 'fast 20', 'fast 30, slow 30']);
  });

  test('a task waits for the one before it, and activations stay on their grid', () => {
    const timing = { Quick: { takesNs: 4 * MS }, Late: { takesNs: 3 * MS } };
    const seen = timeline(start(TWO_TASKS, { timing }), 40);
    expect(seen).toEqual(['fast 0, slow 4', 'fast 10', 'fast 20', 'fast 30, slow 34']);
  });

  test('a scan that is not interrupted makes a task of higher priority late', () => {
    const timing = { Late: { takesNs: 12 * MS } };
    const simulation = start(TWO_TASKS, { timing });
    expect(timeline(simulation, 50)).toEqual(['fast 0, slow 0', 'fast 12', 'fast 20', 'fast 30, slow 30', 'fast 42']);
    expect(simulation.missedActivations).toEqual([]);
  });

  test.each([
    ['codesys', ['fast 0, slow 25', 'fast 30, slow 55', 'fast 60, slow 85'], 6],
    ['iec', ['fast 0, slow 25', 'slow 30', 'fast 35', 'slow 60', 'fast 70'], 3],
  ] as const)('%s: activations that come while a task still runs are missed and counted', (dialect, lines, missed) => {
    const simulation = start(TWO_TASKS, { timing: { Quick: { takesNs: 25 * MS } } }, dialect);
    expect(timeline(simulation, 90)).toEqual(lines);
    expect(simulation.missedActivations).toEqual([{ task: 'Quick', count: missed }]);
  });

  test('the time that a task takes is no fast path: a single task overruns too', () => {
    const simulation = simulate('PROGRAM Main VAR n : DINT; END_VAR n := n + 1; END_PROGRAM', 'codesys', {
      timing: { Main: { takesNs: 15 * MS } },
    });
    simulation.runScans(5);
    expect(simulation.nextNs).toBe(100 * MS);
    expect(simulation.missedActivations).toEqual([{ task: 'Main', count: 5 }]);
  });
});

describe('watchdog', () => {
  const text = `VAR_GLOBAL motor AT %QX0.0 : BOOL := FALSE; speed AT %QW4 : INT; memory : BOOL; END_VAR
PROGRAM Main motor := TRUE; speed := 50; memory := TRUE; END_PROGRAM
CONFIGURATION C
  TASK Cyclic(INTERVAL := T#10ms, PRIORITY := 1);
  PROGRAM M WITH Cyclic : Main;
END_CONFIGURATION`;

  it.each(['javascript', 'wasm'] as const)('stops the controller with its outputs off (%s)', (engine) => {
    const simulation = start(text, { timing: { Cyclic: { watchdogNs: 20 * MS } }, engine });
    simulation.runFor(30 * MS);
    expect([simulation.read('motor'), simulation.read('speed')]).toEqual([true, 50]);
    expect(simulation.overrun(20 * MS, 'Cyclic')).toBeNull();
    expect(simulation.scan()).toBeNull();
    simulation.overrun(21 * MS, 'cyclic');
    expect(simulation.scan()).toMatchObject({ code: 'SIM-WATCHDOG', file: 'main.st', line: 4, column: 3 });
    expect(simulation.fault?.message).toContain('Cyclic');
    expect([simulation.read('motor'), simulation.read('speed'), simulation.read('memory')]).toEqual([false, 0, true]);
    expect(simulation.engine).toBe(engine);
  });

  it('bites within an overrun of the whole controller, at its time', () => {
    const simulation = start(text, { timing: { Cyclic: { watchdogNs: 20 * MS } } });
    simulation.runFor(30 * MS);
    simulation.overrun(100 * MS);
    expect(simulation.fault).toMatchObject({ code: 'SIM-WATCHDOG', witness: { timeNs: 50 * MS } });
    expect(simulation.read('motor')).toBe(false);
  });

  it('starts again: nothing is left of it after a hot start', () => {
    const simulation = start(text, { timing: { Cyclic: { watchdogNs: 20 * MS } } });
    simulation.overrun(50 * MS);
    simulation.start('hot');
    simulation.scan();
    expect([simulation.fault, simulation.read('motor')]).toEqual([null, true]);
  });

  it('is taken from a Logix task', () => {
    const l5x = `<RSLogix5000Content SchemaRevision="1.0" SoftwareRevision="32.02" TargetName="C" TargetType="Controller">
<Controller Use="Target" Name="C"><Programs><Program Name="Main" MainRoutineName="Logic"><Routines><Routine Name="Logic" Type="ST"><STContent>
<Line Number="0"><![CDATA[;]]></Line></STContent></Routine></Routines></Program></Programs>
<Tasks><Task Name="Fast" Type="PERIODIC" Rate="10" Priority="3" Watchdog="50"><ScheduledPrograms><ScheduledProgram Name="Main"/></ScheduledPrograms></Task></Tasks>
</Controller></RSLogix5000Content>`;
    const file = readSource('C.L5X', Buffer.from(l5x), 'rockwell');
    const project = buildProject({ files: [file], dialect: 'rockwell', entry: null, cycle: 10_000_000n });
    const created = createSimulation(project);
    if ('findings' in created) throw new Error(created.findings[0]?.message);
    created.simulation.overrun(51 * MS, 'Fast');
    expect(created.simulation.scan()).toMatchObject({ code: 'SIM-WATCHDOG', file: 'C.L5X', line: 4 });
  });

  it('every fault turns the outputs off, not only a watchdog', () => {
    const simulation = simulate(`VAR_GLOBAL motor AT %QX0.0 : BOOL; END_VAR
PROGRAM Main VAR n : INT; d : INT := 1; END_VAR motor := TRUE; n := 10 / d; d := 0; END_PROGRAM`);
    simulation.scan();
    expect(simulation.read('motor')).toBe(true);
    expect(simulation.scan()?.code).toBe('SIM-DIVISION');
    expect(simulation.read('motor')).toBe(false);
  });
});

/** IL14: the slow task releases the motor in two steps; the fast one reads between them. */
const RACE = `VAR_GLOBAL locked : BOOL := TRUE; open : BOOL; motor : BOOL; END_VAR
PROGRAM Slow
  locked := FALSE;
  locked := open;
END_PROGRAM
PROGRAM Fast
  motor := NOT locked;
END_PROGRAM
CONFIGURATION C
  TASK Quick(INTERVAL := T#10ms, PRIORITY := 1);
  TASK Late(INTERVAL := T#50ms, PRIORITY := 2);
  PROGRAM F WITH Quick : Fast;
  PROGRAM S WITH Late : Slow;
END_CONFIGURATION`;

describe('preemption', () => {
  function motorRuns(options: SimulationOptions): number {
    const simulation = start(RACE, options);
    simulation.write('open', true);
    let count = 0;
    while (simulation.nextNs < 2000 * MS) {
      simulation.scan();
      if (simulation.read('motor') === true) count++;
    }
    return count;
  }

  test('a value between two statements is never seen when scans come to their end', () => {
    expect(motorRuns({})).toBe(0);
  });

  test('and is seen when the task of higher priority interrupts', () => {
    expect(motorRuns({ preemption: { seed: 1 } })).toBeGreaterThan(5);
  });

  test('the same seed gives the same run, also from a saved state', () => {
    const runFrom = (simulation: Simulation): string[] => {
      const seen: string[] = [];
      for (let scan = 0; scan < 60; scan++) {
        simulation.scan();
        seen.push(`${simulation.nowNs} ${simulation.read('motor')}`);
      }
      return seen;
    };
    const simulation = start(RACE, { preemption: { seed: 7 } });
    simulation.write('open', true);
    simulation.runFor(500 * MS);
    const image = simulation.save();
    const first = runFrom(simulation);
    simulation.restore(image);
    expect(runFrom(simulation)).toEqual(first);
    const other = start(RACE, { preemption: { seed: 7 } });
    other.write('open', true);
    other.runFor(500 * MS);
    expect(runFrom(other)).toEqual(first);
  });

  test('no activation is lost or doubled by an interruption', () => {
    for (const preemption of [undefined, { seed: 3 }]) {
      const simulation = start(TWO_TASKS, { preemption });
      while (simulation.nextNs < 3000 * MS) simulation.scan();
      expect([simulation.read('fastRuns'), simulation.read('slowRuns')]).toEqual([300, 100]);
    }
  });

  test('a fault in the task that interrupts stops the controller at its place', () => {
    const simulation = start(RACE.replace('motor := NOT locked;', 'IF NOT locked THEN motor := 1 / 0 > 1; END_IF;'), {
      preemption: { seed: 1 },
    });
    simulation.write('open', true);
    simulation.runFor(2000 * MS);
    expect(simulation.fault).toMatchObject({ code: 'SIM-DIVISION', line: 7 });
  });
});

describe('scenarios', () => {
  function run(yaml: string): ScenarioResult {
    const reading = readScenario('s.yaml', yaml);
    if ('findings' in reading) throw new Error(reading.findings.map((each) => each.message).join('\n'));
    return runScenario(projectOf(RACE), reading.scenario);
  }

  test('declare execution times and watchdogs, and name the task that overruns', () => {
    const result = run(`name: x
tasks: { Late: { takes: 2ms, watchdog: 40ms } }
steps:
  - { at: 0ms, set: { open: true } }
  - { at: 100ms, fault: { kind: overrun, task: Late, for: 60ms } }
until: 300ms
`);
    expect(result.findings).toMatchObject([{ code: 'SIM-WATCHDOG', file: 'main.st', line: 11 }]);
    expect(result.findings[0]?.witness).toMatchObject({ timeNs: 140 * MS });
  });

  test('count what an overrun without a watchdog makes tasks miss', () => {
    const result = run(`name: x
steps:
  - { at: 100ms, fault: { kind: overrun, task: Late, for: 60ms } }
until: 300ms
`);
    expect(result.status).toBe('passed');
    expect(result.missed).toEqual([
      { task: 'Quick', count: 5 },
      { task: 'Late', count: 1 },
    ]);
  });

  test('expose a race between tasks, and say so in the profile', () => {
    const yaml = (scheduling: string): string => `name: x
scheduling: ${scheduling}
steps: [{ at: 0ms, set: { open: true } }]
always: [NOT motor]
until: 2s
`;
    expect(run(yaml('non-preemptive'))).toMatchObject({ status: 'passed', profile: 'CODESYS' });
    const preempted = run(yaml('preemptive'));
    expect(preempted.status).toBe('failed');
    expect(preempted.profile).toContain('preemptive tasks');
  });

  test('try every statement of every scan, and name the one between which a value was seen', () => {
    const yaml = `name: x
scheduling: every-statement
steps: [{ at: 0ms, set: { open: true } }]
always: [NOT motor]
until: 300ms
`;
    const result = run(yaml);
    expect(result.findings).toMatchObject([
      {
        code: 'SIM-ALWAYS',
        message: '"NOT motor" does not hold after the scan at 10 ms when task Quick interrupts Late before main.st:4.',
      },
    ]);
    expect(result.profile).toContain('every statement');
    const reading = readScenario('s.yaml', yaml);
    if ('findings' in reading) throw new Error('unreadable');
    // One statement instead of two: nothing can be seen between.
    const mended = RACE.replace('  locked := FALSE;\n', '');
    expect(runScenario(projectOf(mended), reading.scenario)).toMatchObject({ status: 'passed', findings: [] });
  });

  test('come to the same end whether every statement is tried or none', () => {
    const yaml = (scheduling: string): string => `name: x
scheduling: ${scheduling}
steps: [{ at: 0ms, set: { open: false } }, { at: 200ms, set: { open: true } }]
record: [motor, locked]
until: 400ms
`;
    expect(run(yaml('every-statement')).trace).toEqual(run(yaml('non-preemptive')).trace);
  });

  test('refuse a task that is not declared', () => {
    expect(
      run('name: x\ntasks: { Latte: { takes: 2ms } }\nsteps: [{ at: 0ms, set: { open: true } }]').findings,
    ).toMatchObject([{ code: 'SIM-TASK', line: 2, message: 'There is no task "Latte". Declared: Quick, Late.' }]);
    expect(
      run('name: x\nsteps: [{ at: 0ms, fault: { kind: overrun, task: Latte, for: 1s } }]').findings[0]?.message,
    ).toBe('there is no task "Latte"; declared: Quick, Late.');
  });
});
