import { join } from 'node:path';
import type { VerifyChange } from '../../core/fleet/attempt.js';
import { VerificationPool } from '../../core/verify/verification-pool.js';

/** The pipeline in threads of its own, without a judge: a judge only ever vetoes, and none is configured here. */
export function pooledVerification(): VerifyChange {
  const pool = new VerificationPool(join(__dirname, 'verify-worker.js'));
  return (change) => pool.verify(change);
}
