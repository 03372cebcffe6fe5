import type { Finding } from '../../base/finding.js';
import { startOfFile } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { MANIFEST_FILE } from '../../site/manifest.js';
import type { Site } from '../../site/site.js';
import { nameChanges } from '../compare/name-changes.js';
import { timeText } from '../compare/parameters.js';
import { isTokenEqualChange } from '../compare/source-changes.js';
import type { Change, ChangeRule, RuleExample } from '../rule.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { machine } from './example-machine.js';

function scheduled(parts: { interval?: string; priority?: string; programs?: string }): RuleExample['files'] {
  return machine({
    blocks: `PROGRAM Lamps\nVAR_EXTERNAL lamp : BOOL; END_VAR\nlamp := TRUE;\nEND_PROGRAM\nPROGRAM Watch\nVAR_EXTERNAL watchOk : BOOL; END_VAR\nwatchOk := TRUE;\nEND_PROGRAM\nCONFIGURATION Line\nVAR_GLOBAL lamp : BOOL; watchOk : BOOL; END_VAR\nRESOURCE Cpu ON PLC\nTASK Fast(INTERVAL := ${parts.interval ?? 'T#10ms'}, PRIORITY := ${parts.priority ?? '1'});\nTASK Slow(INTERVAL := T#100ms, PRIORITY := 9);\n${parts.programs ?? 'PROGRAM Watch WITH Fast : Watch;\nPROGRAM Main WITH Fast : Main;'}\nPROGRAM Lamps WITH Slow : Lamps;\nEND_RESOURCE\nEND_CONFIGURATION`,
    body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND watchOk;',
    variables: '',
    files: {},
  });
}

function external(files: RuleExample['files']): RuleExample['files'] {
  return {
    ...files,
    'src/Main.st': (files['src/Main.st'] ?? '').replace('END_VAR', 'END_VAR\nVAR_EXTERNAL watchOk : BOOL; END_VAR'),
  };
}

/** TM08: when safety logic runs, and after what. */
export const taskSlower: ChangeRule = {
  kind: 'change',
  code: 'TM08',
  name: 'task-slower',
  severity: 'error',
  title: 'A task that runs safety logic was changed',
  rationale:
    'Interval, priority and order of programs are part of the reaction time. A program that moves behind its consumer delivers its result one scan late; one that no task runs stops nothing.',
  reference: 'ISO 13855:2024 (response time); IEC 61508-3:2010, 7.8',
  decision: 'configuration',
  flags: [
    { title: 'a longer interval', before: external(scheduled({})), files: external(scheduled({ interval: 'T#50ms' })) },
    { title: 'a lower priority', before: external(scheduled({})), files: external(scheduled({ priority: '15' })) },
    {
      title: 'the producer runs after the consumer',
      before: external(scheduled({})),
      files: external(scheduled({ programs: 'PROGRAM Main WITH Fast : Main;\nPROGRAM Watch WITH Fast : Watch;' })),
    },
    {
      title: 'a program is not run any more',
      before: external(scheduled({})),
      files: external(scheduled({ programs: 'PROGRAM Main WITH Fast : Main;' })),
    },
    {
      title: 'a program moves to a slow task',
      before: external(scheduled({})),
      files: external(scheduled({ programs: 'PROGRAM Watch WITH Slow : Watch;\nPROGRAM Main WITH Fast : Main;' })),
    },
  ],
  accepts: [
    {
      title: 'the same interval in other units',
      before: external(scheduled({})),
      files: external(scheduled({ interval: 'T#0.01s' })),
    },
  ],
  check(change) {
    if (isTokenEqualChange(change)) return [];
    const { oldNameOf } = nameChanges(change);
    const safety = safetyPrograms(change);
    const old = entriesOf(change.before, (name) => name);
    const now = entriesOf(change.after, (name) => oldNameOf.get(name) ?? name);
    const findings: Finding[] = [];
    const report = (message: string, subject: string): void => {
      findings.push(atTask(change, message, subject));
    };
    for (const [name, was] of old) {
      if (!safety.has(name)) continue;
      const is = now.get(name);
      if (is === undefined) {
        report(
          `${was.name} runs safety logic and no task runs it any more. Schedule it as before.`,
          `${name} unscheduled`,
        );
        continue;
      }
      if (
        was.interval !== is.interval &&
        (was.interval === null || is.interval === null || is.interval > was.interval)
      ) {
        report(
          `${was.name} runs safety logic every ${intervalText(was.interval)}; now every ${intervalText(is.interval)}. The reaction time grows. Restore the interval.`,
          `${name} interval`,
        );
      }
      if (is.priority > was.priority)
        report(
          `${was.name} runs safety logic with priority ${was.priority}; now with ${is.priority}, so that others go first. Restore the priority.`,
          `${name} priority`,
        );
      if (is.task !== was.task)
        report(
          `${was.name} runs safety logic in task ${was.task}; now in ${is.task}. Restore the task.`,
          `${name} task`,
        );
      for (const [other, otherWas] of old) {
        const otherIs = now.get(other);
        if (
          other <= name ||
          otherIs === undefined ||
          !safety.has(other) ||
          otherWas.task !== was.task ||
          otherIs.task !== is.task
        )
          continue;
        if (was.position < otherWas.position !== is.position < otherIs.position)
          report(
            `${was.name} and ${otherWas.name} run safety logic, and changed places within the scan. Restore their order.`,
            `${name} ${other} order`,
          );
      }
    }
    const cycle = [change.before, change.after].map((site) => site.manifest?.cycle ?? null);
    if (
      findings.length === 0 &&
      cycle[0] !== cycle[1] &&
      change.before.project.schedule.every((task) => task.declaration === null)
    )
      return [];
    return findings;
  },
};

interface Entry {
  readonly name: string;
  readonly task: string;
  readonly interval: bigint | null;
  readonly priority: number;
  readonly position: number;
}

function entriesOf(site: Site, rename: (name: string) => string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  let position = 0;
  for (const task of site.project.schedule) {
    for (const program of task.programs) {
      entries.set(rename(keyOf(program.instanceName)), {
        name: program.instanceName,
        task: keyOf(task.name),
        interval: task.interval,
        priority: task.priority,
        position: position++,
      });
    }
  }
  return entries;
}

/** Programs that write something in the cone of a hazard, before or after. */
function safetyPrograms(change: Change): ReadonlySet<string> {
  const programs = new Set<string>();
  const { oldNameOf } = nameChanges(change);
  for (const [site, rename] of [
    [change.before, (name: string) => name],
    [change.after, (name: string) => oldNameOf.get(name) ?? name],
  ] as const) {
    const model = safetyModelOf(site);
    for (const event of model.hazardCone.events) {
      let frame = event.frame;
      while (frame.caller !== null) frame = frame.caller;
      programs.add(rename(frame.self));
    }
  }
  return programs;
}

function intervalText(interval: bigint | null): string {
  return interval === null ? 'event' : timeText(interval);
}

function atTask(change: Change, message: string, subject: string): Finding {
  for (const file of change.after.project.files) {
    const configuration = file.declarations.find((declaration) => declaration.kind === 'Configuration');
    if (configuration?.kind === 'Configuration')
      return findingAt(taskSlower, change.after, file, configuration.name, { message, subject });
  }
  return {
    ...startOfFile(MANIFEST_FILE),
    code: taskSlower.code,
    rule: taskSlower.name,
    severity: taskSlower.severity,
    message,
    related: [],
    witness: { subject },
  };
}
