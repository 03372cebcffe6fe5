/** `audit verify`: the chain, its checkpoints, and every signature that the log records. */

import type { Approval } from './approval.js';
import { signatureProblem } from './approval.js';
import { type AuditEntry, type AuditReport, readAuditEntries, verifyAuditChain } from './audit-log.js';
import { listChanges } from './change-store.js';
import { readApprovals } from './changes.js';
import type { Fleet } from './fleet.js';

/** Verifies the log of a fleet and names the first bad entry. */
export async function verifyAudit(fleet: Fleet): Promise<AuditReport> {
  const report = await verifyAuditChain(fleet.folder, (entry) => entryProblem(entry, fleet));
  if (!report.ok) return report;
  const unlogged = unloggedApproval(fleet);
  if (unlogged === null) return report;
  const seq = report.entries + 1;
  return { entries: report.entries, ok: false, firstBad: { seq, line: seq, reason: unlogged } };
}

function entryProblem(entry: AuditEntry, fleet: Fleet): string | null {
  if (!['change.approved', 'change.reviewed', 'change.rejected'].includes(entry.event)) return null;
  const approval = entry.payload['approval'] as Approval | undefined;
  if (approval === undefined || typeof approval !== 'object') return 'the entry records a signature but holds none';
  if (entry.actor.id !== approval.person)
    return `the entry is by ${entry.actor.id}, the signature by ${approval.person}`;
  const person = fleet.people.find(({ id }) => id === approval.person) ?? null;
  return signatureProblem(approval, person);
}

/** A signature beside a change request that the log does not know was put there by hand, or its entry was removed. */
function unloggedApproval(fleet: Fleet): string | null {
  const logged = new Set(
    readAuditEntries(fleet.folder).map((entry) => (entry.payload['approval'] as Approval | undefined)?.signature),
  );
  for (const id of listChanges(fleet.folder)) {
    for (const approval of readApprovals(fleet.folder, id)) {
      if (!logged.has(approval.signature))
        return `the signature of ${approval.person} at ${id} has no entry in the log`;
    }
  }
  return null;
}
