/** Ed25519 keys of people: made, written, read, used. The private key is a PEM file (PKCS #8) outside of every repository. */

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';

export interface SigningKey {
  /** `ed25519:<base64 of the 32 raw bytes>`, as it stands under `people:` in fleet.yaml. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** A key file is missing, no key, or not kept private. The message is for people. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
}

/** DER of a public Ed25519 key (RFC 8410) before its 32 raw bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export function generateSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: publicKeyText(publicKey), privateKey };
}

/** Writes the private key, readable by its owner only. Never overwrites a file. */
export function writeSigningKey(file: string, key: SigningKey): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(file, 0o600);
}

/** Reads a private key. Throws a `SigningKeyError` when it can't be used. */
export function readSigningKey(file: string): SigningKey {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SigningKeyError(
      `The key file ${file} ${missing ? 'does not exist. Make one with "plantwright keygen"' : "can't be read"}.`,
    );
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new SigningKeyError(
      `The key file ${file} can be read by other users. Run "chmod 600 ${file}"; if others had access, make a new key.`,
    );
  }
  return signingKeyOf(pem, file);
}

/** The key of a PEM text, for example from the key store of the editor. */
export function signingKeyOf(pem: string, shownAs: string): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new SigningKeyError(`${shownAs} holds no private key. Make one with "plantwright keygen".`);
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new SigningKeyError(
      `${shownAs} holds a key of type ${privateKey.asymmetricKeyType ?? 'unknown'}; approvals are signed with Ed25519.`,
    );
  }
  return { publicKey: publicKeyText(createPublicKey(privateKey)), privateKey };
}

function publicKeyText(key: KeyObject): string {
  return `ed25519:${key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length).toString('base64')}`;
}

/** The key of `ed25519:<base64>`, raw or in SPKI form. Null when the text is no such key. */
export function parsePublicKey(text: string): KeyObject | null {
  if (!text.startsWith('ed25519:')) return null;
  const bytes = Buffer.from(text.slice('ed25519:'.length), 'base64');
  const raw = bytes.length === 32 ? bytes : bytes.subarray(SPKI_PREFIX.length);
  if (raw.length !== 32 || (bytes.length !== 32 && !bytes.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX)))
    return null;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), type: 'spki', format: 'der' });
  } catch {
    return null;
  }
}

/** Whether two public keys are the same, whatever their form. */
export function isSamePublicKey(a: string, b: string): boolean {
  const left = parsePublicKey(a);
  const right = parsePublicKey(b);
  return left !== null && right !== null && left.equals(right);
}

/** Base64 signature over the UTF-8 bytes of a text. */
export function signText(text: string, key: SigningKey): string {
  return sign(null, Buffer.from(text, 'utf8'), key.privateKey).toString('base64');
}

export function isSignatureOf(text: string, signature: string, publicKey: string): boolean {
  const key = parsePublicKey(publicKey);
  if (key === null || !/^[A-Za-z0-9+/]{86}==$/.test(signature)) return false;
  return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
}
