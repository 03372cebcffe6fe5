/** Whatever a person does in whatever order: what was seen at a place is seen there again, until they change the past. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../scenario-file.js';
import { createSimulation } from '../simulation.js';
import { projectOf } from '../test-support.js';
import { UNBROKEN } from './debug.test-data.js';
import type { RunControl } from './debug-engine.js';
import { type Change, DebugRun } from './debug-run.js';
import { type Exercise, programExercise, scenarioExercise } from './exercise.js';
import { Probe } from './probe.js';

const PROGRAM = `FUNCTION_BLOCK FB_Ramp
VAR_INPUT target : INT; END_VAR
VAR_OUTPUT value : INT; steps : INT; END_VAR
VAR delay : TON; END_VAR
METHOD Move : INT
VAR_INPUT by : INT; END_VAR
VAR next : INT; END_VAR
next := value + by;
Move := next;
END_METHOD
delay(IN := value <> target, PT := T#20ms);
IF delay.Q THEN
  value := Move(by := SEL(value < target, -1, 1));
  steps := steps + 1;
  delay(IN := FALSE);
END_IF;
END_FUNCTION_BLOCK

PROGRAM Main
VAR ramp : FB_Ramp; other : FB_Ramp; start : BOOL; target : INT := 5; sum : DINT; list : ARRAY[0..3] OF INT; i : INT; END_VAR
ramp(target := target);
other(target := SEL(start, 0, target * 2));
FOR i := 0 TO 3 DO
  list[i] := list[i] + ramp.value;
END_FOR;
sum := sum + list[ABS(ramp.value) MOD 4];
END_PROGRAM
`;

const SCENARIO = `name: ramps
steps:
  - at: 0
    set: { Main.start: true }
  - at: 60ms
    pulse: { Main.start: 30ms }
    fault: { tag: Main.target, kind: noise, amplitude: 3, for: 80ms }
  - at: 200ms
    power_cycle: warm
  - at: 10s
    expect: { Main.start: true }
`;

const MOVES: Readonly<Record<string, (run: DebugRun) => unknown>> = {
  in: (run) => run.forward('in', UNBROKEN),
  over: (run) => run.forward('over', UNBROKEN),
  out: (run) => run.forward('out', UNBROKEN),
  scan: (run) => run.forward('scan', UNBROKEN),
  'some scans': (run) => run.goToScan(run.engine.position.scan + 7, UNBROKEN),
  'back in': (run) => run.backward('in', UNBROKEN),
  'back over': (run) => run.backward('over', UNBROKEN),
  'back a scan': (run) => run.backward('scan', UNBROKEN),
  'back some scans': (run) => run.goToScan(Math.max(0, run.engine.position.scan - 6), UNBROKEN),
  'end of scan': (run) => run.engine.goTo({ ...run.engine.position, statement: Number.POSITIVE_INFINITY }),
};

const CHANGES: Readonly<Record<string, (run: DebugRun) => Change>> = {
  set: (run) => run.set('Main.target', String((run.engine.position.scan % 9) - 3), null),
  'set an element': (run) => run.set('Main.list[2]', '100', null),
  'set a local': (run) => run.set('next', '9', run.engine.frames.length - 1),
  force: (run) => run.force('Main.other.value', '4', null),
  release: (run) => run.release('Main.other.value', null),
};

function picture(run: DebugRun): string {
  return JSON.stringify([
    run.engine.frames.map(({ site }) => site),
    run.simulation.values(),
    run.simulation.nowNs,
    run.simulation.forces.map(({ tag }) => tag.name),
  ]);
}

function walk(run: DebugRun, deeds: readonly string[]): void {
  const seen = new Map<string, { scan: number; statement: number; picture: string }>();
  run.forward('in', UNBROKEN);
  for (const name of deeds) {
    MOVES[name]?.(run);
    const change = CHANGES[name]?.(run);
    const { scan, statement } = run.engine.position;
    if (change !== undefined && 'text' in change) {
      for (const [key, each] of seen)
        if (each.scan > scan || (each.scan === scan && each.statement >= statement)) seen.delete(key);
    }
    const key = `${scan}:${statement}`;
    const now = picture(run);
    expect([name, key, seen.get(key)?.picture ?? now]).toEqual([name, key, now]);
    seen.set(key, { scan, statement, picture: now });
  }
}

function debug(exerciseOf: (simulation: Parameters<typeof programExercise>[0]) => Exercise): DebugRun {
  const project = projectOf(PROGRAM);
  const probe = new Probe(project);
  const created = createSimulation(project, { debugger: probe });
  if ('findings' in created) throw new Error('no program');
  const run = new DebugRun(exerciseOf(created.simulation), probe, () => undefined);
  run.exceptions = { faults: false, assertions: false };
  run.restart();
  return run;
}

function scenarioRun(): DebugRun {
  const reading = readScenario('ramps.yaml', SCENARIO);
  if ('findings' in reading) throw new Error(reading.findings[0]?.message);
  return debug((simulation) => scenarioExercise(simulation, reading.scenario));
}

const deeds = fc.array(fc.constantFrom(...Object.keys({ ...MOVES, ...CHANGES })), { minLength: 10, maxLength: 50 });

describe('a place looks the same each time', () => {
  test('in a program', () => {
    fc.assert(
      fc.property(deeds, (names) =>
        walk(
          debug((simulation) => programExercise(simulation, 'Main', null)),
          names,
        ),
      ),
      { numRuns: 40 },
    );
  });

  test('in a scenario with pulses, noise and a power cycle', () => {
    fc.assert(
      fc.property(deeds, (names) => walk(scenarioRun(), names)),
      // What a scenario changes behind a scan was missing when its end was seen a second time.
      { numRuns: 40, examples: [[['some scans', 'back in', 'set', 'end of scan', 'end of scan']]] },
    );
  });
});

test('pauses and slices at any time change nothing', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(3)), (chances) => {
      const control: RunControl = {
        isPaused: () => chances.next().value === 0,
        isSliceOver: () => chances.next().value === 1,
      };
      const run = debug((simulation) => programExercise(simulation, 'Main', 60));
      let progress = run.forward('continue', control);
      while (progress.kind !== 'over')
        progress = progress.kind === 'more' ? run.goOn(control) : run.forward('continue', control);
      const plain = debug((simulation) => programExercise(simulation, 'Main', 60));
      plain.forward('continue', UNBROKEN);
      expect(picture(run)).toBe(picture(plain));
    }),
    { numRuns: 30 },
  );
});
