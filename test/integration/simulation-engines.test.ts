/** Every site of the fixture fleet gives the same values in both engines of the simulator. */

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareEngines } from '../../core/simulation/wasm/test-support.js';
import { snapshotOfFolder } from '../../core/site/load-snapshot.js';
import { openSite } from '../../core/site/open-site.js';

const SITES = 'test/fixtures/fleet/sites';

/** Sites with a form that only the JavaScript engine knows, and which one. */
const IN_JAVASCRIPT: Readonly<Record<string, string>> = { 'plant-02-robot-cell': 'an interface' };

describe('every site gives the same values in both engines', () => {
  for (const name of readdirSync(SITES).sort()) {
    test(name, async () => {
      const { snapshot } = await snapshotOfFolder(`${SITES}/${name}`, new AbortController().signal);
      const { project } = openSite(snapshot);
      for (const seed of [1, 2, 3]) {
        const { difference, whyJavaScript } = compareEngines(project, { seed, rounds: 150 });
        expect({ seed, difference, whyJavaScript }).toEqual({
          seed,
          difference: null,
          whyJavaScript: IN_JAVASCRIPT[name] ?? null,
        });
      }
    });
  }
});
