import * as vscode from 'vscode';
import { registerCommand, showError } from './base/commands.js';
import { Log } from './base/log.js';
import { SimulatorDebugger } from './debug/simulator-debugger.js';
import { CodePages } from './language/code-pages.js';
import { LanguageServer } from './language/language-server.js';
import { SimulatorFeatures } from './testing/simulator-features.js';

/** Starts the language server and, in a trusted workspace with a fleet, everything around runs and reviews. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = new Log();
  context.subscriptions.push(log);
  const server = new LanguageServer(context, log);
  context.subscriptions.push(
    server,
    new CodePages(context.extensionUri),
    registerCommand('showLog', log, async () => log.show()),
    registerCommand('restartServer', log, async () => server.restart()),
  );
  server.start().catch((error: unknown) => {
    log.error('The language server did not start', error);
    showError(error);
  });
  // Runs, reviews and simulations call git on the repositories of the workspace: only after a person has said that they
  // trust it.
  if (vscode.workspace.isTrusted) await startTrusted(context, log);
  else {
    const start = (): void => {
      startTrusted(context, log).catch(showError);
      // It offers to run code only in a trusted workspace.
      server.restart().catch(showError);
    };
    context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(start));
  }
}

async function startTrusted(context: vscode.ExtensionContext, log: Log): Promise<void> {
  const simulator = new SimulatorFeatures(context, log);
  context.subscriptions.push(simulator, new SimulatorDebugger(context, log));
  simulator.start().catch(showError);
  await startFleetFeatures(context, log);
}

/** Registers the commands of the fleet; its files are read afterwards. The engine is a file of its own beside this one. */
async function startFleetFeatures(context: vscode.ExtensionContext, log: Log): Promise<void> {
  const { FleetFeatures } = await import('./fleet-features.js');
  const features = new FleetFeatures(context, log);
  context.subscriptions.push(features);
  features.start().catch(showError);
}
