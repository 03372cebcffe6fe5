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
