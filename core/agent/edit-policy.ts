import picomatch from 'picomatch';
import type { SiteManifest } from '../site/manifest.js';
import { MANIFEST_FILE } from '../site/manifest.js';
import type { Migration } from '../site/migration.js';

/** Says why a path may not be edited in this migration, or null when it may. */
export type EditPolicy = (path: string) => string | null;

/**
 * What an agent may write: the sources that the migration names, less everything that is certified, protected, a test
 * of record or the manifest. The verifiers check the same again on the final diff; this is the first fence, not the
 * only one.
 */
export function editPolicy(migration: Migration, manifest: SiteManifest | null): EditPolicy {
  const safety = manifest?.safety;
  const allowed = migration.mayChange ?? manifest?.sources ?? null;
  const mayChange = allowed === null ? null : picomatch([...allowed]);
  const fences: readonly (readonly [readonly string[], string])[] = [
    [migration.mustNotChange, 'the migration says that it must not change'],
    [globsOf(safety?.certified), 'it is certified'],
    [globsOf(safety?.protected), 'it is protected from agents and recipes'],
    [manifest?.libraries ?? [], 'it is a library'],
    [manifest?.checks?.tests ?? ['tests/**'], 'tests of record are not changed by an agent'],
    [manifest?.checks?.scenarios ?? ['scenarios/**'], 'scenarios of record are not changed by an agent'],
    [['**/*_test.st', '**/scenarios/**'], 'tests and scenarios are not changed by an agent'],
    [[MANIFEST_FILE, '**/.*', '**/.*/**'], 'configuration is not changed by an agent'],
  ];
  const matchers = fences
    .filter(([globs]) => globs.length > 0)
    .map(([globs, reason]) => [picomatch([...globs], { dot: true, nocase: true }), reason] as const);
  return (path) => {
    const fence = matchers.find(([matches]) => matches(path));
    if (fence !== undefined) return `${path} may not be edited: ${fence[1]}`;
    if (mayChange !== null && !mayChange(path))
      return `${path} may not be edited: it is outside ${allowed?.join(', ')}`;
    return null;
  };
}

function globsOf(entries: readonly string[] | undefined): readonly string[] {
  return (entries ?? []).filter((entry) => !entry.startsWith('POU:'));
}
