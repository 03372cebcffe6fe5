import { it } from 'vitest';
import { machine } from '../safety/rules/example-machine.js';
import { siteOf } from '../safety/testing/site-of.js';
import { proveSite } from './prove.js';
import { prepareProof } from './site-proof.js';
it('x', () => {
  const site = siteOf(machine({}));
  console.log(JSON.stringify(site.project.findings.slice(0, 5)));
  const c = prepareProof(site.project, {});
  if (!('kind' in c)) console.log([...c.model.cells.keys()], [...c.model.written], [...c.scan.machine.assumptions], c.scan.after('MAIN.MOTOR'));
  console.log(JSON.stringify(proveSite(site), null, 1));
});
