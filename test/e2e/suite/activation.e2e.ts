import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { E2eTest } from './registry.js';
import { appWindow } from './window.js';

export const activationTests: readonly E2eTest[] = [
  {
    name: 'the extension activates in a folder with a fleet',
    run: async () => {
      const extension = vscode.extensions.getExtension('plantwright.plantwright');
      assert.ok(extension, 'the extension is installed');
      await extension.activate();
      const commands = await vscode.commands.getCommands(true);
      assert.ok(commands.includes('plantwright.startMigration'));
      await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
      await vscode.commands.executeCommand('plantwright.fleet.focus');
      await appWindow.waitFor('.pane-body [aria-label*="plant-03" i]');
      await appWindow.screenshot('fleet-tree');
    },
  },
];
