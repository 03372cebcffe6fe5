/** Loads the content of a site: from a folder as it stands on disk, or from a commit of its repository. */

import { type Dirent, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { compareText } from '../base/finding.js';
import { GitError, gitText, runGit, runGitRaw } from '../base/git-program.js';
import type { SiteSnapshot } from './snapshot.js';

/** A file that was not read, and why: a link, a submodule, something that is no regular file. */
export interface SkippedPath {
  readonly path: string;
  readonly reason: string;
  /** Where a symbolic link leads, as written in it; null for everything else. */
  readonly target: string | null;
}

export interface LoadedSnapshot {
  readonly snapshot: SiteSnapshot;
  readonly skipped: readonly SkippedPath[];
}

/** A site could not be read at all. The message is for people. */
export class SiteReadError extends Error {
  override readonly name = 'SiteReadError';
}

/** Left out when a folder outside git is walked, at any depth. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set(['.git', '.plantwright', 'node_modules']);
const NOTHING_IGNORED: ReadonlySet<string> = new Set();

const IS_LINK = 'it is a symbolic link';

/** So many files are read at one go, before whatever else waits has its turn. */
const FILES_PER_TURN = 8;

/**
 * The files of a folder. In a git working tree: tracked and untracked files that are not ignored; elsewhere every file.
 * Links are never followed, so nothing outside the folder is read.
 */
export async function snapshotOfFolder(root: string, signal?: AbortSignal): Promise<LoadedSnapshot> {
  const stats = await lstat(root).catch(() => null);
  if (stats === null) throw new SiteReadError(`The folder ${root} does not exist.`);
  const paths = (await listedByGit(root, signal)) ?? (await walk(root, IGNORED_FOLDERS));
  return readAll(root, paths, signal);
}

/**
 * Every regular file below a folder but for its `.git`, whatever git ignores: the tree of an attempt is read this way,
 * so that nothing which an engine wrote stays out of sight.
 */
export async function snapshotOfTree(root: string): Promise<LoadedSnapshot> {
  const paths = await walk(root, NOTHING_IGNORED);
  return readAll(
    root,
    paths.filter((path) => path !== '.git' && !path.startsWith('.git/')),
  );
}

/** Sources are many and small: read one after the other without a promise each, in a tenth of the time. */
async function readAll(root: string, paths: readonly string[], signal?: AbortSignal): Promise<LoadedSnapshot> {
  const snapshot = new Map<string, Uint8Array>();
  const skipped: SkippedPath[] = [];
  const linkedFolders = new Map<string, boolean>();
  for (const [position, path] of paths.entries()) {
    if (position % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate();
    signal?.throwIfAborted();
    const reason = readInto(root, path, snapshot, linkedFolders);
    if (reason === null) continue;
    skipped.push({ path, reason, target: reason === IS_LINK ? readlinkSync(join(root, path)) : null });
  }
  return { snapshot, skipped };
}

/** Null, or why the file is not in the snapshot. A file that is gone by now is left out without a word. */
function readInto(
  root: string,
  path: string,
  snapshot: Map<string, Uint8Array>,
  linkedFolders: Map<string, boolean>,
): string | null {
  if (leadsThroughLink(root, path, linkedFolders)) return 'it lies behind a symbolic link';
  const absolute = join(root, path);
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (stats.isSymbolicLink()) return IS_LINK;
  if (stats.isDirectory()) return 'it is a repository of its own';
  if (!stats.isFile()) return 'it is no regular file';
  snapshot.set(path, readFileSync(absolute));
  return null;
}

function leadsThroughLink(root: string, path: string, known: Map<string, boolean>): boolean {
  const parts = path.split('/').slice(0, -1);
  for (let count = 1; count <= parts.length; count++) {
    const folder = parts.slice(0, count).join('/');
    let linked = known.get(folder);
    if (linked === undefined) {
      linked = lstatSync(join(root, folder), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
      known.set(folder, linked);
    }
    if (linked) return true;
  }
  return false;
}

/** Null when the folder is not in a git working tree (or git is not there): then it is walked. */
async function listedByGit(root: string, signal: AbortSignal | undefined): Promise<string[] | null> {
  if (!(await isBelowRepository(resolve(root)))) return null;
  const options = signal === undefined ? {} : { signal };
  try {
    // One call for both: each name comes with a letter in front, `?` for a file that is not tracked.
    const listed = await runGitRaw(
      root,
      ['ls-files', '-z', '-t', '--cached', '--others', '--exclude-standard'],
      options,
    );
    if (listed.exitCode !== 0) return null;
    const names = new Set<string>();
    for (const entry of listed.stdout.toString('utf8').split('\0')) {
      const name = entry.slice(2);
      const isOwn = entry.startsWith('? ') && name.split('/')[0] === '.plantwright';
      // A nested repository is listed with a slash at its end.
      if (name !== '' && !name.endsWith('/') && !isOwn) names.add(name);
    }
    return [...names].sort(compareText);
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** True when the folder or one above it holds a `.git`: nowhere else has git anything to list. */
async function isBelowRepository(folder: string): Promise<boolean> {
  if ((await lstat(join(folder, '.git')).catch(() => null)) !== null) return true;
  const parent = dirname(folder);
  return parent !== folder && isBelowRepository(parent);
}

async function walk(root: string, ignored: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (ignored.has(entry.name)) continue;
      if (entry.isDirectory()) folders.push(path);
      else found.push(path);
    }
  }
  return found.sort(compareText);
}

/** The commit that a revision of the repository around a folder names. */
export async function resolveRevision(folder: string, revision: string): Promise<string> {
  if (revision.startsWith('-')) throw new SiteReadError(`"${revision}" is no revision.`);
  const found = await runGitRaw(folder, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]);
  const commit = found.stdout.toString('utf8').trim().split('\n').at(-1) ?? '';
  if (found.exitCode === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  const inside = await runGitRaw(folder, ['rev-parse', '--git-dir']);
  if (inside.exitCode !== 0)
    throw new SiteReadError(`${folder} is not in a git repository. Run "git init" there and commit the code.`);
  throw new SiteReadError(
    revision === 'HEAD'
      ? `The repository of ${folder} has no commit yet. Commit the code first.`
      : `The repository of ${folder} has no revision "${revision}".`,
  );
}

/**
 * The files of a site at a revision of its repository. The folder may lie below the root of the repository: then only
 * what is below it is read. Content comes byte for byte from the object store: no filter, no line end conversion.
 */
export async function snapshotOfRevision(
  folder: string,
  revision: string,
  signal?: AbortSignal,
): Promise<LoadedSnapshot> {
  const commit = await resolveRevision(folder, revision);
  const options = signal === undefined ? {} : { signal };
  const prefix = await gitText(folder, ['rev-parse', '--show-prefix']).catch(() => '');
  const tree = prefix === '' ? commit : `${commit}:${prefix.replace(/\/$/, '')}`;
  const listing = await runGitRaw(folder, ['ls-tree', '-r', '-z', '--full-tree', tree], options);
  if (listing.exitCode !== 0) return { snapshot: new Map(), skipped: [] };
  const entries = parseTree(listing.stdout.toString('utf8'));
  const files = entries.filter(({ mode }) => mode.startsWith('100'));
  const links = entries.filter(({ mode }) => mode === '120000');
  const contents = await readBlobs(
    folder,
    [...files, ...links].map(({ object }) => object),
    signal,
  );
  const skipped = entries.flatMap(({ path, mode, object }): SkippedPath[] => {
    if (mode === '120000')
      return [{ path, reason: IS_LINK, target: Buffer.from(contents.get(object) ?? []).toString('utf8') }];
    return mode === '160000' ? [{ path, reason: 'it is a submodule', target: null }] : [];
  });
  const snapshot = new Map<string, Uint8Array>();
  for (const { path, object } of files) {
    const content = contents.get(object);
    if (content === undefined)
      throw new SiteReadError(`The object ${object} of ${path} is missing in the repository of ${folder}.`);
    snapshot.set(path, content);
  }
  return { snapshot: new Map([...snapshot].sort(([a], [b]) => compareText(a, b))), skipped };
}

export interface TreeEntry {
  readonly mode: string;
  readonly object: string;
  readonly path: string;
}

/** Entries of `git ls-tree -r -z`. */
export function parseTree(listing: string): TreeEntry[] {
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , object = ''] = line.slice(0, tab).split(' ');
      return { mode, object, path: line.slice(tab + 1) };
    });
}

/** Contents of blobs by object name, read by one `git cat-file --batch`. */
async function readBlobs(
  folder: string,
  objects: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Uint8Array>> {
  const wanted = [...new Set(objects)];
  const contents = new Map<string, Uint8Array>();
  if (wanted.length === 0) return contents;
  const options = { input: `${wanted.join('\n')}\n`, ...(signal === undefined ? {} : { signal }) };
  const output = await runGit(folder, ['cat-file', '--batch'], options);
  let offset = 0;
  for (const object of wanted) {
    const end = output.indexOf(10, offset);
    if (end < 0) break;
    const header = output.toString('utf8', offset, end);
    offset = end + 1;
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(header)?.[1];
    if (size === undefined) continue;
    contents.set(object, output.subarray(offset, offset + Number(size)));
    offset += Number(size) + 1;
  }
  return contents;
}
