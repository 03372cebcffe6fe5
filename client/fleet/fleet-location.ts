import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { readSettings } from '../base/settings.js';

const EXCLUDED = '**/{node_modules,.git,.plantwright}/**';

/** The fleet.yaml of the workspace: the one of the settings, else the one nearest to the root. Null: there is none. */
export async function findFleetFile(): Promise<string | null> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const configured = readSettings(folder?.uri ?? null).fleetFile;
  if (configured !== '') {
    return isAbsolute(configured) || folder === undefined ? configured : join(folder.uri.fsPath, configured);
  }
  const found = await vscode.workspace.findFiles('**/fleet.yaml', EXCLUDED, 20);
  const paths = found.map(({ fsPath }) => fsPath);
  return paths.sort((a, b) => a.split(/[\\/]/).length - b.split(/[\\/]/).length || (a < b ? -1 : 1))[0] ?? null;
}
