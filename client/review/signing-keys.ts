import { readFile } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { readSigningKey, type SigningKey, signingKeyOf } from '../../core/fleet/signing-key.js';

/** Signing keys in the keychain of the operating system, by person. A private key never stands in a setting. */
export class SigningKeys {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** The key of a person: of the key file when one is set, else from the keychain. Null: there is none. */
  async keyOf(person: string, keyFile: string): Promise<SigningKey | null> {
    if (keyFile !== '') return readSigningKey(keyFile);
    const pem = await this.#secrets.get(nameOf(person));
    return pem === undefined ? null : signingKeyOf(pem, `the key of ${person} in the keychain`);
  }

  /** Copies a key file into the keychain. Throws when it holds no usable key. */
  async store(person: string, file: string): Promise<SigningKey> {
    const key = readSigningKey(file);
    await this.#secrets.store(nameOf(person), await readFile(file, 'utf8'));
    return key;
  }

  async remove(person: string): Promise<void> {
    await this.#secrets.delete(nameOf(person));
  }
}

function nameOf(person: string): string {
  return `plantwright.signing-key.${person}`;
}
