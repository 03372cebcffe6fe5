/**
 * The repository of a site. Its own checkout is never touched while a migration runs: commits are read from and written
 * to the object store, and the work happens in a worktree elsewhere. Files are written there byte for byte by us, not
 * by git, so no filter, line end conversion or hook takes part.
 */

import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../base/durable-file.js';
import { compareText } from '../base/finding.js';
import { GitError, gitText, runGit, runGitRaw, withoutFilters } from '../base/git-program.js';
import { parseTree, type TreeEntry } from '../site/load-snapshot.js';
import { changedFiles, type SiteSnapshot } from '../site/snapshot.js';

export interface Repository {
  /** Absolute path of the working tree's root. */
  readonly root: string;
  /** Absolute path of the common git folder. */
  readonly gitFolder: string;
  /** Commit of HEAD. */
  readonly head: string;
  /** Branch that HEAD is on; null when it is detached. */
  readonly branch: string | null;
}

/** A site's repository can't be used as it is. The message says what to do. */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
}

/** Opens the repository of a site, or throws a `RepositoryError` that says what is wrong with it. */
export async function openRepository(root: string): Promise<Repository> {
  const stats = existsSync(root) ? lstatSync(realpathSync(root)) : null;
  if (stats === null)
    throw new RepositoryError(
      `The folder ${root} does not exist. Mend "repo_path" in fleet.yaml or clone the site's repository there.`,
    );
  if (!stats.isDirectory())
    throw new RepositoryError(`${root} is a file. "repo_path" must name the folder of a git repository.`);
  const top = await runGitRaw(root, ['rev-parse', '--show-toplevel']);
  if (top.exitCode !== 0) {
    if (/dubious ownership/.test(top.stderr))
      throw new RepositoryError(
        `The repository ${root} belongs to another user, so git refuses to work in it. Change its owner to the user who runs Plantwright.`,
      );
    throw new RepositoryError(
      `${root} is no git repository. Run "git init" there and commit the site's code, or mend "repo_path" in fleet.yaml.`,
    );
  }
  const toplevel = top.stdout.toString('utf8').trim();
  if (realpathSync(toplevel) !== realpathSync(root)) {
    throw new RepositoryError(
      `${root} is no git repository of its own: it belongs to the repository ${toplevel}. A site is a repository of its own.`,
    );
  }
  const gitFolder = resolve(root, await gitText(root, ['rev-parse', '--git-common-dir']));
  const head = await runGitRaw(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.exitCode !== 0)
    throw new RepositoryError(`The repository ${root} has no commit yet. Commit the site's code first.`);
  const branch = await runGitRaw(root, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return {
    root: realpathSync(root),
    gitFolder,
    head: head.stdout.toString('utf8').trim(),
    branch: branch.exitCode === 0 ? branch.stdout.toString('utf8').trim() : null,
  };
}

/** Files of the site's checkout that differ from HEAD or are not tracked, sorted; ignored files and our own not counted. */
export async function dirtyFiles(repository: Repository): Promise<string[]> {
  const settings = await withoutFilters(repository.root);
  const args = ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignore-submodules=all', '--no-renames'];
  const listed = (await runGit(repository.root, args, { settings })).toString('utf8');
  return listed
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(3))
    .filter((path) => path.split('/')[0] !== '.plantwright')
    .sort(compareText);
}

/** All files of a commit with mode and object. */
async function treeOf(repository: Repository, commit: string): Promise<TreeEntry[]> {
  return parseTree((await runGit(repository.root, ['ls-tree', '-r', '-z', '--full-tree', commit])).toString('utf8'));
}

/** Why a path must not be written to a disk; null when it may. A hostile tree can hold any bytes as names. */
function pathProblem(path: string): string | null {
  const parts = path.split('/');
  if (path === '' || path.startsWith('/') || path.includes('\0') || path.includes('\\'))
    return 'it is no relative path with forward slashes';
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'it leads out of the repository';
  if (parts.some((part) => /^\.git[\s.]*$|^git~\d$/i.test(part) || part.includes(':')))
    return "it reaches into git's own files";
  return null;
}

/**
 * Makes a worktree at a path outside of the repository, detached at a commit, and fills it with the files of a
 * snapshot of that commit. Links and submodules are left out. What stood at the path before is removed.
 */
export async function createWorktree(
  repository: Repository,
  path: string,
  commit: string,
  content: SiteSnapshot,
): Promise<void> {
  for (const name of content.keys()) {
    const problem = pathProblem(name);
    if (problem !== null)
      throw new RepositoryError(
        `The repository ${repository.root} holds the path "${name}", which can't be used: ${problem}.`,
      );
  }
  removeWorktree(repository, path);
  makeFolder(dirname(path));
  await runGit(repository.root, ['worktree', 'add', '--quiet', '--no-checkout', '--detach', path, commit]);
  await runGit(path, ['read-tree', commit]);
  const modes = new Map((await treeOf(repository, commit)).map((entry) => [entry.path, entry.mode]));
  for (const [name, bytes] of content) {
    const target = join(path, ...name.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes, { flag: 'wx', mode: modes.get(name) === '100755' ? 0o755 : 0o644 });
  }
}

/** Removes a worktree and git's note of it. Does not mind when either is gone already; other worktrees stay. */
export function removeWorktree(repository: Repository, path: string): void {
  rmSync(path, { recursive: true, force: true });
  const notes = join(repository.gitFolder, 'worktrees');
  if (!existsSync(notes)) return;
  for (const name of readdirSync(notes)) {
    const note = join(notes, name, 'gitdir');
    if (!existsSync(note)) continue;
    const written = resolve(join(notes, name), readFileSync(note, 'utf8').trim());
    if (samePath(dirname(written), path)) rmSync(join(notes, name), { recursive: true, force: true });
  }
}

function samePath(a: string, b: string): boolean {
  const real = (path: string): string => {
    try {
      return join(realpathSync(dirname(path)), path.slice(dirname(path).length + 1));
    } catch {
      return resolve(path);
    }
  };
  return real(a) === real(b);
}

export interface CommitText {
  readonly message: string;
  /** Author and committer date: given, so that a resumed attempt makes the same commit. */
  readonly date: Date;
}

const IDENTITY = { name: 'Plantwright', email: 'plantwright@localhost.invalid' } as const;

/**
 * Writes the commit that turns the files of `base` into those of `after`, and returns its name. No reference points to
 * it yet. Files that do not differ, links and submodules stay as they are in `base`, modes too.
 */
export async function writeCommit(
  repository: Repository,
  base: string,
  before: SiteSnapshot,
  after: SiteSnapshot,
  text: CommitText,
  indexFile: string,
): Promise<string> {
  const modes = new Map((await treeOf(repository, base)).map((entry) => [entry.path, entry.mode]));
  const lines: string[] = [];
  for (const { path, status } of changedFiles(before, after)) {
    const problem = pathProblem(path);
    if (problem !== null)
      throw new RepositoryError(`The change writes the path "${path}", which is not allowed: ${problem}.`);
    const bytes = after.get(path);
    if (status === 'deleted' || bytes === undefined) lines.push(`0 ${'0'.repeat(base.length)}\t${path}\0`);
    else lines.push(`${modes.get(path) ?? '100644'} ${await writeBlob(repository, bytes)}\t${path}\0`);
  }
  rmSync(indexFile, { force: true });
  makeFolder(dirname(indexFile));
  try {
    const variables = { GIT_INDEX_FILE: indexFile } as const;
    await runGit(repository.root, ['read-tree', base], { variables });
    await runGit(repository.root, ['update-index', '-z', '--index-info'], { variables, input: lines.join('') });
    const tree = await gitText(repository.root, ['write-tree'], { variables });
    return await commitTree(repository, tree, base, text);
  } finally {
    rmSync(indexFile, { force: true });
    rmSync(`${indexFile}.lock`, { force: true });
  }
}

async function writeBlob(repository: Repository, bytes: Uint8Array): Promise<string> {
  return gitText(repository.root, ['hash-object', '-w', '--no-filters', '--stdin'], { input: bytes });
}

function commitTree(repository: Repository, tree: string, parent: string, text: CommitText): Promise<string> {
  const date = `${Math.floor(text.date.getTime() / 1000)} +0000`;
  const variables = {
    GIT_AUTHOR_NAME: IDENTITY.name,
    GIT_AUTHOR_EMAIL: IDENTITY.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: IDENTITY.name,
    GIT_COMMITTER_EMAIL: IDENTITY.email,
    GIT_COMMITTER_DATE: date,
  } as const;
  return gitText(repository.root, ['commit-tree', tree, '-p', parent, '-F', '-'], { variables, input: text.message });
}

/** Whether a commit is in the repository. */
export async function hasCommit(repository: Repository, commit: string): Promise<boolean> {
  return (await runGitRaw(repository.root, ['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
}

/** The commit of a branch, or null. */
export async function branchTip(repository: Repository, branch: string): Promise<string | null> {
  const found = await runGitRaw(repository.root, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`]);
  return found.exitCode === 0 ? found.stdout.toString('utf8').trim() : null;
}

/** Makes a branch at a commit. Fine when it is there already; an error when it is somewhere else. */
export async function createBranch(repository: Repository, branch: string, commit: string): Promise<void> {
  const tip = await branchTip(repository, branch);
  if (tip === commit) return;
  if (tip !== null)
    throw new RepositoryError(
      `The branch ${branch} of ${repository.root} is at ${tip.slice(0, 12)}, not at the commit of this change. Somebody else moved it; rename or delete it.`,
    );
  await runGit(repository.root, ['update-ref', `refs/heads/${branch}`, commit, '0'.repeat(commit.length)]);
}

/**
 * The difference of two commits as a patch that git applies. Text is shown as text whatever the attributes in the
 * repository say (they could hide a change from a reviewer); files with NUL bytes are encoded.
 */
export async function patchOf(
  repository: Repository,
  base: string,
  head: string,
  before: SiteSnapshot,
  after: SiteSnapshot,
): Promise<string> {
  const isBinary = (path: string): boolean =>
    [before.get(path), after.get(path)].some((bytes) => bytes !== undefined && Buffer.from(bytes).includes(0));
  const paths = changedFiles(before, after).map(({ path }) => path);
  const print = async (mode: '--text' | '--binary', selected: readonly string[]): Promise<string> => {
    if (selected.length === 0) return '';
    const args = [
      'diff-tree',
      '-r',
      '-p',
      mode,
      '--full-index',
      '--no-renames',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--unified=3',
      '--diff-algorithm=histogram',
      '--src-prefix=a/',
      '--dst-prefix=b/',
      base,
      head,
      '--',
      ...selected,
    ];
    return (await runGit(repository.root, args, { variables: { GIT_LITERAL_PATHSPECS: '1' } })).toString('utf8');
  };
  return `${await print(
    '--text',
    paths.filter((path) => !isBinary(path)),
  )}${await print('--binary', paths.filter(isBinary))}`;
}

/** Whether a thrown value says that git or a repository can't be used; such errors are shown to people as they are. */
export function isRepositoryProblem(error: unknown): error is Error {
  return error instanceof RepositoryError || error instanceof GitError;
}
