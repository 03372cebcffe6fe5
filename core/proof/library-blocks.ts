/**
 * Standard function blocks. Edges, bistables and counters are exact; timers answer "expired" in whichever scan they
 * like, within what their inputs allow. Hidden memory lives in cells whose name starts with `#`.
 */

import { keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';
import { type BlockPins, pinsOf, risingEdge } from './block-pins.js';
import { type Literal, not, TRUE } from './circuit.js';
import type { Machine, Place, Reference } from './machine.js';
import { lose, unknownValue, writePlace } from './memory-access.js';
import { memberPlace } from './places.js';
import { stepSafetyBlock } from './safety-blocks.js';
import type { Choice, Value } from './terms.js';
import { isScalarType } from './value-types.js';

type Step = (pins: BlockPins) => void;

export function stepLibraryBlock(
  machine: Machine,
  place: Place,
  target: PouSymbol,
  bindings: ReadonlyMap<VariableSymbol, Reference>,
): void {
  const pins = pinsOf(machine, place, target);
  const name = keyOf(target.name);
  const step = BLOCKS[name];
  if (step !== undefined) {
    step(pins);
    return;
  }
  if (stepSafetyBlock(name, pins)) return;
  stepUnknownBlock(machine, place, target, bindings);
}

/** Everything that a block without a model may have changed: its outputs and memory, as a function of its inputs. */
function stepUnknownBlock(
  machine: Machine,
  place: Place,
  target: PouSymbol,
  bindings: ReadonlyMap<VariableSymbol, Reference>,
): void {
  machine.assumptions.add(
    `the library block ${target.name} is unknown: its outputs may have any value that depends on its inputs`,
  );
  const { environment, terms } = machine;
  const inputs: Value[] = [];
  for (const variable of target.variables.values()) {
    if (variable.scope === 'input' && isScalarType(variable.type))
      inputs.push(environment.read(memberPlace(machine, place, variable).path));
  }
  const memory = `${place.path}.#MEMORY`;
  inputs.push(terms.asChoice(environment.read(memory)));
  for (const variable of target.variables.values()) {
    if (variable.scope !== 'output') continue;
    const pin = memberPlace(machine, place, variable);
    if (isScalarType(variable.type))
      writePlace(machine, pin, unknownValue(machine, `block:${machine.aliasOf(pin.path)}`, variable.type, inputs));
    else lose(machine, pin, inputs);
  }
  for (const reference of bindings.values())
    for (const each of reference.alternatives) lose(machine, each.place, inputs);
  environment.write(memory, terms.oracle(`block:${machine.aliasOf(memory)}${machine.suffix}`, inputs).choice('memory'));
}

// ---------------------------------------------------------------------------------------------- edges and bistables

const risingTrigger: Step = (pins) => pins.setBit('Q', risingEdge(pins, pins.bit('CLK'), '#M'));

/** IEC 61131-3, table 44: `Q := NOT CLK AND NOT M; M := NOT CLK`. */
const fallingTrigger: Step = (pins) => pins.setBit('Q', risingEdge(pins, not(pins.bit('CLK')), '#M'));

const setDominant: Step = (pins) => {
  const { circuit } = pins.machine.terms;
  pins.setBit('Q1', circuit.or(pins.bit('S1', 'SET1'), circuit.and(not(pins.bit('RESET', 'R')), pins.bit('Q1'))));
};

const resetDominant: Step = (pins) => {
  const { circuit } = pins.machine.terms;
  pins.setBit('Q1', circuit.and(not(pins.bit('RESET1', 'R1')), circuit.or(pins.bit('SET', 'S'), pins.bit('Q1'))));
};

// ---------------------------------------------------------------------------------------------- timers

interface TimerStart {
  readonly input: Literal;
  /** The input at the previous call. */
  readonly previous: Literal;
  readonly output: Literal;
  /** Whether the preset has passed, as far as the inputs allow it. */
  readonly expired: Literal;
  readonly presetIsPositive: boolean;
  readonly presetIsConstant: boolean;
  /** How long it has run, which decides when it expires. */
  readonly elapsed: Choice;
  /** What ET shows of it. */
  readonly shown: Choice;
}

function startTimer(pins: BlockPins, kind: string): TimerStart {
  const { terms, suffix, assumptions } = pins.machine;
  assumptions.add('timers may expire in any scan in which their input allows it');
  const input = pins.bit('IN');
  const previous = pins.bit('#IN');
  const output = pins.bit('Q');
  const preset = pins.number('PT');
  const elapsed = pins.number('#ELAPSED');
  const constants = preset.map(({ term }) => terms.constantOf(term));
  const presetIsPositive = constants.every((each) => typeof each === 'bigint' && each > 0n);
  const presetIsConstant = constants.length === 1 && constants[0] !== null;
  const name = pins.machine.aliasOf(pins.path);
  const own = terms.oracle(`${kind}:${name}${suffix}`, [input, previous, output, preset, elapsed]);
  pins.setBit('#IN', input);
  const timer = { input, previous, output, presetIsPositive, presetIsConstant };
  const changed = terms.changedTimes.get(name);
  const [constant] = constants;
  if (!presetIsPositive || !presetIsConstant || changed === undefined || typeof constant !== 'bigint')
    return { ...timer, expired: own.boolean('expired'), elapsed: own.choice('elapsed'), shown: own.choice('elapsed') };
  // Both versions of the timer began to run in the same scan when their inputs were the same since: then the longer
  // time has passed only when the shorter one has.
  const shared = terms.oracle(`${kind}:${name}${suffix}:shortest`, [input, previous, elapsed]);
  const isLonger = changed !== 'tuned' && constant > changed;
  if (changed === 'tuned')
    assumptions.add(`${name} times the process: its tuned time makes no difference to what is safe`);
  const expired = shared.boolean('expired');
  return {
    ...timer,
    expired: isLonger ? terms.circuit.and(expired, own.boolean('expired')) : expired,
    elapsed: shared.choice('elapsed'),
    shown: isLonger ? own.choice('elapsed') : shared.choice('elapsed'),
  };
}

function endTimer(pins: BlockPins, running: Literal, { elapsed, shown }: TimerStart): void {
  const { terms } = pins.machine;
  const whileRunning = (value: Choice): Choice => terms.asChoice(terms.ite(running, value, terms.constantChoice(0n)));
  pins.setNumber('#ELAPSED', whileRunning(elapsed));
  pins.setNumber('ET', whileRunning(shown));
}

const onDelay: Step = (pins) => {
  const { circuit } = pins.machine.terms;
  const timer = startTimer(pins, 'TON');
  const held = timer.presetIsPositive ? circuit.and(timer.input, timer.previous) : timer.input;
  const expired = timer.presetIsConstant ? circuit.or(timer.output, timer.expired) : timer.expired;
  pins.setBit('Q', circuit.and(held, expired));
  endTimer(pins, timer.presetIsPositive ? held : timer.input, timer);
};

const offDelay: Step = (pins) => {
  const { circuit } = pins.machine.terms;
  const timer = startTimer(pins, 'TOF');
  pins.setBit('Q', circuit.or(timer.input, circuit.and(timer.output, not(timer.expired))));
  endTimer(pins, not(timer.input), timer);
};

const pulse: Step = (pins) => {
  const { terms } = pins.machine;
  const { circuit } = terms;
  const timer = startTimer(pins, 'TP');
  const rising = circuit.and(timer.input, not(timer.previous));
  const again = terms
    .oracle(`TP:${pins.machine.aliasOf(pins.path)}${pins.machine.suffix}:again`, [rising, timer.output, timer.expired])
    .boolean('again');
  const started = timer.presetIsPositive ? rising : circuit.and(rising, again);
  const running = circuit.and(timer.output, not(timer.expired));
  const restarted = circuit.all([timer.output, timer.expired, rising, again]);
  pins.setBit('Q', circuit.any([running, circuit.and(not(timer.output), started), restarted]));
  endTimer(pins, TRUE, timer);
};

// ---------------------------------------------------------------------------------------------- counters

function counted(pins: BlockPins, value: Choice, by: bigint): Choice {
  const { terms } = pins.machine;
  return terms.combine([value], ([term = 0]) => {
    const constant = terms.constantOf(term);
    if (typeof constant === 'bigint') return terms.constantChoice(constant + by);
    return terms.single(terms.apply(`count:${by}`, [term]));
  });
}

/** `CV` after counting up: never beyond the preset. */
function countUp(pins: BlockPins, value: Choice, edge: Literal): Choice {
  const { terms } = pins.machine;
  const preset = pins.number('PV');
  const below = terms.less(value, preset, 'integer');
  return terms.asChoice(terms.ite(terms.circuit.and(edge, below), counted(pins, value, 1n), value));
}

function countDown(pins: BlockPins, value: Choice, edge: Literal): Choice {
  const { terms } = pins.machine;
  const above = terms.less(terms.constantChoice(0n), value, 'integer');
  return terms.asChoice(terms.ite(terms.circuit.and(edge, above), counted(pins, value, -1n), value));
}

const upCounter: Step = (pins) => {
  const { terms } = pins.machine;
  const edge = risingEdge(pins, pins.bit('CU'), '#CU');
  const next = terms.ite(pins.bit('RESET', 'R'), terms.constantChoice(0n), countUp(pins, pins.number('CV'), edge));
  pins.setNumber('CV', next);
  pins.setBit('Q', terms.lessOrEqual(pins.number('PV'), next, 'integer'));
};

const downCounter: Step = (pins) => {
  const { terms } = pins.machine;
  const edge = risingEdge(pins, pins.bit('CD'), '#CD');
  const next = terms.ite(pins.bit('LOAD', 'LD'), pins.number('PV'), countDown(pins, pins.number('CV'), edge));
  pins.setNumber('CV', next);
  pins.setBit('Q', terms.lessOrEqual(next, terms.constantChoice(0n), 'integer'));
};

const upDownCounter: Step = (pins) => {
  const { terms } = pins.machine;
  const { circuit } = terms;
  const up = risingEdge(pins, pins.bit('CU'), '#CU');
  const down = risingEdge(pins, pins.bit('CD'), '#CD');
  const value = pins.number('CV');
  const stepped = terms.ite(
    circuit.and(up, not(down)),
    countUp(pins, value, TRUE),
    terms.ite(circuit.and(down, not(up)), countDown(pins, value, TRUE), value),
  );
  const next = terms.ite(
    pins.bit('RESET', 'R'),
    terms.constantChoice(0n),
    terms.ite(pins.bit('LOAD', 'LD'), pins.number('PV'), stepped),
  );
  pins.setNumber('CV', next);
  pins.setBit('QU', terms.lessOrEqual(pins.number('PV'), next, 'integer'));
  pins.setBit('QD', terms.lessOrEqual(next, terms.constantChoice(0n), 'integer'));
};

const BLOCKS: Readonly<Record<string, Step>> = {
  R_TRIG: risingTrigger,
  F_TRIG: fallingTrigger,
  SR: setDominant,
  RS: resetDominant,
  ...named(['TON', 'TON_TIME', 'TON_LTIME', 'LTON', 'IEC_TIMER_TON'], onDelay),
  ...named(['TOF', 'TOF_TIME', 'TOF_LTIME', 'LTOF'], offDelay),
  ...named(['TP', 'TP_TIME', 'TP_LTIME', 'LTP'], pulse),
  ...named(['CTU', 'CTU_INT', 'CTU_DINT', 'CTU_LINT', 'CTU_UDINT', 'CTU_ULINT'], upCounter),
  ...named(['CTD', 'CTD_INT', 'CTD_DINT', 'CTD_LINT', 'CTD_UDINT', 'CTD_ULINT'], downCounter),
  ...named(['CTUD', 'CTUD_INT', 'CTUD_DINT', 'CTUD_LINT', 'CTUD_UDINT', 'CTUD_ULINT'], upDownCounter),
};

function named(names: readonly string[], step: Step): Readonly<Record<string, Step>> {
  return Object.fromEntries(names.map((name) => [name, step]));
}
