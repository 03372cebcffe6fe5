/** What the rules about lost conditions say, and where. */

import type { Finding } from '../../base/finding.js';
import type { Site } from '../../site/site.js';
import { isInverted, type Loss } from '../compare/condition-losses.js';
import { droppedFallbacks } from '../compare/dropped-fallbacks.js';
import { nameChanges } from '../compare/name-changes.js';
import { removedOperands } from '../compare/removed-operands.js';
import { isTokenEqualChange, sourceChanges } from '../compare/source-changes.js';
import { unlistedLosses } from '../compare/unlisted-outputs.js';
import { weakenedWrites } from '../compare/weakened-writes.js';
import type { Change, ChangeRule } from '../rule.js';
import { findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isCondition, isDeclared } from '../signal-roles.js';
import { listText } from './rule-text.js';

/** ELSE branches of a CASE that are gone, or lead elsewhere. */
export function fallbackFindings(rule: ChangeRule, change: Change): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  return droppedFallbacks(change).map(({ target, event, selector, values }) =>
    findingAtEvent(rule, change.after, event, {
      message:
        values === null
          ? `CASE ${selector} had an ELSE that wrote ${before.tagOf(target)}, and has none any more: any other value of ${selector} leaves a hazard as it was. Put the ELSE back.`
          : `The ELSE of CASE ${selector} led ${before.tagOf(target)} to ${values.before} and now leads it to ${values.after}: it is the way back from a number that no branch names, and a hazard depends on it. Restore it.`,
      subject: `${target} ELSE`,
      ...(values === null ? {} : { witness: values }),
    }),
  );
}

/** Operands that were only taken out, also where another one still covers them. */
export function removals(rule: ChangeRule, change: Change, isWanted: (roles: readonly string[]) => boolean): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  return removedOperands(change).flatMap((removed) => {
    const own = before.signalsAt(removed.operand).filter(isCondition);
    const roles = own.length > 0 ? own.map((signal) => signal.role) : ['release'];
    if (!isWanted(roles)) return [];
    const name = `${removed.isPositive ? '' : 'NOT '}${before.tagOf(removed.operand)}`;
    const meaning =
      own.length > 0
        ? ` (${own[0]?.role})`
        : removed.conditions.length > 0
          ? `, which stands for ${listText(removed.conditions.map((signal) => signal.tag))}`
          : ', which must never be on together with it';
    const place = removed.event ?? safetyModelOf(change.after).index.writersOf(removed.target)[0];
    if (place === undefined) return [];
    return [
      findingAtEvent(rule, change.after, place, {
        message: `${before.tagOf(removed.target)} ${removed.kind === 'gone' ? 'no longer asks' : 'may now do without'} ${name}${meaning}. Put it back: even where something else still covers it, a safety engineer decides about a second line of defence.`,
        subject: `${removed.target} ${removed.operand}`,
        witness: {
          target: before.tagOf(removed.target),
          operand: name,
          conditions: removed.conditions.map((signal) => signal.tag),
        },
      }),
    ];
  });
}

/** Operands are all still there, and the result lets more through. */
/** Writes that let more through with the same operands. */
export function operatorChanges(rule: ChangeRule, change: Change): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  return weakenedWrites(change).map((weaker) => {
    const values = Object.entries(weaker.assignment).map(
      ([location, value]) => `${before.tagOf(location)} = ${value ? 'TRUE' : 'FALSE'}`,
    );
    return findingAtEvent(rule, change.after, weaker.event, {
      message: `${before.tagOf(weaker.target)} now lets through what it did not, although ${before.tagOf(weaker.operand)} does not permit it: ${listText(values)}. Restore the operator.`,
      subject: weaker.target,
      witness: { assignment: weaker.assignment },
    });
  });
}

/** Both uses differ in nothing but the operator. */
export function isOperatorChange(loss: Loss): boolean {
  if (loss.kind === 'inverted') return true;
  const targetOf = (use: string): string => use.slice(0, use.indexOf(' ('));
  const lost = new Set(loss.lostUses.map(targetOf));
  return loss.gainedUses.some((use) => lost.has(targetOf(use)));
}

export function isSenseChange(loss: Loss): boolean {
  return (
    loss.kind === 'inverted' || loss.lostUses.some((use) => loss.gainedUses.some((gained) => isInverted(use, gained)))
  );
}

export function lossText(site: Site, loss: Loss): string {
  const { hazard, condition, lostUses } = loss;
  const where = lostUses.length > 0 ? ` It was used for ${usesText(site, lostUses)}.` : '';
  if (loss.kind === 'trip') {
    return `${viaText(site, loss)} no longer asks ${condition.tag} (${condition.role}), and ${hazard.tag} depends on it.${where} Put the condition back.`;
  }
  return loss.kind === 'gone'
    ? `${condition.tag} (${condition.role}) no longer has any influence on ${hazard.tag}.${where} Put it back.`
    : `${hazard.tag} can now be on although ${condition.tag} (${condition.role}) is not healthy.${where} Put the condition back.`;
}

/** Uses with their targets as an engineer writes them. */
export function usesText(site: Site, uses: readonly string[]): string {
  const model = safetyModelOf(site);
  return listText(uses.map((use) => `${model.tagOf(use.slice(0, use.indexOf(' (')))}${use.slice(use.indexOf(' ('))}`));
}

export function viaText(site: Site, loss: Loss): string {
  return loss.via === null ? loss.hazard.tag : safetyModelOf(site).tagOf(loss.via);
}

export function report(rule: ChangeRule, change: Change, loss: Loss, message: string): Finding {
  const after = safetyModelOf(change.after);
  const place = placeOf(after, change, loss);
  return findingAt(rule, change.after, place.file, place.span, {
    message,
    subject: `${loss.hazard.location} ${loss.condition.location}`,
    witness: {
      hazard: loss.hazard.tag,
      condition: loss.condition.tag,
      kind: loss.kind,
      // A role that was only guessed from its name is enough here: what was safety logic before stays safety logic.
      role: isDeclared(loss.condition) ? 'declared' : 'inferred',
    },
  });
}

/** The last write of the hazard in a changed file, else its last write, else the start of a changed file. */
function placeOf(
  after: SafetyModel,
  change: Change,
  loss: Loss,
): { file: Parameters<typeof findingAt>[2]; span: { start: number; end: number } } {
  const changed = new Set(sourceChanges(change).map((entry) => entry.path));
  const cone = [...after.coneOf(loss.hazard.location).events].sort((a, b) => b.order - a.order);
  const lostTargets = loss.lostUses.map((use) => use.slice(0, use.indexOf(' (')));
  const { locationBefore } = nameChanges(change);
  const event =
    cone.find(
      (candidate) => lostTargets.includes(locationBefore(candidate.target)) && changed.has(candidate.frame.file.path),
    ) ??
    cone.find((candidate) => changed.has(candidate.frame.file.path)) ??
    after.index.writersOf(loss.hazard.location).at(-1);
  if (event !== undefined) return { file: event.frame.file, span: event.node };
  const file =
    change.after.project.files.find((candidate) => changed.has(candidate.path)) ?? change.after.project.files[0];
  if (file === undefined) throw new Error('a site without files has no hazard');
  return { file, span: { start: 0, end: 0 } };
}

/** Outputs without an entry in the manifest that the change lets run without a condition that stopped them. */
export function unlistedFindings(
  rule: ChangeRule,
  change: Change,
  isWanted: (roles: readonly string[]) => boolean,
): Finding[] {
  return unlistedLosses(change).flatMap(({ output, event, conditions }) => {
    const wanted = conditions.filter(({ role }) => isWanted([role]));
    if (wanted.length === 0) return [];
    return [
      findingAtEvent(rule, change.after, event, {
        message: `${output} could be on only while ${listText(wanted.map(({ tag, role }) => `${tag} (${role})`))} ${wanted.length === 1 ? 'was' : 'were'} healthy, and can now be on without. That it is not named a hazard does not make it harmless. Put the condition back.`,
        subject: `${event.target} unlisted ${wanted.map(({ location }) => location).join(' ')}`,
      }),
    ];
  });
}
