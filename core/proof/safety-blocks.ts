/**
 * Safety function blocks of PLCopen Safety part 1 and their relatives, as far as their state rules bind their outputs:
 * the safe output is TRUE only while the inputs are healthy, and it rises only by a reset edge or an automatic reset
 * that is wired. Monitoring times, tests and errors may act in any scan. So what is proved with these models holds for
 * every block that keeps the rules; what is refuted may need a closer look.
 */

import { type BlockPins, risingEdge } from './block-pins.js';
import { FALSE, type Literal, not, TRUE } from './circuit.js';
import type { Value } from './terms.js';
import { isBooleanType, isScalarType, rangeOfType } from './value-types.js';

/** The safe outputs of a block after this call, by pin. `free` gives an unknown of this block. */
type Rule = (pins: BlockPins, free: (name: string) => Literal) => Readonly<Record<string, Literal>>;

/** The output stays while healthy, and rises by the reset rule. */
function interlocked(output: string, healthy: (pins: BlockPins, free: (name: string) => Literal) => Literal): Rule {
  return (pins, free) => {
    const { circuit } = pins.machine.terms;
    const isHealthy = healthy(pins, free);
    const released = circuit.and(free('release'), releaseOf(pins, output));
    return { [output]: circuit.and(isHealthy, circuit.or(pins.bit(output), released)) };
  };
}

/** A reset edge, an automatic reset, or the start-up reset as long as the output was never TRUE. */
function releaseOf(pins: BlockPins, output: string): Literal {
  const { circuit } = pins.machine.terms;
  const edge = risingEdge(pins, pins.bit('RESET'), '#RESET');
  const atStart = circuit.all([pins.bit('S_STARTRESET'), not(pins.bit('#ENABLED')), not(pins.bit(output))]);
  return circuit.any([edge, pins.bit('S_AUTORESET'), atStart]);
}

/** The output follows the inputs, without a restart interlock; an error may hold it back. */
function following(output: string, healthy: (pins: BlockPins) => Literal): Rule {
  return (pins, free) => ({ [output]: pins.machine.terms.circuit.and(healthy(pins), free('accepted')) });
}

const bit =
  (name: string) =>
  (pins: BlockPins): Literal =>
    pins.bit(name);
const every =
  (...names: string[]) =>
  (pins: BlockPins): Literal =>
    pins.machine.terms.circuit.all(names.map((name) => pins.bit(name)));

/** Protective field interrupted is allowed while muting is active. */
function muted(pins: BlockPins, free: (name: string) => Literal): Literal {
  const { circuit } = pins.machine.terms;
  const muting = circuit.and(free('muting'), pins.bit('MUTINGENABLE'));
  pins.setBit('S_MUTINGACTIVE', muting);
  return circuit.or(pins.bit('S_AOPD_IN'), muting);
}

/** The field may be dark during a test that StartTest began. */
function tested(pins: BlockPins, free: (name: string) => Literal): Literal {
  const { circuit } = pins.machine.terms;
  const start = risingEdge(pins, pins.bit('STARTTEST'), '#TEST');
  const testing = circuit.all([free('testing'), circuit.or(start, pins.bit('#TESTING')), pins.bit('S_OSSD_OUT')]);
  pins.setBit('#TESTING', testing);
  return circuit.or(pins.bit('S_OSSD_IN'), testing);
}

const outControl: Rule = (pins, free) => {
  const { circuit } = pins.machine.terms;
  const safe = pins.bit('S_SAFECONTROL');
  const release = releaseOf(pins, '#UNLOCKED');
  const unlocked = circuit.and(safe, circuit.or(pins.bit('#UNLOCKED'), circuit.and(free('release'), release)));
  const request = pins.bit('PROCESSCONTROL');
  const edge = risingEdge(pins, request, '#PROCESS');
  const started = circuit.any([pins.bit('S_OUTCONTROL'), edge, pins.bit('STATICCONTROL')]);
  pins.setBit('#UNLOCKED', unlocked);
  return { S_OUTCONTROL: circuit.all([unlocked, request, started, free('accepted')]) };
};

const modeSelector: Rule = (pins, free) => {
  const { circuit } = pins.machine.terms;
  const outputs: Record<string, Literal> = {};
  let taken: Literal = FALSE;
  for (let mode = 0; mode < 8; mode++) {
    outputs[`S_MODE${mode}SEL`] = circuit.and(free(`mode${mode}`), not(taken));
    taken = circuit.or(taken, free(`mode${mode}`));
  }
  outputs['S_ANYMODESEL'] = taken;
  return outputs;
};

const safetyRequest: Rule = (pins, free) => {
  const { circuit } = pins.machine.terms;
  return {
    S_SAFETYACTIVE: circuit.all([not(pins.bit('S_OPMODE')), pins.bit('S_ACKNOWLEDGE'), free('accepted')]),
    S_SAFETYREQUEST: circuit.and(pins.bit('S_OPMODE'), free('requested')),
  };
};

const guardLocking: Rule = (pins, free) => {
  const { circuit } = pins.machine.terms;
  const locked = interlocked('S_GUARDLOCKED', every('S_GUARDMONITORING', 'S_GUARDLOCK'))(pins, free);
  return {
    ...locked,
    S_UNLOCKGUARD: circuit.all([free('unlock'), pins.bit('S_SAFETYACTIVE'), pins.bit('UNLOCKREQUEST')]),
  };
};

/** One switch, or two of which both must be closed; older and newer name of the output. */
const guard: Rule = (pins, free) => {
  const { circuit } = pins.machine.terms;
  const closed = (): Literal => circuit.or(pins.bit('S_GUARDSWITCH'), every('S_GUARDSWITCH1', 'S_GUARDSWITCH2')(pins));
  const { S_GUARDOUT = FALSE } = interlocked('S_GUARDOUT', closed)(pins, free);
  return { S_GUARDOUT, S_GUARD: S_GUARDOUT };
};

const override: Rule = (pins, free) => {
  const { circuit } = pins.machine.terms;
  const active = circuit.and(free('override'), pins.bit('OVERRIDEREQUEST'));
  return { S_OVERRIDEACTIVE: active, S_AOPD_OUT: circuit.or(pins.bit('S_AOPD_IN'), active) };
};

/** Siemens: acknowledgement on a rising edge of ACK, or none needed when ACK_NEC is FALSE. */
function acknowledged(output: string, healthy: (pins: BlockPins) => Literal): Rule {
  return (pins, free) => {
    const { circuit } = pins.machine.terms;
    const edge = risingEdge(pins, pins.bit('ACK'), '#ACK');
    const released = circuit.and(free('release'), circuit.or(edge, not(pins.bit('ACK_NEC'))));
    return { [output]: circuit.and(healthy(pins), circuit.or(pins.bit(output), released)) };
  };
}

const emergencyStop1: Rule = (pins, free) => {
  const { circuit } = pins.machine.terms;
  const outputs = acknowledged('Q', bit('E_STOP'))(pins, free);
  const q = outputs['Q'] ?? FALSE;
  return { ...outputs, Q_DELAY: circuit.or(q, circuit.and(pins.bit('Q_DELAY'), free('delay'))) };
};

const RULES: Readonly<Record<string, Rule>> = {
  SF_EMERGENCYSTOP: interlocked('S_ESTOPOUT', bit('S_ESTOPIN')),
  SF_ESPE: interlocked('S_ESPE_OUT', bit('S_ESPE_IN')),
  SF_PSE: interlocked('S_PSE_OUT', bit('S_PSE_IN')),
  SF_GUARDMONITORING: interlocked('S_GUARDMONITORING', every('S_GUARDSWITCH1', 'S_GUARDSWITCH2')),
  SF_GUARD: guard,
  SF_GUARDLOCKING: guardLocking,
  SF_GUARDLOCKING_2: guardLocking,
  SF_GUARDLOCKINGSERIAL: guardLocking,
  SF_EQUIVALENT: following('S_EQUIVALENTOUT', every('S_CHANNELA', 'S_CHANNELB')),
  SF_ANTIVALENT: following('S_ANTIVALENTOUT', (pins) =>
    pins.machine.terms.circuit.and(pins.bit('S_CHANNELNC'), not(pins.bit('S_CHANNELNO'))),
  ),
  SF_EDM: following('S_EDM_OUT', bit('S_OUTCONTROL')),
  SF_OUTCONTROL: outControl,
  SF_MODESELECTOR: modeSelector,
  SF_TWOHANDCONTROLTYPEII: following('S_TWOHANDOUT', every('S_BUTTON1', 'S_BUTTON2')),
  SF_TWOHANDCONTROLTYPEIII: following('S_TWOHANDOUT', every('S_BUTTON1', 'S_BUTTON2')),
  SF_TWOHANDCONTROLTYPEIIIC: following('S_TWOHANDOUT', (pins) =>
    pins.machine.terms.circuit.all([
      pins.bit('S_BUTTON1NO'),
      pins.bit('S_BUTTON2NO'),
      not(pins.bit('S_BUTTON1NC')),
      not(pins.bit('S_BUTTON2NC')),
    ]),
  ),
  SF_TESTABLESAFETYSENSOR: interlocked('S_OSSD_OUT', tested),
  SF_MUTINGSEQ: interlocked('S_AOPD_OUT', muted),
  SF_MUTINGPAR: interlocked('S_AOPD_OUT', muted),
  SF_MUTINGPAR_2SENSOR: interlocked('S_AOPD_OUT', muted),
  SF_ENABLESWITCH: following('S_ENABLESWITCHOUT', every('S_SAFETYACTIVE', 'S_ENABLESWITCHCH1', 'S_ENABLESWITCHCH2')),
  SF_ENABLESWITCH_2: following('S_ENABLESWITCHOUT', (pins) => {
    const { circuit } = pins.machine.terms;
    const enabled = circuit.or(pins.bit('S_ENABLEIN'), every('S_ENABLESWITCHCH1', 'S_ENABLESWITCHCH2')(pins));
    return circuit.and(pins.bit('S_SAFETYACTIVE'), enabled);
  }),
  SF_SAFETYREQUEST: safetyRequest,
  // It gives its pulse when the button is released: no input holds it back in that scan.
  SF_RESETBUTTON: () => ({}),
  SF_OVERRIDE: override,
  ESTOP1: emergencyStop1,
  SFDOOR: acknowledged('Q', every('IN1', 'IN2')),
  EV1OO2DI: acknowledged('Q', every('IN1', 'IN2')),
  FDBACK: acknowledged('Q', bit('ON')),
  TWO_H_EN: following('Q', every('IN1', 'IN2', 'ENABLE')),
};

/** Steps a safety block by its rule; false when there is none for this name. */
export function stepSafetyBlock(name: string, pins: BlockPins): boolean {
  const rule = RULES[name];
  if (rule === undefined) return false;
  const { machine, target, path } = pins;
  const { terms, environment } = machine;
  machine.assumptions.add(`${target.name} keeps the state rules of its specification`);
  const memory = `${path}.#MEMORY`;
  const inputs: Value[] = [terms.asChoice(environment.read(memory))];
  for (const pin of target.variables.values()) {
    if (isScalarType(pin.type)) inputs.push(environment.read(`${path}.${pin.name.toUpperCase()}`));
  }
  const oracle = terms.oracle(`safety:${machine.aliasOf(path)}${machine.suffix}`, inputs);
  // A pin that is never wired keeps FALSE; a block that is not activated has safe outputs, so TRUE covers both.
  const wired = pins.bit('ACTIVATE');
  const active = !target.variables.has('ACTIVATE') || wired === FALSE ? TRUE : wired;
  const outputs = rule(pins, (free) => oracle.boolean(free));
  for (const pin of target.variables.values()) {
    const key = pin.name.toUpperCase();
    if (pin.scope !== 'output' || outputs[key] !== undefined || key === 'S_MUTINGACTIVE' || !isScalarType(pin.type))
      continue;
    environment.write(
      `${path}.${key}`,
      isBooleanType(pin.type) ? oracle.boolean(key) : oracle.choice(key, rangeOfType(pin.type)),
    );
  }
  let enabled = pins.bit('#ENABLED');
  for (const [key, value] of Object.entries(outputs)) {
    const output = terms.circuit.and(active, value);
    pins.setBit(key, output);
    enabled = terms.circuit.or(enabled, output);
  }
  pins.setBit('#ENABLED', terms.circuit.and(active, enabled));
  environment.write(memory, oracle.choice('memory'));
  return true;
}
