import { impliedConditions } from '../boolean/implied-conditions.js';
import { type ExitEvent, encloses, type Frame, type WriteEvent } from '../dataflow/trace.js';
import { codeUnitsOf, forEachStatement, statementListsOf } from '../dataflow/visit.js';
import type { StateRule } from '../rule.js';
import { findingAt, relatedAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

/** ES19: nothing may jump over the code that stops the machine. */
export const earlyExit: StateRule = {
  kind: 'state',
  code: 'ES19',
  name: 'early-exit',
  severity: 'blocker',
  title: 'An early exit can skip safety logic',
  rationale:
    'An output that is not written in a scan keeps its value. A RETURN, EXIT, CONTINUE or jump before the interlock leaves the motor running when the guard opens.',
  reference: 'PLCopen Safety part 1 (every output assigned each cycle); PLCopen Coding Guidelines CP14, CP19',
  decision: 'dataflow',
  flags: [
    example('RETURN before the interlock', {
      variables: 'busy : BOOL;',
      body: 'IF busy THEN RETURN; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
    example('RETURN before the evaluation that the output uses', {
      variables: 'busy : BOOL; free : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND free;\nIF busy THEN RETURN; END_IF\nfree := EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('the output is off before RETURN', {
      variables: 'busy : BOOL;',
      body: 'IF busy THEN Motor := FALSE; RETURN; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
    example('RETURN after the interlock', {
      variables: 'count : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nIF NOT Motor THEN RETURN; END_IF\ncount := count + 1;',
    }),
    example('RETURN in a function that computes a value', {
      blocks:
        'FUNCTION Scale : INT\nVAR_INPUT raw : INT; END_VAR\nIF raw < 0 THEN Scale := 0; RETURN; END_IF\nScale := raw * 2;\nEND_FUNCTION',
      variables: 'speed : INT;',
      body: 'speed := Scale(raw := speed);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      model.trace.exits.flatMap((exit) => {
        const skipped = skippedBy(exit, model);
        if (skipped === null) return [];
        return [
          findingAt(earlyExit, site, exit.frame.file, exit.statement, {
            message: `This ${wordOf(exit)} can skip "${sourceText(skipped.event)}", which ${skipped.signal.tag} needs in every scan. Switch the output off before leaving, or move the safety logic in front.`,
            subject: `${skipped.signal.location} ${exit.frame.owner.qualifiedName} ${wordOf(exit)}`,
            isCertainRole: isDeclared(skipped.signal),
            related: [relatedAt(site, skipped.event.frame.file, skipped.event.node, 'may be skipped')],
          }),
        ];
      }),
    );
  },
};

function wordOf(exit: ExitEvent): string {
  return exit.statement.kind === 'Goto' ? 'jump' : exit.statement.kind.toUpperCase();
}

function skippedBy(exit: ExitEvent, model: SafetyModel): { event: WriteEvent; signal: ResolvedSignal } | null {
  const last = model.trace.endOf.get(exit.frame.activation) ?? 0;
  if (last <= exit.order) return null;
  const loop = exit.statement.kind === 'Exit' || exit.statement.kind === 'Continue' ? loopAround(exit) : null;
  const implied = impliedConditions(model);
  const cone = model.hazardCone;
  for (const event of model.trace.writes) {
    if (event.order <= exit.order || event.order > last || !isInside(event.frame, exit.frame)) continue;
    if (loop !== null && event.frame === exit.frame && (event.node.start < loop.start || event.node.end > loop.end))
      continue;
    if (event.target.includes('#') || event.kind === 'library') continue;
    const hazard = model.hazards.find((candidate) => candidate.location === event.target);
    if (hazard !== undefined) {
      if (!isForcedOff(exit, hazard, model)) return { event, signal: hazard };
      continue;
    }
    if (!cone.events.has(event)) continue;
    const evaluated = implied.ofWrite(event);
    const [condition] = evaluated;
    if (condition === undefined || model.hazards.every((candidate) => isForcedOff(exit, candidate, model))) continue;
    return { event, signal: condition };
  }
  return null;
}

function isInside(frame: Frame, outer: Frame): boolean {
  for (let current: Frame | null = frame; current !== null; current = current.caller)
    if (current === outer) return true;
  return false;
}

/** The hazard is switched off on the way to the exit, and nothing has switched it on since. */
function isForcedOff(exit: ExitEvent, hazard: ResolvedSignal, model: SafetyModel): boolean {
  const earlier = model.index.writersOf(hazard.location).filter((event) => event.order < exit.order);
  const last = earlier.at(-1);
  if (last === undefined || last.value === null || !encloses(last.branch, exit.branch)) return false;
  const value = model.site.project.model.constantOf(last.value);
  return value === hazard.off || (typeof value === 'bigint' && Number(value) === hazard.off);
}

function loopAround(exit: ExitEvent): { start: number; end: number } | null {
  let found: { start: number; end: number } | null = null;
  for (const unit of codeUnitsOf(exit.frame.file)) {
    for (const list of statementListsOf(unit.body)) {
      forEachStatement(list, (statement) => {
        const isLoop = statement.kind === 'For' || statement.kind === 'While' || statement.kind === 'Repeat';
        if (isLoop && statement.start <= exit.statement.start && exit.statement.end <= statement.end) found = statement;
      });
    }
  }
  return found;
}
