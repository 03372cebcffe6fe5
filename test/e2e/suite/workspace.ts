import { readdir, readFile } from 'node:fs/promises';
import * as vscode from 'vscode';

/** The fleet folder that the window has open. */
export function fleetFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no folder is open');
  return folder.uri;
}

export function siteFile(site: string, path: string): vscode.Uri {
  return vscode.Uri.joinPath(fleetFolder(), 'sites', site, path);
}

/** What `run.json` of the newest run says. Null: there is no run yet. */
export async function newestRun(): Promise<RunRecord | null> {
  const runs = vscode.Uri.joinPath(fleetFolder(), '.plantwright', 'runs');
  const names = await readdir(runs.fsPath).catch(() => []);
  const newest = names.sort().at(-1);
  if (newest === undefined) return null;
  const text = await readFile(vscode.Uri.joinPath(runs, newest, 'run.json').fsPath, 'utf8').catch(() => null);
  if (text === null) return null;
  const record: RunRecord = JSON.parse(text);
  return record;
}

/** The part of `run.json` that the tests look at. */
export interface RunRecord {
  readonly id: string;
  readonly state: string;
  readonly dryRun: boolean;
  readonly startedBy: string;
  readonly attempts: readonly { readonly site: string; readonly state: string; readonly car: string | null }[];
}

/** The change request of a site in the newest run. */
export async function changeOf(site: string): Promise<string> {
  const run = await newestRun();
  const car = run?.attempts.find((attempt) => attempt.site === site)?.car ?? null;
  if (car === null) throw new Error(`${site} has no change request`);
  return car;
}
