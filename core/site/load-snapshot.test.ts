import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { snapshotOfFolder, snapshotOfRevision, snapshotOfTree } from './load-snapshot.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'plantwright-snapshot-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function git(root: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], { cwd: root, stdio: 'pipe' });
}

function repositoryOf(files: Readonly<Record<string, string>>): string {
  const root = folderOf(files);
  git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'first');
  return root;
}

const names = (snapshot: ReadonlyMap<string, Uint8Array>): string[] => [...snapshot.keys()];

describe('the content of a site', () => {
  it('is read from a folder that is no repository', async () => {
    const root = folderOf({ 'src/A.st': 'a', 'plantwright.yaml': 'b', 'node_modules/x/y.st': 'c' });
    expect(names((await snapshotOfFolder(root)).snapshot)).toEqual(['plantwright.yaml', 'src/A.st']);
  });

  it('takes tracked and untracked files of a working tree, not ignored ones', async () => {
    const root = repositoryOf({ 'A.st': 'a', '.gitignore': 'build/\n' });
    writeFileSync(join(root, 'B.st'), 'new');
    mkdirSync(join(root, 'build'));
    writeFileSync(join(root, 'build/C.st'), 'ignored');
    rmSync(join(root, 'A.st'));
    expect(names((await snapshotOfFolder(root)).snapshot)).toEqual(['.gitignore', 'B.st']);
    expect(names((await snapshotOfTree(root)).snapshot)).toEqual(['.gitignore', 'B.st', 'build/C.st']);
  });

  it('never follows a link out of the folder', async () => {
    const outside = folderOf({ 'secret.st': 'secret' });
    const root = folderOf({ 'A.st': 'a' });
    symlinkSync(join(outside, 'secret.st'), join(root, 'link.st'));
    symlinkSync(outside, join(root, 'folder'));
    for (const load of [snapshotOfFolder, snapshotOfTree]) {
      const { snapshot, skipped } = await load(root);
      expect(names(snapshot)).toEqual(['A.st']);
      expect(skipped.map(({ path }) => path)).toEqual(['folder', 'link.st']);
    }
  });

  it('comes byte for byte from a commit, and from a folder below the root of the repository', async () => {
    const root = repositoryOf({
      'plants/a/M.st': 'x := 1;\r\n',
      'plants/b/M.st': 'y',
      '.gitattributes': '* text=auto\n',
    });
    writeFileSync(join(root, 'plants/a/M.st'), 'changed');
    const { snapshot } = await snapshotOfRevision(join(root, 'plants/a'), 'HEAD');
    expect(names(snapshot)).toEqual(['M.st']);
    expect((await snapshotOfRevision(root, 'main')).snapshot.size).toBe(3);
  });

  it('says what is wrong with the repository or the revision', async () => {
    await expect(snapshotOfRevision(folderOf({ a: '' }), 'HEAD')).rejects.toThrow('not in a git repository');
    await expect(snapshotOfRevision(repositoryOf({ a: '' }), 'v9')).rejects.toThrow('no revision "v9"');
    await expect(snapshotOfRevision(repositoryOf({ a: '' }), '--output=x')).rejects.toThrow('no revision');
    const empty = folderOf({});
    git(empty, 'init', '-q');
    await expect(snapshotOfRevision(empty, 'HEAD')).rejects.toThrow('no commit yet');
    await expect(snapshotOfFolder('/nowhere/at/all')).rejects.toThrow('does not exist');
  });

  it('runs nothing that a hostile repository configures', async () => {
    const root = repositoryOf({ 'A.st': 'a', '.gitattributes': '*.st filter=evil diff=evil\n' });
    const marker = join(root, '..', `${root.split('/').at(-1)}-ran`);
    const run = `touch ${marker}; cat`;
    for (const [key, value] of [
      ['core.fsmonitor', run],
      ['filter.evil.smudge', run],
      ['filter.evil.clean', run],
      ['diff.evil.textconv', run],
      ['diff.external', run],
      ['core.pager', run],
    ] as const) {
      git(root, 'config', key, value);
    }
    writeFileSync(join(root, 'A.st'), 'b');
    await snapshotOfFolder(root);
    await snapshotOfRevision(root, 'HEAD');
    expect(() => rmSync(marker)).toThrow();
  });
});
