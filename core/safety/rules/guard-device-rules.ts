import type { Finding } from '../../base/finding.js';
import { atomsOf, type Formula, negationNormalForm } from '../boolean/formula.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { openHazards } from '../boolean/open-conditions.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { conditionsAround } from '../dataflow/trace.js';
import { rootNodes } from '../program-tree.js';
import { suggestsMode, wordsOf } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { allDeclared, findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pinOf } from '../safety-pins.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const UNLOCK =
  /^(unlock|unlocking|entriegeln|entriegelung|entriegele|deverrouille|deverrouiller|deverrouillage|desbloqueo|desbloquear|sblocco|sbloccare|ontgrendel|ontgrendelen|upplasning|odblokuj|odjisti)$/;
const STANDSTILL =
  /^(standstill|stillstand|stopped|zerospeed|stillstehend|arret|parado|fermo|stilstand|stillastaende|postoj|klid|durma|halted|angehalten)$/;

/** GD03: the door opens while the spindle turns. */
export const unlockWhileMoving: StateRule = {
  kind: 'state',
  code: 'GD03',
  name: 'unlock-while-moving',
  severity: 'blocker',
  title: 'A guard is unlocked without asking for standstill',
  rationale:
    'A guard is locked because the movement behind it takes time to stop. Unlocked on request alone, it opens to a machine that still runs.',
  reference: 'ISO 14119:2013, 5.7; PLCopen Safety part 1, SF_GuardLocking (S_SafetyActive)',
  decision: 'dataflow',
  flags: [
    example('on request', {
      variables: 'Unlock_Door AT %QX1.0 : BOOL; request AT %IX1.0 : BOOL;',
      safety: '  mutually_exclusive: [[Main.Motor, Main.Unlock_Door]]\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nUnlock_Door := request;',
    }),
  ],
  accepts: [
    example('only at standstill', {
      variables: 'Unlock_Door AT %QX1.0 : BOOL; request AT %IX1.0 : BOOL; Standstill AT %IX1.1 : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nUnlock_Door := request AND Standstill;',
    }),
    example('only while the motor is off, after its run-down', {
      variables: 'Unlock_Door AT %QX1.0 : BOOL; request AT %IX1.0 : BOOL; rest : TON;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nrest(IN := NOT Motor, PT := T#10s);\nUnlock_Door := request AND rest.Q;',
    }),
    example('a lamp that shows it', {
      variables: 'unlockLamp AT %QX1.0 : BOOL; request AT %IX1.0 : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nunlockLamp := request;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    if (model.hazards.length === 0) return [];
    const exclusive = new Set(model.resolution.mutuallyExclusive.flat().map(({ location }) => location));
    return rootNodes(site.project).flatMap((node): Finding[] => {
      const words = wordsOf(node.symbol?.name ?? '');
      const isUnlock =
        words.some((word) => UNLOCK.test(word)) &&
        !words.some((word) => /^(lamp|led|msg|request|req|anforderung|button|taster|pb)$/.test(word));
      const isOutput = /^%Q/i.test(node.symbol?.location?.text ?? '') || exclusive.has(node.location);
      if (!isUnlock || !isOutput) return [];
      const cone = model.coneOf(node.location);
      const asks =
        model.hazards.some(({ location }) => coneTouches(cone, location)) ||
        [...cone.locations].some((location) =>
          wordsOf(model.variableAt(location)?.name ?? '').some((word) => STANDSTILL.test(word)),
        ) ||
        [...cone.events].some((event) => /^SF_GUARDLOCKING/.test(pinOf(event.target, model)?.type ?? ''));
      const [first] = model.index.writersOf(node.location);
      if (asks || first === undefined) return [];
      return [
        findingAtEvent(unlockWhileMoving, site, first, {
          message: `${node.tag} unlocks a guard without asking whether the machine stands still: ${sourceText(first)}. Ask for standstill, or for the outputs to have been off for the run-down time.`,
          subject: node.location,
          isCertainRole: exclusive.has(node.location),
        }),
      ];
    });
  },
};

const LOCKED =
  /^(locked|lock|verriegelt|zugehalten|zuhaltung|verrouille|verrouillee|bloqueado|bloqueada|bloccato|bloccata|vergrendeld|last|zablokowany|zamceno|kilitli)$/;
const DOOR =
  /^(door|guard|gate|hood|cover|flap|tuer|tur|schutztuer|schutztur|haube|porte|protecteur|capot|puerta|resguardo|porta|riparo|deur|scherm|dorr|drzwi|dvere|kapi|safety)$/;

/** GD04: closed is not locked. */
export const lockStateIgnored: StateRule = {
  kind: 'state',
  code: 'GD04',
  name: 'lock-state-ignored',
  severity: 'error',
  title: 'A guard has a lock, and no hazard asks whether it is locked',
  rationale:
    'A closed guard that is not locked can be opened while the movement runs down. The start has to wait for the lock, and its loss has to stop.',
  reference: 'ISO 14119:2013, 5.7; PLCopen Safety part 1, SF_GuardLocking',
  decision: 'whole-program',
  flags: [
    example('closed is enough', {
      signals: '    - { tag: Main.Door_Locked, role: guard }\n',
      variables: 'Door_Locked AT %IX1.0 : BOOL; lamp : BOOL;',
      body: 'lamp := Door_Locked;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('the lock is asked', {
      signals: '    - { tag: Main.Door_Locked, role: guard }\n',
      variables: 'Door_Locked AT %IX1.0 : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Door_Locked;',
    }),
    example('a guard without a lock', {
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    if (model.hazards.length === 0) return [];
    return rootNodes(site.project).flatMap((node): Finding[] => {
      const { symbol } = node;
      if (symbol?.site == null || node.type.kind !== 'elementary' || !/^%I/i.test(symbol.location?.text ?? ''))
        return [];
      const words = wordsOf(symbol.name);
      if (!words.some((word) => LOCKED.test(word)) || !words.some((word) => DOOR.test(word))) return [];
      if (coneTouches(model.hazardCone, node.location)) return [];
      const own = model.signalsAt(node.location);
      return [
        findingAt(lockStateIgnored, site, symbol.site.file, symbol.site.identifier, {
          message: `${node.tag} tells whether a guard is locked, and no hazardous output depends on it. Ask it together with the guard, or say in the manifest which hazards the guard protects.`,
          subject: node.location,
          isCertainRole: own.some((signal) => isDeclared(signal) && signal.role !== 'operator'),
        }),
      ];
    });
  },
};

/** GD08: through the light curtain and out again. */
export const espeNoRestartInterlock: StateRule = {
  kind: 'state',
  code: 'GD08',
  name: 'espe-no-restart-interlock',
  severity: 'error',
  title: 'A light curtain lets the machine run on as soon as it is free',
  rationale:
    'Somebody who has walked through the curtain stands behind it: the field is free again, and the machine runs. A restart interlock keeps it off until a reset from outside.',
  reference: 'ISO 13849-1:2023, 5.2.2; IEC 61496-1:2020, A.5',
  decision: 'dataflow',
  flags: [
    example('the curtain only gates a request', {
      signals: '    - { tag: Main.Curtain, role: light_curtain }\n',
      variables: 'Curtain AT %IX1.0 : BOOL; Automatic AT %IX1.1 : BOOL;',
      body: 'Motor := Automatic AND EStop_OK AND Guard_Closed AND Curtain;',
    }),
  ],
  accepts: [
    example('the self-hold drops with the curtain', {
      signals: '    - { tag: Main.Curtain, role: light_curtain }\n',
      variables: 'Curtain AT %IX1.0 : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Curtain;',
    }),
    example('a latch that a reset clears', {
      signals: '    - { tag: Main.Curtain, role: light_curtain }\n',
      variables: 'Curtain AT %IX1.0 : BOOL; Automatic AT %IX1.1 : BOOL; trip : SR; edge : R_TRIG;',
      body: 'edge(CLK := Reset_PB);\ntrip(S1 := NOT Curtain, RESET := edge.Q);\nMotor := Automatic AND EStop_OK AND Guard_Closed AND Curtain AND NOT trip.Q1;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const hazard of model.hazards) {
      const cone = model.coneOf(hazard.location);
      for (const curtain of model.conditionsOf(hazard)) {
        if (curtain.role !== 'light_curtain' || !coneTouches(cone, curtain.location)) continue;
        if (remembers(model, hazard, curtain)) continue;
        const [first] = model.index.writersOf(hazard.location);
        if (first === undefined) continue;
        findings.push(
          findingAtEvent(espeNoRestartInterlock, site, first, {
            message: `${hazard.tag} comes on again as soon as ${curtain.tag} is free: nothing remembers that it was interrupted. Latch the interruption, and let a reset from outside clear it.`,
            subject: `${hazard.location} ${curtain.location}`,
            isCertainRole: allDeclared(hazard, curtain),
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

/** Something in the cone of the hazard keeps its value from scan to scan and depends on the curtain. */
function remembers(model: SafetyModel, hazard: ResolvedSignal, curtain: ResolvedSignal): boolean {
  const cone = model.coneOf(hazard.location);
  return [...cone.events].some((event) => {
    const pin = pinOf(event.target, model);
    const isMemory =
      event.sources.includes(event.target) ||
      event.kind === 'set' ||
      event.kind === 'reset' ||
      (event.condition !== null && event.kind === 'assign') ||
      (event.kind === 'library' && pin !== null && (isSafetyBlock(pin.type) || /^(SR|RS)$/.test(pin.type)));
    return isMemory && coneTouches(model.coneOf(event.target), curtain.location);
  });
}

/** GD10: the hand on the button in the wrong mode. */
export const enablingSwitch: StateRule = {
  kind: 'state',
  code: 'GD10',
  name: 'enabling-switch',
  severity: 'error',
  title: 'An enabling switch replaces a guard in every mode',
  rationale:
    'An enabling switch stands in for a guard only in the mode for it, with reduced speed. Without the mode beside it, a tied-up switch opens the guard for production.',
  reference: 'IEC 60204-1:2016, 9.2.3.9; PLCopen Safety part 1, SF_EnableSwitch (S_SafetyActive)',
  decision: 'dataflow',
  flags: [
    example('guard or switch', {
      variables: 'Enable_Sw AT %IX0.4 : BOOL;',
      signals: '    - { tag: Main.Enable_Sw, role: enabling_switch, zone: other }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR Enable_Sw);',
    }),
  ],
  accepts: [
    example('in set-up mode only', {
      variables: 'Enable_Sw AT %IX0.4 : BOOL; SetupMode AT %IX0.5 : BOOL;',
      signals:
        '    - { tag: Main.Enable_Sw, role: enabling_switch, zone: other }\n    - { tag: Main.SetupMode, role: mode }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR Enable_Sw AND SetupMode);',
    }),
    example('beside the guard', {
      variables: 'Enable_Sw AT %IX0.4 : BOOL;',
      signals: '    - { tag: Main.Enable_Sw, role: enabling_switch }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Enable_Sw;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const open = openHazards(model);
    if (open.length === 0 || !model.conditions.some(({ role }) => role === 'enabling_switch')) return [];
    const findings: Finding[] = [];
    for (const event of model.hazardCone.events) {
      const parts = [
        { expression: event.value, frame: event.frame, holds: !event.isNegated },
        ...conditionsAround(event),
      ];
      for (const { expression, frame, holds } of parts) {
        if (expression === null) continue;
        const side = switchWithoutMode(negationNormalForm(model.formulaOf(expression, frame), holds), model);
        const affected = open.find(({ hazard }) => coneTouches(model.coneOf(hazard.location), event.target));
        if (side === null || affected === undefined) continue;
        findings.push(
          findingAt(enablingSwitch, site, frame.file, expression, {
            message: `${side.enabling.tag} stands in for ${side.replaced.tag} in every mode. Ask the mode for set-up beside the enabling switch.`,
            subject: `${event.target} ${side.enabling.location}`,
            isCertainRole: allDeclared(side.enabling, side.replaced),
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

/** An OR with a guard on one side, and the enabling switch without a mode on another. */
function switchWithoutMode(
  formula: Formula,
  model: SafetyModel,
): { enabling: ResolvedSignal; replaced: ResolvedSignal } | null {
  if (formula.kind !== 'and' && formula.kind !== 'or') return null;
  for (const operand of formula.operands) {
    const inner = switchWithoutMode(operand, model);
    if (inner !== null) return inner;
  }
  if (formula.kind !== 'or') return null;
  const implied = impliedConditions(model);
  for (const operand of formula.operands) {
    const enabling = implied.ofFormula(operand).find(({ role }) => role === 'enabling_switch');
    const asksMode = atomsOf(operand).some(({ atom }) => atom.reads.some((read) => isMode(model, read)));
    const replaced = formula.operands
      .filter((other) => other !== operand)
      .flatMap((other) => implied.ofFormula(other))
      .find(({ role }) => role !== 'enabling_switch' && role !== 'estop');
    if (enabling !== undefined && replaced !== undefined && !asksMode) return { enabling, replaced };
  }
  return null;
}

function isMode(model: SafetyModel, location: Location): boolean {
  return (
    model.signalsAt(location).some(({ role }) => role === 'mode') ||
    suggestsMode(model.variableAt(location)?.name ?? '')
  );
}
