import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 of bytes or UTF-8 text, written `sha256:<hex>` as in every file that Plantwright keeps. */
export type Digest = `sha256:${string}`;

/** SHA-256 of bytes, or of the UTF-8 bytes of a text. */
export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** RFC 8785 canonical JSON. The value must be JSON: `undefined` members are left out, functions are a bug. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('canonicalJson: the value is not JSON');
  return text;
}

/** Digest of a JSON value by its canonical form: equal values give equal digests, whatever their key order. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}
