import type { Finding } from '../../base/finding.js';
import { nameChanges } from '../compare/name-changes.js';
import { isTokenEqualChange } from '../compare/source-changes.js';
import { addressArea } from '../dataflow/location.js';
import type { WriteEvent } from '../dataflow/trace.js';
import type { Change, ChangeRule, StateRule } from '../rule.js';
import { findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { isEvaluation } from './estop-rules.js';
import { changeExample, example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

/** DP08: inputs come from the field. */
export const writeToInput: StateRule = {
  kind: 'state',
  code: 'DP08',
  name: 'write-to-input',
  severity: 'blocker',
  title: 'An input of the process image is written',
  rationale:
    'Code that writes an input forges a sensor: from here on the program believes itself instead of the machine.',
  reference: 'PLCopen Coding Guidelines CP17; CODESYS SA0037',
  decision: 'whole-program',
  flags: [
    example('by its name', {
      variables: 'pressureOk AT %IX2.0 : BOOL;',
      body: 'pressureOk := TRUE;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('by an overlapping address', { body: '%IB0 := 16#FF;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;' }),
    example('as the output of a block', {
      blocks: 'FUNCTION_BLOCK Hold\nVAR_OUTPUT q : BOOL; END_VAR\nq := TRUE;\nEND_FUNCTION_BLOCK',
      variables: 'hold1 : Hold;',
      body: 'hold1(q => Guard_Closed);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('a copy of an input', {
      variables: 'copy : BOOL;',
      body: 'copy := Guard_Closed;\ncopy := copy AND Start_PB;\nMotor := copy AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      model.trace.writes
        .filter((event) => isInput(event.target, model))
        .map((event) =>
          findingAtEvent(writeToInput, site, event, {
            message: `${nameOf(event, model)} is an input and is written here: ${sourceText(event)}. Write a variable of its own instead.`,
            subject: `${event.target} ${sourceText(event)}`,
          }),
        ),
    );
  },
};

function isInput(location: string, model: SafetyModel): boolean {
  if (location.startsWith('%')) return addressArea(location) === 'I';
  const address = model.variableAt(location)?.location;
  return address ? addressArea(address.text) === 'I' : false;
}

function nameOf(event: WriteEvent, model: SafetyModel): string {
  return model.variableAt(event.target)?.qualifiedName ?? event.target;
}

/** DP12: a sensor whose value the change makes up, or reads from somewhere else. */
export const sensorForge: ChangeRule = {
  kind: 'change',
  code: 'DP12',
  name: 'sensor-forge',
  severity: 'blocker',
  title: 'A safety signal no longer comes from where it came from',
  rationale:
    'Before the change this signal came from its terminal. Now the program writes it, or another terminal stands for it, and everything that relied on the sensor relies on something else.',
  reference: 'ISO 14119:2013, 7 (defeat); Top 20 Secure PLC Coding Practices, 10',
  decision: 'change',
  flags: [
    {
      title: 'a guard that comes from a gateway is held',
      before: unlocated('Motor := Start_PB AND EStop_OK AND Guard_Closed;'),
      files: unlocated(
        'IF Start_PB THEN Guard_Closed := TRUE; END_IF\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
      ),
    },
    {
      title: 'the guard is read from the terminal of the start button',
      before: example('', {}).files,
      files: atAddress('Guard_Closed AT %IX0.1', 'Guard_Closed AT %IX0.3'),
    },
    {
      title: 'the output drives another terminal',
      before: example('', {}).files,
      files: atAddress('Motor AT %QX0.0', 'Motor AT %QX7.0'),
    },
  ],
  accepts: [
    changeExample(
      'a variable of its own',
      {},
      {
        variables: 'seen : BOOL;',
        body: 'seen := Guard_Closed;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND seen;',
      },
    ),
    changeExample(
      'a lamp on another terminal',
      {
        variables: 'lamp AT %QX1.0 : BOOL;',
        body: 'lamp := Start_PB;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
      },
      {
        variables: 'lamp AT %QX1.1 : BOOL;',
        body: 'lamp := Start_PB;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
      },
    ),
  ],
  check(change) {
    const before = safetyModelOf(change.before);
    const after = safetyModelOf(change.after);
    const { locationBefore } = nameChanges(change);
    const findings: Finding[] = [];
    for (const signal of after.conditions) {
      const old = before.signals.find((candidate) => candidate.location === locationBefore(signal.location));
      if (old === undefined && !isDeclared(signal)) continue;
      const writes = after.index.writersOf(signal.location);
      const [first] = writes;
      if (first === undefined || before.index.writersOf(locationBefore(signal.location)).length > 0) continue;
      if (old === undefined && isEvaluation(writes)) continue;
      findings.push(
        findingAtEvent(sensorForge, change.after, first, {
          message: `${signal.tag} (${signal.role}) is written here: ${sourceText(first)}. Before this change nothing wrote it. Read it only.`,
          subject: signal.location,
        }),
      );
    }
    return oncePerPlace([...findings, ...otherTerminals(change)]);
  },
};

/** Signals whose address is another one than before, or is gone. */
function otherTerminals(change: Change): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore } = nameChanges(change);
  const addressOf = ({ root, symbol }: ResolvedSignal): string | null =>
    (symbol?.location ?? root.location)?.text.toUpperCase() ?? null;
  return after.signals.flatMap((signal): Finding[] => {
    const old = before.signals.find((candidate) => candidate.location === locationBefore(signal.location));
    const site = signal.symbol?.site ?? signal.root.site;
    if (old === undefined || site === null || signal.role === 'operator' || addressOf(old) === null) return [];
    const now = addressOf(signal);
    if (now === addressOf(old)) return [];
    return [
      findingAt(sensorForge, change.after, site.file, site.identifier, {
        message: `${signal.tag} (${signal.role}) was at ${addressOf(old)} and is ${now === null ? 'at no terminal any more' : `now at ${now}`}. Restore its address; a new wiring needs a safety engineer and a new test at the machine.`,
        subject: `${locationBefore(signal.location)} terminal`,
      }),
    ];
  });
}

function atAddress(from: string, to: string): Record<string, string> {
  const files: Record<string, string> = { ...example('', {}).files };
  files['src/Main.st'] = (files['src/Main.st'] ?? '').replace(from, to);
  return files;
}

function unlocated(body: string): Record<string, string> {
  const files: Record<string, string> = { ...example('', { body }).files };
  files['src/Main.st'] = (files['src/Main.st'] ?? '').replace('Guard_Closed AT %IX0.1', 'Guard_Closed');
  return files;
}
