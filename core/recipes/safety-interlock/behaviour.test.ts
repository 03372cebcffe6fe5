import { describe, expect, it } from 'vitest';
import { createSimulation, type Simulation } from '../../simulation/simulation.js';
import { runSiteChecks } from '../../simulation/site-checks.js';
import { openSite } from '../../site/open-site.js';
import type { Site } from '../../site/site.js';
import { fixtureSite } from '../testing/fixture-sites.js';
import { migrationOf } from '../testing/migration-of.js';
import { safetyInterlock } from './safety-interlock.js';

/** One monitored sensor of a migrated fixture site. */
interface Sensor {
  readonly site: string;
  readonly channels: readonly [string, string];
  readonly reset: string;
  /** Instance of the evaluation that the recipe has added. */
  readonly monitor: string;
  /** Milliseconds. */
  readonly discrepancy: number;
}

const SENSORS: readonly Sensor[] = [
  {
    site: 'plant-01-press',
    channels: ['PLC_PRG.xGuardDoor_Ch1', 'PLC_PRG.xGuardDoor_Ch2'],
    reset: 'PLC_PRG.xResetPb',
    monitor: 'PLC_PRG.fbGuardDoorMonitor',
    discrepancy: 100,
  },
  {
    site: 'plant-02-robot-cell',
    channels: ['GVL_IO.bLoadCurtain_Ossd1', 'GVL_IO.bLoadCurtain_Ossd2'],
    reset: 'GVL_IO.bResetPb',
    monitor: 'MAIN.fbLoadCurtainMonitor',
    discrepancy: 50,
  },
  {
    site: 'plant-03-conveyor',
    channels: ['DriveCover_Ch1', 'DriveCover_Ch2'],
    reset: 'Reset_PB',
    monitor: 'Line.DriveCoverMonitor',
    discrepancy: 250,
  },
  {
    site: 'plant-04-packaging',
    channels: ['DB_FIO.GuardRear_1', 'DB_FIO.GuardRear_2'],
    reset: 'DB_IO.ResetButton',
    monitor: 'DB_Packer.safety.guardRearMonitor',
    discrepancy: 100,
  },
  {
    site: 'plant-05-filling',
    channels: ['Hauptprogramm.bTrittmatteFrei', 'Hauptprogramm.bTrittmatteKanal2'],
    reset: 'Hauptprogramm.bTasterQuittieren',
    monitor: 'Hauptprogramm.fbTrittmatteFreiMonitor',
    discrepancy: 100,
  },
  {
    site: 'plant-07-palletiser',
    channels: ['GVL_EA.xSchutztuer_K1', 'GVL_EA.xSchutztuer_K2'],
    reset: 'GVL_EA.xTasterQuitt',
    monitor: 'MAIN.fbSchutztuer.fbSchutztuerMonitor',
    discrepancy: 150,
  },
];

function migratedSite(name: string): Site {
  const snapshot = fixtureSite(name);
  const outcome = safetyInterlock.apply(openSite(snapshot), migrationOf());
  if (outcome.kind !== 'changed') throw new Error(JSON.stringify(outcome));
  return openSite(new Map([...snapshot, ...outcome.files]));
}

/** A simulated machine with the words in which an engineer would test it. */
class Machine {
  readonly #simulation: Simulation;
  readonly #sensor: Sensor;

  constructor(site: Site, sensor: Sensor) {
    const created = createSimulation(site.project);
    if ('findings' in created) throw new Error(JSON.stringify(created.findings));
    this.#simulation = created.simulation;
    this.#sensor = sensor;
  }

  channels(first: boolean, second: boolean): this {
    const [a, b] = this.#sensor.channels;
    return this.#set(a, first).#set(b, second);
  }

  reset(pressed: boolean): this {
    return this.#set(this.#sensor.reset, pressed);
  }

  /** Presses and releases the reset button. */
  pulseReset(): this {
    return this.reset(true).run(50).reset(false).run(50);
  }

  run(milliseconds: number): this {
    const fault = this.#simulation.runFor(milliseconds * 1e6);
    if (fault !== null) throw new Error(fault.message);
    return this;
  }

  get released(): unknown {
    return this.#output('S_GuardMonitoring');
  }

  get fault(): unknown {
    return this.#output('Error');
  }

  #output(pin: string): unknown {
    expect(this.#simulation.isUnknown).toBe(false);
    return this.#simulation.readJson(`${this.#sensor.monitor}.${pin}`);
  }

  #set(tag: string, value: boolean): this {
    expect(this.#simulation.write(tag, value)).toBeNull();
    return this;
  }
}

describe.each(SENSORS)('$monitor of $site', (sensor) => {
  const site = migratedSite(sensor.site);
  const closed = (): Machine => new Machine(site, sensor).channels(true, true).run(100);
  const released = (): Machine => closed().pulseReset();

  it('waits for a reset after power-up', () => {
    expect(closed().released).toBe(false);
    expect(released().released).toBe(true);
  });

  it.each([
    ['first', false, true],
    ['second', true, false],
  ])(
    'drops in the same scan when only the %s channel opens, and stays off when it closes again',
    (_, first, second) => {
      const machine = released().channels(first, second).run(10);
      expect(machine.released).toBe(false);
      machine.channels(true, true).run(200);
      expect(machine.released).toBe(false);
      expect(machine.pulseReset().released).toBe(true);
    },
  );

  it('takes a difference below the discrepancy time for an opening, not for a fault', () => {
    const machine = released()
      .channels(true, false)
      .run(sensor.discrepancy - 20);
    expect(machine.fault).toBe(false);
    expect(machine.channels(false, false).run(1000).fault).toBe(false);
  });

  it('stores a difference beyond the discrepancy time until a reset with both channels closed', () => {
    const machine = released()
      .channels(false, true)
      .run(sensor.discrepancy + 30);
    expect(machine.fault).toBe(true);
    expect(machine.pulseReset().fault).toBe(true);
    machine.channels(true, true).run(500);
    expect([machine.fault, machine.released]).toEqual([true, false]);
    machine.pulseReset();
    expect([machine.fault, machine.released]).toEqual([false, true]);
  });

  it('ignores a reset button that is held at power-up or while the guard closes', () => {
    const held = new Machine(site, sensor).reset(true).channels(true, true).run(500);
    expect(held.released).toBe(false);
    expect(held.reset(false).run(50).pulseReset().released).toBe(true);
    const machine = released().channels(false, false).run(50).reset(true).run(50).channels(true, true).run(500);
    expect(machine.released).toBe(false);
  });
});

describe('the checks of record of a site', () => {
  const sites = [...new Set([...SENSORS.map((sensor) => sensor.site), 'plant-06-cnc'])];

  it.each(sites)('pass before and after the migration: %s', (name) => {
    for (const site of [openSite(fixtureSite(name)), migratedSite(name)]) {
      const { tests, scenarios, findings } = runSiteChecks(site, { signal: new AbortController().signal });
      expect(findings).toEqual([]);
      expect([...tests, ...scenarios].filter(({ status }) => status !== 'passed')).toEqual([]);
      expect(tests.length).toBeGreaterThan(0);
      expect(scenarios.length).toBeGreaterThan(0);
    }
  });
});
