/**
 * The recipe `safety-interlock`: single-channel guard, light-curtain and mat conditions become a redundant,
 * discrepancy-monitored, manually reset evaluation. Channel 1 still dominates every hazard, so each hazard is at least
 * as restricted as before; which second contact and which reset belong to a sensor stands in the manifest.
 */

import { decodeText, encodeText } from '../../base/decode.js';
import { type Finding, startOfFile } from '../../base/finding.js';
import { safetyModelOf } from '../../safety/safety-model.js';
import { MANIFEST_FILE } from '../../site/manifest.js';
import type { Migration } from '../../site/migration.js';
import { openSite } from '../../site/open-site.js';
import type { Site } from '../../site/site.js';
import type { Recipe, RecipeOutcome } from '../recipe.js';
import { spliceBytes } from '../text-edit.js';
import { type WritePolicy, writePolicy } from '../write-policy.js';
import { needsEngineer, placeOf } from './findings.js';
import { editGuard, SiteEdits } from './guard-edits.js';
import { type GuardPlan, planGuard } from './guard-plan.js';
import { type AddedSource, monitorBlockFor, monitorSource } from './monitor-block.js';
import { readSettings } from './settings.js';
import { styleOf } from './source-style.js';

export const safetyInterlock: Recipe = {
  name: 'safety-interlock',
  version: '1.0.0',
  description: 'Guards, light curtains and mats with two monitored channels and manual reset',
  apply: applySafetyInterlock,
};

function applySafetyInterlock(site: Site, migration: Migration): RecipeOutcome {
  const unreadable = unreadableParts(site);
  if (unreadable.length > 0) return { kind: 'needs-engineer', reasons: unreadable };
  const { guards, sensors, findings } = readSettings(site, migration.name);
  if (findings.length > 0) return { kind: 'needs-engineer', reasons: findings };
  if (guards.length === 0) return noSensor(site, sensors.length);
  const model = safetyModelOf(site);
  const policy = writePolicy(site.manifest, migration);
  const plannings = guards.map((guard) => planGuard(site, model, policy, guard));
  const refusals = plannings.flatMap((planning) => (planning.kind === 'needs-engineer' ? planning.findings : []));
  if (refusals.length > 0) return { kind: 'needs-engineer', reasons: refusals };
  const plans = plannings.flatMap((planning) => (planning.kind === 'plan' ? [planning.plan] : []));
  if (plans.length === 0) {
    const tags = guards.map(({ signal }) => signal.tag).join(', ');
    return {
      kind: 'not-needed',
      reason: `Both channels are evaluated with discrepancy time and manual reset already: ${tags}.`,
    };
  }
  return carryOut(site, plans, policy);
}

/** Code that can't be read can't be judged: what the recipe does not see might read the same contact. */
function unreadableParts(site: Site): Finding[] {
  if (site.manifest === null) return [...site.manifestFindings];
  return site.project.files.flatMap((file) => [
    ...file.syntaxErrors.map((error) =>
      needsEngineer(
        'unreadable-source',
        placeOf(site, file, error),
        `The file has a syntax error, so that nothing can be said about the whole site: ${error.message} Mend it and run the migration again.`,
      ),
    ),
    ...(file.unsupportedBodies ?? []).map((body) =>
      needsEngineer(
        'unreadable-source',
        placeOf(site, file, body),
        `${body.owner} is written in ${body.language}, which this recipe can't read: it may use the same contact. An engineer must change this site.`,
      ),
    ),
  ]);
}

function noSensor(site: Site, sensors: number): RecipeOutcome {
  const declared = site.manifest?.safety?.signals ?? [];
  if (declared.length === 0) {
    return {
      kind: 'needs-engineer',
      reasons: [
        needsEngineer(
          'missing-setting',
          startOfFile(MANIFEST_FILE),
          `The key safety.signals is missing in ${MANIFEST_FILE}: it is not known which signals are guards and which outputs are hazards. Add for example:\nsafety:\n  signals:\n    - { tag: Main.Guard_Closed, role: guard, zone: cell-1 }\n    - { tag: Main.Motor, role: hazard, zone: cell-1, off: false }`,
        ),
      ],
    };
  }
  return { kind: 'not-needed', reason: `The manifest declares no guard, light curtain or safety mat (${sensors}).` };
}

function carryOut(site: Site, plans: readonly GuardPlan[], policy: WritePolicy): RecipeOutcome {
  const block = monitorBlockFor(
    site,
    plans.flatMap(({ settings }) => settings.channels.map(({ type }) => type)),
  );
  const edits = new SiteEdits();
  const edited = plans.map((plan) => editGuard(site, plan, block.name, policy, edits));
  const findings = edited.flatMap((each) => each.findings);
  if (findings.length > 0) return { kind: 'needs-engineer', reasons: findings };
  const files = new Map<string, Uint8Array>();
  const [first] = plans;
  if (first === undefined) return { kind: 'failed', reason: 'There is nothing to carry out.' };
  const added = [...edits.added].map(([path, text]) => ({ path, text }));
  if (block.kind === 'to-add') {
    const { file } = first.host;
    const source = monitorSource(site, file.path, styleOf(file).lineEnd);
    if (source === null) {
      return refusedSource(
        site,
        first,
        `No function block can be added in the format of ${file.path}. Add SAFETY_GUARD_MONITOR to the project by hand and run the migration again.`,
      );
    }
    added.push(source);
  }
  for (const source of added) {
    const problem = addSource(site, first, source, policy, files);
    if (problem !== null) return problem;
  }
  for (const [path, list] of edits.entries()) {
    const bytes = site.snapshot.get(path);
    const changed = bytes === undefined ? null : spliceBytes(bytes, list);
    if (changed === null)
      return { kind: 'failed', reason: `${path} can't be written in its own encoding. Nothing was changed.` };
    files.set(path, changed);
  }
  const sorted = new Map([...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return checked(
    site,
    plans,
    edited.map(({ instance }) => instance),
    block.kind === 'to-add',
    sorted,
  );
}

/** Adds a file in the encoding of the file that uses it. */
function addSource(
  site: Site,
  plan: GuardPlan,
  source: AddedSource,
  policy: WritePolicy,
  files: Map<string, Uint8Array>,
): RecipeOutcome | null {
  const reason = policy.reasonAgainst(source.path, null);
  if (reason !== null || site.snapshot.has(source.path)) {
    return refusedSource(
      site,
      plan,
      `The file ${source.path} can't be added: ${reason ?? 'there is another file of that name'}. Add its block to the project by hand and run the migration again.`,
    );
  }
  const model = site.snapshot.get(plan.host.file.path);
  const encoded = encodeText(source.text, model === undefined ? 'utf-8' : decodeText(model).encoding);
  if (encoded === null) return { kind: 'failed', reason: `${source.path} can't be written.` };
  files.set(source.path, encoded);
  return null;
}

function refusedSource(site: Site, plan: GuardPlan, message: string): RecipeOutcome {
  const place = placeOf(site, plan.host.file, plan.host.pou.name);
  return { kind: 'needs-engineer', reasons: [needsEngineer('untouchable-code', place, message)] };
}

/** The recipe trusts no splice of its own: the result must parse and must have no error that the site had not. */
function checked(
  site: Site,
  plans: readonly GuardPlan[],
  instances: readonly string[],
  isBlockAdded: boolean,
  files: ReadonlyMap<string, Uint8Array>,
): RecipeOutcome {
  const after = openSite(new Map([...site.snapshot, ...files]));
  const known = new Set(site.project.findings.map(({ code, message }) => `${code} ${message}`));
  const broken = after.project.findings.find(
    ({ severity, code, message }) =>
      (severity === 'error' || severity === 'blocker') && !known.has(`${code} ${message}`),
  );
  if (broken !== undefined) {
    return {
      kind: 'failed',
      reason: `The edited code would not compile (${broken.file}:${broken.line} ${broken.code} ${broken.message}). Nothing was changed.`,
    };
  }
  const parts = plans.map(
    ({ settings, host }, index) =>
      `${settings.signal.tag}: ${instances[index] ?? ''} in ${host.file.path} evaluates ${settings.channels[0].tag} and ${settings.channels[1].tag}, discrepancy ${settings.discrepancy}, reset ${settings.reset.tag}`,
  );
  const added = isBlockAdded ? ['added the function block SAFETY_GUARD_MONITOR'] : [];
  return { kind: 'changed', files, summary: [...parts, ...added].join('; ') };
}
