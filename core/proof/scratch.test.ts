import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { it } from 'vitest';
import { openSite } from '../site/open-site.js';
import { proveSite } from './prove.js';
import { prepareProof } from './site-proof.js';

function files(dir: string, base = dir, out = new Map<string, Uint8Array>()) {
  for (const e of readdirSync(dir)) {
    const p = join(dir, e);
    if (statSync(p).isDirectory()) files(p, base, out);
    else out.set(relative(base, p), readFileSync(p));
  }
  return out;
}
const root = 'test/fixtures/fleet';
const dirs: string[] = [];
const find = (d: string) => {
  for (const e of readdirSync(d)) {
    const p = join(d, e);
    if (statSync(p).isDirectory()) {
      if (existsSync(join(p, 'plantwright.yaml'))) dirs.push(p);
      else find(p);
    }
  }
};
find(root);
for (const d of dirs)
  it(d, () => {
    const t0 = performance.now();
    const site = openSite(files(d));
    const t1 = performance.now();
    console.log(
      '##',
      d,
      'open',
      Math.round(t1 - t0),
      'findings',
      site.project.findings
        .filter((f) => f.severity === 'error')
        .map((f) => `${f.file}:${f.line} ${f.message}`)
        .slice(0, 5),
      site.manifestFindings.map((f) => f.message),
    );
    const c = prepareProof(site.project, {});
    const t2 = performance.now();
    if ('kind' in c) {
      console.log('REFUSED', c.reason);
      return;
    }
    console.log('prepare', Math.round(t2 - t1), 'nodes', c.terms.circuit.nodeCount, 'cells', c.model.cells.size, [
      ...c.scan.machine.assumptions,
    ]);
    const r = proveSite(site, { now: () => performance.now() });
    console.log(
      'prove',
      Math.round(performance.now() - t2),
      r
        .map(
          (x) =>
            `${x.status === 'proved' ? 'ok ' : x.status.toUpperCase()} ${x.id} ${Math.round(x.ms)}ms ${x.method} ${x.reason ?? ''} ${x.status === 'proved' ? '' : JSON.stringify(x.witness?.scans)}`,
        )
        .join('\n'),
    );
  });
