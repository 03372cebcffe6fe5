import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';
import { changeOf } from './workspace.js';

/** Its guard monitor delays what was at once before: the proof says so, with the inputs that show it. */
const REVIEWED = 'plant-02-robot-cell';

export const counterexampleTests: readonly E2eTest[] = [
  {
    name: 'simulator: the case of a finding runs on both versions of the code',
    run: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('plantwright.reviewChange', { change: await changeOf(REVIEWED) });
      await appWindow.waitFor('.review-widget');
      await vscode.commands.executeCommand('workbench.action.focusCommentsPanel');
      await appWindow.click('.comments-panel .monaco-list-row:has-text("after a cold start")');
      await appWindow.click('.review-widget a:has-text("Show it in a trace")');
      const [comparison] = await eventually('the comparison of both versions', async () => {
        const texts = await appWindow.frameTexts('.comparison');
        return texts.length > 0 ? texts : null;
      });
      assert.match(comparison ?? '', /differs? from before the change/);
      await appWindow.screenshot('trace-of-finding');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('workbench.action.closePanel');
    },
  },
];
