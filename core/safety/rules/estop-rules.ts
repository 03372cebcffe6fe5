import { addressArea } from '../dataflow/location.js';
import type { WriteEvent } from '../dataflow/trace.js';
import type { StateRule } from '../rule.js';
import { allDeclared, findingAt, findingAtEvent, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

/** ES01: an e-stop is read, never written. */
export const estopWrite: StateRule = {
  kind: 'state',
  code: 'ES01',
  name: 'estop-write',
  severity: 'blocker',
  title: 'An e-stop signal is written',
  rationale:
    'The program must see the e-stop as it is. Code that writes it can hide a pressed button from everything that comes after.',
  reference: 'ISO 13850:2015, 4.1.1; Top 20 Secure PLC Coding Practices, 10',
  decision: 'whole-program',
  flags: [
    example('written in the program', {
      body: 'IF Reset_PB THEN EStop_OK := TRUE; END_IF\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('written through VAR_IN_OUT of a harmless block', {
      blocks: 'FUNCTION_BLOCK Filter\nVAR_IN_OUT signal : BOOL; END_VAR\nsignal := TRUE;\nEND_FUNCTION_BLOCK',
      variables: 'smooth : Filter;',
      body: 'smooth(signal := EStop_OK);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('written through a reference', {
      variables: 'r : REFERENCE TO BOOL;',
      body: 'r REF= EStop_OK;\nr := TRUE;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('written by its address', { body: '%IX0.0 := TRUE;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;' }),
  ],
  accepts: [
    example('a debounced copy', {
      variables: 'debounce : TON; eStopFree : BOOL;',
      body: 'debounce(IN := EStop_OK, PT := T#20ms);\neStopFree := debounce.Q;\nMotor := Start_PB AND eStopFree AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings = model.signals
      .filter((signal) => signal.role === 'estop')
      .flatMap((signal) => {
        const isInput = isInputImage(signal);
        if (!isDeclared(signal) && !isInput) return [];
        const events = model.index.writersOf(signal.location).filter((event) => event.kind !== 'library' || isInput);
        const taken = model.trace.addressesTaken.filter((entry) => entry.target === signal.location && isInput);
        const writes = isInput || !isEvaluation(events) ? events : [];
        return [
          ...writes.map((event) =>
            findingAtEvent(estopWrite, site, event, {
              message: `${signal.tag} is an e-stop and is written here${event.isAlias ? ' through a reference' : ''}: ${sourceText(event)}. Read it only; write a variable of its own instead.`,
              subject: `${signal.location} ${sourceText(event)}`,
              isCertainRole: allDeclared(signal),
              witness: { tag: signal.tag },
            }),
          ),
          ...taken.map((entry) =>
            findingAt(estopWrite, site, entry.frame.file, entry.node, {
              message: `The address of the e-stop ${signal.tag} is taken here: whoever holds it can write the signal. Pass its value instead.`,
              subject: `${signal.location} address`,
              isCertainRole: allDeclared(signal),
            }),
          ),
        ];
      });
    return oncePerPlace(findings);
  },
};

/** True for what comes from a terminal: nothing in the program may write it. */
function isInputImage(signal: ResolvedSignal): boolean {
  const address = signal.symbol?.location;
  return address ? addressArea(address.text) === 'I' : false;
}

/** One unconditional write of something that is no constant: the tag is the result of an evaluation, not an input. */
export function isEvaluation(events: readonly WriteEvent[]): boolean {
  const places = new Set(events.map((event) => event.node));
  const [only] = events;
  if (places.size !== 1 || only === undefined) return false;
  return (
    only.isCertain &&
    !only.isAlias &&
    only.condition === null &&
    only.sources.length > 0 &&
    only.kind !== 'set' &&
    only.kind !== 'for'
  );
}
