import { lstatSync, readFileSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/** Reads a file that the caller named; whatever stands in the way becomes a usage error that names the file. */
export function readInput(path: string): Uint8Array {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`${path} does not exist.`);
  if (stats.isDirectory()) throw new UsageError(`${path} is a folder, not a file.`);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} can't be read: ${reasonOf(error)}.`);
  }
}

/** A short reason for a failed file operation, without a stack trace. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the disk is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    case 'ENOENT':
      return 'it does not exist';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
