/**
 * What is known of certified safety function blocks by their name: PLCopen Safety part 1 and the vendors' equivalents.
 * The table says which pin is which role, so that wiring alone tells what a tag is.
 */

import type { SignalRole } from '../site/manifest.js';

export interface SafetyBlock {
  readonly name: string;
  /** Role of what is wired to an input pin, keys upper case. */
  readonly inputs: Readonly<Record<string, SignalRole>>;
  /** Pins that allow motion when tied to TRUE. */
  readonly automaticReset: readonly string[];
  /** Time pins that must be constant. */
  readonly times: readonly string[];
  /** The safe outputs: TRUE permits. */
  readonly outputs: readonly string[];
}

const AUTOMATIC = ['S_STARTRESET', 'S_AUTORESET'];

function block(
  name: string,
  inputs: Readonly<Record<string, SignalRole>>,
  outputs: readonly string[],
  times: readonly string[] = [],
  automaticReset: readonly string[] = AUTOMATIC,
): SafetyBlock {
  return { name, inputs, outputs, times, automaticReset };
}

const BLOCKS: readonly SafetyBlock[] = [
  block('SF_EMERGENCYSTOP', { S_ESTOPIN: 'estop', RESET: 'reset' }, ['S_ESTOPOUT']),
  block('SF_ESPE', { S_ESPE_IN: 'light_curtain', RESET: 'reset' }, ['S_ESPE_OUT']),
  block('SF_PSE', { S_PSE_IN: 'safety_mat', RESET: 'reset' }, ['S_PSE_OUT']),
  block(
    'SF_GUARDMONITORING',
    { S_GUARDSWITCH1: 'guard', S_GUARDSWITCH2: 'guard', RESET: 'reset' },
    ['S_GUARDMONITORING', 'S_GUARDMONITORINGOUT'],
    ['DISCREPANCYTIME'],
  ),
  block('SF_GUARDLOCKING', { S_GUARDMONITORING: 'guard', S_GUARDLOCK: 'guard', RESET: 'reset' }, ['S_GUARDLOCKED']),
  block(
    'SF_EQUIVALENT',
    { S_CHANNELA: 'permissive', S_CHANNELB: 'permissive' },
    ['S_EQUIVALENTOUT'],
    ['DISCREPANCYTIME'],
  ),
  block('SF_ANTIVALENT', { S_CHANNELNC: 'permissive' }, ['S_ANTIVALENTOUT'], ['DISCREPANCYTIME']),
  block('SF_TWOHANDCONTROLTYPEII', { S_BUTTON1: 'two_hand', S_BUTTON2: 'two_hand' }, ['S_TWOHANDOUT']),
  block('SF_TWOHANDCONTROLTYPEIII', { S_BUTTON1: 'two_hand', S_BUTTON2: 'two_hand' }, ['S_TWOHANDOUT']),
  block(
    'SF_ENABLESWITCH',
    {
      S_SAFETYACTIVE: 'permissive',
      S_ENABLESWITCHCH1: 'enabling_switch',
      S_ENABLESWITCHCH2: 'enabling_switch',
      RESET: 'reset',
    },
    ['S_ENABLESWITCHOUT'],
  ),
  block(
    'SF_EDM',
    { S_OUTCONTROL: 'permissive', EDM1: 'edm', EDM2: 'edm', RESET: 'reset' },
    ['S_EDM_OUT'],
    ['MONITORINGTIME'],
  ),
  block('SF_OUTCONTROL', { S_SAFECONTROL: 'permissive', RESET: 'reset' }, ['S_OUTCONTROL']),
  block('SF_MUTINGSEQ', { S_AOPD_IN: 'light_curtain', RESET: 'reset' }, ['S_AOPD_OUT'], ['MAXMUTINGTIME']),
  block(
    'SF_MUTINGPAR',
    { S_AOPD_IN: 'light_curtain', RESET: 'reset' },
    ['S_AOPD_OUT'],
    ['DISCTIME11_12', 'DISCTIME21_22', 'MAXMUTINGTIME'],
  ),
  block(
    'SF_MUTINGPAR_2SENSOR',
    { S_AOPD_IN: 'light_curtain', RESET: 'reset' },
    ['S_AOPD_OUT'],
    ['DISCTIMEENTRY', 'MAXMUTINGTIME'],
  ),
  block('SF_TESTABLESAFETYSENSOR', { S_OSSD_IN: 'light_curtain', RESET: 'reset' }, ['S_OSSD_OUT'], ['TESTTIME']),
  block(
    'SF_SAFETYREQUEST',
    { S_OPMODE: 'permissive', S_ACKNOWLEDGE: 'edm', RESET: 'reset' },
    ['S_SAFETYACTIVE'],
    ['MONITORINGTIME'],
  ),
  block(
    'SF_MODESELECTOR',
    { S_SETMODE: 'mode', S_UNLOCK: 'mode', RESET: 'reset' },
    ['S_ANYMODESEL'],
    ['MODEMONITORTIME'],
  ),
  block('SF_RESETBUTTON', { RESET: 'reset' }, []),
  block('ESTOP1', { E_STOP: 'estop', ACK: 'reset' }, ['Q', 'Q_DELAY'], ['TIME_DEL'], []),
  block('SFDOOR', { IN1: 'guard', IN2: 'guard', ACK: 'reset' }, ['Q'], [], []),
  block('EV1OO2DI', { IN1: 'permissive', IN2: 'permissive', ACK: 'reset' }, ['Q'], ['DISCTIME'], []),
  block('TWO_H_EN', { IN1: 'two_hand', IN2: 'two_hand', ENABLE: 'permissive' }, ['Q'], ['DISCTIME'], []),
  block('FDBACK', { ON: 'permissive', FEEDBACK: 'edm', ACK: 'reset' }, ['Q'], ['FDB_TIME'], []),
  block('ACK_GL', { ACK_GLOB: 'reset' }, [], [], []),
  block('MUT_P', { FREE: 'light_curtain', ACK: 'reset' }, ['Q'], ['DISCTIM1', 'DISCTIM2', 'TIME_MAX'], []),
  block('FB_ESTOP', { ESTOPIN1: 'estop', ESTOPIN2: 'estop', RESTART: 'reset' }, ['ESTOPOUT'], [], []),
];

const BY_NAME: ReadonlyMap<string, SafetyBlock> = new Map(BLOCKS.map((entry) => [entry.name, entry]));

/** A certified block that this project takes from a library, by the name of its type; null for any other. */
export function safetyBlockOf(typeName: string): SafetyBlock | null {
  const key = typeName.toUpperCase();
  return BY_NAME.get(key) ?? BY_NAME.get(key.replace(/_V?\d+(_\d+)*$/, '')) ?? null;
}

/** True for certified blocks, also those of the family that the table does not detail. */
export function isSafetyBlock(typeName: string): boolean {
  return safetyBlockOf(typeName) !== null || /^SF_[A-Z]/i.test(typeName);
}
