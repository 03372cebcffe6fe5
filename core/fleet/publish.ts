/** Publishing an approved change, and taking it back. The only code that moves a branch of the site that is not ours. */

import { join } from 'node:path';
import { writeDurably } from '../base/durable-file.js';
import { runGitRaw, withoutFilters } from '../base/git-program.js';
import { snapshotOfRevision } from '../site/load-snapshot.js';
import { changedFiles, type SiteSnapshot } from '../site/snapshot.js';
import { ApprovedChange } from './approval.js';
import { AuditLog, type Clock } from './audit-log.js';
import { type ChangeRecord, json } from './change-request.js';
import { ChangeError, type ChangeView, loadApproved, loadVerified, type PublishNote, viewChange } from './changes.js';
import type { Fleet } from './fleet.js';
import { waitForLock } from './lock.js';
import { branchTip, dirtyFiles, type Repository, writeCommit } from './repository.js';
import { storePaths } from './store.js';
import { verifyAudit } from './verify-audit.js';

export interface PublishRequest {
  readonly fleet: Fleet;
  readonly change: string;
  /** Who publishes. */
  readonly by: string;
  readonly clock: Clock;
}

/**
 * Publishes an approved change. `merge` moves the site's base branch to the verified commit: only when that branch is
 * still at the commit which the verification started from, so that what arrives is exactly what was judged. `push`
 * pushes the change's branch to a remote, for review and merge there.
 */
export async function publish(
  request: PublishRequest,
  target: { readonly mode: 'merge' } | { readonly mode: 'push'; readonly remote: string },
): Promise<ChangeView> {
  const { fleet, clock } = request;
  const lock = await waitForLock(storePaths(fleet.folder).changeLock, `publishing ${request.change}`, clock);
  try {
    const view = viewChange(fleet, request.change);
    if (view.published !== null) throw new ChangeError(`${view.record.id} is published already.`);
    await requireSoundAudit(fleet);
    const { change, repository } = await loadApproved(fleet, view);
    if (!ApprovedChange.is(change)) throw new ChangeError(`${view.record.id} is not approved.`);
    if (target.mode === 'merge') await merge(change, repository);
    else await push(change, repository, target.remote);
    await note(request, view, 'published.json', 'change.published', target.mode, view.record.head);
    return viewChange(fleet, request.change);
  } finally {
    lock.release();
  }
}

/**
 * Takes a published change back by a commit on the base branch that restores the files of before. Refused when one of
 * these files was changed again since.
 */
export async function rollback(request: PublishRequest & { readonly reason: string }): Promise<ChangeView> {
  const { fleet, clock, reason } = request;
  if (reason.trim() === '') throw new ChangeError('A rollback needs a reason.');
  const lock = await waitForLock(storePaths(fleet.folder).changeLock, `rolling back ${request.change}`, clock);
  try {
    const view = viewChange(fleet, request.change);
    if (view.published === null)
      throw new ChangeError(`${view.record.id} is not published; there is nothing to take back.`);
    if (view.published.mode !== 'merge')
      throw new ChangeError(`${view.record.id} was pushed as a branch; take it back where it was merged.`);
    if (view.rolledBack !== null) throw new ChangeError(`${view.record.id} was taken back already.`);
    const { repository } = await loadVerified(fleet, view);
    const commit = await revert(
      view.record,
      repository,
      request,
      join(storePaths(fleet.folder).worktrees, `${view.record.id}.index`),
    );
    await note(request, view, 'rolled-back.json', 'change.rolled-back', 'revert', commit);
    return viewChange(fleet, request.change);
  } finally {
    lock.release();
  }
}

/** When the audit log does not hold, nothing is published until a person has looked (IEC 62443-4-2 CR 2.10). */
async function requireSoundAudit(fleet: Fleet): Promise<void> {
  const { firstBad } = await verifyAudit(fleet);
  if (firstBad !== null)
    throw new ChangeError(
      `The audit log does not hold at entry ${firstBad.seq}: ${firstBad.reason}. Nothing is published until a person has looked.`,
    );
}

async function note(
  request: PublishRequest & { readonly reason?: string },
  view: ChangeView,
  file: string,
  event: string,
  mode: PublishNote['mode'],
  commit: string,
): Promise<void> {
  const { fleet, clock, by } = request;
  const published: PublishNote = { by, time: clock().toISOString(), mode, commit, digest: view.digest };
  writeDurably(join(view.folder, file), json(published));
  const audit = new AuditLog(fleet.folder, clock);
  const payload = {
    ...published,
    base: view.record.base,
    head: view.record.head,
    baseBranch: view.record.baseBranch,
    reason: request.reason,
  };
  await audit.append({ actor: { kind: 'person', id: by }, event, subject: `change:${view.record.id}`, payload });
  await audit.checkpoint({ anchor: true });
}

async function merge(change: ApprovedChange, repository: Repository): Promise<void> {
  const { id, base, baseBranch, head } = change.record;
  if (baseBranch === null)
    throw new ChangeError(`${id} started from no branch (HEAD was detached). Push its branch instead.`);
  const tip = await branchTip(repository, baseBranch);
  if (tip === head) return;
  if (tip !== base) {
    throw new ChangeError(
      `The branch ${baseBranch} of ${change.record.site} moved since ${id} was verified. What would come out of a merge was not verified: run the migration again, or push the branch and merge it where the result is verified.`,
    );
  }
  await advance(repository, baseBranch, base, head);
}

/** Moves a branch from one commit to a later one; the checkout of the site follows when the branch is checked out. */
async function advance(repository: Repository, branch: string, from: string, to: string): Promise<void> {
  if (repository.branch !== branch) {
    const moved = await runGitRaw(repository.root, ['update-ref', `refs/heads/${branch}`, to, from]);
    if (moved.exitCode !== 0) throw new ChangeError(`The branch ${branch} can't be moved: ${moved.stderr.trim()}`);
    return;
  }
  const dirty = await dirtyFiles(repository);
  if (dirty.length > 0)
    throw new ChangeError(
      `The checkout of ${repository.root} has uncommitted work: ${dirty.slice(0, 10).join(', ')}. Commit or stash it first.`,
    );
  const settings = await withoutFilters(repository.root);
  const merged = await runGitRaw(repository.root, ['merge', '--ff-only', '--quiet', '--no-verify-signatures', to], {
    settings,
  });
  if (merged.exitCode !== 0)
    throw new ChangeError(`The branch ${branch} can't be moved: ${merged.stderr.trim().split('\n')[0] ?? ''}`);
}

async function push(change: ApprovedChange, repository: Repository, remote: string): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(remote)) throw new ChangeError(`"${remote}" is no name of a remote.`);
  const { branch, head } = change.record;
  // The remote's own commands are named here, so that the repository's configuration can't replace them.
  const args = [
    'push',
    '--no-verify',
    '--receive-pack=git-receive-pack',
    '--recurse-submodules=no',
    '--porcelain',
    remote,
    `${head}:refs/heads/${branch}`,
  ];
  const settings = { 'core.sshCommand': 'ssh', 'protocol.allow': 'user' };
  const pushed = await runGitRaw(repository.root, args, { settings, protocols: 'file:https:ssh' });
  if (pushed.exitCode !== 0)
    throw new ChangeError(
      `The branch ${branch} can't be pushed to ${remote}: ${pushed.stderr.trim().split('\n')[0] ?? ''}`,
    );
}

async function revert(
  record: ChangeRecord,
  repository: Repository,
  request: PublishRequest & { readonly reason: string },
  indexFile: string,
): Promise<string> {
  const branch = record.baseBranch;
  const tip = branch === null ? null : await branchTip(repository, branch);
  if (branch === null || tip === null) throw new ChangeError(`The branch of ${record.id} no longer exists.`);
  const [before, after, now] = await Promise.all(
    [record.base, record.head, tip].map(async (commit) => (await snapshotOfRevision(repository.root, commit)).snapshot),
  );
  if (before === undefined || after === undefined || now === undefined)
    throw new ChangeError(`The commits of ${record.id} can't be read.`);
  const touched = changedFiles(before, after).map(({ path }) => path);
  const again = touched.filter((path) => !isSameFile(after, now, path));
  if (again.length > 0)
    throw new ChangeError(
      `${again.join(', ')} changed again since ${record.id} was published. Take the change back by hand.`,
    );
  const restored = new Map(now);
  for (const path of touched) {
    const bytes = before.get(path);
    if (bytes === undefined) restored.delete(path);
    else restored.set(path, bytes);
  }
  const message = `Take back: ${record.migration.title}\n\n${request.reason}\n\nChange request: ${record.id}\nBy: ${request.by}\n`;
  const commit = await writeCommit(repository, tip, now, restored, { message, date: request.clock() }, indexFile);
  await advance(repository, branch, tip, commit);
  return commit;
}

function isSameFile(a: SiteSnapshot, b: SiteSnapshot, path: string): boolean {
  const left = a.get(path);
  const right = b.get(path);
  return left === undefined || right === undefined ? left === right : Buffer.compare(left, right) === 0;
}
