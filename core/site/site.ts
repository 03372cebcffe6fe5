import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import type { SiteManifest } from './manifest.js';
import type { SiteSnapshot } from './snapshot.js';

/** A site opened for checking: its files, its manifest and its checked project. Immutable. */
export interface Site {
  readonly snapshot: SiteSnapshot;
  /** Null when `plantwright.yaml` is missing or unreadable; `manifestFindings` says why. */
  readonly manifest: SiteManifest | null;
  readonly manifestFindings: readonly Finding[];
  /** Sources and libraries. `findings` of the project holds the language diagnostics. */
  readonly project: Project;
  /** Paths of `project.files` that come from `libraries:`. */
  readonly libraryPaths: ReadonlySet<string>;
}
