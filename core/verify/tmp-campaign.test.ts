import { readdirSync } from 'node:fs';
import { test } from 'vitest';
import { runCampaign } from '../simulation/campaign.js';
import { snapshotOfFolder } from '../site/load-snapshot.js';
import { openSite } from '../site/open-site.js';
import { campaignPlanOf } from './campaign-plan.js';

for (const name of readdirSync('test/fixtures/fleet/sites').sort()) {
  test(name, async () => {
    const { snapshot } = await snapshotOfFolder(`test/fixtures/fleet/sites/${name}`, new AbortController().signal);
    const site = openSite(snapshot);
    const plan = campaignPlanOf(site);
    const t = performance.now();
    const r = runCampaign(site.project, plan, { seed: 1 });
    console.log(
      name,
      r.status,
      'cases',
      r.cases,
      'scans',
      r.scans,
      Math.round(performance.now() - t),
      'ms',
      'skipped',
      r.skipped,
      JSON.stringify(r.unreached.map((u) => `${u.hazard}:${u.phase}`)),
      r.notDriven.join(),
      r.unknown.map((u) => u.name + u.reason),
      r.findings.map((f) => f.message),
    );
    for (const f of r.failures.slice(0, 6))
      console.log(
        `  ${f.check} ${f.hazard} ${f.signal} ${f.kind} ${f.phase} (+${f.alsoIn.length}) ${f.message}\n${f.yaml}`,
      );
  }, 120000);
}
