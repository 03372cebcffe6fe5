import type * as vscode from 'vscode';
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
}
