/**
 * The catalogue of safety rules: what a safety verifier of PLC code has to look for, by code, name and the least severity
 * that it must have. A test holds it against the rule tables: each code has a rule, or a reason here why no source can
 * decide it.
 */

import type { Severity } from '../base/finding.js';

export interface CatalogueEntry {
  readonly code: string;
  readonly name: string;
  /**
   * A rule may be stricter, never milder. Two differ from their source on purpose: AG02 informs, because the gate is the
   * review that the verdict asks for; PL09 warns, because a missing test is a gap of evidence and no fault of the program.
   */
  readonly least: Severity;
}

/** A rule of the catalogue that the files of a site can't decide. */
export interface UndecidableEntry {
  readonly code: string;
  readonly title: string;
  /** What would be needed, and who has it. */
  readonly reason: string;
}

const TABLE = `
ES01 estop-write blocker
ES02 estop-dropped blocker
ES03 estop-not-dominating blocker
ES04 estop-constant blocker
ES05 estop-polarity blocker
ES06 reset-restarts blocker
ES07 release-restarts blocker
ES08 reset-level error
ES09 auto-reset error
ES10 ftrig-first-scan error
ES11 reset-remote error
ES12 estop-delayed error
ES13 no-trip-latch error
ES14 latch-retained blocker
ES15 bistable-dominance error
ES16 estop-alarm-only error
ES17 estop-mode-gated blocker
ES18 estop-single-channel error
ES19 early-exit blocker
ES20 stop-category error
IL01 interlock-not-dominating blocker
IL02 interlock-weakened blocker
IL03 operand-removed blocker
IL04 and-to-or blocker
IL05 permissive-constant blocker
IL06 tautology error
IL07 multi-writer error
IL08 overwrite-after-interlock blocker
IL09 not-assigned-every-path error
IL10 set-without-reset error
IL11 mutual-exclusion blocker
IL12 paired-plausibility warning
IL13 stale-permissive warning
IL14 cross-task error
IL15 alias-write error
IL16 never-written-permissive error
IL17 unreachable-interlock error
IL18 safety-fb-call blocker
IL19 read-before-call warning
IL20 branch-priority blocker
IL21 case-no-safe-else error
IL22 eneno-skip error
IL23 call-in-condition error
IL24 permissive-self-hold error
GD01 guard-open-runs blocker
GD02 no-discrepancy error
GD03 unlock-while-moving blocker
GD04 lock-state-ignored error
GD05 muting-unbounded error
GD06 muting-enable-const error
GD07 discrepancy-time error
GD08 espe-no-restart-interlock error
GD09 two-hand blocker
GD10 enabling-switch error
GD11 guard-simulated blocker
GD12 guard-stretched error
GD13 series-masking info
DP01 bypass-name warning
DP02 bypass-or blocker
DP03 sim-flag blocker
DP04 commented-out-safety blocker
DP05 temp-edit error
DP06 analysis-off blocker
DP07 pin-tied blocker
DP08 write-to-input blocker
DP09 magic-trigger error
DP10 time-bomb error
DP11 non-terminating error
DP12 sensor-forge blocker
DP13 call-cycle error
DP14 force-table error
DP15 watchdog-off error
HM01 hmi-to-safety blocker
HM02 param-unchecked error
HM03 quality-ignored error
HM04 unsafe-substitute blocker
HM05 std-in-safety error
HM06 auto-reintegration error
HM07 exposed-safety-var error
HM08 multi-program-global error
SB01 unsafe-to-safe blocker
SB02 safe-or-mix blocker
SB03 forced-cast blocker
SB04 real-in-safety error
SB05 basic-level error
SB06 non-certified-fb error
SB07 time-not-constant error
SB08 activate-gated error
SB09 safe-output-unused blocker
SB10 equivalent-standalone error
SB11 diag-ignored warning
SB12 no-edm error
SB13 edm-same-signal error
SB14 instance-once error
TM01 safety-pt-changed blocker
TM02 pt-variable error
TM03 pt-zero-or-huge error
TM04 threshold-unsafe-direction blocker
TM05 hysteresis-inverted error
TM06 response-budget error
TM07 timer-conditional-call error
TM08 task-slower error
TM09 real-equality error
TM10 overflow-in-trip error
TM11 unit-mismatch warning
TM12 counter-preset error
PL01 level-lowered blocker
PL02 arch-vs-code error
PL03 common-cause error
PL04 no-diagnostics error
PL05 subset error
PL06 complexity warning
PL07 srasw-mixed warning
PL08 no-trace warning
PL09 no-test warning
PL10 lib-unpinned error
PL11 start-value blocker
PL12 plausibility error
CF01 hash-mismatch blocker
CF02 deleted-renamed-shadowed blocker
CF03 dependency-changed blocker
CF04 library-changed blocker
CF05 interface-abuse blocker
CF06 exec-context blocker
CF07 compile-context error
CF08 manifest-touched blocker
CF09 signature blocker
CF10 encoding blocker
AG01 out-of-scope error
AG02 safety-cone-touched info
AG03 tests-weakened blocker
AG04 suppression-added blocker
AG05 instruction-in-data error
AG06 dead-store-noise warning
AG07 unparsed blocker
AG08 verifier-unknown blocker
`;

const SEVERITIES: readonly Severity[] = ['blocker', 'error', 'warning', 'info'];

/** Every rule of the catalogue, in its order. */
export const CATALOGUE: readonly CatalogueEntry[] = TABLE.trim()
  .split('\n')
  .flatMap((line) => {
    const [code = '', name = '', written] = line.split(' ');
    const least = SEVERITIES.find((severity) => severity === written);
    return least === undefined ? [] : [{ code, name, least }];
  });

/** What no source can decide, with the reason. The pages of the rules show it, so that nobody takes silence for a check. */
export const NOT_DECIDABLE: readonly UndecidableEntry[] = [
  {
    code: 'GD13',
    title: 'Guards wired in series on one input mask each other\u2019s faults',
    reason:
      'How many contacts stand in series on one input is drawn in the wiring diagram and nowhere in the program. ISO/TR 24119 asks for the diagnostic coverage of the chain: check it on the drawing.',
  },
  {
    code: 'CF09',
    title: 'The signature of certified code is missing, expired, revoked or that of its author',
    reason:
      'A signature is no property of a source. Certified text is held by its bytes (CF01 to CF03); who may sign a change, and that it is neither its author nor a stale signature, is checked when a change request is approved.',
  },
];

/** Rules of the catalogue that another rule or a diagnostic of the language asks already: one cause gives one finding. */
export const SAME_CHECK: Readonly<Record<string, string>> = {
  // "Called other than once per cycle" is one half of "called exactly once, in every scan".
  SB14: 'IL18',
  // What is not safe can't become safe: the type checker refuses it in every place.
  SB01: 'PW3044',
};
