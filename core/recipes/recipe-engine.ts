import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { writeDurably } from '../base/durable-file.js';
import type { EngineCost, EngineInput, EngineOutcome, MigrationEngine } from '../verify/engine.js';
import type { Recipe } from './recipe.js';

const NO_COST: EngineCost = { inputTokens: 0, outputTokens: 0, turns: 0, usd: 0 };

/** Lets a recipe perform migrations behind the interface that it shares with the agent. */
export function recipeEngine(recipe: Recipe): MigrationEngine {
  return {
    identity: { kind: 'recipe', name: recipe.name, version: recipe.version },
    run: (input) => runRecipe(recipe, input),
  };
}

async function runRecipe(recipe: Recipe, input: EngineInput): Promise<EngineOutcome> {
  const { site, migration, signal, progress, journal } = input;
  signal.throwIfAborted();
  progress(0, `recipe ${recipe.name} ${recipe.version}`);
  const outcome = recipe.apply(site, migration);
  journal({ event: 'recipe', recipe: recipe.name, version: recipe.version, outcome: outcome.kind });
  switch (outcome.kind) {
    case 'not-needed':
      return { kind: 'not-needed', reason: outcome.reason, cost: NO_COST };
    case 'needs-engineer':
      return { kind: 'needs-engineer', reasons: outcome.reasons, cost: NO_COST };
    case 'failed':
      return { kind: 'failed', reason: outcome.reason, cost: NO_COST };
    case 'changed':
      break;
  }
  const targets: { readonly file: string; readonly bytes: Uint8Array }[] = [];
  for (const [relative, bytes] of outcome.files) {
    const target = await confinedTarget(input, relative, bytes);
    if (target.kind === 'refused') return { kind: 'failed', reason: target.reason, cost: NO_COST };
    targets.push({ file: target.file, bytes });
  }
  let written = 0;
  for (const { file, bytes } of targets) {
    signal.throwIfAborted();
    writeDurably(file, bytes);
    written += 1;
    progress(written / targets.length, path.relative(input.worktree, file));
  }
  journal({ event: 'written', files: [...outcome.files.keys()] });
  return { kind: 'changed', summary: outcome.summary, cost: NO_COST };
}

type Target = { readonly kind: 'file'; readonly file: string } | { readonly kind: 'refused'; readonly reason: string };

/** Where a file goes, if that is inside the worktree and the worktree still is what the recipe has read. */
async function confinedTarget(input: EngineInput, relative: string, bytes: Uint8Array): Promise<Target> {
  const root = await realpath(input.worktree);
  const file = path.resolve(root, relative);
  const folder = await nearestRealFolder(path.dirname(file));
  if (folder !== root && !folder.startsWith(root + path.sep)) {
    return { kind: 'refused', reason: `${relative} leads out of the worktree. Nothing was written.` };
  }
  const known = input.site.snapshot.get(relative);
  const present = await bytesOf(file);
  const isAsRead = known === undefined ? present === null : present !== null && Buffer.compare(present, known) === 0;
  const isDone = present !== null && Buffer.compare(present, bytes) === 0;
  if (isAsRead || isDone) return { kind: 'file', file };
  return {
    kind: 'refused',
    reason: `${relative} in the worktree is not what the base commit has. Nothing was written; start the attempt again.`,
  };
}

async function nearestRealFolder(folder: string): Promise<string> {
  for (let current = folder; ; current = path.dirname(current)) {
    try {
      return await realpath(current);
    } catch (error) {
      if (!isMissing(error) || path.dirname(current) === current) throw error;
    }
  }
}

async function bytesOf(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
