import * as vscode from 'vscode';
import type { Log } from './log.js';

/**
 * Registers a command. An error ends in the log and in one message with a way to the log; it never goes by unseen.
 * The value that the handler returns goes to callers of `executeCommand`.
 */
export function registerCommand(
  name: string,
  log: Log,
  handler: (argument: unknown) => Promise<unknown>,
): vscode.Disposable {
  return vscode.commands.registerCommand(`plantwright.${name}`, async (argument: unknown) => {
    try {
      return await handler(argument);
    } catch (error) {
      log.error(`Command ${name}`, error);
      showError(error);
      return undefined;
    }
  });
}

/** Shows an error without waiting for its buttons: a command ends when its work ends. */
export function showError(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  void vscode.window.showErrorMessage(`Plantwright: ${text}`, 'Show Log').then((choice) => {
    if (choice !== undefined) void vscode.commands.executeCommand('plantwright.showLog');
  });
}
