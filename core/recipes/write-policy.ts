import type { SiteManifest } from '../site/manifest.js';
import { MANIFEST_FILE } from '../site/manifest.js';
import type { Migration } from '../site/migration.js';
import { matchesAny } from '../site/source-paths.js';

/** Why a recipe may not write a file, or a POU in it; null when it may. The verifiers check the same on the diff. */
export interface WritePolicy {
  reasonAgainst(path: string, pouName: string | null): string | null;
}

/** What the manifest certifies or protects, what the migration excludes, and what is no source of the site. */
export function writePolicy(manifest: SiteManifest | null, migration: Migration): WritePolicy {
  const certified = entries(manifest?.safety?.certified);
  const guarded = entries(manifest?.safety?.protected);
  const isLibrary = matchesAny(manifest?.libraries ?? []);
  const mustNotChange = matchesAny(migration.mustNotChange);
  const allowed = migration.mayChange ?? manifest?.sources ?? null;
  const mayChange = allowed === null ? () => true : matchesAny(allowed);
  const isCheck = matchesAny([
    ...(manifest?.checks?.tests ?? []),
    ...(manifest?.checks?.scenarios ?? []),
    '**/*_test.st',
    MANIFEST_FILE,
  ]);
  return {
    reasonAgainst(path, pouName) {
      if (certified.has(path, pouName)) return 'it is certified (safety.certified)';
      if (guarded.has(path, pouName)) return 'it is protected from recipes (safety.protected)';
      if (isLibrary(path)) return 'it is a library';
      if (mustNotChange(path)) return 'the migration says that it must not change (must_not_change)';
      if (isCheck(path)) return 'tests, scenarios and the manifest are not changed by a recipe';
      if (!mayChange(path)) return `it is outside of what may change (${(allowed ?? []).join(', ')})`;
      return null;
    },
  };
}

function entries(written: readonly string[] | undefined): { has(path: string, pouName: string | null): boolean } {
  const matches = matchesAny((written ?? []).filter((entry) => !entry.startsWith('POU:')));
  const pous = new Set(
    (written ?? [])
      .filter((entry) => entry.startsWith('POU:'))
      .map((entry) => entry.slice('POU:'.length).toUpperCase()),
  );
  return { has: (path, pouName) => matches(path) || (pouName !== null && pous.has(pouName.toUpperCase())) };
}
