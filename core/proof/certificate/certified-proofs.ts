/** Certificates of all proofs of a site or a change, checked as soon as they are made. */

import { type Digest, digestOfJson } from '../../base/digest.js';
import type { Proof } from '../claim.js';
import type { Certificate } from './certificate.js';
import { certify } from './certify.js';
import { checkCertificate } from './check-certificate.js';

/** The certificates of one answer. */
export interface CertifiedProof {
  readonly id: string;
  readonly certificates: readonly Certificate[];
}

/** What `prove --certificates` writes and `prove --check` reads. */
export interface CertificateFile {
  readonly schema: 'plantwright/certificates@1';
  readonly proofs: readonly CertifiedProof[];
}

/** What the evidence of a verdict says of its certificates. The digest names exactly one certificate file. */
export interface CertificateSummary {
  readonly proofs: number;
  readonly claims: number;
  readonly gates: number;
  readonly steps: number;
  readonly digest: Digest;
}

export interface CertificateProblem {
  readonly id: string;
  readonly problem: string;
}

/** Certifies proofs and checks every certificate. A problem means that the answer must not be relied on. */
export function certifyProofs(
  proofs: readonly Proof[],
  signal?: AbortSignal,
): { readonly file: CertificateFile; readonly problems: readonly CertificateProblem[] } {
  const problems: CertificateProblem[] = [];
  const certified = proofs.map(({ id, terms, claims }): CertifiedProof => {
    signal?.throwIfAborted();
    if (claims.length === 0) problems.push({ id, problem: 'the proof rests on no claim' });
    const certificates = claims.flatMap((claim): Certificate[] => {
      const certificate = certify(terms, claim, signal);
      if (certificate === null) problems.push({ id, problem: `no certificate could be made for "${claim.name}"` });
      return certificate === null ? [] : [certificate];
    });
    return { id, certificates };
  });
  const file: CertificateFile = { schema: 'plantwright/certificates@1', proofs: certified };
  return { file, problems: [...problems, ...checkCertificates(file)] };
}

/** Checks every certificate of a file. */
export function checkCertificates({ proofs }: CertificateFile): CertificateProblem[] {
  return proofs.flatMap(({ id, certificates }) =>
    certificates.flatMap((certificate) => {
      const check = checkCertificate(certificate);
      return check.ok ? [] : [{ id, problem: `"${certificate.claim}": ${check.problem}` }];
    }),
  );
}

export function summaryOf(file: CertificateFile): CertificateSummary {
  const all = file.proofs.flatMap(({ certificates }) => certificates);
  return {
    proofs: file.proofs.length,
    claims: all.length,
    gates: all.reduce((sum, { gates }) => sum + gates.length, 0),
    steps: all.reduce((sum, each) => sum + (each.kind === 'refutation' ? each.steps.length : 0), 0),
    digest: digestOfJson(file),
  };
}
