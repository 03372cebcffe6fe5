import { compareText, type Finding, startOfFile } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Site } from '../../site/site.js';
import { nameChanges } from '../compare/name-changes.js';
import { timeText } from '../compare/parameters.js';
import { isTokenEqualChange, sourceChanges } from '../compare/source-changes.js';
import { tokensOf } from '../compare/tokens.js';
import { safetyConeTouched } from '../compare/touched-roles.js';
import { instancesByPou } from '../program-tree.js';
import type { ChangeRule, RuleExample } from '../rule.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { certifiedSymbols } from './certified-code.js';
import { changeExample, machine } from './example-machine.js';
import { listText } from './rule-text.js';

/** AG02: the gate itself is the review that a verdict asks for; this says why it asks. */
export const safetyConeReached: ChangeRule = {
  kind: 'change',
  code: 'AG02',
  name: 'safety-cone-touched',
  severity: 'info',
  title: 'The change reaches the logic of a hazard',
  rationale:
    'Whatever the verifiers say, a person who answers for the safety of the machine looks at every change of what a hazardous output depends on. The verdict asks for that review.',
  reference: 'IEC 61508-3:2010, 7.8 (impact analysis); ISO 13849-2:2012, 4',
  decision: 'change',
  flags: [
    changeExample(
      'one condition more',
      {},
      {
        variables: 'Air_OK AT %IX0.4 : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Air_OK;',
      },
    ),
  ],
  accepts: [
    changeExample(
      'a comment',
      {},
      { body: '// as before\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;' },
    ),
    changeExample(
      'a lamp',
      {},
      {
        variables: 'lamp : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nlamp := Motor;',
      },
    ),
  ],
  check(change) {
    const { touched, reasons } = safetyConeTouched(change);
    if (!touched) return [];
    const path = sourceChanges(change).find(({ isTokenEqual }) => !isTokenEqual)?.path ?? '';
    return [
      {
        ...startOfFile(path),
        code: safetyConeReached.code,
        rule: safetyConeReached.name,
        severity: safetyConeReached.severity,
        message: `The change reaches what a hazard depends on, so that a safety engineer has to review it: ${listText(reasons.slice(0, 4))}${reasons.length > 4 ? ` and ${reasons.length - 4} more` : ''}.`,
        related: [],
        witness: { subject: 'safety cone', reasons },
      },
    ];
  },
};

/** How many lines of nothing but form make a reviewer overlook one of substance. */
const NOISE_LINES = 40;
const MOST_SUBSTANCE = 6;

/** AG06: the one line among four hundred. */
export const reformatNoise: ChangeRule = {
  kind: 'change',
  code: 'AG06',
  name: 'dead-store-noise',
  severity: 'warning',
  title: 'A change of substance hides among many of form',
  rationale:
    'Four hundred lines of new spacing and one of new logic look like a formatter run. Nobody reads the four hundred.',
  reference: 'IEC 61508-3:2010, 7.8; OWASP ASI10',
  decision: 'change',
  flags: [
    changeExample(
      'one limit among fifty lines of spacing',
      { variables: noise(' ', 10), body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND n1 < 10;' },
      { variables: noise('   ', 10), body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND n1 < 11;' },
    ),
  ],
  accepts: [
    changeExample(
      'spacing only',
      { variables: noise(' ', 10), body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND n1 < 10;' },
      { variables: noise('   ', 10), body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND n1 < 10;' },
    ),
    changeExample(
      'the limit only',
      { variables: noise(' ', 10), body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND n1 < 10;' },
      { variables: noise(' ', 10), body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND n1 < 11;' },
    ),
  ],
  check(change) {
    return sourceChanges(change).flatMap(({ path, before, after, isTokenEqual }): Finding[] => {
      if (before === null || after === null || isTokenEqual) return [];
      const old = new Set(before.text.split('\n'));
      const changed = after.text.split('\n').filter((line) => !old.has(line));
      const shapes = new Set(before.text.split('\n').map(shapeOfLine));
      const ofForm = changed.filter((line) => shapes.has(shapeOfLine(line)));
      const substance = differingTokens(tokensOf(before), tokensOf(after));
      if (ofForm.length < NOISE_LINES || substance > MOST_SUBSTANCE) return [];
      return [
        {
          ...startOfFile(path),
          code: reformatNoise.code,
          rule: reformatNoise.name,
          severity: reformatNoise.severity,
          message: `${ofForm.length} lines of ${path} changed in form only, and ${changed.length - ofForm.length} in substance. Make the formatting a change of its own.`,
          related: [],
          witness: { subject: path },
        },
      ];
    });
  },
};

function noise(space: string, first: number): string {
  return Array.from({ length: 50 }, (_, index) => `n${index + 1}${space}: INT := ${first};`).join('\n  ');
}

function shapeOfLine(line: string): string {
  return keyOf(line.replace(/\s+/g, ''));
}

/** Tokens that a multiset of the one has and the other does not. */
function differingTokens(before: readonly string[], after: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of before) left.set(token, (left.get(token) ?? 0) + 1);
  let differing = 0;
  for (const token of after) {
    const count = left.get(token) ?? 0;
    left.set(token, count - 1);
    if (count <= 0) differing++;
  }
  return differing;
}

const ANALYSIS_OFF =
  /analysis\s*-\s*\d+|attribute\s+'(no-)?analysis'|attribute\s+'analysis:report-multiple-instance-calls'|warning\s+disable/i;

/** DP06: the alarm is switched off, not the cause. */
export const analysisOff: ChangeRule = {
  kind: 'change',
  code: 'DP06',
  name: 'analysis-off',
  severity: 'blocker',
  title: 'An analysis was switched off in safety code',
  rationale:
    'A pragma that hides findings in the file of a safety function hides the next one as well, and no review sees what is not reported.',
  reference: 'IEC 61508-3:2010, 7.8 and table B.8; OWASP ASI10',
  decision: 'change',
  flags: [
    changeExample(
      'in the file of the interlock',
      {},
      { body: '{analysis -33}\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\n{analysis +33}' },
    ),
  ],
  accepts: [
    changeExample(
      'a region',
      {},
      { body: "{region 'interlock'}\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\n{endregion}" },
    ),
  ],
  check(change) {
    const safety = new Set(
      [change.before, change.after].flatMap((site) =>
        [...safetyModelOf(site).hazardCone.events].map(({ frame }) => frame.file.path),
      ),
    );
    return sourceChanges(change).flatMap(({ path, before, after }): Finding[] => {
      if (after === null || !safety.has(path)) return [];
      const count = (file: typeof after | null): number =>
        (file?.pragmas ?? []).filter(({ text }) => ANALYSIS_OFF.test(text)).length;
      const found = after.pragmas.find(({ text }) => ANALYSIS_OFF.test(text));
      if (found === undefined || count(after) <= count(before)) return [];
      return [
        findingAt(analysisOff, change.after, after, found, {
          message: `{${found.text.trim()}} switches an analysis off in a file that a hazard depends on. Mend what it is about instead.`,
          subject: `${path} analysis`,
        }),
      ];
    });
  },
};

function certifiedInTask(interval: string, calls = ''): RuleExample['files'] {
  return machine({
    safety: '  certified: [src/certified/**]\n',
    blocks: `PROGRAM Watch\nVAR w : Door; END_VAR\nVAR_EXTERNAL watchOk : BOOL; END_VAR\nw(a := TRUE);\nwatchOk := w.q;\nEND_PROGRAM\nCONFIGURATION Line\nVAR_GLOBAL watchOk : BOOL; END_VAR\nRESOURCE Cpu ON PLC\nTASK Fast(INTERVAL := ${interval}, PRIORITY := 1);\nPROGRAM Watch WITH Fast : Watch;\nPROGRAM Main WITH Fast : Main;\nEND_RESOURCE\nEND_CONFIGURATION`,
    variables: 'END_VAR\nVAR_EXTERNAL\n  watchOk : BOOL;',
    body: `${calls}Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND watchOk;`,
    files: {
      'src/certified/Door.st':
        'FUNCTION_BLOCK Door\nVAR_INPUT a : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nq := a;\nEND_FUNCTION_BLOCK\n',
    },
  });
}

/** CF06: certified for ten milliseconds. */
export const executionContext: ChangeRule = {
  kind: 'change',
  code: 'CF06',
  name: 'exec-context',
  severity: 'blocker',
  title: 'Certified code runs in another task, at another interval or no longer at all',
  rationale:
    'A certified block was validated with the interval and the place in which it runs. Its text is the same afterwards, its reaction time is not.',
  reference: 'ISO 13849-1:2023, 7.4; ISO 13855:2024 (response time)',
  decision: 'configuration',
  flags: [{ title: 'the task runs less often', before: certifiedInTask('T#10ms'), files: certifiedInTask('T#100ms') }],
  accepts: [
    { title: 'the same interval in other units', before: certifiedInTask('T#10ms'), files: certifiedInTask('T#0.01s') },
    {
      title: 'a lamp beside it',
      before: certifiedInTask('T#10ms'),
      files: certifiedInTask('T#10ms', '// nothing but a comment\n'),
    },
  ],
  check(change) {
    if (isTokenEqualChange(change)) return [];
    const certified = new Set(certifiedSymbols(change).map(({ qualifiedName }) => keyOf(qualifiedName)));
    if (certified.size === 0) return [];
    const { locationBefore } = nameChanges(change);
    const before = contextsOf(change.before, certified, (location) => location);
    const after = contextsOf(change.after, certified, locationBefore);
    return [...before].flatMap(([instance, was]): Finding[] => {
      const is = after.get(instance) ?? null;
      if (is?.text === was.text) return [];
      const tag = safetyModelOf(change.before).tagOf(instance);
      return [
        {
          ...startOfFile(is?.path ?? was.path),
          code: executionContext.code,
          rule: executionContext.name,
          severity: executionContext.severity,
          message: `${tag} is an instance of the certified ${was.type} and ran in ${was.text}; now ${is === null ? 'it does not run any more' : `it runs in ${is.text}`}. Restore where and how often it runs.`,
          related: [],
          witness: { subject: instance, before: was.text, after: is?.text ?? null },
        },
      ];
    });
  },
};

interface Context {
  readonly text: string;
  readonly type: string;
  readonly path: string;
}

/** Task, interval and priority of every call of an instance of certified code, by the location of the instance. */
function contextsOf(
  site: Site,
  certified: ReadonlySet<string>,
  toOld: (location: string) => string,
): ReadonlyMap<string, Context> {
  const model = safetyModelOf(site);
  const contexts = new Map<string, Context>();
  for (const [pou, nodes] of instancesByPou(site.project)) {
    if (!certified.has(keyOf(pou.qualifiedName))) continue;
    for (const { location } of nodes) {
      const tasks = new Set(
        model.trace.calls.filter(({ instances }) => instances.includes(location)).map(({ task }) => task),
      );
      if (tasks.size === 0) continue;
      const text = [...tasks]
        .sort((a, b) => a - b)
        .map((index) => {
          const task = site.project.schedule[index];
          if (task === undefined) return 'no task';
          return `${task.name} (${task.interval === null ? 'on an event' : `every ${timeText(task.interval)}`}, priority ${task.priority})`;
        })
        .join(' and ');
      contexts.set(toOld(location), { text, type: pou.name, path: pou.site?.file.path ?? '' });
    }
  }
  return new Map([...contexts].sort(([a], [b]) => compareText(a, b)));
}
