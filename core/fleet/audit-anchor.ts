/**
 * Heads of the audit log written where the log's own folder can't change them: tags
 * `plantwright-audit/<seq>` in the git repository of the fleet, when the fleet folder is the root of one. Pushed with
 * the repository they stand on a second machine.
 */

import { realpathSync } from 'node:fs';
import type { Digest } from '../base/digest.js';
import { gitText, runGit, runGitRaw } from '../base/git-program.js';
import type { ChainHead } from './hash-chain.js';

const TAGS = 'refs/tags/plantwright-audit/';

/** Whether a folder is the root of a git repository. */
async function isRepositoryRoot(folder: string): Promise<boolean> {
  const found = await runGitRaw(folder, ['rev-parse', '--show-toplevel']).catch(() => null);
  if (found === null || found.exitCode !== 0) return false;
  return realpathSync(found.stdout.toString('utf8').trim()) === realpathSync(folder);
}

/** Writes the head as a tag. A folder that is no repository is left alone. */
export async function anchorCheckpoint(folder: string, head: ChainHead & { readonly time: string }): Promise<void> {
  if (!(await isRepositoryRoot(folder))) return;
  const content = JSON.stringify({ seq: head.seq, hash: head.hash, time: head.time });
  const blob = await gitText(folder, ['hash-object', '-w', '--stdin'], { input: `${content}\n` });
  await runGit(folder, ['update-ref', `${TAGS}${String(head.seq).padStart(8, '0')}`, blob]);
}

/** The heads that tags of the fleet's repository know. */
export async function readAnchors(folder: string): Promise<{ seq: number; hash: Digest; source: string }[]> {
  if (!(await isRepositoryRoot(folder))) return [];
  const names = (await gitText(folder, ['for-each-ref', '--format=%(refname)', TAGS]))
    .split('\n')
    .filter((name) => name !== '');
  const anchors: { seq: number; hash: Digest; source: string }[] = [];
  for (const name of names) {
    const text = await gitText(folder, ['cat-file', 'blob', name]).catch(() => '');
    try {
      const { seq, hash } = JSON.parse(text) as { seq: number; hash: Digest };
      anchors.push({ seq, hash, source: `the tag ${name.slice('refs/tags/'.length)}` });
    } catch {
      // a tag of another make; it says nothing about the log
    }
  }
  return anchors;
}
