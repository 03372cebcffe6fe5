/** `fleet.yaml`: its schema (the single source of types, JSON Schema and messages) and the fleet as the program uses it. */

import { z } from 'zod';
import type { Digest } from '../base/digest.js';
import type { Location } from '../base/finding.js';

export const FLEET_FILE = 'fleet.yaml';
/** Folder beside `fleet.yaml` that holds runs, change requests and the audit log. */
export const STORE_FOLDER = '.plantwright';

const ROLES = ['engineer', 'safety-engineer'] as const;
export type Role = (typeof ROLES)[number];

const seconds = z.union([
  z.number().positive(),
  z.string().regex(/^(\d+(\.\d+)?(d|h|m|s|ms)_?)+$/i, 'a number of seconds or a duration such as 5m'),
]);
const rate = z.string().regex(/^\d+\/(minute|hour|day)$/, 'a rate such as 10/hour');
const duration = z.string().regex(/^(\d+(\.\d+)?(d|h|m|s|ms|us|ns)_?)+$/i, 'a duration such as 30m or 72h');
const textList = z.union([z.array(z.string()), z.string()]);

const siteSchema = z.strictObject({
  name: z.string().min(1).max(100).describe('Name of the site, unique in the fleet'),
  location: z.string().optional(),
  plc_type: z.string().optional(),
  firmware_version: z.string().optional(),
  line_type: z.string().optional(),
  repo_path: z.string().min(1).describe('Git repository of the site; relative to the folder of fleet.yaml'),
  safety_rating: z.string().optional().describe('SIL-1, SIL-2 or SIL-3'),
  tags: z.array(z.string()).optional(),
});

const whereSchema = z.union([
  z.literal('all'),
  z.strictObject({
    names: textList.optional(),
    tags: textList.optional(),
    location: textList.optional(),
    plc_type: textList.optional(),
    line_type: textList.optional(),
    safety_rating: textList.optional(),
  }),
]);

export const fleetSchema = z.strictObject({
  name: z.string().optional(),
  description: z.string().optional(),
  version: z.string().optional(),
  sites: z.array(siteSchema).min(1),
  llm: z
    .strictObject({
      provider: z.string().optional(),
      model: z.string().optional(),
      base_url: z.string().optional().describe('Endpoint that speaks the Messages API; a local one works offline'),
      max_tokens: z.number().int().positive().optional(),
      timeout: seconds.optional(),
    })
    .optional(),
  agent: z
    .strictObject({
      max_turns: z.number().int().positive().optional(),
      max_retries: z.number().int().min(0).optional(),
      timeout: seconds.optional(),
      tools: z.array(z.string()).optional(),
    })
    .optional(),
  verification: z
    .strictObject({
      verifiers: z
        .array(
          z.strictObject({
            type: z.string(),
            required: z.boolean().optional(),
            timeout: seconds.optional(),
            critical: z.boolean().optional(),
          }),
        )
        .optional(),
      judge: z
        .strictObject({
          enabled: z.boolean().optional(),
          confidence_threshold: z.number().min(0).max(1).optional(),
          model: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  change_management: z
    .strictObject({
      approval_required: z.boolean().optional(),
      safety_review_required: z.boolean().optional(),
      simulation_before_deploy: z.boolean().optional(),
      create_backup: z.boolean().optional(),
    })
    .optional(),
  logging: z
    .looseObject({
      audit_log: z.union([z.string(), z.boolean(), z.null()]).optional(),
      mlflow_tracking: z.boolean().optional(),
      mlflow_uri: z.string().optional(),
    })
    .optional(),
  people: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'letters, digits, ".", "_", "-" and "@"'),
        name: z.string().optional(),
        roles: z.array(z.enum(ROLES)).min(1),
        key: z
          .string()
          .regex(
            /^ed25519:([A-Za-z0-9+/]{43}=?|MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=?)$/,
            'a public key as "plantwright keygen" prints it: ed25519:<base64 of 32 bytes>',
          ),
      }),
    )
    .optional(),
  waves: z
    .array(
      z.strictObject({ name: z.string().min(1), where: whereSchema, soak: duration.optional(), rate: rate.optional() }),
    )
    .optional(),
  budget: z
    .strictObject({
      tokens: z.number().int().positive().optional(),
      usd: z.number().positive().optional(),
      per_site_usd: z.number().positive().optional(),
      minutes: z.number().positive().optional(),
    })
    .optional(),
});

/** The file as written, valid against the schema. */
export type FleetSettings = z.infer<typeof fleetSchema>;

/** One site of the fleet. Null: the file does not say. */
export interface FleetSite {
  readonly name: string;
  /** The name in a form that is safe as the name of a folder, unique in the fleet whatever the case. */
  readonly folderName: string;
  readonly location: string | null;
  readonly plcType: string | null;
  readonly firmwareVersion: string | null;
  readonly lineType: string | null;
  /** As written. */
  readonly repoPath: string;
  /** Absolute path of the repository. */
  readonly root: string;
  /** `SIL-1`..`SIL-3` where it is one, else as written. */
  readonly safetyRating: string | null;
  readonly tags: readonly string[];
  /** The first wave whose `where` takes the site in. */
  readonly wave: string | null;
  /** Where the site stands in fleet.yaml. */
  readonly place: Location;
}

export interface Person {
  readonly id: string;
  readonly name: string | null;
  readonly roles: readonly Role[];
  /** `ed25519:<base64>`. */
  readonly key: string;
}

export interface Fleet {
  /** Absolute path of fleet.yaml and of its folder. */
  readonly file: string;
  readonly folder: string;
  readonly sites: readonly FleetSite[];
  readonly people: readonly Person[];
  readonly settings: FleetSettings;
  /** Digest of the file as read. */
  readonly digest: Digest;
}
