import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCampaign } from '../simulation/campaign.js';
import { runScenario } from '../simulation/scenario.js';
import { FAULT_KINDS, readScenario } from '../simulation/scenario-file.js';
import { snapshotOfFolder } from '../site/load-snapshot.js';
import { openSite } from '../site/open-site.js';
import type { Site } from '../site/site.js';
import { campaignPlanOf } from './campaign-plan.js';

const SITES = 'test/fixtures/fleet/sites';

async function siteNamed(name: string): Promise<Site> {
  return openSite((await snapshotOfFolder(`${SITES}/${name}`, new AbortController().signal)).snapshot);
}

test('the plan holds the hazards of the manifest, their conditions and the inputs that reach them', async () => {
  const plan = campaignPlanOf(await siteNamed('plant-06-cnc'));
  const chip = plan.hazards.find((each) => each.tag === 'PLC_PRG.bChipConveyor');
  expect(chip).toMatchObject({
    off: false,
    conditions: ['PLC_PRG.bEStopOk', 'PLC_PRG.bDoorClosed'],
    resets: ['PLC_PRG.bResetButton'],
    starts: ['PLC_PRG.bCycleStart'],
  });
  expect(chip?.reach).toContain('PLC_PRG.bChipFull');
  expect(plan.conditions).toContainEqual({ tag: 'PLC_PRG.bDoorLocked', healthy: true, restart: 'free' });
  expect(plan.seeds).toHaveLength(1);
});

/**
 * What the campaign finds in the fixture fleet as it is: weaknesses that such machines do have. A change that adds
 * another one fails here and in the verdict. Most read the start button as a level: held when the reset is pressed, it
 * starts the machine (ISO 14118 asks for a command of its own). Only the conveyor evaluates its edge.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  // In setting mode a jog button that is held moves the ram up with the reset alone; with both hands on the buttons so
  // does the reset.
  'plant-01-press': [
    'restart of PLC_PRG.qxPumpMotor',
    'restart of PLC_PRG.qxValveDown',
    'restart of PLC_PRG.qxValveUp',
  ],
  // The request to clamp outlives the trip, so that the reset alone closes the clamp again.
  'plant-02-robot-cell': [
    'restart of GVL_IO.bClampClose',
    'restart of GVL_IO.bRobotDriveEnable',
    'restart of GVL_IO.bTurntableRun',
  ],
  'plant-04-packaging': ['restart of DB_IO.Q_FilmDrive', 'restart of DB_IO.Q_InfeedBelt'],
  'plant-05-filling': ['restart of Hauptprogramm.bFoerderband'],
  'plant-06-cnc': [
    'restart of PLC_PRG.bAxesEnable',
    'restart of PLC_PRG.bSpindleRun',
    'restart of PLC_PRG.bToolChangerRun',
  ],
  'plant-07-palletiser': [
    'restart of GVL_EA.xGreiferZu',
    'restart of GVL_EA.xHubwerkMotor',
    'restart of GVL_EA.xRollenbahn',
  ],
  'plant-08-assembly': ['restart of StationMain.PressValve', 'restart of StationMain.TableMotor'],
  'plant-09-labeller': ['restart of LABELLER.Q_BELT', 'restart of LABELLER.Q_PRESS_ROLLER'],
  'plant-10-wrapper': ['restart of Wrapper.bRollerway', 'restart of Wrapper.bTurntable'],
  'plant-11-welding': ['restart of CellMain.positionerRun'],
};

/** Kinds that every campaign of the fleet has; `discrepancy` needs channels whose disagreement is evaluated. */
const EVERYWHERE = FAULT_KINDS.filter((kind) => kind !== 'discrepancy');

describe('every site of the fixture fleet has a campaign that turns every hazard on', () => {
  for (const name of readdirSync(SITES).sort()) {
    test(name, { timeout: 60_000 }, async () => {
      const site = await siteNamed(name);
      const plan = campaignPlanOf(site);
      const result = runCampaign(site.project, plan, { seed: 1, maximumCases: 6000 });
      expect(result.findings).toEqual([]);
      expect(result.unknown).toEqual([]);
      expect(result.unreached).toEqual([]);
      expect(result.skipped).toBe(0);
      expect(result.cases).toBeGreaterThan(2000);
      const expected = plan.diagnoses.length > 0 ? FAULT_KINDS : EVERYWHERE;
      expect(Object.keys(result.kinds)).toEqual(expected);
      const hasTwoAtOnce = plan.hazards.some((each) => each.simultaneousFaults === 2);
      expect(hasTwoAtOnce).toBe(name === 'plant-01-press');
      const found = result.failures.map((each) => `${each.check} of ${each.hazard}`);
      expect([...new Set(found)].sort()).toEqual(KNOWN[name] ?? []);
      for (const failure of result.failures) {
        const reading = readScenario('found.yaml', failure.yaml);
        if ('findings' in reading) throw new Error(reading.findings[0]?.message);
        expect(runScenario(site.project, reading.scenario).status).toBe('failed');
      }
    });
  }
});
