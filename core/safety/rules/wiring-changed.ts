import type { Finding } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { exchangedInputs } from '../compare/exchanged-inputs.js';
import { nameChanges } from '../compare/name-changes.js';
import { normalExpression } from '../compare/normal-form.js';
import type { Change, ChangeRule } from '../rule.js';
import { findingAtEvent, relatedAt, safetyModelOf } from '../safety-model.js';
import { certifiedSymbols } from './certified-code.js';
import { pressMachine } from './certified-example.js';
import { changeExample } from './example-machine.js';

const FEEDER = `FUNCTION_BLOCK Feeder
VAR_INPUT enable : BOOL; feed : BOOL; END_VAR
VAR_OUTPUT run : BOOL; setpoint : INT; END_VAR
run := enable AND feed;
IF enable THEN setpoint := 100; ELSE setpoint := 0; END_IF
END_FUNCTION_BLOCK`;
const FEEDER_VARIABLES = 'feeder1 : Feeder; free : BOOL; wanted : BOOL; speed AT %QW2 : INT;';

function feederBody(enable: string, feed: string): string {
  return `free := EStop_OK AND Guard_Closed;\nwanted := Start_PB OR Motor;\nfeeder1(enable := ${enable}, feed := ${feed});\nspeed := feeder1.setpoint;\nMotor := feeder1.run AND EStop_OK AND Guard_Closed;`;
}

const BOTH = `FUNCTION_BLOCK Both
VAR_INPUT a : BOOL; b : BOOL; END_VAR
VAR_OUTPUT q : BOOL; END_VAR
q := a AND b;
END_FUNCTION_BLOCK`;

function bothBody(a: string, b: string): string {
  return `both1(a := ${a}, b := ${b});\nMotor := (Start_PB OR Motor) AND both1.q;`;
}

/** CF05: the wiring of a certified block is part of the safety function. */
export const certifiedWiring: ChangeRule = {
  kind: 'change',
  code: 'CF05',
  name: 'interface-abuse',
  severity: 'blocker',
  title: 'A certified block is wired differently, or two inputs of a safety block are exchanged',
  rationale:
    'A certified block guarantees its outputs for the inputs that it was meant to get. Replaced arguments void that; exchanged ones void it for every block that decides about a hazard.',
  reference: 'ISO 13849-1:2023, 7.4',
  decision: 'change',
  flags: [
    {
      title: 'the door pin gets another input',
      before: pressMachine({}),
      files: pressMachine({ call: 'door := spare, pressure := p' }),
    },
    changeExample(
      'enable and request of a drive block are exchanged',
      { blocks: FEEDER, variables: FEEDER_VARIABLES, body: feederBody('free', 'wanted') },
      { blocks: FEEDER, variables: FEEDER_VARIABLES, body: feederBody('wanted', 'free') },
    ),
  ],
  accepts: [
    {
      title: 'arguments in another order',
      before: pressMachine({}),
      files: pressMachine({ call: 'pressure := p, door := Guard_Closed' }),
    },
    changeExample(
      'arguments of a drive block in another order',
      { blocks: FEEDER, variables: FEEDER_VARIABLES, body: feederBody('free', 'wanted') },
      {
        blocks: FEEDER,
        variables: FEEDER_VARIABLES,
        body: feederBody('free', 'wanted').replace('enable := free, feed := wanted', 'feed := wanted, enable := free'),
      },
    ),
    changeExample(
      'two inputs that the block treats alike',
      { blocks: BOTH, variables: 'both1 : Both;', body: bothBody('EStop_OK', 'Guard_Closed') },
      { blocks: BOTH, variables: 'both1 : Both;', body: bothBody('Guard_Closed', 'EStop_OK') },
    ),
  ],
  check(change) {
    const certified = certifiedWiringChanges(change);
    return [
      ...certified,
      ...exchanges(change).filter(
        (finding) => !certified.some(({ line, file }) => finding.line === line && finding.file === file),
      ),
    ];
  },
};

function exchanges(change: Change): Finding[] {
  const model = safetyModelOf(change.after);
  return exchangedInputs(change).map(({ events: [first, second], before, after }) =>
    findingAtEvent(certifiedWiring, change.after, first, {
      message: `${model.tagOf(first.target)} got ${before} and now gets ${after}, and ${model.tagOf(second.target)} the other way round: two inputs of a block that a hazard depends on are exchanged. Restore the wiring.`,
      subject: `${first.target} ${second.target} exchanged`,
      related: [relatedAt(change.after, second.frame.file, second.node, 'the other input')],
      witness: { before, after },
    }),
  );
}

function certifiedWiringChanges(change: Change): Finding[] {
  const names = new Set(certifiedSymbols(change).map((pou) => keyOf(pou.qualifiedName)));
  if (names.size === 0) return [];
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore, oldNameOf } = nameChanges(change);
  const rename = (name: string): string => oldNameOf.get(name) ?? name;
  const wiring = (
    model: typeof before,
    toOld: (location: string) => string,
    options: { rename?: (name: string) => string },
  ) => {
    const pins = new Map<string, { text: string; event: (typeof before)['trace']['writes'][number] }>();
    for (const event of model.trace.writes) {
      if (event.kind !== 'input' || event.value === null) continue;
      const instance = event.target.slice(0, event.target.lastIndexOf('.'));
      const type = model.variableAt(instance)?.type;
      if (type?.kind !== 'pou' || !names.has(keyOf(type.pou.qualifiedName))) continue;
      const text = `${event.isNegated ? 'NOT ' : ''}${normalExpression(event.value, { model: model.site.project.model, ...options })}`;
      const key = toOld(event.target);
      const known = pins.get(key);
      pins.set(key, { text: known === undefined ? text : `${known.text} | ${text}`, event });
    }
    return pins;
  };
  const old = wiring(before, (location) => location, {});
  return [...wiring(after, locationBefore, { rename })].flatMap(([pin, { text, event }]) => {
    const was = old.get(pin);
    if (was === undefined || was.text === text) return [];
    return [
      findingAtEvent(certifiedWiring, change.after, event, {
        message: `${after.tagOf(event.target)} belongs to a certified block and got ${was.text}; now it gets ${text}. Restore the wiring.`,
        subject: pin,
        witness: { before: was.text, after: text },
      }),
    ];
  });
}
