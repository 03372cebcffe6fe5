/** The machines that the engine works on: the fixture fleet, and three small ones with what the fleet does not use. */

import { readdirSync, readFileSync } from 'node:fs';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import { LINE, STAMP, UNDECLARED } from '../integration/safety-change-machines.js';
import { type Machine, machineOf } from './machine.js';

const SMALL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'small-stamp': STAMP,
  'small-line': LINE,
  'small-undeclared': UNDECLARED,
};

/** Opens the machines whose code compiles; a site with errors can't show what a verifier does with an edit. */
export function openMachines(fleet: string, wanted: (name: string) => boolean): Machine[] {
  const names = [...readdirSync(fleet).sort(), ...Object.keys(SMALL)].filter(wanted);
  return names
    .map((name) => machineOf(name, snapshotOf(fleet, name)))
    .filter(
      ({ site }) => ![...site.manifestFindings, ...site.project.findings].some(({ severity }) => severity === 'error'),
    );
}

function snapshotOf(fleet: string, name: string): SiteSnapshot {
  const small = SMALL[name];
  if (small !== undefined) {
    return new Map(Object.entries(small).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  }
  const root = `${fleet}/${name}`;
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/').slice(root.length + 1))
    .sort();
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(`${root}/${path}`))]));
}
