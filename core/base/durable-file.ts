/**
 * Files that survive a kill and a power cut: whole files are replaced by a rename after an fsync, lines are appended and
 * fsynced, and the folder is fsynced after its entries changed. Synchronous on purpose: a state and the record of it
 * are written in one turn, so nothing of the same process gets in between.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file could not be written. The message says which and why, for people. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`${path} can't be written: ${reasonOf(cause)}. Nothing was half-written.`, { cause });
    this.path = path;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EROFS: 'the disk is read-only',
  EACCES: 'the user who runs Plantwright has no right to write there',
  EPERM: 'the user who runs Plantwright has no right to write there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? message ?? String(error);
}

/** Replaces a file, or makes it; its folders are made. Readers see the old content or the new, never a part. */
export function writeDurably(path: string, content: string | Uint8Array, mode = 0o644): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    makeFolder(dirname(path));
    const handle = openSync(temporary, 'wx', mode);
    try {
      writeAll(handle, typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new WriteError(path, error);
  }
}

/** Appends bytes and returns when they are on the disk. */
export function appendDurably(path: string, content: string): void {
  try {
    makeFolder(dirname(path));
    const handle = openSync(path, 'a', 0o644);
    try {
      writeAll(handle, Buffer.from(content, 'utf8'));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new WriteError(path, error);
  }
}

/** Makes a folder with those above it. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new WriteError(path, error);
  }
}

/** Moves a finished folder to its place, so that it appears there as a whole. */
export function moveFolderDurably(from: string, to: string): void {
  try {
    makeFolder(dirname(to));
    renameSync(from, to);
    syncFolder(dirname(to));
  } catch (error) {
    throw error instanceof WriteError ? error : new WriteError(to, error);
  }
}

function writeAll(handle: number, bytes: Uint8Array): void {
  let offset = 0;
  while (offset < bytes.length) offset += writeSync(handle, bytes, offset);
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
