import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { siteOf } from '../safety/testing/site-of.js';
import type { EngineInput } from '../verify/engine.js';
import type { Recipe, RecipeOutcome } from './recipe.js';
import { recipeEngine } from './recipe-engine.js';
import { migrationOf } from './testing/migration-of.js';

const FILES = { 'plantwright.yaml': 'site: s\ndialect: iec\n', 'src/a.st': 'PROGRAM A\nEND_PROGRAM\n' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'recipe-engine-'));
  mkdirSync(path.join(folder, 'site/src'), { recursive: true });
  for (const [file, text] of Object.entries(FILES)) writeFileSync(path.join(folder, 'site', file), text);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function recipeThat(outcome: RecipeOutcome): Recipe {
  return { name: 'test', version: '1.2.3', description: 'for tests', apply: () => outcome };
}

function writes(files: Readonly<Record<string, string>>): Recipe {
  const content = Object.entries(files).map(([file, text]) => [file, Buffer.from(text)] as const);
  return recipeThat({ kind: 'changed', files: new Map(content), summary: 'done' });
}

function input(parts: Partial<EngineInput> = {}): EngineInput {
  return {
    migration: migrationOf(),
    site: siteOf(FILES),
    worktree: path.join(folder, 'site'),
    verify: () => Promise.reject(new Error('a recipe does not verify')),
    signal: new AbortController().signal,
    progress: () => undefined,
    journal: () => undefined,
    ...parts,
  };
}

describe('a recipe as an engine', () => {
  it('writes the new bytes into the worktree and names itself', async () => {
    const engine = recipeEngine(writes({ 'src/a.st': 'PROGRAM B\r\nEND_PROGRAM\r\n', 'src/new/b.st': '// new\n' }));
    expect(engine.identity).toEqual({ kind: 'recipe', name: 'test', version: '1.2.3' });
    const outcome = await engine.run(input());
    expect(outcome).toMatchObject({ kind: 'changed', summary: 'done', cost: { usd: 0, turns: 0 } });
    expect(readFileSync(path.join(folder, 'site/src/a.st'), 'latin1')).toBe('PROGRAM B\r\nEND_PROGRAM\r\n');
    expect(readFileSync(path.join(folder, 'site/src/new/b.st'), 'latin1')).toBe('// new\n');
  });

  it('ends the same way when it is run again after a kill', async () => {
    const engine = recipeEngine(writes({ 'src/a.st': '// changed\n' }));
    await engine.run(input());
    expect(await engine.run(input())).toMatchObject({ kind: 'changed' });
    expect(readFileSync(path.join(folder, 'site/src/a.st'), 'utf8')).toBe('// changed\n');
  });

  it.each([
    ['a path above the worktree', '../outside.st'],
    ['an absolute path', '/tmp/outside.st'],
  ])('refuses %s and writes nothing', async (_, file) => {
    const outcome = await recipeEngine(writes({ 'src/a.st': '// changed\n', [file]: 'x' })).run(input());
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('out of the worktree') });
    expect(readFileSync(path.join(folder, 'site/src/a.st'), 'utf8')).toBe(FILES['src/a.st']);
  });

  it('does not follow a link out of the worktree', async () => {
    mkdirSync(path.join(folder, 'elsewhere'));
    symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, 'site/link'));
    const outcome = await recipeEngine(writes({ 'link/x.st': 'x' })).run(input());
    expect(outcome).toMatchObject({ kind: 'failed' });
  });

  it('does not overwrite a worktree that is not what it has read', async () => {
    writeFileSync(path.join(folder, 'site/src/a.st'), '// somebody was faster\n');
    const outcome = await recipeEngine(writes({ 'src/a.st': '// changed\n' })).run(input());
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('base commit') });
    expect(readFileSync(path.join(folder, 'site/src/a.st'), 'utf8')).toBe('// somebody was faster\n');
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort(new Error('cancelled'));
    await expect(recipeEngine(writes({})).run(input({ signal: controller.signal }))).rejects.toThrow('cancelled');
  });
});
