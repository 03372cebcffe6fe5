import type { Finding } from '../base/finding.js';
import { lintProject } from '../language/lint/lint-project.js';
import type { Site } from './site.js';

/** Lint findings of a site's own sources under the settings of its manifest. Libraries are not the site's to change. */
export function lintSite(site: Site): Finding[] {
  const findings = lintProject(site.project, site.manifest?.lint ?? {});
  return findings.filter(({ file }) => !site.libraryPaths.has(file));
}
