/**
 * Approvals: Ed25519 signatures of people over the digest of `change.json`. The policy that decides whether they are
 * enough is here too; nothing else decides it.
 */

import { canonicalJson, type Digest } from '../base/digest.js';
import type { ReviewLevel } from '../verify/verdict.js';
import { type ChangeRecord, changeDigest } from './change-request.js';
import type { Person, Role } from './fleet.js';
import { isSamePublicKey, isSignatureOf, type SigningKey, signText } from './signing-key.js';
import { type ChangeContent, VerifiedChange } from './verified-change.js';

/** `review`: has read it and signs for that; `approval`: accepts it. Only the latter counts. */
export type SignatureMeaning = 'review' | 'approval';

/** What a person signs. */
export interface SignedStatement {
  readonly schema: 'plantwright/approval@1';
  readonly change: string;
  /** Digest of `change.json`. */
  readonly digest: Digest;
  readonly person: string;
  readonly role: Role;
  readonly meaning: SignatureMeaning;
  readonly decision: 'accept' | 'reject';
  /** Required for a rejection. */
  readonly reason: string | null;
  readonly time: string;
}

export interface Approval extends SignedStatement {
  /** Public key of the person at the time of signing. */
  readonly key: string;
  /** Base64, over the RFC 8785 canonical JSON of the statement. */
  readonly signature: string;
}

export function signApproval(statement: SignedStatement, key: SigningKey): Approval {
  return { ...statement, key: key.publicKey, signature: signText(canonicalJson(statement), key) };
}

/** Why a signature does not hold by itself; null when it does. `person` null: not checked against fleet.yaml. */
export function signatureProblem(approval: Approval, person: Person | null): string | null {
  const { key, signature, ...statement } = approval;
  if (statement.schema !== 'plantwright/approval@1') return 'the approval has an unknown form';
  let text: string;
  try {
    text = canonicalJson(statement);
  } catch {
    return 'the approval is no JSON';
  }
  if (person !== null && !isSamePublicKey(key, person.key))
    return `it is signed with a key that is not that of ${person.id} in fleet.yaml`;
  return isSignatureOf(text, signature, key)
    ? null
    : `the signature of ${statement.person} does not match what is signed`;
}

/** What the policy says about the signatures of a change. */
export interface Standing {
  readonly status: 'awaiting-approval' | 'approved' | 'rejected';
  /** Signatures that count, and those that do not with the reason. */
  readonly counted: readonly Approval[];
  readonly ignored: readonly { readonly approval: Approval; readonly reason: string }[];
  /** What is still missing, one sentence each; empty when approved. */
  readonly missing: readonly string[];
}

const REQUIRED: Readonly<
  Record<ReviewLevel, { readonly count: number; readonly role: Role | null; readonly text: string }>
> = {
  none: { count: 1, role: null, text: 'the approval of one person' },
  engineer: { count: 1, role: null, text: 'the approval of an engineer' },
  'safety-engineer': { count: 1, role: 'safety-engineer', text: 'the approval of a safety engineer' },
  'two-safety-engineers': { count: 2, role: 'safety-engineer', text: 'the approvals of two safety engineers' },
};

/**
 * Applies the policy. A signature counts when it holds, is over the change as it stands, is by a person of fleet.yaml
 * with the role, and not by the author or the agent; each person counts once. One rejection that holds rejects.
 */
export function standingOf(record: ChangeRecord, approvals: readonly Approval[], people: readonly Person[]): Standing {
  const counted: Approval[] = [];
  const ignored: { approval: Approval; reason: string }[] = [];
  for (const approval of approvals) {
    const reason =
      problemOf(record, approval, people) ??
      (counted.some((other) => countsTwice(other, approval)) ? `${approval.person} has signed already` : null);
    if (reason === null) counted.push(approval);
    else ignored.push({ approval, reason });
  }
  if (counted.some(({ decision }) => decision === 'reject'))
    return { status: 'rejected', counted, ignored, missing: ['The change was rejected.'] };
  const { count, role, text } = REQUIRED[record.review];
  const given = counted.filter(
    (approval) =>
      approval.meaning === 'approval' && approval.decision === 'accept' && (role === null || approval.role === role),
  );
  if (given.length >= count) return { status: 'approved', counted, ignored, missing: [] };
  const so = given.length === 0 ? '' : ` (${given.length} of ${count} given)`;
  return { status: 'awaiting-approval', counted, ignored, missing: [`It needs ${text}${so}.`] };
}

function countsTwice(a: Approval, b: Approval): boolean {
  const isSamePerson = a.person.toLowerCase() === b.person.toLowerCase() || isSamePublicKey(a.key, b.key);
  return isSamePerson && a.meaning === b.meaning && a.decision === b.decision;
}

function problemOf(record: ChangeRecord, approval: Approval, people: readonly Person[]): string | null {
  const person = people.find(({ id }) => id === approval.person);
  if (person === undefined) return `${approval.person} is not among the people of fleet.yaml`;
  if (approval.change !== record.id) return 'it is for another change request';
  if (approval.digest !== changeDigest(record)) return 'it is stale: the change request is not the one that was signed';
  return signatureProblem(approval, person) ?? personProblem(record, person, approval.role);
}

/** Why a person may not sign a change in a role; null when the person may. */
export function personProblem(record: ChangeRecord, person: Person, role: Role): string | null {
  if (isSame(record.author, person.id) || (person.name !== null && isSame(record.author, person.name))) {
    return `${person.id} started the run; the author of a change can't sign it`;
  }
  if (!person.roles.includes(role)) return `${person.id} does not have the role ${role} in fleet.yaml`;
  return null;
}

function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/**
 * A verified change that the right people approved (promise 3). What publishes takes nothing else, and there is no
 * other way to one.
 */
export class ApprovedChange {
  readonly approved = true;
  readonly change: VerifiedChange;
  readonly record: ChangeRecord;
  readonly approvals: readonly Approval[];
  /** Makes the type nominal: no literal and no other class fits it. */
  readonly #signaturesHeld = true;

  private constructor(change: VerifiedChange, record: ChangeRecord, approvals: readonly Approval[]) {
    this.change = change;
    this.record = record;
    this.approvals = approvals;
  }

  /** Whether a value came from `from`, whatever its type says. */
  static is(value: unknown): value is ApprovedChange {
    return typeof value === 'object' && value !== null && #signaturesHeld in value && value.#signaturesHeld;
  }

  /** The approved change, or what is missing. */
  static from(
    change: VerifiedChange,
    record: ChangeRecord,
    approvals: readonly Approval[],
    people: readonly Person[],
  ): ApprovedChange | { readonly approved: false; readonly missing: readonly string[] } {
    if (!VerifiedChange.is(change)) return { approved: false, missing: ['The change is not verified.'] };
    const { content, verdict } = change;
    const missing: string[] = bindingProblems(record, content, change);
    if (verdict.review !== record.review) missing.push('change.json asks for another review than the verdict.');
    const standing = standingOf(record, approvals, people);
    if (standing.status !== 'approved') missing.push(...standing.missing);
    return missing.length === 0 ? new ApprovedChange(change, record, standing.counted) : { approved: false, missing };
  }
}

function bindingProblems(record: ChangeRecord, content: ChangeContent, { verdict }: VerifiedChange): string[] {
  const problems: string[] = [];
  if (record.base !== content.base || record.head !== content.head)
    problems.push('change.json names other commits than those that were verified.');
  if (record.verdict !== verdict.digest || record.diff !== verdict.diff)
    problems.push('change.json is bound to another verdict.');
  return problems;
}
