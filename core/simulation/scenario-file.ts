/** Reads `scenarios/*.yaml` (files.md): one schema for the type, the checks and the JSON Schema. */

import { closest, distance } from 'fastest-levenshtein';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Finding } from '../base/finding.js';
import { parseDuration } from './run-time/temporal.js';

/** The kinds of faults, in the order of the documentation. */
export const FAULT_KINDS = [
  'stuck_at',
  'open_circuit',
  'short',
  'bounce',
  'glitch',
  'delay',
  'drift',
  'freeze',
  'noise',
  'out_of_range',
  'discrepancy',
  'comm_loss',
  'actuator_stuck',
  'start_held',
  'reset_held',
  'overrun',
  'clock_jump',
] as const;
export type FaultName = (typeof FAULT_KINDS)[number];

const duration = z
  .union([z.string(), z.literal(0)])
  .refine((text) => text === 0 || parseDuration(text) !== null, 'a duration such as 100ms, 1s500ms or 2h')
  .describe('A duration such as 100ms, 1s500ms or 2h');
const value = z.union([z.boolean(), z.number(), z.string()]);
const tags = <Content extends z.ZodType>(content: Content) => z.record(z.string().min(1), content);

const faultSchema = z
  .strictObject({
    tag: z.string().min(1).optional().describe('The signal that fails'),
    tags: z.array(z.string().min(1)).optional().describe('Several signals that fail together (comm_loss)'),
    kind: z.enum(FAULT_KINDS),
    value: value.optional().describe('stuck_at, out_of_range, actuator_stuck, comm_loss: the value that is seen'),
    for: duration.optional().describe('How long it lasts; without it, to the end'),
    period: duration.optional().describe('bounce: time between two changes'),
    delay: duration.optional().describe('delay, discrepancy: how late the signal is'),
    by: duration.optional().describe('clock_jump: how far, negative for back'),
    rate: z.number().optional().describe('drift: change per second'),
    amplitude: z.number().optional().describe('noise: greatest deviation'),
    task: z.string().min(1).optional().describe('overrun: the task whose next scan takes so much longer. Default: all'),
  })
  .describe('A failure of a signal, an actuator or the controller');

const stepSchema = z.strictObject({
  at: duration.describe('Virtual time since the start'),
  set: tags(value).optional().describe('Values written before the scan at that time'),
  pulse: tags(duration).optional().describe('TRUE for the given time, then FALSE'),
  expect: tags(z.union([value, z.strictObject({ min: z.number().optional(), max: z.number().optional() })]))
    .optional()
    .describe('Values that must hold after the scan at that time'),
  fault: z.union([faultSchema, z.array(faultSchema)]).optional(),
  power_cycle: z.enum(['cold', 'warm', 'hot']).optional(),
});

const taskSchema = z.strictObject({
  takes: duration.optional().describe('How long a scan takes. Default: no time'),
  watchdog: duration.optional().describe('How long a scan may take before the controller stops. Default: as declared'),
});

export const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  requirement: z.string().optional().describe('Identifier of the safety requirement that the scenario checks'),
  program: z.string().optional().describe('Program that must run. Default: what the project schedules'),
  cycle: duration.optional().describe('Interval of programs without a declared task'),
  tasks: z.record(z.string().min(1), taskSchema).optional().describe('Execution times and watchdogs of tasks'),
  scheduling: z
    .enum(['non-preemptive', 'preemptive', 'every-statement'])
    .optional()
    .describe(
      'preemptive: tasks of higher priority interrupt scans at statements that the seed chooses; every-statement: "always" must also hold whichever statement of a scan is interrupted',
    ),
  seed: z.number().int().optional().describe('Seed of noise and of preemptive scheduling. Default: 1'),
  steps: z.array(stepSchema).min(1),
  always: z.array(z.string().min(1)).optional().describe('ST expressions that must hold after every scan'),
  record: z.array(z.string().min(1)).optional().describe('Tags of the trace. Default: every tag of the scenario'),
  until: duration.optional().describe('End of the run. Default: the last step'),
});

export type ScenarioContent = z.infer<typeof scenarioSchema>;
export type ScenarioStep = ScenarioContent['steps'][number];
export type ScenarioFault = z.infer<typeof faultSchema>;

/** A scenario with the places of its parts. */
export interface Scenario {
  readonly file: string;
  readonly content: ScenarioContent;
  /** Line and column of a part, for example `['steps', 2, 'expect', 'Main.Motor']`. */
  locate(path: readonly (string | number)[]): { readonly line: number; readonly column: number };
}

/** Nanoseconds of a duration that the schema has accepted. */
export function durationNs(text: string | 0): number {
  return text === 0 ? 0 : Number(parseDuration(text) ?? 0n);
}

export function scenarioFinding(
  file: string,
  place: { readonly line: number; readonly column: number },
  code: string,
  rule: string,
  message: string,
  witness: Readonly<Record<string, unknown>> = {},
): Finding {
  return {
    file,
    ...place,
    endLine: place.line,
    endColumn: place.column,
    code,
    rule,
    severity: 'error',
    message,
    related: [],
    witness,
  };
}

/** Reads a scenario; what is wrong comes back as findings with line and column. */
export function readScenario(
  file: string,
  text: string,
): { readonly scenario: Scenario } | { readonly findings: readonly Finding[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    return {
      findings: document.errors.map((error) =>
        scenarioFinding(file, at(error.pos[0]), 'SIM-YAML', 'scenario-syntax', error.message),
      ),
    };
  }
  const locate = (path: readonly (string | number)[]): { line: number; column: number } => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range != null) return at(node.range[0]);
    }
    return { line: 1, column: 1 };
  };
  const checked = scenarioSchema.safeParse(document.toJS());
  if (checked.success) return { scenario: { file, content: checked.data, locate } };
  return { findings: checked.error.issues.flatMap((issue) => issueFindings(file, issue, locate)) };
}

const KEYS = [
  ...Object.keys(scenarioSchema.shape),
  ...Object.keys(taskSchema.shape),
  ...Object.keys(stepSchema.shape),
  ...Object.keys(faultSchema.shape),
];

type Issue = z.core.$ZodIssue;

/** The issue of the alternative that fits best, so that a wrong fault says what is wrong with it. */
function innermost(issue: Issue): { readonly issue: Issue; readonly path: readonly PropertyKey[] } {
  let current = issue;
  let path: readonly PropertyKey[] = issue.path;
  while (current.code === 'invalid_union' && current.errors.length > 0) {
    const best = [...current.errors].sort(
      (a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0) || a.length - b.length,
    )[0]?.[0];
    if (best === undefined) break;
    current = best;
    path = [...path, ...best.path];
  }
  return { issue: current, path };
}

function issueFindings(file: string, outer: Issue, locate: Scenario['locate']): Finding[] {
  const { issue, path: keys } = innermost(outer);
  const path = keys.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const where = path.length === 0 ? 'the scenario' : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = closest(key, KEYS);
      const hint = distance(key, near) <= 3 ? ` Did you mean "${near}"?` : '';
      return scenarioFinding(
        file,
        locate([...path, key]),
        'SIM-SCHEMA',
        'scenario-schema',
        `Unknown key "${key}" in ${where}.${hint}`,
      );
    });
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    return [
      scenarioFinding(
        file,
        locate(path),
        'SIM-SCHEMA',
        'scenario-schema',
        `${where}: expected one of ${allowed.join(', ')}.`,
      ),
    ];
  }
  return [scenarioFinding(file, locate(path), 'SIM-SCHEMA', 'scenario-schema', `${where}: ${issue.message}.`)];
}
