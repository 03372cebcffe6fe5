/** Front matter of a migration, and the older YAML form of a whole migration (files.md). */

import { z } from 'zod';
import { DIALECT_IDS } from '../language/dialects/dialect-id.js';
import { parseVersionRange } from './firmware-version.js';
import { SIGNAL_ROLES } from './manifest.js';

const MIGRATION_KINDS = ['safety', 'protocol', 'configuration', 'modernization'] as const;

const kebabName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by "-", for example safety-interlock-update');
const oneOrMore = z.union([z.string(), z.array(z.string())]);
const versionRange = z
  .string()
  .refine((text) => parseVersionRange(text) !== null, 'expected a version range such as ">=2.9" or ">=2.9 <3.0"');

export const frontMatterSchema = z.strictObject({
  name: kebabName,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0'),
  title: z.string().min(1),
  kind: z.enum(MIGRATION_KINDS),
  targets: z
    .strictObject({
      plc_type: oneOrMore.optional(),
      firmware_version: versionRange.optional(),
      safety_rating: oneOrMore.optional(),
      tags: oneOrMore.optional(),
    })
    .optional(),
  recipe: kebabName.optional().describe('Deterministic recipe that performs the migration'),
  touches: z
    .array(z.enum(SIGNAL_ROLES))
    .optional()
    .describe('Signal roles whose logic may change; anything else is out of scope'),
  may_change: z
    .array(z.string())
    .optional()
    .describe('Globs of files that may change. Default: the sources of the site'),
  must_not_change: z.array(z.string()).optional(),
  dialect: z.enum(DIALECT_IDS).optional().describe('Dialect of the examples. Default: codesys'),
});

const legacyFilter = z.strictObject({
  plc_type: oneOrMore.optional(),
  plc_types: oneOrMore.optional(),
  firmware_version: versionRange.optional(),
  min_firmware_version: z.string().optional(),
  min_firmware: z.string().optional(),
  safety_rating: oneOrMore.optional(),
  safety_ratings: oneOrMore.optional(),
  tags: oneOrMore.optional(),
  line_type: oneOrMore.optional(),
  line_types: oneOrMore.optional(),
});

export const legacyMigrationSchema = z.strictObject({
  name: z.string().min(1),
  version: z.string().optional(),
  description: z.string(),
  prompt: z.string(),
  preconditions: z.array(z.string()).optional(),
  exclusions: z.array(z.string()).optional(),
  examples: z
    .array(z.strictObject({ description: z.string().optional(), before: z.string(), after: z.string() }))
    .optional(),
  success_criteria: z.array(z.string()).optional(),
  target_filter: legacyFilter.nullable().optional(),
  forbidden_modifications: z.array(z.string()).optional(),
  required_verifications: z.array(z.string()).optional(),
  requires_human_review: z.boolean().optional(),
  dry_run: z.boolean().optional(),
  max_concurrent_sites: z.number().int().positive().optional(),
  continue_on_failure: z.boolean().optional(),
  rollback_on_failure: z.boolean().optional(),
});

export type FrontMatter = z.infer<typeof frontMatterSchema>;
export type LegacyMigration = z.infer<typeof legacyMigrationSchema>;

export function asList(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
