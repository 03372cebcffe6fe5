/**
 * File access for a model, confined to one worktree. Every path goes through `resolveConfined`: no absolute paths, no
 * way up, no symbolic links out, no device files, no NUL, no alternate streams.
 */

import { lstatSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { compareText } from '../base/finding.js';

/** Files above this size are not shown to a model and not edited by it. In bytes. */
export const MAX_FILE_BYTES = 512 * 1024;

export type Confined =
  | { readonly kind: 'file'; readonly relative: string; readonly absolute: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Checks a path that a model named against the root of its worktree. The file must exist. */
export function resolveConfined(root: string, path: string): Confined {
  const shape = refusedShape(path);
  if (shape !== null) return { kind: 'refused', reason: shape };
  const relative = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  if (relative === '') return { kind: 'refused', reason: 'name a file, not the root folder' };
  const absolute = join(root, ...relative.split('/'));
  const inside = insideWithoutLinks(root, relative);
  if (inside !== null) return { kind: 'refused', reason: inside };
  return { kind: 'file', relative, absolute };
}

function refusedShape(path: string): string | null {
  if (path.includes('\0')) return 'the path contains a NUL character';
  if (/^([/\\]|[a-z]:)/i.test(path)) return 'give a path relative to the site, not an absolute one';
  const parts = path.split(/[/\\]/);
  if (parts.includes('..')) return 'the path must not lead out of the site (..)';
  if (parts.some((part) => part.includes(':'))) return 'a colon is not allowed in a path';
  const first = (parts.find((part) => part !== '' && part !== '.') ?? '').toLowerCase();
  if (first === '.git' || first === '.plantwright') return `${first} is not part of the site's sources`;
  return null;
}

/** Walks down the path: every step must be a real folder, the last a regular file, all without symbolic links. */
function insideWithoutLinks(root: string, relative: string): string | null {
  const realRoot = realpathSync(root);
  let current = realRoot;
  const parts = relative.split('/');
  for (const [index, part] of parts.entries()) {
    current = join(current, part);
    const stats = lstatSync(current, { throwIfNoEntry: false });
    if (stats === undefined) return `${relative} does not exist; list shows the files of the site`;
    if (stats.isSymbolicLink()) return `${relative} passes through a symbolic link`;
    const last = index === parts.length - 1;
    if (last && !stats.isFile()) return `${relative} is not a regular file`;
    if (!last && !stats.isDirectory()) return `${relative} does not exist`;
    if (last && stats.size > MAX_FILE_BYTES) return `${relative} is larger than ${MAX_FILE_BYTES / 1024} KiB`;
  }
  return current.startsWith(realRoot + sep) ? null : `${relative} is outside the site`;
}

/** All regular files below the root, relative with forward slashes, sorted; links and `.git` are left out. */
export function listConfined(root: string): string[] {
  const found: string[] = [];
  const visit = (folder: string, prefix: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (prefix === '' && (entry.name === '.git' || entry.name === '.plantwright')) continue;
      const relative = prefix + entry.name;
      if (entry.isDirectory()) visit(join(folder, entry.name), `${relative}/`);
      else if (entry.isFile()) found.push(relative);
    }
  };
  visit(root, '');
  return found.sort(compareText);
}

export function readConfined(file: Extract<Confined, { kind: 'file' }>): Uint8Array {
  return readFileSync(file.absolute);
}

export function writeConfined(file: Extract<Confined, { kind: 'file' }>, bytes: Uint8Array): void {
  writeFileSync(file.absolute, bytes);
}
