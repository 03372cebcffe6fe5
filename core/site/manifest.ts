/**
 * `plantwright.yaml`: what Plantwright must know of a site. The schema here is the single source of the TypeScript
 * type, the JSON Schema for editors and the error messages.
 */

import { z } from 'zod';
import { DIALECT_IDS } from '../language/dialects/dialect-id.js';
import { LINT_SEVERITIES } from '../language/lint/lint-project.js';
import { LINT_RULES } from '../language/lint/lint-rules.js';

/** Roles that permit motion while healthy. */
export const CONDITION_ROLES = [
  'estop',
  'guard',
  'light_curtain',
  'two_hand',
  'safety_mat',
  'enabling_switch',
  'permissive',
  'edm',
] as const;
/** Roles of things that people or other systems command. */
export const COMMAND_ROLES = ['reset', 'start', 'mode', 'bypass', 'operator'] as const;
export const SIGNAL_ROLES = [...CONDITION_ROLES, ...COMMAND_ROLES, 'hazard'] as const;

/** Categories of ISO 13849-1:2023, 6.1. */
const CATEGORIES = ['B', '1', '2', '3', '4'] as const;
export type Category = (typeof CATEGORIES)[number];

export type SignalRole = (typeof SIGNAL_ROLES)[number];
export type ConditionRole = (typeof CONDITION_ROLES)[number];

const tag = z.string().min(1).describe('Qualified name: Program.variable, GVL.variable; `*` matches any part');
/** A duration as in ST without prefix: `10ms`, `1s500ms`. Kept as text; `parseDuration` gives nanoseconds. */
const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(d|h|m|s|ms|us|ns)_?)+$/i, 'a duration such as 100ms, 1s500ms or 72h')
  .describe('A duration such as 100ms, 1s500ms or 72h');

export const signalSchema = z.strictObject({
  tag,
  role: z.enum(SIGNAL_ROLES),
  zone: z.string().optional().describe('Signals of one zone belong together; without one they form the zone "default"'),
  healthy: z.boolean().optional().describe('The value that permits motion (conditions). Default: true'),
  off: z.union([z.boolean(), z.number()]).optional().describe('The value of a hazard output at rest. Default: false'),
  requires: z.array(tag).optional().describe('Conditions of this hazard, instead of every condition of its zone'),
  category: z
    .enum(CATEGORIES)
    .optional()
    .describe('Category of ISO 13849-1 that the program itself has to reach for this signal'),
  response: duration
    .optional()
    .describe('Longest time from the loss of a condition to this hazard being off, as the program may use it up'),
});

/** A severity per lint rule, by code or name. A rule that does not exist is a mistake. */
const lintSchema = z.strictObject(
  Object.fromEntries(
    LINT_RULES.flatMap((rule) => {
      const severity = z.enum(LINT_SEVERITIES).optional().describe(`${rule.title}. Default: ${rule.default}`);
      return [
        [rule.name, severity],
        [rule.code, severity],
      ] as const;
    }),
  ),
);

export const manifestSchema = z.strictObject({
  site: z.string().min(1).describe('Name of the site'),
  location: z.string().optional(),
  line_type: z.string().optional(),
  plc_type: z.string().optional(),
  firmware_version: z.string().optional(),
  dialect: z.enum(DIALECT_IDS),
  sources: z.array(z.string()).optional().describe('Globs of source files. Default: every file of a known format'),
  libraries: z.array(z.string()).optional().describe('Globs of library files: checked, never changed'),
  entry: z.string().optional().describe('Program to run when no CONFIGURATION schedules one'),
  cycle: duration.optional().describe('Interval of the entry program. Default: 10ms'),
  safety: z
    .strictObject({
      rating: z.enum(['SIL-1', 'SIL-2', 'SIL-3']).optional(),
      performance_level: z.enum(['a', 'b', 'c', 'd', 'e']).optional(),
      signals: z.array(signalSchema).optional(),
      mutually_exclusive: z.array(z.array(tag).min(2)).optional(),
      limits: z
        .array(
          z.strictObject({
            tag,
            min: z.union([duration, z.number()]).optional(),
            max: z.union([duration, z.number()]).optional(),
          }),
        )
        .optional(),
      certified: z.array(z.string()).optional().describe('Globs or POU:Name that may never change'),
      suppressions: z
        .array(
          z.strictObject({
            rule: z
              .string()
              .regex(/^[A-Z]{2}\d\d$/, 'the code of a safety rule such as IL12')
              .describe('Code of the safety rule. Blockers can not be suppressed'),
            files: z.array(z.string()).optional().describe('Globs of the files it is about. Default: every file'),
            reason: z.string().min(10).describe('Why the finding is acceptable here; every report repeats it'),
            owner: z.string().min(2).describe('The person who answers for it'),
            expires: z
              .string()
              .regex(/^\d{4}-\d\d-\d\d$/, 'a date such as 2027-01-31')
              .describe('Last day on which it counts'),
          }),
        )
        .optional()
        .describe('Findings that a person has accepted for a while. They stay in every report'),
      protected: z.array(z.string()).optional().describe('Globs or POU:Name that no agent and no recipe may change'),
    })
    .optional(),
  checks: z
    .strictObject({
      tests: z.array(z.string()).optional(),
      scenarios: z.array(z.string()).optional(),
      traces: z
        .array(z.string())
        .optional()
        .describe(
          'Globs of recordings of the machine (.json, .csv, .vcd): both versions of a change run on their inputs',
        ),
    })
    .optional(),
  lint: lintSchema.optional().describe('Severity of lint rules by name or code: off, info, warning or error'),
  migrations: z.record(z.string(), z.unknown()).optional().describe('What a migration must know of this site'),
});

/** The manifest as written, valid against the schema. */
export type SiteManifest = z.infer<typeof manifestSchema>;
export type Signal = z.infer<typeof signalSchema>;

export const MANIFEST_FILE = 'plantwright.yaml';
