import { readSource } from '../../core/formats/read-source.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import type { SourceReader } from '../../core/site/open-site.js';

interface CachedSource {
  readonly bytes: Uint8Array;
  readonly dialect: string;
  readonly file: SourceFile;
}

/**
 * A reader that keeps the trees of one unit. The bytes of a version of a file are one object, so identity tells
 * whether a file changed.
 */
export function createSourceCache(): SourceReader {
  const cache = new Map<string, CachedSource>();
  return (path, bytes, dialect) => {
    const known = cache.get(path);
    if (known !== undefined && known.bytes === bytes && known.dialect === dialect) return known.file;
    const file = readSource(path, bytes, dialect);
    cache.set(path, { bytes, dialect, file });
    return file;
  };
}
