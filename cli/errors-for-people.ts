import { WriteError } from '../core/base/durable-file.js';
import { GitError } from '../core/base/git-program.js';
import { AuditDamagedError } from '../core/fleet/audit-log.js';
import { ChangeError } from '../core/fleet/changes.js';
import { LockedError } from '../core/fleet/lock.js';
import { RunError } from '../core/fleet/run.js';
import { SigningKeyError } from '../core/fleet/signing-key.js';
import { SiteReadError } from '../core/site/load-snapshot.js';
import { UsageError } from './usage-error.js';

/** Errors whose message says to a person what to mend. Everything else that is thrown is a bug. */
const FOR_PEOPLE = [
  UsageError,
  SiteReadError,
  RunError,
  ChangeError,
  LockedError,
  SigningKeyError,
  WriteError,
  AuditDamagedError,
  GitError,
] as const;

/** True for an error whose message is the whole story for the person at the terminal. */
export function isForPeople(error: unknown): error is Error {
  return FOR_PEOPLE.some((kind) => error instanceof kind);
}
