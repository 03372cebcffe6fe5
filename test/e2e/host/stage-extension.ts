import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';

/** Copies exactly the files that the VSIX would hold, so that a file missing in the allow-list fails the tests. */
export async function stageExtension(target: string): Promise<string> {
  const files = await listFiles({ cwd: process.cwd(), packageManager: PackageManager.None });
  for (const file of files) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await cp(file, join(target, file));
  }
  return target;
}
