import { fileURLToPath, pathToFileURL } from 'node:url';

/** Absolute path with forward slashes of a `file:` URI; null for other schemes: they belong to no folder. */
export function pathOfUri(uri: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return fileURLToPath(uri).replaceAll('\\', '/');
  } catch {
    return null;
  }
}

/** The URI of a path. An open document keeps the spelling of its editor: ask the workspace first. */
export function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}
