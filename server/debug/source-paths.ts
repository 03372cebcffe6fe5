/** Paths of sources as the editor names them and as the project does. */

import { basename, join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';

export class SourcePaths {
  readonly #root: string;
  readonly #byKey = new Map<string, string>();

  /** `files`: paths relative to the root, with forward slashes. */
  constructor(root: string, files: Iterable<string>) {
    this.#root = root;
    for (const file of files) this.#byKey.set(keyOfPath(join(root, file)), file);
  }

  /** The path in the project of a file of the editor; null when it is no part of what runs. */
  relative(path: string): string | null {
    return this.#byKey.get(keyOfPath(path)) ?? null;
  }

  source(file: string): DebugProtocol.Source {
    return { name: basename(file), path: join(this.#root, file) };
  }
}

/** Windows writes the same drive in upper and lower case. */
function keyOfPath(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  return /^[A-Za-z]:/.test(slashed) ? slashed.toLowerCase() : slashed;
}
