import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';

export const activationTests: readonly E2eTest[] = [
  {
    name: 'the extension activates in a folder with a fleet',
    run: async () => {
      const extension = vscode.extensions.getExtension('plantwright.plantwright');
      assert.ok(extension, 'the extension is installed');
      await extension.activate();
      await vscode.workspace
        .getConfiguration('workbench')
        .update('colorTheme', 'Default Light Modern', vscode.ConfigurationTarget.Global);
      await eventually('the commands of the fleet', async () =>
        (await vscode.commands.getCommands(true)).includes('plantwright.startMigration') ? true : null,
      );
      // The web saves after a moment by default, the desktop does not: the tests run the same way on both.
      await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
      await vscode.commands.executeCommand('plantwright.fleet.focus');
      await appWindow.waitFor('.pane-body [aria-label*="plant-03" i]');
      await appWindow.screenshot('fleet-tree');
    },
  },
];
