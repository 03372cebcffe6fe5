import { isSourcePath } from '../../core/formats/read-source.js';
import type { DialectId } from '../../core/language/dialects/dialect-id.js';
import { buildProject } from '../../core/language/semantics/project.js';
import type { ProjectBuilder, SourceReader } from '../../core/site/open-site.js';
import type { Site } from '../../core/site/site.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';

/** 10 ms, the cycle of a file that belongs to no site, in nanoseconds. */
export const LOOSE_CYCLE = 10_000_000n;

/** A file without a manifest as a site of its own: nothing is known of its signals, so rules can only infer. */
export function openLooseFile(
  snapshot: SiteSnapshot,
  path: string,
  dialect: DialectId,
  read: SourceReader,
  build: ProjectBuilder = buildProject,
): Site {
  const bytes = snapshot.get(path);
  const files = bytes === undefined || !isSourcePath(path) ? [] : [read(path, bytes, dialect)];
  const project = build({ files, dialect, entry: null, cycle: LOOSE_CYCLE });
  return { snapshot, manifest: null, manifestFindings: [], project, libraryPaths: new Set() };
}
