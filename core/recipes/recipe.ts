/**
 * A recipe: a deterministic program that performs a migration without a model. It proposes new bytes for files of a
 * site; like every engine it decides nothing, the verifiers do.
 */

import type { Finding } from '../base/finding.js';
import type { Migration } from '../site/migration.js';
import type { Site } from '../site/site.js';

export type RecipeOutcome =
  | {
      readonly kind: 'changed';
      /** New content by path, sorted by path; only files whose bytes differ. Paths that the site lacks are new files. */
      readonly files: ReadonlyMap<string, Uint8Array>;
      readonly summary: string;
    }
  /** The site already is as the migration wants it. */
  | { readonly kind: 'not-needed'; readonly reason: string }
  /** What the recipe must not guess. Each finding names the place, what is missing and how to add it. */
  | { readonly kind: 'needs-engineer'; readonly reasons: readonly Finding[] }
  /** The recipe reached a result that it does not trust itself: a bug to report, nothing to apply. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface Recipe {
  /** The name that `recipe:` of a migration refers to. */
  readonly name: string;
  readonly version: string;
  /** One sentence for lists. */
  readonly description: string;
  /** Pure: same site and migration, same bytes. */
  apply(site: Site, migration: Migration): RecipeOutcome;
}
