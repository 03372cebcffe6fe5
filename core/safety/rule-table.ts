/**
 * The table of all safety rules that need no proof, and the ways to run them: on one version of a site (editor,
 * `check`) and on a change (`verify`).
 */

import { compareFindings, type Finding, type Severity } from '../base/finding.js';
import type { Site } from '../site/site.js';
import { nameChanges } from './compare/name-changes.js';
import type { Change, ChangeRule, SafetyRule, StateRule } from './rule.js';
import { outOfScope } from './rules/agent-scope.js';
import {
  architectureAgainstCode,
  estopSingleChannel,
  noDiagnostics,
  noDiscrepancy,
  noEdm,
} from './rules/architecture-rules.js';
import { branchPriority, caseNoSafeElse, permissiveSelfHold } from './rules/branch-rules.js';
import { bypassOr } from './rules/bypass-or.js';
import { certifiedChanged, certifiedReplaced, dependencyChanged } from './rules/certified-code.js';
import { analysisOff, executionContext, reformatNoise, safetyConeReached } from './rules/change-hygiene.js';
import { andToOr, estopDropped, estopPolarity, operandRemoved } from './rules/condition-lost.js';
import { conditionTautology, estopConstant } from './rules/constant-conditions.js';
import { neverWrittenPermissive, unreachableInterlock } from './rules/dead-code-rules.js';
import { earlyExit } from './rules/early-exit.js';
import { encoding } from './rules/encoding.js';
import { estopWrite } from './rules/estop-rules.js';
import {
  enablingSwitch,
  espeNoRestartInterlock,
  lockStateIgnored,
  unlockWhileMoving,
} from './rules/guard-device-rules.js';
import { sensorForge, writeToInput } from './rules/input-rules.js';
import { blockExchanged, fallingEdgeAtStart, tripLatchLost } from './rules/latch-rules.js';
import { compileContext, libraryChanged } from './rules/library-rules.js';
import { callCycle, callInCondition, nonTerminating } from './rules/loop-and-call-rules.js';
import { manifestTouched } from './rules/manifest-touched.js';
import { discrepancyTime, mutingEnableConstant, mutingUnbounded } from './rules/muting-rules.js';
import { analogPlausibility, hysteresisInverted, overflowInTrip, unitMismatch } from './rules/number-rules.js';
import {
  exposedSafetyVariable,
  guardSimulated,
  hmiToSafety,
  parameterUnchecked,
  simulationFlag,
} from './rules/operator-rules.js';
import { crossTask, multiProgramGlobal, readBeforeCall, stalePermissive } from './rules/order-rules.js';
import { multiWriter, overwriteAfterInterlock } from './rules/output-writers.js';
import { pairedPlausibility } from './rules/paired-input-rules.js';
import { forceTable, libraryUnpinned, watchdogOff } from './rules/project-file-rules.js';
import { estopAlarmOnly, resetRemote, safeOutputUnused } from './rules/remote-rules.js';
import { autoReset, resetLevel } from './rules/reset-rules.js';
import { responseBudget, timeFromOutside } from './rules/response-rules.js';
import {
  basicLevel,
  diagnosisIgnored,
  nonCertifiedBlock,
  realInSafety,
  safeOrMix,
  standardInSafety,
} from './rules/safe-type-rules.js';
import { enableSkip, safetyBlockCall, timerConditionalCall } from './rules/safety-block-calls.js';
import { activateGated, equivalentStandalone } from './rules/safety-block-use.js';
import { commonCause, pinTied } from './rules/safety-block-wiring.js';
import { languageSubset, mixedSoftware, noTrace, safetyComplexity } from './rules/safety-pou-rules.js';
import { aliasWrite, bistableDominance, latchRetained, setWithoutReset, startValue } from './rules/state-rules.js';
import { estopDelayed, estopModeGated } from './rules/stop-rules.js';
import { guardStretched } from './rules/stretch-rules.js';
import { autoReintegration, qualityIgnored, unsafeSubstitute } from './rules/substitute-rules.js';
import { taskSlower } from './rules/task-schedule.js';
import { temporaryEdit } from './rules/temporary-edits.js';
import { conditionNotTested } from './rules/test-coverage-rule.js';
import { testsWeakened } from './rules/tests-weakened.js';
import { commentedOutSafety, instructionInData, suppressionAdded } from './rules/text-rules.js';
import { thresholdChanged } from './rules/threshold-changed.js';
import { timeNotConstant, timeOutOfRange } from './rules/time-limit-rules.js';
import { counterPresetChanged, safetyTimeChanged } from './rules/time-rules.js';
import { magicTrigger, timeBomb } from './rules/trigger-rules.js';
import { twoHand } from './rules/two-hand-rules.js';
import {
  bypassName,
  edmSameSignal,
  forcedCast,
  levelLowered,
  notAssignedEveryPath,
  realEquality,
} from './rules/typing-rules.js';
import { unparsed } from './rules/unparsed.js';
import { certifiedWiring } from './rules/wiring-changed.js';
import { safetyModelOf } from './safety-model.js';

/** Every rule, in the order of the catalogue. */
export const SAFETY_RULES: readonly SafetyRule[] = [
  estopWrite,
  estopDropped,
  estopConstant,
  estopPolarity,
  resetLevel,
  autoReset,
  fallingEdgeAtStart,
  resetRemote,
  estopDelayed,
  tripLatchLost,
  latchRetained,
  bistableDominance,
  estopAlarmOnly,
  estopModeGated,
  estopSingleChannel,
  earlyExit,
  blockExchanged,
  operandRemoved,
  andToOr,
  conditionTautology,
  multiWriter,
  overwriteAfterInterlock,
  notAssignedEveryPath,
  setWithoutReset,
  pairedPlausibility,
  stalePermissive,
  crossTask,
  aliasWrite,
  neverWrittenPermissive,
  unreachableInterlock,
  safetyBlockCall,
  readBeforeCall,
  branchPriority,
  caseNoSafeElse,
  enableSkip,
  callInCondition,
  permissiveSelfHold,
  noDiscrepancy,
  unlockWhileMoving,
  lockStateIgnored,
  mutingUnbounded,
  mutingEnableConstant,
  discrepancyTime,
  espeNoRestartInterlock,
  twoHand,
  enablingSwitch,
  guardSimulated,
  guardStretched,
  bypassName,
  bypassOr,
  simulationFlag,
  commentedOutSafety,
  temporaryEdit,
  analysisOff,
  pinTied,
  writeToInput,
  magicTrigger,
  timeBomb,
  nonTerminating,
  sensorForge,
  callCycle,
  forceTable,
  watchdogOff,
  hmiToSafety,
  parameterUnchecked,
  qualityIgnored,
  unsafeSubstitute,
  standardInSafety,
  autoReintegration,
  exposedSafetyVariable,
  multiProgramGlobal,
  safeOrMix,
  forcedCast,
  realInSafety,
  basicLevel,
  nonCertifiedBlock,
  timeNotConstant,
  activateGated,
  safeOutputUnused,
  equivalentStandalone,
  diagnosisIgnored,
  noEdm,
  edmSameSignal,
  safetyTimeChanged,
  timeFromOutside,
  timeOutOfRange,
  thresholdChanged,
  hysteresisInverted,
  responseBudget,
  timerConditionalCall,
  taskSlower,
  realEquality,
  overflowInTrip,
  unitMismatch,
  counterPresetChanged,
  levelLowered,
  architectureAgainstCode,
  commonCause,
  noDiagnostics,
  languageSubset,
  safetyComplexity,
  mixedSoftware,
  noTrace,
  conditionNotTested,
  libraryUnpinned,
  startValue,
  analogPlausibility,
  certifiedChanged,
  certifiedReplaced,
  dependencyChanged,
  libraryChanged,
  certifiedWiring,
  executionContext,
  compileContext,
  manifestTouched,
  encoding,
  outOfScope,
  safetyConeReached,
  testsWeakened,
  suppressionAdded,
  instructionInData,
  reformatNoise,
  unparsed,
];

const STATE_RULES = SAFETY_RULES.filter((rule): rule is StateRule => rule.kind === 'state');
const CHANGE_RULES = SAFETY_RULES.filter((rule): rule is ChangeRule => rule.kind === 'change');

/** Memo by identity: a site is immutable, and a change asks for both of its versions more than once. */
const STATE_FINDINGS = new WeakMap<Site, readonly Finding[]>();

/** Findings of one version of a site, sorted: every state rule, and the manifest's tags that the code does not have. */
export function checkState(site: Site): readonly Finding[] {
  const known = STATE_FINDINGS.get(site);
  if (known !== undefined) return known;
  const { resolution } = safetyModelOf(site);
  const findings = [...resolution.findings, ...STATE_RULES.flatMap((rule) => rule.check(site))].sort(compareFindings);
  STATE_FINDINGS.set(site, findings);
  return findings;
}

/**
 * Findings about the change itself, sorted: every change rule, and the tags of the manifest that the code does not
 * have afterwards, which nothing can be verified for. Findings of state rules that the change brings in are a matter
 * of `newFindings`.
 */
export function checkChange(change: Change): Finding[] {
  const { resolution } = safetyModelOf(change.after);
  return [...resolution.findings, ...CHANGE_RULES.flatMap((rule) => rule.check(change))].sort(compareFindings);
}

/** Reported by `checkChange` on every change, so that it never counts as brought in a second time. */
const ALWAYS_REPORTED = new Set(['SIG01']);

/**
 * Rules that weigh more when a change adds the finding: a reset that becomes automatic blocks, and a release that a
 * change makes one scan late is no matter of taste any more.
 */
const RAISED_WHEN_NEW: Readonly<Record<string, { readonly from: Severity; readonly to: Severity }>> = {
  ES09: { from: 'error', to: 'blocker' },
  IL13: { from: 'warning', to: 'error' },
};

/**
 * The state findings that a change brings in. Two findings are the same when rule and subject are the same: a line that
 * only moved, or a name that was only changed, is not new. What stands twice after and once before is new once.
 */
export function newFindings(change: Change): Finding[] {
  return notIn(checkState(change.before), checkState(change.after), nameChanges(change).locationBefore);
}

/** Findings of the second list that the first one does not have. `namesBefore` writes a text with the former names of renamed things. */
export function notIn(
  before: readonly Finding[],
  after: readonly Finding[],
  namesBefore: (text: string) => string = (text) => text,
): Finding[] {
  const known = new Map<string, number>();
  for (const finding of before) {
    const identity = identityOf(finding, (text) => text);
    known.set(identity, (known.get(identity) ?? 0) + 1);
  }
  return after.flatMap((finding) => {
    if (ALWAYS_REPORTED.has(finding.code)) return [];
    const identity = identityOf(finding, namesBefore);
    const left = known.get(identity) ?? 0;
    known.set(identity, left - 1);
    if (left > 0) return [];
    const raised = RAISED_WHEN_NEW[finding.code];
    return raised?.from === finding.severity ? [{ ...finding, severity: raised.to }] : [finding];
  });
}

/** Case, spaces and renames make no other subject. */
function identityOf(finding: Finding, namesBefore: (text: string) => string): string {
  const { subject } = finding.witness;
  const text = typeof subject === 'string' ? subject : `${finding.file} ${finding.message}`;
  return `${finding.code} ${namesBefore(text.toUpperCase()).replace(/\s+/g, ' ')}`;
}
