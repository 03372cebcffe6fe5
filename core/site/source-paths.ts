/** Which files of a site are its sources, libraries, tests, scenarios and recordings, by the globs of its manifest. */

import picomatch from 'picomatch';
import { compareText } from '../base/finding.js';
import { isSourcePath } from '../formats/read-source.js';
import type { SiteManifest } from './manifest.js';

const DEFAULT_TESTS = ['**/*_test.st'];
const DEFAULT_SCENARIOS = ['scenarios/**/*.{yaml,yml}'];
/** Folders that hold no sources of the site even when no `sources:` says so. */
const NEVER_SOURCES = ['**/node_modules/**', '.plantwright/**', '.git/**'];

export interface SitePaths {
  /** Code of the site itself, tests left out. */
  readonly sources: readonly string[];
  readonly libraries: readonly string[];
  readonly tests: readonly string[];
  readonly scenarios: readonly string[];
  /** Recordings of the machine; only where the manifest names them. */
  readonly traces: readonly string[];
}

/** Whether a path matches one of the globs. Case-sensitive; dot files included; `dir/` and `dir` mean all below. */
export function matchesAny(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const patterns = globs.flatMap((glob) => {
    const trimmed = glob.replace(/^\.\//, '').replace(/\/+$/, '');
    return /[*?[{(]/.test(trimmed) ? [trimmed] : [trimmed, `${trimmed}/**`];
  });
  return picomatch(patterns, { dot: true });
}

/** Sorts the paths of a site by what the manifest says they are. Every list is sorted. */
export function sitePaths(manifest: SiteManifest | null, paths: Iterable<string>): SitePaths {
  const isLibrary = matchesAny(manifest?.libraries ?? []);
  const isSource = manifest?.sources === undefined ? () => true : matchesAny(manifest.sources);
  const isTest = matchesAny(manifest?.checks?.tests ?? DEFAULT_TESTS);
  const isDefaultTest = matchesAny(DEFAULT_TESTS);
  const isScenario = matchesAny(manifest?.checks?.scenarios ?? DEFAULT_SCENARIOS);
  const isTrace = matchesAny(manifest?.checks?.traces ?? []);
  const isElsewhere = matchesAny(NEVER_SOURCES);
  const sources: string[] = [];
  const libraries: string[] = [];
  const tests: string[] = [];
  const scenarios: string[] = [];
  const traces: string[] = [];
  for (const path of paths) {
    if (isElsewhere(path)) continue;
    if (isScenario(path)) scenarios.push(path);
    if (isTrace(path)) traces.push(path);
    if (!isSourcePath(path)) continue;
    if (isTest(path)) tests.push(path);
    if (isTest(path) || isDefaultTest(path)) continue;
    if (isLibrary(path)) libraries.push(path);
    else if (isSource(path)) sources.push(path);
  }
  const sorted = (list: string[]): string[] => list.sort(compareText);
  return {
    sources: sorted(sources),
    libraries: sorted(libraries),
    tests: sorted(tests),
    scenarios: sorted(scenarios),
    traces: sorted(traces),
  };
}
