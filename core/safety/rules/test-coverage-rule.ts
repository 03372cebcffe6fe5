import { decodeText } from '../../base/decode.js';
import type { Finding } from '../../base/finding.js';
import { readYaml } from '../../base/yaml-document.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Site } from '../../site/site.js';
import { sitePaths } from '../../site/source-paths.js';
import type { RuleExample, StateRule } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { machine } from './example-machine.js';

const SCENARIO = (steps: string): RuleExample['files'] => ({
  'scenarios/stops.yaml': `name: stops\nprogram: Main\ncycle: 10ms\nsteps:\n${steps}until: 1s\n`,
});
const STOP = (tag: string): string =>
  `  - { at: 100ms, set: { Main.${tag}: false } }\n  - { at: 120ms, expect: { Main.Motor: false } }\n`;

/**
 * PL09: a safety function that nobody has ever seen act. A gap of evidence and no fault of the program, so that it warns;
 * a check that a change takes away is vetoed by AG03.
 */
export const conditionNotTested: StateRule = {
  kind: 'state',
  code: 'PL09',
  name: 'no-test',
  severity: 'warning',
  title: 'No scenario and no test takes a condition away',
  rationale:
    'A safety function is tested by what it is there for: the guard opens, and the movement stops. One that is only ever healthy in the tests has no test.',
  reference: 'IEC 61508-3:2010, 7.9 and table A.5; ISO 13849-2:2012, 9',
  decision: 'configuration',
  flags: [
    {
      title: 'the guard never opens',
      files: {
        ...machine({ safety: '  rating: SIL-2\n' }),
        ...SCENARIO(STOP('EStop_OK')),
      },
    },
  ],
  accepts: [
    {
      title: 'each condition is taken away once',
      files: {
        ...machine({ safety: '  rating: SIL-2\n' }),
        ...SCENARIO(STOP('EStop_OK') + STOP('Guard_Closed')),
      },
    },
    {
      title: 'by a fault',
      files: {
        ...machine({ safety: '  rating: SIL-2\n' }),
        ...SCENARIO(
          `${STOP('EStop_OK')}  - { at: 600ms, fault: { tag: Main.Guard_Closed, kind: open_circuit, for: 100ms } }\n  - { at: 650ms, expect: { Main.Motor: false } }\n`,
        ),
      },
    },
    { title: 'a site without a rating', files: machine() },
  ],
  check(site) {
    const { rating, performance_level: level } = site.manifest?.safety ?? {};
    if (rating === undefined && level === undefined) return [];
    const model = safetyModelOf(site);
    const hazards = model.hazards.filter(isDeclared);
    const conditions = new Set(hazards.flatMap((hazard) => model.conditionsOf(hazard)));
    const taken = losesIn(site);
    if (taken === null) return [];
    return [...conditions].flatMap((signal): Finding[] => {
      if (signal.source !== 'manifest' || isTaken(signal, taken, model)) return [];
      return [
        {
          ...(signal.manifestPlace ?? signal.declaration),
          code: conditionNotTested.code,
          rule: conditionNotTested.name,
          severity: conditionNotTested.severity,
          message: `No scenario and no test makes ${signal.tag} (${signal.role}) unhealthy. Add one that takes it away while its hazards run, and expects them to be off.`,
          related: [],
          witness: { subject: signal.location },
        },
      ];
    });
  },
};

interface Lost {
  /** `TAG=value` of steps, and `TAG` of faults; all upper case. */
  readonly steps: ReadonlySet<string>;
  /** Text of the unit tests, upper case. */
  readonly tests: string;
}

/** What the checks of a site take away; null when it has none at all, which is another matter. */
function losesIn(site: Site): Lost | null {
  const paths = sitePaths(site.manifest, site.snapshot.keys());
  if (paths.scenarios.length + paths.tests.length === 0) return null;
  const steps = new Set<string>();
  for (const path of paths.scenarios) {
    const bytes = site.snapshot.get(path);
    const value = bytes === undefined ? null : (readYaml(decodeText(bytes).text, path).document?.value ?? null);
    for (const step of listOf(value, 'steps')) {
      for (const key of ['set', 'pulse'])
        for (const [tag, given] of Object.entries(recordOf(step, key))) steps.add(`${keyOf(tag)}=${String(given)}`);
      const fault = recordOf(step, 'fault');
      if (typeof fault['tag'] === 'string') steps.add(keyOf(fault['tag']));
    }
  }
  const tests = paths.tests.map((path) => decodeText(site.snapshot.get(path) ?? new Uint8Array()).text).join('\n');
  return { steps, tests: keyOf(tests) };
}

function isTaken(signal: ResolvedSignal, { steps, tests }: Lost, model: SafetyModel): boolean {
  const names = [signal.tag, model.variableAt(signal.location)?.qualifiedName ?? signal.tag].map(keyOf);
  const unhealthy = String(!signal.healthy);
  // A pulse makes it TRUE for a while and FALSE again: both values come.
  if (
    names.some(
      (name) => steps.has(name) || [...steps].some((step) => step.startsWith(`${name}=`) && step.endsWith(unhealthy)),
    )
  )
    return true;
  if (names.some((name) => [...steps].some((step) => step.startsWith(`${name}=`) && /\d(MS|S|M)$/i.test(step))))
    return true;
  const last = keyOf(signal.symbol?.name ?? '');
  return last !== '' && new RegExp(`\\b${last}\\s*:=\\s*${keyOf(unhealthy)}\\b`).test(tests);
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = recordOf(value)[key];
  return Array.isArray(list) ? list : [];
}

function recordOf(value: unknown, key?: string): Readonly<Record<string, unknown>> {
  const inner = key === undefined ? value : recordOf(value)[key];
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : {};
}
