/** What people do with change requests: look, sign, send back. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../base/durable-file.js';
import { SiteReadError, snapshotOfRevision } from '../site/load-snapshot.js';
import type { Verdict } from '../verify/verdict.js';
import {
  type Approval,
  ApprovedChange,
  personProblem,
  type SignatureMeaning,
  type Standing,
  signApproval,
  standingOf,
} from './approval.js';
import { AuditLog, type Clock, readAuditEntries } from './audit-log.js';
import { type ChangeRecord, changeDigest, json } from './change-request.js';
import { alteredFiles, changeFolder, listChanges, readChangeRecord, readChangeVerdict } from './change-store.js';
import type { Fleet, FleetSite, Person, Role } from './fleet.js';
import { waitForLock } from './lock.js';
import { branchTip, isRepositoryProblem, openRepository, type Repository } from './repository.js';
import { isSamePublicKey, type SigningKey } from './signing-key.js';
import { readTextIfThere, storePaths } from './store.js';
import { VerifiedChange } from './verified-change.js';

/** Something can't be done with a change request. The message is for people. */
export class ChangeError extends Error {
  override readonly name = 'ChangeError';
}

export type ChangeStatus = Standing['status'] | 'stale' | 'published' | 'rolled-back';

/** What `published.json` and `rolled-back.json` hold. */
export interface PublishNote {
  readonly by: string;
  readonly time: string;
  /** `merge`: the base branch was moved to `commit`; `push`: the branch was pushed to a remote. */
  readonly mode: 'merge' | 'push' | 'revert';
  readonly commit: string;
  readonly digest: string;
}

export interface ChangeView {
  readonly record: ChangeRecord;
  readonly digest: string;
  readonly status: ChangeStatus;
  readonly standing: Standing;
  /** Files that no longer are what `change.json` binds. A change request with any is stale for good. */
  readonly altered: readonly string[];
  readonly published: PublishNote | null;
  readonly rolledBack: PublishNote | null;
  /** Absolute path of the change request's folder. */
  readonly folder: string;
}

/** A change request with its standing; throws a `ChangeError` when there is none of that id. */
export function viewChange(fleet: Fleet, id: string): ChangeView {
  const record = readChangeRecord(fleet.folder, id);
  if (record === null) throw new ChangeError(`There is no change request ${id}. "plantwright changes list" shows all.`);
  if (record.schema !== 'plantwright/change@1' || record.id !== id)
    throw new ChangeError(`change.json of ${id} is damaged or belongs to another change request.`);
  const altered = alteredFiles(fleet.folder, record);
  const standing = standingOf(record, readApprovals(fleet.folder, id), fleet.people);
  const published = readNote(fleet.folder, id, 'published.json');
  const rolledBack = readNote(fleet.folder, id, 'rolled-back.json');
  const isStale = altered.length > 0 || standing.ignored.some(({ reason }) => reason.startsWith('it is stale'));
  const status =
    rolledBack !== null ? 'rolled-back' : published !== null ? 'published' : isStale ? 'stale' : standing.status;
  return {
    record,
    digest: changeDigest(record),
    status,
    standing,
    altered,
    published,
    rolledBack,
    folder: changeFolder(fleet.folder, id),
  };
}

/** All change requests of a fleet; damaged ones are left out (they are shown by `viewChange`, with the reason). */
export function viewChanges(fleet: Fleet): ChangeView[] {
  return listChanges(fleet.folder).flatMap((id) => {
    try {
      return [viewChange(fleet, id)];
    } catch (error) {
      if (error instanceof ChangeError) return [];
      throw error;
    }
  });
}

/** Approvals on disk, sorted by file name; what is no JSON is left out. */
export function readApprovals(fleetFolder: string, id: string): Approval[] {
  const folder = join(changeFolder(fleetFolder, id), 'approvals');
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.sort().flatMap((name): Approval[] => {
    try {
      const value: unknown = JSON.parse(readTextIfThere(join(folder, name)) ?? 'null');
      return typeof value === 'object' && value !== null && 'signature' in value && 'person' in value
        ? [value as Approval]
        : [];
    } catch {
      return [];
    }
  });
}

export interface SignRequest {
  readonly fleet: Fleet;
  readonly change: string;
  readonly person: string;
  readonly key: SigningKey;
  readonly meaning: SignatureMeaning;
  readonly clock: Clock;
}

/** Signs a change request. Refuses when the person may not, or when the change request is not what was verified. */
export function approve(request: SignRequest): Promise<ChangeView> {
  return sign(request, 'accept', null);
}

/** Sends a change request back, with the reason. */
export function reject(request: SignRequest & { readonly reason: string }): Promise<ChangeView> {
  if (request.reason.trim() === '') throw new ChangeError('A rejection needs a reason.');
  return sign(request, 'reject', request.reason.trim());
}

async function sign(request: SignRequest, decision: Approval['decision'], reason: string | null): Promise<ChangeView> {
  const { fleet, clock } = request;
  const lock = await waitForLock(storePaths(fleet.folder).changeLock, `signing ${request.change}`, clock);
  try {
    const audit = new AuditLog(fleet.folder, clock);
    const view = viewChange(fleet, request.change);
    await logForgotten(view, audit, fleet.folder);
    const person = signerOf(request);
    const role = roleFor(view.record, person);
    refuseClosed(view);
    const problem = personProblem(view.record, person, role);
    if (problem !== null) throw new ChangeError(`${problem}.`);
    if (
      view.standing.counted.some(
        (each) => each.person === person.id && each.meaning === request.meaning && each.decision === decision,
      )
    ) {
      throw new ChangeError(`${person.id} has signed ${view.record.id} already.`);
    }
    if (decision === 'accept') await loadVerified(fleet, view);
    const approval = signApproval(
      {
        schema: 'plantwright/approval@1',
        change: view.record.id,
        digest: changeDigest(view.record),
        person: person.id,
        role,
        meaning: request.meaning,
        decision,
        reason,
        time: clock().toISOString(),
      },
      request.key,
    );
    const name = `${approval.time.replace(/[:.]/g, '-')}-${person.id.replace(/[^A-Za-z0-9-]/g, '_')}-${decision === 'reject' ? 'rejection' : request.meaning}.json`;
    writeDurably(join(view.folder, 'approvals', name), json(approval));
    await logApproval(audit, approval);
    await audit.checkpoint({ anchor: true });
    return viewChange(fleet, request.change);
  } finally {
    lock.release();
  }
}

/** A kill between a signature and its entry in the audit log is mended when the change request is touched next. */
async function logForgotten(view: ChangeView, audit: AuditLog, fleetFolder: string): Promise<void> {
  const entries = readAuditEntries(fleetFolder);
  for (const approval of view.standing.counted) {
    const isLogged = entries.some(
      ({ payload }) => (payload['approval'] as Approval | undefined)?.signature === approval.signature,
    );
    if (!isLogged) await logApproval(audit, approval);
  }
}

async function logApproval(audit: AuditLog, approval: Approval): Promise<void> {
  const event =
    approval.decision === 'reject'
      ? 'change.rejected'
      : approval.meaning === 'review'
        ? 'change.reviewed'
        : 'change.approved';
  await audit.append({
    actor: { kind: 'person', id: approval.person },
    event,
    subject: `change:${approval.change}`,
    payload: { approval },
  });
}

function signerOf(request: SignRequest): Person {
  const person = request.fleet.people.find(({ id }) => id === request.person);
  if (person === undefined) {
    const ids = request.fleet.people.map(({ id }) => id).join(', ');
    throw new ChangeError(
      `${request.person} is not among the people of fleet.yaml (${ids === '' ? 'none yet' : ids}). Add the id, roles and public key there.`,
    );
  }
  if (!isSamePublicKey(person.key, request.key.publicKey)) {
    throw new ChangeError(
      `The key is not that of ${person.id} in fleet.yaml. Sign with the key whose public part stands there.`,
    );
  }
  return person;
}

/** The role in which a person signs: the one that the change needs, when the person has it. */
function roleFor(record: ChangeRecord, person: Person): Role {
  const isSafety = record.review === 'safety-engineer' || record.review === 'two-safety-engineers';
  if (isSafety && person.roles.includes('safety-engineer')) return 'safety-engineer';
  return person.roles[0] ?? 'engineer';
}

function refuseClosed(view: ChangeView): void {
  const { record, altered } = view;
  if (altered.length > 0)
    throw new ChangeError(
      `${record.id} is stale: ${altered.join(', ')} no longer is what change.json is bound to. Run the migration again.`,
    );
  if (view.published !== null) throw new ChangeError(`${record.id} is published already.`);
  if (view.status === 'rejected')
    throw new ChangeError(`${record.id} was rejected. Run the migration again for a new change request.`);
}

export function siteOf(fleet: Fleet, record: ChangeRecord): FleetSite {
  const site = fleet.sites.find(({ name }) => name === record.site);
  if (site === undefined)
    throw new ChangeError(`The site "${record.site}" of ${record.id} is no longer in fleet.yaml.`);
  return site;
}

/** The change request as a verified change, checked again against the site's repository; throws when it is none. */
export async function loadVerified(
  fleet: Fleet,
  view: ChangeView,
): Promise<{ change: VerifiedChange; repository: Repository }> {
  const { record } = view;
  if (view.altered.length > 0) refuseClosed(view);
  const verdict = readChangeVerdict(fleet.folder, record.id);
  const repository = await repositoryOf(fleet, record);
  const change = verdict === null ? null : await asVerified(repository, record, verdict);
  if (change === null) throw new ChangeError(`verdict.json of ${record.id} is missing or damaged.`);
  if (!change.verified) throw new ChangeError(`${record.id} is not verified: ${change.reasons.join(' ')}`);
  const tip = await branchTip(repository, record.branch);
  if (tip !== record.head && view.published === null) {
    const now = tip === null ? 'was deleted' : `is at ${tip.slice(0, 12)} now`;
    throw new ChangeError(
      `${record.id} is stale: its branch ${record.branch} ${now}, the verified commit is ${record.head.slice(0, 12)}.`,
    );
  }
  return { change, repository };
}

async function repositoryOf(fleet: Fleet, record: ChangeRecord): Promise<Repository> {
  try {
    return await openRepository(siteOf(fleet, record).root);
  } catch (error) {
    if (isRepositoryProblem(error)) throw new ChangeError(error.message);
    throw error;
  }
}

async function asVerified(
  repository: Repository,
  { base, head, id }: ChangeRecord,
  verdict: Verdict,
): Promise<ReturnType<typeof VerifiedChange.from>> {
  try {
    const before = await snapshotOfRevision(repository.root, base);
    const after = await snapshotOfRevision(repository.root, head);
    return VerifiedChange.from(verdict, { base, head, before: before.snapshot, after: after.snapshot });
  } catch (error) {
    if (error instanceof SiteReadError) throw new ChangeError(`${id} can't be checked: ${error.message}`);
    throw error;
  }
}

/** The change request as an approved change; throws a `ChangeError` that says what is missing. */
export async function loadApproved(
  fleet: Fleet,
  view: ChangeView,
): Promise<{ change: ApprovedChange; repository: Repository }> {
  const { change: verified, repository } = await loadVerified(fleet, view);
  const approved = ApprovedChange.from(
    verified,
    view.record,
    readApprovals(fleet.folder, view.record.id),
    fleet.people,
  );
  if (!approved.approved) throw new ChangeError(`${view.record.id} is not approved. ${approved.missing.join(' ')}`);
  return { change: approved, repository };
}

function readNote(fleetFolder: string, id: string, name: string): PublishNote | null {
  const text = readTextIfThere(join(changeFolder(fleetFolder, id), name));
  if (text === null) return null;
  try {
    return JSON.parse(text) as PublishNote;
  } catch {
    return null;
  }
}
