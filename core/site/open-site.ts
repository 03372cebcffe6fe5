import { type Finding, startOfFile } from '../base/finding.js';
import { yamlFinding } from '../base/yaml-document.js';
import { didYouMean } from '../base/yaml-validation.js';
import { readSource } from '../formats/read-source.js';
import type { DialectId } from '../language/dialects/dialect-id.js';
import type { Project, ProjectInput } from '../language/semantics/model.js';
import { buildProject } from '../language/semantics/project.js';
import type { SourceFile } from '../language/syntax/tree.js';
import { parseDuration } from './duration.js';
import { MANIFEST_FILE } from './manifest.js';
import { type ManifestReading, readManifest } from './read-manifest.js';
import type { Site } from './site.js';
import type { SiteSnapshot } from './snapshot.js';
import { type SitePaths, sitePaths } from './source-paths.js';

/** 10 ms: the cycle of a site that states none. */
const DEFAULT_CYCLE = 10_000_000n;

/** Turns the bytes of a file into its tree. An editor passes one that remembers the files that did not change. */
export type SourceReader = (path: string, bytes: Uint8Array, dialect: DialectId) => SourceFile;

/** Checks the sources. An editor passes one that goes on from the project before. */
export type ProjectBuilder = (input: ProjectInput) => Project;

/**
 * Opens a site: reads its manifest and checks its sources and libraries as one project of their own. Test files
 * (`*_test.st`) are no part of the project. Pure, and total: a missing or faulty manifest gives a site without one,
 * with findings that say why, and its code is still read.
 */
export function openSite(
  snapshot: SiteSnapshot,
  read: SourceReader = readSource,
  build: ProjectBuilder = buildProject,
): Site {
  const reading = readManifest(snapshot);
  const paths = sitePaths(reading.manifest, snapshot.keys());
  const files = [...paths.sources, ...paths.libraries].flatMap((path) => {
    const bytes = snapshot.get(path);
    return bytes === undefined ? [] : [read(path, bytes, reading.dialect)];
  });
  const manifest = reading.manifest;
  const project = build({
    files,
    dialect: reading.dialect,
    entry: manifest?.entry ?? null,
    cycle: manifest?.cycle === undefined ? DEFAULT_CYCLE : (parseDuration(manifest.cycle) ?? DEFAULT_CYCLE),
  });
  return {
    snapshot,
    manifest,
    manifestFindings: [...reading.findings, ...emptyGlobs(reading, paths), ...unknownEntry(reading, paths, project)],
    project,
    libraryPaths: new Set(paths.libraries),
  };
}

/** Without its program nothing would run, and every check of behaviour would look at nothing. */
function unknownEntry({ manifest, document }: ManifestReading, paths: SitePaths, project: Project): Finding[] {
  const entry = manifest?.entry;
  if (entry === undefined || paths.sources.length === 0) return [];
  const programs = project.pous.filter(({ pouKind }) => pouKind === 'program' || pouKind === 'organization-block');
  const wanted = entry.toUpperCase();
  if (programs.some((one) => one.name.toUpperCase() === wanted || one.qualifiedName.toUpperCase() === wanted))
    return [];
  const names = programs.map(({ qualifiedName }) => qualifiedName);
  const hint = didYouMean(entry, names);
  const advice = hint === null ? `Programs: ${names.slice(0, 5).join(', ') || 'none'}.` : `Did you mean "${hint}"?`;
  const location = document?.locate(['entry']) ?? startOfFile(MANIFEST_FILE);
  return [yamlFinding('CFG-ENTRY', 'unknown-entry', location, `There is no program "${entry}". ${advice}`)];
}

/** A site whose globs find no code at all is a mistake in the manifest, not a site without errors. */
function emptyGlobs(reading: ManifestReading, paths: SitePaths): Finding[] {
  if (reading.manifest === null || paths.sources.length > 0) return [];
  const written = reading.manifest.sources;
  const message =
    written === undefined
      ? 'The site has no source file of a known format.'
      : `No source file matches "sources: [${written.join(', ')}]". Paths are relative to the site's root and case-sensitive.`;
  const location = reading.document?.locate(['sources']) ?? startOfFile(MANIFEST_FILE);
  return [yamlFinding('CFG-SOURCES', 'no-sources', location, message)];
}
