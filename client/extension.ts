import * as vscode from 'vscode';
import { registerCommand, showError } from './base/commands.js';
import { Log } from './base/log.js';
import { LanguageServer } from './language/language-server.js';

/** Starts the language server and, in a trusted workspace with a fleet, everything around runs and reviews. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = new Log();
  context.subscriptions.push(log);
  const server = new LanguageServer(context, log);
  context.subscriptions.push(
    server,
    registerCommand('showLog', log, async () => log.show()),
    registerCommand('restartServer', log, async () => server.restart()),
  );
  server.start().catch((error: unknown) => {
    log.error('The language server did not start', error);
    showError(error);
  });
  whenTrusted(context, async () => {
    // A file of its own: a window in which somebody only edits code does not load the engine.
    const { FleetFeatures } = await import('./fleet-features.js');
    const features = new FleetFeatures(context, log);
    context.subscriptions.push(features);
    await features.start();
  });
}

/** Runs and reviews call git on the repositories of the workspace: only after a person has said that they trust it. */
function whenTrusted(context: vscode.ExtensionContext, begin: () => Promise<void>): void {
  const start = (): void => {
    begin().catch(showError);
  };
  if (vscode.workspace.isTrusted) start();
  else context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(start));
}
