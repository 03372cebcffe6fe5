import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../base/decode.js';
import { snapshotOfTree } from '../../site/load-snapshot.js';
import { openSite } from '../../site/open-site.js';
import type { Site } from '../../site/site.js';
import { sitePaths } from '../../site/source-paths.js';
import { runScenario } from '../scenario.js';
import { durationNs, readScenario, type Scenario } from '../scenario-file.js';
import { createSimulation, type Simulation } from '../simulation.js';
import { UNBROKEN } from './debug.test-data.js';
import { DebugRun } from './debug-run.js';
import { type Exercise, programExercise, scenarioExercise } from './exercise.js';
import { Probe } from './probe.js';

const SITES = 'test/fixtures/fleet/sites';

async function siteNamed(name: string): Promise<Site> {
  return openSite((await snapshotOfTree(join(SITES, name))).snapshot);
}

function scenariosOf(site: Site): Scenario[] {
  return sitePaths(site.manifest, site.snapshot.keys()).scenarios.flatMap((path) => {
    const reading = readScenario(path, decodeText(site.snapshot.get(path) ?? new Uint8Array()).text);
    return 'scenario' in reading ? [reading.scenario] : [];
  });
}

function debug(site: Site, scenario: Scenario | null, exerciseOf: (simulation: Simulation) => Exercise): DebugRun {
  const probe = new Probe(site.project);
  const cycle = scenario?.content.cycle === undefined ? {} : { cycleNs: durationNs(scenario.content.cycle) };
  const created = createSimulation(site.project, { ...cycle, debugger: probe });
  if ('findings' in created) throw new Error(created.findings[0]?.message);
  const run = new DebugRun(exerciseOf(created.simulation), probe, () => undefined);
  run.restart();
  return run;
}

describe.each(readdirSync(SITES).sort())('%s', (name) => {
  test('its scenarios come out under the debugger as without it', async () => {
    const site = await siteNamed(name);
    const scenarios = scenariosOf(site);
    expect(scenarios.length).toBeGreaterThan(0);
    for (const scenario of scenarios) {
      const plain = runScenario(site.project, scenario);
      const run = debug(site, scenario, (simulation) => scenarioExercise(simulation, scenario));
      const progress = run.forward('continue', UNBROKEN);
      expect(progress.kind === 'over' && progress.outcome.end).toBe(`${scenario.content.name}: ${plain.status}.`);
      expect(run.simulation.scans).toBe(plain.scans);
      for (const signal of plain.trace.signals)
        expect([signal.name, run.simulation.readJson(signal.name)]).toEqual([signal.name, signal.values.at(-1)]);
    }
  });

  test('each statement of a scan is reached the same way forward and back', async () => {
    const site = await siteNamed(name);
    const run = debug(site, null, (simulation) => programExercise(simulation, name, null));
    run.goToScan(3, UNBROKEN);
    const picture = (): string =>
      JSON.stringify([run.engine.position, run.engine.frames.map(({ site: at }) => at), run.simulation.values()]);
    const seen = [picture()];
    while (run.engine.position.scan === 3 && seen.length < 80) {
      run.forward('in', UNBROKEN);
      seen.push(picture());
    }
    expect(seen.length).toBeGreaterThan(10);
    for (const each of seen.reverse().slice(1)) {
      run.backward('in', UNBROKEN);
      expect(picture()).toBe(each);
    }
  });
});
