/** Runs the built command line as a user does: a process of its own, its exit code and what it printed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line in a folder. The environment holds no key and no colour. */
export function startPlantwright(cwd: string, words: readonly string[]): ChildProcess {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is not built; run "npm run build" first');
  return spawn(process.execPath, [CLI, ...words], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1' },
  });
}

/** Runs the command line to its end. */
export function plantwright(cwd: string, words: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = startPlantwright(cwd, words);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** The one JSON document that a command printed. */
export function jsonOf<Document>(result: CommandResult): Document {
  try {
    return JSON.parse(result.stdout) as Document;
  } catch {
    throw new Error(`not one JSON document (exit code ${result.code}):\n${result.stdout}\n${result.stderr}`);
  }
}
