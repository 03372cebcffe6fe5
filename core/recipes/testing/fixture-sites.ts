/** The fixture fleet as snapshots, for tests. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SiteSnapshot } from '../../site/snapshot.js';

const SITES = fileURLToPath(new URL('../../../test/fixtures/fleet/sites/', import.meta.url));

export function fixtureSiteNames(): string[] {
  return readdirSync(SITES).sort();
}

export function fixtureSite(name: string): SiteSnapshot {
  const root = `${SITES}${name}/`;
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replace(/\\/g, '/').replace(/\/+/g, '/').slice(root.length))
    .sort();
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(root + path))]));
}
